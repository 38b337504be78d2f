import LinuxABI
import Tasks

/// The calls that are refused whatever their arguments, and why. They administer a machine, which a sandbox is not,
/// or belong to optional parts of Linux that this kernel does not have: the answer is then that of a kernel built
/// without them, which programs know how to do without.
public enum Refused {
    /// What a call that has no handler is answered.
    public static func error(_ call: Syscall, _ task: Task) -> Errno {
        task.callHasNoHandler = true
        return switch call {
        // The machine belongs to the host: not even root in the sandbox may.
        case .reboot, .swapon, .swapoff, .acct, .vhangup: .EPERM
        // File systems are mounted by whoever starts the sandbox.
        case .mount, .umount2, .pivot_root, .mount_setattr, .open_tree, .move_mount, .fsopen, .fsconfig, .fsmount, .fspick,
             .open_tree_attr: .EPERM
        case .open_by_handle_at: .EPERM
        case .name_to_handle_at: .EOPNOTSUPP
        // One process does not trace another.
        case .ptrace: .EPERM
        // As for an unprivileged user where unprivileged use is off.
        case .bpf: .EPERM
        // Kernel modules, kexec: CONFIG_MODULES, CONFIG_KEXEC
        case .init_module, .finit_module, .delete_module, .kexec_load, .kexec_file_load: .ENOSYS
        // CONFIG_QUOTA, CONFIG_KEYS, CONFIG_PERF_EVENTS, CONFIG_FANOTIFY, CONFIG_SECURITY_LANDLOCK
        case .quotactl, .quotactl_fd, .add_key, .request_key, .keyctl, .perf_event_open, .fanotify_init, .fanotify_mark,
             .landlock_create_ruleset, .landlock_add_rule, .landlock_restrict_self: .ENOSYS
        // CONFIG_IO_URING, CONFIG_AIO: libraries fall back to the calls that wait.
        case .io_uring_setup, .io_uring_enter, .io_uring_register, .io_setup, .io_destroy, .io_submit, .io_cancel,
             .io_getevents, .io_pgetevents: .ENOSYS
        // CONFIG_USERFAULTFD, CONFIG_SECRETMEM, CONFIG_RSEQ
        case .userfaultfd, .memfd_secret, .rseq: .ENOSYS
        // CONFIG_MODIFY_LDT_SYSCALL, CONFIG_X86_IOPL_IOPERM; the others exist for 32-bit programs only
        case .modify_ldt, .ioperm, .iopl, .set_thread_area, .get_thread_area: .ENOSYS
        // As where there is no CONFIG_SECURITY, CONFIG_UPROBES, CONFIG_X86_USER_SHADOW_STACK
        case .lsm_get_self_attr, .lsm_set_self_attr, .lsm_list_modules, .uprobe, .uretprobe, .map_shadow_stack: .ENOSYS
        // Calls that Linux itself has given up
        case ._sysctl, .uselib, .lookup_dcookie, .create_module, .get_kernel_syms, .query_module, .nfsservctl,
             .getpmsg, .putpmsg, .afs_syscall, .tuxcall, .security, .vserver, .epoll_ctl_old, .epoll_wait_old: .ENOSYS
        default: .ENOSYS
        }
    }
}
