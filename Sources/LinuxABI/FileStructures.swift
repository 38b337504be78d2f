// Structures of the calls on files: stat and its relatives, directory entries, locks, vectors.

/// The attributes of a file, stat(2).
public struct Stat: ABIStruct {
    public var dev: UInt64 = 0
    public var ino: UInt64 = 0
    public var nlink: UInt64 = 0
    /// Type and permissions, S_IF* and below.
    public var mode: UInt32 = 0
    public var uid: UInt32 = 0
    public var gid: UInt32 = 0
    /// The device that a device node stands for.
    public var rdev: UInt64 = 0
    public var size: Int64 = 0
    public var blksize: Int64 = 0
    /// Space used, in units of 512 bytes.
    public var blocks: Int64 = 0
    public var atime: Timespec = Timespec()
    public var mtime: Timespec = Timespec()
    public var ctime: Timespec = Timespec()

    public typealias Bytes = ByteBuffer<18>
    @inlinable public static var size: Int { 144 }

    @inlinable public init() {}

    @inlinable
    public init(decoding bytes: Bytes) {
        dev = bytes.load(0)
        ino = bytes.load(8)
        nlink = bytes.load(16)
        mode = bytes.load(24)
        uid = bytes.load(28)
        gid = bytes.load(32)
        rdev = bytes.load(40)
        size = bytes.load(48)
        blksize = bytes.load(56)
        blocks = bytes.load(64)
        atime = Timespec(at: 72, in: bytes)
        mtime = Timespec(at: 88, in: bytes)
        ctime = Timespec(at: 104, in: bytes)
    }

    @inlinable
    public func encode(into bytes: inout Bytes) {
        bytes.store(dev, 0)
        bytes.store(ino, 8)
        bytes.store(nlink, 16)
        bytes.store(mode, 24)
        bytes.store(uid, 28)
        bytes.store(gid, 32)
        bytes.store(rdev, 40)
        bytes.store(size, 48)
        bytes.store(blksize, 56)
        bytes.store(blocks, 64)
        atime.encode(at: 72, into: &bytes)
        mtime.encode(at: 88, into: &bytes)
        ctime.encode(at: 104, into: &bytes)
    }
}

/// A time in struct statx.
public struct StatxTimestamp: ABIStruct {
    public var seconds: Int64 = 0
    public var nanoseconds: UInt32 = 0

    public typealias Bytes = ByteBuffer<2>
    @inlinable public static var size: Int { 16 }

    @inlinable public init() {}

    @inlinable
    public init(seconds: Int64, nanoseconds: UInt32) {
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }

    @inlinable
    public init(decoding bytes: Bytes) {
        self.init(at: 0, in: bytes)
    }

    @inlinable
    public init<let words: Int>(at offset: Int, in bytes: ByteBuffer<words>) {
        seconds = bytes.load(offset)
        nanoseconds = bytes.load(offset &+ 8)
    }

    @inlinable
    public func encode(into bytes: inout Bytes) {
        encode(at: 0, into: &bytes)
    }

    @inlinable
    public func encode<let words: Int>(at offset: Int, into bytes: inout ByteBuffer<words>) {
        bytes.store(seconds, offset)
        bytes.store(nanoseconds, offset &+ 8)
    }
}

/// The attributes of a file, statx(2).
public struct Statx: ABIStruct {
    /// Which fields are filled in, STATX_*.
    public var mask: UInt32 = 0
    public var blksize: UInt32 = 0
    /// STATX_ATTR_*.
    public var attributes: UInt64 = 0
    public var nlink: UInt32 = 0
    public var uid: UInt32 = 0
    public var gid: UInt32 = 0
    public var mode: UInt16 = 0
    public var ino: UInt64 = 0
    public var size: UInt64 = 0
    /// Space used, in units of 512 bytes.
    public var blocks: UInt64 = 0
    /// Which attributes this file system knows.
    public var attributesMask: UInt64 = 0
    public var atime: StatxTimestamp = StatxTimestamp()
    public var btime: StatxTimestamp = StatxTimestamp()
    public var ctime: StatxTimestamp = StatxTimestamp()
    public var mtime: StatxTimestamp = StatxTimestamp()
    public var rdevMajor: UInt32 = 0
    public var rdevMinor: UInt32 = 0
    public var devMajor: UInt32 = 0
    public var devMinor: UInt32 = 0
    public var mountID: UInt64 = 0
    public var dioMemAlign: UInt32 = 0
    public var dioOffsetAlign: UInt32 = 0
    public var subvol: UInt64 = 0
    public var atomicWriteUnitMin: UInt32 = 0
    public var atomicWriteUnitMax: UInt32 = 0
    public var atomicWriteSegmentsMax: UInt32 = 0
    public var dioReadOffsetAlign: UInt32 = 0

