import KernelBase
import LinuxABI
import Machine
import VFS

/// A file system in memory, tmpfs(5). Also the upper layer of overlays, and what memfds live on.
public final class Tmpfs: Superblock {
    private let name: StaticString
    /// Pages that its files may have; `.max` for no limit of its own.
    public let pageLimit: Int
    public let inodeLimit: Int
    private(set) var pagesUsed = 0
    private(set) var inodesUsed = 0
    /// Inodes that are alive.
    public var inodeCount: Int { inodesUsed }
    private var lastInode: UInt64 = 0
    /// The overlay that this is the upper layer of: inodes made here are the overlay's.
    private(set) var overlay: Superblock?

    /// - Parameters:
    ///   - sizeLimit: bytes; nil for none but that of the sandbox's memory.
    ///   - typeName: as /proc/self/mounts shows it.
    public init(device: UInt64, sizeLimit: Int? = nil, inodeLimit: Int = .max, typeName: StaticString = "tmpfs") {
        name = typeName
        pageLimit = sizeLimit.map { ($0 &+ 4095) >> 12 } ?? .max
        self.inodeLimit = inodeLimit
        super.init(device: device)
    }

    /// The root directory for a new instance.
    /// - Parameter mode: permissions, 1777 for /tmp.
    public func makeRoot(mode: UInt32 = 0o755, uid: UInt32 = 0, gid: UInt32 = 0) -> Inode {
        TmpfsDirectory(self, mode: S_IFDIR | mode, uid: uid, gid: gid)
    }

    /// A regular file without a name, as memfd_create(2) makes it.
    public func makeUnnamedFile(mode: UInt32, _ credentials: Credentials) throws(Errno) -> TmpfsFile {
        try requireInode()
        let file = TmpfsFile(self, mode: S_IFREG | mode, uid: credentials.fsuid, gid: credentials.fsgid)
        file.linkCount = 0
        return file
    }

    func nextInode() -> UInt64 {
        lastInode &+= 1
        return lastInode
    }
    /// Becomes the upper layer of an overlay. Nothing has been made yet.
    /// - Parameter first: the new inodes' numbers come after it.
    func becomeLayer(of overlay: Superblock, inodesAfter first: UInt64) {
        self.overlay = overlay
        lastInode = first
    }

    func inodeMade() { inodesUsed &+= 1 }
    func inodeFreed() { inodesUsed &-= 1 }

    /// Refuses a new inode when the limit, or the kernel's heap, is nearly used up.
    func requireInode() throws(Errno) {
        if inodesUsed >= inodeLimit { throw .ENOSPC }
        if Host.heapIsLow { throw .ENOMEM }
    }

    @inline(__always)
    func take(pages: Int) throws(Errno) {
        guard pages <= pageLimit &- pagesUsed else { throw .ENOSPC }
        pagesUsed &+= pages
    }
    var pagesLeft: Int { pageLimit &- pagesUsed }
    func give(pages: Int) { pagesUsed &-= pages }

    public override var typeName: StaticString { name }

    public override func status() throws(Errno) -> FileSystemStatus {
        var status = FileSystemStatus()
        status.type = UInt(TMPFS_MAGIC)
        // Without a limit of its own, what all file pages of the sandbox may take at most.
        let limit = pageLimit == .max ? PageRun.pageLimit : pageLimit
        status.blocks = UInt(limit)
        status.blocksFree = UInt(max(0, limit &- (pageLimit == .max ? PageRun.pagesUsed : pagesUsed)))
        status.blocksAvailable = status.blocksFree
        if inodeLimit != .max {
            status.files = UInt(inodeLimit)
            status.filesFree = UInt(max(0, inodeLimit &- inodesUsed))
        }
        return status
    }
}
