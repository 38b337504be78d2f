import CMachine
import LinuxABI

/// A run of 2^order pages of file data in the arena, where every process of the sandbox can reach and
/// map it. The pages are given back when the last reference goes.
///
/// Offsets and counts are clipped to the run: a wrong one copies less, it never reaches other memory.
/// Concurrency: allocation and release under the kernel lock; copies by anyone who holds a reference.
public final class PageRun {
    public static var pageSize: Int { 4096 }

    private let address: UInt
    public let order: UInt32
    /// The host had no memory for it when it was allocated: data of a page or more come cheaper by the host's own copy
    /// (``copyInFresh(offset:count:from:)``), which neither clears the pages before nor maps them one by one.
    public let isFresh: Bool

    public var byteCount: Int { 4096 << Int(order) }
    /// Where the run begins in the arena's file, for mapping it into guests (``Host/mapArena``).
    public var arenaOffset: UInt { address &- UInt(ML_ARENA) }

    private init(address: UInt, order: UInt32) {
        self.address = address
        self.order = order
        isFresh = ml_pages_fresh()
    }

    /// Pages that read as zero, or nil when the sandbox's memory is used up.
    public static func allocate(order: UInt32, zeroed: Bool = true) -> PageRun? {
        var address = ml_pages_allocate(order, zeroed)
        if address == 0 { address = allocateReclaiming(order, zeroed) }
        return address == 0 ? nil : PageRun(address: UInt(address), order: order)
    }

    /// Once more, when those who keep pages only to be faster have given up some.
    @inline(never)
    private static func allocateReclaiming(_ order: UInt32, _ zeroed: Bool) -> UInt64 {
        guard order < 24, pageReclaimerRoot.isSet, pageReclaimerRoot.object.reclaim(pages: 1 << Int(order)) else { return 0 }
        return ml_pages_allocate(order, zeroed)
    }

    /// The smallest run of at least `bytes` bytes.
    public static func allocate(bytes: Int, zeroed: Bool = true) -> PageRun? {
        guard bytes >= 0, bytes <= 1 << 34 else { return nil }
        var order: UInt32 = 0
        while (4096 << Int(order)) < bytes { order += 1 }
        return allocate(order: order, zeroed: zeroed)
    }

    deinit { ml_pages_free(UInt64(address), order) }

    /// Pages in use by all runs, and the limit of the sandbox.
    public static var pagesUsed: Int { Int(ml_pages_used()) }
    public static var pageLimit: Int { Int(clamping: ml_pages_limit()) }
    public static func setLimit(pages: Int) { ml_pages_set_limit(UInt64(max(0, pages))) }

    @inline(__always)
    private func clip(_ offset: Int, _ count: Int) -> Int {
        guard offset >= 0, offset < byteCount, count > 0 else { return 0 }
        return min(count, byteCount &- offset)
    }

    /// Copies to the guest; returns how many bytes arrived before a fault.
    /// - Parameter unlocked: the kernel lock is free meanwhile. The caller holds a reference of its own then.
    @inline(__always)
    public func copyOut(offset: Int, count: Int, to user: UInt, unlocked: Bool = false) -> Int {
        let count = clip(offset, count)
        guard count > 0, ml_user_range(UInt64(user), UInt64(count)) else { return 0 }
        let target = unsafe UnsafeMutableRawPointer(bitPattern: user)
        let source = unsafe UnsafeRawPointer(bitPattern: address &+ UInt(offset))
        return count - Int(unsafe unlocked ? ml_copy_user_unlocked(target, source, UInt64(count)) : ml_copy_user(target, source, UInt64(count)))
    }

    /// Copies from the guest; returns how many bytes arrived before a fault.
    /// - Parameter unlocked: as for ``copyOut(offset:count:to:unlocked:)``.
    @inline(__always)
    public func copyIn(offset: Int, count: Int, from user: UInt, unlocked: Bool = false) -> Int {
        let count = clip(offset, count)
        guard count > 0, ml_user_range(UInt64(user), UInt64(count)) else { return 0 }
        let target = unsafe UnsafeMutableRawPointer(bitPattern: address &+ UInt(offset))
        let source = unsafe UnsafeRawPointer(bitPattern: user)
        return count - Int(unsafe unlocked ? ml_copy_user_unlocked(target, source, UInt64(count)) : ml_copy_user(target, source, UInt64(count)))
    }

    /// As ``copyIn(offset:count:from:unlocked:)``, into pages that nobody has touched. Keeps the kernel lock.
    public func copyInFresh(offset: Int, count: Int, from user: UInt) -> Int {
        let count = clip(offset, count)
        guard count > 0, ml_user_range(UInt64(user), UInt64(count)) else { return 0 }
        let done = writeArena(offset, Int64(Int(bitPattern: user)), count)
        // What is not there for the host, like a stack that is to grow, or not at all, faults in the ordinary way.
        return done == count ? done : done &+ copyIn(offset: offset &+ done, count: count &- done, from: user &+ UInt(done))
    }

