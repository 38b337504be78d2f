import KernelBase
import LinuxABI
import Machine
import VFS

/// The file system of objects that have an inode but no name: pipes, sockets, and the inode that all
/// eventfds, epoll instances and the like share.
final class NamelessSuperblock: Superblock {
    private let name: StaticString
    private let magic: Int64

    init(device: UInt64, name: StaticString, magic: Int64) {
        self.name = name
        self.magic = magic
        super.init(device: device)
    }
    override var typeName: StaticString { name }
    override func status() throws(Errno) -> FileSystemStatus {
        var status = FileSystemStatus()
        status.type = UInt(magic)
        return status
    }
}

/// What the IPC objects ask about the calling task, which belongs to a module above this one.
public final class CallerHooks {
    public var credentials: () -> Credentials = { Credentials(uid: 0, gid: 0, groups: []) }
    /// The process id (tgid).
    public var processID: () -> Int32 = { 0 }
    /// Sends the calling thread SIGPIPE.
    public var raiseBrokenPipe: () -> Void = {}
    /// The soft RLIMIT_NOFILE.
    public var descriptorLimit: () -> UInt64 = { 1024 }
    /// A resource limit, soft.
    public var limit: (Int) -> UInt64 = { _ in .max }
    /// Sends a process a signal.
    public var sendSignal: (_ pid: Int32, _ info: Siginfo) -> Void = { _, _ in }
    /// The calling task's undo list, made when it has none.
    public var undoList: () -> SemaphoreUndoList = { SemaphoreUndoList() }
    /// The inode of a bound socket's path; follows links, checks write permission.
    public var findSocket: (_ path: Bytes) throws(Errno) -> Inode = { (_) throws(Errno) in throw .ENOENT }
    /// Makes a socket inode; `EEXIST` if the name is taken. The umask is applied to `mode`.
    public var makeSocket: (_ path: Bytes, _ mode: UInt32) throws(Errno) -> Inode = { (_, _) throws(Errno) in throw .EPERM }

    /// The memory of a System V segment of so many bytes, with this key.
    public var makeSegment: (_ size: Int, _ key: Int32) throws(Errno) -> (inode: Inode, place: Path) = { (_, _) throws(Errno) in throw .ENOMEM }

    public init() {}
}

/// All state of this module that is not in the objects themselves. Under the kernel lock.
public final class IPCState {
    public let caller = CallerHooks()
    /// The number of the last ``UnixListing``.
    var lastListing: UInt = 0
    let systemV = SystemV()
    let pipes: Superblock = NamelessSuperblock(device: 0x0e, name: "pipefs", magic: PIPEFS_MAGIC)
    let sockets: Superblock = NamelessSuperblock(device: 0x09, name: "sockfs", magic: SOCKFS_MAGIC)
    let anonymous: Superblock = NamelessSuperblock(device: 0x0f, name: "anon_inodefs", magic: ANON_INODE_FS_MAGIC)
    /// The inode of every file that needs none of its own.
    public let anonymousInode: Inode
    private var lastInode: UInt64 = 1024
    /// Sockets bound to abstract names; the key is the type, then the name.
    var abstractNames = HashTable<Bytes, UnixSocket>()
    var autobindCounter: UInt32 = 0
    /// Sockets of which at least one reference is in a message.
    var socketsInFlight: [UnixSocket] = []
    /// Descriptors in messages for each user, against RLIMIT_NOFILE.
    var descriptorsInFlight = HashTable<UInt32, Int>()
    var isCollecting = false
    var pipeMaximum = 1 << 20
    /// Set once there is one.
    var posixQueues: PosixQueues?
    /// Bytes of POSIX message queues by user, against RLIMIT_MSGQUEUE.
    var queueBytes = HashTable<UInt32, Int>()
    public var socketsInFlightCount: Int { socketsInFlight.count }

    public init() {
        anonymousInode = Inode(superblock: anonymous, number: 1024, mode: 0o600, uid: 0, gid: 0)
    }

    @inline(__always)
    public static var shared: IPCState { ipcRoot.object }

    /// Makes the module's root object and registers its functions. Once, at boot.
    public static func boot(hooks: SpecialFileHooks) {
        ipcRoot.set(IPCState())
        hooks.openFIFO = { (inode, path, flags) throws(Errno) in try FIFO.open(inode, path, flags: flags) }
    }

    /// A number for a nameless inode.
    public func nextInode() -> UInt64 {
        lastInode &+= 1
        return lastInode
    }
}

public let ipcRoot = Root<IPCState>(4)

/// Refuses to make an object when the kernel's heap is nearly used up.
@inline(__always)
func requireMemory() throws(Errno) {
    if Host.heapIsLow { throw .ENOMEM }
}
