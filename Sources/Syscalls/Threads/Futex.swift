import KernelBase
import LinuxABI
import Machine
import Tasks

extension SyscallContext {
    /// futex(2)
    func sysFutex() throws(Errno) -> Int {
        let command = u1 & FUTEX_CMD_MASK
        let isPrivate = i1 & 0x80 != 0
        let realtime = i1 & 0x100 != 0
        if realtime, command != FUTEX_WAIT_BITSET, command != FUTEX_WAIT_REQUEUE_PI, command != FUTEX_LOCK_PI2 { throw .ENOSYS }
        switch command {
        case FUTEX_WAKE:
            return try Futexes.wake(task, a0, count: i2, bitset: .max, isPrivate: isPrivate)
        case FUTEX_WAKE_BITSET:
            return try Futexes.wake(task, a0, count: i2, bitset: u5, isPrivate: isPrivate)
        case FUTEX_WAIT:
            let deadline = try futexDeadline(relative: true, realtime: false)
            return try Futexes.wait(task, a0, expected: u2, bitset: .max, isPrivate: isPrivate, deadline: deadline)
        case FUTEX_WAIT_BITSET:
            let deadline = try futexDeadline(relative: false, realtime: realtime)
            return try Futexes.wait(task, a0, expected: u2, bitset: u5, isPrivate: isPrivate, deadline: deadline)
        case FUTEX_REQUEUE:
            return try Futexes.requeue(task, a0, to: a4, wake: i2, requeue: i3, expected: nil, isPrivate: isPrivate)
        case FUTEX_CMP_REQUEUE:
            return try Futexes.requeue(task, a0, to: a4, wake: i2, requeue: i3, expected: u5, isPrivate: isPrivate)
        case FUTEX_WAKE_OP:
            return try Futexes.wakeOperation(task, a0, a4, count: i2, count2: i3, encoded: u5, isPrivate: isPrivate)
        case FUTEX_LOCK_PI:
            return try PIFutexes.lock(task, a0, isPrivate: isPrivate, deadline: try futexDeadline(relative: false, realtime: true), tryOnly: false)
        case FUTEX_LOCK_PI2:
            return try PIFutexes.lock(task, a0, isPrivate: isPrivate, deadline: try futexDeadline(relative: false, realtime: realtime), tryOnly: false)
        case FUTEX_TRYLOCK_PI:
            return try PIFutexes.lock(task, a0, isPrivate: isPrivate, deadline: .max, tryOnly: true)
        case FUTEX_UNLOCK_PI:
            return try PIFutexes.unlock(task, a0, isPrivate: isPrivate)
        case FUTEX_WAIT_REQUEUE_PI:
            return try PIFutexes.waitForRequeue(task, a0, expected: u2, to: a4, isPrivate: isPrivate, deadline: try futexDeadline(relative: false, realtime: realtime))
        case FUTEX_CMP_REQUEUE_PI:
            guard i2 == 1 else { throw .EINVAL }
            return try PIFutexes.requeue(task, a0, to: a4, requeue: i3, expected: u5, isPrivate: isPrivate)
        default: throw .ENOSYS
        }
    }

    private func futexDeadline(relative: Bool, realtime: Bool) throws(Errno) -> UInt64 {
        guard a3 != 0 else { return .max }
        let time = try nanoseconds(at: a3)
        if relative { return Clock.deadline(after: time) }
        return realtime ? Clock.monotonicDeadline(realtime: time) : time
    }

