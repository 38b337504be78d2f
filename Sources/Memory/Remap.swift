import KernelBase
import LinuxABI
import Machine
import VFS

extension AddressSpace {
    /// mremap(2).
    /// - Returns: where the area is now.
    public func remap(_ address: UInt, _ oldLength: UInt, _ newLength: UInt, flags: UInt32, newAddress: UInt,
                      mayLockAll: Bool = false) throws(Errno) -> UInt {
        let old = Page.up(oldLength), new = Page.up(newLength)
        guard flags & ~(MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP) == 0, Page.isAligned(address), new > 0, new <= Host.userEnd else {
            throw .EINVAL
        }
        return try locked { () throws(Errno) in
            if flags & (MREMAP_FIXED | MREMAP_DONTUNMAP) != 0 {
                guard newAddress <= Host.userEnd &- new, Page.isAligned(newAddress), flags & MREMAP_MAYMOVE != 0 else { throw .EINVAL }
                if flags & MREMAP_DONTUNMAP != 0, old != new { throw .EINVAL }
                if address &+ old > newAddress, newAddress &+ new > address { throw .EINVAL }
                guard list.count &+ 2 < MemoryLayoutLimits.mapCount &- 3 else { throw .ENOMEM }
            }
            return try remapLocked(address, old, new, flags, newAddress, mayLockAll)
        }
    }

    private func remapLocked(_ address: UInt, _ old: UInt, _ new: UInt, _ flags: UInt32, _ newAddress: UInt,
                             _ mayLockAll: Bool) throws(Errno) -> UInt {
        guard let position = list.containing(address) else { throw .EFAULT }
        let vma = list[position]
        if vma.flags.has(.sealed) { throw .EPERM }
        let moves = flags & (MREMAP_FIXED | MREMAP_DONTUNMAP) != 0
        if !moves, old >= new {
            // Shrinking may cross borders of areas.
            if old > new { try unmapLocked(address &+ new, old &- new) }
            return address
        }
        if old == 0, !vma.flags.has(.mayShare) { throw .EINVAL }
        if flags & MREMAP_DONTUNMAP != 0, vma.flags.has(.dontExpand) { throw .EINVAL }
        // What is left after a shrink must lie in one area.
        guard min(old, new) <= vma.end &- address else { throw .EFAULT }
        if new > old {
            let (sum, overflow) = vma.offset(of: address).addingReportingOverflow(new)
            if overflow || sum > UInt(Int.max) { throw .EINVAL }
            if vma.flags.has(.dontExpand) { throw .EFAULT }
            let pages = Int((new &- old) >> 12)
            guard mayLock(vma.flags, pages: pages, privileged: mayLockAll) else { throw .EAGAIN }
            guard mayExpand(vma.flags, pages: pages) else { throw .ENOMEM }
        }
        if !moves {
            if old == vma.end &- address, try growInPlace(position, by: new &- old) { return address }
            guard flags & MREMAP_MAYMOVE != 0 else { throw .ENOMEM }
        } else {
            // A place below the smallest address or in the kernel's range.
            if flags & MREMAP_FIXED != 0 {
                guard !AddressSpace.touchesKernel(newAddress, newAddress &+ new) else { throw .ENOMEM }
                guard newAddress >= MemoryLayoutLimits.minimumAddress else { throw .EPERM }
            }
        }
        return try move(address, old, new, flags, newAddress)
    }

    /// Makes an area longer if the addresses behind it are free.
    private func growInPlace(_ position: VMAList.Position, by delta: UInt) throws(Errno) -> Bool {
        var vma = list[position]
        let oldEnd = vma.end
        guard delta <= Host.userEnd &- oldEnd, list.firstOverlapping(oldEnd, oldEnd &+ delta) == nil,
              !AddressSpace.touchesKernel(oldEnd, oldEnd &+ delta) else { return false }
        vma.end = oldEnd &+ delta
        var populated = vma.populatedEnd
        if populated == oldEnd { populated = try populate(&vma, from: oldEnd) }
        guard let again = list.containing(vma.start) else { throw .EFAULT }
        list.extendUp(to: vma.end, populatedEnd: populated, at: again)
        merge(vma.start, vma.end)
        notePeak()
        if vma.flags.has(.locked), !vma.flags.has(.lockOnFault) { touch(oldEnd, populated, vma.flags) }
        return true
    }

