// The time structures, all of 64-bit numbers.

/// A time in nanoseconds, timespec(3type).
public struct Timespec: ABIStruct {
    public var seconds: Int64 = 0
    public var nanoseconds: Int64 = 0

    public typealias Bytes = ByteBuffer<2>
    @inlinable public static var size: Int { 16 }

    @inlinable public init() {}

    @inlinable
    public init(seconds: Int64, nanoseconds: Int64) {
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }

    @inlinable
    public init(decoding bytes: Bytes) {
        self.init(at: 0, in: bytes)
    }

    @inlinable
    public init<let words: Int>(at offset: Int, in bytes: ByteBuffer<words>) {
        seconds = bytes.load(offset)
        nanoseconds = bytes.load(offset &+ 8)
    }

    @inlinable
    public func encode(into bytes: inout Bytes) {
        encode(at: 0, into: &bytes)
    }

    @inlinable
    public func encode<let words: Int>(at offset: Int, into bytes: inout ByteBuffer<words>) {
        bytes.store(seconds, offset)
        bytes.store(nanoseconds, offset &+ 8)
    }
}

/// A time in microseconds, timeval(3type).
public struct Timeval: ABIStruct {
    public var seconds: Int64 = 0
    public var microseconds: Int64 = 0

    public typealias Bytes = ByteBuffer<2>
    @inlinable public static var size: Int { 16 }

    @inlinable public init() {}

    @inlinable
    public init(seconds: Int64, microseconds: Int64) {
        self.seconds = seconds
        self.microseconds = microseconds
    }

    @inlinable
    public init(decoding bytes: Bytes) {
        self.init(at: 0, in: bytes)
    }

    @inlinable
    public init<let words: Int>(at offset: Int, in bytes: ByteBuffer<words>) {
        seconds = bytes.load(offset)
        microseconds = bytes.load(offset &+ 8)
    }

    @inlinable
    public func encode(into bytes: inout Bytes) {
        encode(at: 0, into: &bytes)
    }

    @inlinable
    public func encode<let words: Int>(at offset: Int, into bytes: inout ByteBuffer<words>) {
        bytes.store(seconds, offset)
        bytes.store(microseconds, offset &+ 8)
    }
}

/// An interval timer, setitimer(2).
public struct Itimerval: ABIStruct {
    public var interval: Timeval = Timeval()
    public var value: Timeval = Timeval()

    public typealias Bytes = ByteBuffer<4>
    @inlinable public static var size: Int { 32 }

    @inlinable public init() {}

    @inlinable
    public init(interval: Timeval, value: Timeval) {
        self.interval = interval
        self.value = value
    }

    @inlinable
    public init(decoding bytes: Bytes) {
        interval = Timeval(at: 0, in: bytes)
        value = Timeval(at: 16, in: bytes)
    }

    @inlinable
    public func encode(into bytes: inout Bytes) {
        interval.encode(at: 0, into: &bytes)
        value.encode(at: 16, into: &bytes)
    }
}

/// A timer, timer_settime(2), timerfd_settime(2).
public struct Itimerspec: ABIStruct {
    public var interval: Timespec = Timespec()
    public var value: Timespec = Timespec()

    public typealias Bytes = ByteBuffer<4>
    @inlinable public static var size: Int { 32 }

    @inlinable public init() {}

    @inlinable
    public init(interval: Timespec, value: Timespec) {
        self.interval = interval
        self.value = value
    }

    @inlinable
    public init(decoding bytes: Bytes) {
        interval = Timespec(at: 0, in: bytes)
        value = Timespec(at: 16, in: bytes)
    }

    @inlinable
    public func encode(into bytes: inout Bytes) {
        interval.encode(at: 0, into: &bytes)
        value.encode(at: 16, into: &bytes)
    }
}

/// Process times in ticks of 1/100 s, times(2).
public struct Tms: ABIStruct {
    public var utime: Int64 = 0
    public var stime: Int64 = 0
    public var cutime: Int64 = 0
    public var cstime: Int64 = 0

    public typealias Bytes = ByteBuffer<4>
    @inlinable public static var size: Int { 32 }

    @inlinable public init() {}

    @inlinable
    public init(utime: Int64, stime: Int64, cutime: Int64, cstime: Int64) {
        self.utime = utime
        self.stime = stime
        self.cutime = cutime
        self.cstime = cstime
    }

    @inlinable
    public init(decoding bytes: Bytes) {
        utime = bytes.load(0)
        stime = bytes.load(8)
        cutime = bytes.load(16)
        cstime = bytes.load(24)
    }

    @inlinable
    public func encode(into bytes: inout Bytes) {
        bytes.store(utime, 0)
        bytes.store(stime, 8)
        bytes.store(cutime, 16)
        bytes.store(cstime, 24)
    }
}

/// What gettimeofday(2) gives besides the time.
public struct Timezone: ABIStruct {
    public var minutesWest: Int32 = 0
    public var dstTime: Int32 = 0

    public typealias Bytes = ByteBuffer<1>
    @inlinable public static var size: Int { 8 }

    @inlinable public init() {}

