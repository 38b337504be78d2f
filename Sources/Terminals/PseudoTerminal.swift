import KernelBase
import LinuxABI
import Machine
import Tasks
import VFS

/// The slave of a pseudoterminal pair: the side that looks like a terminal, pty(7).
public final class PseudoSlave: Terminal {
    public let index: Int
    /// What the slave has written and the master has not read.
    fileprivate var outgoing = ByteQueue(limit: 20480)
    fileprivate var isMasterOpen = true
    /// unlockpt(3) has not been called.
    fileprivate var isLocked = true
    /// The slave was opened, and has no opener now.
    fileprivate var isAbandoned = false
    /// TIOCPKT: reads of the master begin with a byte that says what they are.
    fileprivate var isPacket = false
    fileprivate var packetStatus: UInt8 = 0
    /// tcflow(3) by the master.
    fileprivate var isMasterStopped = false
    fileprivate let masterReaders = WaitQueue()
    fileprivate let masterWriters = WaitQueue()
    /// Its node in /dev/pts.
    fileprivate(set) var node: Inode?

    /// So much of what was written is beyond recall, as it has arrived in the master's own buffer.
    private static var arrived: Int { 4095 }

    fileprivate init(index: Int) {
        self.index = index
        super.init(device: PseudoTerminals.device(index))
    }

    // --- the terminal's other side ---

    public override var outputRoom: Int {
        if discipline.isStopped { return 0 }
        let space = outgoing.space
        return space < 8 ? 0 : space
    }

    public override func output(_ bytes: Bytes) {
        guard isMasterOpen, outgoing.space >= bytes.count else { return }
        outgoing.append(bytes)
        masterReaders.wake(POLLIN | POLLRDNORM)
    }

    public override func discardOutput() {
        outgoing.keep(PseudoSlave.arrived)
        notePacket(TIOCPKT_FLUSHWRITE)
        outputDrained()
    }

    public override func inputDiscarded() {
        notePacket(TIOCPKT_FLUSHREAD)
        inputDrained()
    }

    public override func inputDrained() { if incoming.space > 0 { masterWriters.wake(POLLOUT | POLLWRNORM) } }

    public override func flowChanged(stopped: Bool) {
        notePacket(stopped ? TIOCPKT_STOP : TIOCPKT_START, clearing: stopped ? TIOCPKT_START : TIOCPKT_STOP)
        super.flowChanged(stopped: stopped)
    }

    public override func settingsChanged(from old: Termios) {
        guard isPacket else { return }
        let new = discipline.termios
        let oldFlow = PseudoSlave.usesStandardFlow(old), newFlow = PseudoSlave.usesStandardFlow(new)
        if oldFlow != newFlow {
            notePacket(newFlow ? TIOCPKT_DOSTOP : TIOCPKT_NOSTOP, clearing: TIOCPKT_DOSTOP | TIOCPKT_NOSTOP)
        }
        if (old.lflag | new.lflag) & EXTPROC != 0 { notePacket(TIOCPKT_IOCTL) }
    }

    private static func usesStandardFlow(_ termios: Termios) -> Bool {
        termios.iflag & IXON != 0 && termios.cc[VSTOP] == 0x13 && termios.cc[VSTART] == 0x11
    }

    private func notePacket(_ status: UInt8, clearing: UInt8 = 0) {
        guard isPacket else { return }
        packetStatus = packetStatus & ~clearing | status
        masterReaders.wake(POLLIN | POLLPRI | POLLRDNORM)
    }

    public override var isPeerGone: Bool { !isMasterOpen }

    public override func opened() { isAbandoned = false }

    public override func lastClosed() {
        isAbandoned = true
        masterReaders.wakeAll(POLLHUP | POLLIN | POLLRDNORM)
        masterWriters.wakeAll(POLLHUP)
        if !isMasterOpen { TerminalSystem.shared.pseudoterminals.free(self) }
    }

    /// Opens the slave.
    /// - Throws: `EIO` if it is locked or the master is gone; `EBUSY`.
    func openSlave(_ inode: Inode, _ path: Path?, flags: UInt32) throws(Errno) -> File {
        if isLocked { throw .EIO }
        return try open(inode, path, flags: flags)
    }

    fileprivate func masterClosed() {
        isMasterOpen = false
        outgoing.removeAll()
        TerminalSystem.shared.pseudoterminals.removeName(self)
        node?.linkCount = 0
        hangUp()
        if openCount == 0 { TerminalSystem.shared.pseudoterminals.free(self) }
    }
}

/// An open master of a pseudoterminal pair: what it writes is typed at the slave, what the slave shows it reads.
public final class PseudoMasterFile: File {
    public let slave: PseudoSlave

