// Timers of a process: itimers, setitimer(2), and the limit of CPU time, RLIMIT_CPU. POSIX timers are in
// PosixTimers.swift.

import KernelBase
import LinuxABI
import Machine

/// All timers of a process. Made when the first is needed; refers to its process until ``cancelAll()``.
///
/// Timers on real time are entries of the kernel's ``TimerQueue``. CPU time runs in the host's accounts, where no
/// event tells of it: ``watch`` looks at it when the next timer can have expired at the earliest. If the process has
/// not run since the last look, its threads sleep: then nobody looks any more until one of them returns to the guest
/// (``threadReturns(_:)``), so that a waiting process costs nothing.
public final class ProcessTimers {
    let process: Process
    private let alarm: AlarmTimer
    private var virtual = CPUInterval(signal: SIGVTALRM)
    private var profiling = CPUInterval(signal: SIGPROF)
    /// User and system time; user time alone.
    private var meter = CPUMeter(kind: CPUCLOCK_SCHED)
    private var userMeter = CPUMeter(kind: CPUCLOCK_VIRT)
    private var watch: KernelTimer?
    private var lastSeen: UInt64 = 0
    private var isParked = false

    // --- POSIX timers ---
    var posix = HashTable<Int32, PosixTimer>()
    var nextID: Int32 = 0
    /// Those on CPU clocks.
    var onCPU: [PosixTimer] = []

    init(_ process: Process) {
        self.process = process
        alarm = AlarmTimer(process)
    }

    /// The process ends.
    func cancelAll() {
        TimerQueue.shared.cancel(alarm)
        if let watch { TimerQueue.shared.cancel(watch) }
        watch = nil
        deletePosixTimers()
        process.timers = nil
    }

    /// exec: POSIX timers go, itimers stay.
    func programExecuted() {
        deletePosixTimers()
        checkCPU()
    }

    // --- itimers ---

    /// getitimer(2). - Returns: nanoseconds until it expires, 0 if it is not set, and the interval.
    public func interval(_ which: Int32) -> (value: UInt64, interval: UInt64) {
        switch which {
        case ITIMER_VIRTUAL: return virtual.setting(now: userMeter.update(process))
        case ITIMER_PROF: return profiling.setting(now: meter.update(process))
        default: return alarm.setting()
        }
    }

    /// setitimer(2), alarm(2). Times in nanoseconds; a value of 0 disarms. - Returns: the previous setting.
    public func setInterval(_ which: Int32, value: UInt64, interval: UInt64) -> (value: UInt64, interval: UInt64) {
        let old = self.interval(which)
        switch which {
        case ITIMER_VIRTUAL: virtual.set(value, interval, now: userMeter.update(process))
        case ITIMER_PROF: profiling.set(value, interval, now: meter.update(process))
        default:
            alarm.set(value, interval)
            return old
        }
        checkCPU()
        return old
    }

    /// A SIGALRM of the process is delivered: a periodic alarm is set again only now, as on Linux.
    func alarmTaken() { alarm.taken() }

    // --- CPU time ---

    /// CPU time used so far, in nanoseconds.
    var cpuTime: UInt64 { meter.update(process) }

    private var watchesCPU: Bool {
        virtual.isSet || profiling.isSet || !onCPU.isEmpty || process.limit(0) != .max
    }

    /// Acts on what has expired, and sees to it that somebody looks when the next may.
    func checkCPU() {
        guard watchesCPU, process.state != .zombie, process.state != .dead else {
            if let watch { TimerQueue.shared.cancel(watch) }
            return
        }
        let now = meter.update(process)
        lastSeen = now
        if virtual.expire(userMeter.update(process)) { process.send(SIGVTALRM, Siginfo(signo: SIGVTALRM, code: SI_KERNEL)) }
        if profiling.expire(now) { process.send(SIGPROF, Siginfo(signo: SIGPROF, code: SI_KERNEL)) }
        for timer in onCPU where !timer.isOfThread && timer.isSet && timer.due <= now { timer.expired() }
        enforceLimit(now)
        scheduleWatch(now)
    }

    private func scheduleWatch(_ now: UInt64) {
        var nearest = UInt64.max
        // What has expired since somebody looked is for the next look, which is soon.
        if profiling.isSet { nearest = min(nearest, profiling.expiry &- min(profiling.expiry, now)) }
        if virtual.isSet { nearest = min(nearest, virtual.expiry &- min(virtual.expiry, userMeter.total)) }
        for timer in onCPU where !timer.isOfThread && timer.isSet { nearest = min(nearest, timer.due &- min(timer.due, now)) }
        let (limit, overflow) = process.limit(0).multipliedReportingOverflow(by: 1_000_000_000)
        if !overflow { nearest = min(nearest, limit > now ? limit &- now : 0) }
        guard nearest != .max else {
            if let watch { TimerQueue.shared.cancel(watch) }
            return
        }
        // All threads may run at once; and the host's accounts are no finer than its tick.
        let speed = UInt64(max(1, min(process.threads.count, Int(SystemState.shared.processors))))
        let timer = watch ?? KernelTimer { [self] in look() }
        watch = timer
        TimerQueue.shared.arm(timer, at: Clock.deadline(after: max(1_000_000, nearest / speed)))
    }

