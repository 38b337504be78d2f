import KernelBase
import LinuxABI
import Machine
import MonitorProtocol
import Tasks
import Testing
import VFS

@testable import Terminals

/// Tests have no tasks.
private final class Nobody: TerminalCaller {
    override var task: Task? { nil }
}

extension File {
    fileprivate func get(_ count: Int) throws(Errno) -> String {
        let target = KernelBuffer()
        var buffer = IOBuffer(kernel: target, count: count)
        let n = try read(&buffer, at: 0)
        #expect(n == target.bytes.count)
        return String(decoding: target.bytes, as: UTF8.self)
    }
    fileprivate func put(_ text: String) throws(Errno) -> Int {
        let bytes = [UInt8](text.utf8)
        var buffer = IOBuffer(kernel: KernelBuffer(bytes), count: bytes.count)
        var offset = 0
        return try write(&buffer, at: &offset)
    }
    fileprivate func number(_ request: UInt, _ value: Int32 = 0) throws(Errno) -> Int32 {
        var value = value
        var failure: Errno?
        withUnsafeMutablePointer(to: &value) { pointer in
            do throws(Errno) { _ = try control(UInt32(request), UInt(bitPattern: pointer)) } catch { failure = error }
        }
        if let failure { throw failure }
        return value
    }
    fileprivate func settings() throws(Errno) -> Termios {
        var bytes = [UInt8](repeating: 0, count: 64)
        var failure: Errno?
        let termios = bytes.withUnsafeMutableBytes { raw -> Termios in
            do throws(Errno) { _ = try control(UInt32(TCGETS), UInt(bitPattern: raw.baseAddress)) } catch { failure = error }
            return (try? UserMemory.load(Termios.self, at: UInt(bitPattern: raw.baseAddress))) ?? .newPseudoterminal
        }
        if let failure { throw failure }
        return termios
    }
    fileprivate func set(_ termios: Termios, _ request: UInt = TCSETS) throws(Errno) {
        var bytes = [UInt8](repeating: 0, count: 64)
        var failure: Errno?
        bytes.withUnsafeMutableBytes { raw in
            do throws(Errno) {
                try UserMemory.store(termios, at: UInt(bitPattern: raw.baseAddress))
                _ = try control(UInt32(request), UInt(bitPattern: raw.baseAddress))
            } catch { failure = error }
        }
        if let failure { throw failure }
    }
    fileprivate func winsize(_ request: UInt, _ size: Winsize = Winsize()) throws(Errno) -> Winsize {
        var word = UInt64(0)
        var failure: Errno?
        let result = withUnsafeMutablePointer(to: &word) { pointer -> Winsize in
            let address = UInt(bitPattern: pointer)
            do throws(Errno) {
                try UserMemory.store(size, at: address)
                _ = try control(UInt32(request), address)
                return try UserMemory.load(Winsize.self, at: address)
            } catch { failure = error }
            return Winsize()
        }
        if let failure { throw failure }
        return result
    }
}

@Suite(.serialized)
struct PseudoTerminalTests {
    let credentials = Credentials(uid: 1000, gid: 1000, groups: [])
    let root: Path
    let directory: Inode

    init() {
        vfsRoot.set(VFS())
        SharedArea.store32(0, Ring.header(Ring.terminalInput) + RingHeader.broken)
        TerminalSystem.boot()
        TerminalSystem.shared.caller = Nobody()
        let devpts = DevptsSuperblock.make()
        directory = devpts.root
        root = VFS.shared.mountRoot(devpts.superblock, root: devpts.root)
        TerminalSystem.shared.pseudoterminals.mountPoint = root
    }

    private func open(_ name: String, _ flags: UInt32 = O_RDWR | O_NONBLOCK | O_NOCTTY) throws(Errno) -> File {
        let inode = try directory.lookup([UInt8](name.utf8))
        let file = try inode.open(Path(mount: root.mount, dentry: Dentry(name: [UInt8](name.utf8), parent: root.dentry, inode: inode)), flags: flags, credentials)
        file.acquire()
        return file
    }

    private func pair() throws(Errno) -> (master: File, slave: File) {
        let master = try open("ptmx")
        _ = try master.number(TIOCSPTLCK, 0)
        return (master, try open("\(try master.number(TIOCGPTN))"))
    }

