// Structures of the calls on processes, threads, credentials and the system.

/// The arguments of clone3(2). Published in sizes of 64, 80 (with setTid) and 88 bytes (with
/// cgroup).
public struct CloneArgs: ExtensibleABIStruct {
    /// CLONE_*.
    public var flags: UInt64 = 0
    /// Where the parent gets the pidfd.
    public var pidfd: UInt64 = 0
    public var childTid: UInt64 = 0
    public var parentTid: UInt64 = 0
    public var exitSignal: UInt64 = 0
    /// The lowest byte of the stack.
    public var stack: UInt64 = 0
    public var stackSize: UInt64 = 0
    public var tls: UInt64 = 0
    public var setTid: UInt64 = 0
    public var setTidSize: UInt64 = 0
    public var cgroup: UInt64 = 0

    public typealias Bytes = ByteBuffer<11>
    @inlinable public static var size: Int { 88 }
    @inlinable public static var minimumSize: Int { 64 }

    @inlinable public init() {}

    @inlinable
    public init(decoding bytes: Bytes) {
        flags = bytes.load(0)
        pidfd = bytes.load(8)
        childTid = bytes.load(16)
        parentTid = bytes.load(24)
        exitSignal = bytes.load(32)
        stack = bytes.load(40)
        stackSize = bytes.load(48)
        tls = bytes.load(56)
        setTid = bytes.load(64)
        setTidSize = bytes.load(72)
        cgroup = bytes.load(80)
    }

    @inlinable
    public func encode(into bytes: inout Bytes) {
        bytes.store(flags, 0)
        bytes.store(pidfd, 8)
        bytes.store(childTid, 16)
        bytes.store(parentTid, 24)
        bytes.store(exitSignal, 32)
        bytes.store(stack, 40)
        bytes.store(stackSize, 48)
        bytes.store(tls, 56)
        bytes.store(setTid, 64)
        bytes.store(setTidSize, 72)
        bytes.store(cgroup, 80)
    }
}

/// A limit, getrlimit(2); RLIM_INFINITY is none.
public struct Rlimit: ABIStruct {
    public var cur: UInt64 = 0
    public var max: UInt64 = 0

    public typealias Bytes = ByteBuffer<2>
    @inlinable public static var size: Int { 16 }

    @inlinable public init() {}

    @inlinable
    public init(cur: UInt64, max: UInt64) {
        self.cur = cur
        self.max = max
    }

    @inlinable
    public init(decoding bytes: Bytes) {
        cur = bytes.load(0)
        max = bytes.load(8)
    }

    @inlinable
    public func encode(into bytes: inout Bytes) {
        bytes.store(cur, 0)
        bytes.store(max, 8)
    }
}

/// Resources used, getrusage(2).
public struct Rusage: ABIStruct {
    public var utime: Timeval = Timeval()
    public var stime: Timeval = Timeval()
    /// In KiB.
    public var maxrss: Int64 = 0
    public var ixrss: Int64 = 0
    public var idrss: Int64 = 0
    public var isrss: Int64 = 0
    public var minflt: Int64 = 0
    public var majflt: Int64 = 0
    public var nswap: Int64 = 0
    public var inblock: Int64 = 0
    public var oublock: Int64 = 0
    public var msgsnd: Int64 = 0
    public var msgrcv: Int64 = 0
    public var nsignals: Int64 = 0
    public var nvcsw: Int64 = 0
    public var nivcsw: Int64 = 0

    public typealias Bytes = ByteBuffer<18>
    @inlinable public static var size: Int { 144 }

    @inlinable public init() {}

    @inlinable
    public init(decoding bytes: Bytes) {
        utime = Timeval(at: 0, in: bytes)
        stime = Timeval(at: 16, in: bytes)
        maxrss = bytes.load(32)
        ixrss = bytes.load(40)
        idrss = bytes.load(48)
        isrss = bytes.load(56)
        minflt = bytes.load(64)
        majflt = bytes.load(72)
        nswap = bytes.load(80)
        inblock = bytes.load(88)
        oublock = bytes.load(96)
        msgsnd = bytes.load(104)
        msgrcv = bytes.load(112)
        nsignals = bytes.load(120)
        nvcsw = bytes.load(128)
        nivcsw = bytes.load(136)
    }

