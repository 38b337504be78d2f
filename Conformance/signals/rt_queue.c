// Real-time signals queue in order with their values; standard ones coalesce.
#include "../tasks.h"

static void handler(int number, siginfo_t *info, void *context) {
    (void)context, (void)number;
    show_info("handled", info);
}
static long queue_raw(int number, siginfo_t *info) { return syscall(SYS_rt_sigqueueinfo, getpid(), number, info); }

TEST {
    sigset_t all = SIGSET(SIGUSR1, SIGRTMIN, SIGRTMIN + 2, SIGRTMAX), pending;
    siginfo_t info;
    struct timespec zero = {0, 0};
    MUST(sigprocmask(SIG_SETMASK, &all, NULL));
    for (int i = 0; i < 3; i++) {
        SHOW(sigqueue(getpid(), SIGRTMIN + 2, (union sigval){.sival_int = i}));
        SHOW(sigqueue(getpid(), SIGRTMIN, (union sigval){.sival_int = 10 + i}));
        SHOW(sigqueue(getpid(), SIGUSR1, (union sigval){.sival_int = 20 + i}));
    }
    sigpending(&pending);
    T("pending %s", set_names(&pending));
    while (sigtimedwait(&all, &info, &zero) > 0) show_info("taken", &info);

    // Into handlers.
    on_signal(SIGRTMIN, handler, 0);
    on_signal(SIGRTMAX, handler, 0);
    on_signal(SIGUSR1, handler, 0);
    for (int i = 0; i < 2; i++) {
        sigqueue(getpid(), SIGRTMAX, (union sigval){.sival_int = i});
        sigqueue(getpid(), SIGRTMIN, (union sigval){.sival_int = 10 + i});
        kill(getpid(), SIGRTMIN);
        raise(SIGRTMIN);
        sigqueue(getpid(), SIGUSR1, (union sigval){.sival_int = 20 + i});
        kill(getpid(), SIGUSR1);
    }
    sigset_t none;
    sigemptyset(&none);
    MUST(sigprocmask(SIG_SETMASK, &none, NULL));

    // A child's signals come with the child's pid.
    pid_t self = getpid();
    BLOCK(SIGRTMIN);
    pid_t pid = SPAWN({ for (int i = 0; i < 3; i++) sigqueue(self, SIGRTMIN, (union sigval){.sival_int = i * i}); });
    name_pid(pid, "child");
    reap("child", pid);
    UNBLOCK(SIGRTMIN);

    SHOW(sigqueue(getpid(), 0, (union sigval){0}));
    SHOW(sigqueue(getpid(), 65, (union sigval){0}));
    SHOW(sigqueue(getpid(), -1, (union sigval){0}));
    SHOW(sigqueue(99999999, SIGUSR1, (union sigval){0}));
    SHOW(sigqueue(-1, SIGUSR1, (union sigval){0}));
    SHOW(RAW(SYS_rt_sigqueueinfo, getpid(), SIGUSR1, BAD));

    // Codes of one's own: anything for oneself; nobody can pretend to be the kernel to others.
    memset(&info, 0, sizeof info);
    info.si_signo = SIGUSR1;
    info.si_code = 1234;
    info.si_errno = 5;
    SHOW(queue_raw(SIGUSR1, &info));
    info.si_code = SI_USER;
    info.si_pid = 77;
    info.si_uid = getuid();
    name_pid(77, "a made-up pid");
    SHOW(queue_raw(SIGUSR1, &info));
    info.si_code = -100;
    SHOW(queue_raw(SIGUSR1, &info));
    SHOW(RAW(SYS_rt_tgsigqueueinfo, getpid(), gettid(), SIGUSR1, &info));
    IN_CHILD("to the parent", {
        info.si_code = SI_USER;
        SHOW(RAW(SYS_rt_sigqueueinfo, getppid(), SIGUSR1, &info));
        info.si_code = SI_KERNEL;
        SHOW(RAW(SYS_rt_sigqueueinfo, getppid(), SIGUSR1, &info));
        info.si_code = SI_TKILL;
        SHOW(RAW(SYS_rt_sigqueueinfo, getppid(), SIGUSR1, &info));
        info.si_code = SI_QUEUE;
        SHOW(RAW(SYS_rt_tgsigqueueinfo, getppid(), 99999999, SIGUSR1, &info));
        SHOW(RAW(SYS_rt_tgsigqueueinfo, -1, getppid(), SIGUSR1, &info));
    });

    // The limit of queued signals.
    BLOCK(SIGRTMIN + 1);
    struct rlimit limit = {3, 3};
    IN_CHILD("limit", {
        MUST(setrlimit(RLIMIT_SIGPENDING, &limit));
        sigset_t rt = SIGSET(SIGRTMIN + 1);
        // Others of the user may have some queued, so the number is not told, but that it ends.
        int count = 0;
        while (count < 10 && sigqueue(getpid(), SIGRTMIN + 1, (union sigval){.sival_int = count}) == 0) count++;
        CHECK(count <= 3);
        T("then %s", errno_name(errno));
        SHOW(kill(getpid(), SIGRTMIN + 1)); // without information, at least the bit
        int got = 0;
        while (sigtimedwait(&rt, &info, &zero) > 0) got++;
        CHECK(got == count || got == count + 1);
    });
}
