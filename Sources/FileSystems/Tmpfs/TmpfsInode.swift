import KernelBase
import LinuxABI
import Machine
import VFS

/// What all inodes of a tmpfs have in common: numbers and extended attributes. By itself it is a FIFO, a
/// socket's name or a device node.
public class TmpfsInode: Inode {
    final let fileSystem: Tmpfs
    private final var extended: [(name: Bytes, value: Bytes)] = []

    init(_ fileSystem: Tmpfs, mode: UInt32, uid: UInt32, gid: UInt32) {
        self.fileSystem = fileSystem
        super.init(superblock: fileSystem, number: fileSystem.nextInode(), mode: mode, uid: uid, gid: gid)
    }

    deinit { fileSystem.inodeFreed() }

    public override func open(_ path: Path, flags: UInt32, _ credentials: Credentials) throws(Errno) -> File {
        try openSpecial(path, flags: flags, credentials)
    }

    // MARK: extended attributes

    private final func find(_ name: Bytes) -> Int? { extended.firstIndex { $0.name == name } }

    public override func getExtendedAttribute(_ name: Bytes) throws(Errno) -> Bytes {
        guard let index = find(name) else { throw .ENODATA }
        return extended[index].value
    }

    public override func setExtendedAttribute(_ name: Bytes, _ value: Bytes, flags: UInt32) throws(Errno) {
        if let index = find(name) {
            if flags & XATTR_CREATE != 0 { throw .EEXIST }
            extended[index].value = value
        } else {
            if flags & XATTR_REPLACE != 0 { throw .ENODATA }
            if Host.heapIsLow { throw .ENOMEM }
            // Together they are what one listxattr(2) can tell.
            var total = name.count &+ 1
            for attribute in extended { total &+= attribute.name.count &+ 1 }
            guard total <= XATTR_LIST_MAX else { throw .ENOSPC }
            extended.append((name, value))
        }
        touchChanged()
    }

    public override func removeExtendedAttribute(_ name: Bytes) throws(Errno) {
        guard let index = find(name) else { throw .ENODATA }
        extended.remove(at: index)
        touchChanged()
    }

    public override func listExtendedAttributes() throws(Errno) -> [Bytes] {
        extended.map { $0.name }
    }
}

/// A symbolic link in a tmpfs.
final class TmpfsSymbolicLink: TmpfsInode {
    private let target: Bytes

    init(_ fileSystem: Tmpfs, target: Bytes, uid: UInt32, gid: UInt32) {
        self.target = target
        super.init(fileSystem, mode: S_IFLNK | 0o777, uid: uid, gid: gid)
        size = target.count
    }

    override func readLink() throws(Errno) -> Bytes { target }
}
