import FileSystems
import IPC
import KernelBase
import LinuxABI
import Machine
import Memory
import Testing
import VFS

@testable import Tasks

/// All tests of tasks share the kernel's root objects, so they run one after the other.
@Suite(.serialized) struct TaskLayer {}

/// A table of tasks with init and one program, whose only thread is the calling one.
final class World {
    let task: Task
    var process: Process { task.process }

    init(uid: UInt32 = 0) {
        timersRoot.set(TimerQueue())
        tasksRoot.set(TaskTable())
        futexesRoot.set(FutexTable())
        var configuration = BootConfiguration()
        configuration.processors = 2
        configuration.processorSet = [3]
        systemRoot.set(SystemState(configuration))
        let vfs = VFS()
        vfsRoot.set(vfs)
        let hooks = SpecialFileHooks()
        specialFileHooks.set(hooks)
        IPCState.boot(hooks: hooks)
        MemoryManager.install()
        let fileSystem = Tmpfs(device: vfs.allocateDevice(), sizeLimit: nil)
        let root = vfs.mountRoot(fileSystem, root: fileSystem.makeRoot())
        let fs = FSContext(root: root, workingDirectory: root, umask: 0o022)
        var limits = [Rlimit](repeating: Rlimit(cur: .max, max: .max), count: 16)
        limits[7] = Rlimit(cur: 1024, max: 4096)
        limits[13] = Rlimit(cur: 0, max: 0)
        limits[14] = Rlimit(cur: 0, max: 0)
        let initTask = TaskTable.makeInit(credentials: Credentials(uid: 0, gid: 0, groups: []), fs: fs, limits: limits, affinity: [3])
        ThreadSlot.current.setObject(initTask)
        task = TaskTable.makeProgram(parent: initTask, credentials: Credentials(uid: uid, gid: uid, groups: []), fs: fs)
        ThreadSlot.current.setObject(task)
        TaskHooks.install()
    }

    /// A child process that does not run.
    func makeChild() throws -> Task {
        let pid = try TaskTable.shared.allocatePID()
        let process = Process(pid: pid, parent: self.process, group: self.process.group, memory: AddressSpace(), handlers: SignalHandlers(),
                              limits: self.process.limits)
        let child = Task(tid: pid, process: process, slot: .current, credentials: task.credentials, files: FileTable(), fs: task.fs,
                         name: Bytes("child"), affinity: task.affinity)
        process.threads = [child]
        self.process.children.append(process)
        self.process.group.add(process)
        TaskTable.shared.insert(process)
        TaskTable.shared.insert(child)
        return child
    }

    /// Lets the kernel's timers run for some time, as its timer thread does.
    func run(milliseconds: UInt64, until done: () -> Bool = { false }) {
        let end = Clock.monotonic() + milliseconds * 1_000_000
        while Clock.monotonic() < end, !done() { TimerQueue.shared.runExpired() }
    }

    func take(_ signal: Int32) -> Siginfo? { task.dequeueSignal(SignalSet(signal)) }
    func handle(_ signal: Int32) { process.handlers[signal] = Sigaction(handler: 0x1000) }
    func block(_ signal: Int32) { task.blocked.insert(signal) }
}

extension Sigaction {
    init(handler: UInt64) {
        self.init()
        self.handler = handler
    }
}

/// The errno that a call throws; nil if it throws none.
func failure(_ body: () throws(Errno) -> Void) -> Errno? {
    do throws(Errno) { try body() } catch { return error }
    return nil
}
