import IPC
import KernelBase
import LinuxABI
import Machine
import Tasks
import Terminals
import VFS

/// /proc/sys: what of the kernel can be asked and set.
///
/// A value that stands here says what this kernel does, or what Linux would say where it makes no difference. Only the
/// names of the sandbox, and what is a setting here too, can be changed: a write to anything else that root may write on Linux is `EPERM`.
enum Sysctl {
    static func build(_ root: StaticDirectory, _ superblock: ProcSuperblock) {
        root.add(Bytes("sys"), directory(superblock) { sys in
            sys.child("kernel", superblock) { kernel($0, superblock) }
            sys.child("vm", superblock, vm)
            sys.child("fs", superblock) { fs($0, superblock) }
            sys.child("net", superblock) { net($0, superblock) }
            sys.child("user", superblock, user)
            sys.child("abi", superblock) { _ in }
            sys.child("debug", superblock) { _ in }
            sys.child("dev", superblock) { _ in }
        })
    }

    /// Directories of /proc/sys have one link.
    fileprivate static func directory(_ superblock: ProcSuperblock, _ build: @escaping (StaticDirectory) -> Void) -> StaticDirectory {
        let directory = SysctlDirectory(superblock, number: superblock.nextNumber(), nextNumber: { superblock.nextNumber() }, build)
        directory.linkCount = 1
        return directory
    }

    private static func kernel(_ directory: StaticDirectory, _ superblock: ProcSuperblock) {
        let system = SystemState.shared
        directory.value("ostype", mode: 0o444) { Bytes("Linux") }
        directory.value("osrelease", mode: 0o444) { system.release }
        directory.value("version", mode: 0o444) { Bytes(SystemText.versionText) }
        directory.value("arch", mode: 0o444) { Bytes("x86_64") }
        directory.value("hostname", changes: system.hostnameChanges, { system.hostname }) { system.hostname = $0 }
        directory.value("domainname", changes: system.domainnameChanges, { system.domainname }) { system.domainname = $0 }
        directory.number("pid_max", Int(TaskTable.pidLimit))
        directory.value("threads-max") { decimal(TaskTable.shared.taskLimit) }
        directory.number("ngroups_max", 65536, mode: 0o444)
        directory.number("cap_last_cap", 40, mode: 0o444)
        directory.value("core_pattern") { Bytes("core") }
        directory.number("core_pipe_limit", 0)
        directory.number("core_uses_pid", 0)
        directory.number("overflowuid", 65534)
        directory.number("overflowgid", 65534)
        directory.value("shmmax") { Bytes("18446744073692774399") }
        directory.value("shmall") { Bytes("18446744073692774399") }
        let systemV = SystemV.shared
        directory.setting("shmmni", 0...32768, { systemV.segments.limit }) { systemV.setLimit(segments: $0) }
        directory.setting("shm_next_id", -1...Int(Int32.max), { systemV.segments.wanted }) { systemV.want(segment: $0) }
        directory.setting("sem_next_id", -1...Int(Int32.max), { systemV.semaphores.wanted }) { systemV.want(semaphoreSet: $0) }
        directory.setting("msg_next_id", -1...Int(Int32.max), { systemV.queues.wanted }) { systemV.want(queue: $0) }
        directory.number("shm_rmid_forced", 0)
        directory.value("sem") { Bytes("32000\t1024000000\t500\t32000") }
        directory.number("msgmax", 8192)
        directory.number("msgmnb", 16384)
        directory.setting("msgmni", 0...32768, { systemV.queues.limit }) { systemV.setLimit(queues: $0) }
        directory.value("printk") { Bytes("4\t4\t1\t7") }
        directory.number("randomize_va_space", 2)
        directory.number("kptr_restrict", 1)
        directory.number("dmesg_restrict", 1)
        directory.number("perf_event_paranoid", 4)
        directory.number("perf_event_max_sample_rate", 100_000)
        directory.number("unprivileged_bpf_disabled", 2)
        directory.number("io_uring_disabled", 2)
        directory.number("panic", 0)
        directory.number("panic_on_oops", 0)
        directory.number("tainted", 0)
        directory.number("sched_rr_timeslice_ms", 100)
        directory.number("sched_rt_period_us", 1_000_000)
        directory.number("sched_rt_runtime_us", 950_000)
        directory.number("sched_autogroup_enabled", 0)
        directory.number("numa_balancing", 0)
        directory.number("sysctl_writes_strict", 1)
        directory.setting("ns_last_pid", mode: 0o666, 0...Int(TaskTable.pidLimit), { Int(TaskTable.shared.lastPID) }) {
            TaskTable.shared.lastPID = min(TaskTable.pidLimit, Int32($0))
        }
        directory.child("random", superblock) { random in
            random.value("boot_id", mode: 0o444) { superblock.bootID }
            random.value("uuid", mode: 0o444) { ProcText.randomUUID() }
            random.number("entropy_avail", 256, mode: 0o444)
            random.number("poolsize", 256, mode: 0o444)
            random.number("urandom_min_reseed_secs", 60)
            random.number("write_wakeup_threshold", 256)
        }
        directory.child("pty", superblock) { pty in
            pty.number("max", PseudoTerminals.maximum)
            pty.value("nr", mode: 0o444) { decimal(TerminalSystem.shared.pseudoterminals.inUse) }
            pty.number("reserve", 1024)
        }
        directory.child("keys", superblock) { keys in
            keys.number("maxkeys", 200)
            keys.number("maxbytes", 20000)
            keys.number("root_maxkeys", 1_000_000)
            keys.number("root_maxbytes", 25_000_000)
            keys.number("gc_delay", 300)
        }
        directory.child("seccomp", superblock) { seccomp in
            seccomp.value("actions_avail", mode: 0o444) { Bytes("kill_process kill_thread trap errno user_notif trace log allow") }
        }
    }

