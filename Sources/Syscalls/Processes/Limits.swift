import KernelBase
import LinuxABI
import Machine
import Tasks

extension SyscallContext {
    private var mayRaiseLimits: Bool { credentials.has(Int(CAP_SYS_RESOURCE)) }

    /// getrlimit(2)
    func sysGetrlimit() throws(Errno) -> Int {
        try UserMemory.store(try process.bothLimits(u0), at: a1)
        return 0
    }

    /// setrlimit(2)
    func sysSetrlimit() throws(Errno) -> Int {
        let new = try UserMemory.load(Rlimit.self, at: a1)
        try process.setLimit(u0, new, isPrivileged: mayRaiseLimits)
        return 0
    }

    /// prlimit(2)
    func sysPrlimit() throws(Errno) -> Int {
        let new = a2 == 0 ? nil : try UserMemory.load(Rlimit.self, at: a2)
        guard let target = i0 == 0 ? task : TaskTable.shared.task(i0) else { throw .ESRCH }
        guard task.mayLimit(target) else { throw .EPERM }
        let old = try target.process.bothLimits(u1)
        if let new { try target.process.setLimit(u1, new, isPrivileged: mayRaiseLimits) }
        if a3 != 0 { try UserMemory.store(old, at: a3) }
        return 0
    }
}
