import IPC
import KernelBase
import LinuxABI
import Machine
import Memory
import VFS

/// A thread of a guest: what Linux calls a task.
///
/// Each runs on one host thread (``slot``), except for the child of a vfork, which borrows its
/// parent's until it executes a program or ends.
public final class Task {
    /// Changes only when a thread that is not the leader executes a program.
    public internal(set) var tid: Int32 { didSet { identify() } }
    public let process: Process
    /// The host thread this task runs on.
    public var slot: ThreadSlot

    public var credentials: Credentials
    public var files: FileTable
    public var fs: FSContext
    /// The name in /proc/PID/comm: at most 15 bytes.
    public var name: Bytes { didSet { identify() } }

    // --- signals; see Signals.swift ---
    public var blocked = SignalSet.empty
    /// The mask to restore after a call that replaced it for its duration (sigsuspend, ppoll...).
    public var savedMask: SignalSet?
    public var pending = PendingSignals()
    public var alternateStack = StackT(sp: 0, flags: UInt32(SS_DISABLE), size: 0)
    /// What restart_syscall(2) goes on with.
    public var restart: RestartBlock?
    /// Signals that sigtimedwait(2) is waiting for: they wake the task though blocked.
    public var waitingFor = SignalSet.empty
    /// What was blocked before that wait unblocked it: such a signal does not end the process.
    var blockedBeforeWait = SignalSet.empty

    /// What the last trap of this thread was, for signal frames.
    var lastTrap = Trap.none
    /// The thread waits in a group stop.
    var isStopped = false

    // --- life ---
    public var isExiting = false
    /// The task ends with this wait status (if it is its process's last) when it leaves the kernel.
    var exitRequest: Int32?
    /// clone(2) CLONE_CHILD_CLEARTID, set_tid_address(2): cleared, and woken as a futex, at exit.
    public var clearChildTID: UInt = 0
    public var robustList: UInt = 0
    /// The owner of the priority-inheritance futex this task waits for.
    var waitsForOwner: Task?
    public var parentDeathSignal: Int32 = 0
    /// The task whose host thread this vfork child runs on.
    public var vforkParent: VforkSuspension?
    /// Called when a vfork child lets go of its parent's memory.
    public var vforkDone: WaitQueue?
    /// What a new host thread does first, before it enters the guest.
    public var start: ((Task) -> Void)?
    /// The %gs base the guest has claimed before a fork.
    var inheritedGS: UInt = 0
    /// CLONE_CHILD_SETTID: where the child stores its tid when it starts.
    var setTIDAddress: UInt = 0

    /// What is left of a task that goes on in another host process: a host thread that is to end.
    var isRemains = false
    /// The task has left its old memory and has no new one yet: it runs in a host process that is not its memory's.
    var isBetweenPrograms = false

    // --- accounting and scheduling, as far as programs can see them ---
    public let startTime: UInt64
    public var nice: Int32 = 0
    public var schedulingPolicy: UInt32 = 0
    public var schedulingPriority: Int32 = 0
    public var resetOnFork = false
    /// Of SCHED_DEADLINE.
    public internal(set) var deadline: DeadlineParameters?
    public var affinity: [UInt64]
    public var noNewPrivileges = false
    /// SECCOMP_MODE_*: whether calls of this task go through ``intercept(_:_:)``.
    public internal(set) var seccompMode: UInt32 = 0
    public internal(set) var seccompFilter: SeccompFilter?
    public var timerSlack: UInt64 = 50_000
    /// What PR_SET_TIMERSLACK goes back to: the value of the thread that made this one.
    public var defaultTimerSlack: UInt64 = 50_000
    /// ioprio_set(2): class and level; kept, for the host schedules all I/O.
    public var ioPriority: Int32 = 0
    /// SEM_UNDO adjustments, shared by CLONE_SYSVSEM; made when first needed.
    public internal(set) var undoList: SemaphoreUndoList?
    /// rseq(2) registration.
    public var rseqAddress: UInt = 0, rseqLength: UInt = 0, rseqSignature: UInt32 = 0

