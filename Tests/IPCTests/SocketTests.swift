import IPC
import KernelBase
import LinuxABI
import Machine
import Testing
import VFS

extension SocketFile {
    func sendText(_ text: String, _ flags: UInt32 = 0, to address: [UInt8]? = nil, _ control: SentControl? = nil) throws(Errno) -> Int {
        try sendBytes([UInt8](text.utf8), flags, to: address, control)
    }
    func sendBytes(_ bytes: [UInt8], _ flags: UInt32 = 0, to address: [UInt8]? = nil, _ control: SentControl? = nil) throws(Errno) -> Int {
        var buffer = IOBuffer(kernel: KernelBuffer(bytes), count: bytes.count)
        return try send(&buffer, flags: flags, to: address, control)
    }
    func receiveText(_ count: Int, _ flags: UInt32 = 0) throws(Errno) -> (String, ReceivedMessage) {
        let target = KernelBuffer()
        var buffer = IOBuffer(kernel: target, count: count)
        let message = try receive(&buffer, flags: flags)
        return (String(decoding: target.bytes, as: UTF8.self), message)
    }
}

func abstract(_ name: String) -> [UInt8] { [1, 0, 0] + [UInt8](name.utf8) }

extension IPCTests {
@Suite struct SocketTests {
    init() { #expect(booted) }

    func pair(_ type: UInt32 = SOCK_STREAM) throws -> (UnixSocket, UnixSocket) {
        let (a, b) = try UnixSocket.makePair(domain: AF_UNIX, type: type | SOCK_NONBLOCK, socketProtocol: 0)
        a.acquire()
        b.acquire()
        return (try #require(a as? UnixSocket), try #require(b as? UnixSocket))
    }
    func socket(_ type: UInt32 = SOCK_STREAM) throws -> SocketFile {
        let s = try SocketFile.make(domain: AF_UNIX, type: type | SOCK_NONBLOCK, socketProtocol: 0)
        s.acquire()
        return s
    }

    @Test func families() {
        func make(_ domain: Int32, _ type: UInt32, _ number: Int32 = 0) -> Errno? {
            failure { () throws(Errno) in try SocketFile.make(domain: domain, type: type, socketProtocol: number) }
        }
        #expect(make(AF_UNIX, 0) == .ESOCKTNOSUPPORT)
        #expect(make(AF_UNIX, 4) == .ESOCKTNOSUPPORT)
        #expect(make(AF_UNIX, 15) == .EINVAL)
        #expect(make(AF_UNIX, 0x105) == .EINVAL)
        #expect(make(AF_UNIX, SOCK_RAW) == nil)
        #expect(make(AF_UNIX, SOCK_STREAM, 1) == nil)
        #expect(make(AF_UNIX, SOCK_STREAM, 2) == .EPROTONOSUPPORT)
        #expect(make(99, SOCK_STREAM) == .EAFNOSUPPORT)
        #expect(make(-1, SOCK_STREAM) == .EAFNOSUPPORT)
    }

    @Test func streamData() throws {
        let (a, b) = try pair()
        #expect(try a.sendText("hello ") == 6)
        #expect(try a.put("world") == 5)
        #expect(try b.receiveText(3, MSG_PEEK).0 == "hel")
        #expect(try b.receiveText(100, MSG_PEEK).0 == "hello world")
        #expect(try b.receiveText(2).0 == "he")
        #expect(try b.getText(100) == "llo world")
        #expect(failure { () throws(Errno) in try b.get(1) } == .EAGAIN)
        #expect(failure { () throws(Errno) in try a.sendText("x", 0, to: abstract("q")) } == .EISCONN)
        try a.shutdown(SHUT_WR)
        #expect(failure { () throws(Errno) in try a.put("x") } == .EPIPE)
        #expect(try b.get(1) == [])
        #expect(a.poll(nil) == POLLOUT | POLLWRNORM | POLLWRBAND)
        #expect(b.poll(nil) == POLLIN | POLLRDNORM | POLLRDHUP | POLLOUT | POLLWRNORM | POLLWRBAND)
        a.release()
        b.release()
    }

    /// How much fits and what SIOCOUTQ says after one message, as observed on Linux.
    @Test(arguments: [
        (SOCK_STREAM, 1, 278, 768), (SOCK_STREAM, 500, 167, 1280), (SOCK_STREAM, 3776, 49, 4352), (SOCK_STREAM, 3777, 44, 4864),
        (SOCK_STREAM, 10000, 17, 12544), (SOCK_STREAM, 20000, 11, 20736), (SOCK_STREAM, 36545, 6, 37888), (SOCK_STREAM, 100000, 3, 103168),
        (SOCK_DGRAM, 0, 278, 768), (SOCK_DGRAM, 4000, 26, 8448), (SOCK_DGRAM, 30000, 7, 33024), (SOCK_SEQPACKET, 100000, 3, 102656),
    ])
    func sendBuffer(type: UInt32, size: Int, count: Int, charge: Int) throws {
        let (a, b) = try pair(type)
        let data = [UInt8](repeating: 1, count: size)
        var sent = 0
        while true {
            do throws(Errno) {
                let n = try a.sendBytes(data)
                sent += 1
                if sent == 1 { #expect(a.outgoing == charge) }
                if n < size { break }
            } catch {
                #expect(error == .EAGAIN)
                break
            }
        }
        #expect(sent == count)
        #expect(a.poll(nil) & POLLOUT == 0)
        while (try? b.get(1 << 20)) != nil {}
        #expect(a.outgoing == 0)
        #expect(a.poll(nil) & POLLOUT != 0)
        a.release()
        b.release()
    }

    @Test func closedPeer() throws {
        var (a, b) = try pair()
        b.release()
        #expect(failure { () throws(Errno) in try a.put("x") } == .EPIPE)
        #expect(try a.get(1) == [])
        #expect(a.poll(nil) == 0x2355)
        (a, b) = try pair()
        _ = try a.put("x")
        b.release()
        #expect(a.poll(nil) == 0x235d)
        #expect(failure { () throws(Errno) in try a.put("x") } == .EPIPE)
        #expect(failure { () throws(Errno) in try a.get(1) } == .ECONNRESET)
        #expect(try a.get(1) == [])
        (a, b) = try pair(SOCK_DGRAM)
        b.release()
        #expect(failure { () throws(Errno) in try a.put("x") } == .ECONNREFUSED)
        #expect(failure { () throws(Errno) in try a.put("x") } == .ENOTCONN)
        #expect(failure { () throws(Errno) in try a.get(1) } == .EAGAIN)
        #expect(a.poll(nil) == 0x304)
        (a, b) = try pair(SOCK_SEQPACKET)
        _ = try a.put("x")
        b.release()
        #expect(a.poll(nil) == 0x235d)
        #expect(failure { () throws(Errno) in try a.put("x") } == .ECONNRESET)
        #expect(try a.get(1) == [])
        #expect(failure { () throws(Errno) in try a.put("x") } == .EPIPE)
    }

    @Test func freshSockets() throws {
        for (type, events, receives) in [(SOCK_STREAM, UInt32(0x314), Errno.EINVAL), (SOCK_DGRAM, 0x304, .EAGAIN), (SOCK_SEQPACKET, 0x314, .ENOTCONN)] {
            let s = try socket(type)
            #expect(s.poll(nil) == events)
            #expect(failure { () throws(Errno) in try s.get(1) } == receives)
            #expect(failure { () throws(Errno) in try s.put("x") } == .ENOTCONN)
            #expect(failure { () throws(Errno) in try s.peerName() } == .ENOTCONN)
            #expect(try s.name() == [1, 0])
            s.release()
        }
    }

    @Test func messageBoundaries() throws {
        let (a, b) = try pair(SOCK_SEQPACKET)
        _ = try a.put("abcdef")
        _ = try a.put("")
        _ = try a.put("gh")
        let (text, message) = try b.receiveText(3, MSG_PEEK | MSG_TRUNC)
        #expect(text == "abc" && message.count == 6 && message.flags == MSG_TRUNC)
        #expect(try b.receiveText(3).1.count == 3)
        #expect(try b.receiveText(3).1.count == 0)
        #expect(try b.getText(100) == "gh")
        #expect(failure { () throws(Errno) in try a.sendBytes([UInt8](repeating: 0, count: 212_992 - 31)) } == .EMSGSIZE)
        a.release()
        b.release()
    }

    @Test func connections() throws {
        let listener = try socket()
        let name = abstract("listener")
        #expect(failure { () throws(Errno) in try listener.listen(5) } == .EINVAL)
        try listener.bind(name)
        #expect(failure { () throws(Errno) in try listener.bind(name) } == .EINVAL)
        let other = try socket()
        #expect(failure { () throws(Errno) in try other.bind(name) } == .EADDRINUSE)
        #expect(failure { () throws(Errno) in try other.connect(name) } == .ECONNREFUSED)
        #expect(failure { () throws(Errno) in try listener.accept(flags: 0) } == .EINVAL)
        try listener.listen(1)
        #expect(failure { () throws(Errno) in try listener.accept(flags: 0) } == .EAGAIN)
        try other.connect(name)
        #expect(failure { () throws(Errno) in try other.connect(name) } == .EISCONN)
        #expect(listener.poll(nil) == POLLIN | POLLRDNORM)
        _ = try other.put("early")
        let second = try socket(), third = try socket()
        try second.connect(name)
        #expect(failure { () throws(Errno) in try third.connect(name) } == .EAGAIN)
        let accepted = try listener.accept(flags: O_NONBLOCK)
        accepted.acquire()
        #expect(try accepted.getText(10) == "early")
        #expect(try accepted.name() == name)
        #expect(try other.peerName() == name)
        #expect(try accepted.peerName() == [1, 0])
        listener.release()
        #expect(failure { () throws(Errno) in try second.get(1) } == .ECONNRESET)
        #expect(failure { () throws(Errno) in try third.connect(name) } == .ECONNREFUSED)
        let again = try socket()
        try again.bind(name)
        again.release()
        for s in [other, second, third, accepted] { s.release() }
    }

    @Test func datagramsOfStrangers() throws {
        let receiver = try socket(SOCK_DGRAM), sender = try socket(SOCK_DGRAM)
        try receiver.bind(abstract("mailbox"))
        try sender.bind([1, 0])
        #expect(try sender.name().count == 8)
        for index in 0..<11 { #expect(try sender.sendText("\(index)", 0, to: abstract("mailbox")) > 0) }
        #expect(failure { () throws(Errno) in try sender.sendText("x", 0, to: abstract("mailbox")) } == .EAGAIN)
        try sender.connect(abstract("mailbox"))
        #expect(sender.poll(nil) == 0)
        let counter = Counter()
        let table = PollTable(counter)
        _ = sender.poll(table)
        let (text, message) = try receiver.receiveText(10)
        #expect(text == "0")
        #expect(try message.address == sender.name())
        #expect(counter.events & POLLOUT != 0)
        #expect(sender.poll(nil) & POLLOUT != 0)
        table.clear()
        #expect(failure { () throws(Errno) in try sender.sendText("x", 0, to: abstract("nobody")) } == .ECONNREFUSED)
        receiver.release()
        #expect(failure { () throws(Errno) in try sender.put("x") } == .ECONNREFUSED)
        sender.release()
    }

    @Test func passingFiles() throws {
        let (a, b) = try pair()
        let event = try EventFile(count: 7, flags: EFD_NONBLOCK)
        event.acquire()
        var control = SentControl()
        control.files = [event]
        #expect(try a.sendText("one", 0, to: nil, control) == 3)
        #expect(try a.sendText("two") == 3)
        event.release()
        #expect(event.users == 1)
        var peeked = try b.receiveText(100, MSG_PEEK).1
        #expect(peeked.count == 3 && peeked.files.count == 1 && event.users == 2)
        peeked.dropFiles()
        var (text, message) = try b.receiveText(100)
        #expect(text == "one")
        #expect(message.files.first === event && event.users == 1)
        message.dropFiles()
        #expect(try b.getText(100) == "two")
        // A plain read drops them; so does closing the receiver.
        event.acquire()
        _ = try a.sendText("x", 0, to: nil, control)
        _ = try b.get(1)
        #expect(event.users == 1)
        _ = try a.sendText("x", 0, to: nil, control)
        #expect(event.users == 2)
        b.release()
        #expect(event.users == 1)
        a.release()
    }

    @Test func garbage() throws {
        let (a, b) = try pair()
        let watched = try EventFile(count: 0, flags: EFD_NONBLOCK)
        watched.acquire()
        // a's queue holds a; b's holds b and the eventfd: after both closes nobody can read them.
        var control = SentControl()
        control.files = [a]
        _ = try b.sendText("x", 0, to: nil, control)
        control.files = [b, watched]
        _ = try a.sendText("x", 0, to: nil, control)
        a.release()
        b.release()
        #expect(watched.users == 2)
        try socket().release() // the next close of any socket finds them
        #expect(watched.users == 1)
        #expect(a.users == 0 && b.users == 0)
        #expect(IPCState.shared.socketsInFlightCount == 0)
        // One that is still held from outside keeps its queue.
        let (c, d) = try pair()
        let (e, f) = try pair()
        control.files = [e]
        _ = try c.sendText("x", 0, to: nil, control)
        control.files = [watched]
        _ = try f.sendText("y", 0, to: nil, control)
        e.release()
        f.release()
        #expect(watched.users == 2)
        var message = try d.receiveText(10).1
        let inner = try #require(message.files.first as? SocketFile)
        var innerMessage = try inner.receiveText(10).1
        #expect(innerMessage.files.first === watched)
        innerMessage.dropFiles()
        message.dropFiles()
        c.release()
        d.release()
    }

    @Test func credentials() throws {
        let (a, b) = try pair()
        _ = try a.sendText("before")
        try b.setOption(level: SOL_SOCKET, SO_PASSCRED, [1, 0, 0, 0])
        _ = try a.sendText("after")
        let (first, one) = try b.receiveText(100)
        #expect(first == "before" && one.credentials == SocketCredentials(pid: 0, uid: 65534, gid: 65534))
        let (second, two) = try b.receiveText(100)
        #expect(second == "after" && two.credentials == SocketCredentials(pid: 0, uid: 0, gid: 0))
        #expect(try a.option(level: SOL_SOCKET, SO_PEERCRED).count == 12)
        a.release()
        b.release()
    }

    @Test func options() throws {
        let s = try socket()
        func get(_ name: Int32) throws -> Int { Int(try s.option(level: SOL_SOCKET, name).enumerated().reduce(0) { $0 | UInt64($1.element) << UInt64($1.offset * 8) }) }
        func set(_ name: Int32, _ value: Int32) throws(Errno) {
            try s.setOption(level: SOL_SOCKET, name, (0..<4).map { UInt8(truncatingIfNeeded: value >> Int32($0 * 8)) })
        }
        #expect(try get(SO_SNDBUF) == 212992)
        try set(SO_SNDBUF, 8192)
        #expect(try get(SO_SNDBUF) == 16384)
        try set(SO_SNDBUF, 1)
        #expect(try get(SO_SNDBUF) == 4608)
        try set(SO_RCVBUF, 0)
        #expect(try get(SO_RCVBUF) == 2304)
        try set(SO_REUSEADDR, 5)
        #expect(try get(SO_REUSEADDR) == 1)
        #expect(failure { () throws(Errno) in try set(SO_TYPE, 1) } == .ENOPROTOOPT)
        #expect(failure { () throws(Errno) in try set(SO_REUSEPORT, 1) } == .EOPNOTSUPP)
        #expect(failure { () throws(Errno) in try s.setOption(level: 6, 1, [1, 0, 0, 0]) } == .EOPNOTSUPP)
        #expect(failure { () throws(Errno) in try s.setOption(level: SOL_SOCKET, SO_RCVTIMEO, word(0) + word(1_000_000)) } == .EDOM)
        try s.setOption(level: SOL_SOCKET, SO_RCVTIMEO, word(1) + word(500_000))
        #expect(try s.option(level: SOL_SOCKET, SO_RCVTIMEO) == word(1) + word(500_000))
        s.release()
    }
}
}
