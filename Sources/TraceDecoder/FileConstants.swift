// Names of constants, as traces show them: files. The numbers are those of LinuxABI.

import LinuxABI

extension Constants {
    /// O_*, without the access mode; those that contain another come first.
    static let openFlags = Constants([
        .init("O_TMPFILE", O_TMPFILE), .init("O_SYNC", O_SYNC), .init("O_CREAT", O_CREAT), .init("O_EXCL", O_EXCL), .init("O_NOCTTY", O_NOCTTY),
        .init("O_TRUNC", O_TRUNC), .init("O_APPEND", O_APPEND), .init("O_NONBLOCK", O_NONBLOCK), .init("O_DSYNC", O_DSYNC), .init("O_ASYNC", O_ASYNC),
        .init("O_DIRECT", O_DIRECT), .init("O_LARGEFILE", O_LARGEFILE), .init("O_DIRECTORY", O_DIRECTORY), .init("O_NOFOLLOW", O_NOFOLLOW),
        .init("O_NOATIME", O_NOATIME), .init("O_CLOEXEC", O_CLOEXEC), .init("O_PATH", O_PATH),
    ])
    /// AT_*, as most calls with a directory argument have them.
    static let atFlags = Constants([
        .init("AT_SYMLINK_NOFOLLOW", AT_SYMLINK_NOFOLLOW), .init("AT_SYMLINK_FOLLOW", AT_SYMLINK_FOLLOW), .init("AT_NO_AUTOMOUNT", AT_NO_AUTOMOUNT),
        .init("AT_EMPTY_PATH", AT_EMPTY_PATH), .init("AT_STATX_FORCE_SYNC", AT_STATX_FORCE_SYNC), .init("AT_STATX_DONT_SYNC", AT_STATX_DONT_SYNC),
        .init("AT_RECURSIVE", AT_RECURSIVE),
    ])
    /// AT_* of faccessat2(2).
    static let accessFlags = Constants([
        .init("AT_EACCESS", AT_EACCESS), .init("AT_SYMLINK_NOFOLLOW", AT_SYMLINK_NOFOLLOW), .init("AT_EMPTY_PATH", AT_EMPTY_PATH),
    ])
    /// AT_* of unlinkat(2).
    static let unlinkFlags = Constants([
        .init("AT_REMOVEDIR", AT_REMOVEDIR),
    ])
    /// R_OK and others.
    static let accessMode = Constants([
        .init("R_OK", R_OK), .init("W_OK", W_OK), .init("X_OK", X_OK),
    ])
    /// RESOLVE_*.
    static let resolve = Constants([
        .init("RESOLVE_NO_XDEV", RESOLVE_NO_XDEV), .init("RESOLVE_NO_MAGICLINKS", RESOLVE_NO_MAGICLINKS),
        .init("RESOLVE_NO_SYMLINKS", RESOLVE_NO_SYMLINKS), .init("RESOLVE_BENEATH", RESOLVE_BENEATH), .init("RESOLVE_IN_ROOT", RESOLVE_IN_ROOT),
        .init("RESOLVE_CACHED", RESOLVE_CACHED),
    ])
    /// CLOSE_RANGE_*.
    static let closeRangeFlags = Constants([
        .init("CLOSE_RANGE_UNSHARE", CLOSE_RANGE_UNSHARE), .init("CLOSE_RANGE_CLOEXEC", CLOSE_RANGE_CLOEXEC),
    ])
    /// SEEK_*.
    static let whence = Constants([
        .init("SEEK_SET", SEEK_SET), .init("SEEK_CUR", SEEK_CUR), .init("SEEK_END", SEEK_END), .init("SEEK_DATA", SEEK_DATA),
        .init("SEEK_HOLE", SEEK_HOLE),
    ])
    /// F_*.
    static let fcntlCommand = Constants([
        .init("F_DUPFD", F_DUPFD), .init("F_GETFD", F_GETFD), .init("F_SETFD", F_SETFD), .init("F_GETFL", F_GETFL), .init("F_SETFL", F_SETFL),
        .init("F_GETLK", F_GETLK), .init("F_SETLK", F_SETLK), .init("F_SETLKW", F_SETLKW), .init("F_SETOWN", F_SETOWN), .init("F_GETOWN", F_GETOWN),
        .init("F_SETSIG", F_SETSIG), .init("F_GETSIG", F_GETSIG), .init("F_SETOWN_EX", F_SETOWN_EX), .init("F_GETOWN_EX", F_GETOWN_EX),
        .init("F_OFD_GETLK", F_OFD_GETLK), .init("F_OFD_SETLK", F_OFD_SETLK), .init("F_OFD_SETLKW", F_OFD_SETLKW), .init("F_SETLEASE", F_SETLEASE),
        .init("F_GETLEASE", F_GETLEASE), .init("F_NOTIFY", F_NOTIFY), .init("F_DUPFD_QUERY", F_DUPFD_QUERY),
        .init("F_CREATED_QUERY", F_CREATED_QUERY), .init("F_CANCELLK", F_CANCELLK), .init("F_DUPFD_CLOEXEC", F_DUPFD_CLOEXEC),
        .init("F_SETPIPE_SZ", F_SETPIPE_SZ), .init("F_GETPIPE_SZ", F_GETPIPE_SZ), .init("F_ADD_SEALS", F_ADD_SEALS),
        .init("F_GET_SEALS", F_GET_SEALS), .init("F_GET_RW_HINT", F_GET_RW_HINT), .init("F_SET_RW_HINT", F_SET_RW_HINT),
        .init("F_GET_FILE_RW_HINT", F_GET_FILE_RW_HINT), .init("F_SET_FILE_RW_HINT", F_SET_FILE_RW_HINT),
    ])
    /// F_RDLCK and others.
    static let lockType = Constants([
        .init("F_RDLCK", F_RDLCK), .init("F_WRLCK", F_WRLCK), .init("F_UNLCK", F_UNLCK),
    ])
    /// F_SEAL_*.
    static let seals = Constants([
        .init("F_SEAL_SEAL", F_SEAL_SEAL), .init("F_SEAL_SHRINK", F_SEAL_SHRINK), .init("F_SEAL_GROW", F_SEAL_GROW),
        .init("F_SEAL_WRITE", F_SEAL_WRITE), .init("F_SEAL_FUTURE_WRITE", F_SEAL_FUTURE_WRITE), .init("F_SEAL_EXEC", F_SEAL_EXEC),
    ])
    /// LOCK_*.
    static let flockOperation = Constants([
        .init("LOCK_SH", LOCK_SH), .init("LOCK_EX", LOCK_EX), .init("LOCK_UN", LOCK_UN), .init("LOCK_NB", LOCK_NB),
    ])
    /// RENAME_*.
    static let renameFlags = Constants([
        .init("RENAME_NOREPLACE", RENAME_NOREPLACE), .init("RENAME_EXCHANGE", RENAME_EXCHANGE), .init("RENAME_WHITEOUT", RENAME_WHITEOUT),
    ])
    /// FALLOC_FL_*.
    static let fallocateMode = Constants([
        .init("FALLOC_FL_KEEP_SIZE", FALLOC_FL_KEEP_SIZE), .init("FALLOC_FL_PUNCH_HOLE", FALLOC_FL_PUNCH_HOLE),
        .init("FALLOC_FL_COLLAPSE_RANGE", FALLOC_FL_COLLAPSE_RANGE), .init("FALLOC_FL_ZERO_RANGE", FALLOC_FL_ZERO_RANGE),
        .init("FALLOC_FL_INSERT_RANGE", FALLOC_FL_INSERT_RANGE), .init("FALLOC_FL_UNSHARE_RANGE", FALLOC_FL_UNSHARE_RANGE),
    ])
    /// POSIX_FADV_*.
    static let fadvise = Constants([
        .init("POSIX_FADV_NORMAL", POSIX_FADV_NORMAL), .init("POSIX_FADV_RANDOM", POSIX_FADV_RANDOM),
        .init("POSIX_FADV_SEQUENTIAL", POSIX_FADV_SEQUENTIAL), .init("POSIX_FADV_WILLNEED", POSIX_FADV_WILLNEED),
        .init("POSIX_FADV_DONTNEED", POSIX_FADV_DONTNEED), .init("POSIX_FADV_NOREUSE", POSIX_FADV_NOREUSE),
    ])
    /// SPLICE_F_*.
    static let spliceFlags = Constants([
        .init("SPLICE_F_MOVE", SPLICE_F_MOVE), .init("SPLICE_F_NONBLOCK", SPLICE_F_NONBLOCK), .init("SPLICE_F_MORE", SPLICE_F_MORE),
        .init("SPLICE_F_GIFT", SPLICE_F_GIFT),
    ])
    /// RWF_*.
    static let rwfFlags = Constants([
        .init("RWF_HIPRI", RWF_HIPRI), .init("RWF_DSYNC", RWF_DSYNC), .init("RWF_SYNC", RWF_SYNC), .init("RWF_NOWAIT", RWF_NOWAIT),
        .init("RWF_APPEND", RWF_APPEND), .init("RWF_NOAPPEND", RWF_NOAPPEND), .init("RWF_ATOMIC", RWF_ATOMIC), .init("RWF_DONTCACHE", RWF_DONTCACHE),
    ])
    /// STATX_*.
    static let statxMask = Constants([
        .init("STATX_BASIC_STATS", STATX_BASIC_STATS), .init("STATX_TYPE", STATX_TYPE), .init("STATX_MODE", STATX_MODE),
        .init("STATX_NLINK", STATX_NLINK), .init("STATX_UID", STATX_UID), .init("STATX_GID", STATX_GID), .init("STATX_ATIME", STATX_ATIME),
        .init("STATX_MTIME", STATX_MTIME), .init("STATX_CTIME", STATX_CTIME), .init("STATX_INO", STATX_INO), .init("STATX_SIZE", STATX_SIZE),
        .init("STATX_BLOCKS", STATX_BLOCKS), .init("STATX_BTIME", STATX_BTIME), .init("STATX_MNT_ID", STATX_MNT_ID),
        .init("STATX_DIOALIGN", STATX_DIOALIGN), .init("STATX_MNT_ID_UNIQUE", STATX_MNT_ID_UNIQUE), .init("STATX_SUBVOL", STATX_SUBVOL),
        .init("STATX_WRITE_ATOMIC", STATX_WRITE_ATOMIC), .init("STATX_DIO_READ_ALIGN", STATX_DIO_READ_ALIGN),
        .init("STATX__RESERVED", STATX__RESERVED),
    ])
    /// IN_*.
    static let inotifyMask = Constants([
        .init("IN_ALL_EVENTS", IN_ALL_EVENTS), .init("IN_CLOSE", IN_CLOSE), .init("IN_MOVE", IN_MOVE), .init("IN_ACCESS", IN_ACCESS),
        .init("IN_MODIFY", IN_MODIFY), .init("IN_ATTRIB", IN_ATTRIB), .init("IN_CLOSE_WRITE", IN_CLOSE_WRITE),
        .init("IN_CLOSE_NOWRITE", IN_CLOSE_NOWRITE), .init("IN_OPEN", IN_OPEN), .init("IN_MOVED_FROM", IN_MOVED_FROM),
        .init("IN_MOVED_TO", IN_MOVED_TO), .init("IN_CREATE", IN_CREATE), .init("IN_DELETE", IN_DELETE), .init("IN_DELETE_SELF", IN_DELETE_SELF),
        .init("IN_MOVE_SELF", IN_MOVE_SELF), .init("IN_UNMOUNT", IN_UNMOUNT), .init("IN_Q_OVERFLOW", IN_Q_OVERFLOW), .init("IN_IGNORED", IN_IGNORED),
        .init("IN_ONLYDIR", IN_ONLYDIR), .init("IN_DONT_FOLLOW", IN_DONT_FOLLOW), .init("IN_EXCL_UNLINK", IN_EXCL_UNLINK),
        .init("IN_MASK_CREATE", IN_MASK_CREATE), .init("IN_MASK_ADD", IN_MASK_ADD), .init("IN_ISDIR", IN_ISDIR), .init("IN_ONESHOT", IN_ONESHOT),
    ])
    /// MS_*.
    static let mountFlags = Constants([
        .init("MS_RDONLY", MS_RDONLY), .init("MS_NOSUID", MS_NOSUID), .init("MS_NODEV", MS_NODEV), .init("MS_NOEXEC", MS_NOEXEC),
        .init("MS_SYNCHRONOUS", MS_SYNCHRONOUS), .init("MS_REMOUNT", MS_REMOUNT), .init("MS_MANDLOCK", MS_MANDLOCK), .init("MS_DIRSYNC", MS_DIRSYNC),
        .init("MS_NOSYMFOLLOW", MS_NOSYMFOLLOW), .init("MS_NOATIME", MS_NOATIME), .init("MS_NODIRATIME", MS_NODIRATIME), .init("MS_BIND", MS_BIND),
        .init("MS_MOVE", MS_MOVE), .init("MS_REC", MS_REC), .init("MS_SILENT", MS_SILENT), .init("MS_POSIXACL", MS_POSIXACL),
        .init("MS_UNBINDABLE", MS_UNBINDABLE), .init("MS_PRIVATE", MS_PRIVATE), .init("MS_SLAVE", MS_SLAVE), .init("MS_SHARED", MS_SHARED),
        .init("MS_RELATIME", MS_RELATIME), .init("MS_STRICTATIME", MS_STRICTATIME), .init("MS_LAZYTIME", MS_LAZYTIME),
    ])
    /// MNT_*.
    static let umountFlags = Constants([
        .init("MNT_FORCE", MNT_FORCE), .init("MNT_DETACH", MNT_DETACH), .init("MNT_EXPIRE", MNT_EXPIRE), .init("UMOUNT_NOFOLLOW", UMOUNT_NOFOLLOW),
    ])
    /// XATTR_*.
    static let xattrFlags = Constants([
        .init("XATTR_CREATE", XATTR_CREATE), .init("XATTR_REPLACE", XATTR_REPLACE),
    ])
    /// SYNC_FILE_RANGE_*.
    static let syncRangeFlags = Constants([
        .init("SYNC_FILE_RANGE_WAIT_BEFORE", SYNC_FILE_RANGE_WAIT_BEFORE), .init("SYNC_FILE_RANGE_WRITE", SYNC_FILE_RANGE_WRITE),
        .init("SYNC_FILE_RANGE_WAIT_AFTER", SYNC_FILE_RANGE_WAIT_AFTER),
    ])
    /// MFD_*.
    static let memfdFlags = Constants([
        .init("MFD_CLOEXEC", MFD_CLOEXEC), .init("MFD_ALLOW_SEALING", MFD_ALLOW_SEALING), .init("MFD_HUGETLB", MFD_HUGETLB),
        .init("MFD_NOEXEC_SEAL", MFD_NOEXEC_SEAL), .init("MFD_EXEC", MFD_EXEC),
    ])
    /// S_IF*.
    static let fileType = Constants([
        .init("S_IFSOCK", S_IFSOCK), .init("S_IFLNK", S_IFLNK), .init("S_IFREG", S_IFREG), .init("S_IFBLK", S_IFBLK), .init("S_IFDIR", S_IFDIR),
        .init("S_IFCHR", S_IFCHR), .init("S_IFIFO", S_IFIFO),
    ])
    /// Magic numbers of statfs(2).
    static let fileSystemType = Constants([
        .init("ANON_INODE_FS_MAGIC", ANON_INODE_FS_MAGIC), .init("BTRFS_SUPER_MAGIC", BTRFS_SUPER_MAGIC),
        .init("CGROUP_SUPER_MAGIC", CGROUP_SUPER_MAGIC), .init("CGROUP2_SUPER_MAGIC", CGROUP2_SUPER_MAGIC), .init("DEBUGFS_MAGIC", DEBUGFS_MAGIC),
        .init("DEVPTS_SUPER_MAGIC", DEVPTS_SUPER_MAGIC), .init("EXT4_SUPER_MAGIC", EXT4_SUPER_MAGIC), .init("FUSE_SUPER_MAGIC", FUSE_SUPER_MAGIC),
        .init("HUGETLBFS_MAGIC", HUGETLBFS_MAGIC), .init("MQUEUE_MAGIC", MQUEUE_MAGIC), .init("NSFS_MAGIC", NSFS_MAGIC),
        .init("OVERLAYFS_SUPER_MAGIC", OVERLAYFS_SUPER_MAGIC), .init("PID_FS_MAGIC", PID_FS_MAGIC), .init("PIPEFS_MAGIC", PIPEFS_MAGIC),
        .init("PROC_SUPER_MAGIC", PROC_SUPER_MAGIC), .init("RAMFS_MAGIC", RAMFS_MAGIC), .init("SOCKFS_MAGIC", SOCKFS_MAGIC),
        .init("SQUASHFS_MAGIC", SQUASHFS_MAGIC), .init("SYSFS_MAGIC", SYSFS_MAGIC), .init("TMPFS_MAGIC", TMPFS_MAGIC),
        .init("TRACEFS_MAGIC", TRACEFS_MAGIC), .init("V9FS_MAGIC", V9FS_MAGIC), .init("XFS_SUPER_MAGIC", XFS_SUPER_MAGIC),
    ])
}