    /// As ``store(offset:from:)``, into pages that nobody has touched. Keeps the kernel lock.
    public func storeFresh(offset: Int, from bytes: Span<UInt8>) -> Int {
        let count = clip(offset, bytes.count)
        guard count > 0 else { return 0 }
        let done = unsafe bytes.withUnsafeBufferPointer { writeArena(offset, Int64(Int(bitPattern: unsafe $0.baseAddress)), count) }
        return done == count ? done : done &+ store(offset: offset &+ done, from: bytes.extracting(done..<count))
    }

    /// pwrite(2) to the arena's file.
    private func writeArena(_ offset: Int, _ source: Int64, _ count: Int) -> Int {
        let done = ml_gate(18, Int64(ML_ARENA_FD), source, Int64(count), Int64(Int(arenaOffset) &+ offset), 0, 0)
        return max(0, min(count, Int(done)))
    }

    public func load(offset: Int, into bytes: inout MutableSpan<UInt8>) -> Int {
        let count = clip(offset, bytes.count)
        guard count > 0 else { return 0 }
        unsafe bytes.withUnsafeMutableBufferPointer { buffer in
            unsafe ml_copy(buffer.baseAddress, UnsafeRawPointer(bitPattern: address &+ UInt(offset)), UInt64(count))
        }
        return count
    }

    public func store(offset: Int, from bytes: Span<UInt8>) -> Int {
        let count = clip(offset, bytes.count)
        guard count > 0 else { return 0 }
        unsafe bytes.withUnsafeBufferPointer { buffer in
            unsafe ml_copy(UnsafeMutableRawPointer(bitPattern: address &+ UInt(offset)), buffer.baseAddress, UInt64(count))
        }
        return count
    }

    public func bytes(offset: Int, count: Int) -> [UInt8] {
        let count = clip(offset, count)
        guard count > 0 else { return [] }
        return unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            unsafe ml_copy(buffer.baseAddress, UnsafeRawPointer(bitPattern: address &+ UInt(offset)), UInt64(count))
            initialized = count
        }
    }

    /// The bytes of several ranges, one after the other.
    public func bytes(ranges: [(offset: Int, count: Int)]) -> [UInt8] {
        var total = 0
        for range in ranges { total &+= clip(range.offset, range.count) }
        return unsafe [UInt8](unsafeUninitializedCapacity: total) { buffer, initialized in
            initialized = 0
            for range in ranges {
                let count = clip(range.offset, range.count)
                guard count > 0, let base = unsafe buffer.baseAddress else { continue }
                unsafe ml_copy(base + initialized, UnsafeRawPointer(bitPattern: address &+ UInt(range.offset)), UInt64(count))
                initialized &+= count
            }
        }
    }

    public func clear(offset: Int, count: Int) {
        let count = clip(offset, count)
        if count > 0 { unsafe ml_zero(UnsafeMutableRawPointer(bitPattern: address &+ UInt(offset)), UInt64(count)) }
    }

    /// Copies between two runs (or within one, if the ranges do not overlap); returns the count.
    public func copy(offset: Int, count: Int, from other: PageRun, at otherOffset: Int) -> Int {
        let count = min(clip(offset, count), other.clip(otherOffset, count))
        guard count > 0 else { return 0 }
        unsafe ml_copy(UnsafeMutableRawPointer(bitPattern: address &+ UInt(offset)),
                       UnsafeRawPointer(bitPattern: other.address &+ UInt(otherOffset)), UInt64(count))
        return count
    }

    /// Data of a host file, read by the gate. Drops the kernel lock meanwhile.
    /// - Returns: bytes read, 0 at end of file.
    public func readHost(descriptor: Int32, fileOffset: Int, offset: Int, count: Int) throws(Errno) -> Int {
        let count = clip(offset, count)
        guard count > 0 else { return 0 }
        return try Host.readInto(address &+ UInt(offset), count, descriptor, fileOffset)
    }

    public func writeHost(descriptor: Int32, fileOffset: Int, offset: Int, count: Int) throws(Errno) -> Int {
        let count = clip(offset, count)
        guard count > 0 else { return 0 }
        return try Host.writeFrom(address &+ UInt(offset), count, descriptor, fileOffset)
    }
}

/// Gives pages back when those of the sandbox are used up. Set at boot by the module that keeps pages only to be faster.
open class PageReclaimer {
    public init() {}
    /// Lets go of so many pages, or more. Must not allocate pages; the caller may be in the middle of anything, but does not hold a run
    /// that only a cache refers to.
    /// - Returns: whether that many are free now.
    open func reclaim(pages: Int) -> Bool { false }
}

public let pageReclaimerRoot = Root<PageReclaimer>(RootIndex.pageReclaimer)
