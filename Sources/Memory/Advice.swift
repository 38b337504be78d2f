import KernelBase
import LinuxABI
import Machine
import VFS

extension AddressSpace {
    /// madvise(2).
    /// - Parameter privileged: CAP_SYS_ADMIN.
    public func advise(_ start: UInt, _ length: UInt, _ advice: Int32, privileged: Bool = false) throws(Errno) {
        switch advice {
        case MADV_HWPOISON, MADV_SOFT_OFFLINE: throw privileged ? .EINVAL : .EPERM
        case MADV_NORMAL...MADV_DONTNEED, MADV_FREE...MADV_COLLAPSE, MADV_GUARD_INSTALL, MADV_GUARD_REMOVE: break
        default: throw .EINVAL
        }
        guard Page.isAligned(start) else { throw .EINVAL }
        let size = Page.up(length)
        if length > 0, size == 0 { throw .EINVAL }
        let (end, overflow) = start.addingReportingOverflow(size)
        guard !overflow else { throw .EINVAL }
        guard end > start else { return }
        try locked { () throws(Errno) in try adviseLocked(start, end, advice) }
    }

    private func adviseLocked(_ start: UInt, _ end: UInt, _ advice: Int32) throws(Errno) {
        let holes: Bool
        switch advice {
        case MADV_NORMAL, MADV_RANDOM, MADV_SEQUENTIAL, MADV_DONTFORK, MADV_DOFORK, MADV_DONTDUMP, MADV_DODUMP, MADV_WIPEONFORK,
             MADV_KEEPONFORK, MADV_MERGEABLE, MADV_UNMERGEABLE, MADV_HUGEPAGE, MADV_NOHUGEPAGE:
            holes = try changeFlags(start, end) { vma throws(Errno) in try AddressSpace.flags(of: vma, after: advice) }
            if advice == MADV_HUGEPAGE || advice == MADV_NOHUGEPAGE {
                // Private anonymous memory can have huge pages from the host.
                _ = try forEachPiece(start, end) { vma, low, high throws(Errno) in
                    if vma.isAnonymousPrivate { try? host.advise(low, high &- low, advice) }
                }
            }
        default:
            holes = try forEachPiece(start, end) { vma, low, high throws(Errno) in
                try adviseOne(vma, low, high, advice)
            }
            if advice == MADV_POPULATE_READ || advice == MADV_POPULATE_WRITE, holes { throw .ENOMEM }
        }
        if holes { throw .ENOMEM }
    }

    /// Calls `body` with each area and the part of it in [start, end). Returns whether there were holes.
    /// `body` must not change the list.
    private func forEachPiece(_ start: UInt, _ end: UInt, _ body: (VMA, UInt, UInt) throws(Errno) -> Void) throws(Errno) -> Bool {
        var holes = false
        var address = start
        while address < end {
            guard let position = list.firstOverlapping(address, end) else { return true }
            let vma = list[position]
            if vma.start > address { holes = true }
            let high = min(vma.end, end)
            try body(vma, max(vma.start, address), high)
            address = high
        }
        return holes
    }

    private static func flags(of vma: VMA, after advice: Int32) throws(Errno) -> VMFlags {
        let flags = vma.flags
        switch advice {
        case MADV_NORMAL: return flags.subtracting([.randomRead, .sequentialRead])
        case MADV_RANDOM: return flags.subtracting(.sequentialRead).union(.randomRead)
        case MADV_SEQUENTIAL: return flags.subtracting(.randomRead).union(.sequentialRead)
        case MADV_DONTFORK: return flags.union(.dontCopy)
        case MADV_DOFORK: return flags.subtracting(.dontCopy)
        case MADV_DONTDUMP: return flags.union(.dontDump)
        case MADV_DODUMP:
            if flags.has(.special) { throw .EINVAL }
            return flags.subtracting(.dontDump)
        case MADV_WIPEONFORK:
            if vma.object != nil || flags.has([.mayShare, .special]) { throw .EINVAL }
            return flags.union(.wipeOnFork)
        case MADV_KEEPONFORK: return flags.subtracting(.wipeOnFork)
        case MADV_HUGEPAGE: return flags.subtracting(.noHugePage).union(.hugePage)
        case MADV_NOHUGEPAGE: return flags.subtracting(.hugePage).union(.noHugePage)
        case MADV_MERGEABLE:
            if flags.has([.mayShare, .special]) { return flags }
            return flags.union(.mergeable)
        case MADV_UNMERGEABLE: return flags.subtracting(.mergeable)
        default: return flags
        }
    }

