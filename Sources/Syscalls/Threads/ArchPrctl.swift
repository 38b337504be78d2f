import LinuxABI
import Machine
import Tasks

extension SyscallContext {
    /// arch_prctl(2). %gs is the guest's to have: a thread that claims it enters the kernel by the slow path.
    func sysArchPrctl() throws(Errno) -> Int {
        switch i0 {
        case ARCH_SET_FS:
            guard a1 < Host.userEnd else { throw .EPERM }
            Host.fsBase = a1
        case ARCH_GET_FS: try UserMemory.store(UInt64(Host.fsBase), at: a1)
        case ARCH_SET_GS:
            guard a1 < Host.userEnd else { throw .EPERM }
            Host.gsBase = a1
        case ARCH_GET_GS: try UserMemory.store(UInt64(Host.gsBase), at: a1)
        // As on a processor that cannot make the instruction trap.
        case ARCH_GET_CPUID: return 1
        case ARCH_SET_CPUID: throw .ENODEV
        default: throw .EINVAL
        }
        return 0
    }
}
