import KernelBase
import LinuxABI
import Machine
import VFS

/// What a fault in guest memory means.
public enum FaultResolution: Equatable, Sendable {
    /// The access is all right now: run the instruction again.
    case retry
    /// Signal and si_code.
    case signal(Int32, code: Int32)
}

extension AddressSpace {
    private static var mapError: FaultResolution { .signal(SIGSEGV, code: SEGV_MAPERR) }
    private static var accessError: FaultResolution { .signal(SIGSEGV, code: SEGV_ACCERR) }

    /// Finds out why a guest's access failed and repairs what can be: lets a stack grow, maps pages that a file
    /// has got since it was mapped. Called by the faulting thread. May sleep.
    public func resolveFault(_ address: UInt, write: Bool, execute: Bool) -> FaultResolution {
        performPendingWork()
        do throws(Errno) {
            return try locked { () throws(Errno) in try resolve(address, write: write, exec: execute, isFault: true) }
        } catch {
            // The host had no memory for it.
            return error == .ENOMEM ? .signal(SIGBUS, code: BUS_ADRERR) : AddressSpace.mapError
        }
    }

    /// Makes [address, address + length) accessible as a guest's own access would (a stack that grows, a file
    /// that has grown), before the kernel copies from or to it: signal frames, and copies that failed once.
    /// - Returns: false if an access there is an error.
    public func makeAccessible(_ address: UInt, _ length: UInt, write: Bool) -> Bool {
        let (end, overflow) = address.addingReportingOverflow(length)
        guard !overflow, end <= Host.userEnd else { return false }
        do throws(Errno) {
            return try locked { () throws(Errno) in
                // From the top, so that a stack grows once.
                var at = address
                while at < end {
                    guard try resolve(at, write: write, exec: false, isFault: false) == .retry,
                          let position = list.containing(at) else { return false }
                    at = list[position].populatedEnd
                }
                return true
            }
        } catch {
            return false
        }
    }

    /// As ``makeAccessible(_:_:write:)`` for one byte, in the middle of a kernel copy that faulted there: does not sleep
    /// and keeps the kernel lock. So it does nothing while a thread of the process changes the address space, nor
    /// for files whose pages may have to be waited for.
    /// - Returns: true if the copy may try again.
    public func makeAccessibleAtOnce(_ address: UInt, write: Bool) -> Bool {
        guard address < Host.userEnd, !lock.isHeld, pendingZaps.isEmpty, let position = list.first(endingAfter: address) else { return false }
        let vma = list[position]
        if vma.start > address {
            guard vma.flags.has(.growsDown) else { return false }
        } else {
            guard address >= vma.populatedEnd, !vma.flags.has(.exec), let file = vma.file, file.mapsAtOnce else { return false }
        }
        host.keepsLock = true
        defer { host.keepsLock = false }
        do throws(Errno) {
            return try resolve(address, write: write, exec: false, isFault: false) == .retry
        } catch {
            return false
        }
    }

    private func resolve(_ address: UInt, write: Bool, exec: Bool, isFault: Bool) throws(Errno) -> FaultResolution {
        guard address < Host.userEnd else { return AddressSpace.mapError }
        guard let position = list.first(endingAfter: address) else { return AddressSpace.mapError }
        var vma = list[position]
        if vma.start > address {
            guard vma.flags.has(.growsDown), try growStack(position, to: address) else { return AddressSpace.mapError }
            guard let grown = list.containing(address) else { return AddressSpace.mapError }
            vma = list[grown]
            return permits(vma, write: write, exec: exec) ? .retry : AddressSpace.accessError
        }
        guard permits(vma, write: write, exec: exec) else { return AddressSpace.accessError }
        if address >= vma.populatedEnd {
            let from = vma.populatedEnd
            guard let file = vma.file, vma.offset(of: address) < UInt(max(0, file.inode.size)) else { return .signal(SIGBUS, code: BUS_ADRERR) }
            let end = try populate(&vma, from: from)
            if let again = list.containing(from) {
                list.setPopulatedEnd(end, at: again)
                if vma.flags != list[again].flags { list.setFlags(vma.flags, at: again) }
            }
            if vma.flags.has(.exec), end > from { textMapped(from) }
            return address < end ? .retry : .signal(SIGBUS, code: BUS_ADRERR)
        }
        // Mapped, and allowed: another thread was quicker. But guard regions are the host's secret, and a
        // disagreement with the host must not become an endless loop.
        guard isFault else { return .retry }
        if hasGuards, !vma.flags.has(.mayShare) || faultAddress == address { return AddressSpace.mapError }
        if faultAddress == address {
            faultRepeats &+= 1
            if faultRepeats > 64 {
                faultRepeats = 0
                return AddressSpace.mapError
            }
        } else {
            faultAddress = address
            faultRepeats = 0
        }
        return .retry
    }

