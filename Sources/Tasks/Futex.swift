// Fast user-space locks, futex(2): keys, queues, waiting and waking. The operations of the system call are
// in FutexOperations.swift.

import KernelBase
import LinuxABI
import Machine
import Memory
import VFS

/// What a futex is identified by: an address in an address space, or a place in a shared object.
public struct FutexKey: Equatable {
    let object: UInt
    let offset: UInt

    @inline(__always)
    public static func == (a: FutexKey, b: FutexKey) -> Bool { a.object == b.object && a.offset == b.offset }

    @inline(__always)
    var bucket: Int { Int(((object >> 4) ^ (offset >> 2)) &* 0x9E37_79B9_7F4A_7C15 >> 54) & (FutexTable.bucketCount - 1) }
}

/// One sleeping thread on one futex.
public final class FutexWaiter {
    var key: FutexKey
    let task: Task
    let bitset: UInt32
    /// Set by the waker, after the waiter was taken out of its queue.
    var isWoken = false
    /// The owner of a priority-inheritance futex it waits for, by which a hand-over reaches it.
    let wantsOwnership: Bool
    /// FUTEX_WAIT_REQUEUE_PI: where it is to be requeued to.
    var requeueTarget: FutexKey?

    init(key: FutexKey, task: Task, bitset: UInt32, wantsOwnership: Bool = false) {
        self.key = key
        self.task = task
        self.bitset = bitset
        self.wantsOwnership = wantsOwnership
    }
}

/// All waiters of the sandbox, by key.
public final class FutexTable {
    static var bucketCount: Int { 512 }
    private var buckets: [[FutexWaiter]] = Array(repeating: [], count: 512)

    public init() {}
    @inline(__always)
    public static var shared: FutexTable { futexesRoot.object }

    func add(_ waiter: FutexWaiter) { buckets[waiter.key.bucket].append(waiter) }

    func remove(_ waiter: FutexWaiter) {
        let bucket = waiter.key.bucket
        for index in buckets[bucket].indices where buckets[bucket][index] === waiter {
            buckets[bucket].remove(at: index)
            return
        }
    }

    /// Wakes up to `count` waiters whose bitset meets `bitset`, oldest first.
    func wake(_ key: FutexKey, count: Int, bitset: UInt32 = .max) -> Int {
        let bucket = key.bucket
        if buckets[bucket].isEmpty || count <= 0 { return 0 }
        var woken = 0
        var index = 0
        while index < buckets[bucket].count, woken < count {
            let waiter = buckets[bucket][index]
            if waiter.key == key && waiter.bitset & bitset != 0 {
                buckets[bucket].remove(at: index)
                waiter.isWoken = true
                waiter.task.slot.wake()
                woken += 1
            } else {
                index += 1
            }
        }
        return woken
    }

    /// Moves up to `count` waiters of a key to another one. - Returns: how many.
    func requeue(_ key: FutexKey, to target: FutexKey, count: Int) -> Int {
        guard count > 0 else { return 0 }
        if key == target {
            // They stay where they are, but they count.
            var same = 0
            for waiter in buckets[key.bucket] where waiter.key == key { same += 1 }
            return min(same, count)
        }
        let bucket = key.bucket
        var moved: [FutexWaiter] = []
        buckets[bucket].removeAll { waiter in
            guard waiter.key == key, moved.count < count else { return false }
            moved.append(waiter)
            return true
        }
        for waiter in moved {
            waiter.key = target
            add(waiter)
        }
        return moved.count
    }

    func first(_ key: FutexKey) -> FutexWaiter? {
        for waiter in buckets[key.bucket] where waiter.key == key { return waiter }
        return nil
    }
    func hasWaiters(_ key: FutexKey) -> Bool { first(key) != nil }

    /// A priority-inheritance futex has a new owner, for whom those wait now who have waited for another.
    func setOwner(_ key: FutexKey, _ owner: Task) {
        for waiter in buckets[key.bucket] where waiter.key == key && waiter.task.waitsForOwner != nil { waiter.task.waitsForOwner = owner }
    }
}

public let futexesRoot = Root<FutexTable>(13)

