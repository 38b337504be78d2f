// What has been learned about the text of one file.

import KernelBase
import LinuxABI
import Machine
import VFS

/// The patched text of one file, as it was when the first of its sites trapped.
final class PatchedText {
    /// A page with all patches so far, and the number of the last one.
    struct Page {
        let run: PageRun
        let generation: Int
    }

    /// Where a trampoline begins, how many bytes of the program's instructions it begins with, and the file offset of the `syscall` behind those.
    struct Site {
        let trampoline: Int
        let length: Int
        let offset: Int
    }

    /// Kept, so that its identity is not used for another one.
    let inode: Inode
    /// Patched pages by their number in the file.
    var pages = HashTable<Int, Page>()
    /// Older versions of pages and of the whole, which running processes may still map.
    private var retired: [PageRun] = []
    /// Code that loads the number and the return address and enters the kernel; the first 8 bytes are the entry's address, the
    /// next a number that tells this text from others.
    let trampolines: PageRun
    var used = 64
    /// In the order of their trampolines.
    var sites: [Site] = []
    /// Address of file offset 0 minus that of the trampolines, the same in every process.
    let distance: UInt
    let identity: Int
    /// How often a site has trapped before it was patched, by file offset; then one of the two below.
    var traps = HashTable<Int, UInt8>()
    static var unpatchable: UInt8 { 250 }
    static var patched: UInt8 { 251 }

    private let size: Int
    private let modifications: UInt32
    private let modified: FileTime, changed: FileTime

    /// - Parameter distance: see ``distance``.
    /// - Returns: nil when the sandbox has no memory for it.
    init?(_ inode: Inode, distance: UInt, identity: Int) {
        guard let run = PageRun.allocate(bytes: 0x1_0000) else { return nil }
        self.inode = inode
        trampolines = run
        self.distance = distance
        self.identity = identity
        size = inode.size
        modifications = inode.modifications
        modified = inode.modifyTime
        changed = inode.changeTime
        var entry: Bytes = []
        entry.append(littleEndian: UInt64(Host.fastEntry))
        entry.append(littleEndian: UInt64(identity))
        _ = run.store(offset: 0, from: entry.span)
    }

    /// Whether the file still is what was patched.
    var isCurrent: Bool { inode.size == size && inode.modifications == modifications && inode.modifyTime == modified && inode.changeTime == changed }

    func replace(_ page: Int, by run: PageRun, _ generation: Int) {
        if let old = pages[page] { retired.append(old.run) }
        pages[page] = Page(run: run, generation: generation)
    }

    // --- the whole text ---

    /// A copy of the text with the patches up to a generation. One mapping of it takes the place of one for each
    /// patched page and each stretch between them, which would cost every exec and every fork.
    struct Snapshot {
        let run: PageRun
        /// Pages of the file, from the first up to but not including the last.
        let first: Int, last: Int
        let generation: Int
    }
    private(set) var snapshot: Snapshot?
    private var snapshots = 0
    private static var largestSnapshot: Int { 1024 }

    /// Makes a snapshot of the pages from `first` up to `last` if it is worth it. May sleep.
    ///
    /// Each is used until twice as many pages have changed since as were worth making it, so that there are few.
    func takeSnapshot(first: Int, last: Int) {
        guard first >= 0, last > first, last - first <= PatchedText.largestSnapshot, snapshots < 6 else { return }
        if let snapshot, snapshot.first != first || snapshot.last != last { return }
        let old = snapshot?.generation ?? 0
        var changes = 0
        pages.forEach { page, patched in if page >= first, page < last, patched.generation > old { changes += 1 } }
        guard changes >= 3 << snapshots, let run = PageRun.allocate(bytes: (last - first) << 12) else { return }
        let before = snapshots
        var page = first
        while page < last {
            let count = min(16, last - page) << 12
            guard let bytes = try? inode.readBytes(offset: page << 12, count: count) else { return }
            _ = run.store(offset: (page - first) << 12, from: bytes.span)
            page += 16
        }
        // Reading may have slept: somebody else may have been here, or the file may have changed.
        guard snapshots == before, isCurrent else { return }
        var newest = 0
        pages.forEach { page, patched in
            newest = max(newest, patched.generation)
            guard page >= first, page < last else { return }
            _ = run.copy(offset: (page - first) << 12, count: 4096, from: patched.run, at: 0)
        }
        if let snapshot { retired.append(snapshot.run) }
        snapshot = Snapshot(run: run, first: first, last: last, generation: newest)
        snapshots += 1
    }
}
