// POSIX timers, timer_create(2).

import KernelBase
import LinuxABI
import Machine

/// What a POSIX timer counts.
enum TimerBase {
    /// Real time; all such clocks are converted to CLOCK_MONOTONIC when the timer is set.
    case wall(Int32)
    /// CPU time of the process.
    case process
    /// CPU time of a thread, measured by the thread itself.
    case thread(Task)
}

/// A timer of timer_create(2).
///
/// As on Linux a periodic timer is not set again when it expires but when its signal is delivered; the periods that
/// have passed by then are its overrun count.
final class PosixTimer: KernelTimer {
    let id: Int32
    private let timers: ProcessTimers
    private let base: TimerBase
    /// SIGEV_*.
    let notification: Int32
    let signal: Int32
    let value: UInt64
    /// The thread of SIGEV_THREAD_ID.
    private let target: Task?

    private var interval: UInt64 = 0
    /// On the timer's base.
    private(set) var due: UInt64 = 0
    /// It will expire at ``due``.
    private(set) var isSet = false
    /// Its signal waits for delivery.
    private var isQueued = false
    /// Periods passed since the signal was sent, that one included.
    private var passed: UInt64 = 0
    private(set) var overrun: Int32 = 0

    init(id: Int32, _ timers: ProcessTimers, base: TimerBase, notification: Int32, signal: Int32, value: UInt64, target: Task?) {
        self.id = id
        self.timers = timers
        self.base = base
        self.notification = notification
        self.signal = signal
        self.value = value
        self.target = target
        super.init()
    }

    var isOnCPU: Bool { if case .wall = base { false } else { true } }
    var isOfThread: Bool { if case .thread = base { true } else { false } }
    func isOf(_ task: Task) -> Bool { if case .thread(let mine) = base { mine === task } else { false } }

    /// The time on the timer's base.
    private var now: UInt64 {
        switch base {
        case .wall: return Clock.monotonic()
        case .process: return timers.cpuTime
        case .thread(let task):
            if task.isExiting { return due }
            // The host tells only threads of the same process.
            guard task.process === Task.current.process else { return due }
            return task.cpuClock()
        }
    }

    // --- expiry ---

    /// Real time: the moment has come. CPU time of a thread: the thread has to look.
    override func fire() {
        switch base {
        case .wall: expired()
        case .process: break
        case .thread(let task): if !task.isExiting { task.postHousekeeping() }
        }
    }

    /// Called by the thread whose CPU time it counts.
    func checkThread() {
        if due <= now { expired() } else if !isArmed { arm() }
    }

    func expired() {
        isSet = false
        passed = 0
        guard notification != SIGEV_NONE else { return }
        let info = Siginfo.timer(signal, id: id, overrun: 0, value: value)
        let process = timers.process
        if let target, target.isExiting { return }
        guard let receiver = target ?? process.leader ?? process.threads.first else { return }
        if process.post(signal, info, to: receiver, shared: target == nil, isTimer: true) {
            isQueued = true
        } else if interval > 0 {
            // Ignored, so no delivery will set it again. Not more often than a tick, for nobody sees it.
            forward()
            due = max(due, Clock.saturating(now, 4_000_000))
            isSet = true
            arm()
        }
    }

    /// Moves a periodic timer beyond now and counts the periods.
    private func forward() {
        let now = self.now
        guard interval > 0, now >= due else { return }
        let periods = (now &- due) / interval &+ 1
        let (advance, overflow) = periods.multipliedReportingOverflow(by: interval)
        due = overflow ? .max &- 1 : Clock.saturating(due, advance)
        passed = Clock.saturating(passed, periods)
    }

    /// Its signal is delivered. - Returns: the overrun count.
    func taken() -> Int32 {
        guard isQueued else { return 0 }
        isQueued = false
        if interval > 0 {
            forward()
            overrun = Int32(truncatingIfNeeded: min(passed > 0 ? passed &- 1 : 0, UInt64(Int32.max)))
            passed = 0
            isSet = true
            arm()
        } else {
            overrun = 0
        }
        return overrun
    }

    /// Its signal was taken back, because it is ignored now: a periodic timer goes on.
    func signalDropped() {
        guard isQueued else { return }
        isQueued = false
        guard interval > 0 else { return }
        forward()
        passed = 0
        isSet = true
        arm()
    }

    private func arm() {
        switch base {
        case .wall: if notification != SIGEV_NONE { TimerQueue.shared.arm(self, at: due) }
        case .process: timers.checkCPU()
        case .thread:
            let now = self.now
            TimerQueue.shared.arm(self, at: Clock.deadline(after: due > now ? due &- now : 0))
        }
    }

    // --- the calls ---

    /// timer_gettime(2). - Returns: nanoseconds left, 0 if it is not set, and the interval.
    func setting() -> (value: UInt64, interval: UInt64) {
        if isQueued || notification == SIGEV_NONE { forward() } else if !isSet { return (0, interval) }
        if !isSet && interval == 0 { return (0, 0) }
        let now = self.now
        if due > now { return (due &- now, interval) }
        // One that is about to expire does not show 0, which would mean that it is not set.
        return (notification == SIGEV_NONE ? 0 : 1, interval)
    }

    /// timer_settime(2). - Returns: the previous setting.
    func set(value: UInt64, interval: UInt64, absolute: Bool) -> (value: UInt64, interval: UInt64) {
        let old = setting()
        disarm()
        overrun = 0
        self.interval = value == 0 ? 0 : interval
        guard value != 0 else { return old }
        if absolute {
            due = value
            if case .wall(let clock) = base { due = PosixTimer.convert(value, clock) }
        } else {
            due = Clock.saturating(now, value)
        }
        isSet = true
        arm()
        return old
    }

