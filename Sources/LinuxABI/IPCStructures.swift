// Structures of System V IPC and of POSIX message queues.

/// Owner and permissions, struct ipc64_perm.
public struct IpcPerm: ABIStruct {
    public var key: Int32 = 0
    public var uid: UInt32 = 0
    public var gid: UInt32 = 0
    public var cuid: UInt32 = 0
    public var cgid: UInt32 = 0
    public var mode: UInt32 = 0
    public var seq: UInt16 = 0

    public typealias Bytes = ByteBuffer<6>
    @inlinable public static var size: Int { 48 }

    @inlinable public init() {}

    @inlinable
    public init(decoding bytes: Bytes) {
        self.init(at: 0, in: bytes)
    }

    @inlinable
    public init<let words: Int>(at offset: Int, in bytes: ByteBuffer<words>) {
        key = bytes.load(offset)
        uid = bytes.load(offset &+ 4)
        gid = bytes.load(offset &+ 8)
        cuid = bytes.load(offset &+ 12)
        cgid = bytes.load(offset &+ 16)
        mode = bytes.load(offset &+ 20)
        seq = bytes.load(offset &+ 24)
    }

    @inlinable
    public func encode(into bytes: inout Bytes) {
        encode(at: 0, into: &bytes)
    }

    @inlinable
    public func encode<let words: Int>(at offset: Int, into bytes: inout ByteBuffer<words>) {
        bytes.store(key, offset)
        bytes.store(uid, offset &+ 4)
        bytes.store(gid, offset &+ 8)
        bytes.store(cuid, offset &+ 12)
        bytes.store(cgid, offset &+ 16)
        bytes.store(mode, offset &+ 20)
        bytes.store(seq, offset &+ 24)
    }
}

/// A message queue, msgctl(2).
public struct MsqidDs: ABIStruct {
    public var perm: IpcPerm = IpcPerm()
    public var stime: Int64 = 0
    public var rtime: Int64 = 0
    public var ctime: Int64 = 0
    public var cbytes: UInt64 = 0
    public var qnum: UInt64 = 0
    public var qbytes: UInt64 = 0
    public var lspid: Int32 = 0
    public var lrpid: Int32 = 0

    public typealias Bytes = ByteBuffer<15>
    @inlinable public static var size: Int { 120 }

    @inlinable public init() {}

    @inlinable
    public init(decoding bytes: Bytes) {
        perm = IpcPerm(at: 0, in: bytes)
        stime = bytes.load(48)
        rtime = bytes.load(56)
        ctime = bytes.load(64)
        cbytes = bytes.load(72)
        qnum = bytes.load(80)
        qbytes = bytes.load(88)
        lspid = bytes.load(96)
        lrpid = bytes.load(100)
    }

    @inlinable
    public func encode(into bytes: inout Bytes) {
        perm.encode(at: 0, into: &bytes)
        bytes.store(stime, 48)
        bytes.store(rtime, 56)
        bytes.store(ctime, 64)
        bytes.store(cbytes, 72)
        bytes.store(qnum, 80)
        bytes.store(qbytes, 88)
        bytes.store(lspid, 96)
        bytes.store(lrpid, 100)
    }
}

/// A set of semaphores, semctl(2).
public struct SemidDs: ABIStruct {
    public var perm: IpcPerm = IpcPerm()
    public var otime: Int64 = 0
    public var ctime: Int64 = 0
    public var nsems: UInt64 = 0

    public typealias Bytes = ByteBuffer<13>
    @inlinable public static var size: Int { 104 }

    @inlinable public init() {}

    @inlinable
    public init(perm: IpcPerm, otime: Int64, ctime: Int64, nsems: UInt64) {
        self.perm = perm
        self.otime = otime
        self.ctime = ctime
        self.nsems = nsems
    }

    @inlinable
    public init(decoding bytes: Bytes) {
        perm = IpcPerm(at: 0, in: bytes)
        otime = bytes.load(48)
        ctime = bytes.load(64)
        nsems = bytes.load(80)
    }

    @inlinable
    public func encode(into bytes: inout Bytes) {
        perm.encode(at: 0, into: &bytes)
        bytes.store(otime, 48)
        bytes.store(ctime, 64)
        bytes.store(nsems, 80)
    }
}

