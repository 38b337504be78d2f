// Constants of the calls on open files, directories, file systems and mounts, except the flags of open(2).

// MARK: - lseek(2)

public let SEEK_SET: UInt32 = 0
public let SEEK_CUR: UInt32 = 1
public let SEEK_END: UInt32 = 2
public let SEEK_DATA: UInt32 = 3
public let SEEK_HOLE: UInt32 = 4

// MARK: - fcntl(2) commands

public let F_DUPFD: UInt32 = 0
public let F_GETFD: UInt32 = 1
public let F_SETFD: UInt32 = 2
public let F_GETFL: UInt32 = 3
public let F_SETFL: UInt32 = 4
public let F_GETLK: UInt32 = 5
public let F_SETLK: UInt32 = 6
public let F_SETLKW: UInt32 = 7
public let F_SETOWN: UInt32 = 8
public let F_GETOWN: UInt32 = 9
public let F_SETSIG: UInt32 = 10
public let F_GETSIG: UInt32 = 11
public let F_SETOWN_EX: UInt32 = 15
public let F_GETOWN_EX: UInt32 = 16
public let F_OFD_GETLK: UInt32 = 36
public let F_OFD_SETLK: UInt32 = 37
public let F_OFD_SETLKW: UInt32 = 38
public let F_SETLEASE: UInt32 = 1024
public let F_GETLEASE: UInt32 = 1025
public let F_NOTIFY: UInt32 = 1026
public let F_DUPFD_QUERY: UInt32 = 1027
public let F_CREATED_QUERY: UInt32 = 1028
public let F_CANCELLK: UInt32 = 1029
public let F_DUPFD_CLOEXEC: UInt32 = 1030
public let F_SETPIPE_SZ: UInt32 = 1031
public let F_GETPIPE_SZ: UInt32 = 1032
public let F_ADD_SEALS: UInt32 = 1033
public let F_GET_SEALS: UInt32 = 1034
public let F_GET_RW_HINT: UInt32 = 1035
public let F_SET_RW_HINT: UInt32 = 1036
public let F_GET_FILE_RW_HINT: UInt32 = 1037
public let F_SET_FILE_RW_HINT: UInt32 = 1038

// MARK: - fcntl(2): descriptor flag

public let FD_CLOEXEC: UInt32 = 1

// MARK: - fcntl(2): types of record locks and leases

public let F_RDLCK: Int16 = 0
public let F_WRLCK: Int16 = 1
public let F_UNLCK: Int16 = 2

// MARK: - fcntl(2): owner types of F_SETOWN_EX

public let F_OWNER_TID: Int32 = 0
public let F_OWNER_PID: Int32 = 1
public let F_OWNER_PGRP: Int32 = 2

// MARK: - fcntl(2): seals of a memfd

public let F_SEAL_SEAL: UInt32 = 0x1
public let F_SEAL_SHRINK: UInt32 = 0x2
public let F_SEAL_GROW: UInt32 = 0x4
public let F_SEAL_WRITE: UInt32 = 0x8
public let F_SEAL_FUTURE_WRITE: UInt32 = 0x10
public let F_SEAL_EXEC: UInt32 = 0x20

// MARK: - memfd_create(2)

public let MFD_CLOEXEC: UInt32 = 0x1
public let MFD_ALLOW_SEALING: UInt32 = 0x2
public let MFD_HUGETLB: UInt32 = 0x4
public let MFD_NOEXEC_SEAL: UInt32 = 0x8
public let MFD_EXEC: UInt32 = 0x10

// MARK: - flock(2)

public let LOCK_SH: UInt32 = 1
public let LOCK_EX: UInt32 = 2
public let LOCK_NB: UInt32 = 4
public let LOCK_UN: UInt32 = 8

// MARK: - renameat2(2)

public let RENAME_NOREPLACE: UInt32 = 0x1
public let RENAME_EXCHANGE: UInt32 = 0x2
public let RENAME_WHITEOUT: UInt32 = 0x4

// MARK: - fallocate(2)

public let FALLOC_FL_KEEP_SIZE: UInt32 = 0x1
public let FALLOC_FL_PUNCH_HOLE: UInt32 = 0x2
public let FALLOC_FL_COLLAPSE_RANGE: UInt32 = 0x8
public let FALLOC_FL_ZERO_RANGE: UInt32 = 0x10
public let FALLOC_FL_INSERT_RANGE: UInt32 = 0x20
public let FALLOC_FL_UNSHARE_RANGE: UInt32 = 0x40

// MARK: - posix_fadvise(2)

