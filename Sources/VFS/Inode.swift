import KernelBase
import LinuxABI
import Machine

/// A file time: nanoseconds since 1970.
public typealias FileTime = Int64

/// A mounted file system's own data.
open class Superblock {
    /// The value of st_dev: a number of its own for each superblock.
    public let device: UInt64
    public init(device: UInt64) { self.device = device }

    /// Nothing on it may change: `EROFS`.
    public final var isReadOnly = false
    /// Whether "no such name" may be remembered. Not where names come and go without the kernel's doing.
    public final var cachesNegative = true
    /// Whether a name that does not exist may be asked for at all. Where nothing can be made, such as in /proc, a
    /// missing name is `ENOENT` before any question of permission.
    public final var hasNegatives = true
    /// Whether ``revalidate(_:)`` is to be asked before a remembered name is used.
    public final var needsRevalidation = false

    /// Whether a remembered name still stands for `inode` (nil: for nothing). May sleep.
    open func revalidate(_ name: Bytes, in directory: Inode, _ inode: Inode?) throws(Errno) -> Bool { true }

    /// statfs(2).
    open func status() throws(Errno) -> FileSystemStatus { throw .ENOSYS }
    /// sync(2).
    open func synchronize() throws(Errno) {}
    /// Name in /proc/self/mounts.
    open var typeName: StaticString { "none" }
    /// Limit of a name's length.
    open var nameLimit: Int { 255 }
}

/// What statfs(2) tells.
public struct FileSystemStatus {
    public var type: UInt = 0
    public var blockSize: UInt = 4096
    public var blocks: UInt = 0, blocksFree: UInt = 0, blocksAvailable: UInt = 0
    public var files: UInt = 0, filesFree: UInt = 0
    public var nameLength: UInt = 255
    public var fragmentSize: UInt = 4096
    public var flags: UInt = 0
    public init() {}
}

/// An inode: a file of any type apart from its names.
///
/// Subclasses are the file systems. The attributes are stored here, so that a `stat` needs no virtual
/// call once they are fresh; a file system that has them elsewhere overrides ``refresh``.
///
/// All methods are called under the kernel lock; those that may sleep say so.
open class Inode {
    public final let superblock: Superblock
    public final var number: UInt64
    /// File type (S_IFMT) and permissions.
    public final var mode: UInt32
    public final var uid: UInt32
    public final var gid: UInt32
    public final var linkCount: UInt32 = 1
    /// Bytes. Kept current by the file system.
    public final var size: Int = 0
    /// Units of 512 bytes.
    public final var blocks: Int = 0
    public final var blockSize: UInt32 = 4096
    /// Its access control lists, if there is any that says more than the mode.
    public final var accessLists: AccessLists?
    /// Its `security.capability` attribute has been set, and not removed since.
    public final var hasFileCapabilities = false
    /// Device number of a device node.
    public final var specialDevice: UInt64 = 0
    public final var accessTime: FileTime
    public final var modifyTime: FileTime
    public final var changeTime: FileTime
    public final var birthTime: FileTime
    /// How often the kernel has changed the contents, as far as times tell it too late: they are some milliseconds coarse.
    public private(set) final var modifications: UInt32 = 0

    /// Locks, leases, inotify watches and the like hang here, made when first needed (see FileLocks.swift, Notify.swift).
    public final var extra: InodeExtra?
    /// The memory mappings of the file, told when pages go away; set by the memory manager.
    public final var mappings: InodeMappings?
    /// Whether the file's pages can be mapped without a sleep.
    open var mapsAtOnce: Bool { false }
    /// A FIFO's pipe, a Unix socket's endpoint: what an IPC module attached to this inode.
    public final var attachment: AnyObject?
    /// Held while a directory is changed or read, see ``lock()``.
    final var isLocked = false
    /// Directory that has been removed: nothing can be made in it (IS_DEADDIR).
    public internal(set) final var isDead = false
    /// An unnamed file (O_TMPFILE) that may still be given a name.
    public internal(set) final var isLinkable = false
    /// Whether its name may be kept in the dentry cache. Not that of a process in /proc, which is gone with it.
    public final var isRemembered = true
    /// Writing is refused with `EPERM`, whoever asks.
    public final var isImmutable = false
    /// FS_*_FL, see FileFlags.swift.
    public internal(set) final var fileFlags: UInt32 = 0
    /// Whether ``fileFlags`` can be set.
    open var keepsFileFlags: Bool { false }
    /// Open files that may write, for ETXTBSY; negative while the file is being executed (deny-write count).
    public final var writers: Int32 = 0

