/// Writes JSON; small and without Foundation, which would cost milliseconds at every start.
public struct JSONWriter {
    public private(set) var text = ""
    private var needsComma = false

    public init() {}

    private mutating func separate() {
        if needsComma { text += "," }
        needsComma = false
    }

    public mutating func object(_ body: (inout JSONWriter) -> Void) {
        separate()
        enclose("{", "}", body)
    }

    public mutating func object(_ name: String, _ body: (inout JSONWriter) -> Void) {
        key(name)
        enclose("{", "}", body)
    }

    public mutating func array(_ name: String, _ body: (inout JSONWriter) -> Void) {
        key(name)
        enclose("[", "]", body)
    }

    private mutating func enclose(_ open: String, _ close: String, _ body: (inout JSONWriter) -> Void) {
        text += open
        body(&self)
        text += close
        needsComma = true
    }

    private mutating func key(_ name: String) {
        separate()
        string(name)
        text += ":"
    }

    public mutating func field(_ name: String, _ value: Int64) { key(name); text += "\(value)"; needsComma = true }
    public mutating func field(_ name: String, _ value: Bool) { key(name); text += value ? "true" : "false"; needsComma = true }
    public mutating func field(_ name: String, _ value: String) { key(name); string(value); needsComma = true }

    /// A number that is already written as JSON writes it.
    public mutating func field(_ name: String, decimal: String) { key(name); text += decimal == "-" ? "null" : decimal; needsComma = true }

    /// A duration in seconds with nine decimals.
    public mutating func field(_ name: String, nanoseconds: UInt64) {
        key(name)
        let fraction = String(nanoseconds % 1_000_000_000)
        text += "\(nanoseconds / 1_000_000_000).\(String(repeating: "0", count: 9 - fraction.utf8.count))\(fraction)"
        needsComma = true
    }

    public mutating func field(_ name: String, _ values: [String]) {
        array(name) { list in
            for value in values {
                list.separate()
                list.string(value)
                list.needsComma = true
            }
        }
    }

    private mutating func string(_ value: String) {
        text += "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case _ where HostText.isKeptByte(scalar): text += "\u{fffd}"  // JSON has no bytes
            case _ where scalar.value < 0x20: text += "\\u" + JSONWriter.hex(scalar.value)
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }

    private static func hex(_ value: UInt32) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: max(0, 4 - text.utf8.count)) + text
    }
}
