import KernelBase
import LinuxABI
import Machine
import Memory
import Tasks
import VFS

/// /proc/PID/status and limits.
enum ProcessStatus {
    /// The sets of signals that are ignored, and those that have a handler.
    static func dispositions(_ process: Process) -> (ignored: UInt64, caught: UInt64) {
        var ignored: UInt64 = 0, caught: UInt64 = 0
        var signal: Int32 = 1
        while signal <= 64 {
            let handler = process.handlers[signal].handler
            if handler == SIG_IGN { ignored |= 1 << UInt64(signal &- 1) } else if handler != SIG_DFL { caught |= 1 << UInt64(signal &- 1) }
            signal &+= 1
        }
        return (ignored, caught)
    }

    static func text(_ task: Task) -> Bytes {
        let process = task.process
        var text: Bytes = []
        text.reserveCapacity(1500)
        text.append("Name:\t")
        for byte in task.name {
            switch byte {
            case 10: text.append("\\n")
            case UInt8(ascii: "\\"): text.append("\\\\")
            default: text.append(byte)
            }
        }
        text.append("\n")
        let isDead = task.isExiting || process.state == .zombie
        if !isDead {
            text.append("Umask:\t")
            text.append(octal: UInt(task.fs.umask), width: 4)
            text.append("\n")
        }
        let state = ProcessStat.state(task)
        text.append("State:\t")
        text.append(state)
        switch state {
        case UInt8(ascii: "R"): text.append(" (running)\n")
        case UInt8(ascii: "S"): text.append(" (sleeping)\n")
        case UInt8(ascii: "T"): text.append(" (stopped)\n")
        case UInt8(ascii: "Z"): text.append(" (zombie)\n")
        default: text.append(" (dead)\n")
        }
        text.line("Tgid:\t", Int(process.pid))
        text.append("Ngid:\t0\n")
        text.line("Pid:\t", Int(task.tid))
        text.line("PPid:\t", Int(process.parent?.pid ?? 0))
        text.append("TracerPid:\t0\n")
        identities(task.credentials, &text)
        text.line("FDSize:\t", isDead ? 0 : task.files.capacity)
        text.append("Groups:\t")
        for group in task.credentials.groups {
            text.append(decimal: UInt(group))
            text.append(" ")
        }
        if task.credentials.groups.isEmpty { text.append(" ") }
        text.append("\n")
        text.line("NStgid:\t", Int(process.pid))
        text.line("NSpid:\t", Int(task.tid))
        text.line("NSpgid:\t", Int(process.group.id))
        text.line("NSsid:\t", Int(process.session.id))
        text.line("Kthread:\t", process.isInit ? 1 : 0)
        if task.hasMemory { memory(task, &text) }
        text.line("Threads:\t", process.threads.count)
        signals(task, &text)
        capabilities(task.credentials, &text)
        text.line("NoNewPrivs:\t", task.noNewPrivileges ? 1 : 0)
        text.line("Seccomp:\t", Int(task.seccompMode))
        text.line("Seccomp_filters:\t", task.seccompFilter?.depth ?? 0)
        text.append("Cpus_allowed:\t")
        text.append(contentsOf: ProcText.mask(task.affinity, bits: SystemText.processorLimit))
        text.append("\nCpus_allowed_list:\t")
        text.append(contentsOf: ProcText.list(task.affinity))
        text.append("Mems_allowed:\t1\nMems_allowed_list:\t0\n")
        let times = process === Task.current.process ? CPUTimes.ofHostProcess() : process.times
        text.line("voluntary_ctxt_switches:\t", Int(times.voluntarySwitches))
        text.line("nonvoluntary_ctxt_switches:\t", Int(times.involuntarySwitches))
        return text
    }

    private static func identities(_ credentials: Credentials, _ text: inout Bytes) {
        func line(_ label: StaticString, _ a: UInt32, _ b: UInt32, _ c: UInt32, _ d: UInt32) {
            text.append(label)
            for value in [a, b, c, d] {
                text.append("\t")
                text.append(decimal: UInt(value))
            }
            text.append("\n")
        }
        line("Uid:", credentials.uid, credentials.euid, credentials.suid, credentials.fsuid)
        line("Gid:", credentials.gid, credentials.egid, credentials.sgid, credentials.fsgid)
    }

