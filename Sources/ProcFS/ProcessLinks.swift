import KernelBase
import LinuxABI
import Machine
import Memory
import Tasks
import VFS

/// /proc/PID/exe, cwd and root: they lead to what they stand for even where its path does not.
final class ProcessLink: ProcessInode {
    private let entry: ProcessEntry

    init(_ superblock: Superblock, _ subject: TaskReference, _ entry: ProcessEntry) {
        self.entry = entry
        super.init(superblock, subject, number: ProcessInode.number(subject, UInt64(entry.rawValue) &+ 1), mode: entry.mode)
    }

    /// - Throws: `EACCES`, or `ENOENT` for a process that has ended.
    private func target() throws(Errno) -> (path: Path, file: File?) {
        guard let task = subject.found else { throw .ENOENT }
        guard Task.current.mayInspect(task) else { throw .EACCES }
        guard subject.alive != nil else { throw .ENOENT }
        switch entry {
        case .cwd: return (task.fs.workingDirectory, nil)
        case .root: return (task.fs.root, nil)
        default:
            guard task.hasMemory, let file = task.process.memory.executable else { throw .ENOENT }
            return (file.path ?? file.inode.namelessPath(), file)
        }
    }

    override func readLink() throws(Errno) -> Bytes {
        let (path, file) = try target()
        let root = Task.current.fs.root
        if let file { return ProcText.name(file, root: root) }
        return VFS.text(of: path, root: root).text
    }

    override func followMagicLink() throws(Errno) -> Path? { try target().path }
}

/// /proc/PID/ns: the namespaces, of which there is one of each kind.
final class NamespaceDirectory: ProcessInode {
    private struct Kind {
        var name: StaticString
        /// What the link's text begins with.
        var type: StaticString
        var number: UInt64
    }
    /// Linux's numbers of the first namespaces.
    private static var kinds: [Kind] {
        [
            Kind(name: "net", type: "net", number: 0xf000_0299), Kind(name: "uts", type: "uts", number: 0xeffffffe),
            Kind(name: "ipc", type: "ipc", number: 0xefffffff), Kind(name: "pid", type: "pid", number: 0xeffffffc),
            Kind(name: "pid_for_children", type: "pid", number: 0xeffffffc), Kind(name: "user", type: "user", number: 0xeffffffd),
            Kind(name: "mnt", type: "mnt", number: 0xeffffff8), Kind(name: "cgroup", type: "cgroup", number: 0xeffffffb),
            Kind(name: "time", type: "time", number: 0xeffffffa), Kind(name: "time_for_children", type: "time", number: 0xeffffffa),
        ]
    }

    private func number(_ index: Int) -> UInt64 { ProcessInode.number(subject, 0x200 &+ UInt64(index)) }

    override func lookup(_ name: Bytes) throws(Errno) -> Inode {
        guard subject.found != nil else { throw .ENOENT }
        for (index, kind) in NamespaceDirectory.kinds.enumerated() where name.equals(kind.name) {
            return NamespaceLink(superblock, subject, number: number(index), kind.type, kind.number)
        }
        throw .ENOENT
    }

    override func list(from position: Int, _ emit: (_ name: Bytes, _ inode: UInt64, _ type: UInt8, _ next: Int) -> Bool) throws(Errno) {
        _ = try subject.inspectable()
        for (index, kind) in NamespaceDirectory.kinds.enumerated() where index &+ 2 >= position {
            guard emit(Bytes(kind.name), number(index), DT_LNK, index &+ 3) else { return }
        }
    }
}

/// A link to a namespace.
final class NamespaceLink: ProcessInode {
    private let kind: StaticString
    private let namespace: UInt64

    init(_ superblock: Superblock, _ subject: TaskReference, number: UInt64, _ type: StaticString, _ namespace: UInt64) {
        kind = type
        self.namespace = namespace
        super.init(superblock, subject, number: number, mode: S_IFLNK | 0o777)
    }

    /// Who has ended has given up his namespaces, but for those that belong to his number and his credentials.
    private func check() throws(Errno) {
        guard subject.found != nil else { throw .EACCES }
        _ = try subject.inspectable()
        let name = Bytes(kind)
        if !name.equals("pid"), !name.equals("user"), subject.alive == nil { throw .ENOENT }
    }

    override func readLink() throws(Errno) -> Bytes {
        try check()
        return NamespaceInode.text(kind, namespace)
    }

    override func followMagicLink() throws(Errno) -> Path? {
        try check()
        guard let proc = superblock as? ProcSuperblock else { throw .ENOENT }
        return NamespaceInode(proc.namespaces, kind, namespace).namelessPath()
    }
}

/// What a link to a namespace leads to. It can be opened, and compared with others.
final class NamespaceInode: Inode {
    private final class NamespaceFile: File {
        let text: Bytes
        init(_ inode: Inode, _ path: Path, flags: UInt32, _ text: Bytes) {
            self.text = text
            super.init(inode: inode, path: path, flags: flags)
        }
        override var canPoll: Bool { false }
        override var linkText: Bytes { text }
    }
    private let text: Bytes

    init(_ superblock: Superblock, _ type: StaticString, _ number: UInt64) {
        text = NamespaceInode.text(type, number)
        super.init(superblock: superblock, number: number, mode: S_IFREG | 0o444, uid: 0, gid: 0)
    }

    static func text(_ type: StaticString, _ number: UInt64) -> Bytes {
        var text = Bytes(type)
        text.append(":[")
        text.append(decimal: UInt(number))
        text.append("]")
        return text
    }

    override func open(_ path: Path, flags: UInt32, _ credentials: Credentials) throws(Errno) -> File {
        guard flags & O_ACCMODE == O_RDONLY else { throw .EPERM }
        return NamespaceFile(self, path, flags: flags, text)
    }
    override func setMode(_ mode: UInt32) throws(Errno) { throw .EPERM }
}

/// The file system of namespaces, which is not mounted anywhere.
final class NamespaceSuperblock: Superblock {
    init() { super.init(device: VFS.shared.allocateDevice()) }
    override var typeName: StaticString { "nsfs" }
    override func status() throws(Errno) -> FileSystemStatus {
        var status = FileSystemStatus()
        status.type = UInt(NSFS_MAGIC)
        return status
    }
}
