import KernelBase
import LinuxABI
import Machine
import Tasks
import VFS

/// The files of /proc about the sandbox as a whole.
public enum SystemText {
    static func build(_ root: StaticDirectory, _ superblock: ProcSuperblock) {
        root.file("cpuinfo") { superblock.processors.text() }
        root.file("meminfo") { meminfo() }
        root.file("stat") { stat() }
        root.file("uptime") { uptime() }
        root.file("loadavg") { loadavg() }
        root.file("version") { version() }
        root.file("filesystems") { filesystems() }
        root.file("cmdline") { Bytes("martlet\n") }
        root.file("devices") { devices() }
        root.file("partitions") { Bytes("major minor  #blocks  name\n\n") }
        root.file("swaps") { Bytes("Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n") }
        root.file("diskstats") { [] }
        root.file("interrupts") { header(width: 11) }
        root.file("softirqs") { header(width: 20) }
        root.file("vmstat") { vmstat() }
        root.file("misc") { [] }
        root.file("modules") { [] }
        root.file("locks") { locks() }
        root.file("crypto") { [] }
        root.file("consoles") { [] }
        root.file("martlet") { martlet() }
        root.directory("tty") { directory in
            directory.file("drivers") { ttyDrivers() }
        }
        root.directory("driver") { _ in }
        root.directory("bus") { _ in }
        root.directory("fs") { _ in }
        root.directory("irq") { _ in }
        root.directory("sysvipc") { directory in
            directory.file("msg") { SystemVText.queues() }
            directory.file("sem") { SystemVText.semaphores() }
            directory.file("shm") { SystemVText.segments() }
        }
    }

    // MARK: locks

    /// Locks are on files that somebody has open.
    private static func locks() -> Bytes {
        var text: Bytes = []
        var seen: [Inode] = []
        var number = 0
        for process in TaskTable.shared.allProcesses {
            guard let files = process.threads.first?.files else { continue }
            var next = files.next(from: 0)
            while let descriptor = next {
                next = descriptor == .max ? nil : files.next(from: descriptor &+ 1)
                guard let inode = files.file(descriptor)?.inode, inode.extra != nil, !seen.contains(where: { $0 === inode }) else { continue }
                seen.append(inode)
                for lock in VFS.locks(of: inode) {
                    number &+= 1
                    append(lock, of: inode, number, to: &text)
                }
            }
        }
        return text
    }

    private static func append(_ lock: VFS.LockLine, of inode: Inode, _ number: Int, to text: inout Bytes) {
        text.append(decimal: number)
        text.append(": ")
        text.append(lock.kind)
        text.append(lock.state)
        text.append(lock.access)
        text.append(decimal: Int(lock.pid))
        text.append(" ")
        let device = inode.superblock.device
        text.append(hex: UInt(device >> 8 & 0xfff), width: 2)
        text.append(":")
        text.append(hex: UInt(device & 0xff | device >> 12 & ~0xff), width: 2)
        text.append(":")
        text.append(decimal: UInt(inode.number))
        text.append(" ")
        text.append(decimal: lock.start)
        text.append(" ")
        if lock.end == .max { text.append("EOF") } else { text.append(decimal: lock.end) }
        text.append("\n")
    }

    // MARK: processors

    /// Numbers of the processors the sandbox may use.
    static var processors: [Int] {
        var result: [Int] = []
        for (index, word) in SystemState.shared.processorSet.enumerated() {
            for bit in 0..<64 where word >> UInt64(bit) & 1 != 0 { result.append(index &* 64 &+ bit) }
        }
        return result.isEmpty ? [0] : result
    }

    /// One more than the highest number of a processor.
    static var processorLimit: Int { (processors.last ?? 0) &+ 1 }

    /// The title line of tables with a column for each processor.
    private static func header(width: Int) -> Bytes {
        var text: Bytes = []
        text.padded([], width)
        for processor in processors {
            var name = Bytes("CPU")
            name.append(decimal: processor)
            text.padded(name, 11)
        }
        text.append("\n")
        return text
    }

    /// CPU time that the sandbox has used, in nanoseconds.
    private static func usedTime() -> (user: UInt64, system: UInt64) {
        var user: UInt64 = 0, system: UInt64 = 0
        for process in TaskTable.shared.allProcesses {
            user &+= process.childrenTimes.user
            system &+= process.childrenTimes.system
            if let task = process.leader {
                let times = ProcessStat.times(task, wholeProcess: true)
                user &+= times.user
                system &+= times.system
            }
        }
        return (user, system)
    }

