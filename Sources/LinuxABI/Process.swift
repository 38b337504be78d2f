// Constants of the calls on processes and threads: clone, wait, prctl, limits, scheduling, personality.
// Futexes are in Futex.swift, capabilities in Credentials.swift.

// MARK: - clone(2), clone3(2), unshare(2), setns(2)

/// clone(2) only: the bits that hold the exit signal.
public let CSIGNAL: UInt64 = 0xff
/// Not for clone(2), whose exit signal it would overlap.
public let CLONE_NEWTIME: UInt64 = 0x80
public let CLONE_VM: UInt64 = 0x100
public let CLONE_FS: UInt64 = 0x200
public let CLONE_FILES: UInt64 = 0x400
public let CLONE_SIGHAND: UInt64 = 0x800
public let CLONE_PIDFD: UInt64 = 0x1000
public let CLONE_PTRACE: UInt64 = 0x2000
public let CLONE_VFORK: UInt64 = 0x4000
public let CLONE_PARENT: UInt64 = 0x8000
public let CLONE_THREAD: UInt64 = 0x0001_0000
public let CLONE_NEWNS: UInt64 = 0x0002_0000
public let CLONE_SYSVSEM: UInt64 = 0x0004_0000
public let CLONE_SETTLS: UInt64 = 0x0008_0000
public let CLONE_PARENT_SETTID: UInt64 = 0x0010_0000
public let CLONE_CHILD_CLEARTID: UInt64 = 0x0020_0000
public let CLONE_DETACHED: UInt64 = 0x0040_0000
public let CLONE_UNTRACED: UInt64 = 0x0080_0000
public let CLONE_CHILD_SETTID: UInt64 = 0x0100_0000
public let CLONE_NEWCGROUP: UInt64 = 0x0200_0000
public let CLONE_NEWUTS: UInt64 = 0x0400_0000
public let CLONE_NEWIPC: UInt64 = 0x0800_0000
public let CLONE_NEWUSER: UInt64 = 0x1000_0000
public let CLONE_NEWPID: UInt64 = 0x2000_0000
public let CLONE_NEWNET: UInt64 = 0x4000_0000
public let CLONE_IO: UInt64 = 0x8000_0000
/// clone3(2) only.
public let CLONE_CLEAR_SIGHAND: UInt64 = 0x0001_0000_0000
/// clone3(2) only.
public let CLONE_INTO_CGROUP: UInt64 = 0x0002_0000_0000

// MARK: - waitpid(2), waitid(2): options

public let WNOHANG: UInt32 = 0x1
public let WUNTRACED: UInt32 = 0x2
/// The same bit as WUNTRACED.
public let WSTOPPED: UInt32 = 0x2
public let WEXITED: UInt32 = 0x4
public let WCONTINUED: UInt32 = 0x8
public let WNOWAIT: UInt32 = 0x0100_0000
public let __WNOTHREAD: UInt32 = 0x2000_0000
public let __WALL: UInt32 = 0x4000_0000
public let __WCLONE: UInt32 = 0x8000_0000

// MARK: - waitid(2): kinds of id

public let P_ALL: Int32 = 0
public let P_PID: Int32 = 1
public let P_PGID: Int32 = 2
public let P_PIDFD: Int32 = 3

// MARK: - waitid(2), SIGCHLD: what happened to the child

public let CLD_EXITED: Int32 = 1
public let CLD_KILLED: Int32 = 2
public let CLD_DUMPED: Int32 = 3
public let CLD_TRAPPED: Int32 = 4
public let CLD_STOPPED: Int32 = 5
public let CLD_CONTINUED: Int32 = 6

// MARK: - pidfd_open(2), pidfd_send_signal(2)

public let PIDFD_NONBLOCK: UInt32 = 0o4000
public let PIDFD_THREAD: UInt32 = 0o200
public let PIDFD_SIGNAL_THREAD: UInt32 = 0x1
public let PIDFD_SIGNAL_THREAD_GROUP: UInt32 = 0x2
public let PIDFD_SIGNAL_PROCESS_GROUP: UInt32 = 0x4

// MARK: - prctl(2): options