    init(_ slave: PseudoSlave, inode: Inode, path: Path?, flags: UInt32) {
        self.slave = slave
        super.init(inode: inode, path: path, flags: flags)
    }

    public override func closing() { slave.masterClosed() }

    public override func read(_ buffer: inout IOBuffer, at offset: Int) throws(Errno) -> Int {
        if buffer.count == 0 { return 0 }
        while true {
            if slave.isPacket, slave.packetStatus != 0 {
                let status = slave.packetStatus
                slave.packetStatus = 0
                return try buffer.write([status])
            }
            if !slave.outgoing.isEmpty { break }
            if slave.isAbandoned { throw .EIO }
            if isNonBlocking { throw .EAGAIN }
            let slave = self.slave
            _ = try slave.masterReaders.wait { () throws(Errno) in
                !slave.outgoing.isEmpty || slave.isAbandoned || slave.isPacket && slave.packetStatus != 0
            }
        }
        var done = 0
        if slave.isPacket { done = try buffer.write([TIOCPKT_DATA]) }
        let bytes = slave.outgoing.take(buffer.count)
        slave.outputDrained()
        do throws(Errno) {
            done &+= try buffer.write(bytes)
        } catch {
            if done == 0 { throw error }
        }
        return done
    }

    private var room: Int { slave.isMasterStopped ? 0 : slave.incoming.space }

    public override func write(_ buffer: inout IOBuffer, at offset: inout Int) throws(Errno) -> Int {
        var done = 0
        do throws(Errno) {
            while buffer.count > 0 {
                let room = self.room
                if room > 0 {
                    let bytes = try buffer.read(min(room, 4096))
                    done &+= bytes.count
                    slave.receive(bytes)
                    continue
                }
                if isNonBlocking { throw Errno.EAGAIN }
                _ = try slave.masterWriters.wait { () throws(Errno) in self.room > 0 }
            }
        } catch {
            if done > 0 { return done }
            throw error
        }
        return done
    }

    public override func poll(_ table: PollTable?) -> UInt32 {
        table?.add(slave.masterReaders)
        table?.add(slave.masterWriters)
        var events: UInt32 = 0
        if !slave.outgoing.isEmpty { events |= POLLIN | POLLRDNORM }
        if slave.isPacket, slave.packetStatus != 0 { events |= POLLIN | POLLRDNORM | POLLPRI }
        if slave.isAbandoned { events |= POLLHUP }
        if room > 0 { events |= POLLOUT | POLLWRNORM }
        return events
    }

    public override func control(_ request: UInt32, _ argument: UInt) throws(Errno) -> Int {
        switch UInt(request) {
        case TIOCGPTN: try UserMemory.store(UInt32(truncatingIfNeeded: slave.index), at: argument)
        case TIOCSPTLCK: slave.isLocked = try UserMemory.load(Int32.self, at: argument) != 0
        case TIOCGPTLCK: try UserMemory.store(Int32(slave.isLocked ? 1 : 0), at: argument)
        case TIOCGPTPEER: return try openPeer(UInt32(truncatingIfNeeded: argument))
        case TIOCPKT:
            let on = try UserMemory.load(Int32.self, at: argument) != 0
            if on && !slave.isPacket { slave.packetStatus = 0 }
            slave.isPacket = on
        case TIOCGPKT: try UserMemory.store(Int32(slave.isPacket ? 1 : 0), at: argument)
        case TIOCSIG:
            let signal = Int32(truncatingIfNeeded: argument)
            guard signal == SIGINT || signal == SIGQUIT || signal == SIGTSTP else { throw .EINVAL }
            slave.signalForeground(signal)
        // What concerns the master's own queues.
        case FIONREAD: try UserMemory.store(Int32(truncatingIfNeeded: slave.outgoing.count), at: argument)
        case TCFLSH:
            let which = Int32(truncatingIfNeeded: argument)
            guard which >= TCIFLUSH, which <= TCIOFLUSH else { throw .EINVAL }
            if which != TCOFLUSH {
                slave.outgoing.removeAll()
                slave.outputDrained()
            }
            if which != TCIFLUSH {
                slave.incoming.removeAll()
                slave.inputDrained()
            }
        case TCXONC:
            switch Int32(truncatingIfNeeded: argument) {
            case TCOOFF: slave.isMasterStopped = true
            case TCOON:
                slave.isMasterStopped = false
                slave.inputDrained()
            case TCIOFF: if room > 0 { slave.receive([0x13]) }
            case TCION: if room > 0 { slave.receive([0x11]) }
            default: throw .EINVAL
            }
        case TIOCSTI:
            if let task = TerminalSystem.shared.caller.task, !task.credentials.has(Int(CAP_SYS_ADMIN)) { throw .EIO }
            slave.output([try UserMemory.load(UInt8.self, at: argument)])
        case TIOCEXCL, TIOCNXCL: break
        case TIOCGEXCL: try UserMemory.store(Int32(0), at: argument)
        case TIOCVHANGUP: throw .EPERM
        default: return try slave.control(UInt(request), argument, nil)
        }
        return 0
    }

