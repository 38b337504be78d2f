// Structures of the socket calls.

/// A message, sendmsg(2).
public struct Msghdr: ABIStruct {
    public var name: UInt64 = 0
    public var namelen: Int32 = 0
    public var iov: UInt64 = 0
    public var iovlen: UInt64 = 0
    public var control: UInt64 = 0
    public var controllen: UInt64 = 0
    /// MSG_*; only recvmsg(2) writes it.
    public var flags: UInt32 = 0

    public typealias Bytes = ByteBuffer<7>
    @inlinable public static var size: Int { 56 }

    @inlinable public init() {}

    @inlinable
    public init(decoding bytes: Bytes) {
        self.init(at: 0, in: bytes)
    }

    @inlinable
    public init<let words: Int>(at offset: Int, in bytes: ByteBuffer<words>) {
        name = bytes.load(offset)
        namelen = bytes.load(offset &+ 8)
        iov = bytes.load(offset &+ 16)
        iovlen = bytes.load(offset &+ 24)
        control = bytes.load(offset &+ 32)
        controllen = bytes.load(offset &+ 40)
        flags = bytes.load(offset &+ 48)
    }

    @inlinable
    public func encode(into bytes: inout Bytes) {
        encode(at: 0, into: &bytes)
    }

    @inlinable
    public func encode<let words: Int>(at offset: Int, into bytes: inout ByteBuffer<words>) {
        bytes.store(name, offset)
        bytes.store(namelen, offset &+ 8)
        bytes.store(iov, offset &+ 16)
        bytes.store(iovlen, offset &+ 24)
        bytes.store(control, offset &+ 32)
        bytes.store(controllen, offset &+ 40)
        bytes.store(flags, offset &+ 48)
    }
}

/// A message with its length, sendmmsg(2).
public struct Mmsghdr: ABIStruct {
    public var message: Msghdr = Msghdr()
    public var len: UInt32 = 0

    public typealias Bytes = ByteBuffer<8>
    @inlinable public static var size: Int { 64 }

    @inlinable public init() {}

    @inlinable
    public init(message: Msghdr, len: UInt32) {
        self.message = message
        self.len = len
    }

    @inlinable
    public init(decoding bytes: Bytes) {
        message = Msghdr(at: 0, in: bytes)
        len = bytes.load(56)
    }

    @inlinable
    public func encode(into bytes: inout Bytes) {
        message.encode(at: 0, into: &bytes)
        bytes.store(len, 56)
    }
}

/// The head of a control message, cmsg(3). The next begins at its length rounded up to 8.
public struct Cmsghdr: ABIStruct {
    /// With this head.
    public var len: UInt64 = 0
    public var level: Int32 = 0
    public var type: Int32 = 0

    public typealias Bytes = ByteBuffer<2>
    @inlinable public static var size: Int { 16 }

    @inlinable public init() {}

    @inlinable
    public init(len: UInt64, level: Int32, type: Int32) {
        self.len = len
        self.level = level
        self.type = type
    }

    @inlinable
    public init(decoding bytes: Bytes) {
        len = bytes.load(0)
        level = bytes.load(8)
        type = bytes.load(12)
    }

    @inlinable
    public func encode(into bytes: inout Bytes) {
        bytes.store(len, 0)
        bytes.store(level, 8)
        bytes.store(type, 12)
    }
}

/// SCM_CREDENTIALS and SO_PEERCRED, unix(7).
public struct UCred: ABIStruct {
    public var pid: Int32 = 0
    public var uid: UInt32 = 0
    public var gid: UInt32 = 0

    public typealias Bytes = ByteBuffer<2>
    @inlinable public static var size: Int { 12 }

    @inlinable public init() {}

    @inlinable
    public init(pid: Int32, uid: UInt32, gid: UInt32) {
        self.pid = pid
        self.uid = uid
        self.gid = gid
    }

    @inlinable
    public init(decoding bytes: Bytes) {
        pid = bytes.load(0)
        uid = bytes.load(4)
        gid = bytes.load(8)
    }

    @inlinable
    public func encode(into bytes: inout Bytes) {
        bytes.store(pid, 0)
        bytes.store(uid, 4)
        bytes.store(gid, 8)
    }
}

/// SO_LINGER, socket(7).
public struct Linger: ABIStruct {
    public var onoff: Int32 = 0
    public var seconds: Int32 = 0

    public typealias Bytes = ByteBuffer<1>
    @inlinable public static var size: Int { 8 }

    @inlinable public init() {}

    @inlinable
    public init(onoff: Int32, seconds: Int32) {
        self.onoff = onoff
        self.seconds = seconds
    }

    @inlinable
    public init(decoding bytes: Bytes) {
        onoff = bytes.load(0)
        seconds = bytes.load(4)
    }

    @inlinable
    public func encode(into bytes: inout Bytes) {
        bytes.store(onoff, 0)
        bytes.store(seconds, 4)
    }
}

