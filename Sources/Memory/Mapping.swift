import KernelBase
import LinuxABI
import Machine
import VFS

/// What mmap(2) is asked for.
public struct MapRequest {
    public var address: UInt
    public var length: UInt
    public var protection: UInt32
    public var flags: UInt32
    /// nil for anonymous memory.
    public var file: File?
    public var pageOffset: UInt
    /// CAP_IPC_LOCK.
    public var mayLockAll: Bool

    public init(address: UInt, length: UInt, protection: UInt32, flags: UInt32, file: File? = nil, pageOffset: UInt = 0,
                mayLockAll: Bool = false) {
        self.address = address
        self.length = length
        self.protection = protection
        self.flags = flags
        self.file = file
        self.pageOffset = pageOffset
        self.mayLockAll = mayLockAll
    }
}

extension AddressSpace {
    /// What MAP_SHARED_VALIDATE knows on a file system without extensions: no MAP_SYNC, no MAP_FIXED_NOREPLACE.
    private static var legacyFlags: UInt32 {
        MAP_SHARED_VALIDATE | MAP_FIXED | MAP_ANONYMOUS | MAP_DENYWRITE | MAP_EXECUTABLE | MAP_UNINITIALIZED | MAP_GROWSDOWN
            | MAP_LOCKED | MAP_NORESERVE | MAP_POPULATE | MAP_NONBLOCK | MAP_STACK | MAP_HUGETLB | MAP_32BIT | MAP_ABOVE4G
            | MAP_HUGE_MASK << MAP_HUGE_SHIFT
    }

    /// mmap(2), after the descriptor has been looked up. MAP_HUGETLB has been dealt with.
    /// - Returns: the address.
    public func map(_ request: MapRequest) throws(Errno) -> UInt {
        try locked { () throws(Errno) in try mapLocked(request) }
    }