    private static func vm(_ directory: StaticDirectory) {
        // Names that nobody uses go, and the pages of small files of the host; what is in memory only stays.
        directory.value("drop_caches", mode: 0o200, { [] }) { (line) throws(Errno) in
            guard let number = ProcText.integer(line), (1...4).contains(number) else { throw .EINVAL }
            if number & 2 != 0 { VFS.shared.cache.dropUnused() }
        }
        directory.number("overcommit_memory", 0)
        directory.number("overcommit_ratio", 50)
        directory.number("overcommit_kbytes", 0)
        directory.number("max_map_count", 65530)
        directory.number("mmap_min_addr", 65536)
        directory.number("swappiness", 60)
        directory.number("nr_hugepages", 0)
        directory.number("nr_overcommit_hugepages", 0)
        directory.number("page-cluster", 3)
        directory.number("dirty_ratio", 20)
        directory.number("dirty_background_ratio", 10)
        directory.number("dirty_bytes", 0)
        directory.number("dirty_background_bytes", 0)
        directory.number("dirty_expire_centisecs", 3000)
        directory.number("dirty_writeback_centisecs", 500)
        directory.number("vfs_cache_pressure", 100)
        directory.number("min_free_kbytes", 67584)
        directory.number("legacy_va_layout", 0)
        directory.number("memfd_noexec", 0)
        directory.number("panic_on_oom", 0)
        directory.number("oom_kill_allocating_task", 0)
        directory.number("oom_dump_tasks", 1)
        directory.number("unprivileged_userfaultfd", 0)
        directory.number("user_reserve_kbytes", 131072)
        directory.number("admin_reserve_kbytes", 8192)
        directory.number("zone_reclaim_mode", 0)
    }

