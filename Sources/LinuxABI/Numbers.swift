// Plain numbers in user memory, so that they can be loaded and stored like structures.

extension UInt8: ABIStruct {
    public typealias Bytes = ByteBuffer<1>
    @inlinable public static var size: Int { 1 }
    @inlinable public init(decoding bytes: Bytes) { self = bytes.load(0) }
    @inlinable public func encode(into bytes: inout Bytes) { bytes.store(self, 0) }
}

extension UInt16: ABIStruct {
    public typealias Bytes = ByteBuffer<1>
    @inlinable public static var size: Int { 2 }
    @inlinable public init(decoding bytes: Bytes) { self = bytes.load(0) }
    @inlinable public func encode(into bytes: inout Bytes) { bytes.store(self, 0) }
}

extension UInt32: ABIStruct {
    public typealias Bytes = ByteBuffer<1>
    @inlinable public static var size: Int { 4 }
    @inlinable public init(decoding bytes: Bytes) { self = bytes.load(0) }
    @inlinable public func encode(into bytes: inout Bytes) { bytes.store(self, 0) }
}

extension Int32: ABIStruct {
    public typealias Bytes = ByteBuffer<1>
    @inlinable public static var size: Int { 4 }
    @inlinable public init(decoding bytes: Bytes) { self = bytes.load(0) }
    @inlinable public func encode(into bytes: inout Bytes) { bytes.store(self, 0) }
}

extension UInt64: ABIStruct {
    public typealias Bytes = ByteBuffer<1>
    @inlinable public static var size: Int { 8 }
    @inlinable public init(decoding bytes: Bytes) { self = bytes.load(0) }
    @inlinable public func encode(into bytes: inout Bytes) { bytes.store(self, 0) }
}

extension Int64: ABIStruct {
    public typealias Bytes = ByteBuffer<1>
    @inlinable public static var size: Int { 8 }
    @inlinable public init(decoding bytes: Bytes) { self = bytes.load(0) }
    @inlinable public func encode(into bytes: inout Bytes) { bytes.store(self, 0) }
}

extension SignalSet: ABIStruct {
    public typealias Bytes = ByteBuffer<1>
    @inlinable public static var size: Int { 8 }
    @inlinable public init(decoding bytes: Bytes) { self.init(bits: bytes.load(0)) }
    @inlinable public func encode(into bytes: inout Bytes) { bytes.store(bits, 0) }
}

/// Two 32-bit numbers in a row, as pipe(2) and socketpair(2) write them.
public struct FdPair: ABIStruct {
    public var first: Int32
    public var second: Int32

    public typealias Bytes = ByteBuffer<1>
    @inlinable public static var size: Int { 8 }

    @inlinable
    public init(first: Int32, second: Int32) {
        self.first = first
        self.second = second
    }

    @inlinable
    public init(decoding bytes: Bytes) {
        first = bytes.load(0)
        second = bytes.load(4)
    }

    @inlinable
    public func encode(into bytes: inout Bytes) {
        bytes.store(first, 0)
        bytes.store(second, 4)
    }
}
