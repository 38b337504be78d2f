// How well each system call is served: the column of the table that `martlet compat syscalls` prints.
//
// What stands in no case here is served in full. Tests/HouseTests compares this file with Sources/Syscalls/Dispatch.swift and
// Sources/Syscalls/System/Refused.swift, so whoever adds a handler also removes its line here, or says what is left out.

/// Whether a system call is served.
public enum SyscallState: UInt8, CaseIterable, Sendable {
    /// Served as Linux does.
    case implemented
    /// Served, but for what the note says.
    case partial
    /// Answered on purpose with an errno that Linux also gives: to an unprivileged caller, or in a kernel built without it.
    case refused
    /// Answered ENOSYS, and nobody has decided that it should be so.
    case missing
    /// Linux itself answers ENOSYS.
    case obsolete

    public var name: StaticString {
        switch self {
        case .implemented: "implemented"
        case .partial: "partial"
        case .refused: "refused"
        case .missing: "missing"
        case .obsolete: "obsolete"
        }
    }
}

/// A state, and what is to be said about it.
public struct SyscallSupport: Sendable {
    public let state: SyscallState
    /// Empty if there is nothing to say.
    public let note: StaticString

    static func partial(_ note: StaticString) -> SyscallSupport { SyscallSupport(state: .partial, note: note) }
    static func refused(_ note: StaticString) -> SyscallSupport { SyscallSupport(state: .refused, note: note) }
    static func missing(_ note: StaticString) -> SyscallSupport { SyscallSupport(state: .missing, note: note) }
}

extension Syscall {
    /// How well the kernel serves this call. For reports, not for the path of a call.
    @inline(never)
    public var support: SyscallSupport {
        if category == .obsolete { return SyscallSupport(state: .obsolete, note: "Linux answers ENOSYS on x86-64") }
        switch self {
        // --- served in part ---
        case .socket, .socketpair: return .partial("AF_UNIX only")
        case .setsockopt, .getsockopt: return .partial("options of AF_UNIX sockets only")
        case .mq_notify: return .partial("no SIGEV_THREAD, which needs a netlink socket")
        case .unshare: return .partial("files and working directory; namespaces are EPERM")
        case .setns: return .partial("no namespace can be entered")
        case .pkey_alloc, .pkey_free, .pkey_mprotect: return .partial("there are no keys, as on a processor without them")
        case .clock_settime, .settimeofday, .adjtimex, .clock_adjtime: return .partial("the time is the host's: it can be read, not set")
        case .personality: return .partial("kept and told; STICKY_TIMEOUTS alone has an effect")
        case .sched_setscheduler, .sched_setattr, .sched_setparam: return .partial("kept and told; the host schedules")
        case .ioprio_set: return .partial("kept and told; the host schedules")
        case .set_mempolicy, .migrate_pages, .move_pages: return .partial("one memory node")
        case .mbind, .set_mempolicy_home_node: return .partial("one memory node; an area has no policy of its own")
        case .process_madvise: return .partial("the caller's own memory only")
        case .sched_setaffinity: return .partial("another thread keeps its processors until it starts one itself")
        case .syslog: return .partial("the log is empty")

        // --- refused: the machine belongs to the host ---
        case .reboot, .swapon, .swapoff, .acct, .vhangup: return .refused("EPERM: the machine belongs to the host")
        case .mount, .umount2, .pivot_root, .mount_setattr, .open_tree, .move_mount, .fsopen, .fsconfig, .fsmount, .fspick, .open_tree_attr:
            return .refused("EPERM: whoever starts the sandbox mounts")
        case .open_by_handle_at: return .refused("EPERM: needs a capability over the whole file system")
        case .name_to_handle_at: return .refused("EOPNOTSUPP: no file system has handles")
        case .ptrace: return .refused("EPERM: processes do not trace each other")
        case .bpf: return .refused("EPERM: as where unprivileged use is off")
        case .init_module, .finit_module, .delete_module: return .refused("ENOSYS: no modules")
        case .kexec_load, .kexec_file_load: return .refused("ENOSYS: no kexec")
        // --- refused: optional parts of Linux ---
        case .quotactl, .quotactl_fd: return .refused("ENOSYS: no quotas")
        case .add_key, .request_key, .keyctl: return .refused("ENOSYS: no keys")
        case .perf_event_open: return .refused("ENOSYS: no performance counters")
        case .fanotify_init, .fanotify_mark: return .refused("ENOSYS: no fanotify")
        case .landlock_create_ruleset, .landlock_add_rule, .landlock_restrict_self: return .refused("ENOSYS: no Landlock")
        case .io_uring_setup, .io_uring_enter, .io_uring_register: return .refused("ENOSYS: no io_uring; libraries fall back")
        case .io_setup, .io_destroy, .io_submit, .io_cancel, .io_getevents, .io_pgetevents: return .refused("ENOSYS: no native AIO; libraries fall back")
        case .userfaultfd: return .refused("ENOSYS: no userfaultfd")
        case .memfd_secret: return .refused("ENOSYS: no secret memory")
        case .rseq: return .refused("ENOSYS: no restartable sequences; libraries fall back")
        case .modify_ldt, .ioperm, .iopl: return .refused("ENOSYS: neither local descriptors nor ports")

        case .uretprobe, .uprobe: return .refused("ENOSYS: for the kernel's own probes")
        case .map_shadow_stack: return .refused("ENOSYS: no shadow stacks")
        case .lsm_get_self_attr, .lsm_set_self_attr, .lsm_list_modules: return .refused("ENOSYS: no security modules")

        // --- missing: what is neither served nor refused on purpose gets a line here, with missing(...) ---

        default: return SyscallSupport(state: .implemented, note: "")
        }
    }
}
