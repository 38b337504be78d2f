// RLIMIT_SIGPENDING: what becomes of a real-time signal that finds no room, by how it was sent.
#include "../tasks.h"

TEST {
    struct rlimit none = {0, 0};
    sigset_t all = SIGSET(SIGUSR1, SIGRTMIN, SIGRTMIN + 1), pending;
    siginfo_t info;
    struct timespec zero = {0, 0};
    MUST(sigprocmask(SIG_SETMASK, &all, NULL));
    MUST(setrlimit(RLIMIT_SIGPENDING, &none));
    SHOW(sigqueue(getpid(), SIGRTMIN, (union sigval){.sival_int = 1}));
    SHOW(RAW(SYS_tgkill, getpid(), gettid(), SIGRTMIN));
    SHOW(RAW(SYS_tkill, gettid(), SIGRTMIN));
    // kill(2) does not fail: the signal comes, but not who sent it.
    SHOW(kill(getpid(), SIGRTMIN));
    SHOW(kill(getpid(), SIGRTMIN));
    SHOW(kill(getpid(), SIGUSR1));
    sigpending(&pending);
    T("pending %s", set_names(&pending));
    while (sigtimedwait(&all, &info, &zero) > 0)
        T("%s code %d, from this process: %s", signal_name(info.si_signo), info.si_code, info.si_pid == getpid() ? "yes" : "no");
}
