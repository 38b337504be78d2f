import KernelBase
import LinuxABI
import Machine
import VFS

/// A shared memory segment, shmget(2). Its memory is a file in memory that no path leads to.
public final class Segment: SystemVObject {
    /// The file's inode.
    let inode: Inode
    /// Where it is shown to be.
    private let place: Path
    /// Bytes, as asked for.
    public let size: Int
    public let creator: Int32
    public private(set) var lastPID: Int32 = 0
    /// Seconds; 0 for never.
    public private(set) var attachTime: Int64 = 0, detachTime: Int64 = 0
    /// Mappings, in all processes.
    public private(set) var attached = 0
    /// Held by the calls that work on it, so that it does not go meanwhile.
    private let file: File

    init(key: Int32, size: Int, mode: UInt32, _ memory: (inode: Inode, place: Path)) {
        self.size = size
        inode = memory.inode
        place = memory.place
        creator = IPCState.shared.caller.processID()
        file = SegmentFile(nil, memory.inode, memory.place, flags: O_RDWR)
        file.acquire()
        super.init(key: key, mode: mode)
    }

    override func numbered() { inode.number = UInt64(UInt32(bitPattern: id)) }

    /// An open file for one attachment.
    public func open(flags: UInt32) -> File { SegmentFile(self, inode, place, flags: flags) }

    func mapped() {
        attached &+= 1
        attachTime = SystemVObject.now
        lastPID = IPCState.shared.caller.processID()
    }

    func unmapped() {
        attached &-= 1
        detachTime = SystemVObject.now
        lastPID = IPCState.shared.caller.processID()
        if attached == 0, permissions.mode & SHM_DEST != 0 { SystemV.shared.remove(self) }
    }

    /// IPC_RMID: at once, or when the last process has let it go.
    public func markForRemoval() {
        guard attached > 0 else { return SystemV.shared.remove(self) }
        becomePrivate()
        mark(SHM_DEST, true)
    }

    /// SHM_LOCK and SHM_UNLOCK. Pages of the sandbox are never paged out by it, so this is remembered and no more.
    public func setLocked(_ isLocked: Bool) { mark(SHM_LOCKED, isLocked) }

    /// Pages that have been touched.
    public var residentPages: Int { inode.blocks / 8 }

    public override func removed() { file.release() }
}

/// An attachment: what a process has mapped.
final class SegmentFile: File {
    private let segment: Segment?

    init(_ segment: Segment?, _ inode: Inode, _ place: Path, flags: UInt32) {
        self.segment = segment
        super.init(inode: inode, path: place, flags: flags)
    }

    override var isSegment: Bool { segment != nil }
    override func mapping(offset: Int, length: Int, shared: Bool, writable: Bool) throws(Errno) -> [MappedExtent] {
        try inode.mapping(offset: offset, length: length, shared: shared, writable: writable)
    }
    override func mappingAdded() { segment?.mapped() }
    override func mappingRemoved() { segment?.unmapped() }
}

extension SystemV {
    /// Greatest size of a segment, /proc/sys/kernel/shmmax.
    public static var largestSegment: UInt { UInt.max &- (1 << 24) }

    /// shmget(2)
    public func segment(key: Int32, size: UInt, flags: UInt32) throws(Errno) -> Int32 {
        try segments.get(key: key, flags: flags, check: { (segment) throws(Errno) in
            guard size <= UInt(segment.size) else { throw .EINVAL }
        }, make: { () throws(Errno) in
            guard size >= 1, size <= SystemV.largestSegment else { throw .EINVAL }
            let caller = IPCState.shared.caller
            // There are no huge pages, nor memory for what is larger than all of it.
            if flags & SHM_HUGETLB != 0 { throw caller.credentials().has(Int(CAP_IPC_LOCK)) ? .ENOMEM : .EPERM }
            guard size <= UInt(Int.max) >> 1 else { throw .ENOMEM }
            try requireMemory()
            return Segment(key: key, size: Int(size), mode: flags, try caller.makeSegment(Int(size), key))
        })
    }

    public func segment(_ id: Int32) throws(Errno) -> Segment { try segments.find(id) }
    public func segment(at index: Int32) throws(Errno) -> Segment {
        guard let segment = segments.at(Int(index)) else { throw .EINVAL }
        return segment
    }
}