    public typealias Bytes = ByteBuffer<32>
    @inlinable public static var size: Int { 256 }

    @inlinable public init() {}

    @inlinable
    public init(decoding bytes: Bytes) {
        mask = bytes.load(0)
        blksize = bytes.load(4)
        attributes = bytes.load(8)
        nlink = bytes.load(16)
        uid = bytes.load(20)
        gid = bytes.load(24)
        mode = bytes.load(28)
        ino = bytes.load(32)
        size = bytes.load(40)
        blocks = bytes.load(48)
        attributesMask = bytes.load(56)
        atime = StatxTimestamp(at: 64, in: bytes)
        btime = StatxTimestamp(at: 80, in: bytes)
        ctime = StatxTimestamp(at: 96, in: bytes)
        mtime = StatxTimestamp(at: 112, in: bytes)
        rdevMajor = bytes.load(128)
        rdevMinor = bytes.load(132)
        devMajor = bytes.load(136)
        devMinor = bytes.load(140)
        mountID = bytes.load(144)
        dioMemAlign = bytes.load(152)
        dioOffsetAlign = bytes.load(156)
        subvol = bytes.load(160)
        atomicWriteUnitMin = bytes.load(168)
        atomicWriteUnitMax = bytes.load(172)
        atomicWriteSegmentsMax = bytes.load(176)
        dioReadOffsetAlign = bytes.load(180)
    }

    @inlinable
    public func encode(into bytes: inout Bytes) {
        bytes.store(mask, 0)
        bytes.store(blksize, 4)
        bytes.store(attributes, 8)
        bytes.store(nlink, 16)
        bytes.store(uid, 20)
        bytes.store(gid, 24)
        bytes.store(mode, 28)
        bytes.store(ino, 32)
        bytes.store(size, 40)
        bytes.store(blocks, 48)
        bytes.store(attributesMask, 56)
        atime.encode(at: 64, into: &bytes)
        btime.encode(at: 80, into: &bytes)
        ctime.encode(at: 96, into: &bytes)
        mtime.encode(at: 112, into: &bytes)
        bytes.store(rdevMajor, 128)
        bytes.store(rdevMinor, 132)
        bytes.store(devMajor, 136)
        bytes.store(devMinor, 140)
        bytes.store(mountID, 144)
        bytes.store(dioMemAlign, 152)
        bytes.store(dioOffsetAlign, 156)
        bytes.store(subvol, 160)
        bytes.store(atomicWriteUnitMin, 168)
        bytes.store(atomicWriteUnitMax, 172)
        bytes.store(atomicWriteSegmentsMax, 176)
        bytes.store(dioReadOffsetAlign, 180)
    }
}

/// A file system, statfs(2).
public struct Statfs: ABIStruct {
    /// One of the *_MAGIC numbers.
    public var type: Int64 = 0
    public var bsize: Int64 = 0
    public var blocks: UInt64 = 0
    public var bfree: UInt64 = 0
    public var bavail: UInt64 = 0
    public var files: UInt64 = 0
    public var ffree: UInt64 = 0
    public var fsid: UInt64 = 0
    public var namelen: Int64 = 0
    public var frsize: Int64 = 0
    /// ST_*.
    public var flags: Int64 = 0

    public typealias Bytes = ByteBuffer<15>
    @inlinable public static var size: Int { 120 }

    @inlinable public init() {}

    @inlinable
    public init(decoding bytes: Bytes) {
        type = bytes.load(0)
        bsize = bytes.load(8)
        blocks = bytes.load(16)
        bfree = bytes.load(24)
        bavail = bytes.load(32)
        files = bytes.load(40)
        ffree = bytes.load(48)
        fsid = bytes.load(56)
        namelen = bytes.load(64)
        frsize = bytes.load(72)
        flags = bytes.load(80)
    }

    @inlinable
    public func encode(into bytes: inout Bytes) {
        bytes.store(type, 0)
        bytes.store(bsize, 8)
        bytes.store(blocks, 16)
        bytes.store(bfree, 24)
        bytes.store(bavail, 32)
        bytes.store(files, 40)
        bytes.store(ffree, 48)
        bytes.store(fsid, 56)
        bytes.store(namelen, 64)
        bytes.store(frsize, 72)
        bytes.store(flags, 80)
    }
}

/// A record lock, fcntl(2).
public struct Flock: ABIStruct {
    /// F_RDLCK, F_WRLCK or F_UNLCK.
    public var type: Int16 = 0
    public var whence: Int16 = 0
    public var start: Int64 = 0
    /// 0 means to the end of the file.
    public var len: Int64 = 0
    public var pid: Int32 = 0

    public typealias Bytes = ByteBuffer<4>
    @inlinable public static var size: Int { 32 }

    @inlinable public init() {}

