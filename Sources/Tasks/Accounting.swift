// What is counted for those who look: bytes moved by calls, /proc/PID/io, and the load, /proc/loadavg.

import KernelBase

/// Bytes and calls of read(2), write(2) and their like.
public struct IOCounters {
    public var readBytes: UInt64 = 0, writtenBytes: UInt64 = 0
    public var readCalls: UInt64 = 0, writeCalls: UInt64 = 0

    public init() {}

    public mutating func add(_ other: IOCounters) {
        readBytes &+= other.readBytes
        writtenBytes &+= other.writtenBytes
        readCalls &+= other.readCalls
        writeCalls &+= other.writeCalls
    }
}

extension Process {
    /// Of all its threads, those that have ended, and the children it has waited for.
    public var io: IOCounters {
        var sum = endedIO
        for task in threads where !task.isExiting { sum.add(task.io) }
        return sum
    }
}

/// The averages of how many processors were busy, over one, five and fifteen minutes.
///
/// Nothing ticks in a sandbox that waits, so they are brought up to date when somebody asks: since then the load has been the
/// processor time that was used. As on Linux they are fixed-point numbers with 11 binary places, which decay every five seconds.
public struct LoadAverage {
    public private(set) var values: [UInt64] = [0, 0, 0]
    private var time: UInt64 = 0
    private var used: UInt64 = 0

    public static var one: UInt64 { 1 << 11 }
    private static var period: UInt64 { 5_000_000_000 }

    public init() {}

    /// - Parameters:
    ///   - now: CLOCK_BOOTTIME.
    ///   - total: nanoseconds of processor time used by the sandbox so far.
    public mutating func update(_ now: UInt64, _ total: UInt64) {
        if time == 0 { time = SystemState.shared.bootTime }
        guard now > time, now &- time >= LoadAverage.period else { return }
        let busy = total > used ? total &- used : 0
        let elapsed = now &- time
        let load = min(busy, .max >> 12) &* LoadAverage.one / elapsed
        // After an hour nothing is left of what was before.
        let steps = min(elapsed / LoadAverage.period, 720)
        let decay: [UInt64] = [1884, 2014, 2037]
        for index in 0..<3 {
            for _ in 0..<steps {
                let old = values[index]
                values[index] = (old &* decay[index] &+ load &* (LoadAverage.one &- decay[index]) &+ (load >= old ? LoadAverage.one &- 1 : 0)) / LoadAverage.one
            }
        }
        time = now
        used = max(used, total)
    }
}
