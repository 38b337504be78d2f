import KernelBase
import LinuxABI
import Machine
import VFS

/// A pipe, pipe(7): a ring of slots of one page each.
///
/// As in Linux a write appends to the last slot if all that is beyond whole pages fits there, and takes
/// new slots otherwise; so a write of up to PIPE_BUF bytes is never split, and how much fits depends on
/// how it was written. The memory is one run of pages that lives from the first write to the last close.
/// An empty pipe starts again at slot 0, which keeps its memory warm.
///
/// Everything under the kernel lock, except that copies of many bytes drop it: one reader and one writer copy at the same time, in slots
/// that the other leaves alone, and all others wait for them (`isReading`, `isWriting`).
public final class Pipe {
    private struct Slot {
        var start: UInt16 = 0
        var length: UInt16 = 0
        /// Written in packet mode: one read takes one slot, and drops what does not fit.
        var isPacket = false
        /// Later writes may append to it.
        var canMerge = false
    }

    static var pageSize: Int { 4096 }
    /// Spins before a reader or writer sleeps: most hand-overs come within a few microseconds.
    static var spin: UInt32 { 100 }

    private var slots: [Slot]
    private var pages: PageRun?
    /// Free-running numbers of the first slot in use and the next one to use.
    private var tail = 0
    private var head = 0
    /// Somebody copies out of, or into, slots without the kernel lock.
    private var isReading = false, isWriting = false
    private let copyQueue = WaitQueue()
    var readers = 0
    var writers = 0
    /// How many readers and writers there have ever been: what an opening of a FIFO waits for.
    var readerCount: UInt = 0
    var writerCount: UInt = 0
    /// Open files; a FIFO keeps its pipe until the last is closed.
    var files = 0
    /// Somebody polls: then each write tells, for the sake of edge-triggered epoll.
    private var isPolled = false
    /// Readers and writers with O_ASYNC.
    var asyncReaders = AsyncList(), asyncWriters = AsyncList()
    public let readQueue = WaitQueue()
    public let writeQueue = WaitQueue()

    public init() { slots = [Slot](repeating: Slot(), count: 16) }

    @inline(__always) private var mask: Int { slots.count &- 1 }
    @inline(__always) public var isEmpty: Bool { head == tail }
    @inline(__always) public var isFull: Bool { head &- tail >= slots.count }
    @inline(__always) private func offset(_ index: Int) -> Int { (index & mask) &* Pipe.pageSize }

    /// Unread bytes (FIONREAD).
    public var available: Int {
        var sum = 0
        var index = tail
        while index != head {
            sum &+= Int(slots[index & mask].length)
            index &+= 1
        }
        return sum
    }

    // --- turns at copying ---

    /// Waits until no reader copies out of the pipe. May sleep, for as long as a copy takes.
    @inline(__always)
    public func awaitReader() { if isReading { awaitCopies(reads: true, writes: false) } }
    @inline(__always)
    private func awaitWriter() { if isWriting { awaitCopies(reads: false, writes: true) } }

    @inline(never)
    private func awaitCopies(reads: Bool, writes: Bool) {
        // Not interruptible, so it does not throw.
        _ = try? copyQueue.wait(.nothing) { () throws(Errno) in !(reads && isReading || writes && isWriting) }
    }

    // --- reading ---

