import KernelBase
import LinuxABI
import Machine
import VFS

/// The entries of a directory in memory: found by name through a hash table, listed in the order they were made.
///
/// Each entry keeps the position it got, so that a reader who goes on after insertions and removals sees
/// every other entry exactly once, as readdir(3) promises.
struct DirectoryEntries<Value> {
    struct Entry {
        var name: Bytes
        var hash: UInt32
        /// The place in readdir's order; positions below 2 are those of `.` and `..`.
        var position: Int
        /// Nil: removed.
        var value: Value?
    }

    private(set) var entries: [Entry] = []
    /// Indices + 1 by hash; 0 is free. Empty while there are few entries, which are searched in order.
    private var table: [Int32] = []
    private(set) var count = 0
    private var nextPosition = 2

    private static var linearLimit: Int { 8 }

    init() {}

    static func hash(_ name: Bytes) -> UInt32 {
        var hash: UInt64 = 0
        var index = 0
        while index < name.count {
            hash = (hash ^ Words.load(name.span, index)) &* 0xD6E8_FEB8_6659_FD93
            hash ^= hash >> 32
            index &+= 8
        }
        return UInt32(truncatingIfNeeded: hash ^ UInt64(name.count))
    }

    private func find(_ name: Bytes, _ hash: UInt32) -> Int? {
        if table.isEmpty {
            for index in 0..<entries.count where entries[index].hash == hash && entries[index].value != nil && entries[index].name == name { return index }
            return nil
        }
        let mask = table.count &- 1
        var slot = Int(hash) & mask
        while table[slot] != 0 {
            let index = Int(table[slot]) &- 1
            if entries[index].hash == hash, entries[index].value != nil, entries[index].name == name { return index }
            slot = (slot &+ 1) & mask
        }
        return nil
    }

    subscript(name: Bytes) -> Value? {
        guard let index = find(name, DirectoryEntries.hash(name)) else { return nil }
        return entries[index].value
    }

    /// Adds a name that is not there yet.
    mutating func add(_ name: Bytes, _ value: Value) {
        let hash = DirectoryEntries.hash(name)
        entries.append(Entry(name: name, hash: hash, position: nextPosition, value: value))
        nextPosition &+= 1
        count &+= 1
        if entries.count > DirectoryEntries.linearLimit {
            if entries.count &* 2 > table.count { rebuild() } else { place(entries.count &- 1) }
        }
    }

    /// Gives an existing name another value; its position stays.
    mutating func replace(_ name: Bytes, _ value: Value) {
        if let index = find(name, DirectoryEntries.hash(name)) { entries[index].value = value }
    }

    mutating func remove(_ name: Bytes) {
        guard let index = find(name, DirectoryEntries.hash(name)) else { return }
        entries[index].value = nil
        entries[index].name = []
        count &-= 1
        if entries.count > 16, count &* 2 < entries.count { rebuild() }
        if count == 0 {
            entries.removeAll()
            table.removeAll()
        }
    }

    /// Drops the removed entries and makes the table anew.
    private mutating func rebuild() {
        if count < entries.count { entries.removeAll { $0.value == nil } }
        guard entries.count > DirectoryEntries.linearLimit else {
            table = []
            return
        }
        var size = 32
        while size < entries.count &* 4 { size &*= 2 }
        table = [Int32](repeating: 0, count: size)
        for index in 0..<entries.count { place(index) }
    }

    private mutating func place(_ index: Int) {
        let mask = table.count &- 1
        var slot = Int(entries[index].hash) & mask
        while table[slot] != 0 { slot = (slot &+ 1) & mask }
        table[slot] = Int32(truncatingIfNeeded: index &+ 1)
    }

    /// The index of the first entry, removed ones included, at or after a position.
    func index(at position: Int) -> Int {
        var low = 0, high = entries.count
        while low < high {
            let middle = (low &+ high) / 2
            if entries[middle].position < position { low = middle &+ 1 } else { high = middle }
        }
        return low
    }
}

/// A directory in a tmpfs.
public class TmpfsDirectory: TmpfsInode {
    private(set) final var entries = DirectoryEntries<Inode>()
    /// What an entry adds to the size of its directory, as on Linux.
    private static var entrySize: Int { 20 }

    override init(_ fileSystem: Tmpfs, mode: UInt32, uid: UInt32, gid: UInt32) {
        super.init(fileSystem, mode: mode, uid: uid, gid: gid)
        linkCount = 2
        size = 2 &* TmpfsDirectory.entrySize
    }

    override init(_ fileSystem: Tmpfs, lower: Inode, number: UInt64) { super.init(fileSystem, lower: lower, number: number) }

    // MARK: entries

    /// Makes a name that means nothing yet stand for `inode`.
    func insert(_ name: Bytes, _ inode: Inode) {
        entries.add(name, inode)
        size &+= TmpfsDirectory.entrySize
    }

    /// Makes a name that means something else stand for `inode`.
    func replace(_ name: Bytes, _ inode: Inode) { entries.replace(name, inode) }

    /// Takes away a name that means something.
    func erase(_ name: Bytes) {
        entries.remove(name)
        size &-= TmpfsDirectory.entrySize
    }

