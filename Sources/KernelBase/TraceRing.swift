import LinuxABI
import Machine
import MonitorProtocol

/// One record for the trace ring, see ``MonitorProtocol/TraceRecord``. It grows up to the record limit; what does not fit is cut.
public struct TraceWriter {
    public private(set) var bytes: Bytes = []
    private var chunkStart = 0

    /// - Parameter kind: ``TraceKind``.
    public init(_ kind: UInt16, flags: UInt16 = 0, pid: Int32, tid: Int32) {
        bytes.reserveCapacity(256)
        put(UInt32(0))
        put(UInt32(kind) | UInt32(flags) &<< 16)
        put(UInt32(bitPattern: tid))
        put(UInt32(bitPattern: pid))
    }

    /// Of the thread that runs.
    public init(_ kind: UInt16, flags: UInt16 = 0) {
        let identity = ThreadSlot.identity
        self.init(kind, flags: flags, pid: identity.pid, tid: identity.tid)
    }

    /// Bytes that still fit.
    public var room: Int { max(0, TraceRecord.maximum &- 32 &- bytes.count) }

    public mutating func put(_ value: UInt32) {
        for shift in 0..<4 as Range<UInt32> { bytes.append(UInt8(truncatingIfNeeded: value &>> (shift &* 8))) }
    }
    public mutating func put(_ value: UInt64) { bytes.append(littleEndian: value) }
    public mutating func put(_ more: Bytes) {
        if more.count <= room { bytes.append(contentsOf: more) } else { bytes.append(contentsOf: more.prefix(room)) }
    }

    /// A length and the bytes.
    public mutating func put(text: Bytes) {
        let count = min(text.count, max(0, room &- 4))
        put(UInt32(truncatingIfNeeded: count))
        bytes.append(contentsOf: text.prefix(count))
    }

    public mutating func pad() { while bytes.count & 7 != 0 { bytes.append(0) } }

    /// Begins a ``TraceChunk``; ``endChunk()`` fixes its length.
    public mutating func beginChunk(_ argument: Int, form: UInt8 = TraceChunk.bytes, flags: UInt8 = 0) {
        chunkStart = bytes.count
        bytes.append(UInt8(truncatingIfNeeded: argument))
        bytes.append(form)
        bytes.append(flags)
        bytes.append(0)
        put(UInt32(0))
    }
    public mutating func endChunk() {
        patch(chunkStart &+ TraceChunk.length, UInt32(truncatingIfNeeded: bytes.count &- chunkStart &- TraceChunk.header))
        pad()
    }
    public mutating func setChunkFlags(_ flags: UInt8) {
        let place = chunkStart &+ TraceChunk.flags
        if place < bytes.count { bytes[place] |= flags }
    }

    /// Replaces four bytes that are there already.
    public mutating func patch(_ offset: Int, _ value: UInt32) {
        guard offset >= 0, offset &+ 4 <= bytes.count else { return }
        for index in 0..<4 { bytes[offset &+ index] = UInt8(truncatingIfNeeded: value &>> UInt32(index &* 8)) }
    }

    fileprivate mutating func finish() {
        pad()
        patch(TraceRecord.size, UInt32(truncatingIfNeeded: bytes.count))
    }
}

/// The kernel's end of the trace ring. Everything is done under the kernel lock.
public enum TraceRing {
    private static var header: Int { Ring.header(Ring.trace) }
    private static var capacity: Int { Ring.capacity(Ring.trace) }
    /// Kept free for records that cannot wait, by those that can.
    private static var reserve: Int { 0x2_0000 }

    private static var space: Int {
        let used = SharedArea.load32(header &+ RingHeader.producer) &- SharedArea.load32(header &+ RingHeader.consumer)
        return capacity &- min(Int(used), capacity)
    }
    /// Nobody reads any more.
    private static var isBroken: Bool { SharedArea.load32(header &+ RingHeader.broken) != 0 }

    /// Writes the record. While the ring is full it sleeps, and drops the kernel lock; nothing ends that sleep but room in the ring, or the
    /// end of its reader.
    public static func send(_ record: consuming TraceWriter) {
        while true {
            if isBroken { return }
            if space >= TraceRecord.maximum &+ reserve { break }
            let seen = SharedArea.load32(Header.kernelBell)
            SharedArea.store32(1, header &+ RingHeader.kernelWaiting)
            if space >= TraceRecord.maximum &+ reserve { break }
            wakeMonitor()
            SharedArea.waitWhile(Header.kernelBell, equals: seen)
        }
        store(record)
    }

    /// Writes the record without sleeping. One that finds no room is lost, and counted.
    public static func sendNow(_ record: consuming TraceWriter) {
        if isBroken { return }
        guard space >= TraceRecord.maximum else {
            SharedArea.store64(SharedArea.load64(Statistics.traceDropped) &+ 1, Statistics.traceDropped)
            return
        }
        store(record)
    }

    private static func store(_ record: consuming TraceWriter) {
        var record = record
        record.finish()
        let producer = SharedArea.load32(header &+ RingHeader.producer)
        let start = Int(producer) & (capacity &- 1)
        let bytes = record.bytes
        let first = min(bytes.count, capacity &- start)
        SharedArea.store(bytes.span.extracting(0..<first), Ring.data(Ring.trace) &+ start)
        if first < bytes.count { SharedArea.store(bytes.span.extracting(first..<bytes.count), Ring.data(Ring.trace)) }
        SharedArea.store32(producer &+ UInt32(truncatingIfNeeded: bytes.count), header &+ RingHeader.producer)
        wakeMonitor()
    }

    private static func wakeMonitor() {
        let bell = header &+ RingHeader.monitorBell
        SharedArea.add32(1, bell)
        if SharedArea.load32(header &+ RingHeader.monitorWaiting) != 0 { SharedArea.wakeWaiters(bell, 1) }
    }
}

/// Lines that the kernel logs, for `--log`. Look at ``isOn(_:)`` before making one.
public enum Log {
    /// Whether lines of this ``LogLevel`` are wanted.
    @inline(__always)
    public static func isOn(_ level: UInt32) -> Bool { Tracing.logLevel >= level }

    /// Logs one line. Under the kernel lock; does not sleep.
    public static func write(_ level: UInt32, _ text: Bytes) {
        guard isOn(level) else { return }
        var record = TraceWriter(TraceKind.log, flags: UInt16(truncatingIfNeeded: level))
        record.put(text: Bytes(text.prefix(1024)))
        TraceRing.sendNow(record)
    }

    /// Logs a text and a number, which is an errno, a count, ...
    public static func write(_ level: UInt32, _ text: StaticString, _ number: Int) {
        guard isOn(level) else { return }
        var bytes = Bytes(text)
        bytes.append(decimal: number)
        write(level, bytes)
    }
}
