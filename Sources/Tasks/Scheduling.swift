// Scheduling as programs see it, sched(7). The host's scheduler runs the threads as it sees fit: policies, priorities
// and nice values are kept, checked and inherited as on Linux, but have no effect.

import KernelBase
import LinuxABI
import Machine

/// What sched_setattr(2) and its relatives ask for.
public struct SchedulingRequest {
    /// nil: as it is.
    public var policy: Int32?
    public var flags: UInt64 = 0
    public var nice: Int32
    public var priority: UInt32
    public var deadline = DeadlineParameters()
    public init(policy: Int32?, nice: Int32, priority: UInt32) {
        self.policy = policy
        self.nice = nice
        self.priority = priority
    }
}

/// What SCHED_DEADLINE is told, in nanoseconds.
public struct DeadlineParameters {
    public var runtime: UInt64 = 0
    public var deadline: UInt64 = 0
    public var period: UInt64 = 0
    /// SCHED_FLAG_RECLAIM and SCHED_FLAG_DL_OVERRUN.
    public var flags: UInt64 = 0
    public init() {}

    /// Whether these can be had at all: at least a microsecond or so of runtime, which fits the deadline, which fits the period
    /// of 100 microseconds to 4.2 seconds. No period is the deadline.
    mutating func normalize() -> Bool {
        if period == 0 { period = deadline }
        return runtime >= 1024 && runtime <= deadline && deadline <= period && period >= 100_000 && period <= 4_194_304_000
    }
}

/// Policies and their numbers.
public enum Scheduling {
    @inline(__always) public static func isRealTime(_ policy: Int32) -> Bool { policy == SCHED_FIFO || policy == SCHED_RR }
    static func isFair(_ policy: Int32) -> Bool { policy == SCHED_OTHER || policy == SCHED_BATCH }
    static func exists(_ policy: Int32) -> Bool { isFair(policy) || isRealTime(policy) || policy == SCHED_IDLE || policy == SCHED_DEADLINE }

    /// sched_get_priority_min(2) and _max(2). `EINVAL` for an unknown policy.
    public static func priorities(_ policy: Int32) throws(Errno) -> ClosedRange<Int> {
        if isRealTime(policy) { return 1...99 }
        guard exists(policy) || policy == SCHED_EXT else { throw .EINVAL }
        return 0...0
    }

    /// All flags of sched_setattr(2).
    static var flags: UInt64 { 0x7f }

    /// The slice of a fair task in nanoseconds, by the number of processors.
    public static var slice: UInt64 {
        let count = min(max(1, SystemState.shared.processors), 8)
        return 700_000 &* (1 &+ UInt64(31 &- count.leadingZeroBitCount))
    }
}

extension Task {
    public var policy: Int32 { Int32(bitPattern: schedulingPolicy) }

    /// Whether both have the same owner, as scheduling calls see it.
    private func owns(_ target: Task) -> Bool {
        credentials.euid == target.credentials.euid || credentials.euid == target.credentials.uid
    }
    private var mayRaise: Bool { credentials.has(Int(CAP_SYS_NICE)) }

    /// RLIMIT_NICE allows this value.
    private func limitAllows(nice: Int32) -> Bool { UInt64(20 &- max(-20, min(19, nice))) <= process.limit(Int(RLIMIT_NICE)) }

    /// sched_setscheduler(2), sched_setparam(2), sched_setattr(2) of `target` by this task.
    /// - Throws: `EINVAL`, `EPERM`, `EOPNOTSUPP`.
    public func schedule(_ target: Task, _ request: SchedulingRequest) throws(Errno) {
        let policy = request.policy ?? target.policy
        let resets = request.policy == nil ? target.resetOnFork : request.flags & SCHED_FLAG_RESET_ON_FORK != 0
        guard Scheduling.exists(policy), request.flags & ~Scheduling.flags == 0, request.priority <= 99,
              Scheduling.isRealTime(policy) == (request.priority != 0) else { throw .EINVAL }
        var deadline = request.deadline
        if policy == SCHED_DEADLINE, !deadline.normalize() { throw .EINVAL }
        if policy == SCHED_DEADLINE, !mayRaise || target.affinity != SystemState.shared.processorSet { throw .EPERM }
        if !mayRaise, !isHarmless(target, policy, request, resets) { throw .EPERM }
        if request.flags & (SCHED_FLAG_UTIL_CLAMP_MIN | SCHED_FLAG_UTIL_CLAMP_MAX) != 0 { throw .EOPNOTSUPP }
        target.resetOnFork = resets
        if request.flags & SCHED_FLAG_KEEP_PARAMS != 0 && request.policy == nil { return }
        target.schedulingPolicy = UInt32(bitPattern: policy)
        target.schedulingPriority = Int32(request.priority)
        deadline.flags = request.flags & (SCHED_FLAG_RECLAIM | SCHED_FLAG_DL_OVERRUN)
        target.deadline = policy == SCHED_DEADLINE ? deadline : nil
        if Scheduling.isFair(policy) { target.nice = max(-20, min(19, request.nice)) }
    }

