// The operations of futex(2) and futex_waitv(2).

import KernelBase
import LinuxABI
import Machine

extension Futexes {
    /// FUTEX_WAIT and FUTEX_WAIT_BITSET. A wait without a time is restarted as it is; one with a time keeps its deadline
    /// through restart_syscall, and a handler ends it.
    public static func wait(_ task: Task, _ address: UInt, expected: UInt32, bitset: UInt32, isPrivate: Bool, deadline: UInt64) throws(Errno) -> Int {
        do throws(Errno) {
            try sleepOn(task, address, expected: expected, bitset: bitset, isPrivate: isPrivate, deadline: deadline)
            return 0
        } catch {
            guard error == .ERESTARTSYS, deadline != .max else { throw error }
            task.restart = RestartBlock { (task) throws(Errno) in
                try wait(task, address, expected: expected, bitset: bitset, isPrivate: isPrivate, deadline: deadline)
            }
            throw .ERESTART_RESTARTBLOCK
        }
    }

    /// futex_wait(2): the time is absolute, so that a wait that a handler interrupts can be made again as it is.
    public static func waitAgain(_ task: Task, _ address: UInt, expected: UInt32, bitset: UInt32, isPrivate: Bool, deadline: UInt64) throws(Errno) -> Int {
        try sleepOn(task, address, expected: expected, bitset: bitset, isPrivate: isPrivate, deadline: deadline)
        return 0
    }

    public static func wake(_ task: Task, _ address: UInt, count: Int32, bitset: UInt32, isPrivate: Bool) throws(Errno) -> Int {
        guard bitset != 0 else { throw .EINVAL }
        let key = try key(task, address, isPrivate: isPrivate)
        // Linux wakes one even if asked for none.
        return FutexTable.shared.wake(key, count: Int(max(1, count)), bitset: bitset)
    }

    /// The word of a call that does nothing with it.
    /// - Throws: `EINVAL`, `EFAULT`.
    public static func check(_ task: Task, _ address: UInt, isPrivate: Bool) throws(Errno) {
        _ = try key(task, address, isPrivate: isPrivate)
    }

    public static func requeue(_ task: Task, _ address: UInt, to target: UInt, wake: Int32, requeue: Int32, expected: UInt32?, isPrivate: Bool) throws(Errno) -> Int {
        guard wake >= 0, requeue >= 0 else { throw .EINVAL }
        let from = try key(task, address, isPrivate: isPrivate)
        let to = try key(task, target, isPrivate: isPrivate)
        if let expected, try UserMemory.load(UInt32.self, at: address) != expected { throw .EAGAIN }
        let table = FutexTable.shared
        let woken = table.wake(from, count: Int(wake))
        return woken + table.requeue(from, to: to, count: Int(requeue))
    }

    /// FUTEX_WAKE_OP: changes the second word atomically, wakes the first's waiters, and the second's if its old value compares.
    public static func wakeOperation(_ task: Task, _ address: UInt, _ second: UInt, count: Int32, count2: Int32, encoded: UInt32, isPrivate: Bool) throws(Errno) -> Int {
        let first = try key(task, address, isPrivate: isPrivate)
        let other = try key(task, second, isPrivate: isPrivate)
        let operation = encoded >> 28 & 7
        var argument = Int32(bitPattern: encoded << 8) >> 20
        if encoded >> 31 != 0 {
            argument = Int32(bitPattern: UInt32(1) << UInt32(truncatingIfNeeded: argument & 31))
        }
        let comparison = encoded >> 24 & 15
        let comparand = Int32(bitPattern: encoded << 20) >> 20
        guard operation <= 4 else { throw .ENOSYS }
        var old = try UserMemory.load(UInt32.self, at: second)
        while true {
            let value = UInt32(bitPattern: argument)
            let new: UInt32
            switch operation {
            case 0: new = value
            case 1: new = old &+ value
            case 2: new = old | value
            case 3: new = old & ~value
            default: new = old ^ value
            }
            let seen = try UserMemory.compareExchange(at: second, expected: old, desired: new)
            if seen == old { break }
            old = seen
        }
        let signed = Int32(bitPattern: old)
        let holds: Bool
        switch comparison {
        case 0: holds = signed == comparand
        case 1: holds = signed != comparand
        case 2: holds = signed < comparand
        case 3: holds = signed <= comparand
        case 4: holds = signed > comparand
        case 5: holds = signed >= comparand
        default: throw .ENOSYS
        }
        let table = FutexTable.shared
        var woken = table.wake(first, count: Int(max(1, count)))
        if holds { woken += table.wake(other, count: Int(max(1, count2))) }
        return woken
    }