    /// Counts a subdirectory more or less. Directories of a lower layer may have 1 for "not counted".
    private final func countDirectory(_ change: Int) {
        guard linkCount >= 2 else { return }
        if change > 0 { linkCount &+= 1 } else if linkCount > 2 { linkCount &-= 1 }
    }

    private final func add(_ name: Bytes, _ inode: Inode) {
        insert(name, inode)
        if inode.isDirectory { countDirectory(1) }
        touchModified()
    }

    private final func remove(_ name: Bytes, _ inode: Inode) {
        erase(name)
        if inode.isDirectory { countDirectory(-1) }
        touchModified()
    }

    public override func lookup(_ name: Bytes) throws(Errno) -> Inode {
        guard let inode = entries[name] else { throw .ENOENT }
        return inode
    }

    public override var isEmptyDirectory: Bool { entries.count == 0 }

    public override func list(from position: Int, _ emit: (_ name: Bytes, _ inode: UInt64, _ type: UInt8, _ next: Int) -> Bool) throws(Errno) {
        // `emit` does not sleep, so the entries stay as they are.
        let current = entries.entries
        var index = entries.index(at: position)
        while index < current.count {
            if let inode = current[index].value {
                let type = UInt8(truncatingIfNeeded: inode.mode >> 12 & 15)
                guard emit(current[index].name, inode.number, type, current[index].position &+ 1) else { return }
            }
            index &+= 1
        }
    }

    // MARK: making

    private final func made(_ name: Bytes, _ inode: TmpfsInode) -> Inode {
        inode.inheritAccessLists(from: self)
        add(name, inode)
        return inode
    }

    public override func create(_ name: Bytes, mode: UInt32, device: UInt64, _ credentials: Credentials) throws(Errno) -> Inode {
        try fileSystem.requireInode()
        let owner = NewOwner(mode, in: self, credentials)
        if mode & S_IFMT == S_IFREG {
            return made(name, TmpfsFile(fileSystem, mode: owner.mode, uid: owner.uid, gid: owner.gid))
        }
        let node = TmpfsInode(fileSystem, mode: owner.mode, uid: owner.uid, gid: owner.gid)
        if mode & S_IFMT == S_IFCHR || mode & S_IFMT == S_IFBLK { node.specialDevice = device }
        return made(name, node)
    }

    public override func makeDirectory(_ name: Bytes, mode: UInt32, _ credentials: Credentials) throws(Errno) -> Inode {
        try fileSystem.requireInode()
        let owner = NewOwner(mode, in: self, credentials)
        return made(name, TmpfsDirectory(fileSystem, mode: owner.mode, uid: owner.uid, gid: owner.gid))
    }

    public override func makeSymbolicLink(_ name: Bytes, target: Bytes, _ credentials: Credentials) throws(Errno) -> Inode {
        try fileSystem.requireInode()
        let owner = NewOwner(S_IFLNK | 0o777, in: self, credentials)
        return made(name, TmpfsSymbolicLink(fileSystem, target: target, uid: owner.uid, gid: owner.gid))
    }

    public override func makeTemporary(mode: UInt32, _ credentials: Credentials) throws(Errno) -> Inode {
        try fileSystem.requireInode()
        let owner = NewOwner(mode, in: self, credentials)
        let file = TmpfsFile(fileSystem, mode: owner.mode, uid: owner.uid, gid: owner.gid)
        file.linkCount = 0
        file.inheritAccessLists(from: self)
        return file
    }

    public override func link(_ name: Bytes, to inode: Inode) throws(Errno) {
        if Host.heapIsLow { throw .ENOMEM }
        inode.linkCount &+= 1
        inode.touchChanged()
        add(name, inode)
    }

    // MARK: taking away

    public override func unlink(_ name: Bytes, _ inode: Inode) throws(Errno) {
        remove(name, inode)
        inode.linkCount = inode.linkCount > 0 ? inode.linkCount &- 1 : 0
        inode.touchChanged()
    }

    public override func removeDirectory(_ name: Bytes, _ inode: Inode) throws(Errno) {
        guard inode.isEmptyDirectory else { throw .ENOTEMPTY }
        remove(name, inode)
        inode.linkCount = 0
        inode.touchChanged()
    }

    public override func rename(_ name: Bytes, _ inode: Inode, to target: Inode, _ newName: Bytes, over existing: Inode?, flags: UInt32) throws(Errno) {
        guard let target = target as? TmpfsDirectory else { throw .EXDEV }
        if flags & RENAME_EXCHANGE != 0 {
            guard let existing else { throw .ENOENT }
            replace(name, existing)
            target.replace(newName, inode)
            if target !== self {
                if inode.isDirectory {
                    countDirectory(-1)
                    target.countDirectory(1)
                }
                if existing.isDirectory {
                    target.countDirectory(-1)
                    countDirectory(1)
                }
            }
            existing.touchChanged()
        } else {
            if let existing {
                if existing.isDirectory {
                    try target.removeDirectory(newName, existing)
                } else {
                    try target.unlink(newName, existing)
                }
            }
            remove(name, inode)
            target.add(newName, inode)
        }
        touchModified()
        target.touchModified()
        inode.touchChanged()
    }
}
