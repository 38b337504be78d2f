import KernelBase
import LinuxABI
import Machine
import VFS

/// What all inodes of a tmpfs have in common: numbers and extended attributes. By itself it is a FIFO, a
/// socket's name or a device node.
public class TmpfsInode: Inode {
    final let fileSystem: Tmpfs
    /// In the order of their names, as Linux's file systems in memory keep them: there may be thousands.
    private final var extended: [(name: Bytes, value: Bytes)] = []
    /// What one listxattr(2) has to tell.
    private final var extendedNameBytes = 0
    /// In an overlay: the lower file that this inode stands for.
    final let lower: Inode?
    /// The extended attributes are still those of ``lower``.
    private final var extendedAreLower: Bool

    init(_ fileSystem: Tmpfs, mode: UInt32, uid: UInt32, gid: UInt32) {
        self.fileSystem = fileSystem
        lower = nil
        extendedAreLower = false
        super.init(superblock: fileSystem.overlay ?? fileSystem, number: fileSystem.nextInode(), mode: mode, uid: uid, gid: gid)
        fileSystem.inodeMade()
    }

    /// What stands for a file of an overlay's lower layer, with its attributes. It is not one of the inodes that this file
    /// system counts.
    init(_ fileSystem: Tmpfs, lower: Inode, number: UInt64) {
        self.fileSystem = fileSystem
        self.lower = lower
        extendedAreLower = true
        super.init(superblock: fileSystem.overlay ?? fileSystem, number: number, mode: lower.mode, uid: lower.uid, gid: lower.gid)
        copyAttributes(of: lower)
    }

    deinit { if lower == nil { fileSystem.inodeFreed() } }

    /// Takes over all that is stored in an ``Inode`` but its number.
    final func copyAttributes(of lower: Inode) {
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

    /// Whether nothing of the lower file has been changed here, so that this inode can be made again. Access times do not count.
    var isUnchanged: Bool {
        guard let lower, extendedAreLower, accessLists == nil, fileFlags == 0 else { return false }
        return changeTime == lower.changeTime && modifyTime == lower.modifyTime && size == lower.size && mode == lower.mode
            && uid == lower.uid && gid == lower.gid && linkCount == lower.linkCount
    }

    public override func open(_ path: Path, flags: UInt32, _ credentials: Credentials) throws(Errno) -> File {
        try openSpecial(path, flags: flags, credentials)
    }

    // MARK: extended attributes

    /// Where the attribute is, or belongs.
    private final func place(_ name: Bytes) -> (index: Int, isThere: Bool) {
        var low = 0, high = extended.count
        while low < high {
            let middle = (low &+ high) / 2
            if extended[middle].name.precedes(name) { low = middle &+ 1 } else { high = middle }
        }
        return (low, low < extended.count && extended[low].name == name)
    }

    private final func find(_ name: Bytes) -> Int? {
        let (index, isThere) = place(name)
        return isThere ? index : nil
    }

    public override func getExtendedAttribute(_ name: Bytes) throws(Errno) -> Bytes {
        if extendedAreLower, let lower {
            do throws(Errno) { return try lower.getExtendedAttribute(name) } catch {
                // The lower layer may not have the name space, this one has.
                throw error == .EOPNOTSUPP ? .ENODATA : error
            }
        }
        guard let index = find(name) else { throw .ENODATA }
        return extended[index].value
    }

    public override func setExtendedAttribute(_ name: Bytes, _ value: Bytes, flags: UInt32) throws(Errno) {
        try adoptExtendedAttributes()
        let (index, isThere) = place(name)
        if isThere {
            if flags & XATTR_CREATE != 0 { throw .EEXIST }
            extended[index].value = value
        } else {
            if flags & XATTR_REPLACE != 0 { throw .ENODATA }
            if Host.heapIsLow { throw .ENOMEM }
            // Together they are what one listxattr(2) can tell.
            let total = extendedNameBytes &+ name.count &+ 1
            guard total <= XATTR_LIST_MAX else { throw .ENOSPC }
            extended.insert((name, value), at: index)
            extendedNameBytes = total
        }
        touchChanged()
    }

    public override func removeExtendedAttribute(_ name: Bytes) throws(Errno) {
        try adoptExtendedAttributes()
        guard let index = find(name) else { throw .ENODATA }
        extended.remove(at: index)
        extendedNameBytes &-= name.count &+ 1
        touchChanged()
    }

    public override func listExtendedAttributes() throws(Errno) -> [Bytes] {
        if extendedAreLower, let lower { return accessListNames + (try lower.listExtendedAttributes()) }
        return accessListNames + extended.map { $0.name }
    }

    public override var keepsAccessLists: Bool { !isSymbolicLink }
    public override var keepsFileFlags: Bool { isRegular || isDirectory }

    /// Copies the lower file's extended attributes before the first change. May sleep.
    private final func adoptExtendedAttributes() throws(Errno) {
        guard extendedAreLower, let lower else { return }
        var copies: [(name: Bytes, value: Bytes)] = []
        for name in try lower.listExtendedAttributes() {
            do throws(Errno) { copies.append((name, try lower.getExtendedAttribute(name))) } catch {
                // Gone meanwhile, or not for this sandbox to read.
                if error != .ENODATA, error != .EPERM, error != .EACCES { throw error }
            }
        }
        // Another thread may have been faster.
        if extendedAreLower {
            extended = []
            for copy in copies {
                extended.insert(copy, at: place(copy.name).index)
                extendedNameBytes &+= copy.name.count &+ 1
            }
            extendedAreLower = false
        }
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