    @inlinable
    public init(minutesWest: Int32, dstTime: Int32) {
        self.minutesWest = minutesWest
        self.dstTime = dstTime
    }

    @inlinable
    public init(decoding bytes: Bytes) {
        minutesWest = bytes.load(0)
        dstTime = bytes.load(4)
    }

    @inlinable
    public func encode(into bytes: inout Bytes) {
        bytes.store(minutesWest, 0)
        bytes.store(dstTime, 4)
    }
}

/// The argument of utime(2), in seconds.
public struct Utimbuf: ABIStruct {
    public var actime: Int64 = 0
    public var modtime: Int64 = 0

    public typealias Bytes = ByteBuffer<2>
    @inlinable public static var size: Int { 16 }

    @inlinable public init() {}

    @inlinable
    public init(actime: Int64, modtime: Int64) {
        self.actime = actime
        self.modtime = modtime
    }

    @inlinable
    public init(decoding bytes: Bytes) {
        actime = bytes.load(0)
        modtime = bytes.load(8)
    }

    @inlinable
    public func encode(into bytes: inout Bytes) {
        bytes.store(actime, 0)
        bytes.store(modtime, 8)
    }
}

/// The clock's adjustment, adjtimex(2). The fields of PPS signals are not here; they stay zero.
public struct Timex: ABIStruct {
    public var modes: UInt32 = 0
    public var offset: Int64 = 0
    public var freq: Int64 = 0
    public var maxerror: Int64 = 0
    public var esterror: Int64 = 0
    public var status: Int32 = 0
    public var constant: Int64 = 0
    public var precision: Int64 = 0
    public var tolerance: Int64 = 0
    public var time: Timeval = Timeval()
    public var tick: Int64 = 0
    public var tai: Int32 = 0

    public typealias Bytes = ByteBuffer<26>
    @inlinable public static var size: Int { 208 }

    @inlinable public init() {}

    @inlinable
    public init(decoding bytes: Bytes) {
        modes = bytes.load(0)
        offset = bytes.load(8)
        freq = bytes.load(16)
        maxerror = bytes.load(24)
        esterror = bytes.load(32)
        status = bytes.load(40)
        constant = bytes.load(48)
        precision = bytes.load(56)
        tolerance = bytes.load(64)
        time = Timeval(at: 72, in: bytes)
        tick = bytes.load(88)
        tai = bytes.load(160)
    }

    @inlinable
    public func encode(into bytes: inout Bytes) {
        bytes.store(modes, 0)
        bytes.store(offset, 8)
        bytes.store(freq, 16)
        bytes.store(maxerror, 24)
        bytes.store(esterror, 32)
        bytes.store(status, 40)
        bytes.store(constant, 48)
        bytes.store(precision, 56)
        bytes.store(tolerance, 64)
        time.encode(at: 72, into: &bytes)
        bytes.store(tick, 88)
        bytes.store(tai, 160)
    }
}

// MARK: - Times as nanoseconds

extension Timespec {
    /// A time from nanoseconds; the nanosecond part is never negative.
    @inlinable
    public init(total: Int64) {
        let quotient = total / NSEC_PER_SEC
        let rest = total % NSEC_PER_SEC
        self.init(
            seconds: rest < 0 ? quotient &- 1 : quotient,
            nanoseconds: rest < 0 ? rest &+ NSEC_PER_SEC : rest)
    }

    /// Whether the kernel takes it as a time: no negative seconds, less than a second of nanoseconds.
    @inlinable
    public var isValid: Bool { seconds >= 0 && nanoseconds >= 0 && nanoseconds < NSEC_PER_SEC }

    /// The whole time in nanoseconds; the nearest possible number where that does not fit.
    @inlinable
    public var total: Int64 { saturatingTotal(seconds, nanoseconds, 1) }
}

extension Timeval {
    /// A time from nanoseconds, rounded down; the microsecond part is never negative.
    @inlinable
    public init(total: Int64) {
        let time = Timespec(total: total)
        self.init(seconds: time.seconds, microseconds: time.nanoseconds / 1000)
    }

    /// Whether the kernel takes it as a time: no negative seconds, less than a second of microseconds.
    @inlinable
    public var isValid: Bool { seconds >= 0 && microseconds >= 0 && microseconds < USEC_PER_SEC }

    /// The whole time in nanoseconds; the nearest possible number where that does not fit.
    @inlinable
    public var total: Int64 { saturatingTotal(seconds, microseconds, 1000) }
}

/// seconds * 10^9 + parts * unit, at most Int64.max and at least Int64.min.
@usableFromInline
func saturatingTotal(_ seconds: Int64, _ parts: Int64, _ unit: Int64) -> Int64 {
    let (whole, overflow) = seconds.multipliedReportingOverflow(by: NSEC_PER_SEC)
    if overflow { return seconds < 0 ? .min : .max }
    let (rest, restOverflow) = parts.multipliedReportingOverflow(by: unit)
    if restOverflow { return parts < 0 ? .min : .max }
    let (sum, sumOverflow) = whole.addingReportingOverflow(rest)
    if sumOverflow { return rest < 0 ? .min : .max }
    return sum
}
