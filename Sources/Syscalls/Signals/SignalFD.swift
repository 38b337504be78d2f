import KernelBase
import LinuxABI
import Machine
import Tasks
import VFS

extension SyscallContext {
    /// signalfd(2)
    func sysSignalfd() throws(Errno) -> Int { try makeSignalFile(flags: 0) }

    /// signalfd4(2)
    func sysSignalfd4() throws(Errno) -> Int { try makeSignalFile(flags: u3) }

    private func makeSignalFile(flags: UInt32) throws(Errno) -> Int {
        guard a2 == 8 else { throw .EINVAL }
        let mask = SignalSet(bits: try UserMemory.load(UInt64.self, at: a1))
        guard flags & ~(SFD_CLOEXEC | SFD_NONBLOCK) == 0 else { throw .EINVAL }
        if i0 == -1 {
            let file = SignalFile(mask: mask, flags: flags)
            return Int(try files.install(file, limit: descriptorLimit, closeOnExec: flags & SFD_CLOEXEC != 0))
        }
        guard let file = try files.get(i0) as? SignalFile else { throw .EINVAL }
        file.setMask(mask, task)
        return Int(i0)
    }
}
