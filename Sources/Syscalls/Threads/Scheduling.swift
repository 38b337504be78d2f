import KernelBase
import LinuxABI
import Machine
import Tasks

extension SyscallContext {
    /// sched_yield(2)
    func sysSchedYield() -> Int {
        KernelLock.dropped { Host.yield() }
        return 0
    }

    private func scheduled(_ pid: Int32) throws(Errno) -> Task {
        guard let target = pid == 0 ? task : TaskTable.shared.task(pid) else { throw .ESRCH }
        return target
    }

    // --- policies ---

    /// sched_setscheduler(2)
    func sysSchedSetscheduler() throws(Errno) -> Int {
        guard i1 >= 0 else { throw .EINVAL }
        return try setPolicy(i1 & ~SCHED_RESET_ON_FORK, flags: i1 & SCHED_RESET_ON_FORK != 0 ? SCHED_FLAG_RESET_ON_FORK : 0, parameterAt: a2)
    }

    /// sched_setparam(2)
    func sysSchedSetparam() throws(Errno) -> Int { try setPolicy(nil, flags: 0, parameterAt: a1) }

    private func setPolicy(_ policy: Int32?, flags: UInt64, parameterAt address: UInt) throws(Errno) -> Int {
        guard address != 0, i0 >= 0 else { throw .EINVAL }
        let priority = try UserMemory.load(UInt32.self, at: address)
        let target = try scheduled(i0)
        var request = SchedulingRequest(policy: policy, nice: target.nice, priority: priority)
        request.flags = flags
        try task.schedule(target, request)
        return 0
    }

    /// sched_getscheduler(2)
    func sysSchedGetscheduler() throws(Errno) -> Int {
        guard i0 >= 0 else { throw .EINVAL }
        let target = try scheduled(i0)
        return Int(target.policy | (target.resetOnFork ? SCHED_RESET_ON_FORK : 0))
    }

    /// sched_getparam(2)
    func sysSchedGetparam() throws(Errno) -> Int {
        guard a1 != 0, i0 >= 0 else { throw .EINVAL }
        try UserMemory.store(try scheduled(i0).schedulingPriority, at: a1)
        return 0
    }

    func sysSchedGetPriorityMax() throws(Errno) -> Int { try Scheduling.priorities(i0).upperBound }
    func sysSchedGetPriorityMin() throws(Errno) -> Int { try Scheduling.priorities(i0).lowerBound }

    /// sched_rr_get_interval(2)
    func sysSchedRrGetInterval() throws(Errno) -> Int {
        guard i0 >= 0 else { throw .EINVAL }
        let policy = try scheduled(i0).policy
        let slice = policy == SCHED_RR ? 100_000_000 : policy == SCHED_FIFO || policy == SCHED_DEADLINE ? 0 : Scheduling.slice
        try UserMemory.store(Timespec(total: Int64(slice)), at: a1)
        return 0
    }

    /// sched_setattr(2)
    func sysSchedSetattr() throws(Errno) -> Int {
        guard a1 != 0, i0 >= 0, u2 == 0 else { throw .EINVAL }
        let size = try UserMemory.load(UInt32.self, at: a1)
        let attributes: SchedAttr
        do throws(Errno) {
            guard size == 0 || size >= UInt32(SchedAttr.minimumSize) else { throw .E2BIG }
            attributes = try UserMemory.load(SchedAttr.self, size: size == 0 ? UInt(SchedAttr.minimumSize) : UInt(size), at: a1)
        } catch {
            // The caller learns what size is known.
            if error == .E2BIG { try UserMemory.store(UInt32(SchedAttr.size), at: a1) }
            throw error
        }
        if attributes.flags & (SCHED_FLAG_UTIL_CLAMP_MIN | SCHED_FLAG_UTIL_CLAMP_MAX) != 0, size < UInt32(SchedAttr.size) { throw .EINVAL }
        guard Int32(bitPattern: attributes.policy) >= 0 else { throw .EINVAL }
        let target = try scheduled(i0)
        let keeps = attributes.flags & SCHED_FLAG_KEEP_POLICY != 0
        var request = SchedulingRequest(policy: keeps ? nil : Int32(bitPattern: attributes.policy), nice: max(-20, min(19, attributes.nice)), priority: attributes.priority)
        request.flags = attributes.flags
        if attributes.flags & SCHED_FLAG_KEEP_PARAMS != 0 {
            request.nice = target.nice
            request.priority = UInt32(bitPattern: target.schedulingPriority)
        }
        request.deadline.runtime = attributes.runtime
        request.deadline.deadline = attributes.deadline
        request.deadline.period = attributes.period
        try task.schedule(target, request)
        return 0
    }

