import IPC
import KernelBase
import LinuxABI
import Machine
import Tasks
import VFS

extension SyscallContext {
    /// A time-out in milliseconds as a deadline: negative for none, 0 to look only.
    func deadline(milliseconds: Int32) -> UInt64 {
        milliseconds < 0 ? .max : milliseconds == 0 ? 0 : Clock.deadline(after: UInt64(milliseconds) &* 1_000_000)
    }

    /// A time-out as a deadline; 0 stays 0, which means to look only.
    func deadline(nanoseconds: UInt64?) -> UInt64 {
        guard let nanoseconds else { return .max }
        return nanoseconds == 0 ? 0 : Clock.deadline(after: nanoseconds)
    }

    /// Runs a call under its temporary signal mask. If a signal ends it the mask stays for the delivery,
    /// which restores the old one.
    func masked<R>(_ mask: SignalSet?, _ body: () throws(Errno) -> R) throws(Errno) -> R {
        guard let mask else { return try body() }
        task.setTemporaryMask(mask)
        do throws(Errno) {
            let result = try body()
            task.restoreMask()
            return result
        } catch {
            if error != .ERESTARTNOHAND, error != .EINTR { task.restoreMask() }
            throw error
        }
    }

    // --- poll ---

    /// poll(2)
    func sysPoll() throws(Errno) -> Int {
        let deadline = deadline(milliseconds: i2)
        do throws(Errno) {
            return try poll(at: a0, count: u1, deadline: deadline, task)
        } catch {
            guard error == .ERESTARTNOHAND else { throw error }
            // Restarted with what is left of the time, as restart_syscall(2).
            let address = a0, count = u1
            let context = self
            task.restart = RestartBlock { (task) throws(Errno) in
                do throws(Errno) {
                    return try context.poll(at: address, count: count, deadline: deadline, task)
                } catch {
                    throw error == .ERESTARTNOHAND ? .EINTR : error
                }
            }
            throw .ERESTART_RESTARTBLOCK
        }
    }

    /// ppoll(2)
    func sysPpoll() throws(Errno) -> Int {
        let timeout: UInt64? = a2 == 0 ? nil : try nanoseconds(at: a2)
        let mask = try signalSet(at: a3, size: a4)
        let deadline = deadline(nanoseconds: timeout)
        return try storingRest(at: a2, deadline, { timespec($0) }) { () throws(Errno) in
            try masked(mask) { () throws(Errno) in try poll(at: a0, count: u1, deadline: deadline, task) }
        }
    }

    /// Stores the time that is left, after a call whose time-out is a variable. If that fails, or the personality says that
    /// time-outs stay as they are, the call cannot be restarted.
    private func storingRest<T: ABIStruct>(at address: UInt, _ deadline: UInt64, _ time: (UInt64) -> T,
                                           _ body: () throws(Errno) -> Int) throws(Errno) -> Int {
        var result = 0
        var failure: Errno?
        do throws(Errno) {
            result = try body()
        } catch {
            failure = error
        }
        if process.personality & STICKY_TIMEOUTS != 0 {
            if failure == .ERESTARTNOHAND { failure = .EINTR }
        } else if address != 0, deadline != 0, failure == nil || failure == .ERESTARTNOHAND {
            let now = Clock.monotonic()
            do throws(Errno) {
                try UserMemory.store(time(deadline > now ? deadline &- now : 0), at: address)
            } catch {
                if failure == .ERESTARTNOHAND { failure = .EINTR }
            }
        }
        if let failure { throw failure }
        return result
    }

