import IPC
import LinuxABI
import Machine
import VFS

extension SyscallContext {
    /// eventfd(2), the old form without flags
    func sysEventfd() throws(Errno) -> Int { try makeEvent(flags: 0) }

    /// eventfd2(2)
    func sysEventfd2() throws(Errno) -> Int { try makeEvent(flags: u1) }

    private func makeEvent(flags: UInt32) throws(Errno) -> Int {
        guard flags & ~(EFD_SEMAPHORE | EFD_CLOEXEC | EFD_NONBLOCK) == 0 else { throw .EINVAL }
        return try installNew(try EventFile(count: u0, flags: flags), closeOnExec: flags & EFD_CLOEXEC != 0)
    }

    /// timerfd_create(2)
    func sysTimerfdCreate() throws(Errno) -> Int {
        let timer = try TimerFile(clock: i0, flags: u1, credentials)
        return try installNew(timer, closeOnExec: u1 & TFD_CLOEXEC != 0)
    }

    /// timerfd_settime(2)
    func sysTimerfdSettime() throws(Errno) -> Int {
        guard UserMemory.isUserRange(a2, 32) else { throw .EFAULT }
        let interval = try nanoseconds(at: a2)
        let value = try nanoseconds(at: a2 &+ 16)
        guard u1 & ~(TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET) == 0 else { throw .EINVAL }
        guard let timer = try file(i0) as? TimerFile else { throw .EINVAL }
        let old = timer.set(value: value, interval: interval, flags: u1)
        if a3 != 0 { try UserMemory.store(setting(old), at: a3) }
        return 0
    }

    /// timerfd_gettime(2)
    func sysTimerfdGettime() throws(Errno) -> Int {
        guard let timer = try file(i0) as? TimerFile else { throw .EINVAL }
        try UserMemory.store(setting(timer.setting()), at: a1)
        return 0
    }

    private func setting(_ setting: (value: UInt64, interval: UInt64)) -> Itimerspec {
        Itimerspec(interval: timespec(setting.interval), value: timespec(setting.value))
    }

    func timespec(_ nanoseconds: UInt64) -> Timespec {
        Timespec(seconds: Int64(nanoseconds / 1_000_000_000), nanoseconds: Int64(nanoseconds % 1_000_000_000))
    }
}
