// A system call as a line of strace(1).

import LinuxABI
import MonitorProtocol

/// A call that was made, with the memory behind its arguments.
public struct TracedCall: Sendable {
    public let number: UInt
    public let tid: Int32
    public let pid: Int32
    let call: Syscall?
    let values: SyscallValues
    let kinds: SyscallArguments
    let inputs: [MemoryChunk]
    /// Bytes of the record.
    let size: Int

    /// From a ``TraceKind/enter`` record.
    public init(_ event: TraceEvent) {
        number = UInt(event.u64(TraceRecord.enterNumber))
        tid = event.tid
        pid = event.pid
        size = event.bytes.count
        call = Syscall(rawValue: number)
        var values = SyscallValues(repeating: 0)
        for index in 0..<6 { values[index] = UInt(event.u64(TraceRecord.enterArguments + 8 * index)) }
        self.values = values
        kinds = call?.arguments(of: values) ?? .unknown
        inputs = event.chunks(from: TraceRecord.enterChunks)
    }

    public var name: String { TracedCall.name(number) }
    public static func name(_ number: UInt) -> String { Syscall(rawValue: number).map { "\($0.name)" } ?? "syscall_\(number)" }

    /// How many of the arguments can be shown before the call has returned.
    var argumentsAtEntry: Int {
        for index in 0..<kinds.count where kinds[index].isOutput && values[index] != 0 { return index }
        return kinds.count
    }

    func chunk(_ index: Int, _ form: UInt8 = TraceChunk.bytes, in chunks: [MemoryChunk]) -> MemoryChunk? {
        chunks.first { $0.argument == index && $0.form == form }
    }

    /// Some of the arguments, separated by commas.
    func arguments(_ range: Range<Int>, outputs: [MemoryChunk] = [], failed: Bool = false) -> String {
        range.map { argument($0, outputs: outputs, failed: failed) }.joined(separator: ", ")
    }

    private func argument(_ index: Int, outputs: [MemoryChunk], failed: Bool) -> String {
        let kind = kinds[index]
        let value = values[index]
        let chunks = kind.isOutput ? outputs : inputs
        return memory(kind, index, chunks) ?? Values.text(kind, value, before: beforeForOption(index))
    }

    /// What a protocol or an option depends on: the family, the level.
    private func beforeForOption(_ index: Int) -> UInt {
        switch kinds[index] {
        case .socketProtocol: values[0]
        case .socketOption: values[index - 1]
        default: 0
        }
    }

    /// What an argument points to; nil if it is not to be followed, or was not taken.
    private func memory(_ kind: ArgKind, _ index: Int, _ chunks: [MemoryChunk]) -> String? {
        switch kind {
        case .stringVector: return chunk(index, TraceChunk.strings, in: chunks).map { strings($0, index) }
        case .iovecIn, .iovecOut: return vector(index, TraceChunk.bytes, chunks)
        case .msghdrIn, .msghdrOut: return message(index, chunks)
        case .direntsOut:
            guard let found = chunk(index, TraceChunk.count, in: chunks) else { return nil }
            let count = found.bytes.number(0, 4)
            return Quoting.hex(UInt64(values[index])) + " /* \(count) \(count == 1 ? "entry" : "entries") */"
        default: break
        }
        guard let chunk = chunk(index, in: chunks) else { return nil }
        let bytes = chunk.bytes
        switch kind {
        case .path, .string, .inBuffer, .outBuffer: return Quoting.quoted(bytes, isCut: chunk.isCut)
        case .stringOut: return Quoting.quoted(bytes, isCut: chunk.isCut)
        case .optionIn, .optionOut: return bytes.count == 4 ? "[\(bytes.i32(0))]" : Quoting.quoted(bytes, isCut: chunk.isCut)
        case .processorsIn, .processorsOut: return Structures.descriptorSet(bytes, below: bytes.count * 8)
        case .sockaddrIn, .sockaddrOut: return Structures.socketAddress(bytes)
        case .groupsIn, .groupsOut: return list(chunk, 4) { String($0.number($1, 4)) }
        case .semOperations: return list(chunk, 6) { "{sem_num=\($0.number($1, 2)), sem_op=\(Int16(truncatingIfNeeded: $0.number($1 + 2, 2))), sem_flg=\(Values.ipcFlags($0.number($1 + 4, 2)))}" }
        case .pollFds: return list(chunk, 8) { Structures.pollFd($0, $1, returned: false) }
        case .fdSet: return Structures.descriptorSet(bytes, below: Int(Int32(truncatingIfNeeded: values[0])))
        case .epollEventsOut: return list(chunk, 12) { Structures.epollEvent($0, $1) }
        default: return Structures.text(kind, bytes)
        }
    }