    @inlinable
    public func encode(into bytes: inout Bytes) {
        utime.encode(at: 0, into: &bytes)
        stime.encode(at: 16, into: &bytes)
        bytes.store(maxrss, 32)
        bytes.store(ixrss, 40)
        bytes.store(idrss, 48)
        bytes.store(isrss, 56)
        bytes.store(minflt, 64)
        bytes.store(majflt, 72)
        bytes.store(nswap, 80)
        bytes.store(inblock, 88)
        bytes.store(oublock, 96)
        bytes.store(msgsnd, 104)
        bytes.store(msgrcv, 112)
        bytes.store(nsignals, 120)
        bytes.store(nvcsw, 128)
        bytes.store(nivcsw, 136)
    }
}

/// The system's load and memory, sysinfo(2).
public struct Sysinfo: ABIStruct {
    /// In seconds.
    public var uptime: Int64 = 0
    /// Load averages, times 65536.
    public var load1: UInt64 = 0
    public var load5: UInt64 = 0
    public var load15: UInt64 = 0
    public var totalram: UInt64 = 0
    public var freeram: UInt64 = 0
    public var sharedram: UInt64 = 0
    public var bufferram: UInt64 = 0
    public var totalswap: UInt64 = 0
    public var freeswap: UInt64 = 0
    public var procs: UInt16 = 0
    public var totalhigh: UInt64 = 0
    public var freehigh: UInt64 = 0
    /// The unit of the memory sizes, in bytes.
    public var memUnit: UInt32 = 0

    public typealias Bytes = ByteBuffer<14>
    @inlinable public static var size: Int { 112 }

    @inlinable public init() {}

    @inlinable
    public init(decoding bytes: Bytes) {
        uptime = bytes.load(0)
        load1 = bytes.load(8)
        load5 = bytes.load(16)
        load15 = bytes.load(24)
        totalram = bytes.load(32)
        freeram = bytes.load(40)
        sharedram = bytes.load(48)
        bufferram = bytes.load(56)
        totalswap = bytes.load(64)
        freeswap = bytes.load(72)
        procs = bytes.load(80)
        totalhigh = bytes.load(88)
        freehigh = bytes.load(96)
        memUnit = bytes.load(104)
    }

    @inlinable
    public func encode(into bytes: inout Bytes) {
        bytes.store(uptime, 0)
        bytes.store(load1, 8)
        bytes.store(load5, 16)
        bytes.store(load15, 24)
        bytes.store(totalram, 32)
        bytes.store(freeram, 40)
        bytes.store(sharedram, 48)
        bytes.store(bufferram, 56)
        bytes.store(totalswap, 64)
        bytes.store(freeswap, 72)
        bytes.store(procs, 80)
        bytes.store(totalhigh, 88)
        bytes.store(freehigh, 96)
        bytes.store(memUnit, 104)
    }
}

/// sched_setparam(2).
public struct SchedParam: ABIStruct {
    public var priority: Int32 = 0

    public typealias Bytes = ByteBuffer<1>
    @inlinable public static var size: Int { 4 }

    @inlinable public init() {}

    @inlinable
    public init(priority: Int32) {
        self.priority = priority
    }

    @inlinable
    public init(decoding bytes: Bytes) {
        priority = bytes.load(0)
    }

    @inlinable
    public func encode(into bytes: inout Bytes) {
        bytes.store(priority, 0)
    }
}

/// sched_setattr(2). The first version ends before utilMin.
public struct SchedAttr: ExtensibleABIStruct {
    /// The size that the caller knows.
    public var size: UInt32 = 0
    /// SCHED_*.
    public var policy: UInt32 = 0
    /// SCHED_FLAG_*.
    public var flags: UInt64 = 0
    public var nice: Int32 = 0
    public var priority: UInt32 = 0
    /// In nanoseconds.
    public var runtime: UInt64 = 0
    public var deadline: UInt64 = 0
    public var period: UInt64 = 0
    public var utilMin: UInt32 = 0
    public var utilMax: UInt32 = 0

    public typealias Bytes = ByteBuffer<7>
    @inlinable public static var size: Int { 56 }
    @inlinable public static var minimumSize: Int { 48 }

    @inlinable public init() {}

