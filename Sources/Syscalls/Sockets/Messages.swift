import IPC
import KernelBase
import LinuxABI
import Machine
import Tasks
import VFS

/// Sending and receiving: one buffer, or messages with several, an address and control data.
extension SyscallContext {
    // --- sending ---

    /// sendto(2)
    func sysSendto() throws(Errno) -> Int {
        guard UserMemory.isUserRange(a1, min(a2, 0x7fff_f000)) else { throw .EFAULT }
        return try withSocket(i0) { (socket) throws(Errno) in
            let address: Bytes? = a4 == 0 ? nil : try socketAddress(at: a4, i5)
            var buffer = IOBuffer(user: a1, count: a2)
            return try send(socket, &buffer, flags: u3, address, nil)
        }
    }

    /// sendmsg(2)
    func sysSendmsg() throws(Errno) -> Int {
        guard u2 & SyscallContext.compatibilityFlag == 0 else { throw .EINVAL }
        return try withSocket(i0) { (socket) throws(Errno) in try sendMessage(socket, at: a1, flags: u2) }
    }

    /// sendmmsg(2)
    func sysSendmmsg() throws(Errno) -> Int {
        guard u3 & SyscallContext.compatibilityFlag == 0 else { throw .EINVAL }
        return try withSocket(i0) { (socket) throws(Errno) in
            let limit = min(Int(u2), IOV_MAX)
            var sent = 0
            while sent < limit {
                let entry = a1 &+ UInt(sent &* Mmsghdr.size)
                do throws(Errno) {
                    let count = try sendMessage(socket, at: entry, flags: u3)
                    try UserMemory.store(UInt32(truncatingIfNeeded: count), at: entry &+ 56)
                } catch {
                    if sent == 0 { throw error }
                    break
                }
                sent &+= 1
            }
            return sent
        }
    }

    /// MSG_CMSG_COMPAT, which only 32-bit callers may use.
    private static var compatibilityFlag: UInt32 { 0x8000_0000 }

    private func send(_ socket: SocketFile, _ buffer: inout IOBuffer, flags: UInt32, _ address: Bytes?, _ control: SentControl?) throws(Errno) -> Int {
        do throws(Errno) {
            return try socket.send(&buffer, flags: flags, to: address, control)
        } catch {
            if error == .EPIPE, socket.raisesBrokenPipe, flags & MSG_NOSIGNAL == 0 { raiseBrokenPipe() }
            throw error
        }
    }

    private func sendMessage(_ socket: SocketFile, at header: UInt, flags: UInt32) throws(Errno) -> Int {
        let message = try UserMemory.load(Msghdr.self, at: header)
        let address = try messageAddress(message, isSending: true)
        var buffer = IOBuffer(segments: try segments(message))
        guard message.controllen <= UInt64(Int32.max) else { throw .ENOBUFS }
        guard message.controllen > 0, message.control != 0 else { return try send(socket, &buffer, flags: flags, address, nil) }
        // /proc/sys/net/core/optmem_max
        guard message.controllen <= 131_072 else { throw .ENOBUFS }
        let bytes = try UserMemory.copyIn(Int(message.controllen), from: UInt(message.control))
        let control = try sentControl(bytes)
        for file in control.files { file.acquire() }
        defer { for file in control.files { file.release() } }
        return try send(socket, &buffer, flags: flags, address, control)
    }

    /// The address of a message. Longer ones than any address are cut.
    private func messageAddress(_ message: Msghdr, isSending: Bool) throws(Errno) -> Bytes? {
        guard message.namelen >= 0 || message.name == 0 else { throw .EINVAL }
        guard isSending, message.name != 0, message.namelen > 0 else { return nil }
        return try socketAddress(at: UInt(message.name), min(message.namelen, Int32(SOCKADDR_STORAGE_SIZE)))
    }

    private func segments(_ message: Msghdr) throws(Errno) -> [IOSegment] {
        guard message.iovlen <= UInt64(IOV_MAX) else { throw .EMSGSIZE }
        var result: [IOSegment] = []
        result.reserveCapacity(Int(message.iovlen))
        for index in 0..<Int(message.iovlen) {
            let piece = try UserMemory.load(Iovec.self, at: UInt(message.iov) &+ UInt(index &* Iovec.size))
            guard Int64(bitPattern: piece.len) >= 0 else { throw .EINVAL }
            guard UserMemory.isUserRange(UInt(piece.base), UInt(min(piece.len, 0x7fff_f000))) || piece.len == 0 else { throw .EFAULT }
            result.append(IOSegment(address: UInt(piece.base), count: UInt(piece.len)))
        }
        return result
    }

