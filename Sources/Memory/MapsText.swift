import KernelBase
import LinuxABI
import Machine
import VFS

/// Texts of /proc/PID/maps, smaps, statm, and the Vm lines of status.
extension AddressSpace {
    /// All of /proc/PID/maps.
    /// - Parameter name: the path of a file as the reader sees it, with " (deleted)" if its name is gone.
    public func mapsText(name: (File) -> Bytes) -> Bytes { mapsPiece(from: 0, areas: .max, name: name).text }

    /// The lines of /proc/PID/maps for areas from an address on: a reader mostly looks for one, and there may be tens of thousands.
    /// - Parameters:
    ///   - areas: how many at most.
    ///   - name: as in ``mapsText(name:)``.
    /// - Returns: the text, and where to go on; nil at the end.
    public func mapsPiece(from address: UInt, areas: Int, name: (File) -> Bytes) -> (text: Bytes, next: UInt?) {
        var text: Bytes = []
        text.reserveCapacity(min(areas, list.count) &* 100)
        let next = list.forEach(from: address, count: areas) { appendLine($0, name, &text) }
        return (text, next)
    }

    /// One line of maps, as in proc_pid_maps(5), newline included.
    private func appendLine(_ vma: VMA, _ name: (File) -> Bytes, _ text: inout Bytes) {
        let lineStart = text.count
        let flags = vma.flags
        text.append(hex: vma.start, width: 8)
        text.append(UInt8(ascii: "-"))
        text.append(hex: vma.end, width: 8)
        text.append(UInt8(ascii: " "))
        text.append(UInt8(ascii: flags.has(.read) ? "r" : "-"))
        text.append(UInt8(ascii: flags.has(.write) ? "w" : "-"))
        text.append(UInt8(ascii: flags.has(.exec) ? "x" : "-"))
        text.append(UInt8(ascii: flags.has(.mayShare) ? "s" : "p"))
        text.append(UInt8(ascii: " "))
        let (device, inode, offset) = vma.backing ?? (0, 0, 0)
        text.append(hex: offset, width: 8)
        text.append(UInt8(ascii: " "))
        text.append(hex: UInt((device >> 8 & 0xfff) | (device >> 32 & ~0xfff)), width: 2)
        text.append(UInt8(ascii: ":"))
        text.append(hex: UInt((device & 0xff) | (device >> 12 & 0xffff_ff00)), width: 2)
        text.append(UInt8(ascii: " "))
        text.append(decimal: inode)
        text.append(UInt8(ascii: " "))
        let label = self.label(of: vma, name)
        if !label.isEmpty {
            while text.count &- lineStart < 73 { text.append(UInt8(ascii: " ")) }
            for byte in label {
                // A newline in a name would look like the next line.
                if byte == UInt8(ascii: "\n") { text.append("\\012") } else { text.append(byte) }
            }
        }
        text.append(UInt8(ascii: "\n"))
    }

    /// What maps has at the end of an area's line; empty for nameless memory.
    public func label(of vma: VMA, _ name: (File) -> Bytes) -> Bytes {
        if let file = vma.file { return name(file) }
        if vma.object is SharedMemory { return Bytes("/dev/zero (deleted)") }
        if vma.flags.has(.vdso) { return Bytes("[vdso]") }
        if vma.flags.has(.vvar) { return Bytes("[vvar]") }
        if vma.flags.has(.vvarClock) { return Bytes("[vvar_vclock]") }
        if vma.start < currentBreak, vma.end > startBreak { return Bytes("[heap]") }
        if vma.start <= stackStart, vma.end >= stackStart, stackStart != 0 { return Bytes("[stack]") }
        return []
    }

    /// Whether others have the pages of an area too: the same mapping after a fork, or another one of the same memory.
    private static func isShared(_ vma: VMA) -> Bool { vma.object.map { $0.users > 1 } ?? false }