    /// An absolute time of a clock, as CLOCK_MONOTONIC.
    private static func convert(_ time: UInt64, _ clock: Int32) -> UInt64 {
        let reference: UInt64
        switch clock {
        case CLOCK_REALTIME: reference = Clock.realtime()
        case CLOCK_BOOTTIME: reference = Clock.boottime()
        case CLOCK_TAI: reference = Host.clock(CLOCK_TAI)
        default: return min(time, .max &- 1)
        }
        let base = Clock.monotonic()
        if time >= reference { return Clock.saturating(base, time &- reference) }
        let ago = reference &- time
        return base > ago ? base &- ago : 0
    }

    /// Stops it and takes back its signal.
    func disarm() {
        TimerQueue.shared.cancel(self)
        isSet = false
        passed = 0
        guard isQueued else { return }
        isQueued = false
        timers.process.removePending { $0.code == SI_TIMER && $0.timerID == id && $0.signo == signal }
    }
}

extension ProcessTimers {
    /// timer_create(2), after its arguments have been checked.
    /// - Throws: `EAGAIN` when the process has as many timers as signals may be queued.
    func create(base: TimerBase, notification: Int32, signal: Int32, value: UInt64?, target: Task?) throws(Errno) -> Int32 {
        guard UInt64(posix.count) < process.limit(Int(RLIMIT_SIGPENDING)), !Host.heapIsLow else { throw .EAGAIN }
        while posix[nextID] != nil { nextID = nextID == .max ? 0 : nextID &+ 1 }
        let id = nextID
        nextID = nextID == .max ? 0 : nextID &+ 1
        let timer = PosixTimer(id: id, self, base: base, notification: notification, signal: signal,
                               value: value ?? UInt64(UInt32(bitPattern: id)), target: target)
        posix[id] = timer
        if timer.isOnCPU { onCPU.append(timer) }
        return id
    }

    /// timer_delete(2). - Returns: whether there was such a timer.
    public func delete(_ id: Int32) -> Bool {
        guard let timer = posix[id] else { return false }
        timer.disarm()
        posix[id] = nil
        onCPU.removeAll { $0 === timer }
        return true
    }

    func deletePosixTimers() {
        for id in posix.keys { _ = delete(id) }
    }

    /// timer_gettime(2); nil if there is no such timer.
    public func posixSetting(_ id: Int32) -> (value: UInt64, interval: UInt64)? { posix[id]?.setting() }

    /// timer_settime(2); nil if there is no such timer.
    public func setPosix(_ id: Int32, value: UInt64, interval: UInt64, absolute: Bool) -> (value: UInt64, interval: UInt64)? {
        posix[id]?.set(value: value, interval: interval, absolute: absolute)
    }

    /// timer_getoverrun(2); nil if there is no such timer.
    public func overrun(_ id: Int32) -> Int32? { posix[id]?.overrun }

    /// A signal of a POSIX timer is delivered: fills in its overrun count.
    func signalTaken(_ info: inout Siginfo) {
        if let timer = posix[info.timerID], timer.signal == info.signo { info.overrun = timer.taken() }
    }

    /// Pending signals were dropped, because they are ignored now.
    func signalsDropped(_ signal: Int32) {
        for timer in posix.values where timer.signal == signal { timer.signalDropped() }
    }
}

extension Task {
    /// timer_create(2).
    /// - Parameter event: nil for the default, SIGALRM with the timer's number.
    /// - Throws: `EINVAL` for an unknown clock or a malformed event, `EOPNOTSUPP` for a clock that has no timers, `EAGAIN`.
    public func createTimer(clock: Int32, event: Sigevent?) throws(Errno) -> Int32 {
        let base: TimerBase
        switch clock {
        case CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_BOOTTIME, CLOCK_TAI: base = .wall(clock)
        case CLOCK_PROCESS_CPUTIME_ID: base = .process
        case CLOCK_THREAD_CPUTIME_ID: base = .thread(self)
        case CLOCK_REALTIME_ALARM, CLOCK_BOOTTIME_ALARM, CLOCK_MONOTONIC_RAW, CLOCK_REALTIME_COARSE, CLOCK_MONOTONIC_COARSE: throw .EOPNOTSUPP
        default: base = try cpuBase(clock)
        }
        var target: Task?
        if let event { target = try receiver(event) }
        return try process.requireTimers().create(
            base: base, notification: event?.notify ?? SIGEV_SIGNAL, signal: event?.signo ?? SIGALRM, value: event?.value, target: target)
    }

    /// A CPU clock by number, of this process or one of its threads. Timers on other processes' clocks are refused.
    private func cpuBase(_ clock: Int32) throws(Errno) -> TimerBase {
        guard clock < 0, clock & CPUCLOCK_CLOCK_MASK != CLOCKFD else { throw .EINVAL }
        let pid = ~(clock >> 3)
        if clock & CPUCLOCK_PERTHREAD_MASK != 0 {
            guard let task = pid == 0 ? self : TaskTable.shared.task(pid), task.process === process else { throw .EINVAL }
            return .thread(task)
        }
        guard pid == 0 || pid == process.pid else { throw .EINVAL }
        return .process
    }

    private func receiver(_ event: Sigevent) throws(Errno) -> Task? {
        switch event.notify {
        case SIGEV_NONE: return nil
        case SIGEV_SIGNAL, SIGEV_THREAD, SIGEV_THREAD_ID:
            guard isSignal(event.signo) else { throw .EINVAL }
            guard event.notify == SIGEV_THREAD_ID else { return nil }
            guard let task = TaskTable.shared.task(event.tid), task.process === process, !task.isExiting else { throw .EINVAL }
            return task
        default: throw .EINVAL
        }
    }
}
