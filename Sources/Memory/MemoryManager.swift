import KernelBase
import LinuxABI
import Machine
import VFS

/// What all address spaces share. One object, made at boot: `MemoryManager.install()`.
public final class MemoryManager {
    public let host: HostMemory
    /// Live address spaces, in no order.
    public private(set) var spaces: [AddressSpace] = []
    /// Puts patched text over mapped text; see ``TextMapper``.
    public var textMapper: TextMapper?
    /// Set by the tasks module: makes each thread of the space enter the kernel soon and call
    /// ``AddressSpace/performPendingWork()`` before it runs guest code again (also the calling thread).
    public var kick: ((AddressSpace) -> Void)?
    /// Set by the tasks module: makes a thread that has the space call ``AddressSpace/serveRemoteCopies()`` soon, also if it
    /// sleeps.
    public var reach: ((AddressSpace) -> Void)?
    /// Those who wait for their copies.
    let remoteQueue = WaitQueue()
    private var nextInode: UInt = 1024
    /// Address spaces there have been.
    private var spacesMade: UInt64 = 0

    public init(host: HostMemory = HostMemory()) { self.host = host }

    public static func install(host: HostMemory = HostMemory()) {
        let manager = MemoryManager(host: host)
        memoryRoot.set(manager)
    }
    public static var shared: MemoryManager { memoryRoot.object }

    func register(_ space: AddressSpace) {
        space.registryIndex = spaces.count
        spacesMade &+= 1
        space.number = spacesMade
        spaces.append(space)
    }
    func unregister(_ space: AddressSpace) {
        let index = space.registryIndex
        guard index >= 0, index < spaces.count, spaces[index] === space, let last = spaces.popLast() else { return }
        space.registryIndex = -1
        guard last !== space else { return }
        spaces[index] = last
        last.registryIndex = index
    }
    /// For the nameless files behind shared anonymous memory.
    func allocateInodeNumber() -> UInt {
        nextInode &+= 1
        return nextInode
    }

    /// Counts areas with ``VMFlags/shared``.
    func sharedWritableAreas(of inode: Inode) -> Int {
        var count = 0
        for space in spaces {
            space.list.forEach { if $0.flags.has(.shared), let file = $0.file, file.inode === inode { count &+= 1 } }
        }
        return count
    }

    /// Pages of a file have gone. Each process can only change its own address space, so those that map it
    /// are told, and do it before they run guest code again.
    func invalidate(_ inode: Inode, areas: Int32, from start: Int, to end: Int) {
        var left = areas
        for space in spaces where left > 0 {
            let count = space.noteInvalidation(of: inode, from: start, to: end)
            guard count > 0 else { continue }
            left &-= count
            if space.hasPendingWork { kick?(space) }
        }
    }
}

public let memoryRoot = Root<MemoryManager>(7)

/// Replaces text of mapped files by patched copies. The address space calls it under its lock, in the process
/// concerned, after the pages have been mapped; it maps over them on the host itself. It must neither lock the
/// address space nor change its areas.
open class TextMapper {
    public init() {}
    /// Executable pages of a file have appeared at [start, end).
    /// - Parameters:
    ///   - offset: the file offset of `start`.
    ///   - gap: free addresses at a fixed distance from the text that may hold trampolines; nil if there are none.
    /// - Returns: true if something was mapped into the gap.
    open func mapped(_ space: AddressSpace, file: File, start: UInt, end: UInt, offset: UInt, protection: UInt32, gap: Range<UInt>?) -> Bool { false }
    /// The pages in [start, end), which may include executable ones, are about to go away.
    open func unmapped(_ space: AddressSpace, start: UInt, end: UInt) {}
}