    /// Advice that changes pages.
    private func adviseOne(_ vma: VMA, _ low: UInt, _ high: UInt, _ advice: Int32) throws(Errno) {
        let populated = min(high, vma.populatedEnd)
        let locked = vma.flags.has(.locked)
        switch advice {
        case MADV_WILLNEED: return
        case MADV_COLD, MADV_PAGEOUT:
            if locked || vma.flags.has(.special) { throw .EINVAL }
            // The host decides itself what to page out.
        case MADV_COLLAPSE:
            // Only whole huge pages of private anonymous memory can become one.
            if !vma.isAnonymousPrivate { throw .EINVAL }
            try host.advise(low, high &- low, advice)
        case MADV_DONTNEED, MADV_DONTNEED_LOCKED, MADV_FREE:
            if locked && advice != MADV_DONTNEED_LOCKED || vma.flags.has(.special) { throw .EINVAL }
            if advice == MADV_FREE, !vma.isAnonymousPrivate { throw .EINVAL }
            // Sealed memory that cannot be written cannot be emptied either.
            if vma.flags.has(.sealed), vma.isAnonymousPrivate, !vma.flags.has(.write) { throw .EPERM }
            if populated > low { try host.advise(low, populated &- low, advice == MADV_FREE ? MADV_FREE : MADV_DONTNEED) }
        case MADV_REMOVE:
            if locked || vma.object == nil { throw .EINVAL }
            guard vma.flags.contains([.shared, .write]) else { throw .EACCES }
            if let file = vma.file {
                // FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE
                try file.inode.allocate(mode: 3, offset: Int(bitPattern: vma.offset(of: low)), length: Int(high &- low))
            } else if populated > low {
                // The host takes the pages out of the arena's file.
                try host.advise(low, populated &- low, MADV_REMOVE)
            }
        case MADV_POPULATE_READ, MADV_POPULATE_WRITE:
            let needed: VMFlags = advice == MADV_POPULATE_WRITE ? .write : .access
            guard vma.flags.has(needed), !vma.flags.has(.special) else { throw .EINVAL }
            // Beyond the end of the file.
            guard populated == high else { throw .EFAULT }
            do throws(Errno) {
                try host.advise(low, high &- low, advice)
            } catch {
                // An old host may not know the advice; then the pages come when they are touched.
                if error != .EINVAL { throw error }
            }
        case MADV_GUARD_INSTALL, MADV_GUARD_REMOVE:
            if locked && advice == MADV_GUARD_INSTALL || vma.flags.has(.special) { throw .EINVAL }
            if vma.flags.has(.sealed), vma.isAnonymousPrivate, !vma.flags.has(.write) { throw .EPERM }
            guard populated > low else { return }
            if advice == MADV_GUARD_INSTALL { hasGuards = true }
            try host.advise(low, populated &- low, advice)
        default: throw .EINVAL
        }
    }

    /// msync(2).
    public func synchronize(_ start: UInt, _ length: UInt, flags: UInt32) throws(Errno) {
        guard flags & ~(MS_ASYNC | MS_INVALIDATE | MS_SYNC) == 0, Page.isAligned(start), flags & MS_ASYNC == 0 || flags & MS_SYNC == 0 else {
            throw .EINVAL
        }
        let (end, overflow) = start.addingReportingOverflow(Page.up(length))
        guard !overflow else { throw .ENOMEM }
        guard end > start else { return }
        var files: [File] = []
        let holes = try locked { () throws(Errno) in
            try forEachPiece(start, end) { vma, _, _ throws(Errno) in
                if flags & MS_INVALIDATE != 0, vma.flags.has(.locked) { throw .EBUSY }
                if flags & MS_SYNC != 0, vma.flags.has(.shared), let file = vma.file, files.last !== file {
                    file.acquire()
                    files.append(file)
                }
            }
        }
        // Without the lock: this may take long.
        var failure: Errno?
        for file in files {
            if failure == nil {
                do throws(Errno) { try file.synchronize(dataOnly: true) } catch { failure = error }
            }
            file.release()
        }
        if let failure { throw failure }
        if holes { throw .ENOMEM }
    }

