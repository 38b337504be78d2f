import KernelBase
import LinuxABI
import Machine
import VFS

/// Which inode of a lower layer.
struct LowerKey: Equatable {
    var device: UInt64
    var number: UInt64
    init(_ inode: Inode) {
        device = inode.superblock.device
        number = inode.number
    }
    var tag: UInt32 {
        let product = (number ^ device << 40) &* 0x9E37_79B9_7F4A_7C15
        return UInt32(truncatingIfNeeded: product >> 32) | 1
    }
}

/// A writable view of a file system that is not changed: what differs is kept in memory.
///
/// Linux's overlayfs has to write all it knows into its upper directory. Here nothing outlives the sandbox, so the
/// overlay is made of inodes instead: for each lower inode in use there is one ``OverlayInode``. As long as
/// nothing is changed it passes everything through and may be dropped at any time; from the first change on it holds
/// what is different (attributes, extended attributes, data, entries of a directory) and stays.
///
/// Because a lower inode has one overlay inode whatever path leads to it, hard links stay links, inode numbers do not
/// change, and a renamed directory takes its lower contents along. Data is copied when it is first written, not when
/// the file is opened or its attributes change.
///
/// Lower layers must have the same inode number for the same file for as long as its overlay inode lives.
public final class Overlay: Superblock {
    /// Holds the data of changed and new files, and the limit of their size.
    let upper: Tmpfs
    let lower: Superblock
    private var lastInode: UInt64 = 0

    /// Overlay inodes by lower inode, open addressing. 0 is a free place.
    private var tags = [UInt32](repeating: 0, count: 1024)
    private var nodes = [OverlayInode?](repeating: nil, count: 1024)
    private var mask = 1023
    private var count = 0
    private var hand = 0
    /// Unchanged inodes that are not in use are dropped beyond it.
    private let limit: Int

    /// - Parameters:
    ///   - lower: what is shown; its root must be a directory.
    ///   - upper: an empty tmpfs of the overlay's own.
    public init(device: UInt64, lower: Superblock, upper: Tmpfs, limit: Int = 50_000) {
        self.lower = lower
        self.upper = upper
        self.limit = limit
        super.init(device: device)
        cachesNegative = lower.cachesNegative
    }

    /// The root of the view of `lower`.
    public func makeRoot(lower root: Inode) -> Inode { node(for: root) }

    public override var typeName: StaticString { "overlay" }
    public override var nameLimit: Int { lower.nameLimit }
    public override func status() throws(Errno) -> FileSystemStatus {
        var status = try upper.status()
        status.type = UInt(OVERLAYFS_SUPER_MAGIC)
        return status
    }

    /// Numbers of new files are out of the way of a host's.
    func nextInode() -> UInt64 {
        lastInode &+= 1
        return 1 << 48 | lastInode
    }

    func requireInode() throws(Errno) {
        if Host.heapIsLow { throw .ENOMEM }
    }

    // MARK: the table

    /// The overlay inode of a lower one, made if there is none.
    func node(for lower: Inode) -> OverlayInode {
        let key = LowerKey(lower)
        let tag = key.tag
        var slot = Int(tag >> 1) & mask
        while tags[slot] != 0 {
            if tags[slot] == tag, let node = nodes[slot], node.key == key { return node }
            slot = (slot &+ 1) & mask
        }
        let node: OverlayInode
        switch lower.type {
        case S_IFDIR: node = OverlayDirectory(self, lower: lower)
        case S_IFREG: node = OverlayRegular(self, lower: lower)
        default: node = OverlayInode(self, lower: lower)
        }
        if count >= limit { makeRoom() }
        if count &* 2 > mask { grow() }
        place(node, tag)
        count &+= 1
        return node
    }

    private func place(_ node: OverlayInode, _ tag: UInt32) {
        var slot = Int(tag >> 1) & mask
        while tags[slot] != 0 { slot = (slot &+ 1) & mask }
        tags[slot] = tag
        nodes[slot] = node
    }