    static func stat() -> Bytes {
        let processors = processors
        let used = usedTime()
        let tick = ProcessStat.tick
        let total = Clock.boottime() / tick &* UInt64(processors.count)
        let user = used.user / tick, system = used.system / tick
        let idle = total > user &+ system ? total &- user &- system : 0
        var text: Bytes = []
        // The host's scheduler does not say where threads run: all processors have done the same.
        func line(_ name: Bytes, _ divisor: UInt64) {
            text.append(contentsOf: name)
            text.append(" ")
            text.append(decimal: UInt(user / divisor))
            text.append(" 0 ")
            text.append(decimal: UInt(system / divisor))
            text.append(" ")
            text.append(decimal: UInt(idle / divisor))
            text.append(" 0 0 0 0 0 0\n")
        }
        line(Bytes("cpu "), 1)
        for processor in processors {
            var name = Bytes("cpu")
            name.append(decimal: processor)
            line(name, UInt64(processors.count))
        }
        text.append("intr 0\nctxt 0\n")
        text.line("btime ", Int((Clock.realtime() &- Clock.boottime()) / 1_000_000_000))
        text.line("processes ", Int(TaskTable.shared.totalTasks))
        text.line("procs_running ", running())
        text.append("procs_blocked 0\nsoftirq 0 0 0 0 0 0 0 0 0 0 0\n")
        return text
    }

    private static func running() -> Int {
        var count = 0
        for process in TaskTable.shared.allProcesses {
            for task in process.threads where ProcessStat.state(task) == UInt8(ascii: "R") { count &+= 1 }
        }
        return max(1, count)
    }

    /// Seconds with two digits.
    private static func append(seconds nanoseconds: UInt64, _ text: inout Bytes) {
        text.append(decimal: UInt(nanoseconds / 1_000_000_000))
        text.append(".")
        let hundredths = nanoseconds / 10_000_000 % 100
        if hundredths < 10 { text.append("0") }
        text.append(decimal: UInt(hundredths))
    }

    static func uptime() -> Bytes {
        let now = Clock.boottime()
        let used = usedTime()
        let total = now &* UInt64(processors.count)
        var text: Bytes = []
        append(seconds: now, &text)
        text.append(" ")
        append(seconds: total > used.user &+ used.system ? total &- used.user &- used.system : 0, &text)
        text.append("\n")
        return text
    }

    /// The averages are not kept: nothing runs in the kernel to sample them.
    /// Fixed-point numbers, as ``LoadAverage`` has them.
    public static func loads() -> [UInt64] {
        let used = usedTime()
        SystemState.shared.load.update(Clock.boottime(), used.user &+ used.system)
        return SystemState.shared.load.values
    }

    static func loadavg() -> Bytes {
        var text: Bytes = []
        for load in loads() {
            // Rounded to two digits.
            let value = load &+ LoadAverage.one / 200
            text.append(decimal: UInt(value / LoadAverage.one))
            text.append(".")
            let digits = UInt(value % LoadAverage.one &* 100 / LoadAverage.one)
            if digits < 10 { text.append("0") }
            text.append(decimal: digits)
            text.append(" ")
        }
        text.append(decimal: running())
        text.append("/")
        text.append(decimal: TaskTable.shared.taskCount)
        text.append(" ")
        text.append(decimal: Int(TaskTable.shared.lastPID))
        text.append("\n")
        return text
    }

    // MARK: memory

    /// Bytes the sandbox may use, and those of them the kernel has given out.
    static var memory: (total: UInt64, used: UInt64) {
        let system = SystemState.shared
        let total = system.memoryLimit == 0 ? system.hostMemory : min(system.memoryLimit, system.hostMemory)
        let used = UInt64(PageRun.pagesUsed) << 12 &+ UInt64(max(0, Host.heapCommitted))
        return (total, min(used, total))
    }