public let POSIX_FADV_NORMAL: Int32 = 0
public let POSIX_FADV_RANDOM: Int32 = 1
public let POSIX_FADV_SEQUENTIAL: Int32 = 2
public let POSIX_FADV_WILLNEED: Int32 = 3
public let POSIX_FADV_DONTNEED: Int32 = 4
public let POSIX_FADV_NOREUSE: Int32 = 5

// MARK: - sync_file_range(2)

public let SYNC_FILE_RANGE_WAIT_BEFORE: UInt32 = 0x1
public let SYNC_FILE_RANGE_WRITE: UInt32 = 0x2
public let SYNC_FILE_RANGE_WAIT_AFTER: UInt32 = 0x4

// MARK: - splice(2), tee(2), vmsplice(2)

public let SPLICE_F_MOVE: UInt32 = 0x1
public let SPLICE_F_NONBLOCK: UInt32 = 0x2
public let SPLICE_F_MORE: UInt32 = 0x4
public let SPLICE_F_GIFT: UInt32 = 0x8

// MARK: - preadv2(2), pwritev2(2)

public let RWF_HIPRI: UInt32 = 0x1
public let RWF_DSYNC: UInt32 = 0x2
public let RWF_SYNC: UInt32 = 0x4
public let RWF_NOWAIT: UInt32 = 0x8
public let RWF_APPEND: UInt32 = 0x10
public let RWF_NOAPPEND: UInt32 = 0x20
public let RWF_ATOMIC: UInt32 = 0x40
public let RWF_DONTCACHE: UInt32 = 0x80

// MARK: - readv(2) and its relatives

/// Most elements of an iovec array.
public let IOV_MAX: Int = 1024
/// Most bytes one read(2) or write(2) transfers.
public let MAX_RW_COUNT: Int = 0x7fff_f000

// MARK: - statx(2): mask of wanted and answered fields

public let STATX_TYPE: UInt32 = 0x1
public let STATX_MODE: UInt32 = 0x2
public let STATX_NLINK: UInt32 = 0x4
public let STATX_UID: UInt32 = 0x8
public let STATX_GID: UInt32 = 0x10
public let STATX_ATIME: UInt32 = 0x20
public let STATX_MTIME: UInt32 = 0x40
public let STATX_CTIME: UInt32 = 0x80
public let STATX_INO: UInt32 = 0x100
public let STATX_SIZE: UInt32 = 0x200
public let STATX_BLOCKS: UInt32 = 0x400
/// Everything stat(2) gives.
public let STATX_BASIC_STATS: UInt32 = 0x7ff
public let STATX_BTIME: UInt32 = 0x800
public let STATX_MNT_ID: UInt32 = 0x1000
public let STATX_DIOALIGN: UInt32 = 0x2000
public let STATX_MNT_ID_UNIQUE: UInt32 = 0x4000
public let STATX_SUBVOL: UInt32 = 0x8000
public let STATX_WRITE_ATOMIC: UInt32 = 0x10000
public let STATX_DIO_READ_ALIGN: UInt32 = 0x20000
/// Asking for it is EINVAL.
public let STATX__RESERVED: UInt32 = 0x8000_0000

// MARK: - statx(2): attributes

public let STATX_ATTR_COMPRESSED: UInt64 = 0x4
public let STATX_ATTR_IMMUTABLE: UInt64 = 0x10
public let STATX_ATTR_APPEND: UInt64 = 0x20
public let STATX_ATTR_NODUMP: UInt64 = 0x40
public let STATX_ATTR_ENCRYPTED: UInt64 = 0x800
public let STATX_ATTR_AUTOMOUNT: UInt64 = 0x1000
public let STATX_ATTR_MOUNT_ROOT: UInt64 = 0x2000
public let STATX_ATTR_VERITY: UInt64 = 0x0010_0000
public let STATX_ATTR_DAX: UInt64 = 0x0020_0000
public let STATX_ATTR_WRITE_ATOMIC: UInt64 = 0x400000

// MARK: - setxattr(2)

public let XATTR_CREATE: UInt32 = 0x1
public let XATTR_REPLACE: UInt32 = 0x2

// MARK: - Limits of extended attributes, xattr(7)

/// Longest name, without the final zero.
public let XATTR_NAME_MAX: Int = 255
/// Largest value, in bytes.
public let XATTR_SIZE_MAX: Int = 65536
/// Largest list of names, in bytes.
public let XATTR_LIST_MAX: Int = 65536

// MARK: - Access control lists, acl(5): what a `system.posix_acl_*` attribute holds