    func mapLocked(_ request: MapRequest) throws(Errno) -> UInt {
        guard request.length > 0 else { throw .EINVAL }
        let fixed = request.flags & (MAP_FIXED | MAP_FIXED_NOREPLACE) != 0
        let length = Page.up(request.length)
        guard length > 0 else { throw .ENOMEM }
        let (_, overflow) = request.pageOffset.addingReportingOverflow(length >> 12)
        guard !overflow, request.pageOffset &+ length >> 12 <= UInt.max >> 12 else { throw .EOVERFLOW }
        guard list.count <= MemoryLayoutLimits.mapCount else { throw .ENOMEM }

        var flags = VMFlags(protection: request.protection).union(.mayAll).union(futureLocks)
        if request.flags & MAP_GROWSDOWN != 0 { flags.insert(.growsDown) }
        if request.flags & MAP_LOCKED != 0 { flags.insert(.locked) }

        let start = try place(request, length, fixed: fixed)
        let end = start &+ length
        if request.flags & MAP_FIXED_NOREPLACE != 0, list.firstOverlapping(start, end) != nil || AddressSpace.touchesKernel(start, end) {
            throw .EEXIST
        }
        guard !AddressSpace.touchesKernel(start, end) else { throw .ENOMEM }
        if request.flags & MAP_LOCKED != 0, !request.mayLockAll, limits.locked == 0 { throw .EPERM }
        guard mayLock(flags, pages: Int(length >> 12), privileged: request.mayLockAll) else { throw .EAGAIN }

        var object: MemoryObject?
        var pageOffset = request.pageOffset
        if let file = request.file {
            try checkFile(file, request, length, &flags)
            if request.address == 0, !fixed, request.flags & MAP_TYPE == MAP_PRIVATE, request.flags & MAP_32BIT == 0 { flags.insert(.textGap) }
            object = FileMapping(file: file)
        } else {
            switch request.flags & MAP_TYPE {
            case MAP_SHARED:
                if flags.has(.growsDown) { throw .EINVAL }
                flags.formUnion([.shared, .mayShare])
                pageOffset = 0
            case MAP_PRIVATE:
                pageOffset = start >> 12
            case MAP_DROPPABLE:
                // Pages the kernel may take away at any time; it never does.
                if flags.has([.growsDown, .locked]) { throw .EINVAL }
                flags.formUnion([.wipeOnFork, .dontDump, .noReserve])
                pageOffset = start >> 12
            default: throw .EINVAL
            }
        }
        if request.flags & MAP_NORESERVE != 0 { flags.insert(.noReserve) }
        defer { if let object, object.users == 0 { discard(object) } }

        if request.address != 0 { try releaseTextGaps(start, end, keeping: false) }
        // From here on, what was there before goes.
        let replaced = fixed ? pagesMapped(start, end) : 0
        guard mayExpand(flags, pages: Int(length >> 12), replacedPages: replaced) else { throw .ENOMEM }
        if replaced > 0 {
            try checkSealed(start, end)
            if list.count >= MemoryLayoutLimits.mapCount, list.splits(start, end) == 2 { throw .ENOMEM }
        }
        if request.file == nil, flags.has(.mayShare) {
            guard let memory = SharedMemory(size: length, inodeNumber: manager.allocateInodeNumber()) else { throw .ENOMEM }
            object = memory
        }
        if flags.rawValue & (VMFlags.noReserve.rawValue | VMFlags.mayShare.rawValue | VMFlags.write.rawValue) == VMFlags.write.rawValue {
            flags.insert(.account)
        }
        if replaced > 0 {
            aboutToUnmap(start, end)
            cut(start, end)
        }
        var vma = VMA(start: start, end: end, flags: flags, object: object, pageOffset: pageOffset)
        do throws(Errno) {
            vma.populatedEnd = try populate(&vma, from: start)
        } catch {
            // As on Linux, what was there before is gone.
            try? hostUnmap(start, end)
            throw error
        }
        if replaced > 0, vma.populatedEnd < end { try hostUnmap(vma.populatedEnd, end) }
        object?.acquire()
        list.insert(vma)
        merge(start, end)
        notePeak()
        if vma.flags.has(.exec), request.file != nil { textMapped(start) }
        if request.flags & MAP_POPULATE != 0 && request.flags & MAP_NONBLOCK == 0 || vma.flags.has(.locked) && !vma.flags.has(.lockOnFault) {
            touch(vma.start, vma.populatedEnd, vma.flags)
        }
        return start
    }

    /// An object that has come to no area.
    private func discard(_ object: MemoryObject) {
        object.acquire()
        drop(object)
    }

    /// Pages of the range that are in areas.
    func pagesMapped(_ start: UInt, _ end: UInt) -> Int {
        var result = 0
        var position = list.firstOverlapping(start, end)
        while let at = position, list[at].start < end {
            result &+= Int((min(list[at].end, end) &- max(list[at].start, start)) >> 12)
            position = list.next(at)
        }
        return result
    }

    /// Where the mapping goes.
    private func place(_ request: MapRequest, _ length: UInt, fixed: Bool) throws(Errno) -> UInt {
        guard length <= Host.userEnd else { throw .ENOMEM }
        if fixed {
            guard request.address <= Host.userEnd &- length else { throw .ENOMEM }
            guard Page.isAligned(request.address) else { throw .EINVAL }
            // vm.mmap_min_addr
            guard request.address >= MemoryLayoutLimits.minimumAddress else { throw .EPERM }
            return request.address
        }
        var hint = Page.down(request.address)
        if hint != 0, hint < MemoryLayoutLimits.minimumAddress { hint = MemoryLayoutLimits.minimumAddress }
        let low = request.flags & MAP_32BIT != 0 ? MemoryLayoutLimits.low32 : nil
        let top = low?.upperBound ?? Host.userEnd
        if hint != 0, length <= top, hint <= top &- length, !AddressSpace.touchesKernel(hint, hint &+ length), list.isFree(hint, length) {
            // The neighbour below must not grow into it; only stacks that grow down exist.
            if list.containing(hint) == nil { return hint }
        }
        if let low {
            var bounds = self.bounds
            bounds.low = low.lowerBound
            bounds.high = low.upperBound
            guard let start = list.lowestHole(length, bounds) else { throw .ENOMEM }
            return start
        }
        // Text that may be patched: programs and libraries are mapped privately.
        let gap = request.file != nil && request.address == 0 && request.flags & MAP_TYPE == MAP_PRIVATE ? MemoryLayoutLimits.textGap : 0
        guard let start = findFree(length, gapBelow: gap) else { throw .ENOMEM }
        return start
    }