    /// futex_waitv(2): sleeps on several words. - Returns: the index of one that was woken.
    public static func waitForAny(_ task: Task, _ futexes: [(address: UInt, expected: UInt32, isPrivate: Bool)], deadline: UInt64) throws(Errno) -> Int {
        let table = FutexTable.shared
        var waiters: [FutexWaiter] = []
        defer { for waiter in waiters where !waiter.isWoken { table.remove(waiter) } }
        for futex in futexes {
            let key = try key(task, futex.address, isPrivate: futex.isPrivate)
            guard try UserMemory.load(UInt32.self, at: futex.address) == futex.expected else { throw .EAGAIN }
            let waiter = FutexWaiter(key: key, task: task, bitset: .max)
            table.add(waiter)
            waiters.append(waiter)
        }
        func woken() -> Int? {
            for index in waiters.indices where waiters[index].isWoken { return index }
            return nil
        }
        guard try Sleep.until(deadline, condition: { woken() != nil }), let index = woken() else { throw .ETIMEDOUT }
        return index
    }
}

/// Priority-inheritance futexes. Priorities of guest threads do not differ for the host, so nothing is inherited;
/// ownership, hand-over, dead owners and deadlocks are as on Linux.
public enum PIFutexes {
    /// FUTEX_LOCK_PI, FUTEX_TRYLOCK_PI.
    public static func lock(_ task: Task, _ address: UInt, isPrivate: Bool, deadline: UInt64, tryOnly: Bool) throws(Errno) -> Int {
        let key = try Futexes.key(task, address, isPrivate: isPrivate)
        let table = FutexTable.shared
        let me = UInt32(bitPattern: task.tid)
        while true {
            let value = try UserMemory.load(UInt32.self, at: address)
            let owner = value & FutexBits.tid
            if owner == me { throw Errno(35) } // EDEADLK
            if owner == 0 {
                let new = me | value & FutexBits.ownerDied | (table.hasWaiters(key) ? FutexBits.waiters : 0)
                if try UserMemory.compareExchange(at: address, expected: value, desired: new) == value { return 0 }
                continue
            }
            guard let holder = TaskTable.shared.task(Int32(bitPattern: owner)), !holder.isExiting || value & FutexBits.ownerDied == 0 && holder.robustList != 0 else {
                throw Errno(3)
            }
            if tryOnly { throw .EAGAIN }
            if waitsFor(holder, task, depth: 0) { throw Errno(35) }
            if value & FutexBits.waiters == 0 {
                if try UserMemory.compareExchange(at: address, expected: value, desired: value | FutexBits.waiters) != value { continue }
            }
            let waiter = FutexWaiter(key: key, task: task, bitset: .max, wantsOwnership: true)
            table.add(waiter)
            task.waitsForOwner = holder
            defer { task.waitsForOwner = nil }
            try Futexes.sleep(waiter, deadline: deadline)
            // The unlocker has made this thread the owner, unless the owner died.
            let now = try UserMemory.load(UInt32.self, at: address)
            if now & FutexBits.tid == me { return 0 }
        }
    }

    private static func waitsFor(_ holder: Task, _ task: Task, depth: Int) -> Bool {
        guard depth < 64, let next = holder.waitsForOwner else { return false }
        return next === task || waitsFor(next, task, depth: depth + 1)
    }

    /// FUTEX_UNLOCK_PI.
    public static func unlock(_ task: Task, _ address: UInt, isPrivate: Bool) throws(Errno) -> Int {
        let key = try Futexes.key(task, address, isPrivate: isPrivate)
        while true {
            let value = try UserMemory.load(UInt32.self, at: address)
            guard value & FutexBits.tid == UInt32(bitPattern: task.tid) else { throw .EPERM }
            if try handOver(key, address, value, flags: 0) { return 0 }
        }
    }

