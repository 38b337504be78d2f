import KernelBase
import LinuxABI
import Machine
import VFS

/// A NUMA policy, where there is one node.
public struct MemoryPolicy: Sendable {
    public var mode: Int32 = 0
    public var hasNode = false
    public init(mode: Int32 = 0, hasNode: Bool = false) {
        self.mode = mode
        self.hasNode = hasNode
    }
}

/// The address space of a guest process (Linux: mm_struct).
///
/// A guest's pages are pages of its host process at the same addresses, so the list of areas here says what
/// the host should have mapped, and every operation changes both: the host first, where it may refuse.
/// Only the process itself can change its mappings: operations are called by one of its threads, except those
/// that only read the list.
///
/// ``lock`` is held over a whole operation including its host calls, during which the kernel lock is free.
/// Errors are those of the system calls, in Linux's order of checks.
public final class AddressSpace {
    /// Held over changes of anything below, and by fork until the host has cloned.
    public let lock = SleepLock(shared: false)
    public internal(set) var list = VMAList()
    let host: HostMemory
    let manager: MemoryManager

    /// Tells it apart from all others there have been, so that a file about it can know when it is gone.
    public internal(set) var number: UInt64 = 0
    /// Tasks that use it (threads, vfork children). At 0: ``release()``.
    public private(set) var users = 1

    /// Kept current by prlimit(2).
    public var limits: MemoryLimits

    // --- places; set by exec ---
    /// Top-down placement starts here.
    public var mappingBase: UInt
    public internal(set) var startBreak: UInt = 0
    public internal(set) var currentBreak: UInt = 0
    /// The stack pointer at the program's start: the area that holds it is [stack].
    public var stackStart: UInt = 0
    public var codeRange: Range<UInt> = 0..<0
    public var dataRange: Range<UInt> = 0..<0
    public var argumentRange: Range<UInt> = 0..<0
    public var environmentRange: Range<UInt> = 0..<0
    /// Arguments and environment as the program got them, each text with its zero: what other processes see in /proc.
    public var initialArguments: Bytes = []
    public var initialEnvironment: Bytes = []
    /// The auxiliary vector as the program got it, for /proc/PID/auxv.
    public var auxiliaryVector: Bytes = []
    /// The program's file, for /proc/PID/exe; held while it is here.
    public private(set) var executable: File?
    /// Called with the executable when the space lets go of it (for the deny-write count).
    public var executableReleased: ((File) -> Void)?

    /// set_mempolicy(2); one for the process, for nothing depends on it.
    public var policy = MemoryPolicy()
    /// Flags that mlockall(MCL_FUTURE) adds to new areas.
    var futureLocks: VMFlags = []
    /// VmPeak, in pages.
    public internal(set) var peakPages = 0
    /// mappings that madvise(MADV_GUARD_INSTALL) put guards into: their faults are not spurious.
    var hasGuards = false

    /// Up to which of its patches the text mapper has brought all text here.
    public var textGeneration = 0

    var registryIndex = -1
    var pendingZaps: [(inode: Inode, start: Int, end: Int)] = []
    /// What other processes want to read or write here; see RemoteAccess.swift.
    var remoteCopies: [RemoteCopy] = []
    /// True when a thread has to call ``performPendingWork()``.
    public var hasPendingWork: Bool { !pendingZaps.isEmpty || !remoteCopies.isEmpty }
    /// What the child of a fork has to undo on the host, see ``finishFork()``.
    var absent: [(UInt, UInt)] = []
    var wipes: [(UInt, UInt)] = []
    var faultAddress: UInt = 0
    var faultRepeats = 0

    /// Released objects whose files are closed after the lock is free: closing may sleep.
    private var garbage: [MemoryObject] = []

    /// The places of a process that has nothing mapped but what the host gave it.
    public init(limits: MemoryLimits = MemoryLimits(), manager: MemoryManager = .shared) {
        self.manager = manager
        self.limits = limits
        host = manager.host
        mappingBase = AddressSpace.mappingBase(stackLimit: limits.stack)
        insertHostAreas()
        manager.register(self)
    }