    public init(superblock: Superblock, number: UInt64, mode: UInt32, uid: UInt32, gid: UInt32) {
        self.superblock = superblock
        self.number = number
        self.mode = mode
        self.uid = uid
        self.gid = gid
        let now = FileTime(bitPattern: Clock.coarseRealtime())
        accessTime = now
        modifyTime = now
        changeTime = now
        birthTime = now
    }

    public final var type: UInt32 { mode & 0o170000 }
    public final var isDirectory: Bool { type == 0o040000 }
    public final var isRegular: Bool { type == 0o100000 }
    public final var isSymbolicLink: Bool { type == 0o120000 }

    /// ``extra``, made if there is none.
    final func requireExtra() -> InodeExtra {
        if let extra { return extra }
        let made = InodeExtra()
        extra = made
        return made
    }

    public final func touchModified() {
        modifications &+= 1
        let now = FileTime(bitPattern: Clock.coarseRealtime())
        modifyTime = now
        changeTime = now
    }
    public final func touchChanged() { changeTime = FileTime(bitPattern: Clock.coarseRealtime()) }

    // --- the inode's sleep lock ---

    /// Waits for, and takes, the lock that serialises changes of a directory, or the copy-up of a file. May sleep.
    @inline(__always)
    public final func lock() {
        if isLocked { lockSlowly() }
        isLocked = true
        ThreadSlot.hold()
    }
    @inline(never)
    private final func lockSlowly() {
        // Not interruptible, so it does not throw.
        _ = try? VFS.shared.inodeLocks.wait(.nothing) { () throws(Errno) in !isLocked }
    }
    @inline(__always)
    public final func unlock() {
        ThreadSlot.letGo()
        isLocked = false
        VFS.shared.inodeLocks.wake()
    }

    // --- attributes ---

    /// Brings the stored attributes up to date before stat(2). May sleep.
    open func refresh() throws(Errno) {}
    /// Changes attributes; permission has been checked. May sleep.
    open func setMode(_ mode: UInt32) throws(Errno) {
        self.mode = type | (mode & 0o7777)
        if accessLists != nil { adjustAccessList() }
        touchChanged()
    }
    open func setOwner(uid: UInt32?, gid: UInt32?) throws(Errno) {
        if let uid { self.uid = uid }
        if let gid { self.gid = gid }
        touchChanged()
    }
    open func setTimes(access: FileTime?, modify: FileTime?) throws(Errno) {
        if let access { accessTime = access }
        if let modify { modifyTime = modify }
        touchChanged()
    }
    /// A read moved the access time; the rules of relatime have been applied.
    open func setAccessed(_ now: FileTime) { accessTime = now }
    /// Sets the length. `EISDIR`, `EINVAL` for what has none. May sleep.
    open func truncate(to length: Int) throws(Errno) { throw isDirectory ? Errno(21) : .EINVAL }
    /// fallocate(2).
    open func allocate(mode: UInt32, offset: Int, length: Int) throws(Errno) { throw Errno(95) }

    // --- directories; names have been checked for length and permission. All may sleep. ---

    /// - Throws: `ENOENT`.
    open func lookup(_ name: Bytes) throws(Errno) -> Inode { throw Errno(20) }
    /// Makes a regular file, device node, FIFO or socket, by the type in `mode`.
    open func create(_ name: Bytes, mode: UInt32, device: UInt64, _ credentials: Credentials) throws(Errno) -> Inode { throw .EPERM }
    open func makeDirectory(_ name: Bytes, mode: UInt32, _ credentials: Credentials) throws(Errno) -> Inode { throw .EPERM }
    open func makeSymbolicLink(_ name: Bytes, target: Bytes, _ credentials: Credentials) throws(Errno) -> Inode { throw .EPERM }
    open func link(_ name: Bytes, to inode: Inode) throws(Errno) { throw .EPERM }
    open func unlink(_ name: Bytes, _ inode: Inode) throws(Errno) { throw .EPERM }
    open func removeDirectory(_ name: Bytes, _ inode: Inode) throws(Errno) { throw .EPERM }
    /// Moves `name` to `newName` in `target`, over what is there if anything. `flags`: RENAME_*.
    open func rename(_ name: Bytes, _ inode: Inode, to target: Inode, _ newName: Bytes, over existing: Inode?, flags: UInt32) throws(Errno) { throw .EPERM }
    /// An unnamed regular file (O_TMPFILE).
    open func makeTemporary(mode: UInt32, _ credentials: Credentials) throws(Errno) -> Inode { throw Errno(95) }
    /// Lists the directory from `position`; calls `emit` with each entry and the position after it until it
    /// returns false. `.` and `..` are not listed here; positions below 2 are theirs.
    open func list(from position: Int, _ emit: (_ name: Bytes, _ inode: UInt64, _ type: UInt8, _ next: Int) -> Bool) throws(Errno) { throw Errno(20) }
    open var isEmptyDirectory: Bool { true }

