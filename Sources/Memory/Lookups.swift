import KernelBase
import LinuxABI
import Machine
import VFS

/// A file's executable area, as the text patcher sees it.
public struct TextArea {
    public let start: UInt, end: UInt
    /// File offset of `start`.
    public let offset: UInt
    public let protection: UInt32
    public let file: File
    /// Addresses kept free for trampolines below the file's first mapping.
    public let gap: Range<UInt>
    public let hasTrampolines: Bool
}

extension AddressSpace {
    /// The private executable mapping of a file that holds `address`, if it has room for trampolines.
    public func textArea(of address: UInt) -> TextArea? {
        guard let position = list.containing(address), address < list[position].populatedEnd else { return nil }
        return textArea(list[position])
    }

    /// All of them.
    public func textAreas() -> [TextArea] {
        var areas: [TextArea] = []
        list.forEach { if let area = textArea($0) { areas.append(area) } }
        return areas
    }

    private func textArea(_ vma: VMA) -> TextArea? {
        guard vma.flags.has(.exec), !vma.flags.has([.write, .shared, .account]), let file = vma.file,
              vma.populatedEnd > vma.start, let owner = gapOwner(of: vma) else { return nil }
        let top = list[owner].start
        return TextArea(start: vma.start, end: vma.populatedEnd, offset: vma.offset(of: vma.start), protection: vma.flags.protection, file: file,
                        gap: (top &- MemoryLayoutLimits.textGap)..<top, hasTrampolines: list[owner].flags.has(.trampolines))
    }

    /// Whether no area holds `address`.
    public func isFree(_ address: UInt) -> Bool { list.containing(address) == nil }

    /// The trampolines of the text at `address` are mapped now.
    public func markTrampolines(at address: UInt) {
        guard let position = list.containing(address), let owner = gapOwner(of: list[position]) else { return }
        list.setFlags(list[owner].flags.union(.trampolines), at: owner)
    }
}