    /// Gives the word to the first waiter, or frees it. False if the word changed meanwhile.
    private static func handOver(_ key: FutexKey, _ address: UInt, _ value: UInt32, flags: UInt32) throws(Errno) -> Bool {
        let table = FutexTable.shared
        guard let heir = table.first(key) else {
            return try UserMemory.compareExchange(at: address, expected: value, desired: flags) == value
        }
        table.remove(heir)
        let new = UInt32(bitPattern: heir.task.tid) | flags | (table.hasWaiters(key) ? FutexBits.waiters : 0)
        guard try UserMemory.compareExchange(at: address, expected: value, desired: new) == value else {
            table.add(heir)
            return false
        }
        heir.isWoken = true
        // Not when it runs next: until then it would seem to wait for who has just let go.
        heir.task.waitsForOwner = nil
        table.setOwner(key, heir.task)
        heir.task.slot.wake()
        return true
    }

    /// A dead owner's lock goes to the first waiter, marked.
    static func ownerDied(_ task: Task, _ address: UInt) {
        for isPrivate in [true, false] {
            guard let key = try? Futexes.key(task, address, isPrivate: isPrivate), FutexTable.shared.hasWaiters(key),
                  let value = try? UserMemory.load(UInt32.self, at: address) else { continue }
            _ = try? handOver(key, address, value, flags: FutexBits.ownerDied)
            return
        }
    }

    /// FUTEX_CMP_REQUEUE_PI: one waiter gets the lock or waits for it; the others follow.
    public static func requeue(_ task: Task, _ address: UInt, to target: UInt, requeue: Int32, expected: UInt32, isPrivate: Bool) throws(Errno) -> Int {
        guard requeue >= 0 else { throw .EINVAL }
        let from = try Futexes.key(task, address, isPrivate: isPrivate)
        let to = try Futexes.key(task, target, isPrivate: isPrivate)
        guard from != to else { throw .EINVAL }
        guard try UserMemory.load(UInt32.self, at: address) == expected else { throw .EAGAIN }
        let table = FutexTable.shared
        var moved = 0
        while moved <= Int(requeue), let waiter = table.first(from) {
            guard waiter.requeueTarget == to else { throw .EINVAL }
            table.remove(waiter)
            let value = try UserMemory.load(UInt32.self, at: target)
            if value & FutexBits.tid == 0 {
                let new = UInt32(bitPattern: waiter.task.tid) | value & FutexBits.ownerDied | (table.hasWaiters(to) ? FutexBits.waiters : 0)
                if try UserMemory.compareExchange(at: target, expected: value, desired: new) == value {
                    waiter.isWoken = true
                    waiter.task.slot.wake()
                    moved += 1
                    continue
                }
            } else {
                _ = try UserMemory.compareExchange(at: target, expected: value, desired: value | FutexBits.waiters)
            }
            waiter.key = to
            table.add(waiter)
            moved += 1
        }
        return moved
    }

    /// FUTEX_WAIT_REQUEUE_PI.
    public static func waitForRequeue(_ task: Task, _ address: UInt, expected: UInt32, to target: UInt, isPrivate: Bool, deadline: UInt64) throws(Errno) -> Int {
        let from = try Futexes.key(task, address, isPrivate: isPrivate)
        let to = try Futexes.key(task, target, isPrivate: isPrivate)
        guard from != to else { throw .EINVAL }
        guard try UserMemory.load(UInt32.self, at: address) == expected else { throw .EAGAIN }
        let waiter = FutexWaiter(key: from, task: task, bitset: .max, wantsOwnership: true)
        waiter.requeueTarget = to
        FutexTable.shared.add(waiter)
        do throws(Errno) {
            try Futexes.sleep(waiter, deadline: deadline)
        } catch {
            throw error == .ERESTARTSYS ? (waiter.key == from ? .EAGAIN : .ERESTARTNOINTR) : error
        }
        return 0
    }
}
