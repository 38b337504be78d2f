import KernelBase
import LinuxABI
import Machine
import VFS

/// A writable view of a file system that is not changed: what differs is kept in memory.
///
/// Linux's overlayfs has to write all it knows into its upper directory. Here nothing outlives the sandbox, so there is no
/// upper tree: the overlay is a tmpfs some of whose inodes stand for lower files. Such an inode (``OverlayDirectory``,
/// ``OverlayRegular``, ``OverlayNode``) has the lower file's attributes from the beginning and its own from the first change
/// on; a directory keeps the names that differ, a regular file its data once it is written. New files are plain tmpfs inodes.
///
/// A lower inode has one overlay inode, whatever path leads to it. So hard links stay links, inode numbers do not
/// change, and a directory that is renamed takes its lower contents along. An inode that has not been changed and is not
/// in use may be dropped, and made again when it is looked up.
///
/// The lower file system must give the same ``Inode`` object for the same file as long as that object is referenced.
public final class Overlay: Superblock {
    /// Memory for what is new, with its limits.
    let upper: Tmpfs
    /// The superblocks met below; the index is part of inode numbers.
    private var lowerSuperblocks: [Superblock]
    /// Overlay inodes by the address of the lower inode, which they hold.
    private var nodes = HashTable<UInt, TmpfsInode>()
    /// Nodes from which on those that are not needed are dropped.
    private var limit: Int
    private let minimumLimit: Int
    /// Numbers of lower inodes that have none by rule.
    private var irregular = HashTable<HostKey, UInt64>()
    private var lastIrregular: UInt64 = 0
    /// Stands in tables of names for "the lower name is gone".
    let whiteout: Inode
    /// Those who wait for a file's data to be copied. One queue: such waits are rare.
    let copies = WaitQueue()

    /// A copy-on-write view of a directory (or another file).
    /// - Parameters:
    ///   - lower: what is shown. It is never changed.
    ///   - upper: an empty tmpfs, which becomes part of the overlay.
    ///   - device: st_dev of all files.
    ///   - limit: unchanged inodes kept when they are not in use.
    public static func make(lower: (superblock: Superblock, root: Inode), upper: Tmpfs, device: UInt64,
                            limit: Int = 50_000) -> (superblock: Superblock, root: Inode) {
        let overlay = Overlay(lower: lower.superblock, upper: upper, device: device, limit: limit)
        return (overlay, overlay.node(for: lower.root))
    }

    private init(lower: Superblock, upper: Tmpfs, device: UInt64, limit: Int) {
        self.upper = upper
        self.limit = limit
        minimumLimit = limit
        lowerSuperblocks = [lower]
        whiteout = Inode(superblock: lower, number: 0, mode: S_IFCHR, uid: 0, gid: 0)
        super.init(device: device)
        upper.becomeLayer(of: self, inodesAfter: Overlay.firstOwn)
    }

    public override var typeName: StaticString { "overlay" }
    public override func status() throws(Errno) -> FileSystemStatus {
        var status = try upper.status()
        status.type = UInt(OVERLAYFS_SUPER_MAGIC)
        return status
    }

    // MARK: Inodes of lower files

    /// The overlay inode of a lower one, made if there is none.
    func node(for lower: Inode) -> TmpfsInode {
        let key = UInt(bitPattern: ObjectIdentifier(lower))
        if let node = nodes[key] { return node }
        if nodes.count >= limit { dropUnused() }
        let number = number(lower.number, index: index(of: lower.superblock))
        let node: TmpfsInode
        switch lower.type {
        case S_IFDIR: node = OverlayDirectory(self, lower: lower, number: number)
        case S_IFREG: node = OverlayRegular(self, lower: lower, number: number)
        default: node = OverlayNode(upper, lower: lower, number: number)
        }
        nodes[key] = node
        return node
    }

    /// The last name and the last use of an inode are gone.
    func forget(_ node: TmpfsInode) {
        guard let lower = node.lower else { return }
        nodes.remove(UInt(bitPattern: ObjectIdentifier(lower)))
    }

    /// Drops the inodes that are unchanged and only the table holds.
    private func dropUnused() {
        for key in nodes.keys {
            guard var node = nodes.remove(key) else { continue }
            if !node.isUnchanged || !isKnownUniquelyReferenced(&node) { nodes[key] = node }
        }
        // The rest is needed: the next look is due when there is a quarter more than that.
        limit = max(minimumLimit, nodes.count &+ nodes.count / 4)
    }

    /// Inodes of lower files, for tests.
    var nodeCount: Int { nodes.count }

    // MARK: Inode numbers

    // A number has at most 53 bits, so that programs that keep it as a floating-point number do not confuse files: 48 of the
    // lower number and 5 of the index of its superblock, of which the last stands for the overlay's own.
    private static var numberBits: UInt64 { 48 }
    private static var ownIndex: UInt64 { 31 }
    private static var firstOwn: UInt64 { ownIndex << numberBits }
    private static var firstIrregular: UInt64 { firstOwn | 1 << (numberBits &- 1) }

    /// The index of a lower superblock.
    func index(of superblock: Superblock) -> Int {
        for index in 0..<lowerSuperblocks.count where lowerSuperblocks[index] === superblock { return index }
        lowerSuperblocks.append(superblock)
        return lowerSuperblocks.count &- 1
    }

    /// The overlay's number for a lower file.
    /// - Parameter index: of its superblock.
    func number(_ lower: UInt64, index: Int) -> UInt64 {
        if index < Overlay.ownIndex, lower < 1 << Overlay.numberBits { return UInt64(index) << Overlay.numberBits | lower }
        let key = HostKey(device: UInt64(index), number: lower)
        if let known = irregular[key] { return known }
        lastIrregular &+= 1
        irregular[key] = Overlay.firstIrregular &+ lastIrregular
        return Overlay.firstIrregular &+ lastIrregular
    }
}

/// A symbolic link, FIFO, socket or device node of the lower layer.
final class OverlayNode: TmpfsInode {
    override func readLink() throws(Errno) -> Bytes {
        guard isSymbolicLink, let lower else { throw .EINVAL }
        return try lower.readLink()
    }

    override func evict() { (superblock as? Overlay)?.forget(self) }
}
