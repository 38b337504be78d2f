// Calls that a filter leaves to another process to decide, seccomp_unotify(2).

import IPC
import KernelBase
import LinuxABI
import Machine
import VFS

/// A call that waits for its answer.
final class SeccompRequest {
    enum State { case waiting, received, answered }

    let id: UInt64
    let task: Task
    let data: SeccompData
    var state = State.waiting
    /// What the call returns.
    var result: Int = 0
    /// The call is made after all (SECCOMP_USER_NOTIF_FLAG_CONTINUE).
    var continues = false

    init(id: UInt64, task: Task, data: SeccompData) {
        self.id = id
        self.task = task
        self.data = data
    }
}

/// What a filter and its listener share: the calls that wait, in order.
public final class SeccompNotifications {
    fileprivate var requests: [SeccompRequest] = []
    private var lastID: UInt64
    /// Once a call has been received, only the death of its thread ends its wait.
    private let waitsKillable: Bool
    /// The listener is gone: nobody answers.
    fileprivate(set) var isClosed = false
    /// No task has the filter any more.
    fileprivate var isUnused = false
    /// Told of requests and answers.
    fileprivate let changed = WaitQueue()

    public init(waitsKillable: Bool) {
        self.waitsKillable = waitsKillable
        // Not to be guessed from another listener's.
        lastID = 0
        for byte in KernelRandom.bytes(8) { lastID = lastID << 8 | UInt64(byte) }
    }

    /// The last task with the filter has ended.
    func filterIsGone() {
        isUnused = true
        changed.wakeAll(POLLHUP)
    }

    /// Asks, and waits for the answer.
    /// - Returns: what goes to rax; nil if the call is to be made.
    func ask(_ task: Task, _ data: SeccompData) -> Int? {
        if isClosed { return -Int(Errno.ENOSYS.rawValue) }
        if Host.heapIsLow { return -Int(Errno.ENOMEM.rawValue) }
        lastID &+= 1
        let request = SeccompRequest(id: lastID, task: task, data: data)
        requests.append(request)
        changed.wakeAll(POLLIN | POLLRDNORM)
        defer {
            requests.removeAll { $0 === request }
            changed.wakeAll()
        }
        while request.state != .answered {
            let isHeld = waitsKillable && request.state == .received
            do throws(Errno) {
                _ = try changed.wait(isHeld ? .death : .signals) { () throws(Errno) in
                    request.state == .answered || !isHeld && waitsKillable && request.state == .received
                }
            } catch {
                // The call starts again after the signal's handler, or ends with EINTR.
                ThreadSlot.requireFullRestore()
                return -Int(Errno.ERESTARTSYS.rawValue)
            }
        }
        return request.continues ? nil : request.result
    }

    fileprivate func request(_ id: UInt64) throws(Errno) -> SeccompRequest {
        for request in requests where request.id == id { return request }
        throw .ENOENT
    }

    fileprivate func answer(_ request: SeccompRequest, _ result: Int, continues: Bool = false) {
        request.result = result
        request.continues = continues
        request.state = .answered
        changed.wakeAll()
    }

    /// The listener is closed: who waits is answered as where there is none.
    fileprivate func close() {
        isClosed = true
        for request in requests where request.state != .answered { answer(request, -Int(Errno.ENOSYS.rawValue)) }
    }
}

/// The listener of a filter: its descriptor receives the calls, and answers them by ioctl(2).
public final class SeccompListener: File {
    private let notifications: SeccompNotifications

    public init(_ notifications: SeccompNotifications) {
        self.notifications = notifications
        super.init(inode: IPCState.shared.anonymousInode, path: nil, flags: O_RDWR)
    }

    public override func closing() { notifications.close() }
    public override var linkText: Bytes { Bytes("anon_inode:seccomp notify") }
    public override func read(_ buffer: inout IOBuffer, at offset: Int) throws(Errno) -> Int { throw .EINVAL }
    public override func write(_ buffer: inout IOBuffer, at offset: inout Int) throws(Errno) -> Int { throw .EINVAL }

    public override func poll(_ table: PollTable?) -> UInt32 {
        table?.add(notifications.changed)
        var events: UInt32 = notifications.isUnused ? POLLHUP : 0
        for request in notifications.requests {
            switch request.state {
            case .waiting: events |= POLLIN | POLLRDNORM
            case .received: events |= POLLOUT | POLLWRNORM
            case .answered: break
            }
        }
        return events
    }