/// An IPv4 address, ip(7).
public struct SockaddrIn: ABIStruct {
    public var family: UInt16 = 0
    /// In host order here; the bytes are in network order.
    public var port: UInt16 = 0
    /// In host order here; the bytes are in network order.
    public var address: UInt32 = 0

    public typealias Bytes = ByteBuffer<2>
    @inlinable public static var size: Int { 16 }

    @inlinable public init() {}

    @inlinable
    public init(family: UInt16, port: UInt16, address: UInt32) {
        self.family = family
        self.port = port
        self.address = address
    }

    @inlinable
    public init(decoding bytes: Bytes) {
        family = bytes.load(0)
        port = UInt16(bigEndian: bytes.load(2))
        address = UInt32(bigEndian: bytes.load(4))
    }

    @inlinable
    public func encode(into bytes: inout Bytes) {
        bytes.store(family, 0)
        bytes.store(port.bigEndian, 2)
        bytes.store(address.bigEndian, 4)
    }
}

/// An IPv6 address, ipv6(7).
public struct SockaddrIn6: ABIStruct {
    public var family: UInt16 = 0
    /// In host order here; the bytes are in network order.
    public var port: UInt16 = 0
    public var flowinfo: UInt32 = 0
    /// The first eight bytes as a number.
    public var addressHigh: UInt64 = 0
    /// The last eight bytes as a number.
    public var addressLow: UInt64 = 0
    public var scopeID: UInt32 = 0

    public typealias Bytes = ByteBuffer<4>
    @inlinable public static var size: Int { 28 }

    @inlinable public init() {}

    @inlinable
    public init(decoding bytes: Bytes) {
        family = bytes.load(0)
        port = UInt16(bigEndian: bytes.load(2))
        flowinfo = UInt32(bigEndian: bytes.load(4))
        addressHigh = UInt64(bigEndian: bytes.load(8))
        addressLow = UInt64(bigEndian: bytes.load(16))
        scopeID = bytes.load(24)
    }

    @inlinable
    public func encode(into bytes: inout Bytes) {
        bytes.store(family, 0)
        bytes.store(port.bigEndian, 2)
        bytes.store(flowinfo.bigEndian, 4)
        bytes.store(addressHigh.bigEndian, 8)
        bytes.store(addressLow.bigEndian, 16)
        bytes.store(scopeID, 24)
    }
}

/// An address of netlink(7).
public struct SockaddrNl: ABIStruct {
    public var family: UInt16 = 0
    public var pid: UInt32 = 0
    public var groups: UInt32 = 0

    public typealias Bytes = ByteBuffer<2>
    @inlinable public static var size: Int { 12 }

    @inlinable public init() {}

    @inlinable
    public init(family: UInt16, pid: UInt32, groups: UInt32) {
        self.family = family
        self.pid = pid
        self.groups = groups
    }

    @inlinable
    public init(decoding bytes: Bytes) {
        family = bytes.load(0)
        pid = bytes.load(4)
        groups = bytes.load(8)
    }

    @inlinable
    public func encode(into bytes: inout Bytes) {
        bytes.store(family, 0)
        bytes.store(pid, 4)
        bytes.store(groups, 8)
    }
}

// MARK: - Local addresses

/// An address of unix(7). Its length travels apart from it and tells the three kinds of names from
/// each other: see `nameLength(addressLength:)`.
public struct SockaddrUn: ABIStruct {
    public var family: UInt16 = 1
    public var path = InlineArray<108, UInt8>(repeating: 0)

    public typealias Bytes = ByteBuffer<14>
    @inlinable public static var size: Int { 110 }

    @inlinable public init() {}

    /// An address with a name, at most 108 bytes of it.
    public init(name: Span<UInt8>) {
        var index = 0
        while index < name.count, index < 108 {
            path[index] = name[index]
            index &+= 1
        }
    }

    /// How many bytes of `path` are the name, of an address that came with this length.
    ///
    /// 0: an unnamed socket. A first byte of zero: an abstract name, of all those bytes. Otherwise a
    /// path name, which ends at its zero.
    public func nameLength(addressLength: Int) -> Int {
        let length = addressLength < 2 ? 0 : addressLength > SockaddrUn.size ? 108 : addressLength &- 2
        guard length > 0, path[0] != 0 else { return length }
        var index = 0
        while index < length, path[index] != 0 { index &+= 1 }
        return index
    }

    public init(decoding bytes: Bytes) {
        family = bytes.load(0)
        var index = 0
        while index < 108 {
            path[index] = bytes[index &+ 2]
            index &+= 1
        }
    }

    public func encode(into bytes: inout Bytes) {
        bytes.store(family, 0)
        var index = 0
        while index < 108 {
            bytes[index &+ 2] = path[index]
            index &+= 1
        }
    }
}

extension Cmsghdr {
    /// CMSG_ALIGN(3): where the next part of a control buffer may begin.
    @inlinable
    public static func align(_ length: Int) -> Int { (length &+ 7) & ~7 }
}