    private func names() throws -> [String] {
        var names: [String] = []
        try directory.list(from: 2) { name, _, _, _ in
            names.append(String(decoding: name, as: UTF8.self))
            return true
        }
        return names
    }

    @Test func numbersAndNodes() throws {
        #expect(try names() == ["ptmx"])
        let a = try open("ptmx"), b = try open("ptmx"), c = try open("ptmx")
        #expect(try [a.number(TIOCGPTN), b.number(TIOCGPTN), c.number(TIOCGPTN)] == [0, 1, 2])
        #expect(try names() == ["ptmx", "0", "1", "2"])
        let node = try directory.lookup([UInt8(ascii: "1")])
        #expect(node.number == 4 && node.mode == S_IFCHR | 0o620 && node.uid == 1000 && node.gid == 5 && node.specialDevice == 136 << 8 | 1)
        #expect(throws: Errno.ENOENT) { try directory.lookup([UInt8]("01".utf8)) }
        #expect(throws: Errno.EIO) { try open("1") }  // locked
        #expect(throws: Errno.EIO) { try b.control(UInt32(TIOCGPTPEER), UInt(O_RDWR)) }
        _ = try b.number(TIOCSPTLCK, 0)
        let slave = try open("1")
        b.release()
        #expect(try names() == ["ptmx", "0", "2"])
        // The number is taken as long as the slave is open.
        let d = try open("ptmx")
        #expect(try d.number(TIOCGPTN) == 3)
        slave.release()
        let e = try open("ptmx")
        #expect(try e.number(TIOCGPTN) == 1)
        for file in [a, c, d, e] { file.release() }
        #expect(try names() == ["ptmx"])
    }

    @Test func nodesAnywhere() throws {
        let hooks = SpecialFileHooks()
        specialFileHooks.set(hooks)
        TerminalDevices.register(hooks)
        func node(_ major: UInt32, _ minor: UInt32) -> Inode {
            let inode = Inode(superblock: Superblock(device: 99), number: 1, mode: S_IFCHR | 0o666, uid: 0, gid: 0)
            inode.specialDevice = DeviceNumber.make(major, minor)
            return inode
        }
        let flags = O_RDWR | O_NONBLOCK | O_NOCTTY
        let master = try node(5, 2).openSpecial(root, flags: flags, credentials)
        master.acquire()
        #expect(throws: Errno.EIO) { try node(136, 0).openSpecial(root, flags: flags, credentials) }
        _ = try master.number(TIOCSPTLCK, 0)
        let slave = try node(136, 0).openSpecial(root, flags: flags, credentials)
        slave.acquire()
        #expect(try master.put("x\n") == 2)
        #expect(try slave.get(9) == "x\n")
        #expect(throws: Errno.ENXIO) { try node(136, 1).openSpecial(root, flags: flags, credentials) }
        #expect(throws: Errno.ENXIO) { try node(5, 0).openSpecial(root, flags: flags, credentials) }
        #expect(throws: Errno.ENODEV) { try node(5, 1).openSpecial(root, flags: flags, credentials) }
        master.release()
        slave.release()
    }

    @Test func dataBothWays() throws {
        let (master, slave) = try pair()
        #expect(throws: Errno.EAGAIN) { try slave.get(10) }
        #expect(throws: Errno.EAGAIN) { try master.get(10) }
        #expect(try master.put("hello\n") == 6)
        #expect(try slave.number(FIONREAD) == 6)
        #expect(slave.poll(nil) == POLLIN | POLLOUT | POLLRDNORM | POLLWRNORM)
        #expect(try slave.get(3) == "hel")
        #expect(try slave.get(100) == "lo\n")
        #expect(try master.get(100) == "hello\r\n")
        #expect(try slave.put("a\nb") == 3)
        #expect(try master.get(2) == "a\r")
        #expect(try master.get(100) == "\nb")
        // Settings belong to the slave, whoever asks.
        var termios = try master.settings()
        termios.lflag &= ~(ECHO | ICANON)
        termios.oflag = 0
        try master.set(termios)
        #expect(try slave.settings().lflag == termios.lflag)
        #expect(try master.put("x") == 1)
        #expect(throws: Errno.EAGAIN) { try master.get(1) }
        #expect(try slave.get(10) == "x")
        #expect(try master.winsize(TIOCSWINSZ, Winsize(rows: 24, columns: 80)).rows == 24)
        #expect(try slave.winsize(TIOCGWINSZ).columns == 80)
        #expect(throws: Errno.ENOTTY) { try slave.number(TIOCGPTN) }
        #expect(throws: Errno.ENOTTY) { try slave.number(TIOCMGET) }
        #expect(throws: Errno.ENOTTY) { try slave.number(TIOCGPGRP) }
        #expect(try master.number(TIOCGPGRP, 7) == 0)
    }

