import CMachine
import LinuxABI

/// The one lock of the kernel. See docs/architecture.md, "Locking".
public enum KernelLock {
    @inline(__always) public static func acquire() { ml_lock() }
    /// For the one who has to act even if it is never released again.
    /// - Returns: whether the lock was taken, within some milliseconds.
    public static func acquireIfSoonFree() -> Bool { ml_lock_if_soon_free() }
    /// Releases, then performs the wake-ups that were asked for meanwhile.
    @inline(__always) public static func release() { ml_unlock() }
    public static var isHeld: Bool { ml_lock_held() }

    /// Runs `body` without the lock, for host calls that take long. Kernel state may change meanwhile.
    @inline(__always)
    public static func dropped<R>(_ body: () -> R) -> R {
        ml_unlock()
        let result = body()
        ml_lock()
        return result
    }
}

extension KernelLock {
    /// Like ``dropped(_:)``, for calls that fail.
    @inline(__always)
    public static func droppedThrowing(_ body: () throws(Errno) -> Void) throws(Errno) {
        ml_unlock()
        defer { ml_lock() }
        try body()
    }
}

/// What a thread must look at before it returns to the guest.
public enum Work {
    public static var signal: UInt32 { 1 }
    public static var exit: UInt32 { 2 }
    /// The frame was changed: restore all registers from it.
    public static var fullRestore: UInt32 { 4 }
    public static var trace: UInt32 { 8 }
    /// The thread looks after its timers and its affinity; does not end a sleep.
    public static var housekeeping: UInt32 { 16 }
    /// The thread does something for others, in the middle of a sleep or on its way out; does not end a sleep.
    public static var service: UInt32 { 32 }
}

/// One host thread's place in the arena: kernel stack, register frame, control block, sleep word.
public struct ThreadSlot: Equatable, Sendable {
    public let index: UInt32

    @inline(__always) public init(index: UInt32) { self.index = index }
    @inline(__always) public static func == (a: ThreadSlot, b: ThreadSlot) -> Bool { a.index == b.index }

    /// The slot of the calling thread.
    @inline(__always)
    public static var current: ThreadSlot { ThreadSlot(index: unsafe ml_current().pointee.slot) }

    /// A slot for a new thread, or nil when all are taken.
    public static func allocate() -> ThreadSlot? {
        let index = ml_slot_allocate()
        return index == UInt32.max ? nil : ThreadSlot(index: index)
    }

    /// Gives the slot back. It is used again once its host thread has ended (``Host/exitThread``).
    public func release() { ml_slot_free(index) }
    /// The calls its thread has made so far are those of a task that has ended.
    public func settleCalls() { ml_slot_settle(index) }
    /// For a slot whose host thread never came to life or has been reaped.
    public func markUnused() { unsafe ml_block_of_slot(index).pointee.flags = 0 }

    /// Whether its thread sleeps in the kernel.
    public var isSleeping: Bool { unsafe ml_block_of_slot(index).pointee.sleep_state != 0 }

    public var hostThread: Int32 { Int32(truncatingIfNeeded: unsafe ml_block_of_slot(index).pointee.host_tid) }

    /// The object this thread runs for, held weakly: whoever sets it keeps it alive.
    @inline(__always)
    public static func currentObject<T: AnyObject>(_ type: T.Type) -> T {
        unsafe Unmanaged<T>.fromOpaque(ml_current().pointee.task!).takeUnretainedValue()
    }
    /// Whether its thread runs for another object just now.
    public func isLent<T: AnyObject>(by object: T) -> Bool {
        unsafe ml_block_of_slot(index).pointee.task != Unmanaged.passUnretained(object).toOpaque()
    }
    public func setObject<T: AnyObject>(_ object: T) {
        unsafe ml_block_of_slot(index).pointee.task = Unmanaged.passUnretained(object).toOpaque()
    }

    /// Whether ``setObject(_:)`` was called with this object last.
    public func runs<T: AnyObject>(_ object: T) -> Bool {
        unsafe ml_block_of_slot(index).pointee.task == Unmanaged.passUnretained(object).toOpaque()
    }