    /// - Throws: `EAGAIN`, `ERESTARTSYS`, `EFAULT`.
    func read(_ buffer: inout IOBuffer, nonBlocking: Bool) throws(Errno) -> Int {
        guard buffer.count > 0 else { return 0 }
        var done = 0
        var wakeWriter = false, hasSlept = false
        var failure: Errno?
        awaitReader()
        while true {
            while head != tail, buffer.count > 0, let pages {
                let (start, wanted, endsRead) = nextPiece(buffer.count)
                isReading = true
                ThreadSlot.hold()
                var moved = 0
                do throws(Errno) { moved = try buffer.write(pages, offset: start, count: wanted, unlocked: true) } catch {}
                ThreadSlot.letGo()
                isReading = false
                copyQueue.wakeAll()
                let taken = consume(moved, of: wanted, &wakeWriter)
                done &+= taken
                if moved < wanted { failure = .EFAULT }
                if moved < wanted || endsRead { break }
            }
            if done > 0 || failure != nil || writers == 0 { break }
            if nonBlocking {
                failure = .EAGAIN
                break
            }
            _ = try readQueue.wait(exclusive: true, spin: Pipe.spin) { head != tail || writers == 0 }
            hasSlept = true
            awaitReader()
        }
        if wakeWriter { writeQueue.wake(POLLOUT | POLLWRNORM) }
        // The wake-up that ended an exclusive sleep may have been for more than this reader takes.
        if hasSlept, head != tail { readQueue.wake(POLLIN | POLLRDNORM) }
        if done > 0 { asyncWriters.tell(POLL_OUT) }
        if done == 0, let failure { throw failure }
        return done
    }

    /// What can be read in one piece: slots that follow one another in memory without a gap.
    /// - Returns: its place in the pages, its size, and whether a read has to stop behind it.
    @inline(__always)
    private func nextPiece(_ limit: Int) -> (start: Int, count: Int, endsRead: Bool) {
        let first = slots[tail & mask]
        let start = offset(tail) &+ Int(first.start)
        var count = Int(first.length)
        if first.isPacket { return (start, min(count, limit), true) }
        var index = tail &+ 1
        var end = Int(first.start) &+ count
        while count < limit, end == Pipe.pageSize, index != head, index & mask != 0 {
            let slot = slots[index & mask]
            guard slot.start == 0, !slot.isPacket else { break }
            end = Int(slot.length)
            count &+= end
            index &+= 1
        }
        return (start, min(count, limit), false)
    }

    /// Takes out what was copied. A slot of which a fault has cut a part off stays as it was; what does not fit of a packet is dropped.
    /// - Returns: how many bytes count as read.
    @inline(__always)
    private func consume(_ moved: Int, of wanted: Int, _ wakeWriter: inout Bool) -> Int {
        var left = moved
        while left > 0 {
            // A writer may have appended to the slot meanwhile.
            let slot = slots[tail & mask]
            if left < Int(slot.length), !slot.isPacket || moved < wanted {
                guard moved == wanted else { break }
                slots[tail & mask].start = slot.start &+ UInt16(left)
                slots[tail & mask].length = slot.length &- UInt16(left)
                left = 0
                break
            }
            if isFull { wakeWriter = true }
            tail &+= 1
            left = max(0, left &- Int(slot.length))
        }
        if head == tail, !isWriting {
            head = 0
            tail = 0
        }
        return moved &- left
    }

    // --- writing ---

    /// - Throws: `EPIPE` when there is no reader, `EAGAIN`, `ERESTARTSYS`, `EFAULT`, `ENOMEM`.
    func write(_ buffer: inout IOBuffer, packets: Bool, nonBlocking: Bool) throws(Errno) -> Int {
        guard buffer.count > 0 else { return 0 }
        awaitWriter()
        guard readers > 0 else { throw .EPIPE }
        _ = try memory()
        var wasEmpty = head == tail
        var done = wasEmpty ? 0 : try append(&buffer)
        var hasSlept = false
        var failure: Errno?
        while buffer.count > 0 {
            guard readers > 0 else {
                failure = .EPIPE
                break
            }
            if head &- tail < slots.count {
                do throws(Errno) {
                    let (moved, wanted) = try fill(&buffer, packets: packets, &wasEmpty)
                    done &+= moved
                    if moved == wanted { continue }
                    failure = .EFAULT
                } catch {
                    failure = error
                }
                break
            }
            if nonBlocking {
                failure = .EAGAIN
                break
            }
            if wasEmpty { readQueue.wake(POLLIN | POLLRDNORM) }
            asyncReaders.tell(POLL_IN)
            do throws(Errno) {
                _ = try writeQueue.wait(exclusive: true, spin: Pipe.spin) { head &- tail < slots.count || readers == 0 }
            } catch {
                failure = error
                wasEmpty = false
                break
            }
            hasSlept = true
            awaitWriter()
            wasEmpty = head == tail
        }
        if wasEmpty || isPolled { readQueue.wake(POLLIN | POLLRDNORM) }
        asyncReaders.tell(POLL_IN)
        if hasSlept, !isFull { writeQueue.wake(POLLOUT | POLLWRNORM) }
        if done == 0, let failure { throw failure }
        // The readers went while it waited: what was written counts, and the signal comes as well.
        if failure == .EPIPE { IPCState.shared.caller.raiseBrokenPipe() }
        return done
    }

