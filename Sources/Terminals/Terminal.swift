import KernelBase
import LinuxABI
import Machine
import Tasks
import VFS

/// A terminal as programs see it: a line discipline, the sessions and jobs that use it, and those who wait for it.
///
/// What is on its other side is the subclass's matter: the master of a pseudoterminal pair (``PseudoSlave``), or
/// the caller's terminal behind the monitor (``Console``).
///
/// Everything happens under the kernel lock.
open class Terminal: ControllingTerminal, LineDriver {
    public final let discipline: LineDiscipline
    /// dev_t of its node in /dev/pts.
    public final let device: UInt64
    /// The session whose controlling terminal it is.
    public final private(set) var session: Session?
    /// The foreground process group's id; it stays when the group has ended, so that other groups remain in the background.
    public final private(set) var foregroundID: Int32 = 0
    public final var window = Winsize()
    final var inputSpeed: UInt32 = 38400
    final var outputSpeed: UInt32 = 38400
    /// Settings that cannot be changed, TIOCSLCKTRMIOS.
    final var locked = Termios(iflag: 0, oflag: 0, cflag: 0, lflag: 0, line: 0, cc: ControlCharacters(repeating: 0))
    /// TIOCEXCL: only the privileged may open it.
    final var isExclusive = false

    /// Readers and pollers; writers and pollers; writers whose turn has not come.
    public final let readQueue = WaitQueue()
    public final let writeQueue = WaitQueue()
    private final let turnQueue = WaitQueue()
    /// Files of it with O_ASYNC.
    fileprivate final var asyncList = AsyncList()
    private final var isWriting = false
    /// Open file descriptions.
    public final private(set) var openCount = 0
    /// Counts the hang-ups: files opened before the last are dead.
    final var generation: UInt32 = 0
    /// Input for which the discipline has no room yet.
    final var incoming = ByteQueue(limit: 16384)

    public init(device: UInt64) {
        discipline = LineDiscipline(.newPseudoterminal)
        self.device = device
        super.init()
    }

    open override var deviceNumber: UInt64 { device }

    // MARK: - the other side, for subclasses

    /// Bytes of output that are taken now. Never less than 8 but 0, so that whatever one character becomes fits.
    open var outputRoom: Int { 0 }
    open func output(_ bytes: Bytes) {}
    open func discardOutput() {}
    open func inputDiscarded() {}
    open func flowChanged(stopped: Bool) { if !stopped { outputDrained() } }
    open func settingsChanged(from old: Termios) {}
    /// ``incoming`` has room again.
    open func inputDrained() {}
    /// Nobody is on the other side: reads and writes fail with `EIO`.
    open var isPeerGone: Bool { false }
    /// The first file was opened, or the last one closed.
    open func opened() {}
    open func lastClosed() {}

    // MARK: - line driver

    public final func raise(_ signal: Int32) { signalForeground(signal) }
    public final func inputArrived() {
        readQueue.wake(POLLIN | POLLRDNORM)
        asyncList.tell(POLL_IN)
    }

    /// The other side has taken output.
    final func outputDrained() {
        discipline.flushEcho(self)
        if outputRoom > 0 {
            writeQueue.wake(POLLOUT | POLLWRNORM)
            asyncList.tell(POLL_OUT)
        }
    }

    /// What was typed. The caller has seen to it that ``incoming`` has room.
    final func receive(_ bytes: Bytes) {
        guard incoming.isEmpty else {
            incoming.append(bytes)
            return feed()
        }
        let taken = discipline.receive(bytes, from: 0, self)
        if taken < bytes.count { incoming.append(Bytes(bytes[taken...])) }
    }

    /// Hands waiting input to the discipline, as far as it has room.
    final func feed() {
        guard !incoming.isEmpty else { return inputDrained() }
        let bytes = incoming.take(incoming.count)
        let taken = discipline.receive(bytes, from: 0, self)
        if taken < bytes.count { incoming.append(Bytes(bytes[taken...])) }
        if taken > 0 { inputDrained() }
    }

    /// Discards what was typed and not read.
    final func discardInput() {
        incoming.removeAll()
        discipline.discardInput(self)
        inputDrained()
    }

    // MARK: - jobs

    final var foreground: ProcessGroup? {
        guard foregroundID != 0, let session, let group = TaskTable.shared.group(foregroundID), group.session === session else { return nil }
        return group
    }

    /// Sends a signal to the foreground process group, if there is one.
    public final func signalForeground(_ signal: Int32) { foreground?.signal(signal) }

    final func setForeground(_ id: Int32) {
        foregroundID = id
        foregroundGroup = foreground
    }

    /// Makes this the controlling terminal of `session`, with `group` in the foreground.
    public final func makeControlling(of session: Session, foreground group: ProcessGroup) {
        if let old = self.session { old.terminal = nil }
        // Only the leader has it now, and what it makes from now on.
        for process in TaskTable.shared.allProcesses where process.session === session { process.hasTerminal = process === session.leader }
        self.session = session
        session.terminal = self
        foregroundID = group.id
        foregroundGroup = group
    }

