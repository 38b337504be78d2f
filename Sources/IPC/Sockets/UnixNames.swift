import KernelBase
import LinuxABI
import Machine
import VFS

/// A name as bind(2), connect(2) and sendto(2) give it.
enum UnixName {
    case path(Bytes)
    /// With the zero in front.
    case abstract(Bytes)

    /// Bytes of sa_family.
    static var familySize: Int { 2 }

    /// - Throws: `EINVAL` for another family or a length that is out of range.
    init(_ address: Bytes) throws(Errno) {
        guard address.count > UnixName.familySize, address.count <= UnixName.familySize &+ UNIX_PATH_MAX,
              UnixName.family(address) == AF_UNIX
        else { throw .EINVAL }
        let name = Bytes(address[UnixName.familySize...])
        if name[0] == 0 {
            self = .abstract(name)
        } else {
            self = .path(Bytes(name.prefix { $0 != 0 }))
        }
    }

    static func family(_ address: Bytes) -> Int32 {
        address.count < 2 ? -1 : Int32(address[0]) | Int32(address[1]) &<< 8
    }

    /// The whole sockaddr.
    var bytes: Bytes {
        var result: Bytes = [UInt8(AF_UNIX), 0]
        switch self {
        case .path(let path):
            result.append(contentsOf: path)
            result.append(0)
        case .abstract(let name):
            result.append(contentsOf: name)
        }
        return result
    }
}

extension UnixSocket {
    // --- names ---

    /// Each type has abstract names of its own.
    private func abstractKey(_ name: Bytes) -> Bytes { [UInt8(truncatingIfNeeded: type)] + name }

    func bindName(_ address: Bytes) throws(Errno) {
        if address.count == UnixName.familySize, UnixName.family(address) == AF_UNIX {
            try autobind()
            return
        }
        let name = try UnixName(address)
        let state = IPCState.shared
        switch name {
        case .path(let path):
            let mode = S_IFSOCK | (inode.mode & 0o777)
            if self.address != nil {
                // Linux finds out that the name is taken before it finds out that the socket has one already.
                do throws(Errno) {
                    _ = try state.caller.findSocket(path)
                } catch {
                    throw error == .ENOENT || error == .EACCES ? .EINVAL : error
                }
                throw .EADDRINUSE
            }
            let made: Inode
            do throws(Errno) {
                made = try state.caller.makeSocket(path, mode)
            } catch {
                throw error == .EEXIST ? .EADDRINUSE : error
            }
            made.attachment = self
            boundInode = made
        case .abstract(let bytes):
            guard self.address == nil else { throw .EINVAL }
            let key = abstractKey(bytes)
            guard state.abstractNames[key] == nil else { throw .EADDRINUSE }
            state.abstractNames[key] = self
        }
        self.address = name.bytes
    }

    /// Binds to an abstract name that nobody has, if it has no name.
    func autobind() throws(Errno) {
        guard address == nil else { return }
        let state = IPCState.shared
        for _ in 0..<0x100000 {
            state.autobindCounter = (state.autobindCounter &+ 1) & 0xfffff
            var name: Bytes = [0]
            name.append(hex: UInt(state.autobindCounter), width: 5)
            let key = abstractKey(name)
            if state.abstractNames[key] == nil {
                state.abstractNames[key] = self
                address = UnixName.abstract(name).bytes
                return
            }
        }
        throw .ENOSPC
    }

    func unbind() {
        if let boundInode, boundInode.attachment === self { boundInode.attachment = nil }
        boundInode = nil
        // The name itself is kept: the peer may still ask for it.
        guard let address, address.count > UnixName.familySize, address[UnixName.familySize] == 0 else { return }
        let key = abstractKey(Bytes(address[UnixName.familySize...]))
        let state = IPCState.shared
        if state.abstractNames[key] === self { state.abstractNames[key] = nil }
    }

    /// The socket bound to a name.
    /// - Throws: `ECONNREFUSED`, `EPROTOTYPE`, or what the path walk throws.
    func find(_ name: UnixName) throws(Errno) -> UnixSocket {
        let state = IPCState.shared
        switch name {
        case .path(let path):
            let inode = try state.caller.findSocket(path)
            guard inode.type == S_IFSOCK, let socket = inode.attachment as? UnixSocket else { throw .ECONNREFUSED }
            guard socket.type == type else { throw .EPROTOTYPE }
            return socket
        case .abstract(let bytes):
            guard let socket = state.abstractNames[abstractKey(bytes)] else { throw .ECONNREFUSED }
            return socket
        }
    }

