import KernelBase
import LinuxABI
import Machine
import VFS

/// The mqueue file system: one directory with all POSIX message queues of the sandbox. It can be seen at /dev/mqueue.
public final class PosixQueues: Superblock {
    /// Where the calls look for names.
    public private(set) var root: Path?

    public init() {
        super.init(device: VFS.shared.allocateDevice())
        // Names are reached by two ways, the calls and the mount, each with a cache of its own.
        cachesNegative = false
        needsRevalidation = true
    }

    public override func revalidate(_ name: Bytes, in directory: Inode, _ inode: Inode?) throws(Errno) -> Bool {
        guard let directory = directory as? PosixQueueDirectory else { return true }
        return directory.find(name) === inode
    }

    public override var typeName: StaticString { "mqueue" }
    public override func status() throws(Errno) -> FileSystemStatus {
        var status = FileSystemStatus()
        status.type = 0x1980_0202
        return status
    }

    /// The root directory, for mounting. Once, at boot.
    public func makeRoot() -> Inode {
        let directory = PosixQueueDirectory(self)
        let dentry = Dentry(name: Bytes("/"), parent: nil, inode: directory)
        root = Path(mount: Mount(superblock: self, root: dentry), dentry: dentry)
        IPCState.shared.posixQueues = self
        return directory
    }

    /// mq_open(3). May sleep.
    /// - Parameter attributes: of a queue that is made; nil for the usual ones.
    /// - Throws: `EACCES`, `EEXIST`, `EINVAL`, `EMFILE`, `ENAMETOOLONG`, `ENOENT`, `ENOSPC`.
    public static func open(_ name: Bytes, flags: UInt32, mode: UInt32, _ attributes: MqAttr?, _ context: FSContext, _ credentials: Credentials) throws(Errno) -> File {
        let (root, directory) = try place()
        try check(name)
        let wanted = (slot: ThreadSlot.current, attributes: attributes)
        directory.wanted.append(wanted)
        defer { directory.wanted.removeAll { $0.slot == wanted.slot } }
        let request = try OpenRequest(flags: flags & (O_ACCMODE | O_CREAT | O_EXCL | O_NONBLOCK), mode: mode)
        let file = try VFS.shared.open(name.span, at: root, request, context, credentials)
        file.flags &= ~O_LARGEFILE
        return file
    }

    /// mq_unlink(3). May sleep.
    public static func unlink(_ name: Bytes, _ context: FSContext, _ credentials: Credentials) throws(Errno) {
        let (root, _) = try place()
        try check(name)
        try VFS.shared.unlink(name.span, at: root, context, credentials)
    }

    private static func place() throws(Errno) -> (Path, PosixQueueDirectory) {
        guard let root = IPCState.shared.posixQueues?.root, let directory = root.inode as? PosixQueueDirectory else { throw .ENOSYS }
        return (root, directory)
    }

    /// A name is one component, without the slash that the C library takes away.
    private static func check(_ name: Bytes) throws(Errno) {
        if name.isEmpty { throw .ENOENT }
        let dot = UInt8(ascii: ".")
        guard name != [dot], name != [dot, dot], !name.contains(UInt8(ascii: "/")) else { throw .EACCES }
    }
}

/// The root directory of the mqueue file system.
final class PosixQueueDirectory: Inode {
    private struct Entry {
        var name: Bytes
        var queue: PosixQueue
        var position: Int
    }
    private let system: PosixQueues
    private var entries: [Entry] = []
    private var nextPosition = 2
    /// Attributes that calls of mq_open(3) have asked for.
    var wanted: [(slot: ThreadSlot, attributes: MqAttr?)] = []

    init(_ system: PosixQueues) {
        self.system = system
        super.init(superblock: system, number: 1, mode: S_IFDIR | 0o1777, uid: 0, gid: 0)
        linkCount = 2
        size = 40
    }

    func find(_ name: Bytes) -> PosixQueue? { entries.first { $0.name == name }?.queue }

    override func lookup(_ name: Bytes) throws(Errno) -> Inode {
        guard let queue = find(name) else { throw .ENOENT }
        return queue
    }

    override func create(_ name: Bytes, mode: UInt32, device: UInt64, _ credentials: Credentials) throws(Errno) -> Inode {
        guard mode & S_IFMT == S_IFREG else { throw .EPERM }
        guard entries.count < DFLT_QUEUESMAX || credentials.has(Int(CAP_SYS_RESOURCE)) else { throw .ENOSPC }
        let slot = ThreadSlot.current
        let attributes = wanted.first { $0.slot == slot }?.attributes
        let queue = try PosixQueue(system, mode: mode, attributes, credentials)
        entries.append(Entry(name: name, queue: queue, position: nextPosition))
        nextPosition &+= 1
        size &+= 20
        touchModified()
        return queue
    }

    override func unlink(_ name: Bytes, _ inode: Inode) throws(Errno) {
        entries.removeAll { $0.name == name }
        size &-= 20
        inode.linkCount = 0
        inode.touchChanged()
        touchModified()
    }

    override func list(from position: Int, _ emit: (_ name: Bytes, _ inode: UInt64, _ type: UInt8, _ next: Int) -> Bool) throws(Errno) {
        for entry in entries where entry.position >= position {
            guard emit(entry.name, entry.queue.number, DT_REG, entry.position &+ 1) else { return }
        }
    }

    override var isEmptyDirectory: Bool { entries.isEmpty }

    override func open(_ path: Path, flags: UInt32, _ credentials: Credentials) throws(Errno) -> File {
        try openSpecial(path, flags: flags, credentials)
    }
}
