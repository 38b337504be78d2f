import KernelBase
import LinuxABI
import Machine

/// A place in the tree of names: a dentry on a mount.
public struct Path {
    public var mount: Mount
    public var dentry: Dentry
    @inline(__always)
    public init(mount: Mount, dentry: Dentry) {
        self.mount = mount
        self.dentry = dentry
    }
    public var inode: Inode? { dentry.inode }

    @inline(__always)
    public static func == (a: Path, b: Path) -> Bool { a.dentry === b.dentry && a.mount === b.mount }
}

/// A name in a directory and what it stands for; negative when there is nothing.
///
/// Dentries are found through the ``DentryCache``. A dentry holds its parent, so a path from any dentry to
/// the root of its file system is always there; it does not hold its children. One that is used (by a
/// `Path`, a mount or a child) stays in the cache; others leave it when the cache is full.
public final class Dentry {
    public internal(set) var name: Bytes
    /// The directory; nil for the root of a file system.
    public internal(set) var parent: Dentry?
    public internal(set) var inode: Inode?

    /// The first 16 bytes of the name, so that most comparisons need not look at ``name``.
    private(set) var word0: UInt64 = 0
    private(set) var word1: UInt64 = 0
    private(set) var length: UInt32 = 0
    /// The key under which the cache has it; 0 when it is not there.
    var tag: UInt32 = 0
    /// Number of mounts on this dentry.
    var mountCount: Int32 = 0
    /// Looked up since the cache's hand came by.
    var isRecent = true
    /// The name was removed: the dentry lives on only through those who hold it.
    public internal(set) var isUnlinked = false

    public init(name: Bytes, parent: Dentry?, inode: Inode?) {
        self.name = name
        self.parent = parent
        self.inode = inode
        setWords()
    }

    /// A name outside of any directory, for files that never had one.
    public convenience init(name: Bytes, unlinked inode: Inode) {
        self.init(name: name, parent: nil, inode: inode)
        isUnlinked = true
    }

    func setName(_ name: Bytes) {
        self.name = name
        setWords()
    }

    private func setWords() {
        let name = self.name
        word0 = Words.load(name.span, 0)
        word1 = Words.load(name.span, 8)
        length = UInt32(truncatingIfNeeded: name.count)
    }

    /// Whether `self` is `other` or one of its ancestors in the same file system.
    func isAncestor(of other: Dentry) -> Bool {
        var current = other
        while true {
            if current === self { return true }
            guard let parent = current.parent else { return false }
            current = parent
        }
    }
}

/// A file system, or part of one, attached to the tree.
public final class Mount {
    public let superblock: Superblock
    public let root: Dentry
    /// Number in /proc/self/mountinfo and statx(2).
    public internal(set) var id: Int32 = 0
    /// The mount this one is attached to, and where; nil for the root of a tree.
    public internal(set) var parent: Mount?
    public internal(set) var mountPoint: Dentry?
    public internal(set) var children: [Mount] = []
    /// MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_NOATIME, MS_RELATIME...
    public var flags: UInt64
    /// What it was mounted from, the first field of /proc/self/mounts.
    public let source: Bytes

    public init(superblock: Superblock, root: Dentry, flags: UInt64 = MS_RELATIME, source: Bytes = Bytes("none")) {
        self.superblock = superblock
        self.root = root
        self.flags = flags
        self.source = source
    }

    public var isReadOnly: Bool { flags & MS_RDONLY != 0 || superblock.isReadOnly }
    public var isNoExec: Bool { flags & MS_NOEXEC != 0 }
    public var isNoSetuid: Bool { flags & MS_NOSUID != 0 }

    /// The mount on top of a dentry of this mount.
    func child(at dentry: Dentry) -> Mount? {
        var index = children.count
        while index > 0 {
            index &-= 1
            if children[index].mountPoint === dentry { return children[index] }
        }
        return nil
    }
}
