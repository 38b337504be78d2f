import CMachine
import LinuxABI

/// The guest's memory, reached only through copies that may fail.
///
/// A guest address is an allegation: any of these throws `EFAULT` when the range lies outside the
/// guest's part of the address space or is not mapped with the needed permission. Data that a guest
/// thread changes meanwhile may be torn; nothing is ever read twice.
///
/// Concurrency: any thread, kernel lock held or not. A copy may take a page fault.
public enum UserMemory {
    /// Loads an integer of 1, 2, 4 or 8 bytes.
    @inline(__always)
    public static func load<T: FixedWidthInteger>(_ type: T.Type, at address: UInt) throws(Errno) -> T {
        var value: UInt64 = 0
        guard unsafe ml_load_user(UInt64(address), UInt32(MemoryLayout<T>.size), &value) else { throw .EFAULT }
        return T(truncatingIfNeeded: value)
    }

    @inline(__always)
    public static func store<T: FixedWidthInteger>(_ value: T, at address: UInt) throws(Errno) {
        guard ml_store_user(UInt64(address), UInt32(MemoryLayout<T>.size), UInt64(truncatingIfNeeded: value)) else {
            throw .EFAULT
        }
    }

    /// Fills `bytes` from the guest.
    public static func copyIn(_ bytes: inout MutableSpan<UInt8>, from address: UInt) throws(Errno) {
        guard copyInPartly(&bytes, from: address) == bytes.count else { throw .EFAULT }
    }

    /// Fills `bytes` as far as the guest's memory goes.
    /// - Returns: the number of bytes copied.
    public static func copyInPartly(_ bytes: inout MutableSpan<UInt8>, from address: UInt) -> Int {
        let count = bytes.count
        guard count > 0 else { return 0 }
        guard ml_user_range(UInt64(address), UInt64(count)) else { return 0 }
        return unsafe bytes.withUnsafeMutableBufferPointer { buffer in
            count - Int(unsafe ml_copy_user(buffer.baseAddress, UnsafeRawPointer(bitPattern: address), UInt64(count)))
        }
    }

    public static func copyIn(_ count: Int, from address: UInt) throws(Errno) -> [UInt8] {
        guard count > 0 else { return [] }
        guard count <= 1 << 26 else { throw .ENOMEM }
        var missed: UInt64 = 0
        guard ml_user_range(UInt64(address), UInt64(count)) else { throw .EFAULT }
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            unsafe missed = ml_copy_user(buffer.baseAddress, UnsafeRawPointer(bitPattern: address), UInt64(count))
            initialized = count
        }
        guard missed == 0 else { throw .EFAULT }
        return bytes
    }

    public static func copyOut(_ bytes: Span<UInt8>, to address: UInt) throws(Errno) {
        guard copyOutPartly(bytes, to: address) == bytes.count else { throw .EFAULT }
    }

    public static func copyOutPartly(_ bytes: Span<UInt8>, to address: UInt) -> Int {
        let count = bytes.count
        guard count > 0 else { return 0 }
        guard ml_user_range(UInt64(address), UInt64(count)) else { return 0 }
        return unsafe bytes.withUnsafeBufferPointer { buffer in
            count - Int(unsafe ml_copy_user(UnsafeMutableRawPointer(bitPattern: address), buffer.baseAddress, UInt64(count)))
        }
    }

    /// Writes zeros. Returns the number of bytes written before a fault.
    /// - Parameter unlocked: the kernel lock is free meanwhile.
    public static func clearPartly(_ count: Int, at address: UInt, unlocked: Bool = false) -> Int {
        guard count > 0, ml_user_range(UInt64(address), UInt64(count)) else { return 0 }
        let target = unsafe UnsafeMutableRawPointer(bitPattern: address)
        return count - Int(unsafe unlocked ? ml_clear_user_unlocked(target, UInt64(count)) : ml_clear_user(target, UInt64(count)))
    }

    /// A string that ends with NUL, without the NUL.
    /// - Throws: `EFAULT`; `ENAMETOOLONG` if there is no NUL within `limit` bytes (the NUL included).
    public static func string(at address: UInt, limit: Int) throws(Errno) -> [UInt8] {
        let length = ml_strnlen_user(UInt64(address), UInt64(limit))
        guard length >= 0 else { throw .EFAULT }
        guard length < limit else { throw Errno(36) }
        return try copyIn(Int(length), from: address)
    }

    /// The length of a string including its NUL; `limit + 1` if it is longer than that.
    public static func stringSize(at address: UInt, limit: Int) throws(Errno) -> Int {
        let length = ml_strnlen_user(UInt64(address), UInt64(limit))
        guard length >= 0 else { throw .EFAULT }
        return Int(length) &+ 1
    }

    /// Atomically replaces the 32-bit word at `address` if it equals `expected`.
    /// - Returns: the value found.
    public static func compareExchange(at address: UInt, expected: UInt32, desired: UInt32) throws(Errno) -> UInt32 {
        var seen: UInt32 = 0
        guard unsafe ml_cmpxchg_user(UInt64(address), expected, desired, &seen) == 0 else { throw .EFAULT }
        return seen
    }

    /// Whether the range lies in the guest's part of the address space (it may still be unmapped).
    @inline(__always)
    public static func isUserRange(_ address: UInt, _ count: UInt) -> Bool {
        ml_user_range(UInt64(address), UInt64(count))
    }

    /// Bytes of an XSAVE area that holds this machine's vector and x87 state.
    public static var vectorStateSize: Int { Int(unsafe ml_machine_info().pointee.xsave_size) }
    public static var vectorStateMask: UInt64 { unsafe ml_machine_info().pointee.xsave_mask }

    /// Stores the thread's live vector and x87 state at a 64-byte aligned user address.
    public static func saveVectorState(at address: UInt) throws(Errno) {
        guard ml_xsave_user(UInt64(address)) else { throw .EFAULT }
    }

    /// Loads the live vector and x87 state; a malformed area is `EFAULT`.
    public static func restoreVectorState(from address: UInt) throws(Errno) {
        guard ml_xrstor_user(UInt64(address)) else { throw .EFAULT }
    }
}
