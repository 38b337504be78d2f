import KernelBase
import LinuxABI
import Machine
import Tasks

extension SyscallContext {
    /// The value of a clock in nanoseconds. `EINVAL` for an unknown one.
    func clockValue(_ id: Int32) throws(Errno) -> UInt64 {
        switch id {
        case CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_MONOTONIC_RAW, CLOCK_REALTIME_COARSE, CLOCK_MONOTONIC_COARSE,
             CLOCK_BOOTTIME, CLOCK_TAI:
            return Host.clock(id)
        // There is no clock that could wake the machine.
        case CLOCK_REALTIME_ALARM, CLOCK_BOOTTIME_ALARM: throw .EINVAL
        case CLOCK_PROCESS_CPUTIME_ID: return process.cpuClock()
        case CLOCK_THREAD_CPUTIME_ID: return task.cpuClock()
        default:
            guard id < 0 else { throw .EINVAL }
            return try cpuClock(id)
        }
    }

    /// Clocks of other processes and threads: ~id << 3 | per-thread 4 | kind.
    private func cpuClock(_ id: Int32) throws(Errno) -> UInt64 {
        guard id & 7 != 7, id & 3 != 3 else { throw .EINVAL }
        let pid = ~(id >> 3)
        let isThread = id & 4 != 0
        if pid == 0 { return isThread ? task.cpuClock() : process.cpuClock() }
        guard let target = TaskTable.shared.task(pid) else { throw .EINVAL }
        if isThread {
            guard target.process === process else { throw .EINVAL }
            return target.cpuClock()
        }
        guard target.isLeader else { throw .EINVAL }
        // Of one that has ended its host process is gone too.
        if target.process.state == .zombie { return target.process.times.user &+ target.process.times.system }
        return target.process.cpuClock()
    }

    private func store(_ nanoseconds: UInt64, at address: UInt) throws(Errno) {
        try UserMemory.store(Timespec(seconds: Int64(nanoseconds / 1_000_000_000), nanoseconds: Int64(nanoseconds % 1_000_000_000)), at: address)
    }

    func sysClockGettime() throws(Errno) -> Int {
        try store(try clockValue(i0), at: a1)
        return 0
    }

    func sysClockGetres() throws(Errno) -> Int {
        _ = try clockValue(i0)
        let coarse = i0 == CLOCK_REALTIME_COARSE || i0 == CLOCK_MONOTONIC_COARSE
        if a1 != 0 { try store(coarse ? 4_000_000 : 1, at: a1) }
        return 0
    }

    /// The time is the host's: nobody in the sandbox sets it.
    func sysClockSettime() throws(Errno) -> Int {
        guard i0 == CLOCK_REALTIME else { throw .EINVAL }
        _ = try nanoseconds(at: a1)
        throw .EPERM
    }

    func sysGettimeofday() throws(Errno) -> Int {
        let now = Clock.realtime()
        if a0 != 0 {
            try UserMemory.store(Timeval(seconds: Int64(now / 1_000_000_000), microseconds: Int64(now % 1_000_000_000 / 1000)), at: a0)
        }
        if a1 != 0 { try UserMemory.store(UInt64(0), at: a1) }
        return 0
    }

    func sysTime() throws(Errno) -> Int {
        let seconds = Clock.realtime() / 1_000_000_000
        if a0 != 0 { try UserMemory.store(seconds, at: a0) }
        return Int(seconds)
    }

    func sysNanosleep() throws(Errno) -> Int {
        let length = try nanoseconds(at: a0)
        return try SyscallContext.sleep(task, until: Clock.deadline(after: length), remainingAt: a1)
    }