/// A shared memory segment, shmctl(2).
public struct ShmidDs: ABIStruct {
    public var perm: IpcPerm = IpcPerm()
    public var segsz: UInt64 = 0
    public var atime: Int64 = 0
    public var dtime: Int64 = 0
    public var ctime: Int64 = 0
    public var cpid: Int32 = 0
    public var lpid: Int32 = 0
    public var nattch: UInt64 = 0

    public typealias Bytes = ByteBuffer<14>
    @inlinable public static var size: Int { 112 }

    @inlinable public init() {}

    @inlinable
    public init(decoding bytes: Bytes) {
        perm = IpcPerm(at: 0, in: bytes)
        segsz = bytes.load(48)
        atime = bytes.load(56)
        dtime = bytes.load(64)
        ctime = bytes.load(72)
        cpid = bytes.load(80)
        lpid = bytes.load(84)
        nattch = bytes.load(88)
    }

    @inlinable
    public func encode(into bytes: inout Bytes) {
        perm.encode(at: 0, into: &bytes)
        bytes.store(segsz, 48)
        bytes.store(atime, 56)
        bytes.store(dtime, 64)
        bytes.store(ctime, 72)
        bytes.store(cpid, 80)
        bytes.store(lpid, 84)
        bytes.store(nattch, 88)
    }
}

/// An operation on a semaphore, semop(2).
public struct Sembuf: ABIStruct {
    public var num: UInt16 = 0
    public var op: Int16 = 0
    /// IPC_NOWAIT and SEM_UNDO.
    public var flags: Int16 = 0

    public typealias Bytes = ByteBuffer<1>
    @inlinable public static var size: Int { 6 }

    @inlinable public init() {}

    @inlinable
    public init(num: UInt16, op: Int16, flags: Int16) {
        self.num = num
        self.op = op
        self.flags = flags
    }

    @inlinable
    public init(decoding bytes: Bytes) {
        num = bytes.load(0)
        op = bytes.load(2)
        flags = bytes.load(4)
    }

    @inlinable
    public func encode(into bytes: inout Bytes) {
        bytes.store(num, 0)
        bytes.store(op, 2)
        bytes.store(flags, 4)
    }
}

/// Limits, IPC_INFO of semctl(2).
public struct Seminfo: ABIStruct {
    public var semmap: Int32 = 0
    public var semmni: Int32 = 0
    public var semmns: Int32 = 0
    public var semmnu: Int32 = 0
    public var semmsl: Int32 = 0
    public var semopm: Int32 = 0
    public var semume: Int32 = 0
    public var semusz: Int32 = 0
    public var semvmx: Int32 = 0
    public var semaem: Int32 = 0

    public typealias Bytes = ByteBuffer<5>
    @inlinable public static var size: Int { 40 }

    @inlinable public init() {}

    @inlinable
    public init(decoding bytes: Bytes) {
        semmap = bytes.load(0)
        semmni = bytes.load(4)
        semmns = bytes.load(8)
        semmnu = bytes.load(12)
        semmsl = bytes.load(16)
        semopm = bytes.load(20)
        semume = bytes.load(24)
        semusz = bytes.load(28)
        semvmx = bytes.load(32)
        semaem = bytes.load(36)
    }

    @inlinable
    public func encode(into bytes: inout Bytes) {
        bytes.store(semmap, 0)
        bytes.store(semmni, 4)
        bytes.store(semmns, 8)
        bytes.store(semmnu, 12)
        bytes.store(semmsl, 16)
        bytes.store(semopm, 20)
        bytes.store(semume, 24)
        bytes.store(semusz, 28)
        bytes.store(semvmx, 32)
        bytes.store(semaem, 36)
    }
}

/// Limits, IPC_INFO of msgctl(2).
public struct Msginfo: ABIStruct {
    public var msgpool: Int32 = 0
    public var msgmap: Int32 = 0
    public var msgmax: Int32 = 0
    public var msgmnb: Int32 = 0
    public var msgmni: Int32 = 0
    public var msgssz: Int32 = 0
    public var msgtql: Int32 = 0
    public var msgseg: UInt16 = 0