    private func look() {
        let before = lastSeen
        checkCPU()
        guard lastSeen == before, let watch, watch.isArmed else { return }
        TimerQueue.shared.cancel(watch)
        isParked = true
        for task in process.threads where !task.isExiting { task.postHousekeeping() }
    }

    /// A thread is about to run guest code again.
    func threadReturns(_ task: Task) {
        if isParked {
            isParked = false
            scheduleWatch(meter.update(process))
        }
        guard !onCPU.isEmpty else { return }
        for timer in onCPU where timer.isOf(task) && timer.isSet { timer.checkThread() }
    }

    /// RLIMIT_CPU: SIGXCPU each second beyond the soft limit, SIGKILL at the hard one.
    private func enforceLimit(_ now: UInt64) {
        guard !process.limits.isEmpty, process.limits[0].cur != .max else { return }
        let seconds = now / 1_000_000_000
        if seconds >= process.limits[0].max {
            process.send(SIGKILL, Siginfo(signo: SIGKILL, code: SI_KERNEL))
        } else if seconds >= process.limits[0].cur {
            process.send(SIGXCPU, Siginfo(signo: SIGXCPU, code: SI_KERNEL))
            process.limits[0].cur = seconds &+ 1
        }
    }
}

/// ITIMER_REAL.
private final class AlarmTimer: KernelTimer {
    private let process: Process
    private var interval: UInt64 = 0

    init(_ process: Process) {
        self.process = process
        super.init()
    }

    override func fire() { process.send(SIGALRM, Siginfo(signo: SIGALRM, code: SI_KERNEL)) }

    func setting() -> (value: UInt64, interval: UInt64) {
        guard isArmed else { return (0, interval) }
        let now = Clock.monotonic()
        return (expiry > now ? max(1000, expiry &- now) : 1000, interval)
    }

    func set(_ value: UInt64, _ interval: UInt64) {
        TimerQueue.shared.cancel(self)
        self.interval = value == 0 ? 0 : interval
        if value != 0 { TimerQueue.shared.arm(self, at: Clock.deadline(after: value)) }
    }

    func taken() {
        guard interval > 0, !isArmed else { return }
        let now = Clock.monotonic()
        let periods = now > expiry ? (now &- expiry) / interval &+ 1 : 1
        let (advance, overflow) = periods.multipliedReportingOverflow(by: interval)
        TimerQueue.shared.arm(self, at: overflow ? .max &- 1 : Clock.saturating(expiry, advance))
    }
}

/// ITIMER_VIRTUAL or ITIMER_PROF; times are those of its meter.
private struct CPUInterval {
    let signal: Int32
    private(set) var expiry: UInt64 = 0
    private var interval: UInt64 = 0

    init(signal: Int32) { self.signal = signal }

    var isSet: Bool { expiry != 0 }

    func setting(now: UInt64) -> (value: UInt64, interval: UInt64) {
        guard isSet else { return (0, interval) }
        // A timer that is set never shows 0, which would mean that it is not.
        return (expiry > now ? max(1000, expiry &- now) : 1000, interval)
    }

    mutating func set(_ value: UInt64, _ interval: UInt64, now: UInt64) {
        self.interval = value == 0 ? 0 : interval
        expiry = value == 0 ? 0 : max(1, Clock.saturating(now, value))
    }

    /// - Returns: whether it has expired; then it is set for the next period.
    mutating func expire(_ now: UInt64) -> Bool {
        guard isSet, expiry <= now else { return false }
        if interval == 0 {
            expiry = 0
        } else {
            expiry = Clock.saturating(expiry, interval)
            // One signal for all periods that have passed.
            if expiry <= now { expiry = Clock.saturating(now, interval) }
        }
        return true
    }
}

extension Process {
    /// The timers, made if there are none yet.
    public func requireTimers() -> ProcessTimers {
        if let timers { return timers }
        let new = ProcessTimers(self)
        timers = new
        return new
    }

    /// The limit of CPU time has changed, or the process has begun to run.
    func watchCPULimit() {
        if timers != nil || limit(0) != .max { requireTimers().checkCPU() }
    }

    /// Takes back queued signals, whatever thread they are for.
    func removePending(where matches: (Siginfo) -> Bool) {
        sharedPending.removeAll(where: matches)
        for task in threads { task.pending.removeAll(where: matches) }
    }
}

extension Task {
    /// Lets the thread look after its timers before it runs guest code again.
    func postHousekeeping() {
        slot.postWork(Work.housekeeping)
        if self !== Task.current { slot.kick() }
    }
}