    @inline(__always)
    private func permits(_ vma: VMA, write: Bool, exec: Bool) -> Bool {
        if exec { return vma.flags.has(.exec) }
        return vma.flags.has(write ? .write : .access)
    }

    /// Extends a stack down to the page of `address`; the main stack a little more, so that a deep recursion does not
    /// fault on every page.
    private func growStack(_ position: VMAList.Position, to address: UInt) throws(Errno) -> Bool {
        let vma = list[position]
        let needed = Page.down(address)
        guard needed >= MemoryLayoutLimits.minimumAddress else { return false }
        // The guard gap counts from areas that can be accessed and are not stacks themselves.
        var floor: UInt = MemoryLayoutLimits.minimumAddress
        if let below = list.previous(position) {
            floor = list[below].end
            if list[below].flags.has(.access), !list[below].flags.has(.growsDown) { floor &+= MemoryLayoutLimits.stackGuardGap }
        }
        if vma.start > Host.kernelEnd { floor = max(floor, Host.kernelEnd &+ MemoryLayoutLimits.stackGuardGap) }
        guard needed >= floor else { return false }
        if limits.stack != .max {
            guard vma.end &- needed <= limits.stack else { return false }
            floor = max(floor, Page.up(vma.end &- limits.stack))
        }
        let ahead: UInt = vma.start <= stackStart && stackStart < vma.end ? 64 << 10 : 0
        var start = min(needed, max(floor, needed > ahead ? (needed &- ahead) : 0))
        for attempt in 0..<2 {
            let pages = Int((vma.start &- start) >> 12)
            if mayExpand(vma.flags, pages: pages), mayLock(vma.flags, pages: pages, privileged: false) { break }
            if attempt == 1 { return false }
            start = needed
        }
        try host.mapAnonymous(start, vma.start &- start, vma.flags.protection, noReserve: vma.flags.has(.noReserve))
        if let again = list.containing(vma.start) { list.extendDown(to: start, at: again) }
        notePeak()
        return true
    }

    // --- truncation ---

    /// Notes that bytes [start, end) of `inode` have gone. Called by any process.
    /// - Returns: how many areas map it.
    func noteInvalidation(of inode: Inode, from start: Int, to end: Int) -> Int32 {
        var count: Int32 = 0
        var affected = false
        list.forEach { vma in
            guard let file = vma.file, file.inode === inode else { return }
            count &+= 1
            if AddressSpace.address(in: vma, ofPageFrom: start) < vma.populatedEnd { affected = true }
        }
        // An area that is being made at this moment is not in the list yet, but the lock is held.
        if affected || lock.isHeld { pendingZaps.append((inode, start, end)) }
        return count
    }

    /// The address in `vma` of the first page that begins at or after file offset `offset`.
    private static func address(in vma: VMA, ofPageFrom offset: Int) -> UInt {
        let limit = Page.up(UInt(max(0, offset))), base = vma.pageOffset << 12
        if limit <= base { return vma.start }
        return limit &- base >= vma.length ? vma.end : vma.start &+ (limit &- base)
    }

    /// Does what other processes have asked this one to do to its mappings: takes away the pages of files that
    /// have become shorter. Called by a thread of the process before it runs guest code. May sleep.
    @inline(__always)
    public func performPendingWork() {
        if hasPendingWork { performZaps() }
    }

    @inline(never)
    private func performZaps() {
        serveRemoteCopies()
        if pendingZaps.isEmpty { return }
        // An error of the host leaves pages mapped that the file has no more; they are still held.
        try? locked { () throws(Errno) in
            while !pendingZaps.isEmpty {
                let (inode, start, end) = pendingZaps.removeFirst()
                var next = list.firstPosition
                while let position = next {
                    let vma = list[position]
                    next = list.next(position)
                    guard let mapping = vma.object as? FileMapping, mapping.file.inode === inode else { continue }
                    let from = AddressSpace.address(in: vma, ofPageFrom: start)
                    guard from < vma.populatedEnd else { continue }
                    if end != .max {
                        // A hole was made: shared pages are replaced; private copies are the process's own.
                        guard vma.flags.has(.mayShare), end > start else { continue }
                        let to = min(vma.populatedEnd, AddressSpace.address(in: vma, ofPageFrom: end))
                        guard from < to else { continue }
                        var piece = vma
                        piece.end = to
                        _ = try populate(&piece, from: from)
                        continue
                    }
                    list.setPopulatedEnd(from, at: position)
                    if vma.flags.has(.exec) { manager.textMapper?.unmapped(self, start: from, end: vma.populatedEnd) }
                    try hostUnmap(from, vma.populatedEnd)
                    if mapping.users == 1 { mapping.unpin(beyond: Int(Page.up(UInt(max(0, start))))) }
                }
            }
        }
    }
}
