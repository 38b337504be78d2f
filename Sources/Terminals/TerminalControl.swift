import KernelBase
import LinuxABI
import Machine
import Tasks
import VFS

// ioctl(2) on terminals, ioctl_tty(2).

extension Terminal {
    /// - Parameter file: the open terminal, for what depends on how it was opened; nil when the master of a pseudoterminal asks
    ///   about its slave, as most requests on a master do.
    final func control(_ request: UInt, _ argument: UInt, _ file: File?) throws(Errno) -> Int {
        let task = TerminalSystem.shared.caller.task
        let isMaster = file == nil
        switch request {
        // --- settings ---
        case TCGETS: try UserMemory.store(discipline.termios, at: argument)
        case TCGETS2:
            try UserMemory.store(Termios2(termios: discipline.termios, ispeed: inputSpeed, ospeed: outputSpeed), at: argument)
        case TCGETA: try UserMemory.store(Termio(discipline.termios), at: argument)
        case TCSETS, TCSETSW, TCSETSF:
            try checkForeground(SIGTTOU)
            change(to: try UserMemory.load(Termios.self, at: argument), flush: request == TCSETSF)
        case TCSETS2, TCSETSW2, TCSETSF2:
            try checkForeground(SIGTTOU)
            let new = try UserMemory.load(Termios2.self, at: argument)
            change(to: new.termios, speeds: (new.ispeed, new.ospeed), flush: request == TCSETSF2)
        case TCSETA, TCSETAW, TCSETAF:
            try checkForeground(SIGTTOU)
            var new = discipline.termios
            try UserMemory.load(Termio.self, at: argument).apply(to: &new)
            change(to: new, flush: request == TCSETAF)
        case TIOCGLCKTRMIOS: try UserMemory.store(locked, at: argument)
        case TIOCSLCKTRMIOS:
            try requireAdministrator(task)
            locked = try UserMemory.load(Termios.self, at: argument)
        case TIOCGSOFTCAR:
            try UserMemory.store(Int32(discipline.termios.cflag & CLOCAL != 0 ? 1 : 0), at: argument)
        case TIOCSSOFTCAR:
            var new = discipline.termios
            new.cflag = new.cflag & ~CLOCAL | (try UserMemory.load(Int32.self, at: argument) != 0 ? CLOCAL : 0)
            change(to: new, flush: false)

        // --- window ---
        case TIOCGWINSZ: try UserMemory.store(window, at: argument)
        case TIOCSWINSZ: resize(to: try UserMemory.load(Winsize.self, at: argument))

        // --- jobs ---
        case TIOCGPGRP:
            if !isMaster, !isControlling(task) { throw .ENOTTY }
            try UserMemory.store(foregroundID, at: argument)
        case TIOCSPGRP: try setForegroundGroup(argument, task)
        case TIOCGSID:
            if !isMaster, !isControlling(task) { throw .ENOTTY }
            guard let session else { throw .ENOTTY }
            try UserMemory.store(session.id, at: argument)
        case TIOCSCTTY: try takeAsControlling(argument, file, task)
        case TIOCNOTTY:
            guard !isMaster, isControlling(task), let task else { throw .ENOTTY }
            giveUp(task)

        // --- flow and queues ---
        case TCXONC:
            try checkForeground(SIGTTOU)
            switch Int32(truncatingIfNeeded: argument) {
            case TCOOFF: discipline.stop(self, byCall: true)
            case TCOON: discipline.start(self, byCall: true)
            case TCIOFF: sendFlowCharacter(discipline.termios.cc[VSTOP])
            case TCION: sendFlowCharacter(discipline.termios.cc[VSTART])
            default: throw .EINVAL
            }
        case TCFLSH:
            try checkForeground(SIGTTOU)
            let which = Int32(truncatingIfNeeded: argument)
            guard which >= TCIFLUSH, which <= TCIOFLUSH else { throw .EINVAL }
            if which != TCOFLUSH { discardInput() }
            if which != TCIFLUSH { discardOutput() }
        case FIONREAD: try UserMemory.store(Int32(truncatingIfNeeded: discipline.inputCount), at: argument)
        case TIOCOUTQ: try UserMemory.store(Int32(0), at: argument)
        case TCSBRK, TCSBRKP, TIOCSBRK:
            // No line, no break; output is where it goes to as soon as it is written.
            try checkForeground(SIGTTOU)
        case TIOCCBRK: try checkForeground(SIGTTOU)
        case TIOCSTI:
            // As with dev.tty.legacy_tiocsti = 0.
            if let task, !task.credentials.has(Int(CAP_SYS_ADMIN)) { throw .EIO }
            let c = try UserMemory.load(UInt8.self, at: argument)
            if incoming.space > 0 { receive([c]) }

        // --- the rest ---
        case TIOCGETD: try UserMemory.store(N_TTY, at: argument)
        case TIOCSETD:
            try checkForeground(SIGTTOU)
            guard try UserMemory.load(Int32.self, at: argument) == N_TTY else { throw .EINVAL }
        case TIOCEXCL: isExclusive = true
        case TIOCNXCL: isExclusive = false
        case TIOCGEXCL: try UserMemory.store(Int32(isExclusive ? 1 : 0), at: argument)
        case TIOCGDEV: try UserMemory.store(UInt32(truncatingIfNeeded: device), at: argument)
        case TIOCVHANGUP:
            try requireAdministrator(task)
            hangUp()
        case TIOCCONS:
            if isMaster { throw .EINVAL }
            throw .EPERM
        default: throw .ENOTTY
        }
        return 0
    }

