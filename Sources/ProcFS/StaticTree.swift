import KernelBase
import LinuxABI
import Machine
import VFS

/// A directory whose entries are always the same. They are made when it is first looked into.
class StaticDirectory: PseudoInode {
    private struct Entry {
        var name: Bytes
        var inode: Inode
    }
    private final var build: ((StaticDirectory) -> Void)?
    private final var entries: [Entry] = []
    /// Numbers of new entries.
    private final let nextNumber: () -> UInt64

    /// - Parameter build: adds the entries.
    init(_ superblock: Superblock, number: UInt64, mode: UInt32 = 0o555, nextNumber: @escaping () -> UInt64,
         _ build: @escaping (StaticDirectory) -> Void) {
        self.nextNumber = nextNumber
        self.build = build
        super.init(superblock, number: number, mode: S_IFDIR | mode)
    }

    private final func prepare() {
        guard let make = build else { return }
        build = nil
        make(self)
    }

    // --- for builders ---

    final func newNumber() -> UInt64 { nextNumber() }

    final func add(_ name: Bytes, _ inode: Inode) {
        // Below a directory that is made anew at each lookup nothing is found again.
        if !isRemembered { inode.isRemembered = false }
        entries.append(Entry(name: name, inode: inode))
        if inode.isDirectory { linkCount &+= 1 }
    }

    /// A file to read. `name` may be made: a processor's number, for one.
    final func file(_ name: Bytes, mode: UInt32 = 0o444, size: Int = 0, _ text: @escaping () throws(Errno) -> Bytes) {
        let inode = StaticFile(superblock, number: nextNumber(), mode: mode, text, nil)
        inode.size = size
        add(name, inode)
    }
    final func file(_ name: StaticString, mode: UInt32 = 0o444, _ text: @escaping () throws(Errno) -> Bytes) { file(Bytes(name), mode: mode, text) }

    /// A file to read and write.
    final func file(_ name: StaticString, mode: UInt32, _ text: @escaping () throws(Errno) -> Bytes, store: @escaping (Bytes) throws(Errno) -> Void) {
        add(Bytes(name), StaticFile(superblock, number: nextNumber(), mode: mode, text, store))
    }

    final func directory(_ name: Bytes, mode: UInt32 = 0o555, _ build: @escaping (StaticDirectory) -> Void) {
        add(name, StaticDirectory(superblock, number: nextNumber(), mode: mode, nextNumber: nextNumber, build))
    }
    final func directory(_ name: StaticString, mode: UInt32 = 0o555, _ build: @escaping (StaticDirectory) -> Void) {
        directory(Bytes(name), mode: mode, build)
    }

    final func link(_ name: StaticString, to target: StaticString) {
        let text = Bytes(target)
        let inode = TextLink(superblock, number: nextNumber()) { text }
        inode.size = text.count
        add(Bytes(name), inode)
    }

    // --- the directory ---

    final func find(_ name: Bytes) -> Inode? {
        prepare()
        for entry in entries where entry.name == name { return entry.inode }
        return nil
    }

    override func lookup(_ name: Bytes) throws(Errno) -> Inode {
        guard let inode = find(name) else { throw .ENOENT }
        return inode
    }

    override func refresh() throws(Errno) { prepare() }

    final var count: Int {
        prepare()
        return entries.count
    }

    override func list(from position: Int, _ emit: (_ name: Bytes, _ inode: UInt64, _ type: UInt8, _ next: Int) -> Bool) throws(Errno) {
        prepare()
        var index = max(0, position &- 2)
        while index < entries.count {
            let inode = entries[index].inode
            guard emit(entries[index].name, inode.number, UInt8(truncatingIfNeeded: inode.type >> 12), index &+ 3) else { return }
            index &+= 1
        }
    }
}

/// A file of the whole sandbox: two functions.
final class StaticFile: TextInode {
    private let read: () throws(Errno) -> Bytes
    private let write: ((Bytes) throws(Errno) -> Void)?

    init(_ superblock: Superblock, number: UInt64, mode: UInt32, _ read: @escaping () throws(Errno) -> Bytes, _ write: ((Bytes) throws(Errno) -> Void)?) {
        self.read = read
        self.write = write
        super.init(superblock, number: number, mode: S_IFREG | mode)
    }
    override func text() throws(Errno) -> Bytes { try read() }
    override func store(_ bytes: Bytes) throws(Errno) {
        guard let write else { throw .EIO }
        try write(bytes)
    }
}
