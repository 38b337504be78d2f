import KernelBase
import LinuxABI
import Machine

/// A System V message queue, msgop(2).
public final class MessageQueue: SystemVObject {
    public struct Message {
        public let type: Int
        public let text: Bytes
    }

    private var messages: [Message] = []
    /// Bytes of text in the queue, and the most there may be.
    public private(set) var bytes = 0
    public private(set) var limit = MSGMNB
    public private(set) var sendTime: Int64 = 0, receiveTime: Int64 = 0
    public private(set) var lastSender: Int32 = 0, lastReceiver: Int32 = 0
    private let senders = WaitQueue()
    private let receivers = WaitQueue()

    public var count: Int { messages.count }

    /// msgsnd(2). May sleep.
    /// - Throws: `EACCES`, `EAGAIN`, `EIDRM`, `ERESTARTNOHAND`.
    public func send(_ type: Int, _ text: Bytes, flags: UInt32) throws(Errno) {
        try check(0o222)
        func fits() -> Bool { bytes &+ text.count <= limit && messages.count &+ 1 <= limit }
        if !fits() {
            if flags & IPC_NOWAIT != 0 { throw .EAGAIN }
            do throws(Errno) {
                _ = try senders.wait { () throws(Errno) in
                    if isRemoved { throw .EIDRM }
                    return fits()
                }
            } catch {
                throw error == .ERESTARTSYS ? .ERESTARTNOHAND : error
            }
        }
        messages.append(Message(type: type, text: text))
        bytes &+= text.count
        lastSender = IPCState.shared.caller.processID()
        sendTime = SystemVObject.now
        receivers.wakeAll()
    }

    private func choose(_ type: Int, _ flags: UInt32) -> Int? {
        if type == 0 { return messages.isEmpty ? nil : 0 }
        if type > 0 {
            let isExcept = flags & MSG_EXCEPT != 0
            return messages.firstIndex { ($0.type == type) != isExcept }
        }
        // The lowest type that is at most the absolute value.
        let most = type == Int.min ? Int.max : 0 &- type
        var best: Int?
        for index in 0..<messages.count where messages[index].type <= most {
            if let seen = best, messages[seen].type <= messages[index].type { continue }
            best = index
        }
        return best
    }

    /// msgrcv(2). May sleep.
    /// - Throws: `EACCES`, `ENOMSG`, `E2BIG`, `EIDRM`, `ERESTARTNOHAND`.
    public func receive(_ type: Int, room: Int, flags: UInt32) throws(Errno) -> Message {
        try check(0o444)
        if flags & MSG_COPY != 0 {
            // Peeks at the message of that position.
            guard type >= 0, type < messages.count else { throw .ENOMSG }
            let message = messages[type]
            // A copy is whole or not at all, MSG_NOERROR or not.
            if message.text.count > room { throw flags & MSG_NOERROR != 0 ? .EINVAL : .E2BIG }
            return message
        }
        var found = choose(type, flags)
        if found == nil {
            if flags & IPC_NOWAIT != 0 { throw .ENOMSG }
            do throws(Errno) {
                _ = try receivers.wait { () throws(Errno) in
                    if isRemoved { throw .EIDRM }
                    found = choose(type, flags)
                    return found != nil
                }
            } catch {
                throw error == .ERESTARTSYS ? .ERESTARTNOHAND : error
            }
        }
        guard let found else { throw .ENOMSG }
        let message = messages[found]
        if message.text.count > room, flags & MSG_NOERROR == 0 { throw .E2BIG }
        messages.remove(at: found)
        bytes &-= message.text.count
        lastReceiver = IPCState.shared.caller.processID()
        receiveTime = SystemVObject.now
        senders.wakeAll()
        return message
    }

    /// IPC_SET's msg_qbytes.
    /// - Throws: `EPERM` to raise it above the default without CAP_SYS_RESOURCE.
    public func setLimit(_ wanted: UInt64) throws(Errno) {
        if wanted > UInt64(MSGMNB), !IPCState.shared.caller.credentials().has(Int(CAP_SYS_RESOURCE)) { throw .EPERM }
        limit = Int(min(wanted, UInt64(Int32.max)))
        receivers.wakeAll()
        senders.wakeAll()
    }

    public override func removed() {
        senders.wakeAll()
        receivers.wakeAll()
    }
}

/// The tables of System V objects, and the calls that make and find them.
public final class SystemV {
    public private(set) var semaphores = SystemVTable<SemaphoreSet>(limit: SEMMNI)
    public private(set) var queues = SystemVTable<MessageQueue>(limit: MSGMNI)
    public internal(set) var segments = SystemVTable<Segment>(limit: SHMMNI)
    /// The number of the last ``SemaphoreUndoList``.
    var undoLists = 0

    init() {}

    public static var shared: SystemV { IPCState.shared.systemV }

    /// semget(2)
    public func semaphoreSet(key: Int32, count: Int32, flags: UInt32) throws(Errno) -> Int32 {
        guard count >= 0, Int(count) <= SEMMSL else { throw .EINVAL }
        return try semaphores.get(key: key, flags: flags, check: { (set) throws(Errno) in
            guard Int(count) <= set.values.count else { throw .EINVAL }
        }, make: { () throws(Errno) in
            guard count > 0 else { throw .EINVAL }
            try requireMemory()
            return SemaphoreSet(key: key, count: Int(count), mode: flags)
        })
    }

    /// msgget(2)
    public func messageQueue(key: Int32, flags: UInt32) throws(Errno) -> Int32 {
        try queues.get(key: key, flags: flags, check: { (_) throws(Errno) in }, make: { () throws(Errno) in
            try requireMemory()
            return MessageQueue(key: key, mode: flags)
        })
    }

    public func semaphoreSet(_ id: Int32) throws(Errno) -> SemaphoreSet { try semaphores.find(id) }
    public func messageQueue(_ id: Int32) throws(Errno) -> MessageQueue { try queues.find(id) }
    /// By slot, for the STAT commands.
    public func semaphoreSet(at index: Int32) throws(Errno) -> SemaphoreSet {
        guard let set = semaphores.at(Int(index)) else { throw .EINVAL }
        return set
    }
    public func messageQueue(at index: Int32) throws(Errno) -> MessageQueue {
        guard let queue = queues.at(Int(index)) else { throw .EINVAL }
        return queue
    }

    /// IPC_SET of owner and mode.
    public func set(_ object: SystemVObject, _ new: IpcPerm) throws(Errno) { try object.set(uid: new.uid, gid: new.gid, mode: new.mode) }
    /// IPC_RMID
    public func remove(_ set: SemaphoreSet) { semaphores.remove(set) }
    public func remove(_ queue: MessageQueue) { queues.remove(queue) }
    func remove(_ segment: Segment) { segments.remove(segment) }

    // --- settings of /proc/sys/kernel ---

    /// shmmni, msgmni.
    public func setLimit(segments limit: Int) { segments.limit = limit }
    public func setLimit(queues limit: Int) { queues.limit = limit }
    /// shm_next_id, sem_next_id, msg_next_id.
    public func want(segment id: Int) { segments.wanted = id }
    public func want(semaphoreSet id: Int) { semaphores.wanted = id }
    public func want(queue id: Int) { queues.wanted = id }

    /// The last user of a list has ended: its SEM_UNDO adjustments take effect.
    func undo(_ list: SemaphoreUndoList) {
        guard semaphores.count > 0 else { return }
        let pid = IPCState.shared.caller.processID()
        semaphores.forEach { $0.undoAll(of: list.number, pid) }
    }
}