/// Version in the value's first four bytes.
public let POSIX_ACL_XATTR_VERSION: UInt32 = 2
public let ACL_USER_OBJ: UInt16 = 0x01
public let ACL_USER: UInt16 = 0x02
public let ACL_GROUP_OBJ: UInt16 = 0x04
public let ACL_GROUP: UInt16 = 0x08
public let ACL_MASK: UInt16 = 0x10
public let ACL_OTHER: UInt16 = 0x20
/// Id of an entry that has none.
public let ACL_UNDEFINED_ID: UInt32 = 0xffff_ffff

// MARK: - getdents64(2): type of an entry

public let DT_UNKNOWN: UInt8 = 0
public let DT_FIFO: UInt8 = 1
public let DT_CHR: UInt8 = 2
public let DT_DIR: UInt8 = 4
public let DT_BLK: UInt8 = 6
public let DT_REG: UInt8 = 8
public let DT_LNK: UInt8 = 10
public let DT_SOCK: UInt8 = 12
public let DT_WHT: UInt8 = 14

// MARK: - utimensat(2): special values of tv_nsec

public let UTIME_NOW: Int64 = 1073741823
public let UTIME_OMIT: Int64 = 1073741822

// MARK: - inotify(7): events

public let IN_ACCESS: UInt32 = 0x1
public let IN_MODIFY: UInt32 = 0x2
public let IN_ATTRIB: UInt32 = 0x4
public let IN_CLOSE_WRITE: UInt32 = 0x8
public let IN_CLOSE_NOWRITE: UInt32 = 0x10
public let IN_CLOSE: UInt32 = 0x18
public let IN_OPEN: UInt32 = 0x20
public let IN_MOVED_FROM: UInt32 = 0x40
public let IN_MOVED_TO: UInt32 = 0x80
public let IN_MOVE: UInt32 = 0xc0
public let IN_CREATE: UInt32 = 0x100
public let IN_DELETE: UInt32 = 0x200
public let IN_DELETE_SELF: UInt32 = 0x400
public let IN_MOVE_SELF: UInt32 = 0x800
public let IN_ALL_EVENTS: UInt32 = 0xfff
public let IN_UNMOUNT: UInt32 = 0x2000
public let IN_Q_OVERFLOW: UInt32 = 0x4000
public let IN_IGNORED: UInt32 = 0x8000

// MARK: - inotify(7): flags of a watch and of an event

public let IN_ONLYDIR: UInt32 = 0x0100_0000
public let IN_DONT_FOLLOW: UInt32 = 0x0200_0000
public let IN_EXCL_UNLINK: UInt32 = 0x0400_0000
public let IN_MASK_CREATE: UInt32 = 0x1000_0000
public let IN_MASK_ADD: UInt32 = 0x2000_0000
public let IN_ISDIR: UInt32 = 0x4000_0000
public let IN_ONESHOT: UInt32 = 0x8000_0000

// MARK: - inotify_init1(2)

public let IN_NONBLOCK: UInt32 = 0o4000
public let IN_CLOEXEC: UInt32 = 0o2000000

// MARK: - mount(2)

public let MS_RDONLY: UInt64 = 0x1
public let MS_NOSUID: UInt64 = 0x2
public let MS_NODEV: UInt64 = 0x4
public let MS_NOEXEC: UInt64 = 0x8
public let MS_SYNCHRONOUS: UInt64 = 0x10
public let MS_REMOUNT: UInt64 = 0x20
public let MS_MANDLOCK: UInt64 = 0x40
public let MS_DIRSYNC: UInt64 = 0x80
public let MS_NOSYMFOLLOW: UInt64 = 0x100
public let MS_NOATIME: UInt64 = 0x400
public let MS_NODIRATIME: UInt64 = 0x800
public let MS_BIND: UInt64 = 0x1000
public let MS_MOVE: UInt64 = 0x2000
public let MS_REC: UInt64 = 0x4000
public let MS_SILENT: UInt64 = 0x8000
public let MS_POSIXACL: UInt64 = 0x0001_0000
public let MS_UNBINDABLE: UInt64 = 0x0002_0000
public let MS_PRIVATE: UInt64 = 0x0004_0000
public let MS_SLAVE: UInt64 = 0x0008_0000
public let MS_SHARED: UInt64 = 0x0010_0000
public let MS_RELATIME: UInt64 = 0x0020_0000
public let MS_STRICTATIME: UInt64 = 0x0100_0000
public let MS_LAZYTIME: UInt64 = 0x0200_0000
/// Magic number in the upper half, from very old callers; masked off.
public let MS_MGC_VAL: UInt64 = 0xc0ed_0000
public let MS_MGC_MSK: UInt64 = 0xffff_0000

