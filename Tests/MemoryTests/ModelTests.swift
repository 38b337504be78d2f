import KernelBase
import LinuxABI
import Machine
import Testing
import VFS
@testable import Memory

/// Random operations, after which the list must be in order, its sums right, and the host's pages what it says.
@Suite(.serialized)
struct ModelTests {
    static let window: UInt = 0x2000_0000_0000
    static let pages = 256

    static func check(_ space: AddressSpace, _ host: ModelHost) -> String? {
        var previous: VMA?
        var problem: String?
        var total = 0, locked = 0, data = 0, count = 0, seen = 0
        space.list.forEach { vma in
            if vma.start >= vma.end || !Page.isAligned(vma.start) || !Page.isAligned(vma.end) { problem = "bad borders" }
            if let previous {
                if previous.end > vma.start { problem = "overlap" }
                if previous.end == vma.start, previous.canMerge(with: vma) { problem = "not merged at \(String(vma.start, radix: 16))" }
            }
            if vma.populatedEnd < vma.start || vma.populatedEnd > vma.end { problem = "bad populated end" }
            previous = vma
            total += vma.pages
            count += 1
            if vma.flags.has(.locked) { locked += vma.pages }
            if vma.flags.isData { data += vma.pages }
            if vma.object == nil, vma.populatedEnd != vma.end { problem = "anonymous memory that is not there" }
            for page in stride(from: vma.start, to: vma.populatedEnd, by: 4096) {
                seen += 1
                guard let entry = host.pages[page] else { problem = "page \(String(page, radix: 16)) is not mapped"; continue }
                if entry.protection != vma.flags.protection { problem = "protection of \(String(page, radix: 16))" }
                if entry.shared != vma.flags.has(.mayShare) { problem = "sharing of \(String(page, radix: 16))" }
                switch (vma.object, entry.source) {
                case (nil, .anonymous): break
                case (let mapping as FileMapping, .arena(let offset)):
                    let file = mapping.file as! TestFile
                    let at = Int(vma.offset(of: page))
                    if offset != file.base + UInt(at) + UInt(at / file.piece % 2) * 0x1_0000_0000 { problem = "wrong page of the file" }
                case (is SharedMemory, .arena): break
                default: problem = "wrong kind of page at \(String(page, radix: 16))"
                }
            }
        }
        if seen != host.pages.count { problem = problem ?? "the host has \(host.pages.count) pages, the list \(seen)" }
        if total != space.list.totalPages || locked != space.list.lockedPages || data != space.list.dataPages || count != space.list.count {
            problem = problem ?? "wrong sums"
        }
        return problem
    }

