import Glibc
import MonitorProtocol

/// Which protocol a kernel image speaks, by the note in its file (``Arena/layout``).
///
/// An image and a `martlet` of different builds would misread each other's memory, so nothing is started then.
struct ImageVersion: Equatable {
    /// Whether it is linked to where an image lies.
    private(set) var isImage = false
    private(set) var version: UInt32?
    private(set) var layout: UInt64?

    /// What is wrong with it, as the end of a sentence.
    var fault: String? {
        if !isImage { return "is not one of Martlet's" }
        if version == Arena.version, layout == Arena.layout { return nil }
        return "is of another version than this martlet; build both (Tools/build)"
    }

    /// Looks into an ELF file. The position of the descriptor does not matter; what cannot be read is no image.
    init(of descriptor: Int32) {
        self.init { offset, count in
            var bytes = [UInt8](repeating: 0, count: count)
            let got = pread(descriptor, &bytes, count, off_t(offset))
            return Array(bytes.prefix(max(0, got)))
        }
    }

    /// - Parameter read: gives up to so many bytes from an offset on.
    init(read: (_ offset: Int, _ count: Int) -> [UInt8]) {
        let head = read(0, 4096)
        guard head.starts(with: [0x7f, 0x45, 0x4c, 0x46, 2, 1]) else { return }
        // ELF64: e_phoff at 32, e_phentsize at 54, e_phnum at 56.
        guard let table = Self.number(head, 32, 8), let each = Self.number(head, 54, 2), let count = Self.number(head, 56, 2) else { return }
        guard table < 4096, each >= 56 else { return }
        for index in 0..<Int(count) {
            let at = Int(table) + index * Int(each)
            // p_type, p_offset at 8, p_vaddr at 16, p_filesz at 32.
            guard let type = Self.number(head, at, 4), let offset = Self.number(head, at + 8, 8), let address = Self.number(head, at + 16, 8),
                  let size = Self.number(head, at + 32, 8)
            else { return }
            if type == 1, address == UInt64(Arena.imageAddress) { isImage = true }
            if type == 4, offset < 1 << 32 { takeNotes(read(Int(offset), Int(min(size, 4096)))) }
        }
    }

    private mutating func takeNotes(_ notes: [UInt8]) {
        var at = 0
        while let ownerSize = Self.number(notes, at, 4), let size = Self.number(notes, at + 4, 4), let type = Self.number(notes, at + 8, 4) {
            let owner = at + 12
            let contents = owner + (Int(ownerSize) + 3) & ~3
            let next = contents + (Int(size) + 3) & ~3
            guard next <= notes.count else { return }
            let isOurs = Arena.noteOwner.withUTF8Buffer { notes[owner..<owner + Int(ownerSize)].elementsEqual($0) }
            if isOurs, type == UInt64(Arena.noteType), size == UInt64(Arena.noteSize) {
                version = Self.number(notes, contents, 4).map { UInt32($0) }
                layout = Self.number(notes, contents + 8, 8)
                // One that is linked to elsewhere stands in for an image in a test.
                isImage = true
            }
            at = next
        }
    }

    /// A little-endian number of `width` bytes; nil beyond the end.
    private static func number(_ bytes: [UInt8], _ at: Int, _ width: Int) -> UInt64? {
        guard at >= 0, at + width <= bytes.count else { return nil }
        return (0..<width).reduce(0) { $0 | UInt64(bytes[at + $1]) << UInt64(8 * $1) }
    }
}
