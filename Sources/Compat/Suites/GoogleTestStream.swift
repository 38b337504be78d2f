/// Follows what a GoogleTest program prints while it runs, so that a crash loses nothing that was known before.
struct GoogleTestStream {
    /// Cases that ended, in their order.
    private(set) var finished: [CaseResult] = []
    /// The case that has begun and not ended.
    private(set) var running: String?
    /// Whether it came to its closing lines.
    private(set) var isComplete = false

    private var line: [UInt8] = []
    /// What was printed since the running case began.
    private var said: [UInt8] = []
    private static let lineLimit = 16_384

    mutating func take(_ bytes: some Sequence<UInt8>) {
        for byte in bytes {
            if byte == UInt8(ascii: "\n") {
                endLine()
            } else if line.count < Self.lineLimit {
                line.append(byte)
            }
        }
    }

    /// The last line may lack its end.
    mutating func close() { if !line.isEmpty { endLine() } }

    /// What the running case has said.
    var message: String { CaseResult.text(said) }

    private mutating func endLine() {
        defer { line.removeAll(keepingCapacity: true) }
        // A test may have left the cursor in the middle of a line: the marker is looked for anywhere.
        guard let position = marker() else {
            keep(line)
            return
        }
        let mark = line[position..<(position + 12)], rest = line[(position + 13)...]
        if mark.elementsEqual("[ RUN      ]".utf8) {
            running = String(decoding: rest, as: UTF8.self)
            said.removeAll(keepingCapacity: true)
        } else if mark.elementsEqual("[==========]".utf8) {
            // "[==========] 3 tests from 1 test suite ran. (0 ms total)"
            if String(decoding: rest, as: UTF8.self).contains(" ran.") { isComplete = true }
        } else if let verdict = Self.verdict(mark), let (name, milliseconds) = Self.ending(rest), name == running {
            keep(line[..<position])
            finished.append(CaseResult(name, verdict, nanoseconds: milliseconds * 1_000_000, message: verdict == .pass ? "" : message))
            running = nil
            said.removeAll(keepingCapacity: true)
        }
    }

    private mutating func keep(_ bytes: some Collection<UInt8>) {
        guard running != nil, !bytes.isEmpty else { return }
        // Twice the limit of a message, so that its end can still be shown.
        if said.count > 64 * 1024 { said.removeSubrange(8192..<(said.count - 8192)) }
        said += bytes
        said.append(UInt8(ascii: "\n"))
    }

    private func marker() -> Int? {
        guard line.count >= 13 else { return nil }
        for index in 0...(line.count - 13) where line[index] == UInt8(ascii: "[") && line[index + 11] == UInt8(ascii: "]") && line[index + 12] == 0x20 {
            let mark = line[index..<(index + 12)]
            if mark.elementsEqual("[ RUN      ]".utf8) || mark.elementsEqual("[==========]".utf8) || Self.verdict(mark) != nil { return index }
        }
        return nil
    }

    private static func verdict(_ mark: ArraySlice<UInt8>) -> Verdict? {
        if mark.elementsEqual("[       OK ]".utf8) { return .pass }
        if mark.elementsEqual("[  FAILED  ]".utf8) { return .fail }
        if mark.elementsEqual("[  SKIPPED ]".utf8) { return .skip }
        return nil
    }

    /// `Suite.Case (3 ms)` and `Suite.Case, where GetParam() = 1 (3 ms)`; the summary's lines have no time.
    private static func ending(_ rest: ArraySlice<UInt8>) -> (name: String, milliseconds: Int64)? {
        guard rest.suffix(4).elementsEqual(" ms)".utf8), let open = rest.lastIndex(of: UInt8(ascii: "(")) else { return nil }
        guard let milliseconds = Int64(String(decoding: rest[(open + 1)..<(rest.endIndex - 4)], as: UTF8.self)) else { return nil }
        let name = rest[..<open].prefix { $0 != 0x20 && $0 != UInt8(ascii: ",") }
        return (String(decoding: name, as: UTF8.self), milliseconds)
    }
}