// MARK: - umount2(2)

public let MNT_FORCE: UInt32 = 0x1
public let MNT_DETACH: UInt32 = 0x2
public let MNT_EXPIRE: UInt32 = 0x4
public let UMOUNT_NOFOLLOW: UInt32 = 0x8

// MARK: - fsopen(2), fsmount(2), open_tree(2), move_mount(2)

public let FSOPEN_CLOEXEC: UInt32 = 0x1
public let FSMOUNT_CLOEXEC: UInt32 = 0x1
public let OPEN_TREE_CLONE: UInt32 = 0x1
public let OPEN_TREE_CLOEXEC: UInt32 = 0x0008_0000
public let MOVE_MOUNT_F_SYMLINKS: UInt32 = 0x1
public let MOVE_MOUNT_F_AUTOMOUNTS: UInt32 = 0x2
public let MOVE_MOUNT_F_EMPTY_PATH: UInt32 = 0x4
public let MOVE_MOUNT_T_SYMLINKS: UInt32 = 0x10
public let MOVE_MOUNT_T_AUTOMOUNTS: UInt32 = 0x20
public let MOVE_MOUNT_T_EMPTY_PATH: UInt32 = 0x40
public let MOVE_MOUNT_SET_GROUP: UInt32 = 0x100

// MARK: - mount_setattr(2)

public let MOUNT_ATTR_RDONLY: UInt64 = 0x1
public let MOUNT_ATTR_NOSUID: UInt64 = 0x2
public let MOUNT_ATTR_NODEV: UInt64 = 0x4
public let MOUNT_ATTR_NOEXEC: UInt64 = 0x8
public let MOUNT_ATTR__ATIME: UInt64 = 0x70
public let MOUNT_ATTR_RELATIME: UInt64 = 0x0
public let MOUNT_ATTR_NOATIME: UInt64 = 0x10
public let MOUNT_ATTR_STRICTATIME: UInt64 = 0x20
public let MOUNT_ATTR_NODIRATIME: UInt64 = 0x80
public let MOUNT_ATTR_IDMAP: UInt64 = 0x0010_0000
public let MOUNT_ATTR_NOSYMFOLLOW: UInt64 = 0x0020_0000

// MARK: - statfs(2): mount flags in f_flags

public let ST_RDONLY: Int64 = 0x1
public let ST_NOSUID: Int64 = 0x2
public let ST_NODEV: Int64 = 0x4
public let ST_NOEXEC: Int64 = 0x8
public let ST_SYNCHRONOUS: Int64 = 0x10
/// The kernel says that f_flags is filled in.
public let ST_VALID: Int64 = 0x20
public let ST_MANDLOCK: Int64 = 0x40
public let ST_NOATIME: Int64 = 0x400
public let ST_NODIRATIME: Int64 = 0x800
public let ST_RELATIME: Int64 = 0x1000
public let ST_NOSYMFOLLOW: Int64 = 0x2000

// MARK: - statfs(2): file system types in f_type

public let ANON_INODE_FS_MAGIC: Int64 = 0x0904_1934
public let BTRFS_SUPER_MAGIC: Int64 = 0x9123_683e
public let CGROUP_SUPER_MAGIC: Int64 = 0x0027_e0eb
public let CGROUP2_SUPER_MAGIC: Int64 = 0x6367_7270
public let DEBUGFS_MAGIC: Int64 = 0x6462_6720
public let DEVPTS_SUPER_MAGIC: Int64 = 0x1cd1
public let EROFS_SUPER_MAGIC_V1: Int64 = 0xe0f5_e1e2
public let EXT4_SUPER_MAGIC: Int64 = 0xef53
public let FUSE_SUPER_MAGIC: Int64 = 0x6573_5546
public let HUGETLBFS_MAGIC: Int64 = 0x9584_58f6
public let MQUEUE_MAGIC: Int64 = 0x19800202
public let NSFS_MAGIC: Int64 = 0x6e73_6673
public let OVERLAYFS_SUPER_MAGIC: Int64 = 0x794c_7630
public let PID_FS_MAGIC: Int64 = 0x50494446
public let PIPEFS_MAGIC: Int64 = 0x5049_5045
public let PROC_SUPER_MAGIC: Int64 = 0x9fa0
public let RAMFS_MAGIC: Int64 = 0x8584_58f6
public let SOCKFS_MAGIC: Int64 = 0x534f_434b
public let SQUASHFS_MAGIC: Int64 = 0x7371_7368
public let SYSFS_MAGIC: Int64 = 0x6265_6572
public let TMPFS_MAGIC: Int64 = 0x0102_1994
public let TRACEFS_MAGIC: Int64 = 0x7472_6163
public let V9FS_MAGIC: Int64 = 0x0102_1997
public let XFS_SUPER_MAGIC: Int64 = 0x5846_5342