    // --- control data, cmsg(3) ---

    private func number(_ bytes: Bytes, _ offset: Int) -> UInt32 {
        guard offset >= 0, offset &+ 4 <= bytes.count else { return 0 }
        return UInt32(bytes[offset]) | UInt32(bytes[offset &+ 1]) << 8 | UInt32(bytes[offset &+ 2]) << 16 | UInt32(bytes[offset &+ 3]) << 24
    }

    private func sentControl(_ bytes: Bytes) throws(Errno) -> SentControl {
        var control = SentControl()
        let head = Cmsghdr.size
        var offset = 0
        while offset &+ head <= bytes.count {
            guard number(bytes, offset &+ 4) == 0 else { throw .EINVAL }
            let length = Int(number(bytes, offset))
            guard length >= head, length <= bytes.count &- offset else { throw .EINVAL }
            if Int32(bitPattern: number(bytes, offset &+ 8)) == SOL_SOCKET {
                switch Int32(bitPattern: number(bytes, offset &+ 12)) {
                case SCM_RIGHTS:
                    let count = (length &- head) / 4
                    guard control.files.count &+ count <= Int(SCM_MAX_FD) else { throw .EINVAL }
                    for index in 0..<count {
                        control.files.append(try files.getAny(Int32(bitPattern: number(bytes, offset &+ head &+ index &* 4))))
                    }
                case SCM_CREDENTIALS:
                    guard length == head &+ UCred.size else { throw .EINVAL }
                    let claimed = SocketCredentials(pid: Int32(bitPattern: number(bytes, offset &+ head)),
                                                    uid: number(bytes, offset &+ head &+ 4), gid: number(bytes, offset &+ head &+ 8))
                    try check(claimed)
                    control.credentials = claimed
                default:
                    throw .EINVAL
                }
            }
            offset &+= Cmsghdr.align(length)
        }
        return control
    }

    /// Whether the caller may say that it is these.
    private func check(_ claimed: SocketCredentials) throws(Errno) {
        let own = credentials
        guard claimed.uid != .max, claimed.gid != .max else { throw .EINVAL }
        guard claimed.pid == process.pid || own.has(Int(CAP_SYS_ADMIN)),
              claimed.uid == own.uid || claimed.uid == own.euid || claimed.uid == own.suid || own.has(Int(CAP_SETUID)),
              claimed.gid == own.gid || claimed.gid == own.egid || claimed.gid == own.sgid || own.has(Int(CAP_SETGID))
        else { throw .EPERM }
        guard claimed.pid == process.pid || TaskTable.shared.process(claimed.pid) != nil else { throw .ESRCH }
    }

    // --- receiving ---

    /// recvfrom(2)
    func sysRecvfrom() throws(Errno) -> Int {
        guard UserMemory.isUserRange(a1, min(a2, 0x7fff_f000)) else { throw .EFAULT }
        return try withSocket(i0) { (socket) throws(Errno) in
            var buffer = IOBuffer(user: a1, count: a2)
            var message = try socket.receive(&buffer, flags: u3)
            if !message.files.isEmpty { message.dropFiles() }
            if a4 != 0 { try store(message.address ?? [], at: a4, lengthAt: a5) }
            return message.count
        }
    }

    /// recvmsg(2)
    func sysRecvmsg() throws(Errno) -> Int {
        guard u2 & SyscallContext.compatibilityFlag == 0 else { throw .EINVAL }
        return try withSocket(i0) { (socket) throws(Errno) in try receiveMessage(socket, at: a1, flags: u2) }
    }

    /// recvmmsg(2)
    func sysRecvmmsg() throws(Errno) -> Int {
        guard u3 & SyscallContext.compatibilityFlag == 0 else { throw .EINVAL }
        // The time-out is looked at only between messages.
        let deadline = try deadline(timeoutAt: a4)
        return try withSocket(i0) { (socket) throws(Errno) in
            let limit = min(Int(u2), IOV_MAX)
            var flags = u3 & ~MSG_WAITFORONE
            var received = 0
            while received < limit {
                let entry = a1 &+ UInt(received &* Mmsghdr.size)
                do throws(Errno) {
                    let count = try receiveMessage(socket, at: entry, flags: flags)
                    try UserMemory.store(UInt32(truncatingIfNeeded: count), at: entry &+ 56)
                } catch {
                    if received == 0 { throw error }
                    break
                }
                received &+= 1
                if u3 & MSG_WAITFORONE != 0 { flags |= MSG_DONTWAIT }
                if a4 != 0, Clock.monotonic() >= deadline { break }
            }
            if a4 != 0, received > 0 {
                let now = Clock.monotonic()
                try UserMemory.store(timespec(deadline > now ? deadline &- now : 0), at: a4)
            }
            return received
        }
    }