    private static func fs(_ directory: StaticDirectory, _ superblock: ProcSuperblock) {
        directory.value("file-max") { Bytes("9223372036854775807") }
        directory.value("file-nr", mode: 0o444) {
            var text = decimal(openFiles())
            text.append("\t0\t9223372036854775807")
            return text
        }
        directory.number("nr_open", FileTable.maximum)
        directory.value("inode-nr", mode: 0o444) { Bytes("0\t0") }
        directory.value("inode-state", mode: 0o444) { Bytes("0\t0\t0\t0\t0\t0\t0") }
        directory.value("dentry-state", mode: 0o444) {
            var text = decimal(VFS.shared.cache.count)
            text.append("\t0\t45\t0\t0\t0")
            return text
        }
        directory.setting("pipe-max-size", 1...(1 << 31), { Pipe.maximalCapacity }) { Pipe.maximalCapacity = $0 }
        directory.number("pipe-user-pages-hard", 0)
        directory.number("pipe-user-pages-soft", 16384)
        directory.number("dir-notify-enable", 1)
        directory.setting("lease-break-time", 0...Int(Int32.max), { Int(VFS.shared.leaseBreakTime) }) { VFS.shared.leaseBreakTime = UInt64($0) }
        directory.number("leases-enable", 1)
        directory.number("mount-max", 100_000)
        directory.number("overflowuid", 65534)
        directory.number("overflowgid", 65534)
        directory.number("aio-max-nr", 65536)
        directory.number("aio-nr", 0, mode: 0o444)
        directory.number("protected_fifos", 0)
        directory.number("protected_hardlinks", 0)
        directory.number("protected_regular", 0)
        directory.number("protected_symlinks", 0)
        directory.number("suid_dumpable", 0)
        directory.child("inotify", superblock) { inotify in
            let limits = VFS.shared.inotifyLimits
            inotify.setting("max_queued_events", 0...Int(Int32.max), { limits.events }) { limits.events = $0 }
            inotify.setting("max_user_instances", 0...Int(Int32.max), { limits.instances }) { limits.instances = $0 }
            inotify.setting("max_user_watches", 0...Int(Int32.max), { limits.watches }) { limits.watches = $0 }
        }
        directory.child("epoll", superblock) { $0.number("max_user_watches", 1_000_000) }
        directory.child("mqueue", superblock) { queues in
            queues.number("msg_default", 10)
            queues.number("msg_max", 10)
            queues.number("msgsize_default", 8192)
            queues.number("msgsize_max", 8192)
            queues.number("queues_max", 256)
        }
    }

    private static func openFiles() -> Int {
        var count = 0
        for process in TaskTable.shared.allProcesses { count &+= process.leader?.files.count ?? 0 }
        return count
    }

    private static func net(_ directory: StaticDirectory, _ superblock: ProcSuperblock) {
        directory.child("core", superblock) { core in
            core.number("somaxconn", 4096)
            core.number("rmem_default", 212_992)
            core.number("rmem_max", 212_992)
            core.number("wmem_default", 212_992)
            core.number("wmem_max", 212_992)
            core.number("optmem_max", 131_072)
            core.number("netdev_max_backlog", 1000)
        }
        directory.child("unix", superblock) { $0.number("max_dgram_qlen", 512) }
        directory.child("ipv4", superblock) { ipv4 in
            ipv4.number("ip_forward", 0)
            ipv4.value("ip_local_port_range") { Bytes("32768\t60999") }
            ipv4.number("ip_unprivileged_port_start", 1024)
            ipv4.number("tcp_syncookies", 1)
            ipv4.number("tcp_keepalive_time", 7200)
            ipv4.number("tcp_keepalive_intvl", 75)
            ipv4.number("tcp_keepalive_probes", 9)
            ipv4.number("tcp_fin_timeout", 60)
            ipv4.number("tcp_max_syn_backlog", 4096)
            ipv4.value("tcp_rmem") { Bytes("4096\t131072\t6291456") }
            ipv4.value("tcp_wmem") { Bytes("4096\t16384\t4194304") }
        }
    }

