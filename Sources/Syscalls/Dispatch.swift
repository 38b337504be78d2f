import KernelBase
import LinuxABI
import Machine
import Tasks

extension SyscallContext {
    /// The kernel's table: every call that is implemented, one line each, by subject. A number that is not
    /// here is answered `ENOSYS` and counted.
    @inline(__always)
    public func dispatch(_ call: Syscall) throws(Errno) -> Int {
        switch call {
        // --- processes ---
        case .fork: try sysFork()
        case .vfork: try sysVfork()
        case .clone: try sysClone()
        case .clone3: try sysClone3()
        case .exit: sysExit()
        case .exit_group: sysExitGroup()
        case .wait4: try sysWait4()
        case .waitid: try sysWaitid()
        case .getpid: Int(process.pid)
        case .getppid: Int(process.parent?.pid ?? 0)
        case .gettid: Int(task.tid)
        case .setpgid: try sysSetpgid()
        case .getpgid: try sysGetpgid()
        case .getpgrp: Int(process.group.id)
        case .setsid: try sysSetsid()
        case .getsid: try sysGetsid()
        case .set_tid_address: sysSetTidAddress()

        case .execve: try sysExecve()
        case .execveat: try sysExecveat()

        // --- signals ---
        case .rt_sigaction: try sysRtSigaction()
        case .rt_sigprocmask: try sysRtSigprocmask()
        case .rt_sigreturn: task.returnFromHandler()
        case .rt_sigpending: try sysRtSigpending()
        case .rt_sigsuspend: try sysRtSigsuspend()
        case .rt_sigtimedwait: try sysRtSigtimedwait()
        case .rt_sigqueueinfo: try sysRtSigqueueinfo()
        case .rt_tgsigqueueinfo: try sysRtTgsigqueueinfo()
        case .kill: try sysKill()
        case .tkill: try sysTkill()
        case .tgkill: try sysTgkill()
        case .sigaltstack: try sysSigaltstack()
        case .pause: try sysPause()
        case .restart_syscall: try sysRestartSyscall()

        // --- threads ---
        case .futex: try sysFutex()
        case .futex_waitv: try sysFutexWaitv()
        case .set_robust_list: try sysSetRobustList()
        case .get_robust_list: try sysGetRobustList()
        case .arch_prctl: try sysArchPrctl()

        // --- time ---
        case .clock_gettime: try sysClockGettime()
        case .clock_getres: try sysClockGetres()
        case .clock_settime: try sysClockSettime()
        case .clock_nanosleep: try sysClockNanosleep()
        case .nanosleep: try sysNanosleep()
        case .gettimeofday: try sysGettimeofday()
        case .time: try sysTime()
        case .times: try sysTimes()
        case .getrusage: try sysGetrusage()

        // --- system ---
        case .uname: try sysUname()
        case .sethostname: try sysSethostname()
        case .setdomainname: try sysSetdomainname()
        case .sysinfo: try sysSysinfo()
        case .getrandom: try sysGetrandom()
        case .getcpu: try sysGetcpu()
        case .membarrier: try sysMembarrier()
        case .personality: try sysPersonality()

        // --- identity ---
        case .getuid: Int(credentials.uid)
        case .geteuid: Int(credentials.euid)
        case .getgid: Int(credentials.gid)
        case .getegid: Int(credentials.egid)
        case .setuid: try sysSetuid()
        case .setgid: try sysSetgid()
        case .setreuid: try sysSetreuid()
        case .setregid: try sysSetregid()
        case .setresuid: try sysSetresuid()
        case .setresgid: try sysSetresgid()
        case .getresuid: try sysGetresuid()
        case .getresgid: try sysGetresgid()
        case .setfsuid: sysSetfsuid()
        case .setfsgid: sysSetfsgid()
        case .getgroups: try sysGetgroups()
        case .setgroups: try sysSetgroups()
        case .capget: try sysCapget()
        case .capset: try sysCapset()
        // --- pipes and events ---
        case .pipe: try sysPipe()
        case .pipe2: try sysPipe2()
        case .eventfd: try sysEventfd()
        case .eventfd2: try sysEventfd2()
        case .timerfd_create: try sysTimerfdCreate()
        case .timerfd_settime: try sysTimerfdSettime()
        case .timerfd_gettime: try sysTimerfdGettime()

        // --- waiting for descriptors ---
        case .poll: try sysPoll()
        case .ppoll: try sysPpoll()
        case .select: try sysSelect()
        case .pselect6: try sysPselect6()
        case .epoll_create: try sysEpollCreate()
        case .epoll_create1: try sysEpollCreate1()
        case .epoll_ctl: try sysEpollCtl()
        case .epoll_wait: try sysEpollWait()
        case .epoll_pwait: try sysEpollPwait()
        case .epoll_pwait2: try sysEpollPwait2()

        // --- sockets ---
        case .socket: try sysSocket()
        case .socketpair: try sysSocketpair()
        case .bind: try sysBind()
        case .listen: try sysListen()
        case .connect: try sysConnect()
        case .accept: try sysAccept()
        case .accept4: try sysAccept4()
        case .getsockname: try sysGetsockname()
        case .getpeername: try sysGetpeername()
        case .shutdown: try sysShutdown()
        case .getsockopt: try sysGetsockopt()
        case .setsockopt: try sysSetsockopt()
        case .sendto: try sysSendto()
        case .sendmsg: try sysSendmsg()
        case .sendmmsg: try sysSendmmsg()
        case .recvfrom: try sysRecvfrom()
        case .recvmsg: try sysRecvmsg()
        case .recvmmsg: try sysRecvmmsg()

        // --- memory ---
        case .mmap: try sysMmap()
        case .munmap: try sysMunmap()
        case .mprotect: try sysMprotect()
        case .mremap: try sysMremap()
        case .brk: sysBrk()
        case .madvise: try sysMadvise()
        case .msync: try sysMsync()
        case .mincore: try sysMincore()
        case .mlock: try sysMlock()
        case .mlock2: try sysMlock2()
        case .munlock: try sysMunlock()
        case .mlockall: try sysMlockall()
        case .munlockall: try sysMunlockall()
        case .remap_file_pages: try sysRemapFilePages()
        case .mseal: try sysMseal()
        case .pkey_mprotect: try sysPkeyMprotect()
        case .pkey_alloc: try sysPkeyAlloc()
        case .pkey_free: try sysPkeyFree()
        case .process_vm_readv: try sysProcessVmReadv()
        case .process_vm_writev: try sysProcessVmWritev()
        case .process_madvise: try sysProcessMadvise()
        case .set_mempolicy: try sysSetMempolicy()
        case .get_mempolicy: try sysGetMempolicy()
        case .mbind: try sysMbind()
        case .migrate_pages: try sysMigratePages()
        case .move_pages: try sysMovePages()

        // --- timers ---
        case .setitimer: try sysSetitimer()
        case .getitimer: try sysGetitimer()
        case .alarm: sysAlarm()
        case .timer_create: try sysTimerCreate()
        case .timer_settime: try sysTimerSettime()
        case .timer_gettime: try sysTimerGettime()
        case .timer_getoverrun: try sysTimerGetoverrun()
        case .timer_delete: try sysTimerDelete()

        default: throw .ENOSYS
        }
    }
}
