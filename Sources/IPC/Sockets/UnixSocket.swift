import KernelBase
import LinuxABI
import Machine
import VFS

/// A Unix socket, unix(7).
///
/// Two connected sockets refer to each other as `peer`. Sending puts a message in the peer's receive queue
/// and charges it to the sender, so that what limits a sender is what it has under way; datagrams are also
/// limited by the length of the receiver's queue. A listening socket's queue holds the sockets of
/// connections that nobody has accepted yet; they are complete, so data can be sent to them.
///
/// The reference to the peer stays when the peer closes, so that its name can still be asked for; it goes
/// when this socket closes.
public final class UnixSocket: SocketFile {
    enum State { case unconnected, listening, established }

    var state = State.unconnected
    var peer: UnixSocket?
    /// The bytes of its sockaddr; nil if it has no name.
    var address: Bytes?
    /// The inode of its path; ``Inode/attachment`` leads back here.
    var boundInode: Inode?
    var queue = UnixMessageQueue()
    /// Connections to accept, of a listening socket.
    var pending: [UnixSocket] = []
    /// Made by connect and not accepted yet.
    var isEmbryo = false
    /// Connections, or datagrams of strangers, that may be waiting beyond the first.
    var backlog = 10
    /// Bit 0: receiving was shut down; bit 1: sending.
    var shutdownMask: UInt32 = 0
    /// Reported once, by the next call or SO_ERROR.
    var pendingError: Errno?
    var isDead = false

    /// Told when there is something to read, or the state changes.
    let readQueue = WaitQueue()
    /// Told when there is room to write, or the state changes.
    let writeQueue = WaitQueue()
    /// Files of this socket with O_ASYNC: itself.
    private var asyncList = AsyncList()
    /// Senders that wait for room in this socket's queue.
    let peerQueue = WaitQueue()
    /// Sockets that were found unwritable because this one's queue is full.
    var blockedSenders: [UnixSocket] = []
    var isBlocked = false

    /// Bytes charged for messages under way.
    var writeMemory = 0
    var options = UnixOptions()
    /// What SO_PEERCRED gives.
    var peerCredentials = SocketCredentials.none
    var peerGroups: [UInt32] = []
    public override var peerProcess: Int32 { peerCredentials.pid }
    /// What SO_PEERCRED gives to those who connect.
    var ownCredentials = SocketCredentials.none
    var ownGroups: [UInt32] = []

    /// References to this socket that are in messages; see UnixGarbage.swift.
    var inFlight = 0
    /// The last listing this socket is in; see UnixListing.swift.
    var listing: UInt = 0
    /// Scratch of the garbage collection.
    var mark = 0

    static var receiveBit: UInt32 { 1 }
    static var sendBit: UInt32 { 2 }
    static var readable: UInt32 { POLLIN | POLLPRI | POLLRDNORM | POLLRDBAND }
    static var writable: UInt32 { POLLOUT | POLLWRNORM | POLLWRBAND }

    init(type: UInt32, flags: UInt32) {
        super.init(inode: SocketInode(), flags: flags, domain: AF_UNIX, type: type, socketProtocol: 0)
    }

    /// socketpair(2). The caller takes the first references.
    /// - Parameter type: as of ``SocketFile/make(domain:type:socketProtocol:)``.
    public static func makePair(domain: Int32, type: UInt32, socketProtocol: Int32) throws(Errno) -> (SocketFile, SocketFile) {
        let first = try SocketFile.make(domain: domain, type: type, socketProtocol: socketProtocol)
        let second = try SocketFile.make(domain: domain, type: type, socketProtocol: socketProtocol)
        guard let a = first as? UnixSocket, let b = second as? UnixSocket else { throw .EOPNOTSUPP }
        a.peer = b
        b.peer = a
        let groups = IPCState.shared.caller.credentials().groups
        for socket in [a, b] {
            socket.state = .established
            socket.peerCredentials = .ofCaller()
            socket.peerGroups = groups
        }
        return (a, b)
    }

    var isConnectionOriented: Bool { type != SOCK_DGRAM }
    public override var raisesBrokenPipe: Bool { type == SOCK_STREAM }
    public override var receiveTimeout: UInt64 { options.receiveTimeout }

    // --- waking ---

