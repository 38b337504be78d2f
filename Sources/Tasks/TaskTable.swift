import KernelBase
import LinuxABI
import Machine

/// Pids, and what they name.
public final class TaskTable {
    /// As Linux's default pid_max on small machines.
    public static var pidLimit: Int32 { 32768 }

    private var tasks: [Task?] = Array(repeating: nil, count: 4096)
    /// Processes by pid, as long as they have not been waited for.
    private var processes: [Process?] = Array(repeating: nil, count: 4096)
    /// A bit for each pid that ``processes`` has, so that a listing need not look at all numbers.
    private var pidBits: [UInt64] = Array(repeating: 0, count: Int(TaskTable.pidLimit) / 64)
    private var groups = HashTable<Int32, ProcessGroup>()
    private var sessions = HashTable<Int32, Session>()
    /// The last number given out.
    /// The number given last; the next is above it. /proc/sys/kernel/ns_last_pid.
    public var lastPID: Int32 = 0
    /// Tasks ever made.
    public private(set) var totalTasks: UInt = 0
    public private(set) var taskCount = 0
    /// Most tasks the sandbox may have.
    public var taskLimit = 7000
    /// All processes that have not been reaped, in the order of their making.
    public private(set) var allProcesses: [Process] = []

    public init() {}

    @inline(__always)
    public static var shared: TaskTable { tasksRoot.object }

    public func task(_ tid: Int32) -> Task? {
        tid > 0 && Int(tid) < tasks.count ? tasks[Int(tid)] : nil
    }
    public func process(_ pid: Int32) -> Process? {
        pid > 0 && Int(pid) < processes.count ? processes[Int(pid)] : nil
    }
    /// The process with the lowest pid that is at least `pid`, or nil.
    public func process(from pid: Int) -> Process? {
        var index = max(0, pid)
        while index < Int(TaskTable.pidLimit) {
            let rest = pidBits[index >> 6] >> UInt64(index & 63)
            if rest != 0 { return process(Int32(truncatingIfNeeded: index &+ rest.trailingZeroBitCount)) }
            index = (index | 63) &+ 1
        }
        return nil
    }
    public func group(_ id: Int32) -> ProcessGroup? { groups[id] }
    public func session(_ id: Int32) -> Session? { sessions[id] }

    /// The next free number, cyclic as on Linux: a number is not used again soon.
    /// - Throws: `EAGAIN` when the sandbox has as many tasks as it may have.
    func allocatePID() throws(Errno) -> Int32 {
        guard taskCount < taskLimit else { throw .EAGAIN }
        var pid = lastPID
        for _ in 0..<TaskTable.pidLimit {
            pid = pid >= TaskTable.pidLimit - 1 ? 300 : pid + 1
            if Int(pid) >= tasks.count {
                let grown = min(Int(TaskTable.pidLimit), tasks.count * 2)
                tasks.append(contentsOf: Array(repeating: nil, count: grown - tasks.count))
                processes.append(contentsOf: Array(repeating: nil, count: grown - processes.count))
            }
            if tasks[Int(pid)] == nil, processes[Int(pid)] == nil, groups[pid] == nil, sessions[pid] == nil {
                lastPID = pid
                return pid
            }
        }
        throw .EAGAIN
    }

    func insert(_ task: Task) {
        tasks[Int(task.tid)] = task
        taskCount += 1
        totalTasks &+= 1
    }
    func remove(_ task: Task) {
        guard tasks[Int(task.tid)] === task else { return }
        tasks[Int(task.tid)] = nil
        taskCount -= 1
    }
    /// exec by a thread that is not the leader: it takes over the leader's number.
    func replace(_ tid: Int32, with task: Task) { tasks[Int(tid)] = task }

    func insert(_ process: Process) {
        processes[Int(process.pid)] = process
        pidBits[Int(process.pid) >> 6] |= 1 << UInt64(process.pid & 63)
        allProcesses.append(process)
    }
    func remove(_ process: Process) {
        processes[Int(process.pid)] = nil
        pidBits[Int(process.pid) >> 6] &= ~(1 << UInt64(process.pid & 63))
        var index = allProcesses.count
        while index > 0 {
            index -= 1
            if allProcesses[index] === process {
                allProcesses.remove(at: index)
                return
            }
        }
    }

    func insert(_ group: ProcessGroup) { groups[group.id] = group }
    func remove(_ group: ProcessGroup) { groups[group.id] = nil }
    func insert(_ session: Session) { sessions[session.id] = session }
    func remove(_ session: Session) { sessions[session.id] = nil }
}

public let tasksRoot = Root<TaskTable>(2)

/// A process group: a job.
public final class ProcessGroup {
    public let id: Int32
    public let session: Session
    public internal(set) var members: [Process] = []

    init(id: Int32, session: Session) {
        self.id = id
        self.session = session
    }

    func add(_ process: Process) {
        members.append(process)
        process.group = self
    }

    func remove(_ process: Process) {
        for index in members.indices where members[index] === process {
            members.remove(at: index)
            break
        }
        if members.isEmpty {
            TaskTable.shared.remove(self)
            session.groupEnded(self)
        }
    }

    /// No member has a parent in another group of the same session: nobody could continue it after a stop.
    public func isOrphaned(ignoring leaving: Process? = nil) -> Bool {
        for process in members where process !== leaving && process.state != .zombie && process.state != .dead {
            if let parent = process.parent, !parent.isInit, parent.group !== self, parent.session === session { return false }
        }
        return true
    }

    public var hasStoppedMembers: Bool {
        for process in members where process.state == .stopped { return true }
        return false
    }

    /// Sends a signal to all members, without permission checks (terminals, the kernel itself).
    public func signal(_ number: Int32, _ info: Siginfo? = nil) {
        for process in members {
            process.send(number, info ?? Siginfo(signo: number, code: SI_KERNEL))
        }
    }
}

/// A login session: groups that share a controlling terminal.
public final class Session {
    public let id: Int32
    public internal(set) var leader: Process?
    public var terminal: ControllingTerminal?
    /// What was in the foreground when the terminal hung up, until the leader ends.
    public var formerForeground: ProcessGroup?
    private var groupCount = 0

    init(id: Int32, leader: Process?) {
        self.id = id
        self.leader = leader
    }

    func groupStarted() { groupCount += 1 }
    func groupEnded(_ group: ProcessGroup) {
        groupCount -= 1
        if terminal?.foregroundGroup === group { terminal?.foregroundGroup = nil }
        if groupCount == 0 { TaskTable.shared.remove(self) }
    }
}

/// A terminal as the session sees it; Terminals makes the real one.
open class ControllingTerminal {
    public final var foregroundGroup: ProcessGroup?
    public init() {}
    /// The session's leader has ended: hang up (SIGHUP and SIGCONT to the foreground group have been sent).
    open func sessionEnded(_ session: Session) {}
    /// Device number, for /proc/PID/stat.
    open var deviceNumber: UInt64 { 0 }
}
