import KernelBase
import LinuxABI
import Machine
import Memory
import Tasks
import VFS

/// A file about a process, such as /proc/PID/status. What each says is in proc(5).
final class ProcessFile: ProcessInode {
    private let entry: ProcessEntry

    init(_ superblock: Superblock, _ subject: TaskReference, _ entry: ProcessEntry) {
        self.entry = entry
        super.init(superblock, subject, number: ProcessInode.number(subject, UInt64(entry.rawValue) &+ 1), mode: entry.mode)
    }

    override var canPoll: Bool { entry == .mounts || entry == .mountinfo || entry == .mountstats }
    override var seeksFromEnd: Bool {
        switch entry {
        case .cmdline, .environ, .auxv, .oom_adj, .oom_score_adj, .loginuid, .sessionid, .coredump_filter: true
        default: false
        }
    }

    /// A program that is executed later may have more rights than whoever opened the file: its memory is none of theirs.
    override var subjectNumber: UInt64 {
        switch entry {
        case .maps, .smaps, .smaps_rollup, .environ, .auxv: subject.memoryNumber
        default: 0
        }
    }

    override func checkOpen(flags: UInt32) throws(Errno) {
        switch entry {
        case .maps, .smaps, .smaps_rollup, .environ, .auxv: _ = try subject.inspectable()
        case .mounts, .mountinfo, .mountstats:
            guard subject.found != nil else { throw .EINVAL }
            guard subject.alive != nil else { throw .ENOENT }
        default: break
        }
    }

    override func control(_ request: UInt32, _ argument: UInt) throws(Errno) -> Int {
        guard entry == .maps, request == PROCMAP_QUERY else { throw .ENOTTY }
        guard let task = subject.found, task.hasMemory else { throw .ESRCH }
        return try MapsQuery.answer(task.process.memory, argument)
    }