    /// The terminal stops being anybody's.
    final func leaveSession() {
        session?.terminal = nil
        session = nil
        foregroundID = 0
        foregroundGroup = nil
    }

    open override func sessionEnded(_ session: Session) {
        guard self.session === session else { return }
        self.session = nil
        foregroundID = 0
        foregroundGroup = nil
    }

    /// Whether it is the controlling terminal of the caller's session.
    final func isControlling(_ task: Task?) -> Bool {
        guard let task else { return false }
        return task.process.terminal === self
    }

    /// The rule of POSIX 11.1.4: a process in the background is stopped before it may touch its terminal.
    /// - Parameter signal: SIGTTIN to read, SIGTTOU to write or to change something.
    /// - Throws: `EIO` if it could not be continued or will not be stopped; `ERESTARTSYS` after the signal was sent.
    final func checkForeground(_ signal: Int32) throws(Errno) {
        guard let task = TerminalSystem.shared.caller.task, isControlling(task) else { return }
        let process = task.process
        guard foregroundID != 0, process.group.id != foregroundID else { return }
        if task.blocked.contains(signal) || process.handlers[signal].handler == SIG_IGN {
            if signal == SIGTTIN { throw .EIO }
            return
        }
        if process.group.isOrphaned() { throw .EIO }
        process.group.signal(signal)
        throw .ERESTARTSYS
    }

    // MARK: - opening, closing, hanging up

    /// A new open file description.
    /// - Parameters:
    ///   - flags: with O_NOCTTY if it is not to become the controlling terminal.
    ///   - acquires: whether opening this node can make it the controlling terminal at all.
    /// - Throws: `EBUSY` (TIOCEXCL), `EIO`.
    public final func open(_ inode: Inode, _ path: Path?, flags: UInt32, acquires: Bool = true) throws(Errno) -> File {
        let task = TerminalSystem.shared.caller.task
        if isExclusive, openCount > 0, let task, !task.credentials.has(21) { throw .EBUSY }
        if isPeerGone { throw .EIO }
        let file = TerminalFile(self, inode: inode, path: path, flags: flags)
        openCount &+= 1
        if openCount == 1 { opened() }
        if acquires, flags & O_NOCTTY == 0, file.isReadable, session == nil, let task {
            let own = task.process.session
            if own.leader === task.process, own.terminal == nil { makeControlling(of: own, foreground: task.process.group) }
        }
        return file
    }

    final func closed() {
        openCount &-= 1
        guard openCount == 0 else { return }
        isExclusive = false
        lastClosed()
    }

    /// Hangs up, as when a modem loses its line: all open files are dead, and the session's leader is told.
    public final func hangUp() {
        generation &+= 1
        incoming.removeAll()
        discipline.discardInput(self)
        if let session {
            let leader = session.leader
            // It is told when the leader ends, which is what most leaders now do.
            session.formerForeground = foreground
            leaveSession()
            leader?.send(SIGHUP, Siginfo(signo: SIGHUP, code: SI_KERNEL))
            leader?.send(SIGCONT, Siginfo(signo: SIGCONT, code: SI_KERNEL))
        }
        let events = POLLIN | POLLOUT | POLLERR | POLLHUP | POLLRDNORM | POLLWRNORM
        readQueue.wakeAll(events)
        writeQueue.wakeAll(events)
        turnQueue.wakeAll(events)
    }

    // MARK: - reading

    /// read(2). May sleep.
    final func read(_ file: TerminalFile, _ buffer: inout IOBuffer) throws(Errno) -> Int {
        try checkForeground(SIGTTIN)
        // Without canonical mode VMIN and VTIME say when it is enough, termios(3).
        var minimum = 0
        var interval: UInt64 = 0
        var deadline: UInt64 = .max
        if !discipline.isCanonical {
            let time = UInt64(discipline.termios.cc[VTIME]) &* 100_000_000
            minimum = Int(discipline.termios.cc[VMIN])
            if minimum > 0 {
                interval = time
            } else {
                deadline = time == 0 ? 0 : Clock.deadline(after: time)
                minimum = 1
            }
        }
        // Linux reads in pieces of 64 bytes and looks for the minimum in the first one only.
        let piece = 64
        var done = 0
        while buffer.count > 0 {
            if !discipline.hasInput() {
                do throws(Errno) {
                    if isPeerGone { throw .EIO }
                    if file.isHungUp || deadline == 0 { break }
                    if file.isNonBlocking { throw .EAGAIN }
                    let inTime = try readQueue.wait(deadline: deadline) { () throws(Errno) in
                        self.discipline.hasInput() || file.isHungUp || self.isPeerGone
                    }
                    if !inTime { break }
                } catch {
                    if done > 0 { return done }
                    throw error
                }
                continue
            }
            let lines = discipline.isCanonical
            do throws(Errno) {
                done &+= try take(lines ? buffer.count : piece &- done, &buffer)
                if lines { break }
                if done >= minimum {
                    while buffer.count > 0, !discipline.isCanonical, discipline.hasInput() { done &+= try take(buffer.count, &buffer) }
                    break
                }
            } catch {
                if done > 0 { return done }
                throw error
            }
            if done >= piece { break }
            if interval > 0 { deadline = Clock.deadline(after: interval) }
        }
        return done
    }