    func dataCame() {
        readQueue.wake(UnixSocket.readable)
        asyncList.tell(POLL_IN)
    }

    public override func setAsync(_ descriptor: Int32?) -> Bool {
        asyncList.set(self, descriptor)
        return true
    }

    /// A message of this socket was taken. Like Linux it tells of room only once three quarters are free.
    func roomCame() {
        if writeMemory &* 4 <= options.sendBuffer { writeQueue.wake(UnixSocket.writable) }
    }

    func stateChanged() {
        readQueue.wakeAll()
        writeQueue.wakeAll()
    }

    /// A datagram or connection was taken from the queue.
    func queueShrank() {
        peerQueue.wake(UnixSocket.writable)
        wakeBlockedSenders()
    }

    private func wakeBlockedSenders() {
        guard !blockedSenders.isEmpty else { return }
        let senders = blockedSenders
        blockedSenders = []
        for sender in senders {
            sender.isBlocked = false
            sender.writeQueue.wake(UnixSocket.writable)
        }
    }

    // --- sleeping ---

    func isNonBlocking(_ flags: UInt32) -> Bool { isNonBlocking || flags & MSG_DONTWAIT != 0 }

    func deadline(_ timeout: UInt64) -> UInt64 { timeout == .max ? .max : Clock.deadline(after: timeout) }

    /// Sleeps until the condition is true.
    /// - Throws: `EAGAIN` when the time has come; `ERESTARTSYS`, or `EINTR` with a time limit.
    func sleep(on queue: WaitQueue, deadline: UInt64, exclusive: Bool = false,
               until condition: () throws(Errno) -> Bool) throws(Errno) {
        var isTrue = false
        do throws(Errno) {
            isTrue = try queue.wait(deadline: deadline, exclusive: exclusive, spin: Pipe.spin, until: condition)
        } catch {
            throw error == .ERESTARTSYS && deadline != .max ? .EINTR : error
        }
        if !isTrue { throw .EAGAIN }
    }

    func takeError() -> Errno? {
        guard let error = pendingError else { return nil }
        pendingError = nil
        return error
    }

    var isQueueFull: Bool { (state == .listening ? pending.count : queue.count) > backlog }

    // --- the calls ---

    public override func bind(_ address: Bytes) throws(Errno) { try bindName(address) }
    public override func listen(_ backlog: Int) throws(Errno) { try beginListening(backlog) }
    public override func connect(_ address: Bytes) throws(Errno) {
        if type == SOCK_DGRAM { try connectDatagram(address) } else { try connectStream(address) }
    }
    public override func accept(flags: UInt32) throws(Errno) -> SocketFile { try acceptConnection(flags) }
    public override func name() throws(Errno) -> Bytes { nameBytes }
    public override func peerName() throws(Errno) -> Bytes {
        guard let peer else { throw .ENOTCONN }
        return peer.nameBytes
    }
    private var nameBytes: Bytes { address ?? [UInt8(AF_UNIX), 0] }

    public override func send(_ buffer: inout IOBuffer, flags: UInt32, to address: Bytes?, _ control: SentControl?) throws(Errno) -> Int {
        switch type {
        case SOCK_STREAM:
            return try sendStream(&buffer, flags, address, control)
        case SOCK_SEQPACKET:
            if let error = takeError() { throw error }
            guard state == .established else { throw .ENOTCONN }
            return try sendDatagram(&buffer, flags, nil, control)
        default:
            return try sendDatagram(&buffer, flags, address, control)
        }
    }
    public override func receive(_ buffer: inout IOBuffer, flags: UInt32) throws(Errno) -> ReceivedMessage {
        switch type {
        case SOCK_STREAM:
            return try receiveStream(&buffer, flags)
        case SOCK_SEQPACKET:
            guard state == .established else { throw .ENOTCONN }
            return try receiveDatagram(&buffer, flags)
        default:
            return try receiveDatagram(&buffer, flags)
        }
    }

    public override func option(level: Int32, _ name: Int32) throws(Errno) -> Bytes { try optionValue(level, name) }
    public override func setOption(level: Int32, _ name: Int32, _ value: Bytes) throws(Errno) { try changeOption(level, name, value) }

