import KernelBase
import LinuxABI
import Machine
import Memory
import Tasks

extension SyscallContext {
    /// prctl(2). An option that is not here is `EINVAL`, as in a kernel that was built without it.
    func sysPrctl() throws(Errno) -> Int {
        switch i0 {
        // --- the task ---
        case PR_SET_NAME:
            task.name = try taskName(at: a1)
        case PR_GET_NAME:
            var bytes = task.name
            while bytes.count < TASK_COMM_LEN { bytes.append(0) }
            try UserMemory.copyOut(bytes.span, to: a1)
        case PR_SET_PDEATHSIG:
            guard a1 <= UInt(NSIG) else { throw .EINVAL }
            task.parentDeathSignal = i1
        case PR_GET_PDEATHSIG: try UserMemory.store(task.parentDeathSignal, at: a1)
        case PR_SET_TIMERSLACK: task.timerSlack = Int(bitPattern: a1) <= 0 ? task.defaultTimerSlack : UInt64(a1)
        case PR_GET_TIMERSLACK: return Int(clamping: task.timerSlack)
        case PR_GET_TID_ADDRESS: try UserMemory.store(task.clearChildTID, at: a1)

        // --- the process ---
        case PR_GET_DUMPABLE: return Int(process.dumpable)
        case PR_SET_DUMPABLE:
            guard a1 <= 1 else { throw .EINVAL }
            process.dumpable = u1
        case PR_SET_CHILD_SUBREAPER: process.setSubreaper(a1 != 0)
        case PR_GET_CHILD_SUBREAPER: try UserMemory.store(Int32(process.isSubreaper ? 1 : 0), at: a1)
        case PR_SET_THP_DISABLE:
            guard a2 == 0, a3 == 0, a4 == 0 else { throw .EINVAL }
            process.hugePagesDisabled = a1 != 0
        case PR_GET_THP_DISABLE:
            guard a1 == 0, a2 == 0, a3 == 0, a4 == 0 else { throw .EINVAL }
            return process.hugePagesDisabled ? 1 : 0
        case PR_GET_AUXV: return try copyAuxiliaryVector()
        // For checkpoint and restore; the address space is described by mmap(2) and brk(2) alone.
        case PR_SET_MM: throw .EPERM

        // --- privileges ---
        case PR_GET_KEEPCAPS, PR_SET_KEEPCAPS, PR_GET_SECUREBITS, PR_SET_SECUREBITS, PR_CAPBSET_READ, PR_CAPBSET_DROP, PR_CAP_AMBIENT:
            return try capabilityControl()
        case PR_SET_NO_NEW_PRIVS:
            guard a1 == 1, a2 == 0, a3 == 0, a4 == 0 else { throw .EINVAL }
            task.noNewPrivileges = true
        case PR_GET_NO_NEW_PRIVS:
            guard a1 == 0, a2 == 0, a3 == 0, a4 == 0 else { throw .EINVAL }
            return task.noNewPrivileges ? 1 : 0
        case PR_GET_SECCOMP: return Int(task.seccompMode)
        case PR_SET_SECCOMP: return try setSeccompMode()

        // --- the processor; what cannot be changed here says so ---
        case PR_GET_TIMING: return 0
        case PR_SET_TIMING: guard a1 == 0 else { throw .EINVAL }
        case PR_GET_TSC: try UserMemory.store(PR_TSC_ENABLE, at: a1)
        case PR_SET_TSC: guard i1 == PR_TSC_ENABLE else { throw .EINVAL }
        case PR_TASK_PERF_EVENTS_DISABLE, PR_TASK_PERF_EVENTS_ENABLE: return 0
        case PR_MCE_KILL: return try machineCheckPolicy()
        case PR_MCE_KILL_GET:
            guard a1 == 0, a2 == 0, a3 == 0, a4 == 0 else { throw .EINVAL }
            return 2 // PR_MCE_KILL_DEFAULT
        case PR_GET_SPECULATION_CTRL:
            guard a2 == 0, a3 == 0, a4 == 0 else { throw .EINVAL }
            guard a1 <= 2 else { throw .ENODEV }
            return 2 // PR_SPEC_ENABLE: there is nothing to switch
        case PR_SET_SPECULATION_CTRL:
            guard a3 == 0, a4 == 0 else { throw .EINVAL }
            throw a1 <= 2 ? .ENXIO : .ENODEV
        case PR_SET_IO_FLUSHER, PR_GET_IO_FLUSHER: throw .EPERM
        case PR_SET_SYSCALL_USER_DISPATCH:
            guard a1 == 0, a2 == 0, a3 == 0, a4 == 0 else { throw .EINVAL }
        case PR_SET_MDWE, PR_SET_MEMORY_MERGE, PR_GET_MDWE, PR_GET_MEMORY_MERGE, PR_TIMER_CREATE_RESTORE_IDS:
            // Off, and stays off.
            guard a1 == 0, a2 == 0, a3 == 0, a4 == 0 else { throw .EINVAL }
        default: throw .EINVAL
        }
        return 0
    }

