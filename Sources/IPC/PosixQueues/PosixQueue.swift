import KernelBase
import LinuxABI
import Machine
import VFS

/// A POSIX message queue, mq_overview(7): an inode of the mqueue file system.
///
/// Messages are kept by priority, those of the same priority in the order they came. Everything under the kernel lock.
public final class PosixQueue: Inode {
    struct Message {
        var priority: UInt32
        var text: Bytes
    }

    public let maximalCount: Int
    public let maximalSize: Int
    /// The one to be taken next is the last one.
    private var messages: [Message] = []
    private var bytes = 0
    /// Told of messages, and of room.
    let readQueue = WaitQueue(), writeQueue = WaitQueue()
    /// Calls that sleep until there is a message: what comes is theirs, and nobody is notified.
    private var receivers = 0
    /// Who is to be told of the next message in an empty queue, mq_notify(3).
    private var notified: (pid: Int32, event: Sigevent)?
    /// What it is charged for against RLIMIT_MSGQUEUE, and whose limit that is.
    private let charge: Int
    private let payer: UInt32

    /// - Throws: `EINVAL`, `EMFILE`.
    init(_ system: PosixQueues, mode: UInt32, _ attributes: MqAttr?, _ credentials: Credentials) throws(Errno) {
        let count = attributes?.maxmsg ?? Int64(DFLT_MSG), size = attributes?.msgsize ?? Int64(DFLT_MSGSIZE)
        guard count > 0, size > 0 else { throw .EINVAL }
        let isPrivileged = credentials.has(Int(CAP_SYS_RESOURCE))
        guard count <= (isPrivileged ? 65536 : Int64(DFLT_MSGMAX)), size <= (isPrivileged ? 16 << 20 : Int64(DFLT_MSGSIZEMAX)) else { throw .EINVAL }
        maximalCount = Int(count)
        maximalSize = Int(size)
        // Linux counts its own structures, too.
        charge = maximalCount &* maximalSize &+ maximalCount &* 48 &+ min(maximalCount, MQ_PRIO_MAX) &* 48
        payer = credentials.uid
        try requireMemory()
        let state = IPCState.shared
        let used = state.queueBytes[payer] ?? 0
        guard UInt64(used &+ charge) <= state.caller.limit(Int(RLIMIT_MSGQUEUE)) else { throw .EMFILE }
        state.queueBytes[payer] = used &+ charge
        super.init(superblock: system, number: state.nextInode(), mode: S_IFREG | mode & 0o7777, uid: credentials.fsuid, gid: credentials.fsgid)
        self.size = 80
    }

    deinit {
        let state = IPCState.shared
        let left = (state.queueBytes[payer] ?? 0) &- charge
        if left > 0 { state.queueBytes[payer] = left } else { _ = state.queueBytes.remove(payer) }
    }

    public var count: Int { messages.count }
    var isFull: Bool { messages.count >= maximalCount }

    public override func truncate(to length: Int) throws(Errno) {}
    public override func open(_ path: Path, flags: UInt32, _ credentials: Credentials) throws(Errno) -> File {
        PosixQueueFile(self, path: path, flags: flags)
    }

    /// mq_timedsend(3); the caller has checked the size. May sleep.
    /// - Parameter deadline: CLOCK_REALTIME nanoseconds; nil for none. It is looked at only when there is no room.
    /// - Throws: `EAGAIN`, `ETIMEDOUT`, `ERESTARTSYS`, `ENOMEM`.
    func send(_ text: Bytes, priority: UInt32, nonBlocking: Bool, deadline: UInt64?) throws(Errno) {
        if isFull {
            if nonBlocking { throw .EAGAIN }
            try sleep(on: writeQueue, deadline) { !isFull }
        }
        try requireMemory()
        // Behind the older ones of its priority, which lie towards the end.
        var index = 0
        while index < messages.count, messages[index].priority < priority { index &+= 1 }
        messages.insert(Message(priority: priority, text: text), at: index)
        bytes &+= text.count
        readQueue.wake(POLLIN | POLLRDNORM)
        if receivers == 0, messages.count == 1 { notify() }
        touchModified()
    }