public let PR_SET_PDEATHSIG: Int32 = 1
public let PR_GET_PDEATHSIG: Int32 = 2
public let PR_GET_DUMPABLE: Int32 = 3
public let PR_SET_DUMPABLE: Int32 = 4
public let PR_GET_UNALIGN: Int32 = 5
public let PR_SET_UNALIGN: Int32 = 6
public let PR_GET_KEEPCAPS: Int32 = 7
public let PR_SET_KEEPCAPS: Int32 = 8
public let PR_GET_FPEMU: Int32 = 9
public let PR_SET_FPEMU: Int32 = 10
public let PR_GET_FPEXC: Int32 = 11
public let PR_SET_FPEXC: Int32 = 12
public let PR_GET_TIMING: Int32 = 13
public let PR_SET_TIMING: Int32 = 14
public let PR_SET_NAME: Int32 = 15
public let PR_GET_NAME: Int32 = 16
public let PR_GET_ENDIAN: Int32 = 19
public let PR_SET_ENDIAN: Int32 = 20
public let PR_GET_SECCOMP: Int32 = 21
public let PR_SET_SECCOMP: Int32 = 22
public let PR_CAPBSET_READ: Int32 = 23
public let PR_CAPBSET_DROP: Int32 = 24
public let PR_GET_TSC: Int32 = 25
public let PR_SET_TSC: Int32 = 26
public let PR_GET_SECUREBITS: Int32 = 27
public let PR_SET_SECUREBITS: Int32 = 28
public let PR_SET_TIMERSLACK: Int32 = 29
public let PR_GET_TIMERSLACK: Int32 = 30
public let PR_TASK_PERF_EVENTS_DISABLE: Int32 = 31
public let PR_TASK_PERF_EVENTS_ENABLE: Int32 = 32
public let PR_MCE_KILL: Int32 = 33
public let PR_MCE_KILL_GET: Int32 = 34
public let PR_SET_MM: Int32 = 35
public let PR_SET_PTRACER: Int32 = 1499557217
public let PR_SET_CHILD_SUBREAPER: Int32 = 36
public let PR_GET_CHILD_SUBREAPER: Int32 = 37
public let PR_SET_NO_NEW_PRIVS: Int32 = 38
public let PR_GET_NO_NEW_PRIVS: Int32 = 39
public let PR_GET_TID_ADDRESS: Int32 = 40
public let PR_SET_THP_DISABLE: Int32 = 41
public let PR_GET_THP_DISABLE: Int32 = 42
public let PR_MPX_ENABLE_MANAGEMENT: Int32 = 43
public let PR_MPX_DISABLE_MANAGEMENT: Int32 = 44
public let PR_SET_FP_MODE: Int32 = 45
public let PR_GET_FP_MODE: Int32 = 46
public let PR_CAP_AMBIENT: Int32 = 47
public let PR_SVE_SET_VL: Int32 = 50
public let PR_SVE_GET_VL: Int32 = 51
public let PR_GET_SPECULATION_CTRL: Int32 = 52
public let PR_SET_SPECULATION_CTRL: Int32 = 53
public let PR_PAC_RESET_KEYS: Int32 = 54
public let PR_SET_TAGGED_ADDR_CTRL: Int32 = 55
public let PR_GET_TAGGED_ADDR_CTRL: Int32 = 56
public let PR_SET_IO_FLUSHER: Int32 = 57
public let PR_GET_IO_FLUSHER: Int32 = 58
public let PR_SET_SYSCALL_USER_DISPATCH: Int32 = 59
public let PR_SCHED_CORE: Int32 = 62
public let PR_SET_MDWE: Int32 = 65
public let PR_GET_MDWE: Int32 = 66
public let PR_SET_MEMORY_MERGE: Int32 = 67
public let PR_GET_MEMORY_MERGE: Int32 = 68
public let PR_GET_AUXV: Int32 = 0x41555856
public let PR_SET_VMA: Int32 = 1398164801
public let PR_SET_VMA_ANON_NAME: Int32 = 0
public let PR_TIMER_CREATE_RESTORE_IDS: Int32 = 77

// MARK: - prctl(2): operations of PR_CAP_AMBIENT and of PR_SET_MM