    /// Appends to the last slot what is beyond whole pages, if all of it fits there.
    /// - Returns: how many bytes.
    /// - Throws: `EFAULT`.
    private func append(_ buffer: inout IOBuffer) throws(Errno) -> Int {
        let rest = buffer.count & (Pipe.pageSize &- 1)
        let index = (head &- 1) & mask
        let slot = slots[index]
        let end = Int(slot.start) &+ Int(slot.length)
        guard rest != 0, slot.canMerge, end &+ rest <= Pipe.pageSize, let pages else { return 0 }
        guard try buffer.read(into: pages, offset: index &* Pipe.pageSize &+ end, count: rest) == rest else { throw .EFAULT }
        slots[index].length = slot.length &+ UInt16(rest)
        return rest
    }

    /// Fills free slots that follow one another in memory, of which there is at least one.
    /// - Parameter wasEmpty: set if the readers have taken everything meanwhile.
    /// - Returns: how many bytes have been added, and how many would have been without a fault: then whole slots count.
    @inline(__always)
    private func fill(_ buffer: inout IOBuffer, packets: Bool, _ wasEmpty: inout Bool) throws(Errno) -> (moved: Int, wanted: Int) {
        let free = min(slots.count &- (head &- tail), slots.count &- (head & mask))
        let wanted = min(buffer.count, free &* Pipe.pageSize)
        // The run may have been exchanged by F_SETPIPE_SZ while this writer slept, or given back.
        let pages = try memory()
        isWriting = true
        ThreadSlot.hold()
        var moved = 0
        do throws(Errno) { moved = try buffer.read(into: pages, offset: offset(head), count: wanted, unlocked: true) } catch {}
        ThreadSlot.letGo()
        isWriting = false
        copyQueue.wakeAll()
        if moved < wanted { moved &= ~(Pipe.pageSize &- 1) }
        if head == tail { wasEmpty = true }
        var left = moved
        while left > 0 {
            let length = min(left, Pipe.pageSize)
            slots[head & mask] = Slot(start: 0, length: UInt16(length), isPacket: packets, canMerge: !packets)
            head &+= 1
            left &-= length
        }
        return (moved, wanted)
    }

    @inline(__always)
    private func memory() throws(Errno) -> PageRun {
        if let pages { return pages }
        guard let run = PageRun.allocate(bytes: slots.count &* Pipe.pageSize, zeroed: false) else { throw .ENOMEM }
        pages = run
        return run
    }

    // --- tee(2), splice(2) ---

    /// Unread bytes from the front, without consuming them; whole slots' worth up to `limit`.
    public func peek(_ limit: Int) -> Bytes {
        guard let pages else { return [] }
        var ranges: [(offset: Int, count: Int)] = []
        var total = 0
        var index = tail
        while index != head, total < limit {
            let slot = slots[index & mask]
            let wanted = min(Int(slot.length), limit &- total)
            ranges.append((offset(index) &+ Int(slot.start), wanted))
            total &+= wanted
            index &+= 1
        }
        return pages.bytes(ranges: ranges)
    }