    /// Whom the thread runs for: what traces and panic reports say. `name` counts up to its 15th byte.
    public func setIdentity(pid: Int32, tid: Int32, name: Span<UInt8>) {
        let block = unsafe ml_block_of_slot(index)
        unsafe block.pointee.guest_pid = pid
        unsafe block.pointee.guest_tid = tid
        unsafe withUnsafeMutableBytes(of: &block.pointee.guest_name) { text in
            for place in 0..<16 { unsafe text[place] = place < 15 && place < name.count ? name[place] : 0 }
        }
    }
    /// Process and thread that the calling thread runs for; 0 for the kernel's own threads before they have one.
    public static var identity: (pid: Int32, tid: Int32) {
        let block = unsafe ml_current()
        return (unsafe block.pointee.guest_pid, unsafe block.pointee.guest_tid)
    }
    /// System calls the thread has made.
    public var callCount: UInt64 { unsafe ml_block_of_slot(index).pointee.last_call_index }
    /// System calls made by threads that have ended.
    public static var callsOfEnded: UInt64 { ml_calls_of_ended() }

    /// Counts what the calling thread holds across moments without the kernel lock, and others wait for.
    @inline(__always) public static func hold() { ml_hold() }
    @inline(__always) public static func letGo() { ml_let_go() }
    /// Whether the thread is between ``hold()`` and ``letGo()``.
    public var isHolding: Bool { unsafe ml_block_of_slot(index).pointee.held != 0 }

    /// Wakes the thread from ``sleep``. Under the kernel lock; takes effect at its release.
    @inline(__always) public func wake() { ml_wake(index) }
    /// Makes the thread enter the kernel soon if it runs guest code.
    public func kick() { ml_kick(index) }

    public func postWork(_ work: UInt32) { unsafe _ = ml_atomic_or32(&ml_block_of_slot(index).pointee.work, work) }
    public static func clearWork(_ work: UInt32) { unsafe _ = ml_atomic_and32(&ml_current().pointee.work, ~work) }
    @inline(__always)
    public static var work: UInt32 { unsafe ml_atomic_load32(&ml_current().pointee.work) }
    /// Marks the current frame as changed, so that all registers are restored from it.
    @inline(__always)
    public static func requireFullRestore() { unsafe _ = ml_atomic_or32(&ml_current().pointee.work, 4) }

    /// A token for ``sleep``: a wake-up after it was taken ends the sleep at once.
    @inline(__always)
    public static var wakeToken: UInt32 { unsafe ml_current().pointee.wake_word }

    /// Sleeps until somebody wakes this thread or `deadline` (CLOCK_MONOTONIC, nanoseconds; `.max`: never)
    /// has come. The kernel lock is held at the call and after it, and free meanwhile.
    /// - Returns: true if it was woken.
    public static func sleep(token: UInt32, deadline: UInt64, spin: UInt32 = 0) -> Bool {
        ml_sleep(token, deadline, spin)
    }
}

/// A kernel module's root object, at a fixed place in shared memory. `index` is unique for each module.
public struct Root<T: AnyObject>: Sendable {
    private let index: Int
    public init(_ index: Int) { self.index = index }

    /// The object; set once at boot, before any guest runs, and kept for ever.
    @inline(__always)
    public var object: T {
        unsafe Unmanaged<T>.fromOpaque(ml_root(Int64(index))).takeUnretainedValue()
    }
    public var isSet: Bool { ml_has_root(Int64(index)) }
    public func set(_ object: T) { unsafe ml_set_root(Int64(index), Unmanaged.passRetained(object).toOpaque()) }
}

/// Numbers of the root objects.
public enum RootIndex {
    public static var base: Int { 0 }
    public static var vfs: Int { 1 }
    public static var tasks: Int { 2 }
    public static var timers: Int { 3 }
    public static var ipc: Int { 4 }
    public static var hostfs: Int { 5 }
    public static var terminals: Int { 6 }
    public static var memory: Int { 7 }
    public static var image: Int { 8 }
    public static var console: Int { 9 }
    public static var memfds: Int { 15 }
    public static var pageReclaimer: Int { 20 }
}