    @Test func minimumAndTime() throws {
        let (master, slave) = try pair()
        var termios = try slave.settings()
        termios.lflag = 0
        termios.cc[VMIN] = 0
        try slave.set(termios)
        #expect(try slave.get(5) == "")
        termios.cc[VTIME] = 1
        try slave.set(termios)
        #expect(throws: Errno.EAGAIN) { try slave.get(5) }
        slave.flags &= ~O_NONBLOCK
        #expect(try slave.get(5) == "")
        slave.flags |= O_NONBLOCK
        termios.cc[VMIN] = 5
        try slave.set(termios)
        #expect(try master.put("abc") == 3)
        // VTIME is not 0: poll reports any byte.
        #expect(slave.poll(nil) & POLLIN != 0)
        #expect(try slave.get(9) == "abc")
        termios.cc[VTIME] = 0
        try slave.set(termios)
        #expect(try master.put("abc") == 3)
        #expect(slave.poll(nil) & POLLIN == 0)
        #expect(try master.put("def") == 3)
        #expect(slave.poll(nil) & POLLIN != 0)
        #expect(try slave.get(9) == "abcdef")
        termios.cc[VMIN] = 100
        try slave.set(termios)
        #expect(try master.put(String(repeating: "x", count: 170)) == 170)
        #expect(try slave.get(200).count == 64)
        termios.cc[VMIN] = 10
        try slave.set(termios)
        #expect(try slave.get(200).count == 106)
    }

    @Test func ends() throws {
        var (master, slave) = try pair()
        #expect(try slave.put("out") == 3)
        slave.release()
        #expect(master.poll(nil) & (POLLIN | POLLHUP) == POLLIN | POLLHUP)
        #expect(try master.get(10) == "out")
        #expect(throws: Errno.EIO) { try master.get(10) }
        // The master may write before somebody opens the slave again.
        #expect(try master.put("kept\n") == 5)
        #expect(try master.get(10) == "kept\r\n")
        slave = try open("\(try master.number(TIOCGPTN))")
        #expect(throws: Errno.EAGAIN) { try master.get(10) }
        #expect(try slave.get(10) == "kept\n")
        #expect(try master.put("lost\n") == 5)
        master.release()
        #expect(try slave.get(10) == "")
        #expect(throws: Errno.EIO) { try slave.put("x") }
        #expect(slave.poll(nil) == 0x15d)
        #expect(throws: Errno.EIO) { try slave.settings() }
        #expect(throws: Errno.ENOTTY) { try slave.number(TIOCSPGRP) }
        slave.release()
    }

    @Test func limits() throws {
        let (master, slave) = try pair()
        let block = String(repeating: "y", count: 1000)
        var total = 0
        while let n = try? slave.put(block) { total += n }
        #expect(total > 16000 && total < 70000)
        #expect(slave.poll(nil) & POLLOUT == 0)
        #expect(try master.get(1 << 20).count == total)
        #expect(slave.poll(nil) & POLLOUT != 0)

        var termios = try slave.settings()
        termios.lflag = 0
        try slave.set(termios)
        total = 0
        while let n = try? master.put(block) { total += n }
        #expect(total > 16000 && total < 70000)
        #expect(master.poll(nil) & POLLOUT == 0)
        #expect(try slave.number(FIONREAD) == 4095)
        var got = 0
        while let text = try? slave.get(100_000) { got += text.count }
        #expect(got == total)
        #expect(master.poll(nil) & POLLOUT != 0)
    }

