import IPC
import KernelBase
import LinuxABI
import Machine

/// System V semaphores and message queues, sysvipc(7).
extension SyscallContext {
    // --- semaphores ---

    /// semget(2)
    func sysSemget() throws(Errno) -> Int { Int(try SystemV.shared.semaphoreSet(key: i0, count: i1, flags: u2)) }

    /// semop(2)
    func sysSemop() throws(Errno) -> Int { try semaphoreOperations(timeoutAt: 0) }

    /// semtimedop(2)
    func sysSemtimedop() throws(Errno) -> Int { try semaphoreOperations(timeoutAt: a3) }

    private func semaphoreOperations(timeoutAt timeout: UInt) throws(Errno) -> Int {
        let deadline = try deadline(timeoutAt: timeout)
        guard Int(u2) <= SEMOPM else { throw .E2BIG }
        guard u2 >= 1 else { throw .EINVAL }
        var operations: [Sembuf] = []
        for index in 0..<UInt(u2) {
            operations.append(try UserMemory.load(Sembuf.self, at: a1 &+ index &* UInt(Sembuf.size)))
        }
        guard i0 >= 0 else { throw .EINVAL }
        try SystemV.shared.semaphoreSet(i0).operate(operations, deadline: deadline)
        return 0
    }

    /// semctl(2)
    func sysSemctl() throws(Errno) -> Int {
        guard i0 >= 0 else { throw .EINVAL }
        let system = SystemV.shared
        let command = i2 & ~0x100 // IPC_64, which is the only form there is
        switch command {
        case IPC_INFO, SEM_INFO:
            var info = Seminfo()
            info.semmni = Int32(SEMMNI)
            info.semmsl = Int32(SEMMSL)
            info.semmns = Int32(SEMMNI &* SEMMSL)
            info.semopm = Int32(SEMOPM)
            info.semvmx = Int32(SEMVMX)
            info.semmnu = info.semmns
            info.semmap = info.semmns
            info.semume = info.semopm
            info.semusz = 20
            info.semaem = Int32(SEMVMX)
            if command == SEM_INFO {
                info.semusz = Int32(truncatingIfNeeded: system.semaphores.count)
                var total = 0
                system.semaphores.forEach { total &+= $0.values.count }
                info.semaem = Int32(truncatingIfNeeded: total)
            }
            try UserMemory.store(info, at: a3)
            return system.semaphores.highest
        case IPC_STAT, SEM_STAT, SEM_STAT_ANY:
            let set = command == IPC_STAT ? try system.semaphoreSet(i0) : try system.semaphoreSet(at: i0)
            if command != SEM_STAT_ANY { try set.check(0o444) }
            let status = SemidDs(perm: set.permissions, otime: set.operationTime, ctime: set.changeTime, nsems: UInt64(set.values.count))
            try UserMemory.store(status, at: a3)
            return command == IPC_STAT ? 0 : Int(set.id)
        case IPC_SET:
            let new = try UserMemory.load(SemidDs.self, at: a3)
            let set = try system.semaphoreSet(i0)
            try set.checkOwner()
            try system.set(set, new.perm)
            return 0
        case IPC_RMID:
            let set = try system.semaphoreSet(i0)
            try set.checkOwner()
            system.remove(set)
            return 0
        case GETALL:
            let set = try system.semaphoreSet(i0)
            try set.check(0o444)
            for index in 0..<set.values.count {
                try UserMemory.store(UInt16(truncatingIfNeeded: set.values[index]), at: a3 &+ UInt(index &* 2))
            }
            return 0
        case SETALL:
            let set = try system.semaphoreSet(i0)
            try set.check(0o222)
            var values: [UInt16] = []
            for index in 0..<set.values.count { values.append(try UserMemory.load(UInt16.self, at: a3 &+ UInt(index &* 2))) }
            try set.setAll(values)
            return 0
        case SETVAL:
            guard i3 >= 0, Int(i3) <= SEMVMX else { throw .ERANGE }
            let set = try system.semaphoreSet(i0)
            guard i1 >= 0, Int(i1) < set.values.count else { throw .EINVAL }
            try set.check(0o222)
            try set.set(Int(i1), to: i3)
            return 0
        case GETVAL, GETPID, GETNCNT, GETZCNT:
            let set = try system.semaphoreSet(i0)
            try set.check(0o444)
            guard i1 >= 0, Int(i1) < set.values.count else { throw .EINVAL }
            let number = Int(i1)
            switch command {
            case GETVAL: return Int(set.values[number])
            case GETPID: return Int(set.lastPIDs[number])
            case GETNCNT: return set.waiting(number, forZero: false)
            default: return set.waiting(number, forZero: true)
            }
        default:
            throw .EINVAL
        }
    }