    private static func user(_ directory: StaticDirectory) {
        // Nothing can be unshared.
        for name in ["max_cgroup_namespaces", "max_ipc_namespaces", "max_mnt_namespaces", "max_net_namespaces", "max_pid_namespaces",
                     "max_time_namespaces", "max_user_namespaces", "max_uts_namespaces"] as [StaticString] { directory.number(name, 0) }
        directory.number("max_inotify_instances", 128)
        directory.number("max_inotify_watches", 65536)
    }

    fileprivate static func decimal(_ value: Int) -> Bytes {
        var text: Bytes = []
        text.append(decimal: value)
        return text
    }
}

/// A directory of /proc/sys; modes and owners there cannot be changed.
private final class SysctlDirectory: StaticDirectory {
    override func setMode(_ mode: UInt32) throws(Errno) { throw .EPERM }
    override func setOwner(uid: UInt32?, gid: UInt32?) throws(Errno) { throw .EPERM }
}

/// A value, with a line end.
private final class SysctlFile: TextInode {
    private let value: () -> Bytes
    private let change: ((Bytes) throws(Errno) -> Void)?
    override var changes: ValueChanges? { counted }
    private let counted: ValueChanges?

    init(_ superblock: Superblock, number: UInt64, mode: UInt32, changes: ValueChanges?, _ value: @escaping () -> Bytes,
         _ change: ((Bytes) throws(Errno) -> Void)?) {
        self.value = value
        self.change = change
        counted = changes
        super.init(superblock, number: number, mode: S_IFREG | mode)
    }

    override var seeksFromEnd: Bool { true }
    override func setMode(_ mode: UInt32) throws(Errno) { throw .EPERM }
    override func setOwner(uid: UInt32?, gid: UInt32?) throws(Errno) { throw .EPERM }

    /// Capabilities do not open what the mode forbids, not even for root.
    override func checkOpen(flags: UInt32) throws(Errno) {
        if flags & O_ACCMODE != O_RDONLY, mode & 0o222 == 0 { throw .EACCES }
        if flags & O_ACCMODE != O_WRONLY, mode & 0o444 == 0 { throw .EACCES }
    }

    override func text() throws(Errno) -> Bytes {
        var text = value()
        text.append("\n")
        return text
    }

    override func store(_ bytes: Bytes) throws(Errno) {
        guard let change, Task.current.credentials.euid == 0 || Task.current.credentials.has(Int(CAP_SYS_ADMIN)) else { throw .EPERM }
        var line = Bytes(bytes.prefix(64))
        if let end = line.firstIndex(where: { $0 == 10 || $0 == 0 }) { line.removeSubrange(end...) }
        try change(line)
    }
}

extension StaticDirectory {
    fileprivate func child(_ name: StaticString, _ superblock: ProcSuperblock, _ build: @escaping (StaticDirectory) -> Void) {
        let links = linkCount
        add(Bytes(name), Sysctl.directory(superblock, build))
        linkCount = links
    }
    fileprivate func value(_ name: StaticString, mode: UInt32 = 0o644, changes: ValueChanges? = nil, _ value: @escaping () -> Bytes,
                           change: ((Bytes) throws(Errno) -> Void)? = nil) {
        add(Bytes(name), SysctlFile(superblock, number: newNumber(), mode: mode, changes: changes, value, change))
    }
    /// A number that root can set. What is no number, or not in the range, is `EINVAL`.
    fileprivate func setting(_ name: StaticString, mode: UInt32 = 0o644, _ range: ClosedRange<Int>, _ value: @escaping () -> Int, set: @escaping (Int) -> Void) {
        self.value(name, mode: mode, { Sysctl.decimal(value()) }) { (line) throws(Errno) in
            guard let number = ProcText.integer(line), range.contains(number) else { throw .EINVAL }
            set(number)
        }
    }
    fileprivate func number(_ name: StaticString, _ value: Int, mode: UInt32 = 0o644) {
        self.value(name, mode: mode) { Sysctl.decimal(value) }
    }
}