    /// A free place for `length` bytes (a multiple of the page size), as high as possible below the stack, or
    /// above the mapping base if there is none; with `gapBelow` free bytes below it.
    func findFree(_ length: UInt, gapBelow: UInt = 0) -> UInt? {
        let (wanted, overflow) = length.addingReportingOverflow(gapBelow)
        if overflow { return nil }
        if let start = list.highestHole(wanted, bounds) { return start &+ gapBelow }
        var all = bounds
        all.high = Host.userEnd
        all.low = Page.down(Host.userEnd / 3)
        return list.lowestHole(wanted, all).map { $0 &+ gapBelow }
    }

    /// The rules for a file's access mode and kind.
    private func checkFile(_ file: File, _ request: MapRequest, _ length: UInt, _ flags: inout VMFlags) throws(Errno) {
        // Beyond what a file of that kind can have.
        if file.inode.isRegular, request.pageOffset &+ length >> 12 > UInt(Int.max) >> 12 { throw .EOVERFLOW }
        let type = request.flags & MAP_TYPE
        switch type {
        case MAP_SHARED, MAP_SHARED_VALIDATE:
            // Plain MAP_SHARED ignores flags it does not know.
            if type == MAP_SHARED_VALIDATE, request.flags & ~AddressSpace.legacyFlags != 0 { throw .EOPNOTSUPP }
            if request.protection & PROT_WRITE != 0, !file.isWritable { throw .EACCES }
            if file.isWritable, file.inode.isAppendOnly { throw .EACCES }
            flags.formUnion([.shared, .mayShare])
            if !file.isWritable { flags.subtract([.mayWrite, .shared]) }
        case MAP_PRIVATE:
            break
        default: throw .EINVAL
        }
        guard file.isReadable else { throw .EACCES }
        if let path = file.path, path.mount.isNoExec {
            if flags.has(.exec) { throw .EPERM }
            flags.subtract(.mayExec)
        }
        if file.inode.isDirectory || file.inode.type == 0o010000 || file.inode.type == 0o140000 { throw .ENODEV }
        if flags.has(.growsDown) { throw .EINVAL }
    }

    /// Maps an area's pages from `from` on on the host, as far as its object goes. May sleep.
    /// - Returns: the end of what is mapped.
    func populate(_ vma: inout VMA, from: UInt) throws(Errno) -> UInt {
        let protection = vma.flags.protection
        guard let object = vma.object else {
            try host.mapAnonymous(from, vma.end &- from, protection, noReserve: vma.flags.has(.noReserve))
            return vma.end
        }
        if let memory = object as? SharedMemory {
            let offset = vma.offset(of: from)
            guard offset < memory.size else { return from }
            return try map(memory.extents(offset: offset, length: vma.end &- from), at: from, vma, pin: nil)
        }
        guard let mapping = object as? FileMapping else { return from }
        let offset = Int(bitPattern: vma.offset(of: from))
        let length = Int(bitPattern: vma.end &- from)
        guard offset >= 0, length > 0, offset <= Int.max &- length else { return from }
        let shared = vma.flags.has(.mayShare)
        var extents: [MappedExtent]
        if vma.flags.has(.shared) {
            do throws(Errno) {
                extents = try parts(of: mapping.file, offset, length, shared: true, writable: true)
            } catch {
                // A file sealed against writing can still be mapped for reading, for good.
                if vma.flags.has(.write) { throw error }
                extents = try parts(of: mapping.file, offset, length, shared: true, writable: false)
                vma.flags.subtract([.mayWrite, .shared])
            }
        } else {
            extents = try parts(of: mapping.file, offset, length, shared: shared, writable: false)
        }
        return try map(extents, at: from, vma, pin: mapping)
    }

