/// Text of the host: arguments, variables, paths.
///
/// These are bytes, usually UTF-8, but nobody promises it: a file may be called `caf\xe9`. A `String` holds nothing but UTF-8. So a byte
/// that is no part of valid UTF-8 is kept as a character of its own, U+10FF00 plus the byte, at the very end of the private use planes; should a
/// text really hold one of these characters, its four bytes are kept in this way. What goes in comes out again, whatever it was.
public enum HostText {
    /// The text of some bytes.
    public static func string(_ bytes: [UInt8]) -> String {
        if let text = String(validating: bytes, as: UTF8.self), !mayHoldKept(bytes) { return text }
        var kept: [UInt8] = []
        kept.reserveCapacity(bytes.count * 2)
        var at = 0
        while at < bytes.count {
            let length = scalarLength(bytes, at)
            let isWhole = length > 0 && !(length == 4 && isKept(bytes, at))
            if isWhole {
                kept += bytes[at..<(at + length)]
                at += length
            } else {
                let byte = bytes[at]
                kept += [0xf4, 0x8f, byte < 0xc0 ? 0xbe : 0xbf, 0x80 | byte & 0x3f]
                at += 1
            }
        }
        return String(decoding: kept, as: UTF8.self)
    }

    /// The text of a C string.
    public static func string(_ pointer: UnsafePointer<CChar>) -> String {
        var bytes: [UInt8] = []
        var at = 0
        while pointer[at] != 0 {
            bytes.append(UInt8(bitPattern: pointer[at]))
            at += 1
        }
        return string(bytes)
    }

    /// The bytes of a text.
    public static func bytes(_ text: String) -> [UInt8] {
        let all = Array(text.utf8)
        guard mayHoldKept(all) else { return all }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(all.count)
        var at = 0
        while at < all.count {
            if isKept(all, at) {
                bytes.append((all[at + 2] == 0xbe ? 0x80 : 0xc0) | all[at + 3] & 0x3f)
                at += 4
            } else {
                bytes.append(all[at])
                at += 1
            }
        }
        return bytes
    }

    /// The same with a NUL at the end, for calls of C.
    public static func path(_ text: String) -> [CChar] { bytes(text).map { CChar(bitPattern: $0) } + [0] }

    /// Whether a character stands for a byte.
    public static func isKeptByte(_ scalar: Unicode.Scalar) -> Bool { scalar.value >= 0x10_ff80 }

    private static func mayHoldKept(_ bytes: [UInt8]) -> Bool { bytes.contains(0xf4) }

    private static func isKept(_ bytes: [UInt8], _ at: Int) -> Bool {
        at + 3 < bytes.count && bytes[at] == 0xf4 && bytes[at + 1] == 0x8f && (bytes[at + 2] == 0xbe || bytes[at + 2] == 0xbf)
    }

    /// The length of the character that begins there; 0 if none does.
    private static func scalarLength(_ bytes: [UInt8], _ at: Int) -> Int {
        let first = bytes[at]
        let length =
            switch first {
            case 0..<0x80: 1
            case 0xc2..<0xe0: 2
            case 0xe0..<0xf0: 3
            case 0xf0..<0xf5: 4
            default: 0
            }
        guard length > 0, at + length <= bytes.count else { return 0 }
        for index in 1..<max(length, 1) {
            var allowed: ClosedRange<UInt8> = 0x80...0xbf
            if index == 1 {
                // Overlong forms, surrogates, and what lies beyond U+10FFFF.
                switch first {
                case 0xe0: allowed = 0xa0...0xbf
                case 0xed: allowed = 0x80...0x9f
                case 0xf0: allowed = 0x90...0xbf
                case 0xf4: allowed = 0x80...0x8f
                default: break
                }
            }
            guard allowed.contains(bytes[at + index]) else { return 0 }
        }
        return length
    }
}
