import KernelBase
import LinuxABI
import Machine
import Memory
import Tasks
import VFS

/// ioctl(2) PROCMAP_QUERY on /proc/PID/maps: one area, without reading the text. See `struct procmap_query` of <linux/fs.h>.
enum MapsQuery {
    /// Bytes of the structure as it is known here.
    private static var size: Int { 104 }

    /// - Parameter argument: the address of the caller's structure, whose first word is its size.
    /// - Throws: `EFAULT`, `E2BIG`, `EINVAL`; `ENOENT` if there is no such area, `ENAMETOOLONG` if its name or build id has no room.
    static func answer(_ space: AddressSpace, _ argument: UInt) throws(Errno) -> Int {
        let given = try UserMemory.load(UInt64.self, at: argument)
        guard given <= 4096 else { throw .E2BIG }
        guard given >= 24 else { throw .EINVAL }
        var query = try UserMemory.copyIn(Int(given), from: argument)
        // What a newer caller says more must be nothing.
        if query.count > size, query[size...].contains(where: { $0 != 0 }) { throw .E2BIG }
        let copied = min(query.count, size)
        query.append(contentsOf: Bytes(repeating: 0, count: max(0, size &- query.count)))
        let flags = query.load64(at: 8), address = UInt(query.load64(at: 16))
        let nameRoom = Int(query.load64(at: 80) & 0xffff_ffff), buildIDRoom = Int(query.load64(at: 80) >> 32)
        let nameAddress = UInt(query.load64(at: 88)), buildIDAddress = UInt(query.load64(at: 96))
        guard flags & ~PROCMAP_QUERY_VALID == 0, (nameRoom != 0) == (nameAddress != 0), (buildIDRoom != 0) == (buildIDAddress != 0) else { throw .EINVAL }
        guard let vma = find(space, address, flags) else { throw .ENOENT }

        let has = vma.flags
        let backing = vma.backing
        let device = backing?.device ?? 0
        let shown: UInt64 = (has.contains(.read) ? 1 : 0) | (has.contains(.write) ? 2 : 0) | (has.contains(.exec) ? 4 : 0) | (has.contains(.mayShare) ? 8 : 0)
        for (index, value) in [UInt64(vma.start), UInt64(vma.end), shown, 4096, UInt64(backing?.offset ?? 0), UInt64(backing?.inode ?? 0)].enumerated() {
            query.store(littleEndian: value, at: 24 &+ index &* 8)
        }
        query.store(littleEndian: UInt32(truncatingIfNeeded: (device >> 8 & 0xfff) | (device >> 32 & ~0xfff)), at: 72)
        query.store(littleEndian: UInt32(truncatingIfNeeded: (device & 0xff) | (device >> 12 & 0xffff_ff00)), at: 76)
        var buildID: Bytes = []
        if buildIDRoom > 0 {
            if let file = vma.file { buildID = BuildID.find(file) }
            guard buildID.count <= buildIDRoom else { throw .ENAMETOOLONG }
            query.store(littleEndian: UInt32(buildID.count), at: 84)
        }
        var name: Bytes = []
        if nameRoom > 0 {
            let root = Task.current.fs.root
            name = space.label(of: vma) { ProcText.name($0, root: root) }
            if !name.isEmpty { name.append(0) }
            guard name.count <= min(nameRoom, PATH_MAX) else { throw .ENAMETOOLONG }
            query.store(littleEndian: UInt32(name.count), at: 80)
        }
        try UserMemory.copyOut(name.span, to: nameAddress)
        try UserMemory.copyOut(buildID.span, to: buildIDAddress)
        query.removeLast(query.count &- copied)
        try UserMemory.copyOut(query.span, to: argument)
        return 0
    }

    private static func find(_ space: AddressSpace, _ address: UInt, _ flags: UInt64) -> VMA? {
        let orNext = flags & PROCMAP_QUERY_COVERING_OR_NEXT_VMA != 0
        var needed: VMFlags = []
        if flags & 1 != 0 { needed.insert(.read) }
        if flags & 2 != 0 { needed.insert(.write) }
        if flags & 4 != 0 { needed.insert(.exec) }
        if flags & 8 != 0 { needed.insert(.mayShare) }
        var position = space.list.first(endingAfter: address)
        while let at = position {
            let vma = space.list[at]
            guard orNext || vma.start <= address else { return nil }
            if vma.flags.contains(needed), flags & PROCMAP_QUERY_FILE_BACKED_VMA == 0 || vma.backing != nil { return vma }
            guard orNext else { return nil }
            position = space.list.next(at)
        }
        return nil
    }
}

/// The number that the linker has given to a program or library: the note `NT_GNU_BUILD_ID` of an ELF file.
enum BuildID {
    /// - Returns: at most 20 bytes; none if there is no such note in the first page, where Linux looks for it.
    static func find(_ file: File) -> Bytes {
        guard file.inode.isRegular, let page = try? file.inode.readBytes(offset: 0, count: 4096), page.count >= 64, page.starts(with: [0x7f, 0x45, 0x4c, 0x46, 2]),
              number(page, 54, 2) == 56 else { return [] }
        let headers = number(page, 32, 8)
        for index in 0..<number(page, 56, 2) {
            let header = headers &+ index &* 56
            guard header >= 0, header <= page.count &- 56 else { return [] }
            // PT_NOTE
            guard number(page, header, 4) == 4 else { continue }
            var note = number(page, header &+ 8, 8)
            let end = min(page.count, note &+ min(4096, number(page, header &+ 32, 8)))
            while note >= 0, note &+ 12 <= end {
                let nameSize = number(page, note, 4), size = number(page, note &+ 4, 4)
                let name = note &+ 12, text = name &+ (nameSize &+ 3) & ~3
                if number(page, note &+ 8, 4) == 3, nameSize == 4, name &+ 4 <= end, Bytes(page[name..<(name &+ 4)]) == [0x47, 0x4e, 0x55, 0],
                   size > 0, size <= 20, text &+ size <= end { return Bytes(page[text..<(text &+ size)]) }
                note = text &+ (size &+ 3) & ~3
            }
        }
        return []
    }

    /// A little-endian number of the page; 0 beyond it. Eight bytes are taken as far as they are positive.
    private static func number(_ page: Bytes, _ offset: Int, _ count: Int) -> Int {
        guard offset >= 0, offset <= page.count &- count else { return 0 }
        var value = 0
        for index in 0..<count { value |= Int(page[offset &+ index]) << (index &* 8) }
        return max(0, min(value, 1 << 40))
    }
}