    /// Linux's place without randomisation: below the largest stack, at least 128 MiB.
    static func mappingBase(stackLimit: UInt) -> UInt {
        let largest = Host.userEnd / 6 * 5
        let wanted = stackLimit >= largest ? largest : stackLimit &+ MemoryLayoutLimits.stackGuardGap
        return Page.down(Host.userEnd &- min(max(wanted, 128 << 20), largest))
    }

    private init(copying other: AddressSpace) {
        manager = other.manager
        host = other.host
        limits = other.limits
        mappingBase = other.mappingBase
        startBreak = other.startBreak
        currentBreak = other.currentBreak
        stackStart = other.stackStart
        codeRange = other.codeRange
        dataRange = other.dataRange
        argumentRange = other.argumentRange
        environmentRange = other.environmentRange
        auxiliaryVector = other.auxiliaryVector
        initialArguments = other.initialArguments
        initialEnvironment = other.initialEnvironment
        executable = other.executable
        executable?.acquire()
        executableReleased = other.executableReleased
        // Each space that runs a file denies writing to it once; executableReleased gives that back.
        if executableReleased != nil { executable?.inode.writers &-= 1 }
        // The host's pages are copied as they are, with what is still to be taken away; see finishFork().
        pendingZaps = other.pendingZaps
        hasGuards = other.hasGuards
        textGeneration = other.textGeneration
        list = other.list
        Host.accountPrivate(pages: list.privatePages)
        peakPages = list.totalPages
        policy = other.policy
        manager.register(self)
    }

    /// The host's own pages in every process: the vDSO and the data below it.
    private func insertHostAreas() {
        let start = Host.vdsoBase, end = Host.vdsoEnd
        guard start > 6 << 12, end > start else { return }
        let data: VMFlags = [.read, .mayRead, .sealed, .dontExpand, .dontDump]
        list.insert(VMA(start: start &- 6 << 12, end: start &- 2 << 12, flags: data.union(.vvar), pageOffset: 0))
        list.insert(VMA(start: start &- 2 << 12, end: start, flags: data.union(.vvarClock), pageOffset: 0))
        list.insert(VMA(start: start, end: end, flags: [.read, .exec, .mayRead, .mayExec, .sealed, .dontExpand, .vdso], pageOffset: 0))
    }

    /// Pages that can be private memory of the process.
    public var privatePages: Int { list.privatePages }

    public func acquire() { users &+= 1 }

    /// One user less. The last one gives back all files and objects; the host's mappings end with the process.
    /// May sleep.
    public func release() {
        users &-= 1
        guard users == 0 else { return }
        manager.unregister(self)
        refuseRemoteCopies()
        let old = list
        Host.accountPrivate(pages: 0 &- old.privatePages)
        list = VMAList()
        old.forEach { $0.object?.release() }
        collect()
        setExecutable(nil)
    }

    /// Acquires the new executable and releases the old one. May sleep.
    public func setExecutable(_ file: File?) {
        let old = executable
        file?.acquire()
        executable = file
        guard let old else { return }
        executableReleased?(old)
        old.release()
    }

    // --- helpers of the operations; all with `lock` held ---

    var bounds: VMAList.Bounds {
        VMAList.Bounds(low: MemoryLayoutLimits.minimumAddress, high: mappingBase, kernelStart: Host.kernelStart, kernelEnd: Host.kernelEnd)
    }

    /// Runs an operation under the lock, and closes afterwards what it dropped.
    @inline(__always)
    func locked<R>(_ body: () throws(Errno) -> R) throws(Errno) -> R {
        lock.lock()
        defer {
            lock.unlock()
            if !garbage.isEmpty { collect() }
        }
        return try body()
    }

    @inline(never)
    private func collect() {
        let old = garbage
        garbage = []
        for object in old { object.release() }
    }

    @inline(__always)
    func drop(_ object: MemoryObject?) {
        if let object { garbage.append(object) }
    }

    static func touchesKernel(_ start: UInt, _ end: UInt) -> Bool { start < Host.kernelEnd && end > Host.kernelStart }

