import KernelBase
import LinuxABI
import VFS

/// The file system of /dev/pts: a node for each pseudoterminal, and `ptmx`.
public final class DevptsSuperblock: Superblock {
    public init() {
        super.init(device: VFS.shared.allocateDevice())
        // Names come and go with the pairs.
        cachesNegative = false
        needsRevalidation = true
    }

    /// The file system, ready to be mounted; there is one.
    public static func make() -> (superblock: DevptsSuperblock, root: Inode) {
        let terminals = TerminalSystem.shared.pseudoterminals
        let superblock = terminals.fileSystem ?? DevptsSuperblock()
        terminals.fileSystem = superblock
        return (superblock, DevptsRoot(superblock))
    }

    public override var typeName: StaticString { "devpts" }

    public override func status() throws(Errno) -> FileSystemStatus {
        var status = FileSystemStatus()
        status.type = 0x1cd1
        return status
    }

    public override func revalidate(_ name: Bytes, in directory: Inode, _ inode: Inode?) throws(Errno) -> Bool {
        guard let inode else { return false }
        guard let node = inode as? DevptsNode else { return true }
        return TerminalSystem.shared.pseudoterminals.node(node.index) === node
    }
}

/// The directory.
final class DevptsRoot: Inode {
    private let multiplexer: DevptsMultiplexer

    init(_ superblock: DevptsSuperblock) {
        multiplexer = DevptsMultiplexer(superblock)
        super.init(superblock: superblock, number: 1, mode: S_IFDIR | 0o755, uid: 0, gid: 0)
        linkCount = 2
    }

    override func lookup(_ name: Bytes) throws(Errno) -> Inode {
        if name.equals("ptmx") { return multiplexer }
        // Numbers as the directory shows them: without leading zeros.
        guard let value = name.decimalValue, value < UInt(PseudoTerminals.maximum), name[0] != 48 || name.count == 1 else { throw .ENOENT }
        guard let node = TerminalSystem.shared.pseudoterminals.node(Int(value)) else { throw .ENOENT }
        return node
    }

    override func list(from position: Int, _ emit: (_ name: Bytes, _ inode: UInt64, _ type: UInt8, _ next: Int) -> Bool) throws(Errno) {
        let terminals = TerminalSystem.shared.pseudoterminals
        if position <= 2 {
            guard emit(Bytes("ptmx"), 2, DT_CHR, 3) else { return }
        }
        var index = max(0, position &- 3)
        while index < terminals.count {
            if let node = terminals.node(index) {
                var name: Bytes = []
                name.append(decimal: index)
                guard emit(name, node.number, DT_CHR, index &+ 4) else { return }
            }
            index &+= 1
        }
    }

    override func open(_ path: Path, flags: UInt32, _ credentials: Credentials) throws(Errno) -> File {
        try openSpecial(path, flags: flags, credentials)
    }

    override var isEmptyDirectory: Bool { false }
    override func create(_ name: Bytes, mode: UInt32, device: UInt64, _ credentials: Credentials) throws(Errno) -> Inode { throw .EACCES }
}

/// `ptmx`: each open makes a pair.
final class DevptsMultiplexer: Inode {
    init(_ superblock: DevptsSuperblock) {
        super.init(superblock: superblock, number: 2, mode: S_IFCHR | 0o666, uid: 0, gid: 0)
        specialDevice = 5 << 8 | 2
    }

    override func open(_ path: Path, flags: UInt32, _ credentials: Credentials) throws(Errno) -> File {
        try TerminalSystem.shared.pseudoterminals.openMaster(self, path, flags: flags, credentials)
    }
}

/// The node of a terminal.
final class DevptsNode: Inode {
    let index: Int
    let terminal: Terminal

    init(_ superblock: DevptsSuperblock, terminal: Terminal, index: Int, uid: UInt32) {
        self.index = index
        self.terminal = terminal
        // Group 5 is tty wherever groups have their usual numbers.
        super.init(superblock: superblock, number: UInt64(index &+ 3), mode: S_IFCHR | 0o620, uid: uid, gid: 5)
        specialDevice = PseudoTerminals.device(index)
        blockSize = 1024
    }

    override func open(_ path: Path, flags: UInt32, _ credentials: Credentials) throws(Errno) -> File {
        if let slave = terminal as? PseudoSlave { return try slave.openSlave(self, path, flags: flags) }
        return try terminal.open(self, path, flags: flags)
    }
}