    /// At most 15 bytes; a longer name is cut.
    private func taskName(at address: UInt) throws(Errno) -> Bytes {
        let size = try UserMemory.stringSize(at: address, limit: TASK_COMM_LEN - 1)
        return try UserMemory.copyIn(min(size - 1, TASK_COMM_LEN - 1), from: address)
    }

    private func copyAuxiliaryVector() throws(Errno) -> Int {
        guard a3 == 0, a4 == 0 else { throw .EINVAL }
        let bytes = memory.auxiliaryVector
        let count = Int(min(a2, UInt(bytes.count)))
        try UserMemory.copyOut(bytes.span.extracting(0..<count), to: a1)
        return bytes.count
    }

    private func machineCheckPolicy() throws(Errno) -> Int {
        guard a3 == 0, a4 == 0 else { throw .EINVAL }
        switch a1 {
        case 0: guard a2 == 0 else { throw .EINVAL } // PR_MCE_KILL_CLEAR
        case 1: guard a2 == 2 else { throw .EINVAL } // PR_MCE_KILL_SET to the default
        default: throw .EINVAL
        }
        return 0
    }

    // --- capabilities(7) ---

    private func isCapability(_ number: UInt) -> Bool { number <= UInt(CAP_LAST_CAP) }

    private func capabilityControl() throws(Errno) -> Int {
        let c = credentials
        switch i0 {
        case PR_GET_KEEPCAPS: return c.secureBits & SECBIT_KEEP_CAPS != 0 ? 1 : 0
        case PR_SET_KEEPCAPS:
            guard a1 <= 1 else { throw .EINVAL }
            guard c.secureBits & SECBIT_KEEP_CAPS_LOCKED == 0 else { throw .EPERM }
            task.credentials = c.with(secureBits: a1 == 1 ? c.secureBits | SECBIT_KEEP_CAPS : c.secureBits & ~SECBIT_KEEP_CAPS)
        case PR_GET_SECUREBITS: return Int(c.secureBits)
        case PR_SET_SECUREBITS:
            // A lock keeps its bit and itself.
            let locked = (c.secureBits & SECURE_ALL_LOCKS) >> 1
            guard locked & (c.secureBits ^ u1) == 0, c.secureBits & SECURE_ALL_LOCKS & ~u1 == 0,
                  a1 & ~UInt(SECURE_ALL_BITS | SECURE_ALL_LOCKS) == 0, c.has(Int(CAP_SETPCAP)) else { throw .EPERM }
            task.credentials = c.with(secureBits: u1)
        case PR_CAPBSET_READ:
            guard isCapability(a1) else { throw .EINVAL }
            return Int(c.bounding >> UInt64(a1) & 1)
        case PR_CAPBSET_DROP:
            guard c.has(Int(CAP_SETPCAP)) else { throw .EPERM }
            guard isCapability(a1) else { throw .EINVAL }
            task.credentials = c.with(bounding: c.bounding & ~(1 << UInt64(a1)))
        default: return try ambientControl(c)
        }
        return 0
    }

    /// PR_CAP_AMBIENT
    private func ambientControl(_ c: Credentials) throws(Errno) -> Int {
        if a1 == UInt(PR_CAP_AMBIENT_CLEAR_ALL) {
            guard a2 == 0, a3 == 0, a4 == 0 else { throw .EINVAL }
            task.credentials = c.with(ambient: 0)
            return 0
        }
        guard isCapability(a2), a3 == 0, a4 == 0 else { throw .EINVAL }
        let bit: UInt64 = 1 << UInt64(a2)
        switch a1 {
        case UInt(PR_CAP_AMBIENT_IS_SET): return c.ambient & bit != 0 ? 1 : 0
        case UInt(PR_CAP_AMBIENT_RAISE):
            guard c.permitted & c.inheritable & bit != 0, c.secureBits & SECBIT_NO_CAP_AMBIENT_RAISE == 0 else { throw .EPERM }
            task.credentials = c.with(ambient: c.ambient | bit)
        case UInt(PR_CAP_AMBIENT_LOWER): task.credentials = c.with(ambient: c.ambient & ~bit)
        default: throw .EINVAL
        }
        return 0
    }
}