    /// Lines of /proc/PID/smaps, as ``mapsPiece(from:areas:name:)`` makes those of maps.
    /// - Parameter isCurrent: the caller runs in this address space, so the host can be asked what is resident.
    public func smapsPiece(from address: UInt, areas: Int, isCurrent: Bool, name: (File) -> Bytes) -> (text: Bytes, next: UInt?) {
        var text: Bytes = []
        text.reserveCapacity(min(areas, list.count) &* 800)
        let next = list.forEach(from: address, count: areas) { vma in
            appendLine(vma, name, &text)
            let resident = isCurrent ? residentPages(vma.start, vma.populatedEnd) : 0
            let shared = AddressSpace.isShared(vma) ? resident : 0
            let anonymous = vma.object == nil ? resident : 0
            // Whether a page of a file was written to, only the host knows.
            let clean = vma.file != nil ? resident &- shared : 0
            appendField("Size:", UInt(vma.pages &* 4), &text)
            appendField("KernelPageSize:", 4, &text)
            appendField("MMUPageSize:", 4, &text)
            appendField("Rss:", UInt(resident &* 4), &text)
            appendField("Pss:", UInt(resident &* 4), &text)
            appendField("Pss_Dirty:", UInt(anonymous &* 4), &text)
            appendField("Shared_Clean:", UInt(shared &* 4), &text)
            appendField("Shared_Dirty:", 0, &text)
            appendField("Private_Clean:", UInt(clean &* 4), &text)
            appendField("Private_Dirty:", UInt((resident &- shared &- clean) &* 4), &text)
            appendField("Referenced:", UInt(resident &* 4), &text)
            appendField("Anonymous:", UInt(anonymous &* 4), &text)
            text.append(AddressSpace.noneInSmaps)
            appendField("Locked:", vma.flags.has(.locked) ? UInt(resident &* 4) : 0, &text)
            text.append("THPeligible:           0\n")
            text.append("VmFlags: ")
            AddressSpace.appendLetters(of: vma.flags, &text)
            text.append(UInt8(ascii: "\n"))
        }
        return (text, next)
    }

    /// What no memory of a sandbox has.
    private static var noneInSmaps: StaticString {
        """
        KSM:                   0 kB
        LazyFree:              0 kB
        AnonHugePages:         0 kB
        ShmemPmdMapped:        0 kB
        FilePmdMapped:         0 kB
        Shared_Hugetlb:        0 kB
        Private_Hugetlb:       0 kB
        Swap:                  0 kB
        SwapPss:               0 kB

        """
    }

    /// /proc/PID/smaps_rollup: the sums over all areas.
    public func smapsRollupText(isCurrent: Bool) -> Bytes {
        var start: UInt = 0, end: UInt = 0
        var resident = 0, shared = 0, locked = 0
        var isFirst = true
        list.forEach { vma in
            if isFirst { start = vma.start }
            isFirst = false
            end = vma.end
            guard isCurrent else { return }
            let pages = residentPages(vma.start, vma.populatedEnd)
            resident &+= pages
            if vma.object != nil { shared &+= pages }
            if vma.flags.has(.locked) { locked &+= pages }
        }
        var text: Bytes = []
        text.append(hex: start, width: 8)
        text.append(UInt8(ascii: "-"))
        text.append(hex: end, width: 8)
        text.append(" ---p 00000000 00:00 0 ")
        while text.count < 73 { text.append(UInt8(ascii: " ")) }
        text.append("[rollup]\n")
        let anonymous = UInt(resident &- shared) &* 4
        appendField("Rss:", UInt(resident) &* 4, &text)
        appendField("Pss:", UInt(resident) &* 4, &text)
        appendField("Pss_Dirty:", anonymous, &text)
        appendField("Pss_Anon:", anonymous, &text)
        appendField("Pss_File:", UInt(shared) &* 4, &text)
        appendField("Pss_Shmem:", 0, &text)
        appendField("Shared_Clean:", UInt(shared) &* 4, &text)
        appendField("Shared_Dirty:", 0, &text)
        appendField("Private_Clean:", 0, &text)
        appendField("Private_Dirty:", anonymous, &text)
        appendField("Referenced:", UInt(resident) &* 4, &text)
        appendField("Anonymous:", anonymous, &text)
        text.append(AddressSpace.noneInSmaps)
        appendField("Locked:", UInt(locked) &* 4, &text)
        return text
    }

    private func appendField(_ label: StaticString, _ kilobytes: UInt, _ text: inout Bytes) {
        text.append(label)
        text.append(decimal: kilobytes, width: max(0, 24 &- label.utf8CodeUnitCount))
        text.append(" kB\n")
    }

    private static func appendLetters(of flags: VMFlags, _ text: inout Bytes) {
        func add(_ flag: VMFlags, _ letters: StaticString) { if flags.has(flag) { text.append(letters) } }
        add(.read, "rd ")
        add(.write, "wr ")
        add(.exec, "ex ")
        add(.shared, "sh ")
        add(.mayRead, "mr ")
        add(.mayWrite, "mw ")
        add(.mayExec, "me ")
        add(.mayShare, "ms ")
        add(.growsDown, "gd ")
        add(.locked, "lo ")
        add(.sequentialRead, "sr ")
        add(.randomRead, "rr ")
        add(.dontCopy, "dc ")
        add(.dontExpand, "de ")
        add(.lockOnFault, "lf ")
        add(.account, "ac ")
        add(.noReserve, "nr ")
        add(.wipeOnFork, "wf ")
        add(.dontDump, "dd ")
        add(.hugePage, "hg ")
        add(.noHugePage, "nh ")
        add(.mergeable, "mg ")
        add(.sealed, "sl ")
    }

