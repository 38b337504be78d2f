import KernelBase
import LinuxABI
import Machine
import VFS

extension AddressSpace {
    /// mprotect(2).
    public func protect(_ start: UInt, _ length: UInt, _ protection: UInt32) throws(Errno) {
        let grows = protection & (PROT_GROWSDOWN | PROT_GROWSUP)
        guard grows != PROT_GROWSDOWN | PROT_GROWSUP, Page.isAligned(start) else { throw .EINVAL }
        guard length > 0 else { return }
        let end = start &+ Page.up(length)
        guard end > start else { throw .ENOMEM }
        guard protection & ~(PROT_READ | PROT_WRITE | PROT_EXEC | PROT_SEM | grows) == 0 else { throw .EINVAL }
        try locked { () throws(Errno) in try protectLocked(start, end, VMFlags(protection: protection), grows) }
    }

    private func protectLocked(_ from: UInt, _ end: UInt, _ access: VMFlags, _ grows: UInt32) throws(Errno) {
        var start = from
        guard let first = list.firstOverlapping(start, end) else { throw .ENOMEM }
        let vma = list[first]
        if grows & PROT_GROWSDOWN != 0 {
            start = vma.start
            guard vma.flags.has(.growsDown) else { throw .EINVAL }
        } else {
            guard vma.start <= start else { throw .ENOMEM }
            // No area here grows up.
            if grows & PROT_GROWSUP != 0 { throw .EINVAL }
        }
        defer { merge(from, end) }
        var address = start
        while address < end {
            guard let position = list.containing(address) else { throw .ENOMEM }
            let vma = list[position]
            let high = min(vma.end, end)
            var flags = vma.flags.subtracting(.access).union(access)
            // Each permission needs its may-bit, four places to the left.
            if access.rawValue & ~(flags.rawValue >> 4) & 7 != 0 { throw .EACCES }
            if flags != vma.flags {
                if vma.flags.has(.sealed) { throw .EPERM }
                let pages = Int((high &- address) >> 12)
                if flags.has(.write) {
                    if flags.isData, !vma.flags.isData, UInt(max(0, list.dataPages &+ pages)) > limits.data >> 12 { throw .ENOMEM }
                    if !vma.flags.has([.account, .write, .mayShare, .noReserve]) { flags.insert(.account) }
                }
                let splits = (vma.start < address ? 1 : 0) &+ (vma.end > high ? 1 : 0)
                if list.count &+ splits > MemoryLayoutLimits.mapCount { throw .ENOMEM }
                let populated = min(high, vma.populatedEnd)
                if populated > address { try host.protect(address, populated &- address, access.protection) }
                list.isolate(address, high)
                if let changed = list.containing(address) { list.setFlags(preservingGap(flags, at: changed), at: changed) }
                if access.has(.exec), !vma.flags.has(.exec), vma.object is FileMapping { textMapped(address) }
            }
            address = high
        }
    }

    /// `flags` with the gap marks of the area at `position`: a split may have left them with its lower part.
    private func preservingGap(_ flags: VMFlags, at position: VMAList.Position) -> VMFlags {
        let marks: VMFlags = [.textGap, .trampolines]
        return flags.subtracting(marks).union(list[position].flags.intersection(marks))
    }

    /// Changes flags that the host need not know on [start, end), which may have holes.
    /// - Parameter change: the new flags of an area, or an error to stop with.
    /// - Returns: true if there were holes.
    func changeFlags(_ start: UInt, _ end: UInt, _ change: (VMA) throws(Errno) -> VMFlags) throws(Errno) -> Bool {
        defer { merge(start, end) }
        var holes = false
        var address = start
        while address < end {
            guard let position = list.firstOverlapping(address, end) else { return true }
            let vma = list[position]
            if vma.start > address {
                holes = true
                address = vma.start
            }
            let high = min(vma.end, end)
            let flags = try change(vma)
            if flags != vma.flags {
                let splits = (vma.start < address ? 1 : 0) &+ (vma.end > high ? 1 : 0)
                if list.count &+ splits > MemoryLayoutLimits.mapCount { throw .ENOMEM }
                list.isolate(address, high)
                if let changed = list.containing(address) { list.setFlags(preservingGap(flags, at: changed), at: changed) }
            }
            address = high
        }
        return holes
    }

    /// mseal(2).
    public func seal(_ start: UInt, _ length: UInt, flags: UInt) throws(Errno) {
        guard flags == 0, Page.isAligned(start) else { throw .EINVAL }
        let size = Page.up(length)
        guard length == 0 || size != 0 else { throw .EINVAL }
        let (end, overflow) = start.addingReportingOverflow(size)
        guard !overflow else { throw .EINVAL }
        guard end > start else { return }
        try locked { () throws(Errno) in
            guard !hasHole(start, end) else { throw .ENOMEM }
            _ = try changeFlags(start, end) { vma throws(Errno) in vma.flags.union(.sealed) }
        }
    }

    func hasHole(_ start: UInt, _ end: UInt) -> Bool {
        var address = start
        while address < end {
            guard let position = list.containing(address) else { return true }
            address = list[position].end
        }
        return false
    }

    // --- brk(2) ---

    /// Where the heap begins: the page after the program's data.
    public func setBreak(_ start: UInt) {
        startBreak = start
        currentBreak = start
    }

    /// brk(2): the new break, or the old one if it cannot be had.
    public func changeBreak(to wanted: UInt, mayLockAll: Bool = false) -> UInt {
        do throws(Errno) {
            try locked { () throws(Errno) in try changeBreakLocked(wanted, mayLockAll) }
        } catch {
            return currentBreak
        }
        return currentBreak
    }

    private func changeBreakLocked(_ wanted: UInt, _ mayLockAll: Bool) throws(Errno) {
        guard startBreak != 0, wanted >= startBreak, wanted <= Host.userEnd else { throw .ENOMEM }
        let data = (wanted &- startBreak).addingReportingOverflow(UInt(dataRange.count))
        if data.overflow || data.partialValue > limits.data { throw .ENOMEM }
        let old = Page.up(currentBreak), new = Page.up(wanted)
        if new < old {
            try unmapLocked(new, old &- new)
        } else if new > old {
            if let next = list.first(endingAfter: old), list[next].startWithGap < new &+ Page.size { throw .ENOMEM }
            guard !AddressSpace.touchesKernel(old, new) else { throw .ENOMEM }
            let flags = VMFlags([.read, .write, .mayRead, .mayWrite, .mayExec, .account]).union(futureLocks)
            let pages = Int((new &- old) >> 12)
            guard mayLock(flags, pages: pages, privileged: mayLockAll) else { throw .EAGAIN }
            guard mayExpand(flags, pages: pages), list.count <= MemoryLayoutLimits.mapCount else { throw .ENOMEM }
            // One host call for each growth: measured at 0.6 us against 90 us for touching the 132 KiB that a C
            // library asks for at a time, so mapping ahead would gain nothing and hide accesses beyond the break.
            try host.mapAnonymous(old, new &- old, PROT_READ | PROT_WRITE, noReserve: false)
            list.insert(VMA(start: old, end: new, flags: flags))
            merge(old, new)
            notePeak()
            if flags.has(.locked), !flags.has(.lockOnFault) { touch(old, new, flags) }
        }
        currentBreak = wanted
    }
}