    func sysClockNanosleep() throws(Errno) -> Int {
        let clock = i0
        var isOnCPU = false
        switch clock {
        case CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_BOOTTIME, CLOCK_TAI: break
        case CLOCK_REALTIME_ALARM, CLOCK_BOOTTIME_ALARM:
            _ = try nanoseconds(at: a2)
            throw credentials.has(35) ? Errno(95) : .EPERM
        case CLOCK_PROCESS_CPUTIME_ID: isOnCPU = true
        case CLOCK_THREAD_CPUTIME_ID: throw .EOPNOTSUPP
        case CLOCK_MONOTONIC_RAW, CLOCK_REALTIME_COARSE, CLOCK_MONOTONIC_COARSE: throw Errno(95)
        default:
            if clock < 0 { _ = try nanoseconds(at: a2) }
            _ = try clockValue(clock)
            // Nobody can wait for his own time.
            if clock & 4 != 0, clock >> 3 == -1 || ~(clock >> 3) == task.tid { throw .EINVAL }
            isOnCPU = true
        }
        let time = try nanoseconds(at: a2)
        let isAbsolute = u1 & 1 != 0
        if isOnCPU {
            let end = isAbsolute ? time : try clockValue(clock).addingReportingOverflow(time).partialValue
            return try SyscallContext.sleep(task, onCPU: clock, until: end, isAbsolute: isAbsolute, remainingAt: a3)
        }
        if !isAbsolute { return try SyscallContext.sleep(task, until: Clock.deadline(after: time), remainingAt: a3) }
        let now = try clockValue(clock)
        let deadline = time <= now ? Clock.monotonic() : Clock.deadline(after: time &- now)
        do throws(Errno) {
            _ = try Sleep.until(deadline)
        } catch {
            throw .ERESTARTNOHAND
        }
        return 0
    }

    /// Sleeps until a clock of processor time says `end`. The host counts that time, so it is looked at again and again, at the
    /// soonest moment at which it can have come, but not more often than Linux's tick does.
    private static func sleep(
        _ task: Task, onCPU clock: Int32, until end: UInt64, isAbsolute: Bool, remainingAt address: UInt
    ) throws(Errno) -> Int {
        let context = SyscallContext(task: task)
        let tick: UInt64 = 4_000_000, speed = UInt64(max(1, SystemState.shared.processors))
        while true {
            // One that has ended gets no more time: Linux gives up too.
            let now = try context.clockValue(clock)
            guard now < end else { return 0 }
            do throws(Errno) {
                _ = try Sleep.until(Clock.deadline(after: max(tick, (end &- now) / speed)))
            } catch {
                if isAbsolute { throw .ERESTARTNOHAND }
                let now = try context.clockValue(clock)
                guard now < end else { return 0 }
                if address != 0 { try context.store(end &- now, at: address) }
                task.restart = RestartBlock { (task) throws(Errno) in
                    try sleep(task, onCPU: clock, until: end, isAbsolute: false, remainingAt: address)
                }
                throw .ERESTART_RESTARTBLOCK
            }
        }
    }

    /// Sleeps; interrupted, the time that is left is stored and restart_syscall goes on.
    private static func sleep(_ task: Task, until deadline: UInt64, remainingAt address: UInt) throws(Errno) -> Int {
        do throws(Errno) {
            _ = try Sleep.until(deadline)
            return 0
        } catch {
            let now = Clock.monotonic()
            guard deadline > now else { return 0 }
            if address != 0 {
                let left = deadline &- now
                try UserMemory.store(Timespec(seconds: Int64(left / 1_000_000_000), nanoseconds: Int64(left % 1_000_000_000)), at: address)
            }
            task.restart = RestartBlock { (task) throws(Errno) in try sleep(task, until: deadline, remainingAt: address) }
            throw .ERESTART_RESTARTBLOCK
        }
    }

    func sysTimes() throws(Errno) -> Int {
        if a0 != 0 {
            let own = CPUTimes.ofHostProcess()
            let tick: UInt64 = 10_000_000
            try UserMemory.store(own.user / tick, at: a0)
            try UserMemory.store(own.system / tick, at: a0 &+ 8)
            try UserMemory.store(process.childrenTimes.user / tick, at: a0 &+ 16)
            try UserMemory.store(process.childrenTimes.system / tick, at: a0 &+ 24)
        }
        return Int(Clock.boottime() / 10_000_000)
    }

    func sysGetrusage() throws(Errno) -> Int {
        let times: CPUTimes
        switch i0 {
        case 0: times = CPUTimes.ofHostProcess()
        case -1: times = process.childrenTimes
        case 1:
            var own = CPUTimes.ofHostProcess()
            own.user = task.cpuClock()
            own.system = 0
            times = own
        default: throw .EINVAL
        }
        try UserMemory.store(times.rusage, at: a1)
        return 0
    }
}
