import LinuxABI
import MonitorProtocol

/// One record of the trace ring. The bytes come from the sandbox: they may be anything, and every access is checked.
public struct TraceEvent: Sendable {
    /// ``TraceKind``.
    public let kind: UInt16
    public let flags: UInt16
    public let tid: Int32
    public let pid: Int32
    let bytes: [UInt8]

    /// The length of the record that begins with `bytes`, or nil if that is no record.
    public static func length(_ bytes: some Collection<UInt8>) -> Int? {
        guard bytes.count >= TraceRecord.body else { return nil }
        var value = 0
        for (shift, byte) in bytes.prefix(4).enumerated() { value |= Int(byte) << (8 * shift) }
        return value >= TraceRecord.body && value <= TraceRecord.maximum && value % 8 == 0 ? value : nil
    }

    /// - Parameter bytes: a whole record.
    public init(_ bytes: [UInt8]) {
        self.bytes = bytes
        kind = UInt16(truncatingIfNeeded: bytes.number(TraceRecord.kind, 2))
        flags = UInt16(truncatingIfNeeded: bytes.number(TraceRecord.flags, 2))
        tid = Int32(truncatingIfNeeded: bytes.number(TraceRecord.tid, 4))
        pid = Int32(truncatingIfNeeded: bytes.number(TraceRecord.pid, 4))
    }

    func u64(_ offset: Int) -> UInt64 { bytes.number(offset, 8) }
    func i32(_ offset: Int) -> Int32 { Int32(truncatingIfNeeded: bytes.number(offset, 4)) }

    /// A length and the bytes behind it.
    func text(_ offset: Int = TraceRecord.textLength) -> [UInt8] { bytes.part(offset + 4, Int(bytes.number(offset, 4))) }

    /// The line of a ``TraceKind/log`` record, as harmless text.
    public var logLine: String { Quoting.plain(text()) }

    /// The guest's memory that was taken, from `offset` on.
    func chunks(from offset: Int) -> [MemoryChunk] {
        var result: [MemoryChunk] = []
        var position = offset
        while position + TraceChunk.header <= bytes.count, result.count < 64 {
            let length = Int(bytes.number(position + TraceChunk.length, 4))
            guard length <= bytes.count - position - TraceChunk.header else { break }
            result.append(
                MemoryChunk(
                    argument: Int(bytes[position + TraceChunk.argument]), form: bytes[position + TraceChunk.form],
                    flags: bytes[position + TraceChunk.flags], bytes: bytes.part(position + TraceChunk.header, length)))
            position += TraceChunk.header + (length + 7) & ~7
        }
        return result
    }
}

/// Memory of the guest, with an argument of a call.
struct MemoryChunk: Sendable {
    let argument: Int
    /// ``TraceChunk``.
    let form: UInt8
    let flags: UInt8
    let bytes: [UInt8]

    var isCut: Bool { flags & TraceChunk.cut != 0 }

    /// Pieces of the forms ``TraceChunk/strings`` (from `offset` 4) and ``TraceChunk/buffers``.
    func pieces(from offset: Int) -> [(bytes: [UInt8], isCut: Bool)] {
        var result: [([UInt8], Bool)] = []
        var position = offset
        while position + 4 <= bytes.count {
            let word = UInt32(truncatingIfNeeded: bytes.number(position, 4))
            let length = Int(word & ~TraceChunk.longer)
            guard length <= bytes.count - position - 4 else { break }
            result.append((bytes.part(position + 4, length), word & TraceChunk.longer != 0))
            position += 4 + length
        }
        return result
    }
}

extension Array where Element == UInt8 {
    /// A little-endian number of `width` bytes; 0 if it is not wholly inside.
    func number(_ offset: Int, _ width: Int) -> UInt64 {
        guard offset >= 0, offset <= count - width else { return 0 }
        var value: UInt64 = 0
        for index in 0..<width { value |= UInt64(self[offset + index]) << UInt64(8 * index) }
        return value
    }
    func i32(_ offset: Int) -> Int32 { Int32(truncatingIfNeeded: number(offset, 4)) }
    func i64(_ offset: Int) -> Int64 { Int64(bitPattern: number(offset, 8)) }

    /// Up to `length` bytes from `offset` on.
    func part(_ offset: Int, _ length: Int) -> [UInt8] {
        guard offset >= 0, length > 0, offset < count else { return [] }
        return [UInt8](self[offset..<Swift.min(count, offset + Swift.min(length, count))])
    }
}
