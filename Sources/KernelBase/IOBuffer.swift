import LinuxABI
import Machine

/// A piece of guest memory that a call reads or writes.
public struct IOSegment {
    public var address: UInt
    public var count: UInt
    public init(address: UInt, count: UInt) {
        self.address = address
        self.count = count
    }
}

/// Where the bytes of a read go, or those of a write come from: guest memory in one or several pieces,
/// or memory of the kernel itself (for sendfile, exec, and the like).
///
/// A cursor: each transfer moves on. A transfer that faults after some bytes reports those; one that
/// faults at once throws `EFAULT`, as Linux does.
///
/// Transfers keep the kernel lock, unless the caller says `unlocked`: then those of many bytes drop it meanwhile.
public struct IOBuffer {
    private var address: UInt
    private var segmentLeft: Int
    private var rest: [IOSegment]
    private var next = 0
    /// Bytes still to be transferred.
    public private(set) var count: Int
    /// Set for transfers with kernel memory.
    public let kernel: KernelBuffer?

    /// One piece of guest memory. `count` is clipped to what Linux transfers at most.
    @inline(__always)
    public init(user address: UInt, count: UInt) {
        self.address = address
        self.count = count > 0x7fff_f000 ? 0x7fff_f000 : Int(count)
        segmentLeft = self.count
        rest = []
        kernel = nil
    }

    public init(segments: [IOSegment]) {
        rest = segments
        address = 0
        segmentLeft = 0
        kernel = nil
        var total = 0
        for segment in segments {
            total = min(0x7fff_f000, total &+ Int(min(segment.count, 0x7fff_f000)))
        }
        count = total
        advanceSegment()
    }

    /// For a read: the data are appended to the buffer, up to `count` bytes. For a write: they are taken
    /// from its bytes.
    public init(kernel buffer: KernelBuffer, count: Int) {
        kernel = buffer
        self.count = max(0, count)
        address = 0
        segmentLeft = self.count
        rest = []
    }

    private mutating func advanceSegment() {
        while segmentLeft == 0, next < rest.count {
            address = rest[next].address
            segmentLeft = Int(min(rest[next].count, 0x7fff_f000))
            next &+= 1
        }
        if segmentLeft > count { segmentLeft = count }
    }

    @inline(__always)
    private mutating func advance(_ done: Int) {
        address &+= UInt(done)
        segmentLeft &-= done
        count &-= done
        if segmentLeft == 0 && count > 0 { advanceSegment() }
    }

    /// Runs `move(user address, bytes, done so far)` for each piece until `limit` bytes are done or one moves less.
    @inline(__always)
    private mutating func transfer(_ limit: Int, _ move: (UInt, Int, Int) -> Int) throws(Errno) -> Int {
        let limit = min(limit, count)
        var done = 0
        while done < limit {
            let piece = min(segmentLeft, limit &- done)
            let moved = move(address, piece, done)
            advance(moved)
            done &+= moved
            if moved < piece {
                if done == 0 { throw .EFAULT }
                break
            }
        }
        return done
    }

    /// Below this a copy costs less than letting others in.
    private static var unlockedMinimum: Int { 32768 }

    // --- reads: towards the guest ---

    public mutating func write(_ bytes: Span<UInt8>) throws(Errno) -> Int {
        if let kernel {
            let n = min(count, bytes.count)
            kernel.append(bytes.extracting(0..<n))
            advance(n)
            return n
        }
        return try transfer(bytes.count) { UserMemory.copyOutPartly(bytes.extracting($2..<($2 &+ $1)), to: $0) }
    }

    public mutating func write(_ bytes: [UInt8]) throws(Errno) -> Int {
        if let kernel, bytes.count <= count {
            kernel.append(bytes)
            advance(bytes.count)
            return bytes.count
        }
        return try write(bytes.span)
    }

    public mutating func write(_ pages: PageRun, offset: Int, count wanted: Int, unlocked: Bool = false) throws(Errno) -> Int {
        if let kernel {
            let n = min(count, wanted)
            if !kernel.discards { kernel.append(pages.bytes(offset: offset, count: n)) }
            advance(n)
            return n
        }
        return try transfer(wanted) {
            pages.copyOut(offset: offset &+ $2, count: $1, to: $0, unlocked: unlocked && $1 >= IOBuffer.unlockedMinimum)
        }
    }

    public mutating func writeZeros(_ wanted: Int, unlocked: Bool = false) throws(Errno) -> Int {
        if let kernel {
            let n = min(count, wanted)
            kernel.appendZeros(n)
            advance(n)
            return n
        }
        return try transfer(wanted) { address, piece, _ in
            UserMemory.clearPartly(piece, at: address, unlocked: unlocked && piece >= IOBuffer.unlockedMinimum)
        }
    }

    /// From the memory shared with the monitor.
    public mutating func write(shared offset: Int, count wanted: Int) throws(Errno) -> Int {
        if let kernel {
            let n = min(count, wanted)
            kernel.append(SharedArea.bytes(offset, n))
            advance(n)
            return n
        }
        return try transfer(wanted) { SharedArea.copyOut(offset &+ $2, $1, to: $0) }
    }

