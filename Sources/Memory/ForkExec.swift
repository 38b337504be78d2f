import KernelBase
import LinuxABI
import Machine
import VFS

extension AddressSpace {
    /// The child's address space of a fork. The caller holds ``lock`` from before this call until the host has
    /// cloned, so that the host's mappings are those of the list. The child calls ``finishFork()`` first of all;
    /// if the host refused, ``release()`` the result.
    /// - Throws: `ENOMEM`.
    public func forked() throws(Errno) -> AddressSpace {
        if Host.heapIsLow { throw .ENOMEM }
        let child = copyForFork()
        guard list.lockedPages > 0 || hasForkAdvice else { return child }
        // MADV_DONTFORK areas are not the child's, MADV_WIPEONFORK ones are empty there; locks are not inherited.
        var gone: [(UInt, UInt)] = []
        list.forEach { vma in
            if vma.flags.has(.dontCopy) { gone.append((vma.start, vma.end)) }
            else if vma.flags.has(.wipeOnFork) { child.wipes.append((vma.start, vma.end)) }
        }
        for (start, end) in gone { child.cut(start, end) }
        child.absent = gone
        if child.list.lockedPages > 0 {
            _ = try? child.changeFlags(0, Host.userEnd) { vma throws(Errno) in vma.flags.subtracting(.lockMask) }
        }
        return child
    }

    private var hasForkAdvice: Bool {
        var found = false
        list.forEach { if $0.flags.has([.dontCopy, .wipeOnFork]) { found = true } }
        return found
    }

    /// Makes the child's mappings on the host what its list says. Called once by the child's thread.
    public func finishFork() {
        defer { performPendingWork() }
        guard !absent.isEmpty || !wipes.isEmpty else { return }
        try? locked { () throws(Errno) in
            for (start, end) in absent { try? hostUnmap(start, end) }
            for (start, end) in wipes {
                guard let position = list.containing(start) else { continue }
                let flags = list[position].flags
                try? host.mapAnonymous(start, end &- start, flags.protection, noReserve: flags.has(.noReserve))
            }
            absent = []
            wipes = []
        }
    }

    // --- exec ---

    /// Unmaps everything of the guest in the calling process, and forgets all of it. The places (break, stack,
    /// arguments) are set anew by the loader. May sleep.
    public func clear() {
        try? locked { () throws(Errno) in
            manager.textMapper?.unmapped(self, start: 0, end: Host.userEnd)
            AddressSpace.unmapGuest(host)
            refuseRemoteCopies()
            let old = list
            Host.accountPrivate(pages: 0 &- old.privatePages)
            list = VMAList()
            old.forEach { vma in
                if vma.flags.has(.special) { list.insert(vma) } else { drop(vma.object) }
            }
            pendingZaps = []
            futureLocks = []
            hasGuards = false
            startBreak = 0
            currentBreak = 0
            peakPages = 0
        }
        stackStart = 0
        codeRange = 0..<0
        dataRange = 0..<0
        argumentRange = 0..<0
        environmentRange = 0..<0
        auxiliaryVector = []
        mappingBase = AddressSpace.mappingBase(stackLimit: limits.stack)
    }

    /// Unmaps everything of a guest in the calling host process, whoever's it was.
    public static func unmapGuest() { unmapGuest(MemoryManager.shared.host) }

    /// Whole ranges rather than areas: few calls, and nothing can be left behind but the vDSO.
    private static func unmapGuest(_ host: HostMemory) {
        func unmap(_ start: UInt, _ end: UInt) { try? host.unmapAround(start, end) }
        if Host.vdsoBase > 6 << 12, Host.vdsoEnd > Host.vdsoBase {
            unmap(0, Host.vdsoBase &- 6 << 12)
            unmap(Host.vdsoEnd, Host.userEnd)
        } else {
            unmap(0, Host.userEnd)
        }
    }

    /// A private mapping of a program file's pages at a fixed place, for the loader.
    /// - Parameter offset: in the file, bytes; a multiple of the page size.
    public func mapProgramFile(_ file: File, at start: UInt, length: UInt, offset: UInt, protection: UInt32) throws(Errno) {
        guard Page.isAligned(offset) else { throw .EINVAL }
        try locked { () throws(Errno) in
            _ = try mapLocked(MapRequest(address: start, length: length, protection: protection, flags: MAP_PRIVATE | MAP_FIXED,
                                         file: file, pageOffset: offset >> 12, mayLockAll: true))
            // The first segment has free addresses below it, which are kept for trampolines.
            let gap = MemoryLayoutLimits.textGap
            guard start >= gap &+ MemoryLayoutLimits.minimumAddress, list.firstOverlapping(start &- gap, start) == nil,
                  !AddressSpace.touchesKernel(start &- gap, start),
                  let position = list.containing(start), list[position].start == start else { return }
            list.setFlags(list[position].flags.union(.textGap), at: position)
            textMapped(start)
        }
    }

    /// Zeroed private memory at a fixed place, for the loader.
    public func mapProgramMemory(at start: UInt, length: UInt, protection: UInt32) throws(Errno) {
        _ = try map(MapRequest(address: start, length: length, protection: protection, flags: MAP_PRIVATE | MAP_FIXED | MAP_ANONYMOUS,
                               mayLockAll: true))
    }

    /// A free place for a program of `size` bytes, as high as possible, with free addresses below it.
    /// - Parameter alignment: a power of two.
    /// - Throws: `ENOMEM`.
    public func findProgramSpace(_ size: UInt, alignment: UInt) throws(Errno) -> UInt {
        let length = Page.up(size), alignment = max(alignment, 4096)
        guard length > 0, length <= Host.userEnd, alignment <= 1 << 30, alignment & (alignment &- 1) == 0,
              let start = findFree(length, gapBelow: MemoryLayoutLimits.textGap &+ alignment &- 4096) else { throw .ENOMEM }
        // Downwards, into the gap.
        return start & ~(alignment &- 1)
    }

    /// Makes the stack below `top`: at first as much as Linux maps, growing when it is used.
    /// - Throws: `ENOMEM`.
    public func mapStack(top: UInt) throws(Errno) {
        let length = min(132 << 10, max(Page.down(limits.stack), Page.size))
        guard top <= Host.userEnd, Page.isAligned(top), top > length &+ MemoryLayoutLimits.minimumAddress else { throw .ENOMEM }
        let start = top &- length
        guard !AddressSpace.touchesKernel(start, top) else { throw .ENOMEM }
        try locked { () throws(Errno) in
            guard list.firstOverlapping(start, top) == nil else { throw .ENOMEM }
            let flags: VMFlags = [.read, .write, .mayRead, .mayWrite, .mayExec, .growsDown, .account]
            guard mayExpand(flags, pages: Int(length >> 12)) else { throw .ENOMEM }
            try host.mapAnonymous(start, length, flags.protection, noReserve: false)
            list.insert(VMA(start: start, end: top, flags: flags))
            notePeak()
        }
        stackStart = top &- 8
    }

    /// Lets the stack reach down to `sp` before the kernel writes there.
    /// - Throws: `ENOMEM` if it may not grow that far.
    public func reserveStack(downTo sp: UInt) throws(Errno) {
        guard makeAccessible(sp, 8, write: true) else { throw .ENOMEM }
    }
}
