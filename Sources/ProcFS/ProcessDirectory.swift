import KernelBase
import LinuxABI
import Machine
import Tasks
import VFS

/// The directory of a process, /proc/PID, or of a thread, /proc/PID/task/TID.
final class ProcessDirectory: ProcessInode {
    /// The directory's own number among those of its entries.
    static var ownNumber: UInt64 { 0 }

    init(_ superblock: Superblock, _ subject: TaskReference) {
        super.init(superblock, subject, number: ProcessInode.number(subject, ProcessDirectory.ownNumber), mode: S_IFDIR | 0o555)
        isImmutable = true
        // Linux counts the directories in it.
        linkCount = subject.isThread ? 8 : 9
    }

    private func has(_ entry: ProcessEntry) -> Bool { subject.isThread ? entry.isForThread : entry.isForProcess }

    /// - Throws: `ENOENT`; `ESRCH` in a directory that was opened before its process was waited for.
    override func lookup(_ name: Bytes) throws(Errno) -> Inode {
        guard subject.found != nil else { throw .ESRCH }
        var index: UInt8 = 0
        while index < ProcessEntry.count, let entry = ProcessEntry(rawValue: index) {
            if name.equals(entry.name), has(entry) { return make(entry) }
            index &+= 1
        }
        throw .ENOENT
    }

    private func make(_ entry: ProcessEntry) -> Inode {
        switch entry {
        case .task: TaskList(superblock, subject, entry: entry)
        case .fd, .fdinfo: DescriptorDirectory(superblock, subject, entry)
        case .ns: NamespaceDirectory(superblock, subject, entry: entry)
        case .net: NetworkText.makeDirectory(superblock, subject, entry)
        case .attr: AttributeDirectory(superblock, subject, entry: entry)
        case .cwd, .root, .exe: ProcessLink(superblock, subject, entry)
        case .mem: MemoryInode(superblock, subject, entry: entry)
        case .pagemap: PagemapInode(superblock, subject, entry: entry)
        default: ProcessFile(superblock, subject, entry)
        }
    }

    override func list(from position: Int, _ emit: (_ name: Bytes, _ inode: UInt64, _ type: UInt8, _ next: Int) -> Bool) throws(Errno) {
        guard subject.found != nil else { throw .ENOENT }
        var index = max(0, position &- 2)
        while index < Int(ProcessEntry.count), let entry = ProcessEntry(rawValue: UInt8(truncatingIfNeeded: index)) {
            if has(entry) {
                let number = ProcessInode.number(subject, UInt64(entry.rawValue) &+ 1)
                guard emit(Bytes(entry.name), number, UInt8(truncatingIfNeeded: entry.mode >> 12), index &+ 3) else { return }
            }
            index &+= 1
        }
    }
}

/// /proc/PID/task: the threads.
final class TaskList: ProcessInode {
    override func refresh() throws(Errno) {
        try super.refresh()
        linkCount = 2 &+ UInt32(truncatingIfNeeded: subject.found?.process.threads.count ?? 0)
    }

    override func lookup(_ name: Bytes) throws(Errno) -> Inode {
        guard let process = subject.found?.process, let tid = ProcText.number(name), let task = TaskTable.shared.task(tid),
              task.process === process else { throw .ENOENT }
        return ProcessDirectory(superblock, TaskReference(task, isThread: true))
    }

    override func list(from position: Int, _ emit: (_ name: Bytes, _ inode: UInt64, _ type: UInt8, _ next: Int) -> Bool) throws(Errno) {
        guard let process = subject.found?.process else { throw .ENOENT }
        // By number, so that those who come and go meanwhile do not disturb the order.
        var tids = process.threads.map { $0.tid }
        tids.sort()
        for tid in tids where Int(tid) &+ 2 >= position {
            guard let task = TaskTable.shared.task(tid), task.process === process else { continue }
            var name: Bytes = []
            name.append(decimal: Int(tid))
            let number = ProcessInode.number(TaskReference(task, isThread: true), ProcessDirectory.ownNumber)
            guard emit(name, number, DT_DIR, Int(tid) &+ 3) else { return }
        }
    }
}

/// /proc/PID/attr: there is no security module, so its files have nothing to say.
final class AttributeDirectory: ProcessInode {
    private static var names: [StaticString] { ["current", "prev", "exec", "fscreate", "keycreate", "sockcreate"] }

    private final class Attribute: ProcessInode {}

    private func number(_ index: Int) -> UInt64 { ProcessInode.number(subject, 0x100 &+ UInt64(index)) }

    override func lookup(_ name: Bytes) throws(Errno) -> Inode {
        for (index, known) in AttributeDirectory.names.enumerated() where name.equals(known) {
            return Attribute(superblock, subject, number: number(index), mode: S_IFREG | (index == 1 ? 0o444 : 0o666))
        }
        throw .ENOENT
    }

    override func list(from position: Int, _ emit: (_ name: Bytes, _ inode: UInt64, _ type: UInt8, _ next: Int) -> Bool) throws(Errno) {
        for (index, name) in AttributeDirectory.names.enumerated() where index &+ 2 >= position {
            guard emit(Bytes(name), number(index), DT_REG, index &+ 3) else { return }
        }
    }
}

extension ProcFS {
    /// The process whose directory /proc/PID this is; nil for any other inode.
    /// - Throws: `ESRCH` when it has been waited for.
    public static func process(ofDirectory inode: Inode) throws(Errno) -> Process? {
        guard let directory = inode as? ProcessDirectory, !directory.subject.isThread else { return nil }
        return try directory.subject.task().process
    }
}
