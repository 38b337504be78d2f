import KernelBase
import LinuxABI
import Machine
import MonitorProtocol

/// The kernel's end of one byte ring shared with the monitor; the rules are those of ``MonitorProtocol/Ring``.
///
/// Everything is done under the kernel lock. Numbers that the monitor stores are clipped to the ring.
public final class HostRing {
    public let index: Int
    private let header: Int
    private let data: Int
    public let capacity: Int
    /// Readers, writers and pollers of this ring.
    public let queue = WaitQueue()
    /// Open files that use the ring; when the last goes the ring is ended.
    private var users = 0
    /// A request for bytes is under way at the monitor.
    private var demanded = false
    /// Somebody polls this ring, so the monitor is to watch the host's descriptor all the time.
    private var watches = false
    /// What ``bell()`` saw last: a change wakes.
    private var seenCount: UInt32 = 0
    private var seenFlags: UInt32 = 0

    public init(index: Int) {
        self.index = index
        header = Ring.header(index)
        data = Ring.data(index)
        capacity = Ring.capacity(index)
    }

    @inline(__always)
    private func load(_ field: Int) -> UInt32 { SharedArea.load32(header &+ field) }
    @inline(__always)
    private func store(_ value: UInt32, _ field: Int) { SharedArea.store32(value, header &+ field) }

    /// Tells the monitor of a change.
    private func ring() {
        SharedArea.add32(1, header &+ RingHeader.monitorBell)
        if load(RingHeader.monitorWaiting) != 0 { SharedArea.wakeWaiters(header &+ RingHeader.monitorBell, 1) }
    }

    /// Bytes in the ring.
    public var available: Int {
        min(Int(load(RingHeader.producer) &- load(RingHeader.consumer)), capacity)
    }
    /// Bytes there is room for.
    public var space: Int { capacity &- available }
    /// Input: no more bytes will come.
    public var isClosed: Bool { load(RingHeader.closed) != 0 }
    /// Output: nobody reads.
    public var isBroken: Bool { load(RingHeader.broken) != 0 }
    /// The errno that ended the ring, or 0.
    public var error: Int32 {
        let value = load(RingHeader.error)
        return value < 4096 ? Int32(value) : 5
    }
    /// Input: the host's descriptor had something to read when last looked at.
    private var isReadable: Bool { load(RingHeader.readable) != 0 }

    // --- input ---

    /// Moves what is in the ring to `buffer`.
    /// - Returns: bytes moved; 0 if the ring is empty.
    public func take(_ buffer: inout IOBuffer) throws(Errno) -> Int {
        var consumer = load(RingHeader.consumer)
        let limit = min(available, buffer.count)
        var done = 0
        while done < limit {
            let start = Int(consumer) & (capacity &- 1)
            let piece = min(limit &- done, capacity &- start)
            var moved = 0
            do throws(Errno) {
                moved = try buffer.write(shared: data &+ start, count: piece)
            } catch {
                if done == 0 { throw error }
                break
            }
            consumer &+= UInt32(truncatingIfNeeded: moved)
            done &+= moved
            if moved < piece { break }
        }
        finishTake(consumer, done)
        return done
    }

    /// Takes up to `count` bytes for the kernel itself.
    public func take(count: Int) -> Bytes {
        var consumer = load(RingHeader.consumer)
        let limit = min(available, count)
        var bytes: Bytes = []
        while bytes.count < limit {
            let start = Int(consumer) & (capacity &- 1)
            let piece = min(limit &- bytes.count, capacity &- start)
            bytes.append(contentsOf: SharedArea.bytes(data &+ start, piece))
            consumer &+= UInt32(truncatingIfNeeded: piece)
        }
        finishTake(consumer, limit)
        return bytes
    }

    private func finishTake(_ consumer: UInt32, _ count: Int) {
        guard count > 0 else { return }
        store(consumer, RingHeader.consumer)
        if watches, load(RingHeader.producer) == consumer { store(1, RingHeader.pollWanted) }
        ring()
    }

    /// Asks the monitor for up to `count` bytes unless a request is under way.
    private func demand(_ count: Int) {
        guard !demanded else { return }
        demanded = true
        store(UInt32(truncatingIfNeeded: min(max(count, 1), capacity)), RingHeader.wanted)
        ring()
    }

    private func withdrawDemand() {
        guard demanded else { return }
        demanded = false
        store(0, RingHeader.wanted)
        ring()
        // Other readers that relied on it have to ask themselves.
        queue.wake()
    }

    /// Has the monitor say when the host's descriptor becomes readable.
    public func watch() {
        watches = true
        guard load(RingHeader.pollWanted) == 0, !isReadable, !isClosed else { return }
        store(1, RingHeader.pollWanted)
        ring()
    }

    /// Whether a read would not sleep now. Asks the monitor for word if not.
    public func pollInput() -> Bool {
        if available > 0 || isReadable || isClosed { return true }
        watch()
        return isReadable
    }

