// Structures of the signal calls, except siginfo_t.

/// The kernel's form of struct sigaction, sigaction(2).
public struct Sigaction: ABIStruct {
    /// An address, SIG_DFL or SIG_IGN.
    public var handler: UInt64 = 0
    /// SA_*.
    public var flags: UInt64 = 0
    /// Called after the handler; it calls rt_sigreturn(2).
    public var restorer: UInt64 = 0
    public var mask: SignalSet = SignalSet.empty

    public typealias Bytes = ByteBuffer<4>
    @inlinable public static var size: Int { 32 }

    @inlinable public init() {}

    @inlinable
    public init(handler: UInt64, flags: UInt64, restorer: UInt64, mask: SignalSet) {
        self.handler = handler
        self.flags = flags
        self.restorer = restorer
        self.mask = mask
    }

    @inlinable
    public init(decoding bytes: Bytes) {
        handler = bytes.load(0)
        flags = bytes.load(8)
        restorer = bytes.load(16)
        mask = SignalSet(bits: bytes.load(24))
    }

    @inlinable
    public func encode(into bytes: inout Bytes) {
        bytes.store(handler, 0)
        bytes.store(flags, 8)
        bytes.store(restorer, 16)
        bytes.store(mask.bits, 24)
    }
}

/// An alternate signal stack, sigaltstack(2).
public struct StackT: ABIStruct {
    public var sp: UInt64 = 0
    /// SS_*.
    public var flags: UInt32 = 0
    public var size: UInt64 = 0

    public typealias Bytes = ByteBuffer<3>
    @inlinable public static var size: Int { 24 }

    @inlinable public init() {}

    @inlinable
    public init(sp: UInt64, flags: UInt32, size: UInt64) {
        self.sp = sp
        self.flags = flags
        self.size = size
    }

    @inlinable
    public init(decoding bytes: Bytes) {
        sp = bytes.load(0)
        flags = bytes.load(8)
        size = bytes.load(16)
    }

    @inlinable
    public func encode(into bytes: inout Bytes) {
        bytes.store(sp, 0)
        bytes.store(flags, 8)
        bytes.store(size, 16)
    }
}

/// How to notify, timer_create(2).
public struct Sigevent: ABIStruct {
    /// Handed on in si_value.
    public var value: UInt64 = 0
    public var signo: Int32 = 0
    /// SIGEV_*.
    public var notify: Int32 = 0
    /// The thread of SIGEV_THREAD_ID.
    public var tid: Int32 = 0

    public typealias Bytes = ByteBuffer<8>
    @inlinable public static var size: Int { 64 }

    @inlinable public init() {}

    @inlinable
    public init(value: UInt64, signo: Int32, notify: Int32, tid: Int32) {
        self.value = value
        self.signo = signo
        self.notify = notify
        self.tid = tid
    }

    @inlinable
    public init(decoding bytes: Bytes) {
        value = bytes.load(0)
        signo = bytes.load(8)
        notify = bytes.load(12)
        tid = bytes.load(16)
    }

    @inlinable
    public func encode(into bytes: inout Bytes) {
        bytes.store(value, 0)
        bytes.store(signo, 8)
        bytes.store(notify, 12)
        bytes.store(tid, 16)
    }
}

/// What is read from a signalfd, signalfd(2).
public struct SignalfdSiginfo: ABIStruct {
    public var signo: UInt32 = 0
    public var errno: Int32 = 0
    public var code: Int32 = 0
    public var pid: UInt32 = 0
    public var uid: UInt32 = 0
    public var fd: Int32 = 0
    public var tid: UInt32 = 0
    public var band: UInt32 = 0
    public var overrun: UInt32 = 0
    public var trapno: UInt32 = 0
    public var status: Int32 = 0
    public var int: Int32 = 0
    public var ptr: UInt64 = 0
    public var utime: UInt64 = 0
    public var stime: UInt64 = 0
    public var addr: UInt64 = 0
    public var addrLsb: UInt16 = 0
    public var syscall: Int32 = 0
    public var callAddr: UInt64 = 0
    public var arch: UInt32 = 0

    public typealias Bytes = ByteBuffer<16>
    @inlinable public static var size: Int { 128 }

    @inlinable public init() {}

    @inlinable
    public init(decoding bytes: Bytes) {
        signo = bytes.load(0)
        errno = bytes.load(4)
        code = bytes.load(8)
        pid = bytes.load(12)
        uid = bytes.load(16)
        fd = bytes.load(20)
        tid = bytes.load(24)
        band = bytes.load(28)
        overrun = bytes.load(32)
        trapno = bytes.load(36)
        status = bytes.load(40)
        int = bytes.load(44)
        ptr = bytes.load(48)
        utime = bytes.load(56)
        stime = bytes.load(64)
        addr = bytes.load(72)
        addrLsb = bytes.load(80)
        syscall = bytes.load(84)
        callAddr = bytes.load(88)
        arch = bytes.load(96)
    }

    @inlinable
    public func encode(into bytes: inout Bytes) {
        bytes.store(signo, 0)
        bytes.store(errno, 4)
        bytes.store(code, 8)
        bytes.store(pid, 12)
        bytes.store(uid, 16)
        bytes.store(fd, 20)
        bytes.store(tid, 24)
        bytes.store(band, 28)
        bytes.store(overrun, 32)
        bytes.store(trapno, 36)
        bytes.store(status, 40)
        bytes.store(int, 44)
        bytes.store(ptr, 48)
        bytes.store(utime, 56)
        bytes.store(stime, 64)
        bytes.store(addr, 72)
        bytes.store(addrLsb, 80)
        bytes.store(syscall, 84)
        bytes.store(callAddr, 88)
        bytes.store(arch, 96)
    }
}

/// The last argument of pselect6(2): the address of a set and its size.
public struct SigsetAndSize: ABIStruct {
    public var address: UInt64 = 0
    public var len: UInt64 = 0

    public typealias Bytes = ByteBuffer<2>
    @inlinable public static var size: Int { 16 }

    @inlinable public init() {}

    @inlinable
    public init(address: UInt64, len: UInt64) {
        self.address = address
        self.len = len
    }

    @inlinable
    public init(decoding bytes: Bytes) {
        address = bytes.load(0)
        len = bytes.load(8)
    }

    @inlinable
    public func encode(into bytes: inout Bytes) {
        bytes.store(address, 0)
        bytes.store(len, 8)
    }
}
