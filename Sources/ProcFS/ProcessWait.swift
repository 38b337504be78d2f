import KernelBase
import LinuxABI
import Machine
import Tasks

/// What a thread is doing in the kernel: /proc/PID/syscall, /proc/PID/wchan.
enum ProcessWait {
    /// Whether its registers are those of a call it is in.
    private static func isInCall(_ task: Task) -> Bool {
        task === Task.current || task.hasMemory && task.slot.isSleeping && task.vforkParent == nil && !task.isLent
    }

    /// The number and arguments of the call that it sleeps in, stack pointer and instruction; `running`, if it does not.
    static func call(_ task: Task) -> Bytes {
        var text: Bytes = []
        guard isInCall(task) else { return Bytes("running\n") }
        let frame = Frame.of(task.slot)
        func add(_ value: UInt) {
            text.append(" 0x")
            text.append(hex: value)
        }
        if frame.originalRAX == UInt.max {
            text.append("-1")
        } else {
            text.append(decimal: frame.originalRAX)
            for argument in [frame.rdi, frame.rsi, frame.rdx, frame.r10, frame.r8, frame.r9] { add(argument) }
        }
        add(frame.rsp)
        add(frame.rip)
        text.append("\n")
        return text
    }

    /// The function of Linux in which a thread sleeps that makes such a call; 0 for one that does not sleep.
    static func channel(_ task: Task) -> Bytes {
        guard task !== Task.current, isInCall(task), let call = Syscall(rawValue: Frame.of(task.slot).originalRAX) else { return Bytes("0") }
        if task.process.state == .stopped { return Bytes("do_signal_stop") }
        switch call {
        case .wait4, .waitid: return Bytes("do_wait")
        case .futex, .futex_wait, .futex_waitv: return Bytes("futex_do_wait")
        case .poll, .ppoll, .select, .pselect6: return Bytes("poll_schedule_timeout.constprop.0")
        case .epoll_wait, .epoll_pwait, .epoll_pwait2: return Bytes("ep_poll")
        case .nanosleep, .clock_nanosleep: return Bytes("hrtimer_nanosleep")
        case .rt_sigtimedwait: return Bytes("do_sigtimedwait")
        case .rt_sigsuspend: return Bytes("sigsuspend")
        case .pause: return Bytes("__do_sys_pause")
        case .accept, .accept4, .recvfrom, .recvmsg, .connect: return Bytes("unix_wait_for_peer")
        case .fcntl: return Bytes("posix_lock_inode")
        case .flock: return Bytes("flock_lock_inode")
        default: return Bytes("wait_woken")
        }
    }
}