public let PR_CAP_AMBIENT_IS_SET: Int32 = 1
public let PR_CAP_AMBIENT_RAISE: Int32 = 2
public let PR_CAP_AMBIENT_LOWER: Int32 = 3
public let PR_CAP_AMBIENT_CLEAR_ALL: Int32 = 4
public let PR_SET_MM_START_CODE: Int32 = 1
public let PR_SET_MM_END_CODE: Int32 = 2
public let PR_SET_MM_START_DATA: Int32 = 3
public let PR_SET_MM_END_DATA: Int32 = 4
public let PR_SET_MM_START_STACK: Int32 = 5
public let PR_SET_MM_START_BRK: Int32 = 6
public let PR_SET_MM_BRK: Int32 = 7
public let PR_SET_MM_ARG_START: Int32 = 8
public let PR_SET_MM_ARG_END: Int32 = 9
public let PR_SET_MM_ENV_START: Int32 = 10
public let PR_SET_MM_ENV_END: Int32 = 11
public let PR_SET_MM_AUXV: Int32 = 12
public let PR_SET_MM_EXE_FILE: Int32 = 13
public let PR_SET_MM_MAP: Int32 = 14
public let PR_SET_MM_MAP_SIZE: Int32 = 15

// MARK: - prctl(2): values of PR_SET_TSC

public let PR_TSC_ENABLE: Int32 = 1
public let PR_TSC_SIGSEGV: Int32 = 2

// MARK: - arch_prctl(2)

public let ARCH_SET_GS: Int32 = 0x1001
public let ARCH_SET_FS: Int32 = 0x1002
public let ARCH_GET_FS: Int32 = 0x1003
public let ARCH_GET_GS: Int32 = 0x1004
public let ARCH_GET_CPUID: Int32 = 0x1011
public let ARCH_SET_CPUID: Int32 = 0x1012
public let ARCH_GET_XCOMP_SUPP: Int32 = 0x1021
public let ARCH_GET_XCOMP_PERM: Int32 = 0x1022
public let ARCH_REQ_XCOMP_PERM: Int32 = 0x1023
public let ARCH_MAP_VDSO_X32: Int32 = 0x2001
public let ARCH_MAP_VDSO_32: Int32 = 0x2002
public let ARCH_MAP_VDSO_64: Int32 = 0x2003
public let ARCH_SHSTK_ENABLE: Int32 = 0x5001
public let ARCH_SHSTK_DISABLE: Int32 = 0x5002
public let ARCH_SHSTK_LOCK: Int32 = 0x5003
public let ARCH_SHSTK_UNLOCK: Int32 = 0x5004
public let ARCH_SHSTK_STATUS: Int32 = 0x5005

// MARK: - getrlimit(2), prlimit(2)

public let RLIMIT_CPU: UInt32 = 0
public let RLIMIT_FSIZE: UInt32 = 1
public let RLIMIT_DATA: UInt32 = 2
public let RLIMIT_STACK: UInt32 = 3
public let RLIMIT_CORE: UInt32 = 4
public let RLIMIT_RSS: UInt32 = 5
public let RLIMIT_NPROC: UInt32 = 6
public let RLIMIT_NOFILE: UInt32 = 7
public let RLIMIT_MEMLOCK: UInt32 = 8
public let RLIMIT_AS: UInt32 = 9
public let RLIMIT_LOCKS: UInt32 = 10
public let RLIMIT_SIGPENDING: UInt32 = 11
public let RLIMIT_MSGQUEUE: UInt32 = 12
public let RLIMIT_NICE: UInt32 = 13
public let RLIMIT_RTPRIO: UInt32 = 14
public let RLIMIT_RTTIME: UInt32 = 15
public let RLIM_NLIMITS: UInt32 = 16

// MARK: - getrlimit(2): no limit

public let RLIM_INFINITY: UInt64 = 0xffff_ffff_ffff_ffff

// MARK: - getrusage(2)

public let RUSAGE_SELF: Int32 = 0
public let RUSAGE_CHILDREN: Int32 = -1
/// Inside the kernel only: the sum for wait4(2).
public let RUSAGE_BOTH: Int32 = -2
public let RUSAGE_THREAD: Int32 = 1

// MARK: - getpriority(2)

public let PRIO_PROCESS: Int32 = 0
public let PRIO_PGRP: Int32 = 1
public let PRIO_USER: Int32 = 2

// MARK: - sched_setscheduler(2): policies

public let SCHED_OTHER: Int32 = 0
public let SCHED_FIFO: Int32 = 1
public let SCHED_RR: Int32 = 2
public let SCHED_BATCH: Int32 = 3
public let SCHED_IDLE: Int32 = 5
public let SCHED_DEADLINE: Int32 = 6
public let SCHED_EXT: Int32 = 7
/// Bit added to the policy.
public let SCHED_RESET_ON_FORK: Int32 = 1073741824

// MARK: - sched_setattr(2): flags