    /// TIOCGPTPEER: opens the slave without its path, wherever /dev/pts is.
    private func openPeer(_ flags: UInt32) throws(Errno) -> Int {
        guard let task = TerminalSystem.shared.caller.task, let node = slave.node else { throw .EIO }
        let descriptor = try task.files.reserve(limit: task.process.limit(7), closeOnExec: flags & O_CLOEXEC != 0)
        do throws(Errno) {
            let file = try slave.openSlave(node, TerminalSystem.shared.pseudoterminals.path(slave.index, task), flags: flags & (O_ACCMODE | O_NONBLOCK | O_NOCTTY))
            file.flags &= ~O_NOCTTY
            task.files.fill(descriptor, file)
        } catch {
            task.files.cancel(descriptor)
            throw error
        }
        return Int(descriptor)
    }
}

/// All pseudoterminals of the sandbox, by number.
public final class PseudoTerminals {
    /// Linux's kernel.pty.max.
    public static var maximum: Int { 4096 }

    private var slaves: [Terminal?] = []
    private var nodes: [Inode?] = []
    /// The file system that shows them, if it is mounted.
    public internal(set) var fileSystem: DevptsSuperblock?
    /// Where, for the paths of slaves that were not opened by name.
    public var mountPoint: Path?

    init() {}

    /// dev_t of slave `index`.
    public static func device(_ index: Int) -> UInt64 {
        let minor = UInt64(truncatingIfNeeded: index)
        return 136 << 8 | minor & 0xff | (minor & ~0xff) << 12
    }

    /// The terminal with this number that can be opened by name.
    func terminal(_ index: Int) -> Terminal? {
        guard index >= 0, index < slaves.count, nodes[index] != nil else { return nil }
        return slaves[index]
    }
    func node(_ index: Int) -> Inode? { index >= 0 && index < nodes.count ? nodes[index] : nil }
    var count: Int { slaves.count }
    /// Pairs that exist, /proc/sys/kernel/pty/nr.
    public var inUse: Int { nodes.count { $0 != nil } }

    /// Gives a terminal the lowest free number.
    private func allocate() throws(Errno) -> Int {
        if let free = slaves.firstIndex(where: { $0 == nil }) { return free }
        guard slaves.count < PseudoTerminals.maximum else { throw .ENOSPC }
        slaves.append(nil)
        nodes.append(nil)
        return slaves.count &- 1
    }

    /// Opens /dev/ptmx: makes a pair.
    /// - Throws: `ENOSPC` when there are as many as there may be; `ENOMEM`.
    public func openMaster(_ inode: Inode, _ path: Path?, flags: UInt32, _ credentials: Credentials) throws(Errno) -> File {
        if Host.heapIsLow { throw .ENOMEM }
        let index = try allocate()
        let slave = PseudoSlave(index: index)
        slave.node = install(slave, index, uid: credentials.fsuid)
        return PseudoMasterFile(slave, inode: inode, path: path, flags: flags)
    }

    /// Puts a terminal into the table and gives it a name.
    private func install(_ terminal: Terminal, _ index: Int, uid: UInt32) -> Inode {
        let node = DevptsNode(fileSystem ?? DevptsSuperblock(), terminal: terminal, index: index, uid: uid)
        slaves[index] = terminal
        nodes[index] = node
        return node
    }

    /// Gives the console a number of its own, so that it is a terminal like others.
    func install(console: Terminal, uid: UInt32) {
        guard slaves.isEmpty else { return }
        slaves.append(nil)
        nodes.append(nil)
        _ = install(console, 0, uid: uid)
    }

    fileprivate func removeName(_ slave: PseudoSlave) {
        guard slave.index < nodes.count, slaves[slave.index] === slave else { return }
        nodes[slave.index] = nil
    }

    fileprivate func free(_ slave: PseudoSlave) {
        guard slave.index < slaves.count, slaves[slave.index] === slave else { return }
        nodes[slave.index] = nil
        slaves[slave.index] = nil
        slave.node = nil
    }

    /// The path of a terminal's node, for files that are not opened by it.
    func path(_ index: Int, _ task: Task) -> Path? {
        guard let mountPoint else { return nil }
        var name: Bytes = []
        name.append(decimal: index)
        return try? VFS.shared.lookup(name.span, at: mountPoint, [], task.fs, task.credentials)
    }
}