    // --- connections ---

    func beginListening(_ wanted: Int) throws(Errno) {
        guard isConnectionOriented else { throw .EOPNOTSUPP }
        guard address != nil, state != .established else { throw .EINVAL }
        if wanted > backlog { peerQueue.wakeAll() }
        backlog = wanted
        state = .listening
        ownCredentials = .ofCaller()
        ownGroups = IPCState.shared.caller.credentials().groups
        peerCredentials = ownCredentials
        peerGroups = ownGroups
    }

    func connectStream(_ address: Bytes) throws(Errno) {
        let name = try UnixName(address)
        if options.wantsSender { try autobind() }
        try requireMemory()
        let until = isNonBlocking ? 0 : deadline(options.sendTimeout)
        while true {
            let listener = try find(name)
            guard listener.state == .listening, listener.shutdownMask & UnixSocket.receiveBit == 0 else { throw .ECONNREFUSED }
            if listener.isQueueFull {
                if until == 0 { throw .EAGAIN }
                try sleep(on: listener.peerQueue, deadline: until, exclusive: true) {
                    !listener.isQueueFull || listener.isDead || listener.shutdownMask & UnixSocket.receiveBit != 0
                }
                continue
            }
            switch state {
            case .unconnected: break
            case .established: throw .EISCONN
            case .listening: throw .EINVAL
            }
            // A socket whose connection ended stays connected to its dead peer.
            let other = UnixSocket(type: type, flags: 0)
            other.isEmbryo = true
            other.state = .established
            other.peer = self
            other.address = listener.address
            other.peerCredentials = .ofCaller()
            other.peerGroups = IPCState.shared.caller.credentials().groups
            other.options.passesCredentials = listener.options.passesCredentials
            other.options.passesPidFD = listener.options.passesPidFD
            other.options.passesRights = listener.options.passesRights
            peer = other
            state = .established
            peerCredentials = listener.ownCredentials
            peerGroups = listener.ownGroups
            listener.pending.append(other)
            listener.dataCame()
            return
        }
    }

    func connectDatagram(_ address: Bytes) throws(Errno) {
        guard address.count >= UnixName.familySize else { throw .EINVAL }
        var other: UnixSocket?
        if UnixName.family(address) != AF_UNSPEC {
            let name = try UnixName(address)
            if options.wantsSender { try autobind() }
            let found = try find(name)
            guard maySend(to: found) else { throw .EPERM }
            other = found
            state = .established
            found.state = .established
        } else {
            state = .unconnected
        }
        let old = peer
        peer = other
        if let old, old !== other {
            if isBlocked {
                old.blockedSenders.removeAll { $0 === self }
                isBlocked = false
                writeQueue.wake(UnixSocket.writable)
            }
            disconnected(from: old)
        }
    }

    /// A datagram socket takes messages from everybody, or only from the one it is connected to.
    func maySend(to other: UnixSocket) -> Bool { other.peer == nil || other.peer === self }

    /// Messages of a peer that is no longer one are lost; it is told if it was connected to us.
    func disconnected(from old: UnixSocket) {
        guard !queue.isEmpty else { return }
        purge()
        peerQueue.wakeAll()
        if !old.isDead, old.peer === self {
            old.pendingError = .ECONNRESET
            old.readQueue.wakeAll(POLLERR)
        }
    }

    func acceptConnection(_ flags: UInt32) throws(Errno) -> SocketFile {
        guard isConnectionOriented else { throw .EOPNOTSUPP }
        guard state == .listening else { throw .EINVAL }
        if pending.isEmpty {
            if let error = takeError() { throw error }
            if shutdownMask & UnixSocket.receiveBit != 0 { throw .EINVAL }
            if isNonBlocking { throw .EAGAIN }
            try sleep(on: readQueue, deadline: deadline(options.receiveTimeout), exclusive: true) { () throws(Errno) in
                if shutdownMask & UnixSocket.receiveBit != 0 { throw .EINVAL }
                return !pending.isEmpty
            }
        }
        let connection = pending.removeFirst()
        peerQueue.wake(UnixSocket.writable)
        connection.isEmbryo = false
        connection.flags = O_RDWR | (flags & O_NONBLOCK)
        let caller = IPCState.shared.caller.credentials()
        connection.inode.uid = caller.fsuid
        connection.inode.gid = caller.fsgid
        return connection
    }
}