    /// The last name and use of a changed inode are gone.
    func forget(_ key: LowerKey) {
        let tag = key.tag
        var slot = Int(tag >> 1) & mask
        while tags[slot] != 0 {
            if tags[slot] == tag, let node = nodes[slot], node.key == key { return vacate(slot) }
            slot = (slot &+ 1) & mask
        }
    }

    private func vacate(_ slot: Int) {
        nodes[slot] = nil
        tags[slot] = 0
        count &-= 1
        var hole = slot
        var next = (slot &+ 1) & mask
        while tags[next] != 0 {
            let home = Int(tags[next] >> 1) & mask
            if (next &- home) & mask >= (next &- hole) & mask {
                tags[hole] = tags[next]
                nodes[hole] = nodes[next]
                tags[next] = 0
                nodes[next] = nil
                hole = next
            }
            next = (next &+ 1) & mask
        }
    }

    private func grow() {
        let oldTags = tags, old = nodes
        mask = mask &* 2 &+ 1
        tags = [UInt32](repeating: 0, count: mask &+ 1)
        nodes = [OverlayInode?](repeating: nil, count: mask &+ 1)
        for slot in 0..<oldTags.count where oldTags[slot] != 0 {
            if let node = old[slot] { place(node, oldTags[slot]) }
        }
    }

    /// Drops some unchanged inodes that only the table holds.
    private func makeRoom() {
        var steps = 512
        while steps > 0 {
            steps &-= 1
            hand &= mask
            if tags[hand] != 0, !(nodes[hand]?.isChanged ?? true), isKnownUniquelyReferenced(&nodes[hand]) {
                vacate(hand)
            } else {
                hand &+= 1
            }
        }
    }
}

/// An inode of an overlay. By itself a symbolic link, device node, FIFO or socket.
class OverlayInode: Inode {
    final let overlay: Overlay
    /// What it shows; nil for what was made in the overlay.
    final let lower: Inode?
    final let key: LowerKey?
    /// It differs from the lower inode: its own attributes count, and it stays.
    final private(set) var isChanged: Bool
    /// Its own extended attributes, once they differ.
    private final var extended: [(name: Bytes, value: Bytes)]?
    /// A new symbolic link's text.
    private final var target: Bytes = []

    init(_ overlay: Overlay, lower: Inode) {
        self.overlay = overlay
        self.lower = lower
        key = LowerKey(lower)
        isChanged = false
        super.init(superblock: overlay, number: lower.number, mode: lower.mode, uid: lower.uid, gid: lower.gid)
        copyAttributes(of: lower)
    }

    init(_ overlay: Overlay, mode: UInt32, uid: UInt32, gid: UInt32) {
        self.overlay = overlay
        lower = nil
        key = nil
        isChanged = true
        super.init(superblock: overlay, number: overlay.nextInode(), mode: mode, uid: uid, gid: gid)
    }

    convenience init(_ overlay: Overlay, target: Bytes, uid: UInt32, gid: UInt32) {
        self.init(overlay, mode: S_IFLNK | 0o777, uid: uid, gid: gid)
        self.target = target
        size = target.count
    }

    private final func copyAttributes(of lower: Inode) {
        mode = lower.mode
        uid = lower.uid
        gid = lower.gid
        linkCount = lower.linkCount
        size = lower.size
        blocks = lower.blocks
        blockSize = lower.blockSize
        specialDevice = lower.specialDevice
        accessTime = lower.accessTime
        modifyTime = lower.modifyTime
        changeTime = lower.changeTime
        birthTime = lower.birthTime
    }

    /// From here on the stored attributes count.
    final func markChanged() { isChanged = true }

    /// Takes over what the lower inode's file system has learned. For an inode that is not changed.
    final func follow(_ lower: Inode) { if !isChanged { copyAttributes(of: lower) } }

    // MARK: attributes