/// Futex operations on a task's memory.
public enum Futexes {
    /// The key of a word. - Throws: `EINVAL` if misaligned, `EFAULT`.
    static func key(_ task: Task, _ address: UInt, isPrivate: Bool) throws(Errno) -> FutexKey {
        guard address & 3 == 0 else { throw .EINVAL }
        guard UserMemory.isUserRange(address, 4) else { throw .EFAULT }
        let memory = task.memory
        if !isPrivate {
            // Linux finds out what the page belongs to, so it has to be there; of a private futex only the address counts.
            let value = try UserMemory.load(UInt32.self, at: address)
            if let place = memory.sharedPlace(of: address) {
                return FutexKey(object: place.object, offset: place.offset)
            }
            // It wants to write to a page that is nobody else's.
            _ = try UserMemory.compareExchange(at: address, expected: value, desired: value)
        }
        // Operations with and without FUTEX_PRIVATE_FLAG do not meet, on whatever memory.
        return FutexKey(object: UInt(bitPattern: ObjectIdentifier(memory)), offset: isPrivate ? address : address | 1)
    }

    /// Wakes waiters at an address of the task's memory, as FUTEX_WAKE without FUTEX_PRIVATE_FLAG does.
    public static func wake(_ task: Task, address: UInt, count: Int) {
        if let key = try? key(task, address, isPrivate: false) { _ = FutexTable.shared.wake(key, count: count) }
    }

    /// Sleeps while the word holds `expected`.
    /// - Parameter deadline: CLOCK_MONOTONIC ns.
    /// - Throws: `EAGAIN` if it holds something else, `ETIMEDOUT`, `ERESTARTSYS`, `EFAULT`, `EINVAL`.
    static func sleepOn(_ task: Task, _ address: UInt, expected: UInt32, bitset: UInt32, isPrivate: Bool, deadline: UInt64) throws(Errno) {
        guard bitset != 0 else { throw .EINVAL }
        let key = try key(task, address, isPrivate: isPrivate)
        guard try UserMemory.load(UInt32.self, at: address) == expected else { throw .EAGAIN }
        let waiter = FutexWaiter(key: key, task: task, bitset: bitset)
        FutexTable.shared.add(waiter)
        try sleep(waiter, deadline: deadline)
    }

    /// Sleeps until the waiter, which is queued, is woken.
    static func sleep(_ waiter: FutexWaiter, deadline: UInt64) throws(Errno) {
        var timely = true
        do throws(Errno) {
            timely = try Sleep.until(deadline, spin: 100) { waiter.isWoken }
        } catch {
            if waiter.isWoken { return }
            FutexTable.shared.remove(waiter)
            throw error
        }
        if !timely && !waiter.isWoken {
            FutexTable.shared.remove(waiter)
            throw .ETIMEDOUT
        }
    }

    // --- robust lists, get_robust_list(2): the locks a thread holds are marked and handed on when it ends ---

    static func releaseRobustList(_ task: Task) {
        let head = task.robustList
        guard head != 0 else { return }
        task.robustList = 0
        do throws(Errno) {
            let list = try UserMemory.load(RobustListHead.self, at: head)
            var entry = UInt(list.next)
            let pending = UInt(list.pending)
            var left = 2048
            while entry & ~1 != head, left > 0 {
                left -= 1
                let next = try UserMemory.load(UInt.self, at: entry & ~1)
                if entry & ~1 != pending & ~1 {
                    release(task, (entry & ~1) &+ UInt(bitPattern: Int(list.futexOffset)), isPI: entry & 1 != 0, isPending: false)
                }
                entry = next
            }
            if pending & ~1 != 0 {
                release(task, (pending & ~1) &+ UInt(bitPattern: Int(list.futexOffset)), isPI: pending & 1 != 0, isPending: true)
            }
        } catch {
            // A list that cannot be read ends here, as on Linux.
        }
    }

    private static func release(_ task: Task, _ address: UInt, isPI: Bool, isPending: Bool) {
        guard address & 3 == 0 else { return }
        while let value = try? UserMemory.load(UInt32.self, at: address) {
            if isPending && !isPI && value & FutexBits.tid == 0 {
                wake(task, address: address, count: 1)
                return
            }
            guard value & FutexBits.tid == UInt32(bitPattern: task.tid) else { return }
            let new = value & FutexBits.waiters | FutexBits.ownerDied
            guard let seen = try? UserMemory.compareExchange(at: address, expected: value, desired: new) else { return }
            if seen == value {
                if isPI { PIFutexes.ownerDied(task, address) } else if value & FutexBits.waiters != 0 { wake(task, address: address, count: 1) }
                return
            }
        }
    }
}

/// The bits of a futex word that the kernel knows.
enum FutexBits {
    static var waiters: UInt32 { 0x8000_0000 }
    static var ownerDied: UInt32 { 0x4000_0000 }
    static var tid: UInt32 { 0x3fff_ffff }
}
