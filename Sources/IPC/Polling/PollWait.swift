import KernelBase
import LinuxABI
import Machine
import VFS

/// One descriptor of a poll(2) or select(2).
public struct PollRequest {
    /// What is looked at; nil if there is nothing to look at, then `result` stays as it is.
    public var file: File?
    /// Events of interest; POLLERR and POLLHUP are always of interest.
    public var events: UInt32
    /// Events that came true. Not 0 from the start (POLLNVAL) makes the call return at once.
    public var result: UInt32

    public init(file: File?, events: UInt32, result: UInt32 = 0) {
        self.file = file
        self.events = events | POLLERR | POLLHUP
        self.result = result
    }
}

/// A thread that sleeps in poll or select: told of events that are of interest to any of its requests.
private final class PollWaiter: Waiter {
    let slot = ThreadSlot.current
    let mask: UInt32

    init(mask: UInt32) { self.mask = mask }

    override func notify(_ events: UInt32) -> Bool {
        if events & mask != 0 { slot.wake() }
        return false
    }
}

/// The core of poll(2) and select(2) in all their forms.
public enum PollWait {
    /// Waits until at least one request has a result.
    ///
    /// Registers once with all wait queues, and only if nothing is ready at once; then sleeps and looks
    /// again. Holds the files meanwhile.
    /// - Parameter deadline: CLOCK_MONOTONIC nanoseconds; `.max` for none, 0 to look only.
    /// - Returns: the number of requests with a result; 0 when the time has come.
    /// - Throws: `ERESTARTNOHAND` on a signal.
    public static func wait(_ requests: inout [PollRequest], deadline: UInt64) throws(Errno) -> Int {
        let ready = scan(&requests, nil)
        if ready > 0 { return ready }
        if deadline == 0 {
            // A signal that the call's mask lets in is noticed even so.
            if Interruption.signals.isPending { throw .ERESTARTNOHAND }
            return 0
        }
        return try sleep(&requests, deadline)
    }

    @inline(never)
    private static func sleep(_ requests: inout [PollRequest], _ deadline: UInt64) throws(Errno) -> Int {
        var mask = POLLNVAL
        for index in 0..<requests.count {
            mask |= requests[index].events
            requests[index].file?.acquire()
        }
        let waiter = PollWaiter(mask: mask)
        let table = PollTable(waiter)
        var count = 0
        var isInterrupted = false
        var token = ThreadSlot.wakeToken
        count = scan(&requests, table)
        while count == 0 {
            if Interruption.signals.isPending {
                isInterrupted = true
                break
            }
            if deadline != .max, Clock.monotonic() >= deadline { break }
            _ = ThreadSlot.sleep(token: token, deadline: deadline, spin: Pipe.spin)
            SleepService.look()
            token = ThreadSlot.wakeToken
            count = scan(&requests, nil)
        }
        table.clear()
        for index in 0..<requests.count { requests[index].file?.release() }
        if isInterrupted { throw .ERESTARTNOHAND }
        return count
    }

    private static func scan(_ requests: inout [PollRequest], _ table: PollTable?) -> Int {
        var count = 0
        for index in 0..<requests.count {
            if let file = requests[index].file {
                requests[index].result = file.poll(table) & requests[index].events
            }
            if requests[index].result != 0 { count &+= 1 }
        }
        return count
    }
}

/// The sets of descriptors of a select(2): 64 to a word.
public struct SelectSets {
    public var read: [UInt64]
    public var write: [UInt64]
    public var except: [UInt64]

    public init(read: [UInt64], write: [UInt64], except: [UInt64]) {
        self.read = read
        self.write = write
        self.except = except
    }

    private static var readEvents: UInt32 { POLLRDNORM | POLLRDBAND | POLLIN | POLLHUP | POLLERR }
    private static var writeEvents: UInt32 { POLLWRBAND | POLLWRNORM | POLLOUT | POLLERR }

    private static func word(_ words: [UInt64], _ index: Int) -> UInt64 { index < words.count ? words[index] : 0 }

    /// Waits until a descriptor below `limit` is ready, and leaves only ready ones in the sets.
    /// - Parameters:
    ///   - file: the file of a descriptor.
    ///   - deadline: as in ``PollWait/wait(_:deadline:)``.
    /// - Returns: how many bits are left in all sets together.
    /// - Throws: `EBADF` for a descriptor that is not open, `ERESTARTNOHAND`; the sets are then as before.
    public mutating func wait(limit: Int, deadline: UInt64, file: (Int32) -> File?) throws(Errno) -> Int {
        var requests: [PollRequest] = []
        var descriptors: [Int] = []
        var base = 0
        while base < limit {
            let index = base / 64
            let reads = SelectSets.word(read, index), writes = SelectSets.word(write, index)
            let excepts = SelectSets.word(except, index)
            var left = reads | writes | excepts
            if limit &- base < 64 { left &= (1 << UInt64(limit &- base)) &- 1 }
            while left != 0 {
                let bit = left & (0 &- left)
                left &= left &- 1
                let descriptor = base &+ bit.trailingZeroBitCount
                guard let file = file(Int32(truncatingIfNeeded: descriptor)) else { throw .EBADF }
                var request = PollRequest(file: file, events: 0)
                // A hang-up makes a descriptor ready for reading only, so it alone must not end the wait.
                request.events = 0
                if reads & bit != 0 { request.events |= SelectSets.readEvents }
                if writes & bit != 0 { request.events |= SelectSets.writeEvents }
                if excepts & bit != 0 { request.events |= POLLPRI }
                requests.append(request)
                descriptors.append(descriptor)
            }
            base &+= 64
        }
        _ = try PollWait.wait(&requests, deadline: deadline)
        var newRead = [UInt64](repeating: 0, count: read.count)
        var newWrite = [UInt64](repeating: 0, count: write.count)
        var newExcept = [UInt64](repeating: 0, count: except.count)
        var count = 0
        for index in 0..<requests.count {
            let result = requests[index].result
            guard result != 0 else { continue }
            let word = descriptors[index] / 64
            let bit: UInt64 = 1 << UInt64(descriptors[index] & 63)
            if result & SelectSets.readEvents != 0, SelectSets.word(read, word) & bit != 0 {
                newRead[word] |= bit
                count &+= 1
            }
            if result & SelectSets.writeEvents != 0, SelectSets.word(write, word) & bit != 0 {
                newWrite[word] |= bit
                count &+= 1
            }
            if result & POLLPRI != 0, SelectSets.word(except, word) & bit != 0 {
                newExcept[word] |= bit
                count &+= 1
            }
        }
        read = newRead
        write = newWrite
        except = newExcept
        return count
    }
}