    /// Whether `pages` more fit RLIMIT_AS, and RLIMIT_DATA if they are data.
    func mayExpand(_ flags: VMFlags, pages: Int, replacedPages: Int = 0) -> Bool {
        let total = UInt(max(0, list.totalPages &+ pages &- replacedPages))
        if total > limits.addressSpace >> 12 { return false }
        if flags.isData, UInt(max(0, list.dataPages &+ pages)) > limits.data >> 12 { return false }
        return true
    }

    /// Whether `pages` more locked ones fit RLIMIT_MEMLOCK.
    func mayLock(_ flags: VMFlags, pages: Int, privileged: Bool) -> Bool {
        if !flags.has(.locked) || privileged { return true }
        return UInt(max(0, list.lockedPages &+ pages)) <= limits.locked >> 12
    }

    func notePeak() { if list.totalPages > peakPages { peakPages = list.totalPages } }

    /// Throws EPERM if a part of the range may not be changed.
    func checkSealed(_ start: UInt, _ end: UInt) throws(Errno) {
        var position = list.firstOverlapping(start, end)
        while let at = position {
            let vma = list[at]
            if vma.start >= end { return }
            if vma.flags.has(.sealed) { throw .EPERM }
            position = list.next(at)
        }
    }

    /// Unmaps on the host, around the kernel's part.
    func hostUnmap(_ start: UInt, _ end: UInt) throws(Errno) { try host.unmapAround(start, end) }

    /// Takes [start, end) out of the list; the host's pages there have gone or are about to be replaced.
    func cut(_ start: UInt, _ end: UInt) {
        var dropped: [MemoryObject] = []
        var gaps: [UInt] = []
        list.cut(start, end) { vma in
            if let object = vma.object { dropped.append(object) }
            if vma.flags.has(.trampolines) { gaps.append(vma.start) }
        }
        for object in dropped { garbage.append(object) }
        for top in gaps { try? host.unmap(top &- MemoryLayoutLimits.textGap, MemoryLayoutLimits.textGap) }
    }

    /// Joins areas around [start, end).
    func merge(_ start: UInt, _ end: UInt) {
        var dropped: [MemoryObject] = []
        list.merge(start, end) { dropped.append($0) }
        for object in dropped { garbage.append(object) }
    }

    /// Makes the text mapper forget [start, end) before it changes.
    func aboutToUnmap(_ start: UInt, _ end: UInt) {
        guard let mapper = manager.textMapper, let first = list.firstOverlapping(start, end) else { return }
        var position: VMAList.Position? = first
        while let at = position, list[at].start < end {
            if list[at].flags.has(.exec), list[at].object is FileMapping {
                mapper.unmapped(self, start: start, end: end)
                return
            }
            position = list.next(at)
        }
    }

    /// Lets the text mapper patch a file's executable pages that have just been mapped.
    func textMapped(_ start: UInt) {
        guard let mapper = manager.textMapper, let position = list.containing(start) else { return }
        let vma = list[position]
        // Private copies that the guest may have written to are its own.
        guard vma.flags.has(.exec), !vma.flags.has(.account), let file = vma.file, vma.populatedEnd > start else { return }
        let gapOwner = gapOwner(of: vma)
        let gap = gapOwner.map { (list[$0].start &- MemoryLayoutLimits.textGap)..<list[$0].start }
        let used = mapper.mapped(self, file: file, start: start, end: vma.populatedEnd, offset: vma.offset(of: start),
                                 protection: vma.flags.protection, gap: gap)
        if used, let gapOwner { list.setFlags(list[gapOwner].flags.union(.trampolines), at: gapOwner) }
    }

    /// The area, of the same file, below which addresses are kept free for the trampolines of `vma`.
    func gapOwner(of vma: VMA) -> VMAList.Position? {
        guard let file = vma.file else { return nil }
        var position = list.containing(vma.start)
        // A program has few segments; anonymous areas (bss) may lie between.
        for _ in 0..<16 {
            guard let at = position else { return nil }
            let candidate = list[at]
            if candidate.flags.has(.textGap) { return candidate.file?.inode === file.inode ? at : nil }
            position = list.previous(at)
        }
        return nil
    }

    /// A copy of the list for fork, with its own holds. Called with the lock held.
    func copyForFork() -> AddressSpace {
        let child = AddressSpace(copying: self)
        child.list.forEach { $0.object?.acquire() }
        return child
    }
}
