// Structures of poll(2) and epoll(7).

/// One entry of poll(2).
public struct PollFd: ABIStruct {
    /// Negative: ignore the entry.
    public var fd: Int32 = 0
    public var events: UInt16 = 0
    public var revents: UInt16 = 0

    public typealias Bytes = ByteBuffer<1>
    @inlinable public static var size: Int { 8 }

    @inlinable public init() {}

    @inlinable
    public init(fd: Int32, events: UInt16, revents: UInt16) {
        self.fd = fd
        self.events = events
        self.revents = revents
    }

    @inlinable
    public init(decoding bytes: Bytes) {
        fd = bytes.load(0)
        events = bytes.load(4)
        revents = bytes.load(6)
    }

    @inlinable
    public func encode(into bytes: inout Bytes) {
        bytes.store(fd, 0)
        bytes.store(events, 4)
        bytes.store(revents, 6)
    }
}

/// An event of epoll(7), packed on x86-64.
public struct EpollEvent: ABIStruct {
    /// EPOLL*.
    public var events: UInt32 = 0
    /// The caller's.
    public var data: UInt64 = 0

    public typealias Bytes = ByteBuffer<2>
    @inlinable public static var size: Int { 12 }

    @inlinable public init() {}

    @inlinable
    public init(events: UInt32, data: UInt64) {
        self.events = events
        self.data = data
    }

    @inlinable
    public init(decoding bytes: Bytes) {
        events = bytes.load(0)
        data = bytes.load(4)
    }

    @inlinable
    public func encode(into bytes: inout Bytes) {
        bytes.store(events, 0)
        bytes.store(data, 4)
    }
}
