import KernelBase
import LinuxABI
import Machine
import Tasks
import VFS

extension SyscallContext {
    /// seccomp(2)
    func sysSeccomp() throws(Errno) -> Int {
        switch u0 {
        case SECCOMP_SET_MODE_STRICT:
            guard u1 == 0, a2 == 0 else { throw .EINVAL }
            try task.restrictCalls()
            return 0
        case SECCOMP_SET_MODE_FILTER:
            return try setFilter(u1, at: a2)
        case SECCOMP_GET_ACTION_AVAIL:
            guard u1 == 0 else { throw .EINVAL }
            switch try UserMemory.load(UInt32.self, at: a2) {
            case SECCOMP_RET_KILL_PROCESS, SECCOMP_RET_KILL_THREAD, SECCOMP_RET_TRAP, SECCOMP_RET_ERRNO, SECCOMP_RET_TRACE,
                 SECCOMP_RET_USER_NOTIF, SECCOMP_RET_LOG, SECCOMP_RET_ALLOW: return 0
            default: throw .EOPNOTSUPP
            }
        case SECCOMP_GET_NOTIF_SIZES:
            guard u1 == 0 else { throw .EINVAL }
            // struct seccomp_notif, seccomp_notif_resp, seccomp_data
            let sizes: Bytes = [80, 0, 24, 0, 64, 0]
            try UserMemory.copyOut(sizes.span, to: a2)
            return 0
        default: throw .EINVAL
        }
    }

    /// PR_SET_SECCOMP, as it was before there was seccomp(2).
    func setSeccompMode() throws(Errno) -> Int {
        switch u1 {
        case SECCOMP_MODE_STRICT:
            try task.restrictCalls()
            return 0
        case SECCOMP_MODE_FILTER: return try setFilter(0, at: a2)
        default: throw .EINVAL
        }
    }

    /// - Parameter address: of a struct sock_fprog: the number of instructions, and where they are.
    private func setFilter(_ flags: UInt32, at address: UInt) throws(Errno) -> Int {
        let known = SECCOMP_FILTER_FLAG_TSYNC | SECCOMP_FILTER_FLAG_LOG | SECCOMP_FILTER_FLAG_SPEC_ALLOW | SECCOMP_FILTER_FLAG_TSYNC_ESRCH
            | SECCOMP_FILTER_FLAG_NEW_LISTENER | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
        guard flags & ~known == 0 else { throw .EINVAL }
        let listens = flags & SECCOMP_FILTER_FLAG_NEW_LISTENER != 0, waitsKillable = flags & SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV != 0
        // One number cannot name a thread and a descriptor.
        if listens, flags & SECCOMP_FILTER_FLAG_TSYNC != 0, flags & SECCOMP_FILTER_FLAG_TSYNC_ESRCH == 0 { throw .EINVAL }
        if waitsKillable, !listens { throw .EINVAL }
        let count = Int(try UserMemory.load(UInt16.self, at: address))
        let start = try UserMemory.load(UInt.self, at: address &+ 8)
        guard count >= 1, count <= 4096 else { throw .EINVAL }
        guard task.noNewPrivileges || credentials.has(Int(CAP_SYS_ADMIN)) else { throw .EACCES }
        var code: [FilterInstruction] = []
        code.reserveCapacity(count)
        for index in 0..<UInt(count) {
            let word = try UserMemory.load(UInt64.self, at: start &+ index &* 8)
            code.append(FilterInstruction(
                code: UInt16(truncatingIfNeeded: word), whenTrue: UInt8(truncatingIfNeeded: word >> 16),
                whenFalse: UInt8(truncatingIfNeeded: word >> 24), operand: UInt32(truncatingIfNeeded: word >> 32)))
        }
        let synchronizes = flags & SECCOMP_FILTER_FLAG_TSYNC != 0
        guard listens else {
            let other = try task.addFilter(code, synchronizes: synchronizes)
            if other != 0, flags & SECCOMP_FILTER_FLAG_TSYNC_ESRCH != 0 { throw .ESRCH }
            return Int(other)
        }
        let descriptor = try files.reserve(limit: descriptorLimit, closeOnExec: true)
        do throws(Errno) {
            let notifications = SeccompNotifications(waitsKillable: waitsKillable)
            guard try task.addFilter(code, synchronizes: synchronizes, notifications) == 0 else { throw Errno.ESRCH }
            files.fill(descriptor, SeccompListener(notifications))
        } catch {
            files.cancel(descriptor)
            throw error
        }
        return Int(descriptor)
    }
}