    @inlinable
    public init(decoding bytes: Bytes) {
        type = bytes.load(0)
        whence = bytes.load(2)
        start = bytes.load(8)
        len = bytes.load(16)
        pid = bytes.load(24)
    }

    @inlinable
    public func encode(into bytes: inout Bytes) {
        bytes.store(type, 0)
        bytes.store(whence, 2)
        bytes.store(start, 8)
        bytes.store(len, 16)
        bytes.store(pid, 24)
    }
}

/// The owner of F_SETOWN_EX, fcntl(2).
public struct FOwnerEx: ABIStruct {
    /// F_OWNER_*.
    public var type: Int32 = 0
    public var pid: Int32 = 0

    public typealias Bytes = ByteBuffer<1>
    @inlinable public static var size: Int { 8 }

    @inlinable public init() {}

    @inlinable
    public init(type: Int32, pid: Int32) {
        self.type = type
        self.pid = pid
    }

    @inlinable
    public init(decoding bytes: Bytes) {
        type = bytes.load(0)
        pid = bytes.load(4)
    }

    @inlinable
    public func encode(into bytes: inout Bytes) {
        bytes.store(type, 0)
        bytes.store(pid, 4)
    }
}

/// How to open, openat2(2).
public struct OpenHow: ExtensibleABIStruct {
    /// O_*.
    public var flags: UInt64 = 0
    public var mode: UInt64 = 0
    /// RESOLVE_*.
    public var resolve: UInt64 = 0

    public typealias Bytes = ByteBuffer<3>
    @inlinable public static var size: Int { 24 }
    @inlinable public static var minimumSize: Int { 24 }

    @inlinable public init() {}

    @inlinable
    public init(flags: UInt64, mode: UInt64, resolve: UInt64) {
        self.flags = flags
        self.mode = mode
        self.resolve = resolve
    }

    @inlinable
    public init(decoding bytes: Bytes) {
        flags = bytes.load(0)
        mode = bytes.load(8)
        resolve = bytes.load(16)
    }

    @inlinable
    public func encode(into bytes: inout Bytes) {
        bytes.store(flags, 0)
        bytes.store(mode, 8)
        bytes.store(resolve, 16)
    }
}

/// A piece of user memory, readv(2).
public struct Iovec: ABIStruct {
    public var base: UInt64 = 0
    public var len: UInt64 = 0

    public typealias Bytes = ByteBuffer<2>
    @inlinable public static var size: Int { 16 }

    @inlinable public init() {}

    @inlinable
    public init(base: UInt64, len: UInt64) {
        self.base = base
        self.len = len
    }

    @inlinable
    public init(decoding bytes: Bytes) {
        base = bytes.load(0)
        len = bytes.load(8)
    }

    @inlinable
    public func encode(into bytes: inout Bytes) {
        bytes.store(base, 0)
        bytes.store(len, 8)
    }
}

/// The head of an event read from an inotify descriptor; the name follows it, padded with zeros.
public struct InotifyEvent: ABIStruct {
    public var wd: Int32 = 0
    /// IN_*.
    public var mask: UInt32 = 0
    /// Joins the two halves of a rename.
    public var cookie: UInt32 = 0
    /// Bytes of the padded name, a multiple of 16.
    public var len: UInt32 = 0

    public typealias Bytes = ByteBuffer<2>
    @inlinable public static var size: Int { 16 }

    @inlinable public init() {}

    @inlinable
    public init(wd: Int32, mask: UInt32, cookie: UInt32, len: UInt32) {
        self.wd = wd
        self.mask = mask
        self.cookie = cookie
        self.len = len
    }

    @inlinable
    public init(decoding bytes: Bytes) {
        wd = bytes.load(0)
        mask = bytes.load(4)
        cookie = bytes.load(8)
        len = bytes.load(12)
    }

    @inlinable
    public func encode(into bytes: inout Bytes) {
        bytes.store(wd, 0)
        bytes.store(mask, 4)
        bytes.store(cookie, 8)
        bytes.store(len, 12)
    }
}

/// The head of a file handle, name_to_handle_at(2); the handle's bytes follow.
public struct FileHandle: ABIStruct {
    public var handleBytes: UInt32 = 0
    public var handleType: Int32 = 0

    public typealias Bytes = ByteBuffer<1>
    @inlinable public static var size: Int { 8 }

    @inlinable public init() {}

    @inlinable
    public init(handleBytes: UInt32, handleType: Int32) {
        self.handleBytes = handleBytes
        self.handleType = handleType
    }

    @inlinable
    public init(decoding bytes: Bytes) {
        handleBytes = bytes.load(0)
        handleType = bytes.load(4)
    }

    @inlinable
    public func encode(into bytes: inout Bytes) {
        bytes.store(handleBytes, 0)
        bytes.store(handleType, 4)
    }
}