    public override func shutdown(_ how: Int32) throws(Errno) {
        guard how >= SHUT_RD, how <= SHUT_RDWR else { throw .EINVAL }
        let mask = UInt32(how &+ 1)
        shutdownMask |= mask
        if let peer, isConnectionOriented {
            peer.shutdownMask |= (mask & 1) &<< 1 | mask &>> 1
            peer.stateChanged()
            if peer.shutdownMask == 3 { peer.asyncList.tell(POLL_HUP) } else if peer.shutdownMask & 1 != 0 { peer.asyncList.tell(POLL_IN) }
        }
        stateChanged()
    }

    public override func control(_ request: UInt32, _ argument: UInt) throws(Errno) -> Int {
        switch UInt(request) {
        case FIONREAD:
            guard state != .listening else { throw .EINVAL }
            var sum = 0
            var message = queue.first
            while let current = message {
                sum &+= current.left
                message = isConnectionOriented ? current.next : nil
            }
            try UserMemory.store(Int32(truncatingIfNeeded: sum), at: argument)
        case TIOCOUTQ:
            try UserMemory.store(Int32(truncatingIfNeeded: writeMemory), at: argument)
        case FIOSETOWN, SIOCSPGRP:
            try setOwner(try UserMemory.load(Int32.self, at: argument))
        case FIOGETOWN, SIOCGPGRP:
            try UserMemory.store(ownerNumber, at: argument)
        // Sockets of any family answer for the network's devices, netdevice(7), and there is none.
        case SIOCGIFCONF:
            var list = try UserMemory.load(UInt64.self, at: argument)
            _ = try UserMemory.load(UInt64.self, at: argument &+ 8)
            list &= ~0xffff_ffff
            try UserMemory.store(list, at: argument)
        case SIOCGIFNAME, SIOCGIFINDEX, SIOCGIFFLAGS, SIOCGIFMETRIC, SIOCGIFMTU, SIOCGIFHWADDR, SIOCGIFTXQLEN, SIOCGIFMAP:
            // A struct ifreq.
            for word in UInt(0)..<5 { _ = try UserMemory.load(UInt64.self, at: argument &+ word &* 8) }
            throw .ENODEV
        default:
            throw .ENOTTY
        }
        return 0
    }

    /// Bytes under way, as SIOCOUTQ counts them.
    public var outgoing: Int { writeMemory }

    // --- poll ---

    public override func poll(_ table: PollTable?) -> UInt32 {
        if let table {
            table.add(readQueue)
            table.add(writeQueue)
        }
        var events: UInt32 = 0
        if pendingError != nil { events |= POLLERR }
        if shutdownMask == 3 { events |= POLLHUP }
        if shutdownMask & UnixSocket.receiveBit != 0 { events |= POLLRDHUP | POLLIN | POLLRDNORM }
        if !queue.isEmpty || !pending.isEmpty { events |= POLLIN | POLLRDNORM }
        if isConnectionOriented, state == .unconnected { events |= POLLHUP }
        guard state != .listening, writeMemory &* 4 <= options.sendBuffer else { return events }
        if type != SOCK_STREAM, let peer, peer.peer !== self, !peer.isDead, peer.isQueueFull {
            beBlocked(by: peer)
        } else {
            events |= UnixSocket.writable
        }
        return events
    }

    /// Asks to be told when `other`'s queue has room.
    func beBlocked(by other: UnixSocket) {
        guard !isBlocked else { return }
        isBlocked = true
        other.blockedSenders.append(self)
    }

    // --- the end ---

    public override func closing() {
        guard !isDead else { return }
        isDead = true
        shutdownMask = 3
        let wasListening = state == .listening
        state = .unconnected
        unbind()
        peerQueue.wakeAll()
        wakeBlockedSenders()
        if let other = peer {
            peer = nil
            if isConnectionOriented {
                other.shutdownMask = 3
                if !queue.isEmpty || isEmbryo { other.pendingError = .ECONNRESET }
                other.stateChanged()
                other.asyncList.tell(POLL_HUP)
            }
            if isBlocked { other.blockedSenders.removeAll { $0 === self } }
        }
        if wasListening {
            let connections = pending
            pending = []
            for connection in connections { connection.closing() }
        }
        purge()
        stateChanged()
        collectGarbage()
    }

    /// Throws all messages away. May sleep.
    func purge() {
        while let message = queue.removeFirst() { message.drop() }
    }
}