    /// Resident pages of [start, end) in the calling process.
    func residentPages(_ start: UInt, _ end: UInt) -> Int {
        var result = 0
        var address = start
        while address < end {
            let pages = min(Int((end &- address) >> 12), 1 << 16)
            guard let bytes = try? host.residency(address, pages: pages) else { return result }
            for byte in bytes where byte & 1 != 0 { result &+= 1 }
            address &+= UInt(pages) << 12
        }
        return result
    }

    /// A word of /proc/PID/pagemap for each page from `address` on: bit 63 if the page is there, bit 61 if it is a file's
    /// or shared. Which page of the machine it is, nobody is told. For the caller's own memory.
    public func pagemap(_ address: UInt, pages: Int) -> [UInt64] {
        var words = [UInt64](repeating: 0, count: max(0, pages))
        guard pages > 0 else { return words }
        list.forEach { vma in
            let low = max(vma.start, address), high = min(vma.populatedEnd, address &+ UInt(pages) << 12)
            guard low < high, let bytes = try? host.residency(low, pages: Int((high &- low) >> 12)) else { return }
            let first = Int((low &- address) >> 12)
            for (index, byte) in bytes.enumerated() where byte & 1 != 0 && first &+ index < words.count {
                words[first &+ index] = 1 << 63 | (vma.object != nil ? 1 << 61 : 0)
            }
        }
        return words
    }

    /// Sizes for statm, stat and status, in pages.
    public struct Sizes {
        public var total = 0, peak = 0, locked = 0, data = 0, stack = 0, text = 0, library = 0, resident = 0, shared = 0
        public init() {}
    }

    /// - Parameter isCurrent: the caller runs in this address space.
    public func sizes(isCurrent: Bool) -> Sizes {
        var sizes = Sizes()
        sizes.total = list.totalPages
        sizes.peak = max(peakPages, list.totalPages)
        sizes.locked = list.lockedPages
        sizes.data = list.dataPages
        sizes.stack = list.stackPages
        sizes.text = Int((Page.up(codeRange.upperBound) &- Page.down(codeRange.lowerBound)) >> 12)
        sizes.library = max(0, list.execPages &- sizes.text)
        var resident = 0, shared = 0
        if isCurrent {
            list.forEach { vma in
                if vma.flags.has(.special) { return }
                let pages = residentPages(vma.start, vma.populatedEnd)
                resident &+= pages
                if vma.object != nil { shared &+= pages }
            }
        }
        sizes.resident = resident
        sizes.shared = shared
        return sizes
    }

    /// /proc/PID/statm.
    public func statmText(isCurrent: Bool) -> Bytes {
        let sizes = sizes(isCurrent: isCurrent)
        var text: Bytes = []
        let numbers = [sizes.total, sizes.resident, sizes.shared, sizes.text, 0, sizes.data &+ sizes.stack, 0]
        for (index, number) in numbers.enumerated() {
            if index > 0 { text.append(UInt8(ascii: " ")) }
            text.append(decimal: number)
        }
        text.append(UInt8(ascii: "\n"))
        return text
    }

    /// What identifies the memory at `address` in all processes that share it, for futexes; nil where it is private.
    public func sharedPlace(of address: UInt) -> (object: UInt, offset: UInt)? {
        guard let position = list.containing(address) else { return nil }
        let vma = list[position]
        guard vma.flags.has(.mayShare), let object = vma.object else { return nil }
        let offset = vma.offset(of: address)
        if let file = vma.file { return (UInt(bitPattern: ObjectIdentifier(file.inode)), offset) }
        return (UInt(bitPattern: ObjectIdentifier(object)), offset)
    }

    /// Whether all of [start, end) lies in areas.
    public func isMapped(_ start: UInt, _ end: UInt) -> Bool { !hasHole(start, end) }

    /// The area that contains `address`: for /proc/PID/map_files and exe checks.
    public func area(at address: UInt) -> VMA? { list.containing(address).map { list[$0] } }
}

extension VMA {
    /// Device, inode and offset in bytes of what an area shows: a file, or shared memory without a name, which Linux keeps in one too.
    public var backing: (device: UInt64, inode: UInt, offset: UInt)? {
        if let file { return (file.inode.superblock.device, UInt(file.inode.number), pageOffset << 12) }
        guard let memory = object as? SharedMemory else { return nil }
        return (1, memory.inodeNumber, pageOffset << 12)
    }
}
