import KernelBase
import LinuxABI
import Machine

/// The file layer's own state: the dentry cache, the mounts, and what upper modules have plugged in.
///
/// The operations by path are extensions of this class, a file for each family; each takes the task's
/// ``FSContext`` and ``Credentials`` and throws what Linux returns, its checks in Linux's order.
public final class VFS {
    public let cache: DentryCache
    /// All mounts in the order they were made, for /proc/self/mounts.
    public private(set) var mounts: [Mount] = []
    private var nextMount: Int32 = 1
    /// Lower numbers are those of pipes, sockets and other files without a file system that is mounted.
    private var nextDevice: UInt64 = 0x1f
    /// Those who wait for an ``Inode/lock()``, of any inode.
    let inodeLocks = WaitQueue()
    /// Serialises renames of directories, so that the tree has no cycles.
    let renameLock = SleepLock()
    /// What upper modules decide; replaced at boot.
    public var hooks = VFSHooks()
    /// Watches in all inotify instances: with none, events cost one comparison.
    public internal(set) var watchCount = 0
    var lastCookie: UInt32 = 0
    public let inotifyLimits = InotifyLimits()
    /// /proc/sys/fs/lease-break-time, seconds.
    public var leaseBreakTime: UInt64 = 45
    /// Owners of record locks that wait for another one's.
    var blockedOwners: [BlockedOwner] = []

    public init(dentryLimit: Int = 100_000) {
        cache = DentryCache(limit: dentryLimit)
    }

    @inline(__always)
    public static var shared: VFS { vfsRoot.object }

    /// A device number for a superblock (major 0, as Linux's anonymous devices).
    public func allocateDevice() -> UInt64 {
        nextDevice &+= 1
        // The encoding of dev_t in stat(2): minor bits 0-7 and 12-31.
        return (nextDevice & 0xff) | (nextDevice & ~0xff) << 12
    }

    // --- the mount tree ---

    /// Makes the root of a mount tree.
    public func mountRoot(_ superblock: Superblock, root: Inode, flags: UInt64 = MS_RELATIME, source: Bytes = Bytes("none")) -> Path {
        let mount = Mount(superblock: superblock, root: Dentry(name: Bytes("/"), parent: nil, inode: root), flags: flags, source: source)
        register(mount)
        return Path(mount: mount, dentry: mount.root)
    }

    /// Attaches a file system at `place`, a directory over a directory or a file over a file.
    /// - Throws: `ENOTDIR` if one is a directory and the other is not; `ENOENT`.
    @discardableResult
    public func mount(_ superblock: Superblock, root: Inode, at place: Path, flags: UInt64 = MS_RELATIME, source: Bytes = Bytes("none")) throws(Errno) -> Mount {
        guard let covered = place.inode, !place.dentry.isUnlinked else { throw .ENOENT }
        guard covered.isDirectory == root.isDirectory else { throw .ENOTDIR }
        let mount = Mount(superblock: superblock, root: Dentry(name: Bytes("/"), parent: nil, inode: root), flags: flags, source: source)
        attach(mount, at: place)
        return mount
    }

    /// Makes `source` visible at `place` as well, like mount(2) with MS_BIND.
    @discardableResult
    public func bind(_ source: Path, at place: Path, flags: UInt64? = nil) throws(Errno) -> Mount {
        guard let covered = place.inode, let inode = source.inode, !place.dentry.isUnlinked else { throw .ENOENT }
        guard covered.isDirectory == inode.isDirectory else { throw .ENOTDIR }
        let mount = Mount(superblock: source.mount.superblock, root: source.dentry, flags: flags ?? source.mount.flags, source: source.mount.source)
        attach(mount, at: place)
        return mount
    }

    private func attach(_ mount: Mount, at place: Path) {
        let top = VFS.topmost(place)
        mount.parent = top.mount
        mount.mountPoint = top.dentry
        top.mount.children.append(mount)
        top.dentry.mountCount &+= 1
        register(mount)
    }

    private func register(_ mount: Mount) {
        mount.id = nextMount
        nextMount &+= 1
        mounts.append(mount)
    }

    /// Takes a mount without children out of the tree.
    /// - Throws: `EINVAL` for a root; `EBUSY` when something is mounted in it.
    public func unmount(_ mount: Mount) throws(Errno) {
        guard let parent = mount.parent, let place = mount.mountPoint else { throw .EINVAL }
        guard mount.children.isEmpty else { throw .EBUSY }
        parent.children.removeAll { $0 === mount }
        place.mountCount &-= 1
        mounts.removeAll { $0 === mount }
        mount.parent = nil
        mount.mountPoint = nil
    }

    /// What is on top of a place after all mounts there.
    @inline(__always)
    static func topmost(_ path: Path) -> Path {
        path.dentry.mountCount == 0 ? path : crossed(path)
    }

    @inline(never)
    static func crossed(_ path: Path) -> Path {
        var path = path
        while path.dentry.mountCount > 0, let child = path.mount.child(at: path.dentry) {
            path = Path(mount: child, dentry: child.root)
        }
        return path
    }
}

extension VFS {
    /// Whether RLIMIT_FSIZE lets the caller make a file that long.
    /// - Throws: `EFBIG`, after SIGXFSZ, when it does not.
    public static func checkFileSize(_ size: Int) throws(Errno) {
        guard size > shared.hooks.fileSizeLimit else { return }
        shared.hooks.fileSizeExceeded()
        throw .EFBIG
    }

    /// How many of `count` bytes RLIMIT_FSIZE lets the caller write at `offset`, which is not negative.
    /// - Throws: `EFBIG`, after SIGXFSZ, when it is none.
    public static func allowedCount(_ count: Int, at offset: Int) throws(Errno) -> Int {
        let limit = shared.hooks.fileSizeLimit
        if limit == .max || count == 0 { return count }
        guard offset < limit else {
            shared.hooks.fileSizeExceeded()
            throw .EFBIG
        }
        return min(count, limit &- offset)
    }
}

public let vfsRoot = Root<VFS>(1)

/// Decisions and services of upper modules that the file layer needs. Tasks replaces it at boot.
open class VFSHooks {
    public init() {}
    /// RLIMIT_FSIZE of the current task, in bytes.
    open var fileSizeLimit: Int { .max }
    /// A write went beyond it: send SIGXFSZ.
    open func fileSizeExceeded() {}
    /// The process id of the current task, for locks.
    open var processID: Int32 { 1 }
    /// Credentials of the current task.
    open var credentials: Credentials { rootCredentials }
    /// Whether a task, process, group or session has this number.
    open func isAnybody(_ id: Int32) -> Bool { id == 1 }
    /// Whether the receiver of a file's signals still exists.
    open func isThere(_ owner: FileOwner) -> Bool { owner.id != 0 }
    /// Sends the receiver of a file's signals its signal, if it may be sent one.
    /// - Parameter reason: POLL_*.
    open func signal(_ owner: FileOwner, descriptor: Int32, reason: Int32) {}
    private let rootCredentials = Credentials(uid: 0, gid: 0, groups: [])
}