    /// mq_timedreceive(3). May sleep.
    func receive(nonBlocking: Bool, deadline: UInt64?) throws(Errno) -> Message {
        if messages.isEmpty {
            if nonBlocking { throw .EAGAIN }
            receivers &+= 1
            defer { receivers &-= 1 }
            try sleep(on: readQueue, deadline) { !messages.isEmpty }
        }
        guard let message = messages.popLast() else { throw .EAGAIN }
        bytes &-= message.text.count
        writeQueue.wake(POLLOUT | POLLWRNORM)
        touchModified()
        return message
    }

    private func sleep(on queue: WaitQueue, _ deadline: UInt64?, until condition: () throws(Errno) -> Bool) throws(Errno) {
        let until = deadline.map { Clock.monotonicDeadline(realtime: $0) } ?? .max
        guard try queue.wait(deadline: until, exclusive: true, until: condition) else { throw .ETIMEDOUT }
    }

    // --- mq_notify(3) ---

    /// - Throws: `EBUSY` when somebody else is to be told.
    public func setNotification(_ event: Sigevent?) throws(Errno) {
        let pid = IPCState.shared.caller.processID()
        guard let event else {
            if notified?.pid == pid { notified = nil }
            return
        }
        guard notified == nil else { throw .EBUSY }
        notified = (pid, event)
    }

    private func notify() {
        guard let (pid, event) = notified else { return }
        if event.notify == SIGEV_SIGNAL {
            let caller = IPCState.shared.caller
            caller.sendSignal(pid, .queue(event.signo, code: SI_MESGQ, pid: caller.processID(), uid: caller.credentials().uid, value: event.value))
        }
        notified = nil
    }

    /// A descriptor of the process was closed.
    func descriptorClosed() {
        if let pid = notified?.pid, pid == IPCState.shared.caller.processID() { notified = nil }
    }

    /// What a read shows.
    var text: Bytes {
        func padded(_ number: Int, _ width: Int) -> Bytes {
            var text: Bytes = []
            text.append(decimal: number)
            while text.count < width { text.append(UInt8(ascii: " ")) }
            return text
        }
        let isSignal = notified?.event.notify == SIGEV_SIGNAL
        var text = Bytes("QSIZE:")
        text.append(contentsOf: padded(bytes, 10))
        text.append(" NOTIFY:")
        text.append(contentsOf: padded(Int(notified?.event.notify ?? 0), 5))
        text.append(" SIGNO:")
        text.append(contentsOf: padded(isSignal ? Int(notified?.event.signo ?? 0) : 0, 5))
        text.append(" NOTIFY_PID:")
        text.append(contentsOf: padded(Int(notified?.pid ?? 0), 6))
        text.append("\n")
        return text
    }
}

/// An open message queue.
public final class PosixQueueFile: File {
    public let queue: PosixQueue

    init(_ queue: PosixQueue, path: Path?, flags: UInt32) {
        self.queue = queue
        super.init(inode: queue, path: path, flags: flags)
    }

    public func send(_ text: Bytes, priority: UInt32, deadline: UInt64?) throws(Errno) {
        try queue.send(text, priority: priority, nonBlocking: isNonBlocking, deadline: deadline)
    }
    public func receive(deadline: UInt64?) throws(Errno) -> (priority: UInt32, text: Bytes) {
        let message = try queue.receive(nonBlocking: isNonBlocking, deadline: deadline)
        return (message.priority, message.text)
    }

    public override var isSeekable: Bool { true }
    public override func read(_ buffer: inout IOBuffer, at offset: Int) throws(Errno) -> Int {
        let text = queue.text
        guard offset >= 0, offset < text.count else { return 0 }
        return try buffer.write(Bytes(text[offset..<min(text.count, offset &+ min(buffer.count, text.count))]))
    }

    public override func poll(_ table: PollTable?) -> UInt32 {
        table?.add(queue.readQueue)
        table?.add(queue.writeQueue)
        var events: UInt32 = 0
        if queue.count > 0 { events |= POLLIN | POLLRDNORM }
        if !queue.isFull { events |= POLLOUT | POLLWRNORM }
        return events
    }

    public override func flush() throws(Errno) { queue.descriptorClosed() }
}
