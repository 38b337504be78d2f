import IPC
import KernelBase
import LinuxABI
import Machine
import Tasks
import VFS

/// Making, naming and connecting sockets. Data transfers are in Messages.swift.
extension SyscallContext {
    /// The socket of a descriptor.
    /// - Throws: `EBADF`, `ENOTSOCK`.
    func socket(_ descriptor: Int32) throws(Errno) -> SocketFile {
        guard let socket = try file(descriptor) as? SocketFile else { throw .ENOTSOCK }
        return socket
    }

    /// Runs `body` with the socket held, as it may sleep.
    func withSocket<R>(_ descriptor: Int32, _ body: (SocketFile) throws(Errno) -> R) throws(Errno) -> R {
        let socket = try socket(descriptor)
        socket.acquire()
        defer { socket.release() }
        return try body(socket)
    }

    /// A socket address argument: `EINVAL` for an impossible length, `EFAULT`.
    func socketAddress(at address: UInt, _ length: Int32) throws(Errno) -> Bytes {
        guard length >= 0, Int(length) <= SOCKADDR_STORAGE_SIZE else { throw .EINVAL }
        return try UserMemory.copyIn(Int(length), from: address)
    }

    /// Gives an address to the caller: as much as fits, and its whole length.
    func store(_ name: Bytes, at address: UInt, lengthAt lengthAddress: UInt) throws(Errno) {
        let room = try UserMemory.load(Int32.self, at: lengthAddress)
        guard room >= 0 else { throw .EINVAL }
        try UserMemory.store(Int32(truncatingIfNeeded: name.count), at: lengthAddress)
        let count = min(Int(room), name.count)
        if count > 0 { try UserMemory.copyOut(name.span.extracting(0..<count), to: address) }
    }

    /// socket(2)
    func sysSocket() throws(Errno) -> Int {
        let socket = try SocketFile.make(domain: i0, type: u1, socketProtocol: i2)
        return try installNew(socket, closeOnExec: u1 & SOCK_CLOEXEC != 0)
    }

    /// socketpair(2)
    func sysSocketpair() throws(Errno) -> Int {
        guard u1 & ~(SOCK_TYPE_MASK | SOCK_CLOEXEC | SOCK_NONBLOCK) == 0 else { throw .EINVAL }
        let closeOnExec = u1 & SOCK_CLOEXEC != 0
        let (first, second) = try UnixSocket.makePair(domain: i0, type: u1, socketProtocol: i2)
        try installPair(first, second, closeOnExec: closeOnExec) { (a, b) throws(Errno) in
            try UserMemory.store(a, at: a3)
            try UserMemory.store(b, at: a3 &+ 4)
        }
        return 0
    }

    /// bind(2)
    func sysBind() throws(Errno) -> Int {
        try withSocket(i0) { (socket) throws(Errno) in
            try socket.bind(try socketAddress(at: a1, i2))
            return 0
        }
    }

    /// listen(2)
    func sysListen() throws(Errno) -> Int {
        try socket(i0).listen(Int(min(u1, UInt32(SOMAXCONN))))
        return 0
    }

    /// connect(2)
    func sysConnect() throws(Errno) -> Int {
        try withSocket(i0) { (socket) throws(Errno) in
            try socket.connect(try socketAddress(at: a1, i2))
            return 0
        }
    }

    /// accept(2)
    func sysAccept() throws(Errno) -> Int { try accept(flags: 0) }

    /// accept4(2)
    func sysAccept4() throws(Errno) -> Int { try accept(flags: u3) }

    private func accept(flags: UInt32) throws(Errno) -> Int {
        // A descriptor that is not open comes first, one that is no socket second.
        _ = try files.get(i0)
        guard flags & ~(SOCK_CLOEXEC | SOCK_NONBLOCK) == 0 else { throw .EINVAL }
        return try withSocket(i0) { (listener) throws(Errno) in
            let descriptor = try files.reserve(limit: descriptorLimit, closeOnExec: flags & SOCK_CLOEXEC != 0)
            var isInstalled = false
            defer { if !isInstalled { files.cancel(descriptor) } }
            let connection = try listener.accept(flags: flags & SOCK_NONBLOCK)
            connection.acquire()
            defer { connection.release() }
            if a1 != 0 {
                let name: Bytes
                do throws(Errno) {
                    name = try connection.peerName()
                } catch {
                    throw .ECONNABORTED
                }
                try store(name, at: a1, lengthAt: a2)
            }
            files.fill(descriptor, connection)
            isInstalled = true
            return Int(descriptor)
        }
    }

    /// getsockname(2)
    func sysGetsockname() throws(Errno) -> Int {
        try store(try socket(i0).name(), at: a1, lengthAt: a2)
        return 0
    }

    /// getpeername(2)
    func sysGetpeername() throws(Errno) -> Int {
        try store(try socket(i0).peerName(), at: a1, lengthAt: a2)
        return 0
    }

    /// shutdown(2)
    func sysShutdown() throws(Errno) -> Int {
        try socket(i0).shutdown(i1)
        return 0
    }

    /// getsockopt(2)
    func sysGetsockopt() throws(Errno) -> Int {
        let socket = try socket(i0)
        if i1 == SOL_SOCKET {
            let room = try UserMemory.load(Int32.self, at: a4)
            guard room >= 0 else { throw .EINVAL }
        }
        if i1 == SOL_SOCKET, i2 == SO_PEERPIDFD { return try peerPidFD(socket) }
        let value = try socket.option(level: i1, i2)
        let room = Int(try UserMemory.load(Int32.self, at: a4))
        guard room >= 0 else { throw .EINVAL }
        if i1 == SOL_SOCKET, i2 == SO_PEERGROUPS, room < value.count {
            try UserMemory.store(Int32(truncatingIfNeeded: value.count), at: a4)
            throw .ERANGE
        }
        // Here alone a buffer may not be larger than the value.
        if i1 == SOL_SOCKET, i2 == SO_PEERNAME, value.count < room { throw .EINVAL }
        let count = min(room, value.count)
        if count > 0 { try UserMemory.copyOut(value.span.extracting(0..<count), to: a3) }
        try UserMemory.store(Int32(truncatingIfNeeded: count), at: a4)
        return 0
    }

    /// SO_PEERPIDFD: a new descriptor of the process at the other end.
    private func peerPidFD(_ socket: SocketFile) throws(Errno) -> Int {
        let room = Int(try UserMemory.load(Int32.self, at: a4))
        guard socket.peerProcess != 0 else { throw .ENODATA }
        let file = try PidFile.open(socket.peerProcess, flags: 0)
        let descriptor = try files.reserve(limit: descriptorLimit, closeOnExec: true)
        do throws(Errno) {
            var bytes: Bytes = []
            for index in 0..<min(room, 4) { bytes.append(UInt8(truncatingIfNeeded: descriptor >> Int32(8 &* index))) }
            if !bytes.isEmpty { try UserMemory.copyOut(bytes.span, to: a3) }
            try UserMemory.store(Int32(truncatingIfNeeded: bytes.count), at: a4)
        } catch {
            files.cancel(descriptor)
            throw error
        }
        files.fill(descriptor, file)
        return 0
    }

    /// setsockopt(2)
    func sysSetsockopt() throws(Errno) -> Int {
        let socket = try socket(i0)
        guard i4 >= 0 else { throw .EINVAL }
        // No option needs more; what is longer is cut.
        let value = try UserMemory.copyIn(min(Int(i4), 256), from: a3)
        try socket.setOption(level: i1, i2, value)
        return 0
    }
}