    /// Free slots, in bytes: what can be written whatever its shape.
    public var room: Int { (slots.count &- (head &- tail)) &* Pipe.pageSize }

    // --- poll ---

    func poll(_ table: PollTable?, reads: Bool, writes: Bool, hasHadWriter: Bool) -> UInt32 {
        isPolled = true
        var events: UInt32 = 0
        if reads {
            table?.add(readQueue)
            if head != tail { events |= POLLIN | POLLRDNORM }
            if writers == 0, hasHadWriter { events |= POLLHUP }
        }
        if writes {
            table?.add(writeQueue)
            if !isFull { events |= POLLOUT | POLLWRNORM }
            if readers == 0 { events |= POLLERR }
        }
        return events
    }

    // --- ends ---

    func attach(reads: Bool, writes: Bool) {
        files &+= 1
        if reads {
            readers &+= 1
            readerCount &+= 1
        }
        if writes {
            writers &+= 1
            writerCount &+= 1
        }
    }

    /// A file of this pipe is closed.
    func detach(reads: Bool, writes: Bool) {
        files &-= 1
        if reads { readers &-= 1 }
        if writes { writers &-= 1 }
        if (readers == 0) != (writers == 0) {
            wakeEveryone()
            asyncReaders.tell(POLL_IN)
            asyncWriters.tell(POLL_OUT)
        }
        if files == 0 {
            pages = nil
            head = 0
            tail = 0
        }
    }

    func wakeEveryone() {
        readQueue.wakeAll()
        writeQueue.wakeAll()
    }

    // --- capacity, fcntl(2) F_SETPIPE_SZ ---

    /// Bytes.
    public var capacity: Int { slots.count &* Pipe.pageSize }
    /// /proc/sys/fs/pipe-max-size; set, it is rounded up as a pipe's capacity is.
    public static var maximalCapacity: Int {
        get { IPCState.shared.pipeMaximum }
        set {
            var size = pageSize
            while size < newValue, size < 1 << 31 { size &*= 2 }
            IPCState.shared.pipeMaximum = size
        }
    }

    /// Sets the capacity, rounded up to a power of two of pages.
    /// - Returns: the capacity set.
    /// - Throws: `EINVAL`, `EPERM` above the limit without CAP_SYS_RESOURCE, `EBUSY` if the data would not fit, `ENOMEM`.
    public func setCapacity(_ wanted: UInt, _ credentials: Credentials) throws(Errno) -> Int {
        guard wanted <= 1 << 31 else { throw .EINVAL }
        var size = Pipe.pageSize
        while UInt(size) < wanted { size &*= 2 }
        let count = size / Pipe.pageSize
        if count > slots.count, size > Pipe.maximalCapacity, !credentials.has(Int(CAP_SYS_RESOURCE)) { throw .EPERM }
        awaitCopies(reads: true, writes: true)
        let used = head &- tail
        guard count >= used else { throw .EBUSY }
        guard count != slots.count else { return size }
        if Host.heapIsLow { throw .ENOMEM }
        var newSlots = [Slot](repeating: Slot(), count: count)
        if used > 0, let old = pages {
            guard let run = PageRun.allocate(bytes: size, zeroed: false) else { throw .ENOMEM }
            for index in 0..<used {
                let slot = slots[(tail &+ index) & mask]
                newSlots[index] = slot
                _ = run.copy(offset: index &* Pipe.pageSize &+ Int(slot.start), count: Int(slot.length),
                             from: old, at: offset(tail &+ index) &+ Int(slot.start))
            }
            pages = run
        } else {
            pages = nil
        }
        let grows = count > slots.count
        slots = newSlots
        tail = 0
        head = used
        if grows { writeQueue.wake(POLLOUT | POLLWRNORM) }
        return size
    }
}