    private func move(_ address: UInt, _ old: UInt, _ new: UInt, _ flags: UInt32, _ newAddress: UInt) throws(Errno) -> UInt {
        guard list.count < MemoryLayoutLimits.mapCount &- 3 else { throw .ENOMEM }
        let keep = flags & MREMAP_DONTUNMAP != 0
        // The tail that goes, the target that is replaced.
        var old = old
        if old > new {
            try unmapLocked(address &+ new, old &- new)
            old = new
        }
        let target: UInt
        if flags & MREMAP_FIXED != 0 {
            try checkSealed(newAddress, newAddress &+ new)
            try releaseTextGaps(newAddress, newAddress &+ new, keeping: false)
            try unmapLocked(newAddress, new)
            target = newAddress
        } else if keep, newAddress >= MemoryLayoutLimits.minimumAddress, list.containing(newAddress) == nil, list.isFree(newAddress, new),
                  !AddressSpace.touchesKernel(newAddress, newAddress &+ new) {
            target = newAddress
        } else {
            guard let free = findFree(new) else { throw .ENOMEM }
            target = free
        }
        guard let position = list.containing(address) else { throw .EFAULT }
        let vma = list[position]
        if keep, !mayExpand(vma.flags, pages: Int(old >> 12)) { throw .ENOMEM }
        let marks: VMFlags = [.textGap, .trampolines]
        var moved = VMA(start: target, end: target &+ new, flags: vma.flags.subtracting(marks), object: vma.object,
                        pageOffset: vma.pageOffset &+ (address &- vma.start) >> 12)
        aboutToUnmap(address, address &+ old)
        if vma.flags.has(.mayShare) {
            // Shared pages are the same wherever they are mapped.
            moved.populatedEnd = try populate(&moved, from: target)
            if !keep, old > 0 { try hostUnmap(address, address &+ old) }
        } else {
            let populated = min(address &+ old, max(vma.populatedEnd, address))
            let count = populated &- address
            if count > 0 { try movePages(address, count, to: target, keep: keep) }
            moved.populatedEnd = target &+ count
            if new > old, count == old { moved.populatedEnd = try populate(&moved, from: target &+ old) }
        }
        moved.object?.acquire()
        if keep {
            // The pages have gone; the area stays, empty and unlocked.
            _ = try changeFlags(address, address &+ old) { vma throws(Errno) in vma.flags.subtracting(.lockMask) }
        } else if old > 0 {
            cut(address, address &+ old)
        }
        list.insert(moved)
        merge(target, target &+ new)
        notePeak()
        if moved.flags.has(.exec), moved.object is FileMapping { textMapped(target) }
        if new > old, moved.flags.has(.locked), !moved.flags.has(.lockOnFault) { touch(target &+ old, moved.populatedEnd, moved.flags) }
        return target
    }

    /// Moves pages on the host. What is one area here may be several there (a file in pieces, memory whose
    /// history differs); the host moves within one only, so halve until it agrees.
    private func movePages(_ from: UInt, _ count: UInt, to target: UInt, keep: Bool) throws(Errno) {
        do throws(Errno) {
            try host.remap(from, count, count, to: target, keepOld: keep)
            return
        } catch {
            guard error == .EFAULT, count > Page.size else { throw error }
        }
        let half = Page.down(count / 2)
        let lower = half == 0 ? Page.size : half
        try movePages(from, lower, to: target, keep: keep)
        try movePages(from &+ lower, count &- lower, to: target &+ lower, keep: keep)
    }
}
