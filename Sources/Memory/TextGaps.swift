import KernelBase
import LinuxABI
import Machine
import VFS

// The addresses below a program file's first mapping hold the trampolines of its patched text. They are not in the
// list of areas, so a guest may put something else there, or unmap a range that includes them.
extension AddressSpace {
    /// Makes text independent of trampolines in [start, end), which is about to become something else. Called with the
    /// lock held, before the host's mappings change.
    /// - Parameter keeping: the range stays free, so that trampolines may come back later.
    func releaseTextGaps(_ start: UInt, _ end: UInt, keeping: Bool) throws(Errno) {
        let (limit, overflow) = end.addingReportingOverflow(MemoryLayoutLimits.textGap)
        var position = list.first(endingAfter: start)
        while let at = position, overflow || list[at].start < limit {
            let vma = list[at]
            position = list.next(at)
            guard vma.flags.has(.textGap), vma.start > start, vma.start &- MemoryLayoutLimits.textGap < end else { continue }
            if vma.flags.has(.trampolines) {
                // What goes as a whole needs no repair: its gap goes with it.
                if keeping, coversFile(of: at, start, end) { continue }
                try restoreText(above: vma.start)
            }
            guard let again = list.containing(vma.start) else { continue }
            list.setFlags(list[again].flags.subtracting([.textGap, .trampolines]), at: again)
            // After the text, so that no thread can be sent there any more.
            if vma.flags.has(.trampolines) {
                try hostUnmap(vma.start &- MemoryLayoutLimits.textGap, vma.start)
                position = list.first(endingAfter: vma.end &- 1)
                if let current = position, list[current].start == vma.start { position = list.next(current) }
            }
        }
    }

    /// Whether [start, end) includes all areas that use the gap below the area at `first`.
    private func coversFile(of first: VMAList.Position, _ start: UInt, _ end: UInt) -> Bool {
        var last = list[first].end
        forEachText(above: list[first].start) { last = max(last, $0.end) }
        return start <= list[first].start && end >= last
    }

    /// The executable areas whose trampolines lie below `top`.
    private func forEachText(above top: UInt, _ body: (VMA) -> Void) {
        guard let first = list.containing(top), let file = list[first].file else { return }
        var position: VMAList.Position? = first
        // As many as ``gapOwner(of:)`` looks at.
        for step in 0..<16 {
            guard let at = position else { return }
            let vma = list[at]
            if step > 0, vma.flags.has(.textGap) { return }
            if vma.flags.has(.exec), let other = vma.file, other.inode === file.inode { body(vma) }
            position = list.next(at)
        }
    }

    /// Maps the file's own pages over patched ones. A mapping changes in one step, so threads that run there find either.
    private func restoreText(above top: UInt) throws(Errno) {
        var texts: [VMA] = []
        forEachText(above: top) { texts.append($0) }
        // Text that the guest may have written to has its own copies, and was never patched.
        for text in texts where !text.flags.has([.account, .write]) {
            var piece = text
            piece.end = text.populatedEnd
            guard piece.end > piece.start else { continue }
            _ = try populate(&piece, from: piece.start)
        }
    }
}
