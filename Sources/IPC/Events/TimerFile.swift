import KernelBase
import LinuxABI
import Machine
import VFS

/// A timer that is read, timerfd_create(2).
///
/// As in Linux a periodic timer fires once and is set again when somebody looks at it, who also counts
/// the periods that have passed meanwhile. All times inside are CLOCK_MONOTONIC nanoseconds.
public final class TimerFile: File {
    private let clock: Int32
    /// Expirations not read yet, not counting periods after the last firing.
    private var ticks: UInt64 = 0
    /// The timer has fired; a periodic one is not armed again yet.
    private var isExpired = false
    private var interval: UInt64 = 0
    private var expiry: UInt64 = 0
    public private(set) var setFlags: UInt32 = 0
    private let queue = WaitQueue()
    /// Made when it is first armed and dropped at the close, for the two refer to each other.
    private var timer: KernelTimer?

    /// timerfd_create(2).
    /// - Throws: `EINVAL` for a clock or flag that is not known, `EPERM` for an alarm clock without CAP_WAKE_ALARM.
    public init(clock: Int32, flags: UInt32, _ credentials: Credentials) throws(Errno) {
        guard flags & ~(TFD_CLOEXEC | TFD_NONBLOCK) == 0 else { throw .EINVAL }
        switch clock {
        case CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_BOOTTIME: break
        case CLOCK_REALTIME_ALARM, CLOCK_BOOTTIME_ALARM:
            guard credentials.has(Int(CAP_WAKE_ALARM)) else { throw .EPERM }
        default: throw .EINVAL
        }
        try requireMemory()
        self.clock = clock
        super.init(inode: IPCState.shared.anonymousInode, path: nil, flags: O_RDWR | (flags & TFD_NONBLOCK))
    }

    private func fired() {
        isExpired = true
        ticks &+= 1
        queue.wakeAll(POLLIN)
    }

    /// Does what the timer thread may not have come to do yet.
    private func update() {
        guard let timer, timer.isArmed, expiry <= Clock.monotonic() else { return }
        TimerQueue.shared.cancel(timer)
        fired()
    }

    private func arm() {
        let timer = self.timer ?? KernelTimer { [self] in fired() }
        self.timer = timer
        TimerQueue.shared.arm(timer, at: expiry)
    }

    /// Counts the periods that have passed since a periodic timer fired, and arms it for the next.
    private func forward() {
        guard isExpired, interval > 0 else { return }
        isExpired = false
        let now = Clock.monotonic()
        if now >= expiry {
            let periods = (now &- expiry) / interval &+ 1
            ticks &+= periods &- 1
            let (advance, overflow) = periods.multipliedReportingOverflow(by: interval)
            let (sum, overflow2) = expiry.addingReportingOverflow(advance)
            expiry = overflow || overflow2 ? .max &- 1 : sum
        }
        arm()
    }

    /// What is left until the next expiration, and the interval; 0 when it is not armed.
    public func setting() -> (value: UInt64, interval: UInt64) {
        update()
        forward()
        guard let timer, timer.isArmed else { return (0, interval) }
        let now = Clock.monotonic()
        // An armed timer never shows 0, which would mean disarmed.
        return (expiry > now ? expiry &- now : 1, interval)
    }

    /// timerfd_settime(2).
    /// - Parameters:
    ///   - value: nanoseconds, relative or on the timer's clock (TFD_TIMER_ABSTIME); 0 disarms.
    ///   - interval: the period, 0 for none.
    /// - Returns: the previous setting.
    public func set(value: UInt64, interval newInterval: UInt64, flags: UInt32) -> (value: UInt64, interval: UInt64) {
        let old = setting()
        if let timer { TimerQueue.shared.cancel(timer) }
        ticks = 0
        isExpired = false
        interval = newInterval
        setFlags = flags
        guard value != 0 else { return old }
        if flags & TFD_TIMER_ABSTIME == 0 {
            expiry = Clock.deadline(after: value)
        } else {
            switch clock {
            case CLOCK_REALTIME, CLOCK_REALTIME_ALARM: expiry = convert(value, now: Clock.realtime())
            case CLOCK_BOOTTIME, CLOCK_BOOTTIME_ALARM: expiry = convert(value, now: Clock.boottime())
            default: expiry = value
            }
        }
        if expiry == .max { expiry = .max &- 1 }
        arm()
        update()
        return old
    }

    /// A time of a clock that shows `now`, as CLOCK_MONOTONIC. One long ago becomes the earliest there is,
    /// a little wrong only for periodic timers set to start before the machine did.
    private func convert(_ time: UInt64, now: UInt64) -> UInt64 {
        let base = Clock.monotonic()
        if time >= now {
            let (sum, overflow) = base.addingReportingOverflow(time &- now)
            return overflow ? .max &- 1 : sum
        }
        let ago = now &- time
        return base > ago ? base &- ago : 0
    }

    public override func read(_ buffer: inout IOBuffer, at offset: Int) throws(Errno) -> Int {
        guard buffer.count >= 8 else { throw .EINVAL }
        update()
        if ticks == 0 {
            if isNonBlocking { throw .EAGAIN }
            _ = try queue.wait { () throws(Errno) in
                update()
                return ticks != 0
            }
        }
        forward()
        let value = ticks
        isExpired = false
        ticks = 0
        return try store(value, in: &buffer)
    }

    public override func poll(_ table: PollTable?) -> UInt32 {
        table?.add(queue)
        update()
        return ticks > 0 ? POLLIN : 0
    }

    public override func closing() {
        if let timer { TimerQueue.shared.cancel(timer) }
        timer = nil
    }

    public override var ignoresSeek: Bool { true }
    public override var linkText: Bytes { Bytes("anon_inode:[timerfd]") }

    /// For /proc/PID/fdinfo.
    public var clockNumber: Int32 { clock }
    public var unreadTicks: UInt64 { ticks }
}
