// What seccomp(2) does to the calls of a task.

import KernelBase
import LinuxABI
import Machine

extension Task {
    /// Decides on a call of this task, which has ``seccompMode`` set, before it is looked at.
    /// - Returns: nil if it may be made; otherwise it is not, and this goes to rax.
    public func intercept(_ number: UInt, _ frame: Frame) -> Int? {
        if seccompMode == SECCOMP_MODE_STRICT {
            switch Syscall(rawValue: number) {
            case .read, .write, .exit, .rt_sigreturn: return nil
            default:
                requestExit(SIGKILL)
                return 0
            }
        }
        guard let filter = seccompFilter else { return nil }
        let data = SeccompData(number: number, instruction: frame.rip, arguments: (frame.rdi, frame.rsi, frame.rdx, frame.r10, frame.r8, frame.r9))
        let (result, decisive) = filter.decide(data)
        let value = Int32(result & SECCOMP_RET_DATA)
        switch result & SECCOMP_RET_ACTION_FULL {
        case SECCOMP_RET_ALLOW, SECCOMP_RET_LOG: return nil
        case SECCOMP_RET_ERRNO: return -Int(min(value, 4095))
        case SECCOMP_RET_USER_NOTIF:
            guard let notifications = decisive.notifications else { return -Int(Errno.ENOSYS.rawValue) }
            return notifications.ask(self, data)
        // Nobody traces.
        case SECCOMP_RET_TRACE: return -Int(Errno.ENOSYS.rawValue)
        case SECCOMP_RET_TRAP:
            force(SIGSYS, .system(callAddress: UInt64(frame.rip), syscall: Int32(truncatingIfNeeded: number), arch: AUDIT_ARCH_X86_64, filterData: value))
            // The handler finds the number where the call had it.
            return Int(bitPattern: number)
        case SECCOMP_RET_KILL_THREAD where process.threads.contains(where: { $0 !== self && !$0.isExiting }):
            requestExit(SIGSYS)
            return 0
        default:
            let core: Int32 = process.limit(Int(RLIMIT_CORE)) > 0 && process.dumpable == 1 ? 0x80 : 0
            process.beginGroupExit(SIGSYS | core, except: self)
            requestExit(process.groupExit ?? SIGSYS)
            return 0
        }
    }

    /// SECCOMP_SET_MODE_STRICT: only read, write, exit and sigreturn from now on.
    /// - Throws: `EINVAL` with filters.
    public func restrictCalls() throws(Errno) {
        guard seccompMode != SECCOMP_MODE_FILTER else { throw .EINVAL }
        seccompMode = SECCOMP_MODE_STRICT
    }

    /// SECCOMP_SET_MODE_FILTER.
    /// - Parameters:
    ///   - synchronizes: SECCOMP_FILTER_FLAG_TSYNC: for all threads of the process.
    ///   - notifications: of its listener, if it has one.
    /// - Returns: 0, or the number of a thread whose filters are not among this one's, which keeps it from being done.
    /// - Throws: `EINVAL`, `ENOMEM`; `EBUSY` for a second listener.
    public func addFilter(_ code: [FilterInstruction], synchronizes: Bool, _ notifications: SeccompNotifications? = nil) throws(Errno) -> Int32 {
        if Host.heapIsLow { throw .ENOMEM }
        let filter = try SeccompFilter(code, after: seccompFilter)
        guard seccompMode != SECCOMP_MODE_STRICT else { throw .EINVAL }
        if notifications != nil, seccompFilter?.hasListener ?? false { throw .EBUSY }
        filter.notifications = notifications
        if synchronizes {
            for other in process.threads where other !== self && !other.isExiting {
                let isBehind = other.seccompMode == SECCOMP_MODE_DISABLED
                    || other.seccompMode == SECCOMP_MODE_FILTER && filter.descends(from: other.seccompFilter)
                if !isBehind { return other.tid }
            }
            for other in process.threads where other !== self && !other.isExiting {
                other.seccompFilter = filter
                other.seccompMode = SECCOMP_MODE_FILTER
                if noNewPrivileges { other.noNewPrivileges = true }
            }
        }
        seccompFilter = filter
        seccompMode = SECCOMP_MODE_FILTER
        return 0
    }
}
