import Glibc
import LinuxABI

/// A structure's bytes as they would be in user memory.
func bytes<T: ABIStruct>(of value: T) -> [UInt8] {
    var buffer = value.encoded()
    return withUnsafeBytes(of: &buffer) { Array($0.prefix(T.size)) }
}

/// The bytes of a C structure.
func rawBytes<T>(_ value: T) -> [UInt8] {
    var value = value
    return withUnsafeBytes(of: &value) { Array($0) }
}

/// Decodes a structure from bytes; missing ones are zero.
func decode<T: ABIStruct>(_ bytes: [UInt8], as type: T.Type = T.self) -> T {
    var buffer = T.Bytes()
    withUnsafeMutableBytes(of: &buffer) { $0.copyBytes(from: bytes.prefix(T.size)) }
    return T(decoding: buffer)
}

/// Whether a structure keeps every byte that it has a field for: encoding what was decoded from all
/// ones and from distinct bytes gives the same bytes, or zero where there is padding.
func roundTrips<T: ABIStruct>(_ type: T.Type) -> Bool {
    let pattern = (0..<T.size).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 11) | 1 }
    let result = bytes(of: decode(pattern, as: T.self))
    let again = bytes(of: decode(result, as: T.self))
    return result.count == T.size && again == result
        && zip(pattern, result).allSatisfy { $0 == $1 || $1 == 0 }
        && T.Bytes.capacity >= T.size && T.Bytes.capacity - T.size < 8
}

/// Makes a system call of the host. An argument is a number or a buffer that the call writes to.
///
/// - Returns: the result, or the negative error number.
func hostCall(_ call: Syscall, _ arguments: Int...) -> Int {
    typealias Call = @convention(c) (Int, Int, Int, Int, Int, Int, Int) -> Int
    guard let function = dlsym(nil, "syscall").map({ unsafeBitCast($0, to: Call.self) }) else { return -38 }
    let a = arguments + [Int](repeating: 0, count: 6 - arguments.count)
    let result = function(Int(call.rawValue), a[0], a[1], a[2], a[3], a[4], a[5])
    return result == -1 ? -Int(Glibc.errno) : result
}

/// A structure that a system call of the host fills in, and its bytes.
func filled<T: ABIStruct>(_ type: T.Type = T.self, _ call: (Int) -> Int) -> (value: T, bytes: [UInt8])? {
    var buffer = [UInt8](repeating: 0, count: T.size + 64)
    let result = buffer.withUnsafeMutableBytes { call(Int(bitPattern: $0.baseAddress)) }
    // Nothing may be written behind the structure: its size is the kernel's.
    guard result >= 0, buffer.dropFirst(T.size).allSatisfy({ $0 == 0 }) else { return nil }
    let bytes = Array(buffer.prefix(T.size))
    return (decode(bytes), bytes)
}

/// The address of a string for the time of a call.
func withPath(_ path: String, _ call: (Int) -> Int) -> Int {
    path.withCString { call(Int(bitPattern: $0)) }
}