    @inlinable
    public init(decoding bytes: Bytes) {
        size = bytes.load(0)
        policy = bytes.load(4)
        flags = bytes.load(8)
        nice = bytes.load(16)
        priority = bytes.load(20)
        runtime = bytes.load(24)
        deadline = bytes.load(32)
        period = bytes.load(40)
        utilMin = bytes.load(48)
        utilMax = bytes.load(52)
    }

    @inlinable
    public func encode(into bytes: inout Bytes) {
        bytes.store(size, 0)
        bytes.store(policy, 4)
        bytes.store(flags, 8)
        bytes.store(nice, 16)
        bytes.store(priority, 20)
        bytes.store(runtime, 24)
        bytes.store(deadline, 32)
        bytes.store(period, 40)
        bytes.store(utilMin, 48)
        bytes.store(utilMax, 52)
    }
}

/// The header of capget(2).
public struct CapHeader: ABIStruct {
    /// _LINUX_CAPABILITY_VERSION_*.
    public var version: UInt32 = 0
    public var pid: Int32 = 0

    public typealias Bytes = ByteBuffer<1>
    @inlinable public static var size: Int { 8 }

    @inlinable public init() {}

    @inlinable
    public init(version: UInt32, pid: Int32) {
        self.version = version
        self.pid = pid
    }

    @inlinable
    public init(decoding bytes: Bytes) {
        version = bytes.load(0)
        pid = bytes.load(4)
    }

    @inlinable
    public func encode(into bytes: inout Bytes) {
        bytes.store(version, 0)
        bytes.store(pid, 4)
    }
}

/// One half of the sets of capget(2); version 3 has two, the second for capabilities 32 and up.
public struct CapData: ABIStruct {
    public var effective: UInt32 = 0
    public var permitted: UInt32 = 0
    public var inheritable: UInt32 = 0

    public typealias Bytes = ByteBuffer<2>
    @inlinable public static var size: Int { 12 }

    @inlinable public init() {}

    @inlinable
    public init(effective: UInt32, permitted: UInt32, inheritable: UInt32) {
        self.effective = effective
        self.permitted = permitted
        self.inheritable = inheritable
    }

    @inlinable
    public init(decoding bytes: Bytes) {
        effective = bytes.load(0)
        permitted = bytes.load(4)
        inheritable = bytes.load(8)
    }

    @inlinable
    public func encode(into bytes: inout Bytes) {
        bytes.store(effective, 0)
        bytes.store(permitted, 4)
        bytes.store(inheritable, 8)
    }
}

/// The head of a thread's list of robust futexes, set_robust_list(2).
public struct RobustListHead: ABIStruct {
    /// Bit 0 marks a PI futex, here and in every entry.
    public var next: UInt64 = 0
    public var futexOffset: Int64 = 0
    public var pending: UInt64 = 0

    public typealias Bytes = ByteBuffer<3>
    @inlinable public static var size: Int { 24 }

    @inlinable public init() {}

    @inlinable
    public init(next: UInt64, futexOffset: Int64, pending: UInt64) {
        self.next = next
        self.futexOffset = futexOffset
        self.pending = pending
    }

    @inlinable
    public init(decoding bytes: Bytes) {
        next = bytes.load(0)
        futexOffset = bytes.load(8)
        pending = bytes.load(16)
    }

    @inlinable
    public func encode(into bytes: inout Bytes) {
        bytes.store(next, 0)
        bytes.store(futexOffset, 8)
        bytes.store(pending, 16)
    }
}

/// One futex of futex_waitv(2).
public struct FutexWaitv: ABIStruct {
    public var value: UInt64 = 0
    public var address: UInt64 = 0
    /// FUTEX2_*.
    public var flags: UInt32 = 0
    /// Has to be zero.
    public var reserved: UInt32 = 0

    public typealias Bytes = ByteBuffer<3>
    @inlinable public static var size: Int { 24 }

    @inlinable public init() {}

    @inlinable
    public init(value: UInt64, address: UInt64, flags: UInt32, reserved: UInt32) {
        self.value = value
        self.address = address
        self.flags = flags
        self.reserved = reserved
    }

