import KernelBase
import LinuxABI
import Machine
import Memory
import Tasks
import VFS

/// A task by number and birth. Holding it keeps nothing alive.
struct TaskReference {
    let tid: Int32
    /// CLOCK_BOOTTIME of its making.
    private let birth: UInt64
    /// In a directory below `task`: about the thread alone. Otherwise about its process as a whole.
    let isThread: Bool

    init(_ task: Task, isThread: Bool) {
        tid = task.tid
        birth = TaskReference.birth(task)
        self.isThread = isThread
    }

    /// A thread that executes a program takes the leader's place: the process stays the same.
    private static func birth(_ task: Task) -> UInt64 { task.isLeader ? task.process.startTime : task.startTime }

    /// The task, which may be a zombie.
    /// - Throws: `ESRCH` when it has been waited for.
    func task() throws(Errno) -> Task {
        guard let task = found else { throw .ESRCH }
        return task
    }

    var found: Task? {
        guard let task = TaskTable.shared.task(tid), TaskReference.birth(task) == birth else { return nil }
        return task
    }

    /// The task if it has not ended.
    var alive: Task? {
        guard let task = found, !task.isExiting, task.process.state != .zombie else { return nil }
        return task
    }

    /// The number of the task's memory, 0 if it has none: another one after execve(2).
    var memoryNumber: UInt64 {
        guard let task = alive, task.hasMemory else { return 0 }
        return task.memory.number
    }

    /// The task, if the calling one may look into it as ptrace(2) might.
    /// - Throws: `ESRCH`, `EACCES`.
    func inspectable() throws(Errno) -> Task {
        let task = try task()
        guard Task.current.mayInspect(task) else { throw .EACCES }
        return task
    }
}

extension Task {
    /// Whether it has memory of its own: pid 1 is the kernel's, and the dead have none.
    var hasMemory: Bool { !process.isInit && !isExiting && process.state != .zombie && process.state != .dead }
    /// Its memory is that of the calling task.
    var sharesMemoryWithCaller: Bool { process.memory === Task.current.process.memory }
}

/// An inode about a task.
///
/// It belongs to the task's effective user, or to root if the process does not want to be looked at or has ended.
class ProcessInode: TextInode {
    final let subject: TaskReference
    private enum Owner {
        /// A directory everybody may list is the user's whatever the process wants.
        case user
        /// Like the others, but a process may always look at its own: its descriptors.
        case userOrSelf
        case userIfDumpable
    }
    private final let owner: Owner

    init(_ superblock: Superblock, _ subject: TaskReference, number: UInt64, mode: UInt32) {
        self.subject = subject
        owner = mode == S_IFDIR | 0o555 ? .user : mode == S_IFDIR | 0o500 ? .userOrSelf : .userIfDumpable
        super.init(superblock, number: number, mode: mode)
        isRemembered = false
        updateOwner()
    }

    /// An entry of the directory of `subject`.
    convenience init(_ superblock: Superblock, _ subject: TaskReference, entry: ProcessEntry) {
        self.init(superblock, subject, number: ProcessInode.number(subject, UInt64(entry.rawValue) &+ 1), mode: entry.mode)
    }

    private final func updateOwner() {
        guard let task = subject.found else { return }
        let shown: Bool
        switch owner {
        case .user: shown = true
        case .userOrSelf: shown = task.process.dumpable == 1 && task.hasMemory || task.process === Task.current.process
        case .userIfDumpable: shown = task.process.dumpable == 1 && task.hasMemory
        }
        uid = shown ? task.credentials.euid : 0
        gid = shown ? task.credentials.egid : 0
    }

    /// Of who is gone, the open file stays as it was.
    override func refresh() throws(Errno) { updateOwner() }

    override func setMode(_ mode: UInt32) throws(Errno) { throw .EPERM }

    override func open(_ path: Path, flags: UInt32, _ credentials: Credentials) throws(Errno) -> File {
        isDirectory ? try openSpecial(path, flags: flags, credentials) : try super.open(path, flags: flags, credentials)
    }
    override func truncate(to length: Int) throws(Errno) {
        if isDirectory { throw .EISDIR }
    }
    override func store(_ bytes: Bytes) throws(Errno) { throw .EINVAL }

    /// The number of an entry: the task's number and what is told of it.
    static func number(_ subject: TaskReference, _ entry: UInt64) -> UInt64 {
        1 << 32 | UInt64(UInt32(bitPattern: subject.tid)) << 12 | (subject.isThread ? 1 << 11 : 0) | entry
    }
}