    @Test func packetMode() throws {
        let (master, slave) = try pair()
        _ = try master.number(TIOCPKT, 1)
        _ = try slave.put("hi")
        #expect(try master.get(100) == "\0hi")
        let old = try slave.settings()
        var new = old
        new.iflag &= ~IXON
        try slave.set(new)
        #expect(master.poll(nil) == 0x147)
        #expect(try master.get(100) == "\u{10}")
        try slave.set(old)
        #expect(try master.get(100) == "\u{20}")
        _ = try slave.control(UInt32(TCFLSH), UInt(TCIFLUSH))
        #expect(try master.get(100) == "\u{1}")
        _ = try slave.control(UInt32(TCFLSH), UInt(TCOFLUSH))
        #expect(try master.get(100) == "\u{2}")
        _ = try slave.control(UInt32(TCXONC), UInt(TCOOFF))
        #expect(try master.get(100) == "\u{4}")
        _ = try slave.control(UInt32(TCXONC), UInt(TCOON))
        #expect(try master.get(100) == "\u{8}")
        _ = try master.put("\u{13}")
        #expect(try master.get(100) == "\u{4}")
        _ = try master.put("\u{11}")
        #expect(try master.get(100) == "\u{8}")
        _ = try master.put("a\u{3}")
        #expect(try master.get(100) == "\u{3}")
        #expect(try master.get(100) == "\0^C")
        new.lflag |= EXTPROC
        try slave.set(new)
        #expect(try master.get(100) == "\u{50}")
        try slave.set(old)
        #expect(try master.get(100) == "\u{60}")
        _ = try slave.put("hello")
        #expect(try master.get(1) == "\0")
        #expect(try master.get(3) == "\0he")
        #expect(try master.get(9) == "\0llo")
    }

    @Test func consoleTerminal() throws {
        SharedArea.store64(24 | 80 << 16, Header.windowSize)
        let console = try #require(Console.boot(uid: 1000))
        let input = Ring.header(Ring.terminalInput), output = Ring.header(Ring.terminalOutput)
        let file = try open("0")
        #expect(try file.winsize(TIOCGWINSZ) == Winsize(rows: 24, columns: 80))
        #expect(throws: Errno.EAGAIN) { try file.get(10) }
        type("ls\r", input)
        Console.pump()
        #expect(try file.get(10) == "ls\n")
        #expect(try file.put("a\nb\n") == 4)
        let shown = Int(SharedArea.load32(output + RingHeader.producer) &- SharedArea.load32(output + RingHeader.consumer))
        #expect(SharedArea.bytes(Ring.data(Ring.terminalOutput) + Int(SharedArea.load32(output + RingHeader.consumer)), shown) == [UInt8]("ls\r\na\r\nb\r\n".utf8))
        // A full ring stops the writer until the monitor has made room.
        SharedArea.store32(SharedArea.load32(output + RingHeader.producer) &- UInt32(Ring.capacity(Ring.terminalOutput)) &+ 4, output + RingHeader.consumer)
        #expect(throws: Errno.EAGAIN) { try file.put("x") }
        #expect(file.poll(nil) & POLLOUT == 0)
        #expect(SharedArea.load32(output + RingHeader.kernelWaiting) != 0)
        SharedArea.store32(SharedArea.load32(output + RingHeader.producer), output + RingHeader.consumer)
        #expect(try file.put("x") == 1)
        SharedArea.store64(50 | 132 << 16, Header.windowSize)
        Console.pump()
        #expect(try file.winsize(TIOCGWINSZ) == Winsize(rows: 50, columns: 132))
        // The host's terminal goes away.
        SharedArea.store32(1, input + RingHeader.closed)
        Console.pump()
        #expect(try file.get(10) == "")
        #expect(throws: Errno.EIO) { try file.put("x") }
        #expect(console.isPeerGone)
        file.release()
        SharedArea.store32(0, input + RingHeader.closed)
    }

    private func type(_ text: String, _ header: Int) {
        let producer = SharedArea.load32(header + RingHeader.producer)
        let bytes = [UInt8](text.utf8)
        SharedArea.store(bytes.span, Ring.data(Ring.terminalInput) + Int(producer) & (Ring.capacity(Ring.terminalInput) - 1))
        SharedArea.store32(producer &+ UInt32(bytes.count), header + RingHeader.producer)
    }