    private func receiveMessage(_ socket: SocketFile, at header: UInt, flags: UInt32) throws(Errno) -> Int {
        let wanted = try UserMemory.load(Msghdr.self, at: header)
        _ = try messageAddress(wanted, isSending: false)
        var buffer = IOBuffer(segments: try segments(wanted))
        var message = try socket.receive(&buffer, flags: flags)
        var control = ControlWriter(address: UInt(wanted.control), room: wanted.control == 0 ? 0 : Int(min(wanted.controllen, UInt64(Int32.max))))
        defer { if !message.files.isEmpty { message.dropFiles() } }
        if let sender = message.credentials {
            try control.store(sender)
        }
        if !message.files.isEmpty {
            try control.store(message.files, in: files, limit: descriptorLimit, closeOnExec: flags & MSG_CMSG_CLOEXEC != 0)
        }
        if let process = message.senderProcess { try control.store(pidFD: process, in: files, limit: descriptorLimit) }
        if wanted.name != 0 { try store(message.address ?? [], at: UInt(wanted.name), lengthAt: header &+ 8) }
        let told = message.flags | (flags & MSG_CMSG_CLOEXEC) | (control.isCut ? MSG_CTRUNC : 0)
        try UserMemory.store(told, at: header &+ 48)
        try UserMemory.store(UInt64(control.used), at: header &+ 40)
        return message.count
    }
}

/// Puts control messages into the caller's buffer, cutting what does not fit.
struct ControlWriter {
    private var address: UInt
    private var room: Int
    private(set) var used = 0
    /// Something did not fit (MSG_CTRUNC).
    private(set) var isCut = false

    init(address: UInt, room: Int) {
        self.address = address
        self.room = room
    }

    private mutating func advance(_ length: Int) {
        let step = min(Cmsghdr.align(length), room)
        address &+= UInt(step)
        room &-= step
        used &+= step
    }

    mutating func store(_ sender: SocketCredentials) throws(Errno) {
        let head = Cmsghdr.size
        guard room >= head else {
            isCut = true
            return
        }
        var length = head &+ UCred.size
        if room < length {
            isCut = true
            length = room
        }
        try UserMemory.store(Cmsghdr(len: UInt64(length), level: SOL_SOCKET, type: SCM_CREDENTIALS), at: address)
        let value = UCred(pid: sender.pid, uid: sender.uid, gid: sender.gid)
        try UserMemory.store(value, at: address &+ UInt(head), size: length &- head)
        advance(length)
    }

    /// SCM_PIDFD: a new descriptor of the sender's process, or minus an errno.
    mutating func store(pidFD process: Int32, in table: FileTable, limit: UInt64) throws(Errno) {
        let length = Cmsghdr.size &+ 4
        guard room >= length else {
            isCut = true
            return
        }
        var descriptor: Int32?
        var told: Int32
        do throws(Errno) {
            let file = try PidFile.open(process, flags: 0)
            let reserved = try table.reserve(limit: limit, closeOnExec: true)
            table.fill(reserved, file)
            descriptor = reserved
            told = reserved
        } catch {
            told = 0 &- error.rawValue
        }
        do throws(Errno) {
            try UserMemory.store(Cmsghdr(len: UInt64(length), level: SOL_SOCKET, type: SCM_PIDFD), at: address)
            try UserMemory.store(told, at: address &+ UInt(Cmsghdr.size))
        } catch {
            if let descriptor { try? table.close(descriptor) }
            throw error
        }
        advance(length)
    }

    /// Gives as many files descriptors as there is room for. The files stay the caller's to release.
    mutating func store(_ files: [File], in table: FileTable, limit: UInt64, closeOnExec: Bool) throws(Errno) {
        let head = Cmsghdr.size
        let most = room <= head ? 0 : (room &- head) / 4
        var stored = 0
        while stored < min(most, files.count) {
            do throws(Errno) {
                let descriptor = try table.reserve(limit: limit, closeOnExec: closeOnExec)
                do throws(Errno) {
                    try UserMemory.store(descriptor, at: address &+ UInt(head &+ stored &* 4))
                } catch {
                    table.cancel(descriptor)
                    throw error
                }
                table.fill(descriptor, files[stored])
            } catch {
                break
            }
            stored &+= 1
        }
        if stored < files.count { isCut = true }
        if stored > 0 {
            let length = head &+ stored &* 4
            try UserMemory.store(Cmsghdr(len: UInt64(length), level: SOL_SOCKET, type: SCM_RIGHTS), at: address)
            advance(length)
        }
    }
}