/// The argument of FICLONERANGE.
public struct FileCloneRange: ABIStruct {
    public var srcFd: Int64 = 0
    public var srcOffset: UInt64 = 0
    public var srcLength: UInt64 = 0
    public var destOffset: UInt64 = 0

    public typealias Bytes = ByteBuffer<4>
    @inlinable public static var size: Int { 32 }

    @inlinable public init() {}

    @inlinable
    public init(srcFd: Int64, srcOffset: UInt64, srcLength: UInt64, destOffset: UInt64) {
        self.srcFd = srcFd
        self.srcOffset = srcOffset
        self.srcLength = srcLength
        self.destOffset = destOffset
    }

    @inlinable
    public init(decoding bytes: Bytes) {
        srcFd = bytes.load(0)
        srcOffset = bytes.load(8)
        srcLength = bytes.load(16)
        destOffset = bytes.load(24)
    }

    @inlinable
    public func encode(into bytes: inout Bytes) {
        bytes.store(srcFd, 0)
        bytes.store(srcOffset, 8)
        bytes.store(srcLength, 16)
        bytes.store(destOffset, 24)
    }
}

// MARK: - Directory entries

/// The head of an entry of getdents64(2). The name follows it, ends in zero, and the record is padded
/// with zeros to a multiple of 8.
public struct Dirent64: ABIStruct {
    public var ino: UInt64 = 0
    /// The position behind this entry, for lseek(2).
    public var off: Int64 = 0
    public var reclen: UInt16 = 0
    /// DT_*.
    public var type: UInt8 = 0

    public typealias Bytes = ByteBuffer<3>
    @inlinable public static var size: Int { 19 }

    /// The length of the record of a name of that many bytes.
    @inlinable
    public static func recordLength(nameLength: Int) -> Int { (size &+ nameLength &+ 1 &+ 7) & ~7 }

    @inlinable
    public init(ino: UInt64, off: Int64, type: UInt8, nameLength: Int) {
        self.ino = ino
        self.off = off
        self.type = type
        reclen = UInt16(truncatingIfNeeded: Dirent64.recordLength(nameLength: nameLength))
    }

    @inlinable
    public init(decoding bytes: Bytes) {
        ino = bytes.load(0)
        off = bytes.load(8)
        reclen = bytes.load(16)
        type = bytes.load(18)
    }

    @inlinable
    public func encode(into bytes: inout Bytes) {
        bytes.store(ino, 0)
        bytes.store(off, 8)
        bytes.store(reclen, 16)
        bytes.store(type, 18)
    }
}

/// The head of an entry of the old getdents(2). The name follows it and ends in zero; the type is in
/// the last byte of the record, which is padded to a multiple of 8.
public struct OldDirent: ABIStruct {
    public var ino: UInt64
    public var off: Int64
    public var reclen: UInt16

    public typealias Bytes = ByteBuffer<3>
    @inlinable public static var size: Int { 18 }

    /// The length of the record of a name of that many bytes.
    @inlinable
    public static func recordLength(nameLength: Int) -> Int { (size &+ nameLength &+ 2 &+ 7) & ~7 }

    @inlinable
    public init(ino: UInt64, off: Int64, nameLength: Int) {
        self.ino = ino
        self.off = off
        reclen = UInt16(truncatingIfNeeded: OldDirent.recordLength(nameLength: nameLength))
    }

    @inlinable
    public init(decoding bytes: Bytes) {
        ino = bytes.load(0)
        off = bytes.load(8)
        reclen = bytes.load(16)
    }

    @inlinable
    public func encode(into bytes: inout Bytes) {
        bytes.store(ino, 0)
        bytes.store(off, 8)
        bytes.store(reclen, 16)
    }
}

// MARK: - Modes and device numbers

/// The DT_* type of a directory entry for a file of this mode.
@inlinable
public func direntType(ofMode mode: UInt32) -> UInt8 { UInt8(truncatingIfNeeded: (mode & S_IFMT) &>> 12) }

/// A device number as stat(2) has it, makedev(3).
@inlinable
public func makedev(_ major: UInt32, _ minor: UInt32) -> UInt64 {
    let major = UInt64(major)
    let minor = UInt64(minor)
    return (major & 0xffff_f000) &<< 32 | (major & 0xfff) &<< 8 | (minor & 0xffff_ff00) &<< 12 | minor & 0xff
}

/// The major part of a device number.
@inlinable
public func major(_ device: UInt64) -> UInt32 {
    UInt32(truncatingIfNeeded: (device &>> 32) & 0xffff_f000 | (device &>> 8) & 0xfff)
}

/// The minor part of a device number.
@inlinable
public func minor(_ device: UInt64) -> UInt32 {
    UInt32(truncatingIfNeeded: (device &>> 12) & 0xffff_ff00 | device & 0xff)
}