    @Test(arguments: 1...8)
    func randomOperations(seed: Int) {
        var random = Random(state: UInt64(seed))
        let host = ModelHost()
        let manager = MemoryManager(host: host)
        memoryRoot.set(manager)
        let space = AddressSpace(manager: manager)
        let inode = TestInode(size: 40 << 12)
        let files = [TestFile(inode, flags: 2), TestFile(inode, flags: 2, piece: 3 << 12), TestFile(inode, flags: 0)]
        func address() -> UInt { Self.window + UInt(random.below(Self.pages)) << 12 }
        func length() -> UInt { UInt(1 + random.below(24)) << 12 }
        var trace: [String] = []
        for step in 0..<4000 {
            let a = address(), n = length()
            let b = address(), m = length()
            switch random.below(12) {
            case 0...3:
                let shared = random.chance(30)
                var request = MapRequest(address: random.chance(70) ? a : 0, length: n, protection: UInt32(random.below(8)),
                                         flags: (shared ? MAP_SHARED : MAP_PRIVATE))
                if request.address != 0 { request.flags |= MAP_FIXED }
                if random.chance(40) {
                    request.file = files[random.below(3)]
                    request.pageOffset = UInt(random.below(45))
                } else {
                    request.flags |= MAP_ANONYMOUS
                    if random.chance(20) { request.flags |= MAP_NORESERVE }
                }
                trace.append("mmap \(request.flags)")
                _ = withError { () throws(Errno) in _ = try space.map(request) }
            case 4, 5:
                trace.append("munmap")
                _ = withError { () throws(Errno) in try space.unmap(a, n) }
            case 6, 7:
                trace.append("mprotect")
                _ = withError { () throws(Errno) in try space.protect(a, n, UInt32(random.below(8))) }
            case 8:
                let flags: UInt32 = [0, 1, 1, 3, 3, 5][random.below(6)]
                trace.append("mremap \(flags) \(String(a, radix: 16)) \(n) \(m) \(String(b, radix: 16))")
                _ = withError { () throws(Errno) in _ = try space.remap(a, random.chance(10) ? 0 : n, random.chance(40) ? n : m, flags: flags, newAddress: b) }
            case 9:
                trace.append("madvise")
                let advice = [MADV_DONTFORK, MADV_DOFORK, MADV_RANDOM, MADV_NORMAL, MADV_DONTDUMP, MADV_DODUMP, MADV_DONTNEED, MADV_FREE, MADV_WIPEONFORK][random.below(9)]
                _ = withError { () throws(Errno) in try space.advise(a, n, advice) }
            case 10:
                trace.append("mlock")
                _ = withError { () throws(Errno) in
                    if random.chance(50) { try space.lockPages(a, n, onFault: random.chance(50), privileged: true) } else { try space.unlockPages(a, n) }
                }
            default:
                if random.chance(50) {
                    let size = random.below(50) << 12
                    trace.append("truncate \(size)")
                    let old = inode.size
                    inode.size = size
                    if size < old { inode.mappings?.invalidate(from: size, to: .max) }
                    space.performPendingWork()
                } else {
                    trace.append("fault")
                    let resolution = space.resolveFault(a, write: false, execute: false)
                    if let vma = space.area(at: a) {
                        let inFile = vma.file.map { Int(vma.offset(of: a)) < $0.inode.size } ?? true
                        if !vma.flags.has(.access) { #expect(resolution == .signal(SIGSEGV, code: 2)) }
                        else if a < vma.populatedEnd { #expect(resolution == .retry) }
                        else { #expect(resolution == .signal(SIGBUS, code: 2)); #expect(!inFile || vma.object is SharedMemory) }
                    } else {
                        #expect(resolution == .signal(SIGSEGV, code: 1))
                    }
                }
            }
            if let problem = Self.check(space, host) {
                Issue.record("seed \(seed) step \(step): \(problem) after \(trace.suffix(3))")
                return
            }
        }
        // Everything is given back.
        space.release()
        #expect(inode.mappings == nil)
        for file in files {
            #expect(!file.isClosed)
            file.release()
            #expect(file.isClosed)
        }
    }

    /// A copy for fork is independent of the original.
    @Test func forkedListsAreIndependent() throws {
        let host = ModelHost()
        let manager = MemoryManager(host: host)
        memoryRoot.set(manager)
        let space = AddressSpace(manager: manager)
        let inode = TestInode(size: 40 << 12)
        let file = TestFile(inode, flags: 2)
        for index in 0..<1000 {
            _ = try space.map(MapRequest(address: Self.window + UInt(index) << 13, length: 4096, protection: 3, flags: MAP_PRIVATE | MAP_FIXED | MAP_ANONYMOUS))
        }
        _ = try space.map(MapRequest(address: 0, length: 8192, protection: 1, flags: MAP_PRIVATE, file: file))
        try space.advise(Self.window, 4096, MADV_DONTFORK)
        try space.advise(Self.window + 8192, 4096, MADV_WIPEONFORK)
        try space.lockPages(Self.window + 4 << 12, 4096, onFault: false, privileged: true)
        let before = space.mapsText { _ in Bytes("f") }
        let child = try space.forked()
        #expect(child.list.count == 1000)
        #expect(child.list.lockedPages == 0)
        #expect(child.area(at: Self.window) == nil)
        #expect(file.users == 2)
        for index in 0..<1000 { _ = try? child.protect(Self.window + UInt(index) << 13, 4096, 1) }
        child.clear()
        child.release()
        #expect(space.mapsText { _ in Bytes("f") } == before)
        #expect(file.users == 2)
        space.release()
        #expect(file.users == 1)
    }

    /// Placement, many areas, the limit of areas.
    @Test func placement() throws {
        let manager = MemoryManager(host: NullHost())
        memoryRoot.set(manager)
        let space = AddressSpace(manager: manager)
        func anonymous(_ length: UInt, _ protection: UInt32 = 3) -> UInt? {
            try? space.map(MapRequest(address: 0, length: length, protection: protection, flags: MAP_PRIVATE | MAP_ANONYMOUS))
        }
        let top = space.mappingBase
        #expect(anonymous(4096) == top - 4096)
        #expect(anonymous(8192) == top - 3 * 4096)
        #expect(space.list.count == 1)
        try space.unmap(top - 4096, 4096)
        #expect(anonymous(4096) == top - 4096)
        let file = TestFile(TestInode(size: 1 << 20), flags: 0)
        let text = try space.map(MapRequest(address: 0, length: 1 << 16, protection: 5, flags: MAP_PRIVATE, file: file))
        #expect(text == top - 3 * 4096 - 1 << 16)
        // The addresses below stay free.
        #expect(anonymous(4096) == text - MemoryLayoutLimits.textGap - 4096)
        try space.unmap(text, 1 << 16)
        #expect(anonymous(4096) == text + 0xf000)
        // Alternating protections do not merge: up to the limit.
        var failure = false
        for index in 0..<66_000 where anonymous(4096, index & 1 == 0 ? 1 : 3) == nil { failure = true }
        #expect(failure)
        #expect(space.list.count == MemoryLayoutLimits.mapCount + 1)
        #expect(anonymous(1 << 47) == nil)
        space.clear()
        // What does not fit below the stack's part of the space.
        #expect(anonymous(0x7000_0000_0000 - 0x20_0000) != nil)
        let upper = anonymous(0x0fd0_0000_0000)
        #expect(upper != nil && upper! >= Host.kernelEnd)
        #expect(anonymous(0x0fd0_0000_0000) == nil)
        space.clear()
        #expect(try space.map(MapRequest(address: 0, length: 4096, protection: 3, flags: MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT)) == 0x4000_0000)
        // The kernel's range.
        for start: UInt in [Host.kernelStart, Host.kernelEnd - 4096, Host.kernelStart - 4096] {
            #expect(withError { () throws(Errno) in
                _ = try space.map(MapRequest(address: start, length: 8192, protection: 3, flags: MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED)) } == .ENOMEM)
        }
        #expect(withError { () throws(Errno) in try space.unmap(Host.kernelStart, Host.kernelEnd - Host.kernelStart) } == nil)
    }

    @Test func stackGrowsAndStops() throws {
        let host = ModelHost()
        let manager = MemoryManager(host: host)
        memoryRoot.set(manager)
        let space = AddressSpace(manager: manager)
        let top = Host.userEnd
        try space.mapStack(top: top)
        #expect(space.resolveFault(top - 1 << 20, write: true, execute: false) == .retry)
        #expect(space.area(at: top - 1 << 20) != nil)
        #expect(space.resolveFault(top - 8 << 20, write: true, execute: false) == .retry)
        #expect(space.resolveFault(top - 8 << 20 - 1, write: true, execute: false) == .signal(SIGSEGV, code: 1))
        #expect(space.list.count == 1)
        #expect(space.list.stackPages == 2048)
        #expect(ModelTests.check(space, host) == nil)
    }

    @Test func breakGrowsAndShrinks() throws {
        let host = ModelHost()
        let manager = MemoryManager(host: host)
        memoryRoot.set(manager)
        let space = AddressSpace(manager: manager)
        space.setBreak(0x60_0000 as UInt)
        #expect(space.changeBreak(to: 0) == 0x60_0000)
        #expect(space.changeBreak(to: 0x60_0010) == 0x60_0010)
        #expect(space.changeBreak(to: 0x62_1000) == 0x62_1000)
        #expect(String(decoding: space.mapsText { _ in [] }, as: UTF8.self)
            == "00600000-00621000 rw-p 00000000 00:00 0                                  [heap]\n")
        #expect(space.changeBreak(to: 0x60_0000) == 0x60_0000)
        #expect(space.list.count == 0)
        #expect(host.pages.isEmpty)
        _ = try space.map(MapRequest(address: 0x64_0000, length: 4096, protection: 3, flags: MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED))
        #expect(space.changeBreak(to: 0x63_f000) == 0x63_f000)
        // A page stays free between the heap and what follows.
        #expect(space.changeBreak(to: 0x64_0000) == 0x63_f000)
        #expect(space.changeBreak(to: 0x62_0001) == 0x62_0001)
    }
}
