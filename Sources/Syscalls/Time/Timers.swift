import KernelBase
import LinuxABI
import Machine
import Tasks

extension SyscallContext {
    // --- itimers ---

    private func isIntervalTimer(_ which: Int32) -> Bool { which >= ITIMER_REAL && which <= ITIMER_PROF }

    /// setitimer(2)
    func sysSetitimer() throws(Errno) -> Int {
        // A null pointer means a timer of 0, which Linux keeps for old programs.
        var new = Itimerval()
        if a1 != 0 {
            new = try UserMemory.load(Itimerval.self, at: a1)
            guard new.value.isValid, new.interval.isValid else { throw .EINVAL }
        }
        guard isIntervalTimer(i0) else { throw .EINVAL }
        let value = UInt64(new.value.total), interval = UInt64(new.interval.total)
        var old: (value: UInt64, interval: UInt64) = (0, 0)
        // Disarming what was never armed needs no timers.
        if value != 0 || process.timers != nil {
            old = process.requireTimers().setInterval(i0, value: value, interval: interval)
        }
        if a2 != 0 { try store(old, at: a2) }
        return 0
    }

    /// getitimer(2)
    func sysGetitimer() throws(Errno) -> Int {
        guard isIntervalTimer(i0) else { throw .EINVAL }
        try store(process.timers?.interval(i0) ?? (0, 0), at: a1)
        return 0
    }

    private func store(_ setting: (value: UInt64, interval: UInt64), at address: UInt) throws(Errno) {
        let value = Timeval(total: Int64(clamping: setting.value)), interval = Timeval(total: Int64(clamping: setting.interval))
        try UserMemory.store(Itimerval(interval: interval, value: value), at: address)
    }

    /// alarm(2): rounds to the nearest second, but never to 0.
    func sysAlarm() -> Int {
        if u0 == 0 && process.timers == nil { return 0 }
        let old = process.requireTimers().setInterval(ITIMER_REAL, value: UInt64(u0) &* 1_000_000_000, interval: 0).value / 1000
        let seconds = old / 1_000_000, rest = old % 1_000_000
        return Int(seconds) + ((seconds == 0 && rest > 0) || rest >= 500_000 ? 1 : 0)
    }

    // --- POSIX timers ---

    /// timer_create(2)
    func sysTimerCreate() throws(Errno) -> Int {
        let event = a1 == 0 ? nil : try UserMemory.load(Sigevent.self, at: a1)
        let id = try task.createTimer(clock: i0, event: event)
        do throws(Errno) {
            try UserMemory.store(id, at: a2)
        } catch {
            _ = process.timers?.delete(id)
            throw error
        }
        return 0
    }

    /// timer_settime(2). Flags other than TIMER_ABSTIME are ignored, as by Linux.
    func sysTimerSettime() throws(Errno) -> Int {
        guard a2 != 0 else { throw .EINVAL }
        let new = try UserMemory.load(Itimerspec.self, at: a2)
        guard new.value.isValid, new.interval.isValid else { throw .EINVAL }
        guard let old = process.timers?.setPosix(i0, value: UInt64(new.value.total), interval: UInt64(new.interval.total),
                                                 absolute: u1 & TIMER_ABSTIME != 0) else { throw .EINVAL }
        if a3 != 0 { try UserMemory.store(specification(old), at: a3) }
        return 0
    }

    /// timer_gettime(2)
    func sysTimerGettime() throws(Errno) -> Int {
        guard let setting = process.timers?.posixSetting(i0) else { throw .EINVAL }
        try UserMemory.store(specification(setting), at: a1)
        return 0
    }

    private func specification(_ setting: (value: UInt64, interval: UInt64)) -> Itimerspec {
        Itimerspec(interval: Timespec(total: Int64(clamping: setting.interval)), value: Timespec(total: Int64(clamping: setting.value)))
    }

    func sysTimerGetoverrun() throws(Errno) -> Int {
        guard let overrun = process.timers?.overrun(i0) else { throw .EINVAL }
        return Int(overrun)
    }

    func sysTimerDelete() throws(Errno) -> Int {
        guard process.timers?.delete(i0) ?? false else { throw .EINVAL }
        return 0
    }
}
