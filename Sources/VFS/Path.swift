import KernelBase
import LinuxABI

/// A place in the tree of names: a dentry on a mount.
public struct Path {
    public var mount: Mount
    public var dentry: Dentry
    public init(mount: Mount, dentry: Dentry) {
        self.mount = mount
        self.dentry = dentry
    }
    public var inode: Inode? { dentry.inode }
}

/// A name in a directory and what it stands for; negative when there is nothing.
public final class Dentry {
    public let name: Bytes
    public internal(set) var parent: Dentry?
    public internal(set) var inode: Inode?
    public init(name: Bytes, parent: Dentry?, inode: Inode?) {
        self.name = name
        self.parent = parent
        self.inode = inode
    }
}

/// A file system attached to the tree.
public final class Mount {
    public let superblock: Superblock
    public let root: Dentry
    public init(superblock: Superblock, root: Dentry) {
        self.superblock = superblock
        self.root = root
    }
}