    private final func requireAdministrator(_ task: Task?) throws(Errno) {
        if let task, !task.credentials.has(Int(CAP_SYS_ADMIN)) { throw .EPERM }
    }

    /// Changes the settings, except for those that are locked.
    final func change(to wanted: Termios, speeds: (input: UInt32, output: UInt32)? = nil, flush: Bool) {
        let old = discipline.termios
        var new = wanted
        new.iflag = new.iflag & ~locked.iflag | old.iflag & locked.iflag
        new.oflag = new.oflag & ~locked.oflag | old.oflag & locked.oflag
        new.cflag = new.cflag & ~locked.cflag | old.cflag & locked.cflag
        new.lflag = new.lflag & ~locked.lflag | old.lflag & locked.lflag
        if locked.line != 0 { new.line = old.line }
        for index in 0..<NCCS where locked.cc[index] != 0 { new.cc[index] = old.cc[index] }
        outputSpeed = Speed.output(new.cflag, other: speeds?.output ?? outputSpeed)
        inputSpeed = Speed.input(new.cflag, other: speeds?.input ?? inputSpeed, output: outputSpeed)
        // There is no line whose characters could have less than eight bits, or parity.
        new.cflag = new.cflag & ~(CSIZE | PARENB) | CS8 | CREAD
        if flush { discardInput() }
        discipline.set(new, self)
        settingsChanged(from: old)
        feed()
        if discipline.hasInput() { inputArrived() }
        readQueue.wake(0)
        writeQueue.wake(outputRoom > 0 ? POLLOUT | POLLWRNORM : 0)
    }

    /// The window has another size: the foreground group is told.
    final func resize(to size: Winsize) {
        guard size != window else { return }
        window = size
        signalForeground(SIGWINCH)
    }

    /// TCIOFF and TCION: a character that stops or starts whoever is on the other side.
    private final func sendFlowCharacter(_ c: UInt8) {
        guard c != _POSIX_VDISABLE else { return }
        let wasStopped = discipline.isStopped
        if wasStopped || outputRoom > 0 { output([c]) }
    }

    // MARK: - jobs

    private final func setForegroundGroup(_ argument: UInt, _ task: Task?) throws(Errno) {
        do throws(Errno) {
            try checkForeground(SIGTTOU)
        } catch {
            throw error == .EIO ? .ENOTTY : error
        }
        let id = try UserMemory.load(Int32.self, at: argument)
        guard id >= 0 else { throw .EINVAL }
        guard let task, isControlling(task), session === task.process.session else { throw .ENOTTY }
        let table = TaskTable.shared
        // Linux takes any process's number, even if there is no group of that number.
        guard let other = table.group(id)?.session ?? table.process(id)?.session else { throw .ESRCH }
        guard other === session else { throw .EPERM }
        setForeground(id)
    }

    private final func takeAsControlling(_ argument: UInt, _ file: File?, _ task: Task?) throws(Errno) {
        guard let task else { throw .EPERM }
        let own = task.process.session
        let leads = own.leader === task.process
        if leads, session === own { return }
        guard leads, own.terminal == nil else { throw .EPERM }
        let privileged = task.credentials.has(Int(CAP_SYS_ADMIN))
        if session != nil {
            // Stolen from its session, if the caller insists and may.
            guard argument == 1, privileged else { throw .EPERM }
        }
        if let file, !file.isReadable, !privileged { throw .EPERM }
        makeControlling(of: own, foreground: task.process.group)
    }

    /// TIOCNOTTY: a session leader gives the terminal up for all its session, others for themselves.
    private final func giveUp(_ task: Task) {
        guard task.process.session.leader === task.process else {
            task.process.hasTerminal = false
            return
        }
        let group = foreground
        group?.signal(SIGHUP)
        group?.signal(SIGCONT)
        leaveSession()
    }
}

/// Line speeds, which nothing here depends on but which programs can set and get.
enum Speed {
    private static func rate(_ code: UInt32, _ other: UInt32) -> UInt32 {
        switch code {
        case B0: 0
        case B50: 50
        case B75: 75
        case B110: 110
        case B134: 134
        case B150: 150
        case B200: 200
        case B300: 300
        case B600: 600
        case B1200: 1200
        case B1800: 1800
        case B2400: 2400
        case B4800: 4800
        case B9600: 9600
        case B19200: 19200
        case B38400: 38400
        case B57600: 57600
        case B115200: 115200
        case B230400: 230400
        case B460800: 460800
        case B500000: 500000
        case B576000: 576000
        case B921600: 921600
        case B1000000: 1_000_000
        case B1152000: 1_152_000
        case B1500000: 1_500_000
        case B2000000: 2_000_000
        case B2500000: 2_500_000
        case B3000000: 3_000_000
        case B3500000: 3_500_000
        case B4000000: 4_000_000
        default: other
        }
    }
    static func output(_ cflag: UInt32, other: UInt32) -> UInt32 { rate(cflag & CBAUD, other) }
    static func input(_ cflag: UInt32, other: UInt32, output: UInt32) -> UInt32 {
        let code = cflag >> IBSHIFT & CBAUD
        return code == B0 ? output : rate(code, other)
    }
}
