// What a signal carries with it: siginfo_t, sigaction(2).
//
// The structure is 128 bytes in user memory, of which Linux uses 48: three numbers, and a union of 32
// bytes whose meaning follows from the signal and its code (`layout`). The union is kept here as the
// bytes it is, because rt_sigqueueinfo(2) hands a caller's bytes on unchanged.

/// What a signal carries with it.
public struct Siginfo: ABIStruct {
    public var signo: Int32
    public var errno: Int32
    /// SI_*, or what the signal's own codes are: CLD_*, SEGV_* and so on.
    public var code: Int32
    /// The union, from byte 16 on.
    @usableFromInline var union = ByteBuffer<4>()

    public typealias Bytes = ByteBuffer<16>
    @inlinable public static var size: Int { 128 }

    /// A signal that carries nothing but its number and code.
    @inlinable
    public init(signo: Int32, code: Int32) {
        self.signo = signo
        errno = 0
        self.code = code
    }

    @inlinable
    public init(decoding bytes: Bytes) {
        signo = bytes.load(0)
        errno = bytes.load(4)
        code = bytes.load(8)
        for index in 0..<4 { union.store(bytes.load(16 &+ 8 &* index) as UInt64, 8 &* index) }
    }

    @inlinable
    public func encode(into bytes: inout Bytes) {
        bytes.store(signo, 0)
        bytes.store(errno, 4)
        bytes.store(code, 8)
        for index in 0..<4 { bytes.store(union.load(8 &* index) as UInt64, 16 &+ 8 &* index) }
    }
}

// MARK: - What is sent

extension Siginfo {
    /// Of kill(2), tkill(2) and the kernel: who sent it. `code` is SI_USER, SI_TKILL or SI_KERNEL.
    @inlinable
    public static func kill(_ signo: Int32, code: Int32 = SI_USER, pid: Int32, uid: UInt32) -> Siginfo {
        var info = Siginfo(signo: signo, code: code)
        info.pid = pid
        info.uid = uid
        return info
    }

    /// Of sigqueue(3) and mq_notify(3): who sent it, and the value.
    @inlinable
    public static func queue(
        _ signo: Int32, code: Int32 = SI_QUEUE, pid: Int32, uid: UInt32, value: UInt64
    ) -> Siginfo {
        var info = kill(signo, code: code, pid: pid, uid: uid)
        info.value = value
        return info
    }

    /// Of timer_create(2): which timer expired, how often it was missed, and the value.
    @inlinable
    public static func timer(_ signo: Int32, id: Int32, overrun: Int32, value: UInt64) -> Siginfo {
        var info = Siginfo(signo: signo, code: SI_TIMER)
        info.timerID = id
        info.overrun = overrun
        info.value = value
        return info
    }

    /// Of a child that changed its state. `code` is CLD_*, `status` its exit status or a signal, the
    /// times are in ticks.
    @inlinable
    public static func child(
        code: Int32, pid: Int32, uid: UInt32, status: Int32, utime: Int64 = 0, stime: Int64 = 0
    ) -> Siginfo {
        var info = kill(SIGCHLD, code: code, pid: pid, uid: uid)
        info.status = status
        info.utime = utime
        info.stime = stime
        return info
    }

    /// Of an instruction that failed: the address it failed at.
    @inlinable
    public static func fault(_ signo: Int32, code: Int32, address: UInt64) -> Siginfo {
        var info = Siginfo(signo: signo, code: code)
        info.address = address
        return info
    }

    /// Of F_SETSIG: the events and the descriptor. `code` is POLL_*.
    @inlinable
    public static func poll(_ signo: Int32, code: Int32, band: Int64, fd: Int32) -> Siginfo {
        var info = Siginfo(signo: signo, code: code)
        info.band = band
        info.fd = fd
        return info
    }

    /// Of a system call that a seccomp filter trapped. `filterData` is what the filter returned.
    @inlinable
    public static func system(
        code: Int32 = SYS_SECCOMP, callAddress: UInt64, syscall: Int32, arch: UInt32, filterData: Int32
    ) -> Siginfo {
        var info = Siginfo(signo: SIGSYS, code: code)
        info.errno = filterData
        info.callAddress = callAddress
        info.syscall = syscall
        info.arch = arch
        return info
    }
}

// MARK: - The fields of the union

