import KernelBase
import LinuxABI
import Machine
import Tasks
import VFS

/// Pieces of text that several files have in common.
enum ProcText {
    /// The number in a name of /proc: decimal, without sign or leading zeros; nil for anything else.
    static func number(_ name: Bytes) -> Int32? {
        guard let value = name.decimalValue, value < 1 << 30, name[0] != 48 || name.count == 1 else { return nil }
        return Int32(value)
    }

    /// The number a user has written into a file, with optional blanks around it: decimal, octal or hexadecimal
    /// as C has it, negative too. Nil if it is none.
    static func integer(_ bytes: Bytes) -> Int? {
        var start = 0, end = bytes.count
        func isBlank(_ byte: UInt8) -> Bool { byte == 32 || byte >= 9 && byte <= 13 || byte == 0 }
        while start < end, isBlank(bytes[start]) { start &+= 1 }
        while end > start, isBlank(bytes[end &- 1]) { end &-= 1 }
        var isNegative = false
        if start < end, bytes[start] == UInt8(ascii: "-") || bytes[start] == UInt8(ascii: "+") {
            isNegative = bytes[start] == UInt8(ascii: "-")
            start &+= 1
        }
        var base = 10
        if end &- start > 2, bytes[start] == 48, bytes[start &+ 1] | 32 == UInt8(ascii: "x") {
            base = 16
            start &+= 2
        } else if end &- start > 1, bytes[start] == 48 {
            base = 8
            start &+= 1
        }
        guard start < end else { return nil }
        var value = 0
        while start < end {
            let byte = bytes[start] | 32
            var digit = Int(bytes[start]) &- 48
            if byte >= UInt8(ascii: "a"), byte <= UInt8(ascii: "f") { digit = Int(byte) &- 87 }
            guard digit >= 0, digit < base else { return nil }
            let (product, overflow1) = value.multipliedReportingOverflow(by: base)
            let (sum, overflow2) = product.addingReportingOverflow(digit)
            if overflow1 || overflow2 { return nil }
            value = sum
            start &+= 1
        }
        return isNegative ? 0 &- value : value
    }

    /// Like `4f2a…-…-…`, RFC 9562 version 4.
    static func randomUUID() -> Bytes {
        var bytes = KernelRandom.bytes(16)
        bytes[6] = bytes[6] & 0x0f | 0x40
        bytes[8] = bytes[8] & 0x3f | 0x80
        var text: Bytes = []
        for (index, byte) in bytes.enumerated() {
            if index == 4 || index == 6 || index == 8 || index == 10 { text.append("-") }
            text.append(hex: UInt(byte), width: 2)
        }
        return text
    }

    /// Numbers of the set bits as `0-3,7`, then a line end.
    static func list(_ words: [UInt64]) -> Bytes {
        var text: Bytes = []
        var bit = 0
        let end = words.count &* 64
        func isSet(_ bit: Int) -> Bool { bit < end && words[bit >> 6] >> UInt64(bit & 63) & 1 != 0 }
        while bit < end {
            guard isSet(bit) else {
                bit &+= 1
                continue
            }
            let first = bit
            while isSet(bit &+ 1) { bit &+= 1 }
            if !text.isEmpty { text.append(",") }
            text.append(decimal: first)
            if bit > first {
                text.append("-")
                text.append(decimal: bit)
            }
            bit &+= 1
        }
        text.append("\n")
        return text
    }

    /// A set of processors in groups of 32 bits, `ff` or `1,ffffffff`.
    static func mask(_ words: [UInt64], bits: Int) -> Bytes {
        var text: Bytes = []
        var group = (max(1, bits) &+ 31) / 32 &- 1
        var width = max(1, (max(1, bits) &+ 3) / 4 &- group &* 8)
        while group >= 0 {
            let word = group / 2 < words.count ? words[group / 2] >> UInt64((group & 1) &* 32) & 0xffff_ffff : 0
            text.append(hex: UInt(word), width: width)
            if group > 0 { text.append(",") }
            width = 8
            group &-= 1
        }
        return text
    }

    /// What stands for an open file in links, maps and the like, as `root` sees it.
    static func name(_ file: File, root: Path) -> Bytes {
        guard let path = file.path, !isNameless(path) else { return file.linkText }
        return VFS.text(of: path, root: root).text
    }

    /// Whether a path was made for an inode that has no name, by ``Inode/namelessPath()``.
    private static func isNameless(_ path: Path) -> Bool { path.dentry.parent == nil && path.dentry.name.isEmpty }

    /// Appends a name with those bytes escaped that would look like the end of a field.
    static func append(escaped name: Bytes, _ text: inout Bytes) {
        for byte in name {
            switch byte {
            case 9, 10, 32, UInt8(ascii: "\\"), UInt8(ascii: "#"):
                text.append("\\")
                text.append(octal: UInt(byte), width: 3)
            default: text.append(byte)
            }
        }
    }
}

extension Array where Element == UInt8 {
    /// `label`, a number, and a line end.
    mutating func line(_ label: StaticString, _ value: Int) {
        append(label)
        append(decimal: value)
        append("\n")
    }
    /// A line of meminfo or status: kibibytes, right-aligned to `column`.
    mutating func kilobytes(_ label: StaticString, _ value: Int, width: Int = 8) {
        append(label)
        append(decimal: UInt(Swift.max(0, value)), width: width)
        append(" kB\n")
    }
    /// Appends a text, filled up with blanks to `width`.
    mutating func padded(_ text: Bytes, _ width: Int) {
        append(contentsOf: text)
        var count = text.count
        while count < width {
            append(32)
            count &+= 1
        }
    }
}

extension Inode {
    /// A path for an inode that has none (a pipe, a memfd), so that it can be opened again.
    func namelessPath() -> Path {
        let dentry = Dentry(name: [], parent: nil, inode: self)
        return Path(mount: Mount(superblock: superblock, root: dentry), dentry: dentry)
    }
}
