import LinuxABI
import MonitorProtocol

@testable import TraceDecoder

/// Builds records as the kernel writes them.
struct RecordBuilder {
    private var bytes: [UInt8] = []

    init(_ kind: UInt16, tid: Int32 = 2, pid: Int32? = nil, flags: UInt16 = 0) {
        put(0, 4)
        put(UInt64(kind), 2)
        put(UInt64(flags), 2)
        put(UInt64(UInt32(bitPattern: tid)), 4)
        put(UInt64(UInt32(bitPattern: pid ?? tid)), 4)
    }

    mutating func put(_ value: UInt64, _ width: Int) { for index in 0..<width { bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * index))) } }
    mutating func put(_ more: [UInt8]) { bytes += more }

    mutating func chunk(_ argument: Int, _ data: [UInt8], form: UInt8 = TraceChunk.bytes, cut: Bool = false) {
        bytes += [UInt8(argument), form, cut ? TraceChunk.cut : 0, 0]
        put(UInt64(data.count), 4)
        bytes += data
        pad()
    }

    mutating func pad() { while bytes.count % 8 != 0 { bytes.append(0) } }

    var event: TraceEvent {
        var whole = self
        whole.pad()
        let size = whole.bytes.count
        for index in 0..<4 { whole.bytes[index] = UInt8(truncatingIfNeeded: size >> (8 * index)) }
        return TraceEvent(whole.bytes)
    }
}

typealias Memory = (argument: Int, form: UInt8, data: [UInt8])

func entered(_ call: Syscall, _ values: [UInt], _ memory: [Memory] = [], tid: Int32 = 2, cut: Bool = false) -> TraceEvent {
    var record = RecordBuilder(TraceKind.enter, tid: tid)
    record.put(UInt64(call.rawValue), 8)
    for index in 0..<6 { record.put(index < values.count ? UInt64(values[index]) : 0, 8) }
    for piece in memory { record.chunk(piece.argument, piece.data, form: piece.form, cut: cut) }
    return record.event
}

func left(_ call: Syscall, _ result: Int64, _ memory: [Memory] = [], tid: Int32 = 2, flags: UInt16 = 0) -> TraceEvent {
    var record = RecordBuilder(TraceKind.leave, tid: tid, flags: flags)
    record.put(UInt64(call.rawValue), 8)
    record.put(UInt64(bitPattern: result), 8)
    for piece in memory { record.chunk(piece.argument, piece.data, form: piece.form) }
    return record.event
}

/// The line of one call that returns at once, without the thread's number.
func line(_ call: Syscall, _ values: [UInt], _ input: [Memory] = [], _ result: Int64 = 0, _ output: [Memory] = [], cut: Bool = false) -> String {
    var writer = LineWriter()
    let text = writer.text(entered(call, values, input, cut: cut)) + writer.text(left(call, result, output))
    return text.hasPrefix("[2] ") && text.hasSuffix("\n") ? String(text.dropFirst(4).dropLast()) : "?" + text
}

func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

/// Numbers of a width in bytes.
func words(_ values: [(UInt64, Int)]) -> [UInt8] { values.flatMap { value, width in (0..<width).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) } } }

func stringVector(_ strings: [String]) -> [UInt8] { words([(UInt64(strings.count), 4)]) + strings.flatMap { words([(UInt64($0.utf8.count), 4)]) + bytes($0) } }
