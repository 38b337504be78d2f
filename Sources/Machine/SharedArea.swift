import CMachine
import LinuxABI

/// The part of the arena that the monitor sees, by offset (MonitorProtocol names them). Offsets outside
/// it read as zero and are not written.
public enum SharedArea {
    @inline(__always)
    private static func pointer(_ offset: Int, _ count: Int) -> UnsafeMutableRawPointer? {
        guard offset >= 0, count >= 0, offset <= Int(ML_PROTOCOL_BYTES) - count else { return nil }
        return unsafe UnsafeMutableRawPointer(ml_arena() + offset)
    }

    public static func load32(_ offset: Int) -> UInt32 {
        guard let p = unsafe pointer(offset, 4) else { return 0 }
        return unsafe ml_atomic_load32(p.assumingMemoryBound(to: UInt32.self))
    }
    public static func store32(_ value: UInt32, _ offset: Int) {
        guard let p = unsafe pointer(offset, 4) else { return }
        unsafe ml_atomic_store32(p.assumingMemoryBound(to: UInt32.self), value)
    }
    public static func add32(_ value: UInt32, _ offset: Int) {
        guard let p = unsafe pointer(offset, 4) else { return }
        unsafe _ = ml_atomic_add32(p.assumingMemoryBound(to: UInt32.self), value)
    }
    public static func load64(_ offset: Int) -> UInt64 {
        guard let p = unsafe pointer(offset, 8) else { return 0 }
        return unsafe p.loadUnaligned(as: UInt64.self)
    }
    public static func store64(_ value: UInt64, _ offset: Int) {
        guard let p = unsafe pointer(offset, 8) else { return }
        unsafe p.storeBytes(of: value, as: UInt64.self)
    }
    public static func exchange64(_ value: UInt64, _ offset: Int) -> UInt64 {
        guard let p = unsafe pointer(offset, 8) else { return 0 }
        return unsafe ml_atomic_exchange64(p.assumingMemoryBound(to: UInt64.self), value)
    }
    public static func bytes(_ offset: Int, _ count: Int) -> [UInt8] {
        guard let p = unsafe pointer(offset, count), count > 0 else { return [] }
        return unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            unsafe ml_copy(buffer.baseAddress, p, UInt64(count))
            initialized = count
        }
    }
    public static func store(_ bytes: Span<UInt8>, _ offset: Int) {
        guard bytes.count > 0, let p = unsafe pointer(offset, bytes.count) else { return }
        unsafe bytes.withUnsafeBufferPointer { unsafe ml_copy(p, $0.baseAddress, UInt64($0.count)) }
    }
    /// Copies to the guest; returns how many bytes arrived.
    public static func copyOut(_ offset: Int, _ count: Int, to user: UInt) -> Int {
        guard count > 0, let p = unsafe pointer(offset, count), ml_user_range(UInt64(user), UInt64(count)) else { return 0 }
        return count - Int(unsafe ml_copy_user(UnsafeMutableRawPointer(bitPattern: user), p, UInt64(count)))
    }
    public static func copyIn(_ offset: Int, _ count: Int, from user: UInt) -> Int {
        guard count > 0, let p = unsafe pointer(offset, count), ml_user_range(UInt64(user), UInt64(count)) else { return 0 }
        return count - Int(unsafe ml_copy_user(p, UnsafeRawPointer(bitPattern: user), UInt64(count)))
    }
    /// Wakes host threads that sleep on the word at `offset` (shared futex).
    public static func wakeWaiters(_ offset: Int, _ count: Int32) {
        guard let p = unsafe pointer(offset, 4) else { return }
        _ = ml_gate(202, Int64(Int(bitPattern: p)), 1, Int64(count), 0, 0, 0)
    }
    /// Sleeps while the word at `offset` equals `seen`, at most until `deadline` (CLOCK_MONOTONIC ns). Drops the kernel lock.
    /// - Parameter spin: how often to look, with a pause each, before the sleep.
    public static func waitWhile(_ offset: Int, equals seen: UInt32, deadline: UInt64 = .max, spin: UInt32 = 0) {
        guard let p = unsafe pointer(offset, 4) else { return }
        KernelLock.dropped {
            let word = unsafe p.assumingMemoryBound(to: UInt32.self)
            var left = spin
            while left > 0 {
                if unsafe ml_atomic_load32(word) != seen { return }
                ml_pause()
                left &-= 1
            }
            unsafe ml_futex_wait(word, seen, deadline)
        }
    }
}
