import LinuxABI
import Machine

/// Somebody who wants to know that something happened: a sleeping thread, or an epoll entry.
open class Waiter {
    public init() {}

    /// Called under the kernel lock by the queue's owner with the poll events that came true.
    /// Must not change the queue it was called from.
    /// - Returns: true if this waiter was exclusive and has been given the event.
    open func notify(_ events: UInt32) -> Bool { false }

    /// Exclusive waiters are woken one at a time.
    open var isExclusive: Bool { false }
}

/// A thread that sleeps.
public final class ThreadWaiter: Waiter {
    public let slot: ThreadSlot
    private let exclusive: Bool
    /// An exclusive waiter has been given an event and has not looked yet: the next event is for the next one.
    fileprivate var isNotified = false

    public init(slot: ThreadSlot = .current, exclusive: Bool = false) {
        self.slot = slot
        self.exclusive = exclusive
    }
    public override func notify(_ events: UInt32) -> Bool {
        if exclusive {
            if isNotified { return false }
            isNotified = true
        }
        slot.wake()
        return exclusive
    }
    public override var isExclusive: Bool { exclusive }
}

/// What a sleep may be ended by, besides the event it waits for.
public enum Interruption {
    /// Any unblocked signal: the call throws `ERESTARTSYS`.
    case signals
    /// Only the death of the task: the call throws `EINTR`, which nobody will see.
    case death
    case nothing

    /// Whether the calling thread has to give up its sleep now.
    @inline(__always)
    public var isPending: Bool {
        switch self {
        case .signals: ThreadSlot.work & (Work.signal | Work.exit) != 0
        case .death: ThreadSlot.work & Work.exit != 0
        case .nothing: false
        }
    }
}

/// Those who wait for a change of one object: the only way to sleep and to wake.
///
/// The pattern is Linux's: look at the condition, sleep, look again. Because all of it happens under the
/// kernel lock, and the sleep token is taken before the condition is looked at, no wake-up is lost.
public final class WaitQueue {
    private var waiters: [Waiter] = []

    public init() {}

    public var isEmpty: Bool { waiters.isEmpty }

    public func add(_ waiter: Waiter) { waiters.append(waiter) }

    public func remove(_ waiter: Waiter) {
        var index = waiters.count
        while index > 0 {
            index &-= 1
            if waiters[index] === waiter {
                waiters.remove(at: index)
                return
            }
        }
    }

    /// Tells all non-exclusive waiters and up to `exclusive` exclusive ones, in the order they came.
    @inline(__always)
    public func wake(_ events: UInt32 = .max, exclusive: Int = 1) {
        if !waiters.isEmpty { wakeWaiters(events, exclusive) }
    }

    public func wakeAll(_ events: UInt32 = .max) { wake(events, exclusive: .max) }

    @inline(never)
    private func wakeWaiters(_ events: UInt32, _ exclusive: Int) {
        var left = exclusive
        // A copy: a waiter may be removed by what notify does to other objects.
        let current = waiters
        for waiter in current {
            if waiter.isExclusive && left <= 0 { continue }
            if waiter.notify(events) { left &-= 1 }
        }
    }

    /// Sleeps until `condition` is true.
    /// - Parameters:
    ///   - deadline: CLOCK_MONOTONIC nanoseconds; `.max` for none.
    ///   - spin: iterations to spin before the sleep, for hand-overs that come soon.
    ///   - condition: looked at under the kernel lock.
    /// - Returns: false when the time has come first.
    /// - Throws: `ERESTARTSYS` if interrupted, or what `condition` throws.
    public func wait(deadline: UInt64 = .max, _ interruption: Interruption = .signals, exclusive: Bool = false,
                     spin: UInt32 = 0, until condition: () throws(Errno) -> Bool) throws(Errno) -> Bool {
        if try condition() { return true }
        let waiter = ThreadWaiter(exclusive: exclusive)
        add(waiter)
        defer { remove(waiter) }
        while true {
            let token = ThreadSlot.wakeToken
            waiter.isNotified = false
            if try condition() { return true }
            if interruption.isPending { throw .ERESTARTSYS }
            if deadline != .max, Clock.monotonic() >= deadline { return false }
            _ = ThreadSlot.sleep(token: token, deadline: deadline, spin: spin)
            SleepService.look()
        }
    }
}

/// Lets the calling thread sleep on no queue at all: until a signal, a wake-up of its slot, or the time.
public enum Sleep {
    /// - Returns: false when the deadline has come.
    /// - Throws: `ERESTARTSYS` if interrupted.
    public static func until(_ deadline: UInt64, _ interruption: Interruption = .signals, spin: UInt32 = 0,
                             condition: () -> Bool = { false }) throws(Errno) -> Bool {
        while true {
            let token = ThreadSlot.wakeToken
            if condition() { return true }
            if interruption.isPending { throw .ERESTARTSYS }
            if deadline != .max, Clock.monotonic() >= deadline { return false }
            _ = ThreadSlot.sleep(token: token, deadline: deadline, spin: spin)
            SleepService.look()
        }
    }
}

/// A lock that is held across sleeps and host calls, such as an address space's.
public final class SleepLock {
    private var isLocked = false
    private let queue = WaitQueue()
    /// Several processes take it.
    private let isShared: Bool

    /// - Parameter shared: threads of different processes take it, so it must not stay taken when the host kills one of them.
    public init(shared: Bool = true) { isShared = shared }

    @inline(__always)
    public func lock() {
        if !isLocked { isLocked = true } else { lockSlowly() }
        if isShared { ThreadSlot.hold() }
    }

    @inline(never)
    private func lockSlowly() {
        // Never interrupted, so it cannot throw.
        _ = try? queue.wait(.nothing, exclusive: true) { () throws(Errno) in !isLocked }
        isLocked = true
    }

    @inline(__always)
    public func unlock() {
        if isShared { ThreadSlot.letGo() }
        isLocked = false
        queue.wake()
    }

    public var isHeld: Bool { isLocked }
}
