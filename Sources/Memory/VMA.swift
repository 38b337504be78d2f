import KernelBase
import LinuxABI
import Machine
import VFS

/// What a virtual memory area shows, when it is more than anonymous private memory.
///
/// ``users`` counts the areas that refer to it, in all address spaces; the last ``release`` gives back what
/// it holds, and may sleep.
open class MemoryObject {
    public private(set) final var users = 0
    public init() {}
    @inline(__always) public final func acquire() { users &+= 1; acquired() }
    public final func release() {
        users &-= 1
        released()
        if users == 0 { finish() }
    }
    open func acquired() {}
    open func released() {}
    open func finish() {}

    /// Whether two areas with these objects may become one.
    open func canMerge(with other: MemoryObject) -> Bool { self === other }
    /// Takes over what the other one keeps alive, before areas of both become one.
    open func absorb(_ other: MemoryObject) {}
}

/// What an inode knows of its mappings: that there are some. Lives as long as there are.
public final class FileMappings: InodeMappings {
    private let inode: Inode
    /// Areas that map the file, in all address spaces.
    fileprivate(set) var areas: Int32 = 1

    fileprivate init(_ inode: Inode) { self.inode = inode }

    /// Shared mappings that can be written or made so, in all processes: what forbids F_SEAL_WRITE.
    public override var sharedWritableCount: Int { MemoryManager.shared.sharedWritableAreas(of: inode) }

    public override func invalidate(from start: Int, to end: Int) {
        MemoryManager.shared.invalidate(inode, areas: areas, from: start, to: end)
    }
}

/// A mapped file, and the pages of it that are mapped on the host and so must stay alive.
public final class FileMapping: MemoryObject {
    public let file: File
    private struct Pin {
        var offset: Int
        var end: Int
        var owner: AnyObject
    }
    private var pins: [Pin] = []

    public init(file: File) {
        self.file = file
        file.acquire()
    }
    public override func acquired() {
        file.mappingAdded()
        if let registry = file.inode.mappings as? FileMappings {
            registry.areas &+= 1
        } else {
            file.inode.mappings = FileMappings(file.inode)
        }
    }
    public override func released() {
        file.mappingRemoved()
        guard let registry = file.inode.mappings as? FileMappings else { return }
        registry.areas &-= 1
        // Also breaks the cycle between the two.
        if registry.areas == 0 { file.inode.mappings = nil }
    }
    public override func finish() {
        pins = []
        file.release()
    }
    public override func canMerge(with other: MemoryObject) -> Bool {
        if self === other { return true }
        guard let other = other as? FileMapping else { return false }
        return other.file === file
    }
    public override func absorb(_ other: MemoryObject) {
        guard other !== self, let other = other as? FileMapping else { return }
        pins.append(contentsOf: other.pins)
    }

    /// Keeps `owner` alive as the memory behind file bytes [offset, offset + length).
    func pin(_ owner: AnyObject, offset: Int, length: Int) {
        if let index = pins.indices.last, pins[index].owner === owner {
            pins[index].offset = min(pins[index].offset, offset)
            pins[index].end = max(pins[index].end, offset &+ length)
            return
        }
        pins.append(Pin(offset: offset, end: offset &+ length, owner: owner))
    }
    /// Lets go what lies wholly beyond `size`; only right when nobody maps it any more.
    func unpin(beyond size: Int) { pins.removeAll { $0.offset >= size } }
}

/// Anonymous shared memory, MAP_SHARED | MAP_ANONYMOUS: pages of the arena, so all processes that inherit the
/// mapping see the same ones. They cost memory when touched, not when mapped.
public final class SharedMemory: MemoryObject {
    /// Bytes; fixed. Beyond it there is nothing (SIGBUS), as with Linux when mremap(2) makes the area longer.
    public let size: UInt
    public let inodeNumber: UInt
    private var runs: [PageRun] = []

    /// - Returns: nil when the sandbox has no memory for it.
    public init?(size: UInt, inodeNumber: UInt) {
        self.size = size
        self.inodeNumber = inodeNumber
        super.init()
        // The binary digits of the page count: no page too many, few runs.
        var left = size >> 12
        var order: UInt32 = 22
        while left > 0 {
            let count: UInt = 1 << UInt(order)
            if left >= count {
                guard let run = PageRun.allocate(order: order) else { return nil }
                runs.append(run)
                left &-= count
            } else {
                order &-= 1
            }
        }
    }
    public override func finish() { runs = [] }

    /// The pieces behind [offset, offset + length), clipped to the object.
    func extents(offset: UInt, length: UInt) -> [MappedExtent] {
        var result: [MappedExtent] = []
        var start: UInt = 0
        for run in runs {
            let count = UInt(run.byteCount)
            let low = max(start, offset), high = min(start &+ count, offset &+ length)
            if low < high {
                result.append(MappedExtent(.arena(run.arenaOffset &+ (low &- start)), length: Int(high &- low), owner: nil))
            }
            start &+= count
        }
        return result
    }
}

/// A virtual memory area: pages of one address space with the same properties.
public struct VMA {
    public var start: UInt
    public var end: UInt
    /// [start, populatedEnd) is mapped on the host. Less than `end` only where a file or a shared object ends
    /// before the area: touching what lies beyond is SIGBUS, or maps it if the file has grown since.
    public var populatedEnd: UInt
    /// Page offset in the object; of private anonymous memory the page number of its first address when it was made.
    public var pageOffset: UInt
    public var flags: VMFlags
    public var object: MemoryObject?

    public init(start: UInt, end: UInt, flags: VMFlags, object: MemoryObject? = nil, pageOffset: UInt? = nil) {
        self.start = start
        self.end = end
        populatedEnd = end
        self.flags = flags
        self.object = object
        self.pageOffset = pageOffset ?? start >> 12
    }

    @inline(__always) public var length: UInt { end &- start }
    @inline(__always) public var pages: Int { Int((end &- start) >> 12) }
    @inline(__always) public var isAnonymousPrivate: Bool { object == nil && !flags.has(.mayShare) }
    public var file: File? { (object as? FileMapping)?.file }
    /// File offset of `address`, in bytes.
    @inline(__always)
    public func offset(of address: UInt) -> UInt { pageOffset << 12 &+ (address &- start) }
    /// The lowest address that others must keep away from.
    @inline(__always)
    public var startWithGap: UInt {
        if !flags.has([.growsDown, .textGap]) { return start }
        let gap = flags.has(.growsDown) ? MemoryLayoutLimits.stackGuardGap : MemoryLayoutLimits.textGap
        return start > gap ? start &- gap : 0
    }

    /// Whether `next`, which begins where this ends, can be joined with this.
    @inline(__always)
    func canMerge(with next: VMA) -> Bool {
        guard end == next.start, flags.subtracting([.textGap, .trampolines]) == next.flags,
              pageOffset &+ length >> 12 == next.pageOffset,
              populatedEnd == end || next.populatedEnd == next.start else { return false }
        if let object {
            guard let other = next.object else { return false }
            return object === other || object.canMerge(with: other)
        }
        return next.object == nil && !flags.has(.special)
    }
}
