// Names of constants, as traces show them: processes, signals and time. The numbers are those of LinuxABI.

import LinuxABI

extension Constants {
    /// CLONE_*.
    static let cloneFlags = Constants([
        .init("CLONE_NEWTIME", CLONE_NEWTIME), .init("CLONE_VM", CLONE_VM), .init("CLONE_FS", CLONE_FS), .init("CLONE_FILES", CLONE_FILES),
        .init("CLONE_SIGHAND", CLONE_SIGHAND), .init("CLONE_PIDFD", CLONE_PIDFD), .init("CLONE_PTRACE", CLONE_PTRACE),
        .init("CLONE_VFORK", CLONE_VFORK), .init("CLONE_PARENT", CLONE_PARENT), .init("CLONE_THREAD", CLONE_THREAD),
        .init("CLONE_NEWNS", CLONE_NEWNS), .init("CLONE_SYSVSEM", CLONE_SYSVSEM), .init("CLONE_SETTLS", CLONE_SETTLS),
        .init("CLONE_PARENT_SETTID", CLONE_PARENT_SETTID), .init("CLONE_CHILD_CLEARTID", CLONE_CHILD_CLEARTID),
        .init("CLONE_DETACHED", CLONE_DETACHED), .init("CLONE_UNTRACED", CLONE_UNTRACED), .init("CLONE_CHILD_SETTID", CLONE_CHILD_SETTID),
        .init("CLONE_NEWCGROUP", CLONE_NEWCGROUP), .init("CLONE_NEWUTS", CLONE_NEWUTS), .init("CLONE_NEWIPC", CLONE_NEWIPC),
        .init("CLONE_NEWUSER", CLONE_NEWUSER), .init("CLONE_NEWPID", CLONE_NEWPID), .init("CLONE_NEWNET", CLONE_NEWNET), .init("CLONE_IO", CLONE_IO),
        .init("CLONE_CLEAR_SIGHAND", CLONE_CLEAR_SIGHAND), .init("CLONE_INTO_CGROUP", CLONE_INTO_CGROUP),
    ])
    /// WNOHANG and others.
    static let waitOptions = Constants([
        .init("WNOHANG", WNOHANG), .init("WUNTRACED", WUNTRACED), .init("WEXITED", WEXITED), .init("WCONTINUED", WCONTINUED),
        .init("WNOWAIT", WNOWAIT), .init("__WNOTHREAD", __WNOTHREAD), .init("__WALL", __WALL), .init("__WCLONE", __WCLONE),
    ])
    /// P_*.
    static let idType = Constants([
        .init("P_ALL", P_ALL), .init("P_PID", P_PID), .init("P_PGID", P_PGID), .init("P_PIDFD", P_PIDFD),
    ])
    /// PIDFD_*.
    static let pidfdFlags = Constants([
        .init("PIDFD_NONBLOCK", PIDFD_NONBLOCK), .init("PIDFD_THREAD", PIDFD_THREAD), .init("PIDFD_SIGNAL_THREAD", PIDFD_SIGNAL_THREAD),
        .init("PIDFD_SIGNAL_THREAD_GROUP", PIDFD_SIGNAL_THREAD_GROUP), .init("PIDFD_SIGNAL_PROCESS_GROUP", PIDFD_SIGNAL_PROCESS_GROUP),
    ])
    /// PR_*.
    static let prctlOption = Constants([
        .init("PR_SET_PDEATHSIG", PR_SET_PDEATHSIG), .init("PR_GET_PDEATHSIG", PR_GET_PDEATHSIG), .init("PR_GET_DUMPABLE", PR_GET_DUMPABLE),
        .init("PR_SET_DUMPABLE", PR_SET_DUMPABLE), .init("PR_GET_UNALIGN", PR_GET_UNALIGN), .init("PR_SET_UNALIGN", PR_SET_UNALIGN),
        .init("PR_GET_KEEPCAPS", PR_GET_KEEPCAPS), .init("PR_SET_KEEPCAPS", PR_SET_KEEPCAPS), .init("PR_GET_FPEMU", PR_GET_FPEMU),
        .init("PR_SET_FPEMU", PR_SET_FPEMU), .init("PR_GET_FPEXC", PR_GET_FPEXC), .init("PR_SET_FPEXC", PR_SET_FPEXC),
        .init("PR_GET_TIMING", PR_GET_TIMING), .init("PR_SET_TIMING", PR_SET_TIMING), .init("PR_SET_NAME", PR_SET_NAME),
        .init("PR_GET_NAME", PR_GET_NAME), .init("PR_GET_ENDIAN", PR_GET_ENDIAN), .init("PR_SET_ENDIAN", PR_SET_ENDIAN),
        .init("PR_GET_SECCOMP", PR_GET_SECCOMP), .init("PR_SET_SECCOMP", PR_SET_SECCOMP), .init("PR_CAPBSET_READ", PR_CAPBSET_READ),
        .init("PR_CAPBSET_DROP", PR_CAPBSET_DROP), .init("PR_GET_TSC", PR_GET_TSC), .init("PR_SET_TSC", PR_SET_TSC),
        .init("PR_GET_SECUREBITS", PR_GET_SECUREBITS), .init("PR_SET_SECUREBITS", PR_SET_SECUREBITS), .init("PR_SET_TIMERSLACK", PR_SET_TIMERSLACK),
        .init("PR_GET_TIMERSLACK", PR_GET_TIMERSLACK), .init("PR_TASK_PERF_EVENTS_DISABLE", PR_TASK_PERF_EVENTS_DISABLE),
        .init("PR_TASK_PERF_EVENTS_ENABLE", PR_TASK_PERF_EVENTS_ENABLE), .init("PR_MCE_KILL", PR_MCE_KILL), .init("PR_MCE_KILL_GET", PR_MCE_KILL_GET),
        .init("PR_SET_MM", PR_SET_MM), .init("PR_SET_PTRACER", PR_SET_PTRACER), .init("PR_SET_CHILD_SUBREAPER", PR_SET_CHILD_SUBREAPER),
        .init("PR_GET_CHILD_SUBREAPER", PR_GET_CHILD_SUBREAPER), .init("PR_SET_NO_NEW_PRIVS", PR_SET_NO_NEW_PRIVS),
        .init("PR_GET_NO_NEW_PRIVS", PR_GET_NO_NEW_PRIVS), .init("PR_GET_TID_ADDRESS", PR_GET_TID_ADDRESS),
        .init("PR_SET_THP_DISABLE", PR_SET_THP_DISABLE), .init("PR_GET_THP_DISABLE", PR_GET_THP_DISABLE),
        .init("PR_MPX_ENABLE_MANAGEMENT", PR_MPX_ENABLE_MANAGEMENT), .init("PR_MPX_DISABLE_MANAGEMENT", PR_MPX_DISABLE_MANAGEMENT),
        .init("PR_SET_FP_MODE", PR_SET_FP_MODE), .init("PR_GET_FP_MODE", PR_GET_FP_MODE), .init("PR_CAP_AMBIENT", PR_CAP_AMBIENT),
        .init("PR_SVE_SET_VL", PR_SVE_SET_VL), .init("PR_SVE_GET_VL", PR_SVE_GET_VL), .init("PR_GET_SPECULATION_CTRL", PR_GET_SPECULATION_CTRL),
        .init("PR_SET_SPECULATION_CTRL", PR_SET_SPECULATION_CTRL), .init("PR_PAC_RESET_KEYS", PR_PAC_RESET_KEYS),
        .init("PR_SET_TAGGED_ADDR_CTRL", PR_SET_TAGGED_ADDR_CTRL), .init("PR_GET_TAGGED_ADDR_CTRL", PR_GET_TAGGED_ADDR_CTRL),
        .init("PR_SET_IO_FLUSHER", PR_SET_IO_FLUSHER), .init("PR_GET_IO_FLUSHER", PR_GET_IO_FLUSHER),
        .init("PR_SET_SYSCALL_USER_DISPATCH", PR_SET_SYSCALL_USER_DISPATCH), .init("PR_SCHED_CORE", PR_SCHED_CORE), .init("PR_SET_MDWE", PR_SET_MDWE),
        .init("PR_GET_MDWE", PR_GET_MDWE), .init("PR_SET_MEMORY_MERGE", PR_SET_MEMORY_MERGE), .init("PR_GET_MEMORY_MERGE", PR_GET_MEMORY_MERGE),
        .init("PR_GET_AUXV", PR_GET_AUXV), .init("PR_SET_VMA", PR_SET_VMA), .init("PR_TIMER_CREATE_RESTORE_IDS", PR_TIMER_CREATE_RESTORE_IDS),
    ])
    /// ARCH_*.
    static let archPrctlCode = Constants([
        .init("ARCH_SET_GS", ARCH_SET_GS), .init("ARCH_SET_FS", ARCH_SET_FS), .init("ARCH_GET_FS", ARCH_GET_FS), .init("ARCH_GET_GS", ARCH_GET_GS),
        .init("ARCH_GET_CPUID", ARCH_GET_CPUID), .init("ARCH_SET_CPUID", ARCH_SET_CPUID), .init("ARCH_GET_XCOMP_SUPP", ARCH_GET_XCOMP_SUPP),
        .init("ARCH_GET_XCOMP_PERM", ARCH_GET_XCOMP_PERM), .init("ARCH_REQ_XCOMP_PERM", ARCH_REQ_XCOMP_PERM),
        .init("ARCH_MAP_VDSO_X32", ARCH_MAP_VDSO_X32), .init("ARCH_MAP_VDSO_32", ARCH_MAP_VDSO_32), .init("ARCH_MAP_VDSO_64", ARCH_MAP_VDSO_64),
        .init("ARCH_SHSTK_ENABLE", ARCH_SHSTK_ENABLE), .init("ARCH_SHSTK_DISABLE", ARCH_SHSTK_DISABLE), .init("ARCH_SHSTK_LOCK", ARCH_SHSTK_LOCK),
        .init("ARCH_SHSTK_UNLOCK", ARCH_SHSTK_UNLOCK), .init("ARCH_SHSTK_STATUS", ARCH_SHSTK_STATUS),
    ])
    /// RLIMIT_*.
    static let rlimitResource = Constants([
        .init("RLIMIT_CPU", RLIMIT_CPU), .init("RLIMIT_FSIZE", RLIMIT_FSIZE), .init("RLIMIT_DATA", RLIMIT_DATA), .init("RLIMIT_STACK", RLIMIT_STACK),
        .init("RLIMIT_CORE", RLIMIT_CORE), .init("RLIMIT_RSS", RLIMIT_RSS), .init("RLIMIT_NPROC", RLIMIT_NPROC),
        .init("RLIMIT_NOFILE", RLIMIT_NOFILE), .init("RLIMIT_MEMLOCK", RLIMIT_MEMLOCK), .init("RLIMIT_AS", RLIMIT_AS),
        .init("RLIMIT_LOCKS", RLIMIT_LOCKS), .init("RLIMIT_SIGPENDING", RLIMIT_SIGPENDING), .init("RLIMIT_MSGQUEUE", RLIMIT_MSGQUEUE),
        .init("RLIMIT_NICE", RLIMIT_NICE), .init("RLIMIT_RTPRIO", RLIMIT_RTPRIO), .init("RLIMIT_RTTIME", RLIMIT_RTTIME),
    ])
    /// RUSAGE_*.
    static let rusageWho = Constants([
        .init("RUSAGE_SELF", RUSAGE_SELF), .init("RUSAGE_CHILDREN", RUSAGE_CHILDREN), .init("RUSAGE_THREAD", RUSAGE_THREAD),
    ])
    /// SCHED_*.
    static let schedPolicy = Constants([
        .init("SCHED_OTHER", SCHED_OTHER), .init("SCHED_FIFO", SCHED_FIFO), .init("SCHED_RR", SCHED_RR), .init("SCHED_BATCH", SCHED_BATCH),
        .init("SCHED_IDLE", SCHED_IDLE), .init("SCHED_DEADLINE", SCHED_DEADLINE), .init("SCHED_EXT", SCHED_EXT),
    ])
    /// PRIO_*.
    static let priorityWhich = Constants([
        .init("PRIO_PROCESS", PRIO_PROCESS), .init("PRIO_PGRP", PRIO_PGRP), .init("PRIO_USER", PRIO_USER),
    ])
    /// IOPRIO_WHO_*.
    static let ioprioWho = Constants([
        .init("IOPRIO_WHO_PROCESS", IOPRIO_WHO_PROCESS), .init("IOPRIO_WHO_PGRP", IOPRIO_WHO_PGRP), .init("IOPRIO_WHO_USER", IOPRIO_WHO_USER),
    ])
    /// KCMP_*.
    static let kcmpType = Constants([
        .init("KCMP_FILE", KCMP_FILE), .init("KCMP_VM", KCMP_VM), .init("KCMP_FILES", KCMP_FILES), .init("KCMP_FS", KCMP_FS),
        .init("KCMP_SIGHAND", KCMP_SIGHAND), .init("KCMP_IO", KCMP_IO), .init("KCMP_SYSVSEM", KCMP_SYSVSEM), .init("KCMP_EPOLL_TFD", KCMP_EPOLL_TFD),
    ])
    /// MEMBARRIER_CMD_*.
    static let membarrierCommand = Constants([
        .init("MEMBARRIER_CMD_QUERY", MEMBARRIER_CMD_QUERY), .init("MEMBARRIER_CMD_GLOBAL", MEMBARRIER_CMD_GLOBAL),
        .init("MEMBARRIER_CMD_GLOBAL_EXPEDITED", MEMBARRIER_CMD_GLOBAL_EXPEDITED),
        .init("MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED", MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED),
        .init("MEMBARRIER_CMD_PRIVATE_EXPEDITED", MEMBARRIER_CMD_PRIVATE_EXPEDITED),
        .init("MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED", MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED),
        .init("MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE", MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE),
        .init("MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE", MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE),
        .init("MEMBARRIER_CMD_PRIVATE_EXPEDITED_RSEQ", MEMBARRIER_CMD_PRIVATE_EXPEDITED_RSEQ),
        .init("MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_RSEQ", MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_RSEQ),
    ])
    /// GRND_*.
    static let getrandomFlags = Constants([
        .init("GRND_NONBLOCK", GRND_NONBLOCK), .init("GRND_RANDOM", GRND_RANDOM), .init("GRND_INSECURE", GRND_INSECURE),
    ])
    /// SECCOMP_SET_MODE_* and others.
    static let seccompOperation = Constants([
        .init("SECCOMP_SET_MODE_STRICT", SECCOMP_SET_MODE_STRICT), .init("SECCOMP_SET_MODE_FILTER", SECCOMP_SET_MODE_FILTER),
        .init("SECCOMP_GET_ACTION_AVAIL", SECCOMP_GET_ACTION_AVAIL), .init("SECCOMP_GET_NOTIF_SIZES", SECCOMP_GET_NOTIF_SIZES),
    ])
    /// FUTEX_*, without flags.
    static let futexOperation = Constants([
        .init("FUTEX_WAIT", FUTEX_WAIT), .init("FUTEX_WAKE", FUTEX_WAKE), .init("FUTEX_FD", FUTEX_FD), .init("FUTEX_REQUEUE", FUTEX_REQUEUE),
        .init("FUTEX_CMP_REQUEUE", FUTEX_CMP_REQUEUE), .init("FUTEX_WAKE_OP", FUTEX_WAKE_OP), .init("FUTEX_LOCK_PI", FUTEX_LOCK_PI),
        .init("FUTEX_UNLOCK_PI", FUTEX_UNLOCK_PI), .init("FUTEX_TRYLOCK_PI", FUTEX_TRYLOCK_PI), .init("FUTEX_WAIT_BITSET", FUTEX_WAIT_BITSET),
        .init("FUTEX_WAKE_BITSET", FUTEX_WAKE_BITSET), .init("FUTEX_WAIT_REQUEUE_PI", FUTEX_WAIT_REQUEUE_PI),
        .init("FUTEX_CMP_REQUEUE_PI", FUTEX_CMP_REQUEUE_PI), .init("FUTEX_LOCK_PI2", FUTEX_LOCK_PI2),
    ])
    /// SIG*, by number.
    static let signal = Constants([
        .init("SIGHUP", SIGHUP), .init("SIGINT", SIGINT), .init("SIGQUIT", SIGQUIT), .init("SIGILL", SIGILL), .init("SIGTRAP", SIGTRAP),
        .init("SIGABRT", SIGABRT), .init("SIGBUS", SIGBUS), .init("SIGFPE", SIGFPE), .init("SIGKILL", SIGKILL), .init("SIGUSR1", SIGUSR1),
        .init("SIGSEGV", SIGSEGV), .init("SIGUSR2", SIGUSR2), .init("SIGPIPE", SIGPIPE), .init("SIGALRM", SIGALRM), .init("SIGTERM", SIGTERM),
        .init("SIGSTKFLT", SIGSTKFLT), .init("SIGCHLD", SIGCHLD), .init("SIGCONT", SIGCONT), .init("SIGSTOP", SIGSTOP), .init("SIGTSTP", SIGTSTP),
        .init("SIGTTIN", SIGTTIN), .init("SIGTTOU", SIGTTOU), .init("SIGURG", SIGURG), .init("SIGXCPU", SIGXCPU), .init("SIGXFSZ", SIGXFSZ),
        .init("SIGVTALRM", SIGVTALRM), .init("SIGPROF", SIGPROF), .init("SIGWINCH", SIGWINCH), .init("SIGIO", SIGIO), .init("SIGPWR", SIGPWR),
        .init("SIGSYS", SIGSYS),
    ])
    /// SA_*.
    static let sigactionFlags = Constants([
        .init("SA_NOCLDSTOP", SA_NOCLDSTOP), .init("SA_NOCLDWAIT", SA_NOCLDWAIT), .init("SA_SIGINFO", SA_SIGINFO),
        .init("SA_UNSUPPORTED", SA_UNSUPPORTED), .init("SA_EXPOSE_TAGBITS", SA_EXPOSE_TAGBITS), .init("SA_RESTORER", SA_RESTORER),
        .init("SA_ONSTACK", SA_ONSTACK), .init("SA_RESTART", SA_RESTART), .init("SA_NODEFER", SA_NODEFER), .init("SA_RESETHAND", SA_RESETHAND),
    ])
    /// SIG_BLOCK and others.
    static let sigprocmaskHow = Constants([
        .init("SIG_BLOCK", SIG_BLOCK), .init("SIG_UNBLOCK", SIG_UNBLOCK), .init("SIG_SETMASK", SIG_SETMASK),
    ])
    /// SS_*.
    static let signalStackFlags = Constants([
        .init("SS_ONSTACK", SS_ONSTACK), .init("SS_DISABLE", SS_DISABLE), .init("SS_AUTODISARM", SS_AUTODISARM),
    ])
    /// SI_*.
    static let signalCode = Constants([
        .init("SI_USER", SI_USER), .init("SI_KERNEL", SI_KERNEL), .init("SI_QUEUE", SI_QUEUE), .init("SI_TIMER", SI_TIMER),
        .init("SI_MESGQ", SI_MESGQ), .init("SI_ASYNCIO", SI_ASYNCIO), .init("SI_SIGIO", SI_SIGIO), .init("SI_TKILL", SI_TKILL),
    ])
    /// CLD_*.
    static let childCode = Constants([
        .init("CLD_EXITED", CLD_EXITED), .init("CLD_KILLED", CLD_KILLED), .init("CLD_DUMPED", CLD_DUMPED), .init("CLD_TRAPPED", CLD_TRAPPED),
        .init("CLD_STOPPED", CLD_STOPPED), .init("CLD_CONTINUED", CLD_CONTINUED),
    ])
    /// ILL_*.
    static let illegalCode = Constants([
        .init("ILL_ILLOPC", ILL_ILLOPC), .init("ILL_ILLOPN", ILL_ILLOPN), .init("ILL_ILLADR", ILL_ILLADR), .init("ILL_ILLTRP", ILL_ILLTRP),
        .init("ILL_PRVOPC", ILL_PRVOPC), .init("ILL_PRVREG", ILL_PRVREG), .init("ILL_COPROC", ILL_COPROC), .init("ILL_BADSTK", ILL_BADSTK),
    ])
    /// FPE_*.
    static let floatCode = Constants([
        .init("FPE_INTDIV", FPE_INTDIV), .init("FPE_INTOVF", FPE_INTOVF), .init("FPE_FLTDIV", FPE_FLTDIV), .init("FPE_FLTOVF", FPE_FLTOVF),
        .init("FPE_FLTUND", FPE_FLTUND), .init("FPE_FLTRES", FPE_FLTRES), .init("FPE_FLTINV", FPE_FLTINV), .init("FPE_FLTSUB", FPE_FLTSUB),
    ])
    /// SEGV_*.
    static let segmentCode = Constants([
        .init("SEGV_MAPERR", SEGV_MAPERR), .init("SEGV_ACCERR", SEGV_ACCERR), .init("SEGV_BNDERR", SEGV_BNDERR), .init("SEGV_PKUERR", SEGV_PKUERR),
    ])
    /// BUS_*.
    static let busCode = Constants([
        .init("BUS_ADRALN", BUS_ADRALN), .init("BUS_ADRERR", BUS_ADRERR), .init("BUS_OBJERR", BUS_OBJERR), .init("BUS_MCEERR_AR", BUS_MCEERR_AR),
        .init("BUS_MCEERR_AO", BUS_MCEERR_AO),
    ])
    /// TRAP_*.
    static let trapCode = Constants([
        .init("TRAP_BRKPT", TRAP_BRKPT), .init("TRAP_TRACE", TRAP_TRACE), .init("TRAP_BRANCH", TRAP_BRANCH), .init("TRAP_HWBKPT", TRAP_HWBKPT),
        .init("TRAP_UNK", TRAP_UNK), .init("TRAP_PERF", TRAP_PERF),
    ])
    /// POLL_*.
    static let pollCode = Constants([
        .init("POLL_IN", POLL_IN), .init("POLL_OUT", POLL_OUT), .init("POLL_MSG", POLL_MSG), .init("POLL_ERR", POLL_ERR), .init("POLL_PRI", POLL_PRI),
        .init("POLL_HUP", POLL_HUP),
    ])
    /// SYS_*.
    static let systemCode = Constants([
        .init("SYS_SECCOMP", SYS_SECCOMP), .init("SYS_USER_DISPATCH", SYS_USER_DISPATCH),
    ])
    /// SIGEV_*.
    static let sigeventNotify = Constants([
        .init("SIGEV_SIGNAL", SIGEV_SIGNAL), .init("SIGEV_NONE", SIGEV_NONE), .init("SIGEV_THREAD", SIGEV_THREAD),
        .init("SIGEV_THREAD_ID", SIGEV_THREAD_ID),
    ])
    /// CLOCK_*.
    static let clockId = Constants([
        .init("CLOCK_REALTIME", CLOCK_REALTIME), .init("CLOCK_MONOTONIC", CLOCK_MONOTONIC),
        .init("CLOCK_PROCESS_CPUTIME_ID", CLOCK_PROCESS_CPUTIME_ID), .init("CLOCK_THREAD_CPUTIME_ID", CLOCK_THREAD_CPUTIME_ID),
        .init("CLOCK_MONOTONIC_RAW", CLOCK_MONOTONIC_RAW), .init("CLOCK_REALTIME_COARSE", CLOCK_REALTIME_COARSE),
        .init("CLOCK_MONOTONIC_COARSE", CLOCK_MONOTONIC_COARSE), .init("CLOCK_BOOTTIME", CLOCK_BOOTTIME),
        .init("CLOCK_REALTIME_ALARM", CLOCK_REALTIME_ALARM), .init("CLOCK_BOOTTIME_ALARM", CLOCK_BOOTTIME_ALARM), .init("CLOCK_TAI", CLOCK_TAI),
    ])
    /// ITIMER_*.
    static let itimer = Constants([
        .init("ITIMER_REAL", ITIMER_REAL), .init("ITIMER_VIRTUAL", ITIMER_VIRTUAL), .init("ITIMER_PROF", ITIMER_PROF),
    ])
    /// TIMER_ABSTIME.
    static let timerFlags = Constants([
        .init("TIMER_ABSTIME", TIMER_ABSTIME),
    ])
    /// TFD_*.
    static let timerfdFlags = Constants([
        .init("TFD_TIMER_ABSTIME", TFD_TIMER_ABSTIME), .init("TFD_TIMER_CANCEL_ON_SET", TFD_TIMER_CANCEL_ON_SET), .init("TFD_CLOEXEC", TFD_CLOEXEC),
        .init("TFD_NONBLOCK", TFD_NONBLOCK),
    ])
}
