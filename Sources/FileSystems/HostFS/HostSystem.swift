import KernelBase
import LinuxABI
import Machine
import MonitorProtocol
import VFS

/// The module's root object: the link to the monitor and what all host shares have in common, above all the bounds of what
/// is kept: handles of the monitor, host descriptors, file data, inodes, listings.
public final class HostSystem {
    public let link: MonitorLink
    let allocateDevice: () -> UInt64
    private(set) var shares: [HostShare] = []
    /// Those who wait for a directory's table or a file's data to be fetched. One queue: such waits are rare.
    let queue = WaitQueue()

    /// - Parameters:
    ///   - handleLimit: ``ConfigTag/handleLimit``; 0: unknown.
    ///   - descriptorLimit: descriptors of regular files kept for their next open.
    ///   - allocateDevice: gives numbers for st_dev.
    public init(link: MonitorLink, handleLimit: UInt32, descriptorLimit: Int = 512, allocateDevice: @escaping () -> UInt64) {
        self.link = link
        self.allocateDevice = allocateDevice
        // A quarter stays for files that lost their names, and for handles on their way back.
        handles = HostRing(capacity: handleLimit == 0 ? 256 : max(16, min(16_384, Int(handleLimit) / 4 &* 3)))
        descriptors = HostRing(capacity: descriptorLimit)
        cached = HostRing(capacity: .max)
    }

    @inline(__always)
    public static var shared: HostSystem { hostRoot.object }

    /// Shares what the monitor has behind a root handle.
    /// - Returns: the superblock and the root.
    public func mount(rootHandle: UInt32, isWritable: Bool) throws(Errno) -> (superblock: Superblock, root: Inode) {
        let share = HostShare(self, rootHandle: rootHandle, isWritable: isWritable)
        let root = try share.makeRoot()
        shares.append(share)
        return (root.superblock, root)
    }

    // MARK: Handles of directories

    private var handles: HostRing<HostDirectory>
    /// Handles that are to be given back with the next ``Operation/enter``.
    private var returned: [UInt32] = []

    func giveBack(_ handle: UInt32) {
        if handle != 0 { returned.append(handle) }
    }
    func nextToGiveBack() -> UInt32 { returned.popLast() ?? 0 }

    /// A directory has got a handle. Another may lose its own.
    func noteHandle(_ directory: HostDirectory) {
        if handles.isFull { _ = loseHandle() }
        handles.add(directory)
    }

    private func loseHandle() -> Bool {
        handles.evict { directory in
            if directory.handleUsers > 0 { return false }
            if directory.isHandleRecent {
                directory.isHandleRecent = false
                return false
            }
            // A removed directory cannot be found again.
            if directory.isDead, directory.openCount > 0 { return false }
            giveBack(directory.handle)
            directory.handle = 0
            return true
        }
    }

    /// Runs a request that may make a handle, once more with many handles given back if the monitor has no more.
    func retryingWithFewerHandles<R>(_ body: () throws(Errno) -> R) throws(Errno) -> R {
        do throws(Errno) { return try body() } catch {
            guard error == .ENFILE else { throw error }
        }
        var count = max(8, handles.count / 4)
        while count > 0, loseHandle() { count &-= 1 }
        while let handle = returned.popLast() {
            do throws(Errno) { _ = try link.call(.forget, handle) } catch {}
        }
        return try body()
    }

    // MARK: Host descriptors

    private var descriptors: HostRing<HostRegular>

    func noteDescriptor(_ inode: HostRegular) {
        guard !inode.isInDescriptorRing else { return }
        if descriptors.isFull { _ = loseDescriptor() }
        inode.isInDescriptorRing = true
        descriptors.add(inode)
    }

    private func loseDescriptor() -> Bool {
        descriptors.evict { inode in
            if inode.isDescriptorRecent {
                inode.isDescriptorRecent = false
                return false
            }
            guard inode.dropDescriptor() else { return false }
            inode.isInDescriptorRing = false
            return true
        }
    }

