/// Text that came from the sandbox, or may hold anything, made fit for a terminal and for JSON.
enum Text {
    /// Lines without control characters; at most 200.
    static func lines(_ bytes: [UInt8]) -> [String] {
        bytes.prefix { $0 != 0 }.split(separator: UInt8(ascii: "\n")).prefix(200).map { line in
            String(decoding: line.map { $0 == UInt8(ascii: "\t") || ($0 >= 0x20 && $0 < 0x7f) || $0 >= 0xa0 ? $0 : UInt8(ascii: "?") }, as: UTF8.self)
        }
    }

    /// A name in single quotes, control characters escaped.
    static func quoted(_ name: String) -> String {
        var result = "'"
        for scalar in name.unicodeScalars {
            if scalar.value < 0x20 || (0x7f..<0xa0).contains(scalar.value) {
                result += "\\x" + hex(scalar.value, digits: 2)
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result + "'"
    }

    static func hex(_ value: UInt32, digits: Int) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
    }
}

/// What `martlet` has to say to the user.
public enum Complaint {
    /// Writes one line to standard error.
    public static func write(_ message: String) { writeAll(2, "martlet: \(message)\n") }
}