    private func list(_ chunk: MemoryChunk, _ size: Int, _ text: ([UInt8], Int) -> String) -> String {
        var parts = (0..<(chunk.bytes.count / size)).map { text(chunk.bytes, $0 * size) }
        if chunk.isCut { parts.append("...") }
        return "[" + parts.joined(separator: ", ") + "]"
    }

    private func strings(_ chunk: MemoryChunk, _ index: Int) -> String {
        let total = Int(chunk.bytes.number(0, 4))
        // The second vector of a call is the environment.
        if index > 0 && kinds[index - 1] == .stringVector {
            return Quoting.hex(UInt64(values[index])) + " /* \(total) var\(total == 1 ? "" : "s") */"
        }
        return TracedCall.vector(chunk.pieces(from: 4), total: total)
    }

    static func vector(_ pieces: [(bytes: [UInt8], isCut: Bool)], total: Int) -> String {
        var parts = pieces.prefix(max(0, total)).map { Quoting.quoted($0.bytes, isCut: $0.isCut) }
        if parts.count < total { parts.append("...") }
        return "[" + parts.joined(separator: ", ") + "]"
    }

    private func vector(_ index: Int, _ form: UInt8, _ chunks: [MemoryChunk]) -> String? {
        guard let headers = chunk(index, form, in: chunks) else { return nil }
        let buffers = chunk(index, TraceChunk.buffers, in: chunks)?.pieces(from: 0) ?? []
        return list(headers, 16) { bytes, at in
            let length = bytes.number(at + 8, 8)
            let place = at / 16
            let base = place < buffers.count && (!buffers[place].bytes.isEmpty || length == 0)
                ? Quoting.quoted(buffers[place].bytes, isCut: buffers[place].isCut) : Quoting.hex(bytes.number(at, 8))
            return "{iov_base=\(base), iov_len=\(length)}"
        }
    }

    private func message(_ index: Int, _ chunks: [MemoryChunk]) -> String? {
        guard let header = chunk(index, in: chunks)?.bytes, header.count >= 56 else { return nil }
        let name = chunk(index, TraceChunk.name, in: chunks).flatMap { Structures.socketAddress($0.bytes) } ?? Quoting.hex(header.number(0, 8))
        let vector = vector(index, TraceChunk.vector, chunks) ?? Quoting.hex(header.number(16, 8))
        var text = "{msg_name=\(name), msg_namelen=\(header.number(8, 4)), msg_iov=\(vector), msg_iovlen=\(header.number(24, 8))"
        if let control = chunk(index, TraceChunk.control, in: chunks)?.bytes { text += ", msg_control=" + controls(control) }
        text += ", msg_controllen=\(header.number(40, 8)), msg_flags=\(Constants.messageFlags.flags(header.number(48, 4)))}"
        return text
    }