    // MARK: - standard streams

    private func reset(_ ring: Int, count: UInt32 = 0) {
        for field in stride(from: 0, to: 0x100, by: 4) { SharedArea.store32(0, Ring.header(ring) + field) }
        SharedArea.store32(count, Ring.header(ring) + RingHeader.producer)
        SharedArea.store32(count, Ring.header(ring) + RingHeader.consumer)
    }

    @Test func outputStream() throws {
        // Near the end of the ring and of the counters: both wrap.
        let ring = Ring.standardOutput, header = Ring.header(Ring.standardOutput), capacity = Ring.capacity(Ring.standardOutput)
        reset(ring, count: .max - 1)
        let file = HostStreamFile(ring: ring, mode: S_IFIFO | 0o600, flags: O_WRONLY | O_NONBLOCK)
        file.acquire()
        #expect(try file.put("hello") == 5)
        #expect(SharedArea.load32(header + RingHeader.producer) == 3)
        #expect(SharedArea.bytes(Ring.data(ring) + capacity - 2, 2) == [UInt8]("he".utf8))
        #expect(SharedArea.bytes(Ring.data(ring), 3) == [UInt8]("llo".utf8))
        #expect(SharedArea.load32(header + RingHeader.monitorBell) == 1)
        #expect(file.poll(nil) == POLLOUT | POLLWRNORM)
        #expect(try file.put(String(repeating: "z", count: capacity)) == capacity - 5)
        #expect(throws: Errno.EAGAIN) { try file.put("x") }
        #expect(file.poll(nil) == 0)
        #expect(SharedArea.load32(header + RingHeader.kernelWaiting) == 1)
        // Up to PIPE_BUF bytes go in one piece or not at all.
        SharedArea.store32(SharedArea.load32(header + RingHeader.consumer) &+ 100, header + RingHeader.consumer)
        #expect(throws: Errno.EAGAIN) { try file.put(String(repeating: "x", count: 101)) }
        #expect(try file.put(String(repeating: "x", count: 100)) == 100)
        SharedArea.store32(1, header + RingHeader.broken)
        #expect(throws: Errno.EPIPE) { try file.put("x") }
        #expect(file.poll(nil) == POLLOUT | POLLWRNORM | POLLERR)
        file.release()
        #expect(SharedArea.load32(header + RingHeader.closed) == 1)
    }

    @Test func inputStream() throws {
        let ring = Ring.standardInput, header = Ring.header(Ring.standardInput)
        reset(ring, count: UInt32(Ring.capacity(ring) - 2))
        let file = HostStreamFile(ring: ring, mode: S_IFIFO | 0o600, flags: O_RDONLY | O_NONBLOCK)
        file.acquire()
        #expect(file.poll(nil) == 0)
        #expect(SharedArea.load32(header + RingHeader.pollWanted) == 1)
        #expect(throws: Errno.EAGAIN) { try file.get(10) }
        #expect(SharedArea.load32(header + RingHeader.wanted) == 0)
        SharedArea.store([UInt8]("ab".utf8).span, Ring.data(ring) + Ring.capacity(ring) - 2)
        SharedArea.store([UInt8]("cd".utf8).span, Ring.data(ring))
        SharedArea.store32(UInt32(Ring.capacity(ring) + 2), header + RingHeader.producer)
        #expect(file.poll(nil) == POLLIN | POLLRDNORM)
        #expect(try file.number(FIONREAD) == 4)
        #expect(try file.get(3) == "abc")
        SharedArea.store32(1, header + RingHeader.closed)
        #expect(file.poll(nil) == POLLIN | POLLRDNORM | POLLHUP)
        #expect(try file.get(10) == "d")
        #expect(try file.get(10) == "")
        #expect(file.poll(nil) == POLLHUP)
        SharedArea.store32(5, header + RingHeader.error)
        #expect(throws: Errno.EIO) { try file.get(10) }
        file.release()
        #expect(SharedArea.load32(header + RingHeader.broken) == 1)
    }
}