    // --- symbolic links ---

    /// The text of a symbolic link. May sleep.
    open func readLink() throws(Errno) -> Bytes { throw .EINVAL }
    /// For links of /proc that lead to an object rather than along a path: where they lead.
    open func followMagicLink() throws(Errno) -> Path? { nil }

    // --- files ---

    /// An open file description for this inode; permission has been checked. May sleep (FIFOs).
    open func open(_ path: Path, flags: UInt32, _ credentials: Credentials) throws(Errno) -> File { throw Errno(6) }
    /// Whether lseek(2) of a directory knows SEEK_END, and takes the end to be 0.
    open var directorySeeksFromEnd: Bool { false }
    /// Whether a description may have O_DIRECT, which then makes no difference.
    open var allowsDirect: Bool { isRegular }

    // --- extended attributes, xattr(7) ---

    open func getExtendedAttribute(_ name: Bytes) throws(Errno) -> Bytes { throw Errno(95) }
    open func setExtendedAttribute(_ name: Bytes, _ value: Bytes, flags: UInt32) throws(Errno) { throw Errno(95) }
    open func removeExtendedAttribute(_ name: Bytes) throws(Errno) { throw Errno(95) }
    open func listExtendedAttributes() throws(Errno) -> [Bytes] { [] }
    /// Whether it can have access control lists, acl(5).
    open var keepsAccessLists: Bool { false }

    // --- memory mapping and execution ---

    /// How bytes [offset, offset + length) are to be mapped: page-aligned, in order, covering the part up to the end of
    /// the file's last page; beyond it there is nothing (SIGBUS). Allocates what a shared mapping needs. May sleep.
    open func mapping(offset: Int, length: Int, shared: Bool, writable: Bool) throws(Errno) -> [MappedExtent] { throw Errno(19) }

    /// fsync(2) of a directory. May sleep.
    open func synchronize(dataOnly: Bool) throws(Errno) {}

    /// Reads without an open file (exec, kernel readers). May sleep.
    open func readBytes(offset: Int, count: Int) throws(Errno) -> Bytes { throw .EINVAL }

    /// The last name and the last open file are gone: give back the data.
    open func evict() {}
    /// Open files of this inode: with no link left, the last release calls ``evict``.
    public final var openCount: Int32 = 0
    /// Those of them that are O_PATH.
    final var pathCount: Int32 = 0
}

/// Where mapped bytes come from.
public struct MappedExtent {
    public enum Source {
        /// Offset in the arena's file (``PageRun/arenaOffset``); `owner` keeps the pages alive while they are mapped.
        case arena(UInt)
        /// A host file the monitor passed, and the offset in it.
        case host(descriptor: Int32, offset: UInt)
        /// Pages that read as zero and are not shared (a hole of a private mapping).
        case zero
    }
    public var source: Source
    /// Bytes; a multiple of 4096.
    public var length: Int
    public var owner: AnyObject?
    public init(_ source: Source, length: Int, owner: AnyObject?) {
        self.source = source
        self.length = length
        self.owner = owner
    }
}

/// Those who have mapped parts of a file.
open class InodeMappings {
    public init() {}
    /// Bytes [start, end) are no longer in the file (truncation; `end` may be `.max`): accesses to mapped pages that lie
    /// wholly in the range must be `SIGBUS` or see what the file has there later. Called after the size has changed
    /// and before the pages can be used again.
    open func invalidate(from start: Int, to end: Int) {}
    /// Mappings that are shared and may be, or may become, writable: they stand in the way of F_SEAL_WRITE.
    open var sharedWritableCount: Int { 0 }
}

/// Seldom needed parts of an inode: locks and watches.
public final class InodeExtra {
    /// inotify watches.
    var watches: [InotifyWatch] = []
    /// Requests to be told by a signal, see DirectoryNotify.swift.
    var notes: [DirectoryNote] = []
    /// Record locks: fcntl(2) and open file description locks.
    var records: [RecordLock] = []
    /// flock(2) locks.
    var wholeFile: [WholeFileLock] = []
    /// Leases, see Leases.swift.
    var leases: [Lease] = []
    /// Those who wait for a lock, or for a lease to be given back.
    let lockQueue = WaitQueue()

    public init() {}
}