    private static func memory(_ task: Task, _ text: inout Bytes) {
        let sizes = task.process.memory.shownSizes(task)
        var largest = sizes.resident &* 4
        if task.sharesMemoryWithCaller { largest = max(largest, Int(CPUTimes.ofHostProcess().maxResident)) }
        text.kilobytes("VmPeak:\t", sizes.peak &* 4)
        text.kilobytes("VmSize:\t", sizes.total &* 4)
        text.kilobytes("VmLck:\t", sizes.locked &* 4)
        text.kilobytes("VmPin:\t", 0)
        text.kilobytes("VmHWM:\t", largest)
        text.kilobytes("VmRSS:\t", sizes.resident &* 4)
        text.kilobytes("RssAnon:\t", (sizes.resident &- sizes.shared) &* 4)
        text.kilobytes("RssFile:\t", sizes.shared &* 4)
        text.kilobytes("RssShmem:\t", 0)
        text.kilobytes("VmData:\t", sizes.data &* 4)
        text.kilobytes("VmStk:\t", sizes.stack &* 4)
        text.kilobytes("VmExe:\t", sizes.text &* 4)
        text.kilobytes("VmLib:\t", sizes.library &* 4)
        // Tables of 4 KiB for 2 MiB each, if everything were there.
        text.kilobytes("VmPTE:\t", 20 &+ sizes.resident / 128)
        text.kilobytes("VmSwap:\t", 0)
        text.kilobytes("HugetlbPages:\t", 0)
        text.append("CoreDumping:\t0\n")
        text.line("THP_enabled:\t", task.process.hugePagesDisabled ? 0 : 1)
        text.append("untag_mask:\t0xffffffffffffffff\n")
    }

    private static func signals(_ task: Task, _ text: inout Bytes) {
        let process = task.process
        var queued = process.sharedPending.count
        for thread in process.threads { queued &+= thread.pending.count }
        text.append("SigQ:\t")
        text.append(decimal: queued)
        text.append("/")
        text.append(decimal: UInt(process.limit(Int(RLIMIT_SIGPENDING))))
        text.append("\n")
        let (ignored, caught) = dispositions(process)
        hexadecimal("SigPnd:\t", task.pending.set.bits, &text)
        hexadecimal("ShdPnd:\t", process.sharedPending.set.bits, &text)
        hexadecimal("SigBlk:\t", task.blocked.bits, &text)
        hexadecimal("SigIgn:\t", ignored, &text)
        hexadecimal("SigCgt:\t", caught, &text)
    }

    private static func capabilities(_ credentials: Credentials, _ text: inout Bytes) {
        hexadecimal("CapInh:\t", credentials.inheritable, &text)
        hexadecimal("CapPrm:\t", credentials.permitted, &text)
        hexadecimal("CapEff:\t", credentials.effective, &text)
        hexadecimal("CapBnd:\t", credentials.bounding, &text)
        hexadecimal("CapAmb:\t", credentials.ambient, &text)
    }

    private static func hexadecimal(_ label: StaticString, _ value: UInt64, _ text: inout Bytes) {
        text.append(label)
        text.append(hex: UInt(value), width: 16)
        text.append("\n")
    }

    // MARK: limits

    static func limits(_ process: Process) -> Bytes {
        let rows: [(StaticString, StaticString)] = [
            ("Max cpu time", "seconds"), ("Max file size", "bytes"), ("Max data size", "bytes"), ("Max stack size", "bytes"),
            ("Max core file size", "bytes"), ("Max resident set", "bytes"), ("Max processes", "processes"), ("Max open files", "files"),
            ("Max locked memory", "bytes"), ("Max address space", "bytes"), ("Max file locks", "locks"), ("Max pending signals", "signals"),
            ("Max msgqueue size", "bytes"), ("Max nice priority", ""), ("Max realtime priority", ""), ("Max realtime timeout", "us"),
        ]
        func value(_ limit: UInt64) -> Bytes {
            if limit == .max { return Bytes("unlimited") }
            var text: Bytes = []
            text.append(decimal: UInt(limit))
            return text
        }
        var text = Bytes("Limit                     Soft Limit           Hard Limit           Units     \n")
        for (index, row) in rows.enumerated() where index < process.limits.count {
            let limit = process.limits[index]
            text.padded(Bytes(row.0), 25)
            text.append(" ")
            text.padded(value(limit.cur), 20)
            text.append(" ")
            text.padded(value(limit.max), 20)
            text.append(" ")
            if row.1.utf8CodeUnitCount > 0 { text.padded(Bytes(row.1), 10) }
            text.append("\n")
        }
        return text
    }
}