    /// What its calls have moved, /proc/PID/io.
    public var io = IOCounters()
    /// Its host thread is lent to a vfork child.
    public var isLent: Bool { slot.isLent(by: self) }
    /// The call it makes has no handler; looked at when calls are traced.
    public var callHasNoHandler = false

    public init(tid: Int32, process: Process, slot: ThreadSlot, credentials: Credentials, files: FileTable,
                fs: FSContext, name: Bytes, affinity: [UInt64]) {
        self.tid = tid
        self.process = process
        self.slot = slot
        self.credentials = credentials
        self.files = files
        self.fs = fs
        self.name = name
        self.affinity = affinity
        startTime = Clock.boottime()
    }

    /// The task that the calling thread runs.
    @inline(__always)
    public static var current: Task { ThreadSlot.currentObject(Task.self) }

    public var isLeader: Bool { tid == process.pid }

    @inline(__always)
    public var memory: AddressSpace { process.memory }
}

/// A thread group: what programs call a process.
public final class Process {
    public let pid: Int32
    /// CLOCK_BOOTTIME when it was made. With the pid it is unique: a pid may be used again.
    public let startTime: UInt64
    public internal(set) var parent: Process?
    /// The thread that made it: its death sends the parent-death signal.
    public internal(set) var parentTask: Task?
    public internal(set) var children: [Process] = []
    public internal(set) var threads: [Task] = []
    public internal(set) var group: ProcessGroup
    public var session: Session { group.session }
    /// The session's terminal, if it has one, is this process's too. A process can let it go for itself.
    public var hasTerminal = false
    /// The controlling terminal.
    public var terminal: ControllingTerminal? { hasTerminal ? session.terminal : nil }

    public var memory: AddressSpace
    public var handlers: SignalHandlers
    public var sharedPending = PendingSignals()

    /// Sent to the parent when the process ends; SIGCHLD for fork.
    public var exitSignal: Int32 = 17

    public enum State { case running, stopped, zombie, dead }
    public internal(set) var state = State.running
    /// Set once the process is to end: its wait status.
    public internal(set) var groupExit: Int32?
    /// Of threads that have ended and children that were waited for.
    var endedIO = IOCounters()
    /// The wait status of a zombie.
    public internal(set) var exitStatus: Int32 = 0
    /// The signal that stopped it, until it is reported by wait.
    var stopReport: Int32 = 0
    var stopSignal: Int32 = 0
    var continueReport = false
    /// Threads that still have to stop for a pending group stop.
    var stopPending = false
    /// The stopped threads sleep here.
    let stopQueue = WaitQueue()
    /// Waits for changes of children: wait4 and friends.
    public let childEvents = WaitQueue()
    /// Waits for the end of this process: pidfds.
    public let exitEvents = WaitQueue()
    /// Waits for the number of threads to change: de-threading in exec, the leader's exit.
    let threadEvents = WaitQueue()
    /// The thread that is executing a new program while the others end.
    var executing: Task?

    public var isSubreaper = false
    var hasSubreaperAncestor = false
    public internal(set) var hasExecuted = false
    public var dumpable: UInt32 = 1
    public var personality: UInt32 = 0
    /// PR_SET_THP_DISABLE
    public var hugePagesDisabled = false
    public var limits: [Rlimit]
    /// Times of children that were waited for, and of this process at its end.
    public var childrenTimes = CPUTimes()
    public var times = CPUTimes()
    /// nil as long as none was needed; see ``requireTimers()``.
    public internal(set) var timers: ProcessTimers?
    /// The host process (thread group) of its threads.
    public internal(set) var hostProcess: Int32 = 0
    /// What that had used before it came to this process.
    var usedBefore = HostUse()
    /// It has had more than one thread.
    var hadThreads = false
    /// The real user of the last thread, for the siginfo of a zombie.
    var lastUID: UInt32 = 0
    /// signalfds that look at this process's signals.
    public let signalEvents = WaitQueue()
    /// core_pattern-less core dumps never happen, but the bit is reported.
    public internal(set) var oomScoreAdjust: Int32 = 0
    /// The lowest value that a privileged process has given it: down to there it needs no privilege.
    public internal(set) var leastOOMScoreAdjust: Int32 = 0
    /// /proc/PID/loginuid and sessionid; all ones: not set.
    public internal(set) var loginUser: UInt32 = .max, auditSession: UInt32 = .max
    /// /proc/PID/coredump_filter; kept, though nothing is ever dumped.
    public var coredumpFilter: UInt32 = 0x33

