import LinuxABI

/// The entries of a process's directory, in the order in which they are listed.
enum ProcessEntry: UInt8 {
    case task, fd, fdinfo, ns, net, environ, auxv, status, personality, limits, comm, syscall, cmdline, stat, statm, maps, mem, pagemap
    case cwd, root, exe, mounts, mountinfo, mountstats, clear_refs, smaps, smaps_rollup, attr, wchan, stack, schedstat, cpuset, cgroup
    case oom_score, oom_adj, oom_score_adj, loginuid, sessionid, coredump_filter, io, uid_map, gid_map, projid_map, setgroups
    case timers, timerslack_ns, children

    static var count: UInt8 { ProcessEntry.children.rawValue &+ 1 }

    var name: StaticString {
        switch self {
        case .task: "task"
        case .fd: "fd"
        case .fdinfo: "fdinfo"
        case .ns: "ns"
        case .net: "net"
        case .environ: "environ"
        case .auxv: "auxv"
        case .status: "status"
        case .personality: "personality"
        case .limits: "limits"
        case .comm: "comm"
        case .syscall: "syscall"
        case .cmdline: "cmdline"
        case .stat: "stat"
        case .statm: "statm"
        case .maps: "maps"
        case .mem: "mem"
        case .pagemap: "pagemap"
        case .cwd: "cwd"
        case .root: "root"
        case .exe: "exe"
        case .mounts: "mounts"
        case .mountinfo: "mountinfo"
        case .mountstats: "mountstats"
        case .clear_refs: "clear_refs"
        case .smaps: "smaps"
        case .smaps_rollup: "smaps_rollup"
        case .attr: "attr"
        case .wchan: "wchan"
        case .stack: "stack"
        case .schedstat: "schedstat"
        case .cpuset: "cpuset"
        case .cgroup: "cgroup"
        case .oom_score: "oom_score"
        case .oom_adj: "oom_adj"
        case .oom_score_adj: "oom_score_adj"
        case .loginuid: "loginuid"
        case .sessionid: "sessionid"
        case .coredump_filter: "coredump_filter"
        case .io: "io"
        case .uid_map: "uid_map"
        case .gid_map: "gid_map"
        case .projid_map: "projid_map"
        case .setgroups: "setgroups"
        case .timers: "timers"
        case .timerslack_ns: "timerslack_ns"
        case .children: "children"
        }
    }

    /// Type and permissions.
    var mode: UInt32 {
        switch self {
        case .task, .net, .attr: S_IFDIR | 0o555
        case .fd: S_IFDIR | 0o500
        case .fdinfo: S_IFDIR | 0o555
        case .ns: S_IFDIR | 0o511
        case .cwd, .root, .exe: S_IFLNK | 0o777
        case .environ, .auxv, .personality, .syscall, .mountstats, .io, .pagemap, .stack: S_IFREG | 0o400
        case .mem: S_IFREG | 0o600
        case .clear_refs: S_IFREG | 0o200
        case .comm, .oom_adj, .oom_score_adj, .loginuid, .coredump_filter, .uid_map, .gid_map, .projid_map, .setgroups: S_IFREG | 0o644
        case .timerslack_ns: S_IFREG | 0o666
        default: S_IFREG | 0o444
        }
    }

    /// Whether a process's directory has it; otherwise only those of its threads do.
    var isForProcess: Bool { self != .children }

    /// Whether the directory of a thread has it.
    var isForThread: Bool {
        switch self {
        case .task, .coredump_filter, .mountstats, .timers, .timerslack_ns: false
        default: true
        }
    }
}
