import KernelBase
import LinuxABI
import Machine
import MonitorProtocol
import Tasks
import VFS

/// The caller's terminal, if the sandbox has one: the program's controlling terminal, `/dev/pts/0` and `/dev/console`.
///
/// The host's terminal is in raw mode; its keys come by ``Ring/terminalInput`` and what is to be shown goes by
/// ``Ring/terminalOutput``, so all terminal behaviour is this kernel's own.
public final class Console: Terminal {
    private let keys: HostRing
    private let screen: HostRing
    private var isLost = false

    private init(keys: HostRing, screen: HostRing) {
        self.keys = keys
        self.screen = screen
        super.init(device: PseudoTerminals.device(0))
        keys.acquire()
        screen.acquire()
        // What getty leaves behind, and what is true of nearly all terminals today.
        var termios = discipline.termios
        termios.iflag |= IUTF8
        discipline.set(termios, self)
        window = Console.hostWindow
    }

    /// Makes the console, when the configuration says there is a terminal (``ConfigFlags/terminal``); after ``TerminalSystem/boot()``
    /// and before any pseudoterminal.
    /// - Parameter uid: owner of its node.
    @discardableResult
    public static func boot(uid: UInt32) -> Console? {
        let system = TerminalSystem.shared
        guard let keys = system.streams.ring(Ring.terminalInput), let screen = system.streams.ring(Ring.terminalOutput) else { return nil }
        let console = Console(keys: keys, screen: screen)
        system.console = console
        system.pseudoterminals.install(console: console, uid: uid)
        return console
    }

    /// Opens it for the program's standard descriptors (``StdioKind/terminal``): one description, open for reading and writing.
    /// - Parameter task: in whose tree of names its path is looked up (``PseudoTerminals/mountPoint``).
    public func openStandard(_ task: Task) throws(Errno) -> File {
        let terminals = TerminalSystem.shared.pseudoterminals
        guard let node = terminals.node(0) else { throw .ENODEV }
        return try open(node, terminals.path(0, task), flags: O_RDWR, acquires: false)
    }

    /// Makes it the controlling terminal of a process that leads its session.
    public func attach(to process: Process) { makeControlling(of: process.session, foreground: process.group) }

    /// Moves keys from the ring to the line discipline, wakes writers when the ring has room again, and takes over changes of
    /// the window. To be called by the kernel thread that sleeps on ``Header/kernelBell``, after each of its changes,
    /// under the kernel lock.
    public static func pump() {
        TerminalSystem.shared.console?.pump()
    }

    private static var hostWindow: Winsize {
        let word = SharedArea.load64(Header.windowSize)
        return Winsize(
            rows: UInt16(truncatingIfNeeded: word), columns: UInt16(truncatingIfNeeded: word >> 16),
            xpixel: UInt16(truncatingIfNeeded: word >> 32), ypixel: UInt16(truncatingIfNeeded: word >> 48))
    }
    private var seenWindow = Console.hostWindow

    private func pump() {
        let size = Console.hostWindow
        if size != seenWindow {
            // Only a change of the host's window counts: a guest may have set a size of its own meanwhile.
            seenWindow = size
            resize(to: size)
        }
        inputDrained()
        outputDrained()
        if !isLost, screen.isBroken || keys.isClosed && keys.available == 0 {
            isLost = true
            hangUp()
        }
    }

    /// Takes keys as far as there is room for them; the others wait in the ring.
    public override func inputDrained() {
        while incoming.isEmpty {
            let bytes = keys.take(count: 1024)
            if bytes.isEmpty { return }
            receive(bytes)
        }
    }

    public override var outputRoom: Int {
        if discipline.isStopped { return 0 }
        if screen.isBroken { return 1 << 16 }
        // Asks to be told of room if there is none.
        return screen.hasSpace(8) ? screen.space : 0
    }

    public override func output(_ bytes: Bytes) {
        // What nobody will see is dropped.
        if !screen.isBroken { _ = screen.put(bytes.span) }
    }

    public override var isPeerGone: Bool { isLost }
}

/// The nodes that lead to a terminal by another name. Device files of these numbers open through here.
public enum TerminalDevices {
    /// Registers them. Once, at boot, after ``TerminalSystem/boot()`` and the hooks' root object.
    public static func register(_ hooks: SpecialFileHooks) {
        hooks.register(major: 5, minor: 0) { (inode, path, flags, _) throws(Errno) in try openCurrent(inode, path, flags: flags) }
        hooks.register(major: 5, minor: 1) { (inode, path, flags, _) throws(Errno) in try openConsole(inode, path, flags: flags) }
        hooks.register(major: 5, minor: 2) { (inode, path, flags, credentials) throws(Errno) in
            try openMultiplexer(inode, path, flags: flags, credentials)
        }
        hooks.register(major: 136, minor: nil) { (inode, path, flags, _) throws(Errno) in
            try openSlave(Int(truncatingIfNeeded: DeviceNumber.minor(inode.specialDevice)), inode, path, flags: flags)
        }
    }

    /// `/dev/tty`, 5:0: the caller's controlling terminal. `ENXIO` if it has none.
    public static func openCurrent(_ inode: Inode, _ path: Path?, flags: UInt32) throws(Errno) -> File {
        guard let task = TerminalSystem.shared.caller.task, let terminal = task.process.terminal as? Terminal else { throw .ENXIO }
        return try terminal.open(inode, path, flags: flags)
    }

    /// `/dev/console`, 5:1. It never becomes a controlling terminal by opening. `ENODEV` if the sandbox has none.
    public static func openConsole(_ inode: Inode, _ path: Path?, flags: UInt32) throws(Errno) -> File {
        guard let console = TerminalSystem.shared.console else { throw .ENODEV }
        return try console.open(inode, path, flags: flags, acquires: false)
    }

    /// `/dev/ptmx`, 5:2: a new pair.
    public static func openMultiplexer(_ inode: Inode, _ path: Path?, flags: UInt32, _ credentials: Credentials) throws(Errno) -> File {
        try TerminalSystem.shared.pseudoterminals.openMaster(inode, path, flags: flags, credentials)
    }

    /// A slave by its number, 136:N: a node made with mknod(1). `ENXIO` if there is no such pair.
    public static func openSlave(_ index: Int, _ inode: Inode, _ path: Path?, flags: UInt32) throws(Errno) -> File {
        guard let terminal = TerminalSystem.shared.pseudoterminals.terminal(index) else { throw .ENXIO }
        if let slave = terminal as? PseudoSlave { return try slave.openSlave(inode, path, flags: flags) }
        return try terminal.open(inode, path, flags: flags)
    }
}