// MARK: - ioctl_iflags(2): inode flags

public let FS_SECRM_FL: UInt32 = 0x1
public let FS_UNRM_FL: UInt32 = 0x2
public let FS_COMPR_FL: UInt32 = 0x4
public let FS_SYNC_FL: UInt32 = 0x8
public let FS_IMMUTABLE_FL: UInt32 = 0x10
public let FS_APPEND_FL: UInt32 = 0x20
public let FS_NODUMP_FL: UInt32 = 0x40
public let FS_NOATIME_FL: UInt32 = 0x80
public let FS_NOCOW_FL: UInt32 = 0x0080_0000
public let FS_DIRSYNC_FL: UInt32 = 0x0001_0000
public let FS_DAX_FL: UInt32 = 0x0200_0000
public let FS_PROJINHERIT_FL: UInt32 = 0x2000_0000

// MARK: - ioctl_fsgetxattr(2), file_getattr(2): extended inode flags

public let FS_XFLAG_REALTIME: UInt32 = 0x1
public let FS_XFLAG_PREALLOC: UInt32 = 0x2
public let FS_XFLAG_IMMUTABLE: UInt32 = 0x8
public let FS_XFLAG_APPEND: UInt32 = 0x10
public let FS_XFLAG_SYNC: UInt32 = 0x20
public let FS_XFLAG_NOATIME: UInt32 = 0x40
public let FS_XFLAG_NODUMP: UInt32 = 0x80
public let FS_XFLAG_RTINHERIT: UInt32 = 0x100
public let FS_XFLAG_PROJINHERIT: UInt32 = 0x200
public let FS_XFLAG_NOSYMLINKS: UInt32 = 0x400
public let FS_XFLAG_EXTSIZE: UInt32 = 0x800
public let FS_XFLAG_EXTSZINHERIT: UInt32 = 0x1000
public let FS_XFLAG_NODEFRAG: UInt32 = 0x2000
public let FS_XFLAG_FILESTREAM: UInt32 = 0x4000
public let FS_XFLAG_DAX: UInt32 = 0x8000
public let FS_XFLAG_COWEXTSIZE: UInt32 = 0x1_0000
public let FS_XFLAG_HASATTR: UInt32 = 0x8000_0000
/// All that exist.
public let FS_XFLAGS_MASK: UInt32 = 0x8001_fffb

// MARK: - fcntl(2) F_NOTIFY

public let DN_ACCESS: UInt32 = 0x1
public let DN_MODIFY: UInt32 = 0x2
public let DN_CREATE: UInt32 = 0x4
public let DN_DELETE: UInt32 = 0x8
public let DN_RENAME: UInt32 = 0x10
public let DN_ATTRIB: UInt32 = 0x20
/// Go on after the first event.
public let DN_MULTISHOT: UInt32 = 0x8000_0000

// MARK: - ioctl(2) requests on files

public let FS_IOC_GETFLAGS: UInt = 0x8008_6601
public let FS_IOC_SETFLAGS: UInt = 0x4008_6602
public let FS_IOC_GETVERSION: UInt = 0x8008_7601
public let FS_IOC_FSGETXATTR: UInt = 0x801c_581f
public let FS_IOC_FSSETXATTR: UInt = 0x401c_5820
public let FS_IOC_FIEMAP: UInt = 0xc020_660b
public let FICLONE: UInt = 0x4004_9409
public let FICLONERANGE: UInt = 0x4020_940d
public let FIDEDUPERANGE: UInt = 0xc018_9436
public let FIBMAP: UInt = 0x1
public let PROCMAP_QUERY: UInt32 = 0xc068_6611
public let PROCMAP_QUERY_COVERING_OR_NEXT_VMA: UInt64 = 0x10
public let PROCMAP_QUERY_FILE_BACKED_VMA: UInt64 = 0x20
/// All flags of a PROCMAP_QUERY; the lower four are those of an area.
public let PROCMAP_QUERY_VALID: UInt64 = 0x3f
public let FIGETBSZ: UInt = 0x2
public let FIFREEZE: UInt = 0xc004_5877
public let FITHAW: UInt = 0xc004_5878
public let FITRIM: UInt = 0xc018_5879
public let BLKGETSIZE: UInt = 0x1260
public let BLKGETSIZE64: UInt = 0x8008_1272
public let BLKSSZGET: UInt = 0x1268
