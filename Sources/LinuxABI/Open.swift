// Flags of open(2) and of the path calls with an *at form, file modes, and what they are tested with.
//
// The names are those of the man pages, so that a search finds both.

// MARK: - open(2): access mode and flags

public let O_RDONLY: UInt32 = 0
public let O_WRONLY: UInt32 = 0o1
public let O_RDWR: UInt32 = 0o2
/// The bits that hold the access mode; the value 3 itself asks for neither reading nor writing.
public let O_ACCMODE: UInt32 = 0o3
public let O_CREAT: UInt32 = 0o100
public let O_EXCL: UInt32 = 0o200
public let O_NOCTTY: UInt32 = 0o400
public let O_TRUNC: UInt32 = 0o1000
public let O_APPEND: UInt32 = 0o2000
public let O_NONBLOCK: UInt32 = 0o4000
public let O_DSYNC: UInt32 = 0o10000
public let O_ASYNC: UInt32 = 0o20000
public let O_DIRECT: UInt32 = 0o40000
/// What 32-bit callers say; the kernel sets it on every open by a 64-bit program.
public let O_LARGEFILE: UInt32 = 0o100000
public let O_DIRECTORY: UInt32 = 0o200000
public let O_NOFOLLOW: UInt32 = 0o400000
public let O_NOATIME: UInt32 = 0o1000000
public let O_CLOEXEC: UInt32 = 0o2000000
/// Contains O_DSYNC: compare all bits.
public let O_SYNC: UInt32 = 0o4010000
public let O_PATH: UInt32 = 0o10000000
/// Contains O_DIRECTORY: compare all bits.
public let O_TMPFILE: UInt32 = 0o20200000

// MARK: - The directory argument of the *at calls

/// The current directory instead of a descriptor.
public let AT_FDCWD: Int32 = -100

// MARK: - Flags of the *at calls

public let AT_SYMLINK_NOFOLLOW: UInt32 = 0x100
/// faccessat2(2) only; the same bit as AT_REMOVEDIR.
public let AT_EACCESS: UInt32 = 0x200
/// unlinkat(2) only.
public let AT_REMOVEDIR: UInt32 = 0x200
public let AT_SYMLINK_FOLLOW: UInt32 = 0x400
public let AT_NO_AUTOMOUNT: UInt32 = 0x800
public let AT_EMPTY_PATH: UInt32 = 0x1000
public let AT_STATX_SYNC_TYPE: UInt32 = 0x6000
public let AT_STATX_SYNC_AS_STAT: UInt32 = 0x0
public let AT_STATX_FORCE_SYNC: UInt32 = 0x2000
public let AT_STATX_DONT_SYNC: UInt32 = 0x4000
public let AT_RECURSIVE: UInt32 = 0x8000
public let AT_HANDLE_FID: UInt32 = 0x200
public let AT_EXECVE_CHECK: UInt32 = 0x10000

// MARK: - access(2)

public let F_OK: Int32 = 0
public let X_OK: Int32 = 1
public let W_OK: Int32 = 2
public let R_OK: Int32 = 4

// MARK: - openat2(2): how a path may be resolved

public let RESOLVE_NO_XDEV: UInt64 = 0x1
public let RESOLVE_NO_MAGICLINKS: UInt64 = 0x2
public let RESOLVE_NO_SYMLINKS: UInt64 = 0x4
public let RESOLVE_BENEATH: UInt64 = 0x8
public let RESOLVE_IN_ROOT: UInt64 = 0x10
public let RESOLVE_CACHED: UInt64 = 0x20

// MARK: - close_range(2)

public let CLOSE_RANGE_UNSHARE: UInt32 = 0x2
public let CLOSE_RANGE_CLOEXEC: UInt32 = 0x4

// MARK: - File mode: type, inode(7)

/// The bits that hold the type.
public let S_IFMT: UInt32 = 0o170000
public let S_IFSOCK: UInt32 = 0o140000
public let S_IFLNK: UInt32 = 0o120000
public let S_IFREG: UInt32 = 0o100000
public let S_IFBLK: UInt32 = 0o60000
public let S_IFDIR: UInt32 = 0o40000
public let S_IFCHR: UInt32 = 0o20000
public let S_IFIFO: UInt32 = 0o10000

// MARK: - File mode: permissions and special bits, inode(7)

public let S_ISUID: UInt32 = 0o4000
public let S_ISGID: UInt32 = 0o2000
public let S_ISVTX: UInt32 = 0o1000
public let S_IRWXU: UInt32 = 0o700
public let S_IRUSR: UInt32 = 0o400
public let S_IWUSR: UInt32 = 0o200
public let S_IXUSR: UInt32 = 0o100
public let S_IRWXG: UInt32 = 0o70
public let S_IRGRP: UInt32 = 0o40
public let S_IWGRP: UInt32 = 0o20
public let S_IXGRP: UInt32 = 0o10
public let S_IRWXO: UInt32 = 0o7
public let S_IROTH: UInt32 = 0o4
public let S_IWOTH: UInt32 = 0o2
public let S_IXOTH: UInt32 = 0o1
/// All bits that chmod(2) can set.
public let S_IALLUGO: UInt32 = 0o7777
public let S_IRWXUGO: UInt32 = 0o777
public let S_IXUGO: UInt32 = 0o111

// MARK: - Sizes of names and paths

/// Longest component, without the final zero.
public let NAME_MAX: Int = 255
/// Longest path, with the final zero.
public let PATH_MAX: Int = 4096
/// Symbolic links followed in one path walk before ELOOP.
public let MAXSYMLINKS: Int = 40