    private func controls(_ bytes: [UInt8]) -> String {
        var parts: [String] = []
        var at = 0
        while at + 16 <= bytes.count {
            let length = Int(clamping: bytes.number(at, 8))
            guard length >= 16, length <= bytes.count - at else { break }
            let level = bytes.number(at + 8, 4), type = bytes.number(at + 12, 4)
            var text = "{cmsg_len=\(length), cmsg_level=\(Constants.socketLevel.text(level)), cmsg_type=\(level == 1 ? Constants.controlType.text(type) : Constants.number(type))"
            if level == 1, type == 1 {
                text += ", cmsg_data=[" + stride(from: 16, to: length - 3, by: 4).map { String(bytes.i32(at + $0)) }.joined(separator: ", ") + "]"
            } else if level == 1, type == 2, length >= 28 {
                text += ", cmsg_data={pid=\(bytes.i32(at + 16)), uid=\(bytes.i32(at + 20)), gid=\(bytes.i32(at + 24))}"
            }
            parts.append(text + "}")
            at += (length + 7) & ~7
        }
        return "[" + parts.joined(separator: ", ") + "]"
    }

    // -- results --

    /// What stands behind the equals sign.
    func result(_ value: Int64, outputs: [MemoryChunk]) -> String {
        switch call {
        case .exit, .exit_group: return "?"
        default: break
        }
        if value < 0, value >= -4095 { return TracedCall.failure(Int32(-value)) }
        switch call {
        case .fcntl:
            let word = UInt64(bitPattern: value)
            switch UInt32(truncatingIfNeeded: values[1]) {
            case F_GETFL: return "\(Quoting.hexNumber(word)) (flags \(Values.openFlags(word)))"
            case F_GETFD: return word == 0 ? "0" : "\(Quoting.hexNumber(word)) (flags FD_CLOEXEC)"
            case F_GET_SEALS: return "\(Quoting.hexNumber(word)) (seals \(Constants.seals.flags(word)))"
            default: return String(value)
            }
        case .poll, .ppoll:
            if value == 0 { return "0 (Timeout)" }
            let entries = returnedEntries(outputs)
            return entries.isEmpty ? String(value) : "\(value) ([\(entries.joined(separator: ", "))])"
        case .select, .pselect6:
            if value == 0 { return "0 (Timeout)" }
            var sets: [String] = []
            for (index, name) in [(1, "in"), (2, "out"), (3, "except")] {
                guard let chunk = chunk(index, in: outputs), chunk.bytes.contains(where: { $0 != 0 }) else { continue }
                sets.append(name + " " + Structures.descriptorSet(chunk.bytes, below: Int(Int32(truncatingIfNeeded: values[0]))))
            }
            return sets.isEmpty ? String(value) : "\(value) (\(sets.joined(separator: ", ")))"
        default: break
        }
        switch call?.info.result ?? .long {
        case .address: return value == 0 ? "0" : Quoting.hex(UInt64(bitPattern: value))
        case .hex: return Quoting.hexNumber(UInt64(bitPattern: value))
        case .mode: return Quoting.octal(UInt64(bitPattern: value))
        default: return String(value)
        }
    }

    private func returnedEntries(_ outputs: [MemoryChunk]) -> [String] {
        guard let bytes = chunk(0, in: outputs)?.bytes else { return [] }
        return (0..<(bytes.count / 8)).filter { bytes.number($0 * 8 + 6, 2) != 0 }.map { Structures.pollFd(bytes, $0 * 8, returned: true) }
    }

    static func failure(_ error: Int32) -> String {
        switch error {
        case 512: "? ERESTARTSYS (To be restarted if SA_RESTART is set)"
        case 513: "? ERESTARTNOINTR (To be restarted)"
        case 514: "? ERESTARTNOHAND (To be restarted if no handler)"
        case 516: "? ERESTART_RESTARTBLOCK (Interrupted by signal)"
        default: "-1 \(errorName(error)) (\(ErrorText.of(error)))"
        }
    }

    static func errorName(_ error: Int32) -> String {
        let name = "\(Errno(error).name)"
        return name == "E?" ? String(error) : name
    }
}

extension Quoting {
    /// A number in hexadecimal, also zero.
    static func hexNumber(_ value: UInt64) -> String { "0x" + String(value, radix: 16) }
}