extension Siginfo {
    @inlinable public var pid: Int32 {
        get { union.load(0) }
        set { union.store(newValue, 0) }
    }
    @inlinable public var uid: UInt32 {
        get { union.load(4) }
        set { union.store(newValue, 4) }
    }
    /// si_value; also si_int in its low half.
    @inlinable public var value: UInt64 {
        get { union.load(8) }
        set { union.store(newValue, 8) }
    }
    @inlinable public var timerID: Int32 {
        get { union.load(0) }
        set { union.store(newValue, 0) }
    }
    @inlinable public var overrun: Int32 {
        get { union.load(4) }
        set { union.store(newValue, 4) }
    }
    @inlinable public var status: Int32 {
        get { union.load(8) }
        set { union.store(newValue, 8) }
    }
    @inlinable public var utime: Int64 {
        get { union.load(16) }
        set { union.store(newValue, 16) }
    }
    @inlinable public var stime: Int64 {
        get { union.load(24) }
        set { union.store(newValue, 24) }
    }
    @inlinable public var address: UInt64 {
        get { union.load(0) }
        set { union.store(newValue, 0) }
    }
    @inlinable public var addressLSB: UInt16 {
        get { union.load(8) }
        set { union.store(newValue, 8) }
    }
    @inlinable public var protectionKey: UInt32 {
        get { union.load(16) }
        set { union.store(newValue, 16) }
    }
    @inlinable public var band: Int64 {
        get { union.load(0) }
        set { union.store(newValue, 0) }
    }
    @inlinable public var fd: Int32 {
        get { union.load(8) }
        set { union.store(newValue, 8) }
    }
    @inlinable public var callAddress: UInt64 {
        get { union.load(0) }
        set { union.store(newValue, 0) }
    }
    @inlinable public var syscall: Int32 {
        get { union.load(8) }
        set { union.store(newValue, 8) }
    }
    @inlinable public var arch: UInt32 {
        get { union.load(12) }
        set { union.store(newValue, 12) }
    }
}

// MARK: - What the union means

extension Siginfo {
    /// Which fields of the union have a meaning.
    public enum Layout: Sendable {
        /// pid and uid.
        case kill
        /// pid, uid and value.
        case queue
        /// timerID, overrun and value.
        case timer
        /// pid, uid, status, utime and stime.
        case child
        /// address, at times addressLSB or protectionKey.
        case fault
        /// band and fd.
        case poll
        /// callAddress, syscall and arch.
        case system
    }

    /// Which fields of the union have a meaning, by the signal and the code.
    public var layout: Layout {
        if code > SI_USER, code < SI_KERNEL {
            switch signo {
            case SIGILL where code <= 11, SIGFPE where code <= 15, SIGSEGV where code <= 10,
                SIGBUS where code <= BUS_MCEERR_AO, SIGTRAP where code <= TRAP_PERF:
                return .fault
            case SIGCHLD where code <= CLD_CONTINUED: return .child
            case SIGSYS where code <= SYS_USER_DISPATCH: return .system
            default: return code <= POLL_HUP ? .poll : .kill
            }
        }
        switch code {
        case SI_TIMER: return .timer
        case SI_SIGIO: return .poll
        default: return code < 0 ? .queue : .kill
        }
    }

    /// The same as a record of signalfd(2).
    public var signalfdRecord: SignalfdSiginfo {
        var record = SignalfdSiginfo()
        record.signo = UInt32(bitPattern: signo)
        record.errno = errno
        record.code = code
        switch layout {
        case .kill:
            record.pid = UInt32(bitPattern: pid)
            record.uid = uid
        case .queue:
            record.pid = UInt32(bitPattern: pid)
            record.uid = uid
            record.ptr = value
            record.int = Int32(truncatingIfNeeded: value)
        case .timer:
            record.tid = UInt32(bitPattern: timerID)
            record.overrun = UInt32(bitPattern: overrun)
            record.ptr = value
            record.int = Int32(truncatingIfNeeded: value)
        case .child:
            record.pid = UInt32(bitPattern: pid)
            record.uid = uid
            record.status = status
            record.utime = UInt64(bitPattern: utime)
            record.stime = UInt64(bitPattern: stime)
        case .fault:
            record.addr = address
            if signo == SIGBUS, code == BUS_MCEERR_AR || code == BUS_MCEERR_AO {
                record.addrLsb = addressLSB
            }
        case .poll:
            record.band = UInt32(truncatingIfNeeded: band)
            record.fd = fd
        case .system:
            record.callAddr = callAddress
            record.syscall = syscall
            record.arch = arch
        }
        return record
    }
}