    /// Whether a change needs no privilege.
    private func isHarmless(_ target: Task, _ policy: Int32, _ request: SchedulingRequest, _ resets: Bool) -> Bool {
        if Scheduling.isFair(policy), request.nice < target.nice, !target.limitAllows(nice: request.nice) { return false }
        if Scheduling.isRealTime(policy) {
            let limit = target.process.limit(Int(RLIMIT_RTPRIO))
            if policy != target.policy, limit == 0 { return false }
            if Int32(request.priority) > target.schedulingPriority, UInt64(request.priority) > limit { return false }
        }
        if target.policy == SCHED_IDLE, policy != SCHED_IDLE, !target.limitAllows(nice: target.nice) { return false }
        if target.resetOnFork && !resets { return false }
        return owns(target)
    }

    /// setpriority(2) of one task.
    /// - Throws: `EPERM`, `EACCES`.
    public func setNice(of target: Task, _ value: Int32) throws(Errno) {
        let mine = credentials, theirs = target.credentials
        guard theirs.uid == mine.euid || theirs.euid == mine.euid || mayRaise else { throw .EPERM }
        if value < target.nice, !target.limitAllows(nice: value), !mayRaise { throw .EACCES }
        target.nice = value
    }

    /// sched_setaffinity(2): the processors `target` may use, of those the sandbox has.
    /// - Throws: `EPERM`; `EINVAL` if none of them is there.
    public func setAffinity(of target: Task, _ wanted: [UInt64]) throws(Errno) {
        guard owns(target) || mayRaise else { throw .EPERM }
        var set = SystemState.shared.processorSet
        var isEmpty = true
        for index in set.indices {
            set[index] &= index < wanted.count ? wanted[index] : 0
            if set[index] != 0 { isEmpty = false }
        }
        if isEmpty { throw .EINVAL }
        target.affinity = set
        // A thread of the host can only be moved by itself: another one keeps its processors until it forks.
        if target === self { try? Host.setAffinity(set) }
    }

    /// The I/O priority that counts: where none was set it follows from policy and nice value.
    public var effectiveIOPriority: Int32 {
        if ioPriority >> IOPRIO_CLASS_SHIFT != IOPRIO_CLASS_NONE { return ioPriority }
        let level = (nice &+ 20) / 5
        if policy == SCHED_IDLE { return IOPRIO_CLASS_IDLE << IOPRIO_CLASS_SHIFT }
        return (Scheduling.isRealTime(policy) ? IOPRIO_CLASS_RT : IOPRIO_CLASS_BE) << IOPRIO_CLASS_SHIFT | level
    }

    /// ioprio_set(2) of one task. `EPERM`.
    public func setIOPriority(of target: Task, _ value: Int32) throws(Errno) {
        let mine = credentials, theirs = target.credentials
        guard theirs.uid == mine.euid || theirs.uid == mine.uid || mayRaise else { throw .EPERM }
        target.ioPriority = value & 0xffff
    }
}

/// Whom getpriority(2) and ioprio_get(2) are about.
public enum PrioritySubject {
    case task, group, user
}

extension Task {
    /// The tasks of a subject; `who` 0 is the calling one. Empty if there are none.
    public func tasks(_ subject: PrioritySubject, _ who: Int32) -> [Task] {
        let table = TaskTable.shared
        var found: [Task] = []
        switch subject {
        case .task: if let task = who == 0 ? self : table.task(who) { found.append(task) }
        case .group:
            guard let group = who == 0 ? process.group : table.group(who) else { return [] }
            for member in group.members { found.append(contentsOf: member.threads.filter { !$0.isExiting }) }
        case .user:
            let uid = who == 0 ? credentials.uid : UInt32(bitPattern: who)
            for other in table.allProcesses {
                found.append(contentsOf: other.threads.filter { !$0.isExiting && $0.credentials.uid == uid })
            }
        }
        return found
    }
}