    @inlinable
    public init(decoding bytes: Bytes) {
        value = bytes.load(0)
        address = bytes.load(8)
        flags = bytes.load(16)
        reserved = bytes.load(20)
    }

    @inlinable
    public func encode(into bytes: inout Bytes) {
        bytes.store(value, 0)
        bytes.store(address, 8)
        bytes.store(flags, 16)
        bytes.store(reserved, 20)
    }
}

/// The area of rseq(2), in its first published size.
public struct Rseq: ABIStruct {
    public var cpuIDStart: UInt32 = 0
    public var cpuID: UInt32 = 0
    public var criticalSection: UInt64 = 0
    public var flags: UInt32 = 0
    public var nodeID: UInt32 = 0
    public var mmCID: UInt32 = 0

    public typealias Bytes = ByteBuffer<4>
    @inlinable public static var size: Int { 32 }

    @inlinable public init() {}

    @inlinable
    public init(decoding bytes: Bytes) {
        cpuIDStart = bytes.load(0)
        cpuID = bytes.load(4)
        criticalSection = bytes.load(8)
        flags = bytes.load(16)
        nodeID = bytes.load(20)
        mmCID = bytes.load(24)
    }

    @inlinable
    public func encode(into bytes: inout Bytes) {
        bytes.store(cpuIDStart, 0)
        bytes.store(cpuID, 4)
        bytes.store(criticalSection, 8)
        bytes.store(flags, 16)
        bytes.store(nodeID, 20)
        bytes.store(mmCID, 24)
    }
}

/// A segment, modify_ldt(2), set_thread_area(2).
public struct UserDesc: ABIStruct {
    public var entryNumber: UInt32 = 0
    public var baseAddress: UInt32 = 0
    public var limit: UInt32 = 0
    public var flags: UInt32 = 0

    public typealias Bytes = ByteBuffer<2>
    @inlinable public static var size: Int { 16 }

    @inlinable public init() {}

    @inlinable
    public init(entryNumber: UInt32, baseAddress: UInt32, limit: UInt32, flags: UInt32) {
        self.entryNumber = entryNumber
        self.baseAddress = baseAddress
        self.limit = limit
        self.flags = flags
    }

    @inlinable
    public init(decoding bytes: Bytes) {
        entryNumber = bytes.load(0)
        baseAddress = bytes.load(4)
        limit = bytes.load(8)
        flags = bytes.load(12)
    }

    @inlinable
    public func encode(into bytes: inout Bytes) {
        bytes.store(entryNumber, 0)
        bytes.store(baseAddress, 4)
        bytes.store(limit, 8)
        bytes.store(flags, 12)
    }
}

// MARK: - uname

/// The names of the system, uname(2): six strings that end in zero, of 65 bytes each.
public struct Utsname: ABIStruct {
    public typealias Name = InlineArray<65, UInt8>

    public var sysname = Name(repeating: 0)
    public var nodename = Name(repeating: 0)
    public var release = Name(repeating: 0)
    public var version = Name(repeating: 0)
    public var machine = Name(repeating: 0)
    public var domainname = Name(repeating: 0)

    public typealias Bytes = ByteBuffer<49>
    @inlinable public static var size: Int { 390 }

    @inlinable public init() {}

    /// A field from bytes, at most 64 of them.
    public static func name(_ bytes: Span<UInt8>) -> Name {
        var name = Name(repeating: 0)
        var index = 0
        while index < bytes.count, index < 64 {
            name[index] = bytes[index]
            index &+= 1
        }
        return name
    }

    public init(decoding bytes: Bytes) {
        var index = 0
        while index < 65 {
            sysname[index] = bytes[index]
            nodename[index] = bytes[index &+ 65]
            release[index] = bytes[index &+ 130]
            version[index] = bytes[index &+ 195]
            machine[index] = bytes[index &+ 260]
            domainname[index] = bytes[index &+ 325]
            index &+= 1
        }
    }

    public func encode(into bytes: inout Bytes) {
        var index = 0
        while index < 65 {
            bytes[index] = sysname[index]
            bytes[index &+ 65] = nodename[index]
            bytes[index &+ 130] = release[index]
            bytes[index &+ 195] = version[index]
            bytes[index &+ 260] = machine[index]
            bytes[index &+ 325] = domainname[index]
            index &+= 1
        }
    }
}