    /// futex_waitv(2)
    func sysFutexWaitv() throws(Errno) -> Int {
        guard a2 == 0, a1 > 0, a1 <= 128, a0 != 0 else { throw .EINVAL }
        var deadline = UInt64.max
        if a3 != 0 {
            guard i4 == CLOCK_MONOTONIC || i4 == CLOCK_REALTIME else { throw .EINVAL }
            let time = try nanoseconds(at: a3)
            deadline = i4 == CLOCK_REALTIME ? Clock.monotonicDeadline(realtime: time) : time
        }
        var futexes: [(address: UInt, expected: UInt32, isPrivate: Bool)] = []
        for index in 0..<a1 {
            let entry = try UserMemory.load(FutexWaitv.self, at: a0 &+ index &* 24)
            // FUTEX2_SIZE_U32 and FUTEX2_PRIVATE.
            guard entry.reserved == 0, entry.flags & ~0x82 == 0, entry.flags & 3 == 2, entry.value >> 32 == 0 else { throw .EINVAL }
            futexes.append((UInt(entry.address), UInt32(truncatingIfNeeded: entry.value), entry.flags & 0x80 != 0))
        }
        return try Futexes.waitForAny(task, futexes, deadline: deadline)
    }

    // MARK: futex2

    /// The flags of the newer calls: 32-bit words, shared or private.
    /// - Returns: whether it is private.
    private func futexIsPrivate(_ flags: UInt32) throws(Errno) -> Bool {
        guard flags & ~(FUTEX2_SIZE_U32 | FUTEX2_PRIVATE) == 0, flags & FUTEX2_SIZE_U32 != 0 else { throw .EINVAL }
        return flags & FUTEX2_PRIVATE != 0
    }

    /// futex_wake(2)
    func sysFutexWake() throws(Errno) -> Int {
        let isPrivate = try futexIsPrivate(u3)
        guard a1 >> 32 == 0 else { throw .EINVAL }
        if u1 != 0, i2 == 0 {
            // Unlike futex(2), none means none.
            try Futexes.check(task, a0, isPrivate: isPrivate)
            return 0
        }
        return try Futexes.wake(task, a0, count: i2, bitset: u1, isPrivate: isPrivate)
    }

    /// futex_wait(2)
    func sysFutexWait() throws(Errno) -> Int {
        let isPrivate = try futexIsPrivate(u3)
        guard a1 >> 32 == 0, a2 >> 32 == 0 else { throw .EINVAL }
        var deadline = UInt64.max
        if a4 != 0 {
            guard i5 == CLOCK_MONOTONIC || i5 == CLOCK_REALTIME else { throw .EINVAL }
            let time = try nanoseconds(at: a4)
            deadline = i5 == CLOCK_REALTIME ? Clock.monotonicDeadline(realtime: time) : time
        }
        return try Futexes.waitAgain(task, a0, expected: u1, bitset: u2, isPrivate: isPrivate, deadline: deadline)
    }

    /// futex_requeue(2)
    func sysFutexRequeue() throws(Errno) -> Int {
        guard u1 == 0, a0 != 0 else { throw .EINVAL }
        var words: [(address: UInt, value: UInt32, isPrivate: Bool)] = []
        for index in 0..<UInt(2) {
            let entry = try UserMemory.load(FutexWaitv.self, at: a0 &+ index &* 24)
            guard entry.reserved == 0, entry.value >> 32 == 0 else { throw .EINVAL }
            words.append((UInt(entry.address), UInt32(truncatingIfNeeded: entry.value), try futexIsPrivate(entry.flags)))
        }
        guard words[0].isPrivate == words[1].isPrivate else { throw .EINVAL }
        return try Futexes.requeue(task, words[0].address, to: words[1].address, wake: i2, requeue: i3, expected: words[0].value,
                                   isPrivate: words[0].isPrivate)
    }

    /// set_robust_list(2)
    func sysSetRobustList() throws(Errno) -> Int {
        guard a1 == 24 else { throw .EINVAL }
        task.robustList = a0
        return 0
    }

    /// get_robust_list(2)
    func sysGetRobustList() throws(Errno) -> Int {
        guard let target = i0 == 0 ? task : TaskTable.shared.task(i0) else { throw Errno(3) }
        guard target.process === process || credentials.has(19) else { throw .EPERM }
        try UserMemory.store(UInt64(24), at: a2)
        try UserMemory.store(UInt64(target.robustList), at: a1)
        return 0
    }
}