    private final func take(_ count: Int, _ buffer: inout IOBuffer) throws(Errno) -> Int {
        let bytes = discipline.take(min(count, buffer.count))
        feed()
        return try buffer.write(bytes)
    }

    // MARK: - writing

    /// write(2). May sleep.
    final func write(_ file: TerminalFile, _ buffer: inout IOBuffer) throws(Errno) -> Int {
        if discipline.termios.lflag & TOSTOP != 0 { try checkForeground(SIGTTOU) }
        // One writer after the other, as long as each takes.
        if isWriting {
            if file.isNonBlocking { throw .EAGAIN }
            _ = try turnQueue.wait(exclusive: true) { () throws(Errno) in !self.isWriting }
        }
        isWriting = true
        defer {
            isWriting = false
            turnQueue.wake()
        }
        discipline.flushEcho(self)
        var done = 0
        do throws(Errno) {
            while buffer.count > 0 {
                let bytes = try buffer.read(2048)
                var position = 0
                while position < bytes.count {
                    if file.isHungUp || isPeerGone { throw Errno.EIO }
                    let room = outputRoom
                    if room > 0 {
                        var processed: Bytes = []
                        let used = discipline.process(bytes, from: position, room: room, into: &processed)
                        position &+= used
                        done &+= used
                        if !processed.isEmpty { output(processed) }
                        continue
                    }
                    if file.isNonBlocking { throw Errno.EAGAIN }
                    _ = try writeQueue.wait { () throws(Errno) in self.outputRoom > 0 || file.isHungUp || self.isPeerGone }
                }
            }
        } catch {
            if done > 0 { return done }
            throw error
        }
        return done
    }

    /// Events that are true for an open file.
    final func events(_ file: TerminalFile) -> UInt32 {
        if file.isHungUp { return POLLIN | POLLOUT | POLLERR | POLLHUP | POLLRDNORM | POLLWRNORM }
        var events: UInt32 = 0
        let cc = discipline.termios.cc
        if discipline.hasInput(atLeast: cc[VTIME] == 0 && cc[VMIN] != 0 ? Int(cc[VMIN]) : 1) { events |= POLLIN | POLLRDNORM }
        if isPeerGone { events |= POLLHUP }
        if !isWriting, outputRoom > 0 { events |= POLLOUT | POLLWRNORM }
        return events
    }
}

/// An open terminal.
public final class TerminalFile: File {
    public let terminal: Terminal
    private let generation: UInt32

    init(_ terminal: Terminal, inode: Inode, path: Path?, flags: UInt32) {
        self.terminal = terminal
        generation = terminal.generation
        super.init(inode: inode, path: path, flags: flags)
    }

    /// The terminal was hung up after this file was opened.
    public var isHungUp: Bool { generation != terminal.generation }

    public override func closing() { terminal.closed() }

    /// As on Linux, the foreground group is told unless somebody else was named.
    public override func setAsync(_ descriptor: Int32?) -> Bool {
        terminal.asyncList.set(self, descriptor)
        if descriptor != nil, let task = TerminalSystem.shared.caller.task {
            let group = terminal.foregroundID
            try? setOwner(type: group != 0 ? F_OWNER_PGRP : F_OWNER_PID, id: group != 0 ? group : task.process.pid, force: false)
        }
        return true
    }

    /// For a file that was opened without its path.
    public override var linkText: Bytes {
        var text = Bytes("/dev/pts/")
        text.append(decimal: UInt(terminal.device & 0xff | terminal.device >> 12 & ~0xff))
        return text
    }

    public override func read(_ buffer: inout IOBuffer, at offset: Int) throws(Errno) -> Int {
        if isHungUp { return 0 }
        return try terminal.read(self, &buffer)
    }

    public override func write(_ buffer: inout IOBuffer, at offset: inout Int) throws(Errno) -> Int {
        if isHungUp { throw .EIO }
        return try terminal.write(self, &buffer)
    }

    public override func poll(_ table: PollTable?) -> UInt32 {
        table?.add(terminal.readQueue)
        table?.add(terminal.writeQueue)
        return terminal.events(self)
    }

    public override func control(_ request: UInt32, _ argument: UInt) throws(Errno) -> Int {
        if isHungUp { throw UInt(request) == TIOCSPGRP ? .ENOTTY : .EIO }
        return try terminal.control(UInt(request), argument, self)
    }
}
