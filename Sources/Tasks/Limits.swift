// Resource limits, getrlimit(2).

import KernelBase
import LinuxABI
import Machine
import Memory
import VFS

extension Process {
    /// prlimit(2), its part that sets a limit.
    /// - Parameter isPrivileged: the caller has CAP_SYS_RESOURCE.
    /// - Throws: `EINVAL`; `EPERM` for a raise of the hard limit, or more descriptors than any table can have.
    public func setLimit(_ resource: UInt32, _ new: Rlimit, isPrivileged: Bool) throws(Errno) {
        let index = Int(resource)
        guard resource < RLIM_NLIMITS, index < limits.count, new.cur <= new.max else { throw .EINVAL }
        if resource == RLIMIT_NOFILE, new.max > UInt64(FileTable.maximum) { throw .EPERM }
        if new.max > limits[index].max, !isPrivileged { throw .EPERM }
        limits[index] = new
        switch resource {
        case RLIMIT_CPU: watchCPULimit()
        case RLIMIT_DATA, RLIMIT_STACK, RLIMIT_MEMLOCK, RLIMIT_AS: memory.limits = memoryLimits
        default: break
        }
    }

    /// A limit. `EINVAL` for an unknown one.
    public func bothLimits(_ resource: UInt32) throws(Errno) -> Rlimit {
        guard resource < RLIM_NLIMITS, Int(resource) < limits.count else { throw .EINVAL }
        return limits[Int(resource)]
    }
}

extension Task {
    /// prlimit(2)'s permission check: the same user and group in all respects, or CAP_SYS_RESOURCE.
    public func mayLimit(_ target: Task) -> Bool {
        if target === self || credentials.has(Int(CAP_SYS_RESOURCE)) { return true }
        let mine = credentials, theirs = target.credentials
        return mine.uid == theirs.euid && mine.uid == theirs.suid && mine.uid == theirs.uid
            && mine.gid == theirs.egid && mine.gid == theirs.sgid && mine.gid == theirs.gid
    }
}