    static func meminfo() -> Bytes {
        let (total, used) = memory
        let totalKiB = Int(total >> 10), freeKiB = Int((total &- used) >> 10)
        let cached = PageRun.pagesUsed &* 4
        var text: Bytes = []
        let rows: [(StaticString, Int)] = [
            ("MemTotal:       ", totalKiB), ("MemFree:        ", freeKiB), ("MemAvailable:   ", freeKiB), ("Buffers:        ", 0),
            ("Cached:         ", cached), ("SwapCached:     ", 0), ("Active:         ", cached), ("Inactive:       ", 0),
            ("Active(anon):   ", 0), ("Inactive(anon): ", 0), ("Active(file):   ", cached), ("Inactive(file): ", 0),
            ("Unevictable:    ", 0), ("Mlocked:        ", 0), ("SwapTotal:      ", 0), ("SwapFree:       ", 0),
            ("Zswap:          ", 0), ("Zswapped:       ", 0), ("Dirty:          ", 0), ("Writeback:      ", 0),
            ("AnonPages:      ", 0), ("Mapped:         ", 0), ("Shmem:          ", cached), ("KReclaimable:   ", 0),
            ("Slab:           ", Host.heapCommitted >> 10), ("SReclaimable:   ", 0), ("SUnreclaim:     ", Host.heapCommitted >> 10),
            ("KernelStack:    ", TaskTable.shared.taskCount &* 64), ("PageTables:     ", 0), ("SecPageTables:  ", 0),
            ("NFS_Unstable:   ", 0), ("Bounce:         ", 0), ("WritebackTmp:   ", 0), ("CommitLimit:    ", totalKiB),
            ("Committed_AS:   ", 0), ("VmallocTotal:   ", 34_359_738_367), ("VmallocUsed:    ", 0), ("VmallocChunk:   ", 0),
            ("Percpu:         ", 0), ("AnonHugePages:  ", 0), ("ShmemHugePages: ", 0), ("ShmemPmdMapped: ", 0),
            ("FileHugePages:  ", 0), ("FilePmdMapped:  ", 0),
        ]
        for (label, value) in rows { text.kilobytes(label, value) }
        text.append("HugePages_Total:       0\nHugePages_Free:        0\nHugePages_Rsvd:        0\nHugePages_Surp:        0\n")
        text.kilobytes("Hugepagesize:   ", 2048)
        text.kilobytes("Hugetlb:        ", 0)
        text.kilobytes("DirectMap4k:    ", totalKiB)
        return text
    }

    private static func vmstat() -> Bytes {
        let (total, used) = memory
        var text: Bytes = []
        text.line("nr_free_pages ", Int((total &- used) >> 12))
        text.line("nr_shmem ", PageRun.pagesUsed)
        text.append("nr_dirty 0\nnr_writeback 0\npgpgin 0\npgpgout 0\npswpin 0\npswpout 0\npgfault 0\npgmajfault 0\noom_kill 0\n")
        return text
    }

    /// What our kernel itself uses, for tests that look for leaks: `name value` lines, sizes in bytes; last, for each
    /// size of heap blocks that is in use, how many there are.
    private static func martlet() -> Bytes {
        var text: Bytes = []
        text.line("heap_used ", Host.heapUsed)
        text.line("heap_reserved ", Host.heapCommitted)
        text.line("pages_used ", PageRun.pagesUsed)
        text.line("slots_used ", Host.slotsUsed)
        text.line("tasks ", TaskTable.shared.taskCount)
        var index = 0
        while let (size, live) = Host.heapClass(index) {
            index &+= 1
            if live == 0 { continue }
            text.append("blocks_")
            text.append(decimal: size)
            text.append(" ")
            text.append(decimal: live)
            text.append("\n")
        }
        return text
    }

    // MARK: names

    static var versionText: StaticString { "#1 SMP PREEMPT_DYNAMIC Martlet" }

    private static func version() -> Bytes {
        var text = Bytes("Linux version ")
        text.append(contentsOf: SystemState.shared.release)
        text.append(" (martlet@martlet) (Swift) ")
        text.append(versionText)
        text.append("\n")
        return text
    }

    /// The file systems there are; sysfs(2) knows them by their places.
    public static var fileSystemNames: [StaticString] {
        ["sysfs", "tmpfs", "proc", "cgroup2", "devtmpfs", "sockfs", "pipefs", "devpts", "hostfs", "overlay", "mqueue"]
    }

    private static func filesystems() -> Bytes {
        var text: Bytes = []
        for name in fileSystemNames {
            text.append("nodev\t")
            text.append(name)
            text.append("\n")
        }
        return text
    }

    private static func devices() -> Bytes {
        Bytes("Character devices:\n  1 mem\n  5 /dev/tty\n  5 /dev/console\n  5 /dev/ptmx\n 10 misc\n128 ptm\n136 pts\n\nBlock devices:\n")
    }

    private static func ttyDrivers() -> Bytes {
        var text = Bytes("/dev/tty             /dev/tty        5       0 system:/dev/tty\n")
        text.append("/dev/console         /dev/console    5       1 system:console\n")
        text.append("/dev/ptmx            /dev/ptmx       5       2 system\n")
        text.append("pty_slave            /dev/pts      136 0-1048575 pty:slave\n")
        text.append("pty_master           /dev/ptm      128 0-1048575 pty:master\n")
        return text
    }
}