    override func text() throws(Errno) -> Bytes {
        switch entry {
        // There is one user namespace, whoever has ended.
        case .uid_map, .gid_map, .projid_map: return Bytes("         0          0 4294967295\n")
        // Linux keeps what is left of the memory for the file, and that is empty.
        case .environ, .auxv: if subject.found == nil { return [] }
        default: break
        }
        let task = try subject.task()
        let process = task.process
        var text: Bytes = []
        switch entry {
        case .stat: return ProcessStat.text(task, wholeProcess: !subject.isThread)
        case .status: return ProcessStatus.text(task)
        case .statm:
            let sizes = task.hasMemory ? process.memory.shownSizes(task) : AddressSpace.Sizes()
            for number in [sizes.total, sizes.resident, sizes.shared, sizes.text, 0, sizes.data &+ sizes.stack] {
                text.append(decimal: number)
                text.append(" ")
            }
            text.append("0\n")
        // Made in parts.
        case .maps, .smaps: throw .EINVAL
        case .smaps_rollup: return task.hasMemory ? look(task) { (space, isCurrent) in space.smapsRollupText(isCurrent: isCurrent) } : []
        case .cmdline: return task.hasMemory ? ProcessMemory.arguments(task) : []
        case .environ: return task.hasMemory ? ProcessMemory.environment(task) : []
        case .auxv: return task.hasMemory ? process.memory.auxiliaryVector : []
        case .comm:
            text.append(contentsOf: task.name)
            text.append("\n")
        case .limits: return ProcessStatus.limits(process)
        case .mounts, .mountinfo, .mountstats:
            guard let task = subject.alive else { return [] }
            switch entry {
            case .mounts: return MountText.mounts(root: task.fs.root)
            case .mountinfo: return MountText.mountinfo(root: task.fs.root)
            default: return MountText.mountstats(root: task.fs.root)
            }
        case .personality:
            guard Task.current.mayInspect(task) else { throw .EPERM }
            text.append(hex: UInt(process.personality), width: 8)
            text.append("\n")
        case .syscall:
            guard Task.current.mayInspect(task) else { throw .EPERM }
            return ProcessWait.call(task)
        case .wchan: return Task.current.mayInspect(task) ? ProcessWait.channel(task) : Bytes("0")
        case .stack:
            // Which functions of the kernel a thread is in is not told; as for one that runs just now.
            guard Task.current.credentials.has(Int(CAP_SYS_ADMIN)) else { throw .EACCES }
            guard Task.current.mayInspect(task) else { throw .EPERM }
        case .schedstat:
            let times = ProcessStat.times(task, wholeProcess: false)
            text.append(decimal: UInt(times.user &+ times.system))
            text.append(" 0 0\n")
        case .cpuset: text.append("/\n")
        case .cgroup: text.append("0::/\n")
        case .oom_score: text.line("", max(0, (1000 &+ Int(process.oomScoreAdjust)) &* 2 / 3))
        case .oom_score_adj: text.line("", Int(process.oomScoreAdjust))
        case .oom_adj: text.line("", process.oomScoreAdjust == 1000 ? 15 : Int(process.oomScoreAdjust) &* 17 / 1000)
        case .loginuid: text.append(decimal: UInt(process.loginUser))
        case .sessionid: text.append(decimal: UInt(process.auditSession))
        case .coredump_filter:
            guard task.hasMemory else { return [] }
            text.append(hex: UInt(process.coredumpFilter), width: 8)
            text.append("\n")
        case .io:
            guard Task.current.mayInspect(task) else { throw .EACCES }
            let io = subject.isThread ? task.io : process.io
            text.line("rchar: ", Int(truncatingIfNeeded: io.readBytes))
            text.line("wchar: ", Int(truncatingIfNeeded: io.writtenBytes))
            text.line("syscr: ", Int(truncatingIfNeeded: io.readCalls))
            text.line("syscw: ", Int(truncatingIfNeeded: io.writeCalls))
            text.append("read_bytes: 0\nwrite_bytes: 0\ncancelled_write_bytes: 0\n")
        case .setgroups: text.append("allow\n")
        case .timers: break
        case .timerslack_ns:
            guard task === Task.current || Task.current.mayInspect(task) else { throw .EPERM }
            text.line("", Int(truncatingIfNeeded: task.timerSlack))
        case .children:
            for child in process.children where child.parentTask === task {
                text.append(decimal: Int(child.pid))
                text.append(" ")
            }
        default: throw .EINVAL
        }
        return text
    }

    override func part(at place: UInt) throws(Errno) -> (text: Bytes, next: UInt?) {
        switch entry {
        case .maps, .smaps: memoryPart(try subject.task(), place)
        default: (try text(), nil)
        }
    }

    private func memoryPart(_ task: Task, _ place: UInt) -> (text: Bytes, next: UInt?) {
        guard task.hasMemory else { return ([], nil) }
        let memory = task.process.memory
        let root = Task.current.fs.root
        if entry == .maps { return memory.mapsPiece(from: place, areas: 64) { ProcText.name($0, root: root) } }
        var next: UInt?
        let text = look(task) { (space, isCurrent) in
            let part = space.smapsPiece(from: place, areas: 16, isCurrent: isCurrent) { ProcText.name($0, root: root) }
            next = part.next
            return part.text
        }
        return (text, next)
    }

    /// A text about pages, made by a thread of the process. May sleep.
    /// - Parameter make: is told whether it can see which pages are there; without, when the threads do not get to it soon.
    private func look(_ task: Task, _ make: @escaping (_ space: AddressSpace, _ isCurrent: Bool) -> Bytes) -> Bytes {
        let memory = task.process.memory
        if task.sharesMemoryWithCaller { return make(memory, true) }
        do throws(Errno) {
            return try memory.lookRemotely(deadline: Clock.deadline(after: 200_000_000)) { make($0, true) }
        } catch {
            return make(memory, false)
        }
    }