    override func refresh() throws(Errno) {
        guard !isChanged, let lower else { return }
        try lower.refresh()
        if !isChanged { copyAttributes(of: lower) }
    }

    /// Brings the attributes up to date and keeps them. May sleep.
    private final func beginChange() throws(Errno) {
        try refresh()
        markChanged()
    }

    override func setMode(_ mode: UInt32) throws(Errno) {
        try beginChange()
        try super.setMode(mode)
    }
    override func setOwner(uid: UInt32?, gid: UInt32?) throws(Errno) {
        try beginChange()
        try super.setOwner(uid: uid, gid: gid)
    }
    override func setTimes(access: FileTime?, modify: FileTime?) throws(Errno) {
        try beginChange()
        try super.setTimes(access: access, modify: modify)
    }
    /// Reading does not change what is only shown: as on Linux, whose lower layers keep their access times.
    override func setAccessed(_ now: FileTime) { if isChanged { accessTime = now } }

    /// A name more or less (`by` is 1 or -1). Directories of file systems that do not count links keep their 1.
    final func addLinks(_ by: Int) throws(Errno) {
        try beginChange()
        if by > 0 { linkCount &+= 1 } else if linkCount > 0 { linkCount &-= 1 }
        touchChanged()
    }

    override func evict() {
        if isChanged, let key { overlay.forget(key) }
    }

    // MARK: opening

    override func open(_ path: Path, flags: UInt32, _ credentials: Credentials) throws(Errno) -> File {
        try openSpecial(path, flags: flags, credentials)
    }

    override func readLink() throws(Errno) -> Bytes {
        if let lower { return try lower.readLink() }
        guard isSymbolicLink else { throw .EINVAL }
        return target
    }

    // MARK: extended attributes

    /// The list that may be changed: the lower inode's, read once. May sleep.
    private final func ownAttributes() throws(Errno) -> [(name: Bytes, value: Bytes)] {
        if let extended { return extended }
        var list: [(name: Bytes, value: Bytes)] = []
        if let lower {
            for name in try lower.listExtendedAttributes() {
                do throws(Errno) { list.append((name, try lower.getExtendedAttribute(name))) } catch {
                    // One that cannot be read is not there for this sandbox.
                    if error != .ENODATA && error != .EPERM && error != .EACCES { throw error }
                }
            }
        }
        return list
    }

    override func getExtendedAttribute(_ name: Bytes) throws(Errno) -> Bytes {
        guard let extended else {
            guard let lower else { throw .ENODATA }
            do throws(Errno) { return try lower.getExtendedAttribute(name) } catch {
                throw error == .EOPNOTSUPP ? .ENODATA : error
            }
        }
        guard let index = extended.firstIndex(where: { $0.name == name }) else { throw .ENODATA }
        return extended[index].value
    }

    override func setExtendedAttribute(_ name: Bytes, _ value: Bytes, flags: UInt32) throws(Errno) {
        try beginChange()
        var list = try ownAttributes()
        if let index = list.firstIndex(where: { $0.name == name }) {
            if flags & XATTR_CREATE != 0 { throw .EEXIST }
            list[index].value = value
        } else {
            if flags & XATTR_REPLACE != 0 { throw .ENODATA }
            if Host.heapIsLow { throw .ENOMEM }
            var total = name.count &+ 1
            for attribute in list { total &+= attribute.name.count &+ 1 }
            guard total <= XATTR_LIST_MAX else { throw .ENOSPC }
            list.append((name, value))
        }
        extended = list
        touchChanged()
    }

    override func removeExtendedAttribute(_ name: Bytes) throws(Errno) {
        try beginChange()
        var list = try ownAttributes()
        guard let index = list.firstIndex(where: { $0.name == name }) else { throw .ENODATA }
        list.remove(at: index)
        extended = list
        touchChanged()
    }

    override func listExtendedAttributes() throws(Errno) -> [Bytes] {
        guard let extended else { return try lower?.listExtendedAttributes() ?? [] }
        return extended.map { $0.name }
    }
}
