// The byte layout of the kernel's structures.
//
// A structure that crosses the system call boundary is a Swift struct with plain fields that conforms
// to `ABIStruct`. Its layout in user memory is written out by hand, field by field at its offset, in
// `init(decoding:)` and `encode(into:)`; so the Swift struct may have its fields in any order and type.
//
// `Bytes` is a buffer with room for exactly the structure, rounded up to whole words. It lives on the
// stack, starts as zeros, and is what travels: user memory is copied into it before decoding and from
// it after encoding, so padding and reserved fields are zero and never leak kernel memory. The module
// that copies user memory (it may be unsafe) does so generically, specialised for each structure:
//
//     func load<T: ABIStruct>(_ address: UInt64) throws(Errno) -> T {
//         var bytes = T.Bytes()
//         try unsafe withUnsafeMutableBytes(of: &bytes) { (buffer) throws(Errno) in
//             try unsafe copyIn(buffer.baseAddress, from: address, count: T.size)
//         }
//         return T(decoding: bytes)
//     }
//
//     func store<T: ABIStruct>(_ value: T, at address: UInt64) throws(Errno) {
//         var bytes = value.encoded()
//         ... copyOut(buffer.baseAddress, to: address, count: T.size)
//     }
//
// Why no `span` of the bytes: Swift 6.3.1 compiles `value.encoded().span` in such generic code to a
// span over a copy that is already gone. And why words: LLVM does not merge neighbouring byte stores,
// while shifts and masks of words with constant offsets come out as one instruction for each field.

/// A structure of the system call interface with a fixed layout in user memory.
public protocol ABIStruct: Sendable {
    /// Room for the structure: `ByteBuffer<words>` with `words` = size / 8, rounded up.
    associatedtype Bytes: FixedBytes

    /// The size of the structure in user memory, in bytes.
    static var size: Int { get }

    /// Reads the structure from its bytes. Any bytes are accepted: checking values is the call's work.
    init(decoding bytes: Bytes)

    /// Writes the structure's fields. `bytes` must be zero before, as padding is not written.
    func encode(into bytes: inout Bytes)
}

extension ABIStruct {
    /// The structure as it is in user memory.
    @inlinable
    public func encoded() -> Bytes {
        var bytes = Bytes()
        encode(into: &bytes)
        return bytes
    }
}

/// A structure that a caller passes together with its size, because later kernels append fields.
///
/// The rule of Linux, copy_struct_from_user(): a size below `minimumSize` is EINVAL; a smaller size
/// than ours leaves the missing fields zero, so copy only that many bytes into the zeroed buffer; a
/// larger size is accepted if all bytes beyond ours are zero, and E2BIG otherwise.
public protocol ExtensibleABIStruct: ABIStruct {
    /// The size of the first published version, in bytes.
    static var minimumSize: Int { get }
}

/// A number of bytes that is known when compiling, all zero at first.
///
/// It is nothing but these bytes, aligned to 8, so `withUnsafeBytes(of:)` gives them.
public protocol FixedBytes: BitwiseCopyable, Sendable {
    /// How many bytes there are.
    static var capacity: Int { get }

    init()
}

/// The bytes of a structure, with numbers in little-endian order at byte offsets of any alignment.
///
/// No access traps: a number that is not wholly inside reads as 0, and is not written.
public struct ByteBuffer<let words: Int>: FixedBytes {
    @usableFromInline var storage: InlineArray<words, UInt64>

    @inlinable @inline(__always)
    public init() { storage = InlineArray(repeating: 0) }

    @inlinable @inline(__always)
    public static var capacity: Int { words &* 8 }

    /// The number at `offset`, of the width of the type it is assigned to.
    @inlinable @inline(__always)
    public func load<T: FixedWidthInteger>(_ offset: Int) -> T {
        guard offset >= 0, offset <= words &* 8 &- T.bitWidth / 8 else { return 0 }
        let index = offset &>> 3
        let shift = UInt64(truncatingIfNeeded: (offset & 7) &* 8)
        var value = storage[index] &>> shift
        if Int(truncatingIfNeeded: shift) &+ T.bitWidth > 64 {
            value |= storage[index &+ 1] &<< (64 &- shift)
        }
        return T(truncatingIfNeeded: value)
    }

    /// Writes a number at `offset`, of the width of its type.
    @inlinable @inline(__always)
    public mutating func store<T: FixedWidthInteger>(_ value: T, _ offset: Int) {
        guard offset >= 0, offset <= words &* 8 &- T.bitWidth / 8 else { return }
        let index = offset &>> 3
        let shift = UInt64(truncatingIfNeeded: (offset & 7) &* 8)
        let mask = ~UInt64(0) &>> UInt64(truncatingIfNeeded: 64 &- T.bitWidth)
        let bits = UInt64(truncatingIfNeeded: value) & mask
        storage[index] = storage[index] & ~(mask &<< shift) | bits &<< shift
        if Int(truncatingIfNeeded: shift) &+ T.bitWidth > 64 {
            let rest = 64 &- shift
            storage[index &+ 1] = storage[index &+ 1] & ~(mask &>> rest) | bits &>> rest
        }
    }

    /// The byte at `offset`.
    @inlinable
    public subscript(offset: Int) -> UInt8 {
        get { load(offset) }
        set { store(newValue, offset) }
    }

    /// Copies bytes to `offset`, as many as fit below `end`.
    @inlinable
    public mutating func store(_ bytes: Span<UInt8>, _ offset: Int, upTo end: Int) {
        var index = 0
        while index < bytes.count, offset &+ index < end {
            store(bytes[index], offset &+ index)
            index &+= 1
        }
    }
}