    override func store(_ bytes: Bytes) throws(Errno) {
        let task = try subject.task()
        let process = task.process
        switch entry {
        case .comm:
            // Only threads of the same process, whoever may open the file.
            guard process === Task.current.process else { throw .EINVAL }
            var name: Bytes = []
            for byte in bytes where name.count < 15 {
                if byte == 0 || byte == 10 { break }
                name.append(byte)
            }
            task.name = name
        case .oom_score_adj, .oom_adj:
            guard var value = ProcText.integer(Bytes(bytes.prefix(12))) else { throw .EINVAL }
            if entry == .oom_adj {
                guard value >= -17, value <= 15 else { throw .EINVAL }
                value = value == 15 ? 1000 : value &* 1000 / 17
            }
            guard value >= -1000, value <= 1000 else { throw .EINVAL }
            // Less likely to be killed than before: a privilege.
            if value < Int(process.leastOOMScoreAdjust), !Task.current.credentials.has(Int(CAP_SYS_RESOURCE)) { throw .EACCES }
            process.setOOMScoreAdjust(Int32(truncatingIfNeeded: value), isPrivileged: Task.current.credentials.has(Int(CAP_SYS_RESOURCE)))
        case .coredump_filter:
            guard let value = ProcText.integer(Bytes(bytes.prefix(12))), value >= 0, value <= 0xffff_ffff else { throw .EINVAL }
            process.coredumpFilter = UInt32(truncatingIfNeeded: value) & 0x1ff
        case .timerslack_ns:
            guard let value = ProcText.integer(bytes) else { throw .EINVAL }
            guard task === Task.current || Task.current.credentials.has(Int(CAP_SYS_NICE)) else { throw .EPERM }
            task.timerSlack = value == 0 ? task.defaultTimerSlack : UInt64(bitPattern: Int64(value))
        case .clear_refs:
            guard let value = ProcText.integer(bytes), value >= 1, value <= 5 else { throw .EINVAL }
        case .loginuid:
            guard process === Task.current.process else { throw .EPERM }
            guard let value = ProcText.integer(Bytes(bytes.prefix(12))), value >= 0, value <= 0xffff_ffff else { throw .EINVAL }
            guard process.loginUser == .max || Task.current.credentials.has(Int(CAP_AUDIT_CONTROL)) else { throw .EPERM }
            process.setLoginUser(UInt32(truncatingIfNeeded: value))
        case .uid_map, .gid_map, .projid_map, .setgroups: throw .EPERM
        default: throw .EINVAL
        }
    }
}

/// What of the memory of processes is shown.
enum ProcessMemory {
    /// /proc/PID/cmdline, from the process's memory, which it may have changed. While that cannot be had, what it was started with.
    static func arguments(_ task: Task) -> Bytes {
        let memory = task.process.memory
        let range = memory.argumentRange
        guard let text = read(range, of: task) else { return memory.initialArguments }
        guard let last = text.last, last != 0, text.count == range.count else { return text }
        // The program has written over the end: one text then, up to its zero, perhaps into the environment.
        guard let longer = read(range.lowerBound..<max(range.upperBound, memory.environmentRange.upperBound), of: task) else { return text }
        guard let end = longer.firstIndex(of: 0) else { return longer }
        return Bytes(longer[...end])
    }

    static func environment(_ task: Task) -> Bytes {
        let memory = task.process.memory
        return read(memory.environmentRange, of: task) ?? memory.initialEnvironment
    }

    /// Bytes of a process's memory, as far as they are there. Nil if its threads do not get to it soon. May sleep.
    static func read(_ range: Range<UInt>, of task: Task) -> Bytes? {
        let memory = task.process.memory, isOwn = task.sharesMemoryWithCaller
        let count = min(range.count, 8 << 20)
        let deadline = isOwn ? UInt64.max : Clock.deadline(after: 200_000_000)
        var bytes: Bytes = []
        while bytes.count < count {
            let piece = min(count &- bytes.count, AddressSpace.remotePiece)
            guard let more = try? memory.readRemotely(piece, at: range.lowerBound &+ UInt(bytes.count), isForced: false, isOwn: isOwn, deadline: deadline)
            else { return nil }
            bytes.append(contentsOf: more)
            if more.count < piece { break }
        }
        return bytes
    }
}