    private func poll(at address: UInt, count: UInt32, deadline: UInt64, _ task: Task) throws(Errno) -> Int {
        guard UInt64(count) <= task.process.limit(Int(RLIMIT_NOFILE)) else { throw .EINVAL }
        let count = Int(count)
        guard UserMemory.isUserRange(address, UInt(count &* 8)) else { throw .EFAULT }
        if count > 4096, Host.heapIsLow { throw .ENOMEM }
        var requests: [PollRequest] = []
        requests.reserveCapacity(count)
        for index in 0..<count {
            let word = try UserMemory.load(UInt64.self, at: address &+ UInt(index &* 8))
            let descriptor = Int32(truncatingIfNeeded: word)
            let events = UInt32(truncatingIfNeeded: word >> 32) & 0xffff
            if let file = task.files.file(descriptor), !file.isPathOnly {
                requests.append(PollRequest(file: file, events: events))
            } else {
                requests.append(PollRequest(file: nil, events: events, result: descriptor < 0 ? 0 : POLLNVAL))
            }
        }
        var ready = 0
        var failure: Errno?
        do throws(Errno) {
            ready = try PollWait.wait(&requests, deadline: deadline)
        } catch {
            failure = error
        }
        for index in 0..<count {
            try UserMemory.store(UInt16(truncatingIfNeeded: requests[index].result), at: address &+ UInt(index &* 8 &+ 6))
        }
        if let failure { throw failure }
        return ready
    }

    // --- select ---

    /// select(2)
    func sysSelect() throws(Errno) -> Int {
        var timeout: UInt64?
        if a4 != 0 {
            let time = try UserMemory.load(Timeval.self, at: a4)
            // Microseconds beyond a second are carried over, unlike elsewhere.
            let (seconds, overflow) = time.seconds.addingReportingOverflow(time.microseconds / 1_000_000)
            let rest = time.microseconds % 1_000_000
            guard !overflow, seconds >= 0, rest >= 0 else { throw .EINVAL }
            let (product, overflow2) = UInt64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
            let (sum, overflow3) = product.addingReportingOverflow(UInt64(rest) &* 1000)
            timeout = overflow2 || overflow3 ? .max &- 1 : sum
        }
        let deadline = deadline(nanoseconds: timeout)
        return try storingRest(at: a4, deadline, {
            Timeval(seconds: Int64($0 / 1_000_000_000), microseconds: Int64($0 % 1_000_000_000 / 1000))
        }) { () throws(Errno) in
            try select(deadline: deadline)
        }
    }

    /// pselect6(2)
    func sysPselect6() throws(Errno) -> Int {
        var maskAddress: UInt = 0, maskSize: UInt = 0
        if a5 != 0 {
            maskAddress = try UserMemory.load(UInt.self, at: a5)
            maskSize = try UserMemory.load(UInt.self, at: a5 &+ 8)
        }
        let timeout: UInt64? = a4 == 0 ? nil : try nanoseconds(at: a4)
        let mask = try signalSet(at: maskAddress, size: maskSize)
        let deadline = deadline(nanoseconds: timeout)
        return try storingRest(at: a4, deadline, { timespec($0) }) { () throws(Errno) in
            try masked(mask) { () throws(Errno) in try select(deadline: deadline) }
        }
    }

    private func select(deadline: UInt64) throws(Errno) -> Int {
        guard i0 >= 0 else { throw .EINVAL }
        // Descriptors beyond the table are not looked at.
        let limit = min(Int(i0), max(files.capacity, 256))
        let words = (limit &+ 63) / 64
        var sets = SelectSets(read: try set(at: a1, words), write: try set(at: a2, words), except: try set(at: a3, words))
        let table = files
        let count = try sets.wait(limit: limit, deadline: deadline) { table.file($0) }
        try store(sets.read, at: a1)
        try store(sets.write, at: a2)
        try store(sets.except, at: a3)
        return count
    }

    private func set(at address: UInt, _ words: Int) throws(Errno) -> [UInt64] {
        guard address != 0 else { return [] }
        var result: [UInt64] = []
        result.reserveCapacity(words)
        for index in 0..<words { result.append(try UserMemory.load(UInt64.self, at: address &+ UInt(index &* 8))) }
        return result
    }

    private func store(_ set: [UInt64], at address: UInt) throws(Errno) {
        for index in 0..<set.count { try UserMemory.store(set[index], at: address &+ UInt(index &* 8)) }
    }
}