    // --- message queues ---

    /// msgget(2)
    func sysMsgget() throws(Errno) -> Int { Int(try SystemV.shared.messageQueue(key: i0, flags: u1)) }

    /// msgsnd(2)
    func sysMsgsnd() throws(Errno) -> Int {
        let type = try UserMemory.load(Int.self, at: a1)
        guard a2 <= UInt(MSGMAX), i0 >= 0, type >= 1 else { throw .EINVAL }
        let text = try UserMemory.copyIn(Int(a2), from: a1 &+ 8)
        try SystemV.shared.messageQueue(i0).send(type, text, flags: u3)
        return 0
    }

    /// msgrcv(2)
    func sysMsgrcv() throws(Errno) -> Int {
        guard i0 >= 0, Int(bitPattern: a2) >= 0 else { throw .EINVAL }
        let flags = u4
        if flags & MSG_COPY != 0, flags & MSG_EXCEPT != 0 || flags & IPC_NOWAIT == 0 { throw .EINVAL }
        let room = Int(bitPattern: a2)
        let message = try SystemV.shared.messageQueue(i0).receive(Int(bitPattern: a3), room: room, flags: flags)
        let count = min(room, message.text.count)
        try UserMemory.store(message.type, at: a1)
        if count > 0 { try UserMemory.copyOut(message.text.span.extracting(0..<count), to: a1 &+ 8) }
        return count
    }

    /// msgctl(2)
    func sysMsgctl() throws(Errno) -> Int {
        guard i0 >= 0 else { throw .EINVAL }
        let system = SystemV.shared
        let command = i1 & ~0x100
        switch command {
        case IPC_INFO, MSG_INFO:
            var info = Msginfo()
            info.msgmni = Int32(truncatingIfNeeded: SystemV.shared.queues.limit)
            info.msgmax = Int32(MSGMAX)
            info.msgmnb = Int32(MSGMNB)
            info.msgssz = 16
            info.msgseg = 0xffff
            if command == MSG_INFO {
                var messages = 0, bytes = 0
                system.queues.forEach {
                    messages &+= $0.count
                    bytes &+= $0.bytes
                }
                info.msgpool = Int32(truncatingIfNeeded: system.queues.count)
                info.msgmap = Int32(truncatingIfNeeded: messages)
                info.msgtql = Int32(truncatingIfNeeded: bytes)
            } else {
                info.msgmap = Int32(MSGMNB)
                info.msgpool = Int32(MSGMNI &* MSGMNB / 1024)
                info.msgtql = Int32(MSGMNB)
            }
            try UserMemory.store(info, at: a2)
            return system.queues.highest
        case IPC_STAT, MSG_STAT, MSG_STAT_ANY:
            let queue = command == IPC_STAT ? try system.messageQueue(i0) : try system.messageQueue(at: i0)
            if command != MSG_STAT_ANY { try queue.check(0o444) }
            var status = MsqidDs()
            status.perm = queue.permissions
            status.stime = queue.sendTime
            status.rtime = queue.receiveTime
            status.ctime = queue.changeTime
            status.cbytes = UInt64(queue.bytes)
            status.qnum = UInt64(queue.count)
            status.qbytes = UInt64(queue.limit)
            status.lspid = queue.lastSender
            status.lrpid = queue.lastReceiver
            try UserMemory.store(status, at: a2)
            return command == IPC_STAT ? 0 : Int(queue.id)
        case IPC_SET:
            let new = try UserMemory.load(MsqidDs.self, at: a2)
            let queue = try system.messageQueue(i0)
            try queue.checkOwner()
            try queue.setLimit(new.qbytes)
            try system.set(queue, new.perm)
            return 0
        case IPC_RMID:
            let queue = try system.messageQueue(i0)
            try queue.checkOwner()
            system.remove(queue)
            return 0
        default:
            throw .EINVAL
        }
    }
}
