// Signal numbers and the constants of signal(7), sigaction(2), sigaltstack(2) and timer_create(2).
// Sets of signals are in SignalSet.swift, siginfo_t in Siginfo.swift.

// MARK: - Signals, signal(7)

public let SIGHUP: Int32 = 1
public let SIGINT: Int32 = 2
public let SIGQUIT: Int32 = 3
public let SIGILL: Int32 = 4
public let SIGTRAP: Int32 = 5
public let SIGABRT: Int32 = 6
public let SIGBUS: Int32 = 7
public let SIGFPE: Int32 = 8
public let SIGKILL: Int32 = 9
public let SIGUSR1: Int32 = 10
public let SIGSEGV: Int32 = 11
public let SIGUSR2: Int32 = 12
public let SIGPIPE: Int32 = 13
public let SIGALRM: Int32 = 14
public let SIGTERM: Int32 = 15
public let SIGSTKFLT: Int32 = 16
public let SIGCHLD: Int32 = 17
public let SIGCONT: Int32 = 18
public let SIGSTOP: Int32 = 19
public let SIGTSTP: Int32 = 20
public let SIGTTIN: Int32 = 21
public let SIGTTOU: Int32 = 22
public let SIGURG: Int32 = 23
public let SIGXCPU: Int32 = 24
public let SIGXFSZ: Int32 = 25
public let SIGVTALRM: Int32 = 26
public let SIGPROF: Int32 = 27
public let SIGWINCH: Int32 = 28
public let SIGIO: Int32 = 29
public let SIGPWR: Int32 = 30
public let SIGSYS: Int32 = 31
/// The kernel's first real-time signal; C libraries keep the first two or three for themselves.
public let SIGRTMIN: Int32 = 32
public let SIGRTMAX: Int32 = 64
/// Number of signals; they count from 1.
public let NSIG: Int32 = 64

// MARK: - sigaction(2): special handlers

public let SIG_DFL: UInt64 = 0
public let SIG_IGN: UInt64 = 1

// MARK: - sigaction(2): flags

public let SA_NOCLDSTOP: UInt64 = 0x1
public let SA_NOCLDWAIT: UInt64 = 0x2
public let SA_SIGINFO: UInt64 = 0x4
public let SA_UNSUPPORTED: UInt64 = 0x400
public let SA_EXPOSE_TAGBITS: UInt64 = 0x800
public let SA_RESTORER: UInt64 = 0x0400_0000
public let SA_ONSTACK: UInt64 = 0x0800_0000
public let SA_RESTART: UInt64 = 0x1000_0000
public let SA_NODEFER: UInt64 = 0x4000_0000
public let SA_RESETHAND: UInt64 = 0x8000_0000

// MARK: - sigprocmask(2)

public let SIG_BLOCK: Int32 = 0
public let SIG_UNBLOCK: Int32 = 1
public let SIG_SETMASK: Int32 = 2

// MARK: - sigaltstack(2)

public let SS_ONSTACK: UInt32 = 0x1
public let SS_DISABLE: UInt32 = 0x2
public let SS_AUTODISARM: UInt32 = 0x8000_0000

// MARK: - sigaltstack(2): smallest size

public let MINSIGSTKSZ: UInt64 = 2048

// MARK: - si_code: where a signal comes from

public let SI_USER: Int32 = 0
public let SI_KERNEL: Int32 = 128
public let SI_QUEUE: Int32 = -1
public let SI_TIMER: Int32 = -2
public let SI_MESGQ: Int32 = -3
public let SI_ASYNCIO: Int32 = -4
public let SI_SIGIO: Int32 = -5
public let SI_TKILL: Int32 = -6

// MARK: - si_code of SIGILL

public let ILL_ILLOPC: Int32 = 1
public let ILL_ILLOPN: Int32 = 2
public let ILL_ILLADR: Int32 = 3
public let ILL_ILLTRP: Int32 = 4
public let ILL_PRVOPC: Int32 = 5
public let ILL_PRVREG: Int32 = 6
public let ILL_COPROC: Int32 = 7
public let ILL_BADSTK: Int32 = 8

// MARK: - si_code of SIGFPE

public let FPE_INTDIV: Int32 = 1
public let FPE_INTOVF: Int32 = 2
public let FPE_FLTDIV: Int32 = 3
public let FPE_FLTOVF: Int32 = 4
public let FPE_FLTUND: Int32 = 5
public let FPE_FLTRES: Int32 = 6
public let FPE_FLTINV: Int32 = 7
public let FPE_FLTSUB: Int32 = 8

// MARK: - si_code of SIGSEGV

public let SEGV_MAPERR: Int32 = 1
public let SEGV_ACCERR: Int32 = 2
public let SEGV_BNDERR: Int32 = 3
public let SEGV_PKUERR: Int32 = 4

// MARK: - si_code of SIGBUS

public let BUS_ADRALN: Int32 = 1
public let BUS_ADRERR: Int32 = 2
public let BUS_OBJERR: Int32 = 3
public let BUS_MCEERR_AR: Int32 = 4
public let BUS_MCEERR_AO: Int32 = 5

// MARK: - si_code of SIGTRAP

public let TRAP_BRKPT: Int32 = 1
public let TRAP_TRACE: Int32 = 2
public let TRAP_BRANCH: Int32 = 3
public let TRAP_HWBKPT: Int32 = 4
public let TRAP_UNK: Int32 = 5
public let TRAP_PERF: Int32 = 6

// MARK: - si_code of SIGIO

public let POLL_IN: Int32 = 1
public let POLL_OUT: Int32 = 2
public let POLL_MSG: Int32 = 3
public let POLL_ERR: Int32 = 4
public let POLL_PRI: Int32 = 5
public let POLL_HUP: Int32 = 6

// MARK: - si_code of SIGSYS

public let SYS_SECCOMP: Int32 = 1
public let SYS_USER_DISPATCH: Int32 = 2

// MARK: - sigevent(7)

public let SIGEV_SIGNAL: Int32 = 0
public let SIGEV_NONE: Int32 = 1
public let SIGEV_THREAD: Int32 = 2
public let SIGEV_THREAD_ID: Int32 = 4

// MARK: - signalfd(2)

public let SFD_CLOEXEC: UInt32 = 0o2000000
public let SFD_NONBLOCK: UInt32 = 0o4000
