import KernelBase
import LinuxABI
import VFS

/// A directory of the lower layer: its entries, less those that were taken away, plus new ones.
///
/// Names are kept in two tables: ``entries`` has those the lower directory does not have, ``covered`` those that it has, but that
/// mean something else here or nothing. So every name keeps its place in listings whatever happens to it.
final class OverlayDirectory: TmpfsDirectory {
    private let overlay: Overlay
    private let directory: Inode
    /// Index of the lower superblock, for inode numbers.
    private let index: Int
    private var covered = DirectoryEntries<Inode>()

    init(_ overlay: Overlay, lower: Inode, number: UInt64) {
        self.overlay = overlay
        directory = lower
        index = overlay.index(of: lower.superblock)
        super.init(overlay.upper, lower: lower, number: number)
    }

    override var isUnchanged: Bool { entries.count == 0 && covered.count == 0 && super.isUnchanged }

    override func evict() { overlay.forget(self) }

    // MARK: names

    override func lookup(_ name: Bytes) throws(Errno) -> Inode {
        if let inode = entries[name] { return inode }
        if let inode = covered[name] {
            if inode === overlay.whiteout { throw .ENOENT }
            return inode
        }
        return overlay.node(for: try directory.lookup(name))
    }

    override func insert(_ name: Bytes, _ inode: Inode) {
        // What means nothing but is known here is a whiteout.
        if covered[name] != nil { covered.replace(name, inode) } else { super.insert(name, inode) }
    }

    override func replace(_ name: Bytes, _ inode: Inode) {
        if entries[name] != nil { super.replace(name, inode) } else { cover(name, inode) }
    }

    override func erase(_ name: Bytes) {
        if entries[name] != nil { super.erase(name) } else { cover(name, overlay.whiteout) }
    }

    private func cover(_ name: Bytes, _ inode: Inode) {
        if covered[name] != nil { covered.replace(name, inode) } else { covered.add(name, inode) }
    }

    override var isEmptyDirectory: Bool {
        do throws(Errno) {
            var isEmpty = true
            try directory.list(from: 2) { name, _, _, _ in
                isEmpty = covered[name] != nil
                return isEmpty
            }
            // After the listing, which may have slept.
            guard isEmpty, entries.count == 0 else { return false }
            for entry in covered.entries {
                if let inode = entry.value, inode !== overlay.whiteout { return false }
            }
            return true
        } catch {
            return false
        }
    }

    // MARK: listing

    /// The lower directory's positions come after all others.
    private static var lowerStart: Int { 1 << 40 }
    /// A listing of a lower directory whose positions are too big to be added to others.
    private var snapshot: LowerListing?

    override func list(from position: Int, _ emit: (_ name: Bytes, _ inode: UInt64, _ type: UInt8, _ next: Int) -> Bool) throws(Errno) {
        var position = position
        if position < OverlayDirectory.lowerStart {
            var isFull = false
            try super.list(from: position) { name, number, type, next in
                isFull = !emit(name, number, type, next)
                return !isFull
            }
            if isFull { return }
            position = OverlayDirectory.lowerStart &+ 2
        }
        let start = max(2, position &- OverlayDirectory.lowerStart)
        if let host = directory as? HostDirectory, try host.isListedInPieces() {
            return try listSnapshot(from: start &- 2, emit)
        }
        try directory.list(from: start) { name, number, type, next in
            emitLower(name, number, type, OverlayDirectory.lowerStart &+ next, emit)
        }
    }

    /// Shows a name of the lower directory as what it means here.
    private func emitLower(_ name: Bytes, _ number: UInt64, _ type: UInt8, _ next: Int,
                           _ emit: (_ name: Bytes, _ inode: UInt64, _ type: UInt8, _ next: Int) -> Bool) -> Bool {
        guard let inode = covered[name] else { return emit(name, overlay.number(number, index: index), type, next) }
        if inode === overlay.whiteout { return true }
        return emit(name, inode.number, UInt8(truncatingIfNeeded: inode.mode >> 12 & 15), next)
    }

    private func listSnapshot(from start: Int, _ emit: (_ name: Bytes, _ inode: UInt64, _ type: UInt8, _ next: Int) -> Bool) throws(Errno) {
        let listing: LowerListing
        if let snapshot { listing = snapshot } else { listing = try LowerListing(directory) }
        snapshot = listing
        var index = start
        while index < listing.count {
            let entry = listing.entry(index)
            index &+= 1
            guard emitLower(entry.name, entry.number, entry.type, OverlayDirectory.lowerStart &+ 2 &+ index, emit) else { return }
        }
        // Whoever starts again gets a new one; others may still be on their way.
        if openCount <= 1 { snapshot = nil }
    }
}

/// The names of a directory, in the directory's order.
struct LowerListing {
    private struct Entry {
        var number: UInt64
        var start: UInt32
        var type: UInt8
    }
    /// One after the other.
    private var names: Bytes = []
    private var entries: [Entry] = []

    /// Reads the whole directory. May sleep.
    init(_ directory: Inode) throws(Errno) {
        var names: Bytes = []
        var entries: [Entry] = []
        try directory.list(from: 2) { name, number, type, _ in
            entries.append(Entry(number: number, start: UInt32(truncatingIfNeeded: names.count), type: type))
            names.append(contentsOf: name)
            // Names that would not fit are those of more than ten million files.
            return names.count < 1 << 31
        }
        self.names = names
        self.entries = entries
    }

    var count: Int { entries.count }

    func entry(_ index: Int) -> (name: Bytes, number: UInt64, type: UInt8) {
        let start = Int(entries[index].start)
        let end = index &+ 1 < entries.count ? Int(entries[index &+ 1].start) : names.count
        return (Bytes(names[start..<end]), entries[index].number, entries[index].type)
    }
}