    /// Sleeps until there are bytes in the ring or it has ended.
    /// - Parameter count: bytes the caller is going to take: no more are fetched from the host, where other programs may want them.
    public func waitForInput(count: Int) throws(Errno) {
        do throws(Errno) {
            _ = try queue.wait { () throws(Errno) in self.hasInput(orDemand: count) }
        } catch {
            withdrawDemand()
            throw error
        }
    }

    /// Fetches what the host has right now: sleeps only as long as the monitor needs to look.
    /// - Returns: false if there is nothing to read.
    public func fetchInput(count: Int) throws(Errno) -> Bool {
        if available > 0 || isClosed { return true }
        if !isReadable {
            // While the monitor watches without having spoken there is nothing.
            if load(RingHeader.pollWanted) != 0, watches { return false }
            watch()
            _ = try? queue.wait(deadline: Clock.deadline(after: 2_000_000), .nothing) { () throws(Errno) in
                self.isReadable || self.available > 0 || self.isClosed
            }
            if available > 0 || isClosed { return true }
            guard isReadable else { return false }
        }
        // Readable: the answer comes at once, unless another program on the host takes the bytes first.
        do throws(Errno) {
            let found = try queue.wait(deadline: Clock.deadline(after: 50_000_000), .death) { () throws(Errno) in
                self.hasInput(orDemand: count)
            }
            if !found { withdrawDemand() }
            return found
        } catch {
            withdrawDemand()
            throw error
        }
    }

    private func hasInput(orDemand count: Int) -> Bool {
        if available > 0 || isClosed {
            demanded = false
            return true
        }
        demand(count)
        return false
    }

    // --- output ---

    /// Moves up to `limit` bytes of `buffer` into the ring, as far as there is room.
    public func put(_ buffer: inout IOBuffer, limit: Int) throws(Errno) -> Int {
        var producer = load(RingHeader.producer)
        let limit = min(space, buffer.count, limit)
        var done = 0
        while done < limit {
            let start = Int(producer) & (capacity &- 1)
            let piece = min(limit &- done, capacity &- start)
            var moved = 0
            do throws(Errno) {
                moved = try buffer.read(shared: data &+ start, count: piece)
            } catch {
                if done == 0 { throw error }
                break
            }
            producer &+= UInt32(truncatingIfNeeded: moved)
            done &+= moved
            if moved < piece { break }
        }
        if done > 0 {
            store(producer, RingHeader.producer)
            ring()
        }
        return done
    }

    /// Puts bytes of the kernel into the ring, as far as there is room.
    /// - Returns: how many.
    public func put(_ bytes: Span<UInt8>) -> Int {
        var producer = load(RingHeader.producer)
        let limit = min(space, bytes.count)
        var done = 0
        while done < limit {
            let start = Int(producer) & (capacity &- 1)
            let piece = min(limit &- done, capacity &- start)
            SharedArea.store(bytes.extracting(done..<(done &+ piece)), data &+ start)
            producer &+= UInt32(truncatingIfNeeded: piece)
            done &+= piece
        }
        if done > 0 {
            store(producer, RingHeader.producer)
            ring()
        }
        return done
    }

    /// Whether `count` bytes fit, or nobody reads. If not, the monitor will tell when some have been taken.
    public func hasSpace(_ count: Int) -> Bool {
        if space >= count || isBroken { return true }
        store(1, RingHeader.kernelWaiting)
        return space >= count || isBroken
    }

    public func waitForSpace(_ count: Int) throws(Errno) {
        _ = try queue.wait { () throws(Errno) in self.hasSpace(count) }
    }

    // --- both ---

    public func acquire() { users &+= 1 }

    /// The last user ends the ring: end of file for the reader on the host, or no reader for its writer.
    public func release(input: Bool) {
        users &-= 1
        guard users == 0 else { return }
        store(1, input ? RingHeader.broken : RingHeader.closed)
        ring()
    }

    /// The monitor rang: wakes whoever waits for what has changed.
    public func bell(input: Bool) {
        let count = load(input ? RingHeader.producer : RingHeader.consumer)
        let flags = input
            ? load(RingHeader.closed) | (load(RingHeader.readable) & 1) << 1
            : load(RingHeader.broken)
        guard count != seenCount || flags != seenFlags else { return }
        seenCount = count
        seenFlags = flags
        if input {
            queue.wakeAll(POLLIN | POLLRDNORM | (isClosed ? POLLHUP | POLLRDHUP : 0))
        } else if isBroken || space >= 4096 {
            queue.wakeAll(POLLOUT | POLLWRNORM | (isBroken ? POLLERR : 0))
        } else {
            // Not enough for anybody yet: hear of the next bytes, too.
            store(1, RingHeader.kernelWaiting)
        }
    }
}
