import KernelBase
import LinuxABI
import Machine
import VFS

/// Sending and receiving on stream sockets.
extension UnixSocket {
    /// Waits until the send buffer has room for another message, however large.
    /// - Throws: the pending error, `EPIPE` after a shutdown, `EAGAIN`, an interruption.
    func waitForRoom(_ flags: UInt32) throws(Errno) {
        var until: UInt64?
        while true {
            if let error = takeError() { throw error }
            if shutdownMask & UnixSocket.sendBit != 0 { throw .EPIPE }
            if writeMemory < options.sendBuffer { return }
            if isNonBlocking(flags) { throw .EAGAIN }
            let end = until ?? deadline(options.sendTimeout)
            until = end
            try sleep(on: writeQueue, deadline: end) {
                writeMemory < options.sendBuffer || pendingError != nil || shutdownMask & UnixSocket.sendBit != 0
            }
        }
    }

    /// What a message says of its sender.
    func credentials(for other: UnixSocket, _ control: SentControl?) -> SocketCredentials? {
        if let claimed = control?.credentials { return claimed }
        return options.wantsSender || other.options.wantsSender || other.isEmbryo ? .ofCaller() : nil
    }

    /// Puts into what was received what the receiver wants to know of the sender.
    func tellSender(_ sender: SocketCredentials?, _ result: inout ReceivedMessage) {
        if options.passesCredentials { result.credentials = sender ?? SocketCredentials(pid: 0, uid: overflowuid, gid: overflowgid) }
        if options.passesPidFD, let sender, sender.pid != 0 { result.senderProcess = sender.pid }
    }

    func sendStream(_ buffer: inout IOBuffer, _ flags: UInt32, _ address: Bytes?, _ control: SentControl?) throws(Errno) -> Int {
        if flags & MSG_OOB != 0 { throw .EOPNOTSUPP }
        if address != nil { throw state == .established ? .EISCONN : .EOPNOTSUPP }
        guard let other = peer else { throw .ENOTCONN }
        guard shutdownMask & UnixSocket.sendBit == 0 else { throw .EPIPE }
        if let control, !control.files.isEmpty, !other.options.passesRights { throw .EPERM }
        var sent = 0
        while buffer.count > 0 {
            do throws(Errno) {
                let size = min(buffer.count, max(1, options.sendBuffer / 2 &- 64), UnixMessage.streamPiece)
                try waitForRoom(flags)
                if size > 2048, Host.heapIsLow { throw .ENOMEM }
                let message = try UnixMessage(&buffer, count: size, charge: UnixMessage.charge(stream: size), sender: self)
                do throws(Errno) {
                    if sent == 0, let control { try message.attach(control.files) }
                    if other.isDead || other.shutdownMask & UnixSocket.receiveBit != 0 { throw .EPIPE }
                } catch {
                    message.drop()
                    throw error
                }
                message.credentials = credentials(for: other, control)
                other.queue.append(message)
                other.dataCame()
                sent &+= size
            } catch {
                if sent == 0 { throw error }
                break
            }
        }
        return sent
    }

    func receiveStream(_ buffer: inout IOBuffer, _ flags: UInt32) throws(Errno) -> ReceivedMessage {
        guard state == .established else { throw .EINVAL }
        if flags & MSG_OOB != 0 { throw .EOPNOTSUPP }
        var result = ReceivedMessage()
        var target = flags & MSG_WAITALL != 0 ? buffer.count : min(options.lowWater, buffer.count)
        if target == 0 { target = 1 }
        let isPeek = flags & MSG_PEEK != 0
        var skip = isPeek ? max(0, options.peekOffset) : 0
        var until: UInt64?
        var hasFirst = false
        var sender: SocketCredentials?
        receiving: while true {
            var next = queue.first
            // A peek may begin beyond the first messages.
            while isPeek, let message = next, skip >= message.left, message.left > 0 {
                skip &-= message.left
                next = message.next
            }
            guard next != nil else {
                if result.count >= target { break }
                do throws(Errno) {
                    if let error = takeError() { throw error }
                    if shutdownMask & UnixSocket.receiveBit != 0 { break receiving }
                    if isNonBlocking(flags) { throw .EAGAIN }
                    let end = until ?? deadline(options.receiveTimeout)
                    until = end
                    let seen = queue.count
                    try sleep(on: readQueue, deadline: end) {
                        queue.count > seen || (seen == 0 && !queue.isEmpty) || pendingError != nil
                            || shutdownMask & UnixSocket.receiveBit != 0
                    }
                } catch {
                    if result.count == 0 {
                        result.dropFiles()
                        throw error
                    }
                    break
                }
                continue
            }
            while let message = next {
                if hasFirst {
                    // Never glue messages of different senders, if anybody looks.
                    if options.wantsSender, message.credentials != sender { break receiving }
                } else {
                    hasFirst = true
                    sender = message.credentials
                    result.address = message.sender?.address
                }
                let piece = min(message.left &- skip, buffer.count)
                do throws(Errno) {
                    try message.copy(from: message.consumed &+ skip, piece, to: &buffer)
                } catch {
                    if result.count == 0 { throw error }
                    break receiving
                }
                result.count &+= piece
                if isPeek {
                    if options.peekOffset >= 0 { options.peekOffset &+= piece }
                    skip = 0
                    if !message.files.isEmpty {
                        for file in message.files { file.acquire() }
                        result.files = message.files
                        break receiving
                    }
                    next = message.next
                    if next == nil { break receiving }
                } else {
                    message.consumed &+= piece
                    if options.peekOffset > 0 { options.peekOffset = max(0, options.peekOffset &- piece) }
                    let hasFiles = !message.files.isEmpty
                    if hasFiles { result.files = message.detachFiles() }
                    if message.left > 0 { break receiving }
                    queue.removeFirst()
                    message.discharge()
                    if hasFiles { break receiving }
                    next = queue.first
                }
                if buffer.count == 0 { break receiving }
            }
        }
        if hasFirst { tellSender(sender, &result) }
        return result
    }
}