    func retryingWithFewerDescriptors<R>(_ body: () throws(Errno) -> R) throws(Errno) -> R {
        do throws(Errno) { return try body() } catch {
            guard error == .ENFILE || error == .EMFILE else { throw error }
        }
        var count = 128
        while count > 0, loseDescriptor() { count &-= 1 }
        return try body()
    }

    // MARK: Data of small files

    private var cached: HostRing<HostRegular>
    /// Bytes of pages in use for them.
    var pageBytes = 0
    /// Open files with a ``ReadAhead``.
    var readAheads = 0
    public var pageLimit = 64 << 20

    func makePageRoom(_ bytes: Int) {
        while pageBytes &+ bytes > pageLimit {
            let lost = cached.evict { inode in
                if inode.pages == nil { return true }
                if inode.arePagesRecent {
                    inode.arePagesRecent = false
                    return false
                }
                inode.dropPages()
                return true
            }
            if !lost { return }
        }
    }

    /// Gives up data of small files, least recently used first, when the sandbox has no more pages.
    /// - Returns: whether so many pages are free now.
    func reclaim(pages wanted: Int) -> Bool {
        let before = PageRun.pagesUsed
        while PageRun.pagesUsed > before &- wanted {
            let lost = cached.evict { inode in
                inode.dropPages()
                return true
            }
            if !lost { return false }
        }
        return true
    }

    func notePages(_ inode: HostRegular, _ bytes: Int) {
        pageBytes &+= bytes
        cached.add(inode)
    }

    // MARK: Inodes and listings

    /// Inodes alive.
    var inodeCount = 0
    /// Names in all tables.
    var tableEntries = 0
    /// Of which there may be this many before some are dropped.
    public var inodeLimit = 150_000
    public var entryLimit = 400_000
    private var nextInodeSweep = 0
    private var nextEntrySweep = 0
    /// CLOCK_MONOTONIC_COARSE before which there is no further sweep for want of heap: it would find nothing new.
    private var nextLowSweep: UInt64 = 0

    /// Drops inodes and listings that are not in use if there are too many. Nobody may hold an index into a table.
    func makeRoom() {
        let tooManyEntries = tableEntries > max(entryLimit, nextEntrySweep)
        var isLow = Host.heapIsLow
        if isLow {
            let now = HostClock.now()
            isLow = now >= nextLowSweep
            nextLowSweep = isLow ? now &+ HostClock.lifetime : nextLowSweep
            // Names that nobody uses hold inodes.
            if isLow { VFS.shared.cache.dropUnused() }
        }
        guard tooManyEntries || isLow || inodeCount > max(inodeLimit, nextInodeSweep) else { return }
        for share in shares { share.sweep(tables: tooManyEntries || isLow) }
        // What is in use stays: the next sweep is due when there is a quarter more than that.
        nextInodeSweep = inodeCount &+ inodeCount / 4
        nextEntrySweep = tableEntries &+ tableEntries / 4
    }
}

public let hostRoot = Root<HostSystem>(5)

/// See ``HostSystem/reclaim(pages:)``.
final class HostPageReclaimer: PageReclaimer {
    private let system: HostSystem
    init(_ system: HostSystem) { self.system = system }
    override func reclaim(pages: Int) -> Bool { system.reclaim(pages: pages) }
}

/// Objects of which the least recently used are to go first: a clock.
struct HostRing<Member: AnyObject> {
    private var members: [Member] = []
    private var hand = 0
    let capacity: Int

    init(capacity: Int) { self.capacity = capacity }

    var count: Int { members.count }
    var isFull: Bool { members.count >= capacity }

    mutating func add(_ member: Member) { members.append(member) }

    /// Goes round until `take` lets a member go, at most twice.
    /// - Returns: whether one went.
    mutating func evict(_ take: (Member) -> Bool) -> Bool {
        var steps = members.count &* 2
        while steps > 0, !members.isEmpty {
            steps &-= 1
            if hand >= members.count { hand = 0 }
            if take(members[hand]) {
                members[hand] = members[members.count &- 1]
                members.removeLast()
                return true
            }
            hand &+= 1
        }
        return false
    }
}
