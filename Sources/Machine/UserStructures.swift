import CMachine
import LinuxABI

extension UserMemory {
    /// Loads a structure of the system call interface.
    @_disfavoredOverload @inline(__always)
    public static func load<T: ABIStruct>(_ type: T.Type, at address: UInt) throws(Errno) -> T {
        T(decoding: try loadBytes(T.Bytes.self, count: T.size, at: address))
    }

    /// Loads the first `count` bytes of a structure that callers pass with its size; the rest is zero.
    public static func load<T: ExtensibleABIStruct>(_ type: T.Type, size: UInt, at address: UInt) throws(Errno) -> T {
        guard size >= UInt(T.minimumSize) else { throw .EINVAL }
        guard size <= 4096 else { throw Errno(7) }
        if size > UInt(T.size) {
            // A newer caller: what we do not know must be zero.
            let rest = try copyIn(Int(size) - T.size, from: address &+ UInt(T.size))
            for byte in rest where byte != 0 { throw Errno(7) }
        }
        return T(decoding: try loadBytes(T.Bytes.self, count: min(Int(size), T.size), at: address))
    }

    @inline(__always)
    private static func loadBytes<B: FixedBytes>(_ type: B.Type, count: Int, at address: UInt) throws(Errno) -> B {
        var bytes = B()
        let count = min(count, B.capacity)
        guard ml_user_range(UInt64(address), UInt64(count)) else { throw .EFAULT }
        let missed = unsafe withUnsafeMutableBytes(of: &bytes) {
            unsafe ml_copy_user($0.baseAddress, UnsafeRawPointer(bitPattern: address), UInt64(count))
        }
        guard missed == 0 else { throw .EFAULT }
        return bytes
    }

    /// Stores a structure of the system call interface.
    @_disfavoredOverload @inline(__always)
    public static func store<T: ABIStruct>(_ value: T, at address: UInt) throws(Errno) {
        try store(value, at: address, size: T.size)
    }

    /// Stores the first `size` bytes of a structure.
    @inline(__always)
    public static func store<T: ABIStruct>(_ value: T, at address: UInt, size: Int) throws(Errno) {
        var bytes = value.encoded()
        let count = min(size, T.size)
        guard ml_user_range(UInt64(address), UInt64(count)) else { throw .EFAULT }
        let missed = unsafe withUnsafeMutableBytes(of: &bytes) {
            unsafe ml_copy_user(UnsafeMutableRawPointer(bitPattern: address), $0.baseAddress, UInt64(count))
        }
        guard missed == 0 else { throw .EFAULT }
    }
}