    /// From a host file the monitor passed, by pread(2) straight into place. Drops the kernel lock.
    public mutating func write(hostDescriptor: Int32, offset: Int, count wanted: Int) throws(Errno) -> Int {
        if let kernel {
            let bytes = try Host.readBytes(descriptor: hostDescriptor, offset: offset, count: min(count, wanted))
            kernel.append(bytes)
            advance(bytes.count)
            return bytes.count
        }
        let limit = min(wanted, count)
        var done = 0
        while done < limit {
            let piece = min(segmentLeft, limit &- done)
            var moved = 0
            do throws(Errno) {
                moved = try Host.read(descriptor: hostDescriptor, offset: offset &+ done, count: piece, to: address)
            } catch {
                if done == 0 { throw error }
                break
            }
            advance(moved)
            done &+= moved
            if moved < piece { break }
        }
        return done
    }

    // --- writes: from the guest ---

    public mutating func read(into pages: PageRun, offset: Int, count wanted: Int, unlocked: Bool = false) throws(Errno) -> Int {
        if let kernel {
            let n = kernel.store(min(count, wanted), to: pages, at: offset)
            advance(n)
            return n
        }
        return try transfer(wanted) {
            pages.copyIn(offset: offset &+ $2, count: $1, from: $0, unlocked: unlocked && $1 >= IOBuffer.unlockedMinimum)
        }
    }

    /// As ``read(into:offset:count:unlocked:)``, into pages that nobody has touched (``PageRun/isFresh``). Keeps the kernel lock.
    public mutating func read(intoFresh pages: PageRun, offset: Int, count wanted: Int) throws(Errno) -> Int {
        if let kernel {
            let n = kernel.store(min(count, wanted), to: pages, at: offset, fresh: true)
            advance(n)
            return n
        }
        return try transfer(wanted) { pages.copyInFresh(offset: offset &+ $2, count: $1, from: $0) }
    }

    public mutating func read(_ wanted: Int) throws(Errno) -> [UInt8] {
        let limit = min(wanted, count)
        if let kernel {
            let bytes = kernel.take(limit)
            advance(bytes.count)
            return bytes
        }
        if limit <= segmentLeft {
            let bytes = try UserMemory.copyIn(limit, from: address)
            advance(limit)
            return bytes
        }
        var result: [UInt8] = []
        result.reserveCapacity(limit)
        while result.count < limit {
            let piece = min(segmentLeft, limit &- result.count)
            result.append(contentsOf: try UserMemory.copyIn(piece, from: address))
            advance(piece)
        }
        return result
    }

    public mutating func read(shared offset: Int, count wanted: Int) throws(Errno) -> Int {
        if let kernel {
            let bytes = kernel.take(min(count, wanted))
            SharedArea.store(bytes.span, offset)
            advance(bytes.count)
            return bytes.count
        }
        return try transfer(wanted) { SharedArea.copyIn(offset &+ $2, $1, from: $0) }
    }

    /// To a host file the monitor passed, by pwrite(2). Drops the kernel lock.
    public mutating func read(hostDescriptor: Int32, offset: Int, count wanted: Int) throws(Errno) -> Int {
        if let kernel {
            let bytes = kernel.take(min(count, wanted))
            let done = try Host.writeBytes(bytes, descriptor: hostDescriptor, offset: offset)
            advance(done)
            return done
        }
        let limit = min(wanted, count)
        var done = 0
        while done < limit {
            let piece = min(segmentLeft, limit &- done)
            var moved = 0
            do throws(Errno) {
                moved = try Host.write(descriptor: hostDescriptor, offset: offset &+ done, count: piece, from: address)
            } catch {
                if done == 0 { throw error }
                break
            }
            advance(moved)
            done &+= moved
            if moved < piece { break }
        }
        return done
    }

    /// Leaves off what is beyond the next `most` bytes.
    public mutating func limit(to most: Int) {
        count = min(count, max(0, most))
        segmentLeft = min(segmentLeft, count)
    }

    /// Passes over bytes without moving any (a write to /dev/null).
    public mutating func skip(_ wanted: Int) -> Int {
        var left = min(wanted, count)
        let total = left
        while left > 0 {
            let piece = min(segmentLeft, left)
            advance(piece)
            left &-= piece
        }
        return total
    }
}

/// Bytes of the kernel as source or target of a transfer.
public final class KernelBuffer {
    public private(set) var bytes: [UInt8]
    private var start = 0

    /// What is read into it is thrown away.
    let discards: Bool

    public init(_ bytes: [UInt8] = []) {
        self.bytes = bytes
        discards = false
    }

    /// For a read of which nobody wants the data.
    public init(discarding: Void) {
        bytes = []
        discards = true
    }

    /// Bytes not consumed yet.
    public var available: Int { bytes.count &- start }

    public func append(_ span: Span<UInt8>) { bytes.append(copying: span) }
    /// The first are taken as they are, without a copy.
    public func append(_ more: [UInt8]) {
        if bytes.isEmpty { bytes = more } else { bytes.append(contentsOf: more) }
    }
    public func appendZeros(_ count: Int) { append([UInt8](repeating: 0, count: max(0, count))) }

    func store(_ count: Int, to pages: PageRun, at offset: Int, fresh: Bool = false) -> Int {
        let n = min(max(0, count), available)
        let available = bytes
        let piece = available.span.extracting(start..<(start &+ n))
        let done = fresh ? pages.storeFresh(offset: offset, from: piece) : pages.store(offset: offset, from: piece)
        start &+= done
        return done
    }
    public func take(_ count: Int) -> [UInt8] {
        let n = min(max(0, count), available)
        let result = n == bytes.count ? bytes : [UInt8](bytes[start..<(start &+ n)])
        start &+= n
        return result
    }
    public func removeAll() {
        bytes = []
        start = 0
    }
}