    public override func control(_ request: UInt32, _ argument: UInt) throws(Errno) -> Int {
        switch UInt(request) {
        case SECCOMP_IOCTL_NOTIF_RECV: return try receive(argument)
        case SECCOMP_IOCTL_NOTIF_SEND: return try send(argument)
        case SECCOMP_IOCTL_NOTIF_ID_VALID, SECCOMP_IOCTL_NOTIF_ID_VALID_WRONG_DIR:
            let id = try UserMemory.load(UInt64.self, at: argument)
            guard try notifications.request(id).state == .received else { throw .ENOENT }
            return 0
        case SECCOMP_IOCTL_NOTIF_ADDFD: return try addDescriptor(argument)
        case SECCOMP_IOCTL_NOTIF_SET_FLAGS:
            // That the two run on one processor in turn is a matter for the host.
            guard argument & ~UInt(SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP) == 0 else { throw .EINVAL }
            return 0
        default: throw .EINVAL
        }
    }

    /// The next call, as struct seccomp_notif: id, thread, flags, struct seccomp_data. May sleep.
    private func receive(_ address: UInt) throws(Errno) -> Int {
        for byte in try UserMemory.copyIn(SeccompListener.requestSize, from: address) where byte != 0 { throw .EINVAL }
        var found: SeccompRequest?
        _ = try notifications.changed.wait { () throws(Errno) in
            for request in notifications.requests where request.state == .waiting {
                found = request
                return true
            }
            return notifications.isUnused
        }
        guard let found else { throw .ENOENT }
        var bytes = Bytes()
        bytes.append(littleEndian: found.id)
        bytes.append(littleEndian: UInt64(UInt32(bitPattern: found.task.tid)))
        for offset in 0..<16 as Range<UInt32> { bytes.append(littleEndian: found.data.load(offset &* 4)) }
        // With the address wrong the call waits for another try.
        try UserMemory.copyOut(bytes.span, to: address)
        found.state = .received
        notifications.changed.wakeAll(POLLOUT | POLLWRNORM)
        return 0
    }

    static var requestSize: Int { 80 }

    /// The answer, struct seccomp_notif_resp: id, value, error, flags.
    private func send(_ address: UInt) throws(Errno) -> Int {
        let id = try UserMemory.load(UInt64.self, at: address), value = try UserMemory.load(Int.self, at: address &+ 8)
        let error = try UserMemory.load(Int32.self, at: address &+ 16), flags = try UserMemory.load(UInt32.self, at: address &+ 20)
        guard flags & ~SECCOMP_USER_NOTIF_FLAG_CONTINUE == 0 else { throw .EINVAL }
        let continues = flags & SECCOMP_USER_NOTIF_FLAG_CONTINUE != 0
        if continues, error != 0 || value != 0 { throw .EINVAL }
        let request = try notifications.request(id)
        guard request.state == .received else { throw .EINPROGRESS }
        notifications.answer(request, error != 0 ? Int(error) : value, continues: continues)
        return 0
    }

    /// Gives the caller's file to the process that waits, struct seccomp_notif_addfd: id, flags, descriptor here, descriptor there, its flags.
    /// - Returns: the descriptor there.
    private func addDescriptor(_ address: UInt) throws(Errno) -> Int {
        let id = try UserMemory.load(UInt64.self, at: address), flags = try UserMemory.load(UInt32.self, at: address &+ 8)
        let source = try UserMemory.load(Int32.self, at: address &+ 12), wanted = try UserMemory.load(Int32.self, at: address &+ 16)
        let newFlags = try UserMemory.load(UInt32.self, at: address &+ 20)
        guard newFlags & ~O_CLOEXEC == 0, flags & ~(SECCOMP_ADDFD_FLAG_SETFD | SECCOMP_ADDFD_FLAG_SEND) == 0 else { throw .EINVAL }
        let sets = flags & SECCOMP_ADDFD_FLAG_SETFD != 0
        if wanted != 0, !sets { throw .EINVAL }
        let file = try Task.current.files.get(source)
        let request = try notifications.request(id)
        guard request.state == .received else { throw .EINPROGRESS }
        let target = request.task
        let limit = target.process.limit(Int(RLIMIT_NOFILE)), closeOnExec = newFlags & O_CLOEXEC != 0
        let descriptor: Int32
        if sets {
            file.acquire()
            defer { file.release() }
            try target.files.put(file, at: wanted, limit: limit, closeOnExec: closeOnExec)
            descriptor = wanted
        } else {
            descriptor = try target.files.install(file, limit: limit, closeOnExec: closeOnExec)
        }
        if flags & SECCOMP_ADDFD_FLAG_SEND != 0, request.state == .received { notifications.answer(request, Int(descriptor)) }
        return Int(descriptor)
    }
}