    /// mincore(2) on a part of the range; call again for the rest.
    /// - Returns: a byte for each of the first pages, bit 0: resident.
    /// - Throws: `ENOMEM` if the first page is not mapped.
    public func residency(_ start: UInt, pages: Int) throws(Errno) -> Bytes {
        try locked { () throws(Errno) in
            guard let position = list.containing(start) else { throw .ENOMEM }
            let vma = list[position]
            let count = min(pages, Int((vma.end &- start) >> 12))
            let populated = start < vma.populatedEnd ? min(count, Int((vma.populatedEnd &- start) >> 12)) : 0
            var result: Bytes = populated > 0 ? try host.residency(start, pages: populated) : []
            while result.count < count { result.append(0) }
            return result
        }
    }

    // --- mlock(2) and its family: accounting; the host's memory is not locked ---

    /// mlock(2), mlock2(2).
    public func lockPages(_ address: UInt, _ length: UInt, onFault: Bool, privileged: Bool) throws(Errno) {
        guard privileged || limits.locked > 0 else { throw .EPERM }
        let size = Page.up(length &+ (address & Page.mask)), start = Page.down(address)
        let (end, overflow) = start.addingReportingOverflow(size)
        try locked { () throws(Errno) in
            if !privileged {
                let already = overflow ? 0 : lockedPages(start, end)
                let total = (size >> 12).addingReportingOverflow(UInt(max(0, list.lockedPages &- already)))
                if total.overflow || total.partialValue > limits.locked >> 12 { throw .ENOMEM }
            }
            guard !overflow else { throw .EINVAL }
            guard end > start else { return }
            try setLocks(start, end, onFault ? [.locked, .lockOnFault] : .locked)
            guard !onFault else { return }
            _ = try forEachPiece(start, end) { vma, low, high throws(Errno) in
                guard vma.flags.has(.access) else { throw .ENOMEM }
                guard vma.populatedEnd >= high else { throw .ENOMEM }
                touch(low, high, vma.flags)
            }
        }
    }

    /// munlock(2).
    public func unlockPages(_ address: UInt, _ length: UInt) throws(Errno) {
        let size = Page.up(length &+ (address & Page.mask)), start = Page.down(address)
        let (end, overflow) = start.addingReportingOverflow(size)
        guard !overflow else { throw .EINVAL }
        guard end > start else { return }
        try locked { () throws(Errno) in try setLocks(start, end, []) }
    }

    /// Sets the lock flags up to the first hole, which is `ENOMEM`.
    private func setLocks(_ start: UInt, _ end: UInt, _ locks: VMFlags) throws(Errno) {
        var address = start
        while address < end, let position = list.containing(address) { address = min(list[position].end, end) }
        if address > start {
            _ = try changeFlags(start, address) { vma throws(Errno) in
                vma.flags.has(.special) ? vma.flags : vma.flags.subtracting(.lockMask).union(locks)
            }
        }
        if address < end { throw .ENOMEM }
    }

    private func lockedPages(_ start: UInt, _ end: UInt) -> Int {
        var result = 0
        var position = list.firstOverlapping(start, end)
        while let at = position, list[at].start < end {
            if list[at].flags.has(.locked) { result &+= Int((min(list[at].end, end) &- max(list[at].start, start)) >> 12) }
            position = list.next(at)
        }
        return result
    }

    /// mlockall(2).
    public func lockAll(flags: UInt32, privileged: Bool) throws(Errno) {
        guard flags != 0, flags & ~(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) == 0, flags != MCL_ONFAULT else { throw .EINVAL }
        guard privileged || limits.locked > 0 else { throw .EPERM }
        try locked { () throws(Errno) in
            if flags & MCL_CURRENT != 0, !privileged, UInt(list.totalPages) > limits.locked >> 12 { throw .ENOMEM }
            let locks: VMFlags = flags & MCL_ONFAULT != 0 ? [.locked, .lockOnFault] : .locked
            futureLocks = flags & MCL_FUTURE != 0 ? locks : []
            if flags & MCL_CURRENT != 0 { setAllLocks(locks) }
        }
    }

    /// munlockall(2).
    public func unlockAll() throws(Errno) {
        try locked { () throws(Errno) in
            futureLocks = []
            if list.lockedPages > 0 { setAllLocks([]) }
        }
    }

    private func setAllLocks(_ locks: VMFlags) {
        // Errors of single areas do not matter, as on Linux.
        _ = try? changeFlags(0, Host.userEnd) { vma throws(Errno) in
            vma.flags.has(.special) ? vma.flags : vma.flags.subtracting(.lockMask).union(locks)
        }
    }
}
