import Machine

/// Small helpers on byte strings. Names and paths are bytes: they have no encoding.
public typealias Bytes = [UInt8]

extension Array where Element == UInt8 {
    /// The bytes of a literal.
    public init(_ text: StaticString) {
        self = []
        text.append(to: &self)
    }

    /// Appends a number in decimal.
    public mutating func append(decimal value: Int) {
        if value < 0 { append(UInt8(ascii: "-")) }
        append(decimal: value.magnitude)
    }
    public mutating func append(decimal value: UInt) {
        var unit: UInt = 1
        while value / unit > 9 { unit &*= 10 }
        while unit > 0 {
            append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: value / unit % 10))
            unit /= 10
        }
    }
    /// Appends a number in hexadecimal, padded with zeros to `width` digits.
    public mutating func append(hex value: UInt, width: Int = 1) {
        var shift = 60
        while shift > 0, value >> UInt(shift) == 0, shift >= width * 4 { shift -= 4 }
        while shift >= 0 {
            let digit = UInt8(truncatingIfNeeded: value >> UInt(shift) & 15)
            append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
            shift -= 4
        }
    }
    /// Appends a number in octal, padded with zeros to `width` digits.
    public mutating func append(octal value: UInt, width: Int = 1) {
        var shift = 63
        while shift > 0, value >> UInt(shift) == 0, shift >= width * 3 { shift -= 3 }
        while shift >= 0 {
            append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value >> UInt(shift) & 7))
            shift -= 3
        }
    }
    public mutating func append(_ text: StaticString) { text.append(to: &self) }

    /// Appends `text` padded with spaces on the left to `width`.
    public mutating func append(rightAligned text: [UInt8], width: Int) {
        var blanks = width &- text.count
        while blanks > 0 {
            append(UInt8(ascii: " "))
            blanks &-= 1
        }
        append(contentsOf: text)
    }

    /// Appends `value` padded with spaces on the left to `width`.
    public mutating func append(decimal value: UInt, width: Int) {
        var digits = 1, rest = value / 10
        while rest > 0 {
            digits &+= 1
            rest /= 10
        }
        while digits < width {
            append(UInt8(ascii: " "))
            digits &+= 1
        }
        append(decimal: value)
    }

    /// Appends a number, its lowest byte first, in as many bytes as its type has.
    public mutating func append<Number: FixedWidthInteger>(littleEndian value: Number) {
        for index in 0..<Number.bitWidth / 8 { append(UInt8(truncatingIfNeeded: value >> (8 * index))) }
    }

    /// Puts a number at an offset, as ``append(littleEndian:)`` would; nowhere if it is not wholly inside.
    public mutating func store<Number: FixedWidthInteger>(littleEndian value: Number, at offset: Int) {
        let size = Number.bitWidth / 8
        guard offset >= 0, offset <= count &- size else { return }
        for index in 0..<size { self[offset &+ index] = UInt8(truncatingIfNeeded: value >> (8 * index)) }
    }

    /// Whether it comes before `other` in the order of the bytes, a beginning before what is longer.
    public func precedes(_ other: [UInt8]) -> Bool {
        let common = Swift.min(count, other.count)
        var index = 0
        while index < common {
            if self[index] != other[index] { return self[index] < other[index] }
            index &+= 1
        }
        return count < other.count
    }

    public func equals(_ text: StaticString) -> Bool {
        guard count == text.utf8CodeUnitCount else { return false }
        var index = 0
        var same = true
        text.forEachByte { byte in
            if self[index] != byte { same = false }
            index += 1
        }
        return same
    }

    public func hasPrefix(_ text: StaticString) -> Bool {
        guard count >= text.utf8CodeUnitCount else { return false }
        var index = 0
        var same = true
        text.forEachByte { byte in
            if self[index] != byte { same = false }
            index += 1
        }
        return same
    }

    /// The unsigned decimal number that the bytes spell, or nil.
    public var decimalValue: UInt? {
        guard !isEmpty, count <= 20 else { return nil }
        var value: UInt = 0
        for byte in self {
            guard byte >= 48, byte <= 57 else { return nil }
            let (product, overflow1) = value.multipliedReportingOverflow(by: 10)
            let (sum, overflow2) = product.addingReportingOverflow(UInt(byte - 48))
            if overflow1 || overflow2 { return nil }
            value = sum
        }
        return value
    }
}
