import KernelBase
import LinuxABI
import Machine
import VFS

/// Sending and receiving whole messages: datagram and sequenced-packet sockets.
extension UnixSocket {
    func sendDatagram(_ buffer: inout IOBuffer, _ flags: UInt32, _ address: Bytes?, _ control: SentControl?) throws(Errno) -> Int {
        if flags & MSG_OOB != 0 { throw .EOPNOTSUPP }
        var name: UnixName?
        if let address {
            name = try UnixName(address)
        } else if peer == nil {
            throw .ENOTCONN
        }
        if options.wantsSender { try autobind() }
        let size = buffer.count
        guard size <= options.sendBuffer &- 32 else { throw .EMSGSIZE }
        try waitForRoom(flags)
        if Host.heapIsLow { throw .ENOMEM }
        let message = try UnixMessage(&buffer, count: size, charge: UnixMessage.charge(datagram: size), sender: self)
        do throws(Errno) {
            if let control { try message.attach(control.files) }
            let until = isNonBlocking(flags) ? 0 : deadline(options.sendTimeout)
            while true {
                let other: UnixSocket
                if let name {
                    other = try find(name)
                } else if let peer {
                    other = peer
                } else {
                    throw .ECONNRESET
                }
                guard maySend(to: other) || type == SOCK_SEQPACKET else { throw .EPERM }
                if other.isDead {
                    if type == SOCK_SEQPACKET { throw .EPIPE }
                    peer = nil
                    isBlocked = false
                    state = .unconnected
                    disconnected(from: other)
                    throw .ECONNREFUSED
                }
                guard other.shutdownMask & UnixSocket.receiveBit == 0 else { throw .EPIPE }
                if !message.files.isEmpty, !other.options.passesRights { throw .EPERM }
                if other !== self, other.peer !== self, other.isQueueFull {
                    if until == 0 {
                        if other === peer { beBlocked(by: other) }
                        throw .EAGAIN
                    }
                    try sleep(on: other.peerQueue, deadline: until, exclusive: true) {
                        !other.isQueueFull || other.isDead || other.shutdownMask & UnixSocket.receiveBit != 0
                    }
                    continue
                }
                message.credentials = credentials(for: other, control)
                other.queue.append(message)
                other.dataCame()
                return size
            }
        } catch {
            message.drop()
            throw error
        }
    }

    func receiveDatagram(_ buffer: inout IOBuffer, _ flags: UInt32) throws(Errno) -> ReceivedMessage {
        if flags & MSG_OOB != 0 { throw .EOPNOTSUPP }
        var result = ReceivedMessage()
        let isPeek = flags & MSG_PEEK != 0
        var until: UInt64?
        while true {
            if let error = takeError() { throw error }
            var skip = isPeek ? max(0, options.peekOffset) : 0
            var next = queue.first
            while skip > 0, let message = next, skip >= message.count {
                skip &-= message.count
                next = message.next
            }
            if let message = next {
                let size = message.count &- skip
                let piece = min(size, buffer.count)
                // A message that cannot be stored is lost all the same.
                if !isPeek { queue.removeFirst() }
                queueShrank()
                result.address = message.sender?.address
                if piece < size { result.flags |= MSG_TRUNC }
                do throws(Errno) {
                    try message.copy(from: skip, piece, to: &buffer)
                } catch {
                    if !isPeek { message.drop() }
                    throw error
                }
                tellSender(message.credentials, &result)
                if isPeek {
                    if options.peekOffset >= 0 { options.peekOffset &+= piece }
                    for file in message.files { file.acquire() }
                    result.files = message.files
                } else {
                    if options.peekOffset > 0 { options.peekOffset = max(0, options.peekOffset &- message.count) }
                    result.files = message.detachFiles()
                    message.discharge()
                }
                result.count = flags & MSG_TRUNC != 0 ? size : piece
                return result
            }
            if isNonBlocking(flags) {
                if type == SOCK_SEQPACKET, shutdownMask & UnixSocket.receiveBit != 0 { return result }
                throw .EAGAIN
            }
            if shutdownMask & UnixSocket.receiveBit != 0 { return result }
            if isConnectionOriented, state == .unconnected { throw .ENOTCONN }
            let end = until ?? deadline(options.receiveTimeout)
            until = end
            let seen = queue.count
            try sleep(on: readQueue, deadline: end, exclusive: true) {
                queue.count > seen || pendingError != nil || shutdownMask & UnixSocket.receiveBit != 0
            }
        }
    }
}
