// What host processes and threads have used, as far as it was for the guest's.

import LinuxABI
import Machine
import Memory

/// What a host process had used before it came to a guest process: nothing, unless another one has ended in it.
public struct HostUse {
    var times = CPUTimes()
    private var profile: UInt64 = 0, user: UInt64 = 0, exact: UInt64 = 0

    public init() {}

    /// Of the calling host process, which has only one thread and never had another: its clocks are the process's.
    static func now() -> HostUse {
        var use = HostUse()
        use.times = Host.usage()
        use.profile = Host.clock(~0 << 3 | CPUCLOCK_PROF)
        use.user = Host.clock(~0 << 3 | CPUCLOCK_VIRT)
        use.exact = Host.clock(CLOCK_PROCESS_CPUTIME_ID)
        return use
    }

    /// - Parameter kind: CPUCLOCK_PROF, CPUCLOCK_VIRT or CPUCLOCK_SCHED.
    func clock(_ kind: Int32) -> UInt64 {
        switch kind {
        case CPUCLOCK_PROF: profile
        case CPUCLOCK_VIRT: user
        default: exact
        }
    }
}

extension Process {
    /// A clock of its host process, in nanoseconds since that came to it. A vfork child has its parent's.
    /// - Parameter kind: CPUCLOCK_PROF, CPUCLOCK_VIRT or CPUCLOCK_SCHED.
    public func cpuClock(_ kind: Int32 = CPUCLOCK_SCHED) -> UInt64 {
        let now = Host.clock(~hostProcess << 3 | kind), before = usedBefore.clock(kind)
        return now > before ? now &- before : 0
    }
}

extension Task {
    /// A clock of its host thread, in nanoseconds since that came to its process. The host tells only those of the
    /// caller's own process; others read as 0.
    /// - Parameter kind: as for ``Process/cpuClock(_:)``.
    public func cpuClock(_ kind: Int32 = CPUCLOCK_SCHED) -> UInt64 {
        let thread = slot.hostThread
        let now = Host.clock(~thread << 3 | CPUCLOCK_PERTHREAD_MASK | kind)
        let before = thread == process.hostProcess ? process.usedBefore.clock(kind) : 0
        return now > before ? now &- before : 0
    }
}

extension CPUTimes {
    /// What the calling thread's host process has used for the calling task's process so far.
    public static func ofHostProcess() -> CPUTimes {
        let process = Task.current.process, before = process.usedBefore.times
        var times = Host.usage()
        // The host keeps the largest size it has ever had. What cannot be told from an earlier program's is at most what is mapped.
        if before.maxResident > 0, times.maxResident <= before.maxResident {
            times.maxResident = min(times.maxResident, Int64(clamping: process.memory.peakPages) &* 4)
        }
        times.user &-= min(times.user, before.user)
        times.system &-= min(times.system, before.system)
        times.minorFaults &-= before.minorFaults
        times.majorFaults &-= before.majorFaults
        times.voluntarySwitches &-= before.voluntarySwitches
        times.involuntarySwitches &-= before.involuntarySwitches
        return times
    }
}
