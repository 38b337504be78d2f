import KernelBase
import LinuxABI

/// The flags of a file that chattr(1) sets, ioctl_iflags(2), and the same as "extended flags", ioctl_fsgetxattr(2), file_getattr(2).
public struct FileFlags {
    /// FS_*_FL.
    public var flags: UInt32
    /// What only the extended form has: FS_XFLAG_* that are no flag, extent sizes, project.
    public var extraFlags: UInt32 = 0
    public var extentSize: UInt32 = 0
    public var project: UInt32 = 0
    public var copyExtentSize: UInt32 = 0

    /// What files in memory keep.
    public static var kept: UInt32 { FS_IMMUTABLE_FL | FS_APPEND_FL | FS_NODUMP_FL | FS_NOATIME_FL }

    /// The extended flag of a flag; 0 if it has none.
    private static func extended(_ flag: UInt32) -> UInt32 {
        switch flag {
        case FS_SYNC_FL: FS_XFLAG_SYNC
        case FS_IMMUTABLE_FL: FS_XFLAG_IMMUTABLE
        case FS_APPEND_FL: FS_XFLAG_APPEND
        case FS_NODUMP_FL: FS_XFLAG_NODUMP
        case FS_NOATIME_FL: FS_XFLAG_NOATIME
        case FS_DAX_FL: FS_XFLAG_DAX
        case FS_PROJINHERIT_FL: FS_XFLAG_PROJINHERIT
        default: 0
        }
    }

    public init(flags: UInt32) { self.flags = flags }

    /// From the extended form.
    public init(extended: UInt32, extentSize: UInt32, project: UInt32, copyExtentSize: UInt32) {
        flags = 0
        // Some tell what the file is like and cannot be set: they do not matter.
        extraFlags = extended & ~(FS_XFLAG_PREALLOC | FS_XFLAG_HASATTR)
        for bit in 0..<32 as Range<UInt32> {
            let same = FileFlags.extended(1 << bit)
            guard extended & same != 0 else { continue }
            flags |= 1 << bit
            extraFlags &= ~same
        }
        self.extentSize = extentSize
        self.project = project
        self.copyExtentSize = copyExtentSize
    }

    /// The extended form of the flags.
    public var extended: UInt32 {
        var extended = extraFlags
        for bit in 0..<32 as Range<UInt32> where flags & 1 << bit != 0 { extended |= FileFlags.extended(1 << bit) }
        return extended
    }
}

extension Inode {
    /// Only what is appended is written, and no name is taken away.
    public final var isAppendOnly: Bool { fileFlags & FS_APPEND_FL != 0 }
    public final var isImmutableOrAppendOnly: Bool { isImmutable || isAppendOnly }
}

extension VFS {
    /// vfs_fileattr_get.
    /// - Throws: `ENOIOCTLCMD` for files that have no flags.
    public func fileFlags(_ inode: Inode) throws(Errno) -> FileFlags {
        guard inode.keepsFileFlags else { throw .ENOIOCTLCMD }
        return FileFlags(flags: inode.fileFlags)
    }

    /// vfs_fileattr_set.
    /// - Throws: `EROFS`, `ENOIOCTLCMD` for files that have no flags, `EPERM`, `EINVAL`, `EOPNOTSUPP` for what files in memory cannot keep.
    public func setFileFlags(_ path: Path, _ new: FileFlags, _ credentials: Credentials) throws(Errno) {
        guard let inode = path.inode else { throw .ENOENT }
        if path.mount.isReadOnly { throw .EROFS }
        guard inode.keepsFileFlags else { throw .ENOIOCTLCMD }
        guard inode.isOwned(by: credentials) else { throw .EPERM }
        if (new.flags ^ inode.fileFlags) & (FS_APPEND_FL | FS_IMMUTABLE_FL) != 0, !credentials.has(Int(CAP_LINUX_IMMUTABLE)) { throw .EPERM }
        guard new.project != .max else { throw .EINVAL }
        var extra = new.extraFlags
        if extra & FS_XFLAG_EXTSIZE != 0, !inode.isRegular { throw .EINVAL }
        if extra & FS_XFLAG_EXTSZINHERIT != 0, !inode.isDirectory { throw .EINVAL }
        // Without a size these mean nothing.
        if new.extentSize == 0 { extra &= ~(FS_XFLAG_EXTSIZE | FS_XFLAG_EXTSZINHERIT) }
        if new.copyExtentSize == 0 { extra &= ~FS_XFLAG_COWEXTSIZE }
        guard extra == 0, new.extentSize == 0, new.project == 0, new.copyExtentSize == 0, new.flags & ~FileFlags.kept == 0 else { throw .EOPNOTSUPP }
        inode.fileFlags = new.flags
        inode.isImmutable = new.flags & FS_IMMUTABLE_FL != 0
        inode.touchChanged()
    }
}