    public typealias Bytes = ByteBuffer<4>
    @inlinable public static var size: Int { 32 }

    @inlinable public init() {}

    @inlinable
    public init(decoding bytes: Bytes) {
        msgpool = bytes.load(0)
        msgmap = bytes.load(4)
        msgmax = bytes.load(8)
        msgmnb = bytes.load(12)
        msgmni = bytes.load(16)
        msgssz = bytes.load(20)
        msgtql = bytes.load(24)
        msgseg = bytes.load(28)
    }

    @inlinable
    public func encode(into bytes: inout Bytes) {
        bytes.store(msgpool, 0)
        bytes.store(msgmap, 4)
        bytes.store(msgmax, 8)
        bytes.store(msgmnb, 12)
        bytes.store(msgmni, 16)
        bytes.store(msgssz, 20)
        bytes.store(msgtql, 24)
        bytes.store(msgseg, 28)
    }
}

/// Limits, IPC_INFO of shmctl(2).
public struct Shminfo: ABIStruct {
    public var shmmax: UInt64 = 0
    public var shmmin: UInt64 = 0
    public var shmmni: UInt64 = 0
    public var shmseg: UInt64 = 0
    public var shmall: UInt64 = 0

    public typealias Bytes = ByteBuffer<9>
    @inlinable public static var size: Int { 72 }

    @inlinable public init() {}

    @inlinable
    public init(decoding bytes: Bytes) {
        shmmax = bytes.load(0)
        shmmin = bytes.load(8)
        shmmni = bytes.load(16)
        shmseg = bytes.load(24)
        shmall = bytes.load(32)
    }

    @inlinable
    public func encode(into bytes: inout Bytes) {
        bytes.store(shmmax, 0)
        bytes.store(shmmin, 8)
        bytes.store(shmmni, 16)
        bytes.store(shmseg, 24)
        bytes.store(shmall, 32)
    }
}

/// Usage, SHM_INFO of shmctl(2).
public struct ShmInfo: ABIStruct {
    public var usedIDs: Int32 = 0
    public var total: UInt64 = 0
    public var resident: UInt64 = 0
    public var swapped: UInt64 = 0
    public var swapAttempts: UInt64 = 0
    public var swapSuccesses: UInt64 = 0

    public typealias Bytes = ByteBuffer<6>
    @inlinable public static var size: Int { 48 }

    @inlinable public init() {}

    @inlinable
    public init(decoding bytes: Bytes) {
        usedIDs = bytes.load(0)
        total = bytes.load(8)
        resident = bytes.load(16)
        swapped = bytes.load(24)
        swapAttempts = bytes.load(32)
        swapSuccesses = bytes.load(40)
    }

    @inlinable
    public func encode(into bytes: inout Bytes) {
        bytes.store(usedIDs, 0)
        bytes.store(total, 8)
        bytes.store(resident, 16)
        bytes.store(swapped, 24)
        bytes.store(swapAttempts, 32)
        bytes.store(swapSuccesses, 40)
    }
}

/// A message queue, mq_getattr(3).
public struct MqAttr: ABIStruct {
    public var flags: Int64 = 0
    public var maxmsg: Int64 = 0
    public var msgsize: Int64 = 0
    public var curmsgs: Int64 = 0

    public typealias Bytes = ByteBuffer<8>
    @inlinable public static var size: Int { 64 }

    @inlinable public init() {}

    @inlinable
    public init(flags: Int64, maxmsg: Int64, msgsize: Int64, curmsgs: Int64) {
        self.flags = flags
        self.maxmsg = maxmsg
        self.msgsize = msgsize
        self.curmsgs = curmsgs
    }

    @inlinable
    public init(decoding bytes: Bytes) {
        flags = bytes.load(0)
        maxmsg = bytes.load(8)
        msgsize = bytes.load(16)
        curmsgs = bytes.load(24)
    }

    @inlinable
    public func encode(into bytes: inout Bytes) {
        bytes.store(flags, 0)
        bytes.store(maxmsg, 8)
        bytes.store(msgsize, 16)
        bytes.store(curmsgs, 24)
    }
}