public let SCHED_FLAG_RESET_ON_FORK: UInt64 = 0x1
public let SCHED_FLAG_RECLAIM: UInt64 = 0x2
public let SCHED_FLAG_DL_OVERRUN: UInt64 = 0x4
public let SCHED_FLAG_KEEP_POLICY: UInt64 = 0x8
public let SCHED_FLAG_KEEP_PARAMS: UInt64 = 0x10
public let SCHED_FLAG_UTIL_CLAMP_MIN: UInt64 = 0x20
public let SCHED_FLAG_UTIL_CLAMP_MAX: UInt64 = 0x40

// MARK: - personality(2)

public let PER_LINUX: UInt32 = 0x0
public let PER_LINUX32: UInt32 = 0x8
public let PER_MASK: UInt32 = 0xff
public let UNAME26: UInt32 = 0x0002_0000
public let ADDR_NO_RANDOMIZE: UInt32 = 0x0004_0000
public let FDPIC_FUNCPTRS: UInt32 = 0x0008_0000
public let MMAP_PAGE_ZERO: UInt32 = 0x0010_0000
public let ADDR_COMPAT_LAYOUT: UInt32 = 0x0020_0000
public let READ_IMPLIES_EXEC: UInt32 = 0x0040_0000
public let ADDR_LIMIT_32BIT: UInt32 = 0x0080_0000
public let SHORT_INODE: UInt32 = 0x0100_0000
public let WHOLE_SECONDS: UInt32 = 0x0200_0000
public let STICKY_TIMEOUTS: UInt32 = 0x0400_0000
public let ADDR_LIMIT_3GB: UInt32 = 0x0800_0000

// MARK: - ioprio_set(2)

public let IOPRIO_WHO_PROCESS: Int32 = 1
public let IOPRIO_WHO_PGRP: Int32 = 2
public let IOPRIO_WHO_USER: Int32 = 3
public let IOPRIO_CLASS_NONE: Int32 = 0
public let IOPRIO_CLASS_RT: Int32 = 1
public let IOPRIO_CLASS_BE: Int32 = 2
public let IOPRIO_CLASS_IDLE: Int32 = 3
public let IOPRIO_CLASS_SHIFT: Int32 = 13

// MARK: - pidfd_open(2): ioctl PIDFD_GET_INFO

/// Without the size of the structure, which is in bits 16 to 29.
public let PIDFD_GET_INFO: UInt32 = 0xc000_ff0b
public let PIDFD_INFO_SIZE_VER0 = 64
/// What is known of the structure.
public let PIDFD_INFO_SIZE = 72
public let PIDFD_INFO_PID: UInt64 = 0x1
public let PIDFD_INFO_CREDS: UInt64 = 0x2
public let PIDFD_INFO_CGROUPID: UInt64 = 0x4
public let PIDFD_INFO_EXIT: UInt64 = 0x8
public let PIDFD_INFO_COREDUMP: UInt64 = 0x10

// MARK: - kcmp(2)

public let KCMP_FILE: Int32 = 0
public let KCMP_VM: Int32 = 1
public let KCMP_FILES: Int32 = 2
public let KCMP_FS: Int32 = 3
public let KCMP_SIGHAND: Int32 = 4
public let KCMP_IO: Int32 = 5
public let KCMP_SYSVSEM: Int32 = 6
public let KCMP_EPOLL_TFD: Int32 = 7

// MARK: - membarrier(2)

public let MEMBARRIER_CMD_QUERY: Int32 = 0x0
public let MEMBARRIER_CMD_GLOBAL: Int32 = 0x1
public let MEMBARRIER_CMD_GLOBAL_EXPEDITED: Int32 = 0x2
public let MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED: Int32 = 0x4
public let MEMBARRIER_CMD_PRIVATE_EXPEDITED: Int32 = 0x8
public let MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED: Int32 = 0x10
public let MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE: Int32 = 0x20
public let MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE: Int32 = 0x40
public let MEMBARRIER_CMD_PRIVATE_EXPEDITED_RSEQ: Int32 = 0x80
public let MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_RSEQ: Int32 = 0x100

// MARK: - rseq(2), getrandom(2)

public let RSEQ_FLAG_UNREGISTER: UInt32 = 0x1
public let GRND_NONBLOCK: UInt32 = 0x1
public let GRND_RANDOM: UInt32 = 0x2
public let GRND_INSECURE: UInt32 = 0x4

