/// Strings of a guest as text that cannot harm a terminal.
enum Quoting {
    /// In double quotes as in C, with `...` behind it if there is more. Everything that is not printable ASCII is escaped.
    static func quoted(_ bytes: [UInt8], isCut: Bool = false) -> String {
        var result: [UInt8] = [UInt8(ascii: "\"")]
        for (index, byte) in bytes.enumerated() {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): result += [UInt8(ascii: "\\"), byte]
            case 0x20..<0x7f: result.append(byte)
            case 7...13: result += [UInt8(ascii: "\\"), Array("abtnvfr".utf8)[Int(byte) - 7]]
            default:
                result.append(UInt8(ascii: "\\"))
                // Three digits if another one follows, as C would read on.
                let next = index + 1 < bytes.count ? bytes[index + 1] : 0
                let digits = String(byte, radix: 8)
                if (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(next) { result += Array(repeating: UInt8(ascii: "0"), count: 3 - digits.utf8.count) }
                result += digits.utf8
            }
        }
        result.append(UInt8(ascii: "\""))
        if isCut { result += "...".utf8 }
        return String(decoding: result, as: UTF8.self)
    }

    /// Bytes up to the first zero, quoted.
    static func string(_ bytes: [UInt8]) -> String { quoted([UInt8](bytes.prefix { $0 != 0 })) }

    /// Without quotes; control characters and what is no text become `?`.
    static func plain(_ bytes: [UInt8]) -> String {
        var result = ""
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            result.unicodeScalars.append(scalar.value < 0x20 || (0x7f..<0xa0).contains(scalar.value) ? "?" : scalar)
        }
        return result
    }

    static func hex(_ value: UInt64) -> String { value == 0 ? "NULL" : "0x" + String(value, radix: 16) }
    static func octal(_ value: UInt64) -> String { value == 0 ? "0" : "0" + String(value, radix: 8) }
}
