import KernelBase
import LinuxABI
import Machine
import Memory
import Tasks
import Terminals
import VFS

/// /proc/PID/stat.
enum ProcessStat {
    /// Units of times in stat: 1/100 s.
    static var tick: UInt64 { 10_000_000 }

    /// The letter of a task's state.
    static func state(_ task: Task) -> UInt8 {
        let process = task.process
        if process.state == .dead { return UInt8(ascii: "X") }
        if task.isExiting || process.state == .zombie { return UInt8(ascii: "Z") }
        if task === Task.current { return UInt8(ascii: "R") }
        if process.state == .stopped { return UInt8(ascii: "T") }
        // Pid 1 only ever waits.
        if process.isInit || task.vforkDone != nil && task.slot.isSleeping { return UInt8(ascii: "S") }
        return task.slot.isSleeping ? UInt8(ascii: "S") : UInt8(ascii: "R")
    }

    /// CPU time of a task, or of its process, in nanoseconds.
    static func times(_ task: Task, wholeProcess: Bool) -> (user: UInt64, system: UInt64) {
        let process = task.process
        var user: UInt64 = 0, system: UInt64 = 0
        if wholeProcess {
            user = process.times.user
            system = process.times.system
        }
        guard process.hostProcess > 0, task.hasMemory, task.vforkParent == nil else { return (user, system) }
        guard wholeProcess || task.slot.hostThread > 0 else { return (user, system) }
        func clock(_ kind: Int32) -> UInt64 { wholeProcess ? process.cpuClock(kind) : task.cpuClock(kind) }
        let total = max(clock(CPUCLOCK_SCHED), clock(CPUCLOCK_PROF))
        let inUser = min(total, clock(CPUCLOCK_VIRT))
        user &+= inUser
        system &+= total &- inUser
        return (user, system)
    }

    /// - Parameter wholeProcess: sums over all threads.
    static func text(_ task: Task, wholeProcess: Bool) -> Bytes {
        let process = task.process
        let mayLook = Task.current.mayInspect(task)
        let hasMemory = task.hasMemory
        let memory = process.memory
        let sizes = hasMemory ? memory.shownSizes(task) : AddressSpace.Sizes()
        let times = times(task, wholeProcess: wholeProcess)
        let terminal = process.terminal
        var text: Bytes = []
        text.reserveCapacity(320)
        text.append(decimal: Int(task.tid))
        text.append(" (")
        text.append(contentsOf: task.name)
        text.append(") ")
        text.append(state(task))

        func field(_ value: Int) {
            text.append(" ")
            text.append(decimal: value)
        }
        func unsigned(_ value: UInt) {
            text.append(" ")
            text.append(decimal: value)
        }
        field(Int(process.parent?.pid ?? 0))
        field(Int(process.group.id))
        field(Int(process.session.id))
        field(Int(Int32(truncatingIfNeeded: terminal?.deviceNumber ?? 0)))
        field(foreground(terminal))
        // PF_RANDOMIZE; PF_FORKNOEXEC; PF_KTHREAD
        unsigned(process.isInit ? 0x200040 : process.hasExecuted ? 0x400000 : 0x400040)
        let faults = wholeProcess && process === Task.current.process ? CPUTimes.ofHostProcess() : process.times
        field(Int(faults.minorFaults))
        field(wholeProcess ? Int(process.childrenTimes.minorFaults) : 0)
        field(Int(faults.majorFaults))
        field(wholeProcess ? Int(process.childrenTimes.majorFaults) : 0)
        unsigned(UInt(times.user / tick))
        unsigned(UInt(times.system / tick))
        unsigned(wholeProcess ? UInt(process.childrenTimes.user / tick) : 0)
        unsigned(wholeProcess ? UInt(process.childrenTimes.system / tick) : 0)
        field(priority(task))
        field(Int(task.nice))
        field(process.threads.count)
        field(0)
        unsigned(UInt((task.isLeader ? process.startTime : task.startTime) / tick))
        field(sizes.total &<< 12)
        field(sizes.resident)
        unsigned(UInt(process.limit(Int(RLIMIT_RSS))))
        let isShown = hasMemory && mayLook
        unsigned(isShown ? memory.codeRange.lowerBound : hasMemory ? 1 : 0)
        unsigned(isShown ? memory.codeRange.upperBound : hasMemory ? 1 : 0)
        unsigned(isShown ? memory.stackStart : 0)
        // The registers: Linux, too, shows them only of what is being dumped.
        field(0)
        field(0)
        let low: UInt64 = 0x7fff_ffff
        unsigned(UInt(task.pending.set.bits & low))
        unsigned(UInt(task.blocked.bits & low))
        let (ignored, caught) = ProcessStatus.dispositions(process)
        unsigned(UInt(ignored & low))
        unsigned(UInt(caught & low))
        field(mayLook && task.slot.isSleeping && hasMemory ? 1 : 0)
        field(0)
        field(0)
        field(task.isLeader ? Int(process.exitSignal) : -1)
        field(0)
        field(Int(task.schedulingPriority))
        unsigned(UInt(task.schedulingPolicy))
        field(0)
        field(0)
        field(0)
        unsigned(isShown ? memory.dataRange.lowerBound : 0)
        unsigned(isShown ? memory.dataRange.upperBound : 0)
        unsigned(isShown ? memory.startBreak : 0)
        unsigned(isShown ? memory.argumentRange.lowerBound : 0)
        unsigned(isShown ? memory.argumentRange.upperBound : 0)
        unsigned(isShown ? memory.environmentRange.lowerBound : 0)
        unsigned(isShown ? memory.environmentRange.upperBound : 0)
        field(mayLook ? Int(process.exitStatus) : 0)
        text.append("\n")
        return text
    }

    private static func foreground(_ terminal: ControllingTerminal?) -> Int {
        guard let terminal else { return -1 }
        if let terminal = terminal as? Terminal { return Int(terminal.foregroundID) }
        return Int(terminal.foregroundGroup?.id ?? 0)
    }

    /// As the scheduler counts: 20 and the nice value, or minus one and the real-time priority.
    private static func priority(_ task: Task) -> Int {
        Scheduling.isRealTime(task.policy) ? -1 &- Int(task.schedulingPriority) : 20 &+ Int(task.nice)
    }
}

extension AddressSpace {
    /// Sizes as far as the calling task can know them: what is resident in another process only its own host process could
    /// say, so an estimate stands for it, from what programs usually touch of their text and data.
    func shownSizes(_ task: Task) -> Sizes {
        let isCurrent = task.sharesMemoryWithCaller
        var sizes = sizes(isCurrent: isCurrent)
        if !isCurrent {
            sizes.shared = min(sizes.total, sizes.text &+ sizes.library)
            sizes.resident = min(sizes.total, sizes.shared &+ sizes.data / 4 &+ sizes.stack / 4)
        }
        return sizes
    }
}