    init(pid: Int32, parent: Process?, group: ProcessGroup, memory: AddressSpace, handlers: SignalHandlers, limits: [Rlimit]) {
        self.pid = pid
        startTime = Clock.boottime()
        self.parent = parent
        self.group = group
        self.memory = memory
        self.handlers = handlers
        self.limits = limits
    }

    /// Another process has the same handlers (CLONE_SIGHAND).
    var sharesHandlers: Bool {
        for other in TaskTable.shared.allProcesses where other !== self && other.handlers === handlers { return true }
        return false
    }

    /// For unshare(2) and its like.
    public var sharesHandlersWithOthers: Bool { sharesHandlers }

    /// prctl(2) PR_SET_CHILD_SUBREAPER: orphans among the descendants become children of this process.
    public func setSubreaper(_ value: Bool) {
        isSubreaper = value
        guard value else { return }
        // Descendants that are there already look for it as well.
        var left = children
        while let process = left.popLast() {
            if process.hasSubreaperAncestor { continue }
            process.hasSubreaperAncestor = true
            left.append(contentsOf: process.children)
        }
    }

    /// Writes /proc/PID/loginuid: the user who has logged in, and a number for the login.
    public func setLoginUser(_ uid: UInt32) {
        loginUser = uid
        auditSession = uid == .max ? .max : UInt32(bitPattern: session.id)
    }

    /// Sets /proc/PID/oom_score_adj.
    public func setOOMScoreAdjust(_ value: Int32, isPrivileged: Bool) {
        oomScoreAdjust = value
        if isPrivileged { leastOOMScoreAdjust = value }
    }

    /// What of the limits concerns memory.
    public var memoryLimits: MemoryLimits { MemoryLimits(limits) }

    /// The thread whose tid is the pid; it may have ended before the others.
    public var leader: Task? {
        for task in threads where task.tid == pid { return task }
        return nil
    }

    public var isInit: Bool { pid == 1 }

    @inline(__always)
    public func limit(_ resource: Int) -> UInt64 {
        resource >= 0 && resource < limits.count ? limits[resource].cur : .max
    }
}

extension CPUTimes {
    public mutating func add(_ other: CPUTimes) {
        user &+= other.user
        system &+= other.system
        maxResident = max(maxResident, other.maxResident)
        minorFaults &+= other.minorFaults
        majorFaults &+= other.majorFaults
        voluntarySwitches &+= other.voluntarySwitches
        involuntarySwitches &+= other.involuntarySwitches
    }
}

/// Where restart_syscall(2) continues.
public final class RestartBlock {
    public let resume: (Task) throws(Errno) -> Int
    public init(_ resume: @escaping (Task) throws(Errno) -> Int) { self.resume = resume }
}

/// A parent that waits, without its host thread, for its vfork child.
public final class VforkSuspension {
    let parent: Task
    let registers: Registers
    let fsBase: UInt, gsBase: UInt
    init(parent: Task, registers: Registers, fsBase: UInt, gsBase: UInt) {
        self.parent = parent
        self.registers = registers
        self.fsBase = fsBase
        self.gsBase = gsBase
    }
}

extension Process {
    /// Tells signalfds that a signal came.
    func notifySignalFDs(_ signal: Int32) { signalEvents.wakeAll(1) }
}