// MARK: - seccomp(2)

public let SECCOMP_SET_MODE_STRICT: UInt32 = 0x0
public let SECCOMP_SET_MODE_FILTER: UInt32 = 0x1
public let SECCOMP_GET_ACTION_AVAIL: UInt32 = 0x2
public let SECCOMP_GET_NOTIF_SIZES: UInt32 = 0x3
public let SECCOMP_MODE_DISABLED: UInt32 = 0x0
public let SECCOMP_MODE_STRICT: UInt32 = 0x1
public let SECCOMP_MODE_FILTER: UInt32 = 0x2
public let SECCOMP_FILTER_FLAG_TSYNC: UInt32 = 0x1
public let SECCOMP_FILTER_FLAG_LOG: UInt32 = 0x2
public let SECCOMP_FILTER_FLAG_SPEC_ALLOW: UInt32 = 0x4
public let SECCOMP_FILTER_FLAG_NEW_LISTENER: UInt32 = 0x8
public let SECCOMP_FILTER_FLAG_TSYNC_ESRCH: UInt32 = 0x10
public let SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV: UInt32 = 0x20
public let SECCOMP_RET_KILL_PROCESS: UInt32 = 0x8000_0000
public let SECCOMP_RET_KILL_THREAD: UInt32 = 0x0
public let SECCOMP_RET_TRAP: UInt32 = 0x0003_0000
public let SECCOMP_RET_ERRNO: UInt32 = 0x0005_0000
public let SECCOMP_RET_USER_NOTIF: UInt32 = 0x7fc0_0000
public let SECCOMP_RET_TRACE: UInt32 = 0x7ff0_0000
public let SECCOMP_RET_LOG: UInt32 = 0x7ffc_0000
public let SECCOMP_RET_ALLOW: UInt32 = 0x7fff_0000
public let SECCOMP_RET_ACTION_FULL: UInt32 = 0xffff_0000
public let SECCOMP_RET_DATA: UInt32 = 0xffff

// MARK: - seccomp_unotify(2)

public let SECCOMP_IOCTL_NOTIF_RECV: UInt = 0xc050_2100
public let SECCOMP_IOCTL_NOTIF_SEND: UInt = 0xc018_2101
public let SECCOMP_IOCTL_NOTIF_ID_VALID: UInt = 0x4008_2102
/// The number that headers had by mistake until Linux 5.10.
public let SECCOMP_IOCTL_NOTIF_ID_VALID_WRONG_DIR: UInt = 0x8008_2102
public let SECCOMP_IOCTL_NOTIF_ADDFD: UInt = 0x4018_2103
public let SECCOMP_IOCTL_NOTIF_SET_FLAGS: UInt = 0x4008_2104
public let SECCOMP_USER_NOTIF_FLAG_CONTINUE: UInt32 = 0x1
public let SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP: UInt64 = 0x1
public let SECCOMP_ADDFD_FLAG_SETFD: UInt32 = 0x1
public let SECCOMP_ADDFD_FLAG_SEND: UInt32 = 0x2

// MARK: - reboot(2)

public let LINUX_REBOOT_MAGIC1: UInt32 = 0xfee1_dead
public let LINUX_REBOOT_MAGIC2: UInt32 = 0x2812_1969
public let LINUX_REBOOT_CMD_RESTART: UInt32 = 0x0123_4567
public let LINUX_REBOOT_CMD_HALT: UInt32 = 0xcdef_0123
public let LINUX_REBOOT_CMD_POWER_OFF: UInt32 = 0x4321_fedc
public let LINUX_REBOOT_CMD_CAD_ON: UInt32 = 0x89ab_cdef
public let LINUX_REBOOT_CMD_CAD_OFF: UInt32 = 0x0

// MARK: - Audit architecture numbers, as in struct seccomp_data and siginfo of SIGSYS

public let AUDIT_ARCH_X86_64: UInt32 = 0xc000_003e
public let AUDIT_ARCH_I386: UInt32 = 0x4000_0003

// MARK: - Sizes

/// Name of a task, with the final zero.
public let TASK_COMM_LEN: Int = 16
/// Longest string of execve(2), with the final zero.
public let MAX_ARG_STRLEN: Int = 131072
public let MAX_ARG_STRINGS: Int = 2147483647
/// How much of a file execve(2) looks at to find its format.
public let BINPRM_BUF_SIZE: Int = 256
