import Foundation
import KernelBase
import LinuxABI
import Machine
import VFS
@testable import Memory

/// The host's page tables as a dictionary.
final class ModelHost: HostMemory {
    enum Source: Equatable {
        case anonymous(generation: Int)
        case arena(UInt)
        case host(Int32, UInt)
    }
    struct PageEntry: Equatable {
        var protection: UInt32
        var shared: Bool
        var source: Source
    }
    var pages: [UInt: PageEntry] = [:]
    var calls = 0
    var failNext: Errno?
    private var generation = 0

    private func fail() throws(Errno) {
        calls += 1
        if let failNext {
            self.failNext = nil
            throw failNext
        }
    }
    private func put(_ address: UInt, _ length: UInt, _ make: (UInt) -> PageEntry) {
        precondition(address & 4095 == 0 && length > 0 && length & 4095 == 0)
        for page in stride(from: address, to: address + length, by: 4096) { pages[page] = make(page - address) }
    }
    override func mapAnonymous(_ address: UInt, _ length: UInt, _ protection: UInt32, noReserve: Bool) throws(Errno) {
        try fail()
        generation += 1
        let mine = generation
        put(address, length) { _ in PageEntry(protection: protection, shared: false, source: .anonymous(generation: mine)) }
    }
    override func mapArena(_ address: UInt, _ length: UInt, _ protection: UInt32, shared: Bool, offset: UInt) throws(Errno) {
        try fail()
        put(address, length) { PageEntry(protection: protection, shared: shared, source: .arena(offset &+ $0)) }
    }
    override func mapDescriptor(_ address: UInt, _ length: UInt, _ protection: UInt32, shared: Bool, descriptor: Int32, offset: UInt) throws(Errno) {
        try fail()
        put(address, length) { PageEntry(protection: protection, shared: shared, source: .host(descriptor, offset + $0)) }
    }
    override func unmap(_ address: UInt, _ length: UInt) throws(Errno) {
        try fail()
        precondition(address & 4095 == 0 && length > 0)
        if length >> 12 > UInt(pages.count) {
            pages = pages.filter { $0.key < address || $0.key >= address + length }
        } else {
            for page in stride(from: address, to: address + length, by: 4096) { pages[page] = nil }
        }
    }
    override func protect(_ address: UInt, _ length: UInt, _ protection: UInt32) throws(Errno) {
        try fail()
        for page in stride(from: address, to: address + length, by: 4096) {
            precondition(pages[page] != nil, "protection of a page that is not mapped")
            pages[page]?.protection = protection
        }
    }
    override func remap(_ address: UInt, _ oldLength: UInt, _ newLength: UInt, to newAddress: UInt, keepOld: Bool) throws(Errno) {
        try fail()
        precondition(oldLength == newLength)
        // One host area only: the same kind and protection all over.
        guard let first = pages[address] else { throw .EFAULT }
        for offset in stride(from: 0, to: oldLength, by: 4096) {
            guard let entry = pages[address + offset], entry.protection == first.protection, entry.shared == first.shared else { throw .EFAULT }
            switch (first.source, entry.source) {
            case (.anonymous, .anonymous): break
            case (.arena(let a), .arena(let b)): if a + offset != b { throw .EFAULT }
            case (.host(let d, let a), .host(let e, let b)): if d != e || a + offset != b { throw .EFAULT }
            default: throw .EFAULT
            }
        }
        for offset in stride(from: 0, to: oldLength, by: 4096) {
            pages[newAddress + offset] = pages[address + offset]
            if !keepOld { pages[address + offset] = nil }
        }
    }
    override func advise(_ address: UInt, _ length: UInt, _ advice: Int32) throws(Errno) {
        try fail()
        for page in stride(from: address, to: address + length, by: 4096) { precondition(pages[page] != nil) }
    }
    override func residency(_ address: UInt, pages count: Int) throws(Errno) -> [UInt8] { [UInt8](repeating: 1, count: count) }
}

/// Where a test runs against the real host with no effect.
final class NullHost: HostMemory {
    override func mapAnonymous(_ address: UInt, _ length: UInt, _ protection: UInt32, noReserve: Bool) throws(Errno) {}
    override func mapArena(_ address: UInt, _ length: UInt, _ protection: UInt32, shared: Bool, offset: UInt) throws(Errno) {}
    override func mapDescriptor(_ address: UInt, _ length: UInt, _ protection: UInt32, shared: Bool, descriptor: Int32, offset: UInt) throws(Errno) {}
    override func unmap(_ address: UInt, _ length: UInt) throws(Errno) {}
    override func protect(_ address: UInt, _ length: UInt, _ protection: UInt32) throws(Errno) {}
    override func remap(_ address: UInt, _ oldLength: UInt, _ newLength: UInt, to newAddress: UInt, keepOld: Bool) throws(Errno) {}
    override func advise(_ address: UInt, _ length: UInt, _ advice: Int32) throws(Errno) {}
    override func residency(_ address: UInt, pages count: Int) throws(Errno) -> [UInt8] { [UInt8](repeating: 1, count: count) }
}

final class TestInode: Inode {
    init(size: Int, number: UInt64 = 7) {
        super.init(superblock: Superblock(device: 0xfe00), number: number, mode: 0o100644, uid: 0, gid: 0)
        self.size = size
    }
}

/// A file whose pages lie in the arena, in pieces of `piece` bytes.
final class TestFile: File {
    let base: UInt
    let piece: Int
    var isClosed = false
    init(_ inode: Inode, flags: UInt32, base: UInt = 0x10_0000_0000, piece: Int = 1 << 40) {
        self.base = base
        self.piece = piece
        super.init(inode: inode, path: nil, flags: flags)
        acquire()
    }
    override func closing() { isClosed = true }
    override func synchronize(dataOnly: Bool) throws(Errno) {}
    override func mapping(offset: Int, length: Int, shared: Bool, writable: Bool) throws(Errno) -> [MappedExtent] {
        let end = min(offset + length, (inode.size + 4095) & ~4095)
        var result: [MappedExtent] = []
        var at = offset
        while at < end {
            let next = min(end, (at / piece + 1) * piece)
            // Odd pieces are far away, so that neighbours are not contiguous.
            let place = base + UInt(at) + UInt(at / piece % 2) * 0x1_0000_0000
            result.append(MappedExtent(.arena(place), length: next - at, owner: inode))
            at = next
        }
        return result
    }
}

func withError(_ body: () throws(Errno) -> Void) -> Errno? {
    do throws(Errno) {
        try body()
        return nil
    } catch {
        return error
    }
}

/// A generator with a seed, so that a failure can be repeated.
struct Random: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
    mutating func below(_ n: Int) -> Int { Int(next() % UInt64(n)) }
    mutating func chance(_ percent: Int) -> Bool { below(100) < percent }
}