    /// What a file gives to be mapped; at once in the middle of a kernel copy.
    private func parts(of file: File, _ offset: Int, _ length: Int, shared: Bool, writable: Bool) throws(Errno) -> [MappedExtent] {
        if host.keepsLock { return try file.mappingAtOnce(offset: offset, length: length, shared: shared, writable: writable) }
        return try file.mapping(offset: offset, length: length, shared: shared, writable: writable)
    }

    /// Maps extents one after the other, neighbours in the arena or in a host file by one call.
    private func map(_ extents: [MappedExtent], at from: UInt, _ vma: VMA, pin mapping: FileMapping?) throws(Errno) -> UInt {
        let protection = vma.flags.protection
        let shared = vma.flags.has(.mayShare)
        var address = from
        var index = 0
        while index < extents.count, address < vma.end {
            let first = extents[index]
            var length = UInt(max(0, first.length))
            pin(first, in: mapping, vma, address)
            index &+= 1
            while index < extents.count, let more = AddressSpace.continues(first, length, extents[index]) {
                pin(extents[index], in: mapping, vma, address &+ length)
                length &+= more
                index &+= 1
            }
            length = min(Page.up(length), vma.end &- address)
            guard length > 0 else { continue }
            switch first.source {
            case .arena(let offset):
                try host.mapArena(address, length, protection, shared: shared, offset: offset)
            case .host(let descriptor, let offset):
                try host.mapDescriptor(address, length, protection, shared: shared, descriptor: descriptor, offset: offset)
            case .zero:
                try host.mapAnonymous(address, length, protection, noReserve: vma.flags.has(.noReserve))
            }
            address &+= length
        }
        return address
    }

    @inline(__always)
    private func pin(_ extent: MappedExtent, in mapping: FileMapping?, _ vma: VMA, _ address: UInt) {
        if let mapping, let owner = extent.owner {
            mapping.pin(owner, offset: Int(bitPattern: vma.offset(of: address)), length: extent.length)
        }
    }

    /// The length of `next` if it continues `first`, which has grown to `length` bytes.
    private static func continues(_ first: MappedExtent, _ length: UInt, _ next: MappedExtent) -> UInt? {
        guard next.length > 0, Page.isAligned(length) else { return nil }
        switch (first.source, next.source) {
        case (.arena(let a), .arena(let b)): return a &+ length == b ? UInt(next.length) : nil
        case (.host(let d, let a), .host(let e, let b)): return d == e && a &+ length == b ? UInt(next.length) : nil
        case (.zero, .zero): return UInt(next.length)
        default: return nil
        }
    }

    /// Brings pages in: MAP_POPULATE, mlock(2). Never fails, as on Linux.
    func touch(_ start: UInt, _ end: UInt, _ flags: VMFlags) {
        guard start < end, flags.has(.access) else { return }
        // Reading brings in the pages of a shared mapping too, and leaves them clean; unless they can only be written.
        let write = flags.has(.write) && (!flags.has(.mayShare) || !flags.has(.read))
        try? host.advise(start, end &- start, write ? MADV_POPULATE_WRITE : MADV_POPULATE_READ)
    }

