import LinuxABI

/// Names of numbers: of an enumeration, or of bits that are joined.
struct Constants: Sendable {
    struct Constant: Sendable {
        let name: StaticString
        let value: UInt64

        init<T: FixedWidthInteger>(_ name: StaticString, _ value: T) {
            self.name = name
            // Signed constants are C ints.
            self.value = T.isSigned ? UInt64(UInt32(truncatingIfNeeded: value)) : UInt64(truncatingIfNeeded: value)
        }
    }

    private let list: [Constant]
    init(_ list: [Constant]) { self.list = list }

    /// The name of one value, or nil.
    func name(of value: UInt64) -> String? {
        for constant in list where constant.value == value { return "\(constant.name)" }
        return nil
    }

    /// One value: its name, or the number if there is none.
    func text(_ value: UInt64) -> String { name(of: value) ?? Constants.number(value) }

    /// Bits joined by `|`, in the order of the list; what has no name follows in hexadecimal.
    /// - Parameter none: what no bit at all is called.
    func flags(_ value: UInt64, none: String = "0") -> String {
        if value == 0 { return none }
        var left = value
        var parts: [String] = []
        for constant in list where constant.value != 0 && left & constant.value == constant.value {
            parts.append("\(constant.name)")
            left &= ~constant.value
        }
        if left != 0 { parts.append("0x" + String(left, radix: 16)) }
        return parts.joined(separator: "|")
    }

    /// Small numbers in decimal, others in hexadecimal.
    static func number(_ value: UInt64) -> String { value < 10 ? String(value) : "0x" + String(value, radix: 16) }
}