    /// sched_getattr(2)
    func sysSchedGetattr() throws(Errno) -> Int {
        guard a1 != 0, i0 >= 0, u3 == 0, u2 >= UInt32(SchedAttr.minimumSize), u2 <= 4096 else { throw .EINVAL }
        let target = try scheduled(i0)
        let size = min(Int(u2), SchedAttr.size)
        var attributes = SchedAttr()
        attributes.size = UInt32(size)
        attributes.policy = target.schedulingPolicy
        attributes.flags = target.resetOnFork ? SCHED_FLAG_RESET_ON_FORK : 0
        if Scheduling.isRealTime(target.policy) {
            attributes.priority = UInt32(bitPattern: target.schedulingPriority)
        } else if let deadline = target.deadline {
            attributes.flags |= deadline.flags
            attributes.runtime = deadline.runtime
            attributes.deadline = deadline.deadline
            attributes.period = deadline.period
        } else {
            attributes.nice = target.nice
            attributes.runtime = Scheduling.slice
        }
        try UserMemory.store(attributes, at: a1, size: size)
        // A newer caller finds zeros in what is not known here.
        if Int(u2) > size, UserMemory.clearPartly(Int(u2) - size, at: a1 &+ UInt(size)) != Int(u2) - size { throw .EFAULT }
        return 0
    }

    // --- processors ---

    /// sched_setaffinity(2)
    func sysSchedSetaffinity() throws(Errno) -> Int {
        let count = min(Int(u1), SystemState.shared.processorSet.count * 8)
        let bytes = try UserMemory.copyIn(count, from: a2)
        var words: [UInt64] = []
        for index in 0..<SystemState.shared.processorSet.count {
            var word: UInt64 = 0
            for byte in 0..<8 where index * 8 + byte < bytes.count { word |= UInt64(bytes[index * 8 + byte]) << UInt64(byte * 8) }
            words.append(word)
        }
        try task.setAffinity(of: try scheduled(i0), words)
        return 0
    }

    /// sched_getaffinity(2). - Returns: the bytes stored.
    func sysSchedGetaffinity() throws(Errno) -> Int {
        let all = SystemState.shared.processorSet
        // As far as there are processors; the rest of the set is shown if there is room.
        let needed = (all.lastIndex { $0 != 0 } ?? 0) &+ 1
        guard Int(u1) >= needed * 8, u1 & 7 == 0 else { throw .EINVAL }
        let words = min(Int(u1) / 8, all.count)
        let set = try scheduled(i0).affinity
        for index in 0..<words { try UserMemory.store(index < set.count ? set[index] : 0, at: a2 &+ UInt(index * 8)) }
        return words * 8
    }

    // --- nice values ---

    private func subject(_ which: Int32, first: Int32) throws(Errno) -> PrioritySubject {
        switch which &- first {
        case 0: return .task
        case 1: return .group
        case 2: return .user
        default: throw .EINVAL
        }
    }

    /// getpriority(2): 20 minus the lowest nice value.
    func sysGetpriority() throws(Errno) -> Int {
        let found = task.tasks(try subject(i0, first: PRIO_PROCESS), i1)
        guard let first = found.first else { throw .ESRCH }
        var best = first.nice
        for other in found { best = min(best, other.nice) }
        return 20 - Int(best)
    }

    /// setpriority(2)
    func sysSetpriority() throws(Errno) -> Int {
        let found = task.tasks(try subject(i0, first: PRIO_PROCESS), i1)
        guard !found.isEmpty else { throw .ESRCH }
        let value = max(-20, min(19, i2))
        var failure: Errno?
        for target in found {
            do throws(Errno) { try task.setNice(of: target, value) } catch { failure = error }
        }
        if let failure { throw failure }
        return 0
    }

    /// ioprio_get(2): for one task as it was set, for several the best.
    func sysIoprioGet() throws(Errno) -> Int {
        let subject = try subject(i0, first: IOPRIO_WHO_PROCESS)
        let found = task.tasks(subject, i1)
        guard let first = found.first else { throw .ESRCH }
        if subject == .task { return Int(first.ioPriority) }
        var best = first.effectiveIOPriority
        // A lower number is the higher priority: class first, then level.
        for other in found { best = min(best, other.effectiveIOPriority) }
        return Int(best)
    }

    /// ioprio_set(2)
    func sysIoprioSet() throws(Errno) -> Int {
        switch i2 >> IOPRIO_CLASS_SHIFT & 7 {
        case IOPRIO_CLASS_RT: guard credentials.has(Int(CAP_SYS_ADMIN)) || credentials.has(Int(CAP_SYS_NICE)) else { throw .EPERM }
        case IOPRIO_CLASS_BE, IOPRIO_CLASS_IDLE: break
        case IOPRIO_CLASS_NONE: guard i2 & 7 == 0 else { throw .EINVAL }
        default: throw .EINVAL
        }
        let found = task.tasks(try subject(i0, first: IOPRIO_WHO_PROCESS), i1)
        guard !found.isEmpty else { throw .ESRCH }
        for target in found { try task.setIOPriority(of: target, i2) }
        return 0
    }
}