    /// remap_file_pages(2): other pages of the file that a shared mapping shows.
    public func remapFilePages(_ start: UInt, _ length: UInt, pageOffset: UInt) throws(Errno) {
        let (end, overflow) = start.addingReportingOverflow(length)
        guard !overflow, end > start, !pageOffset.addingReportingOverflow(length >> 12).overflow else { throw .EINVAL }
        try locked { () throws(Errno) in
            guard let position = list.containing(start), list[position].flags.has(.shared), let object = list[position].object else { throw .EINVAL }
            let flags = list[position].flags, file = list[position].file
            // The whole range must show this file, or this nameless memory, in the same way.
            var address = start
            while address < end {
                guard let next = list.containing(address), list[next].flags == flags,
                      file == nil ? list[next].object === object : list[next].file === file else { throw .EINVAL }
                address = list[next].end
            }
            guard let file else {
                try remapObject(object, start, end, flags, pageOffset: pageOffset)
                return
            }
            file.acquire()
            defer { file.release() }
            _ = try mapLocked(MapRequest(address: start, length: length, protection: flags.protection,
                                         flags: MAP_SHARED | MAP_FIXED | MAP_POPULATE | MAP_NONBLOCK | (flags.has(.locked) ? MAP_LOCKED : 0),
                                         file: file, pageOffset: pageOffset, mayLockAll: true))
        }
    }

    /// Other pages of nameless shared memory in the place of those that show there.
    private func remapObject(_ object: MemoryObject, _ start: UInt, _ end: UInt, _ flags: VMFlags, pageOffset: UInt) throws(Errno) {
        try checkSealed(start, end)
        if list.count >= MemoryLayoutLimits.mapCount, list.splits(start, end) == 2 { throw .ENOMEM }
        object.acquire()
        cut(start, end)
        var vma = VMA(start: start, end: end, flags: flags, object: object, pageOffset: pageOffset)
        do throws(Errno) {
            vma.populatedEnd = try populate(&vma, from: start)
            if vma.populatedEnd < end { try hostUnmap(vma.populatedEnd, end) }
        } catch {
            // What was there before is gone, as with mmap(2).
            try? hostUnmap(start, end)
            drop(object)
            throw error
        }
        list.insert(vma)
        merge(start, end)
    }

    /// Whether an area has a byte of [start, start + length), or that is not the guest's.
    public func isAnythingMapped(_ start: UInt, _ length: UInt) -> Bool {
        list.firstOverlapping(start, start &+ length) != nil || AddressSpace.touchesKernel(start, start &+ length)
    }

    /// shmdt(2): lets go of the segment that was attached at `address`, or what is left of it there.
    /// - Throws: `EINVAL`.
    public func detachSegment(at address: UInt) throws(Errno) {
        try locked { () throws(Errno) in
            var position = list.first(endingAfter: address)
            // The first area of a segment whose beginning would be at the address.
            while let at = position, !(list[at].file?.isSegment == true && list[at].start &- address == list[at].pageOffset << 12) {
                position = list.next(at)
            }
            guard let first = position, let file = list[first].file else { throw .EINVAL }
            let end = address &+ Page.up(UInt(max(0, file.inode.size)))
            var next = position
            while let at = next {
                let vma = list[at]
                guard vma.end <= end else { return }
                next = list.next(at)
                guard vma.file === file, vma.start &- address == vma.pageOffset << 12 else { continue }
                try unmapLocked(vma.start, vma.length)
                next = list.first(endingAfter: vma.end)
            }
        }
    }

    // --- munmap(2) ---

    public func unmap(_ start: UInt, _ length: UInt) throws(Errno) {
        try locked { () throws(Errno) in try unmapLocked(start, length) }
    }

    func unmapLocked(_ start: UInt, _ length: UInt) throws(Errno) {
        guard Page.isAligned(start), start <= Host.userEnd, length <= Host.userEnd &- start else { throw .EINVAL }
        let end = start &+ Page.up(length)
        guard end > start else { throw .EINVAL }
        guard list.firstOverlapping(start, end) != nil else { return }
        if list.count >= MemoryLayoutLimits.mapCount, let position = list.containing(start), list[position].start < start,
           list[position].end > end { throw .ENOMEM }
        try checkSealed(start, end)
        aboutToUnmap(start, end)
        try releaseTextGaps(start, end, keeping: true)
        try hostUnmap(start, end)
        cut(start, end)
    }
}
