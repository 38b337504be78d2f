// sigpending, sigwait, sigwaitinfo, sigtimedwait, sigsuspend, pause.
#include "../tasks.h"

static pid_t self;
static void kill_later(int number) {
    if (fork_child() == 0) {
        sleep_ms(20);
        kill(self, number);
        _exit(0);
    }
}

TEST {
    self = getpid();
    sigset_t set = SIGSET(SIGUSR1, SIGUSR2, SIGRTMIN), pending;
    siginfo_t info;
    struct timespec zero = {0, 0}, little = {0, 20000000}, wrong = {0, -1}, wrong2 = {-1, 0};
    BLOCK(SIGUSR1, SIGUSR2, SIGRTMIN);
    signal(SIGCHLD, SIG_IGN);
    SHOW(sigtimedwait(&set, &info, &zero));
    long start = now_ms();
    SHOW(sigtimedwait(&set, &info, &little));
    CHECK(now_ms() - start >= 20);
    SHOW(sigtimedwait(&set, &info, &wrong));
    SHOW(sigtimedwait(&set, &info, &wrong2));
    SHOW(RAW(SYS_rt_sigtimedwait, BAD, &info, &zero, 8));
    SHOW(RAW(SYS_rt_sigtimedwait, &set, &info, BAD, 8));
    SHOW(RAW(SYS_rt_sigtimedwait, &set, &info, &zero, 16));
    raise(SIGUSR1);
    SHOW(RAW(SYS_rt_sigtimedwait, &set, BAD, &zero, 8));
    SHOW(sigtimedwait(&set, NULL, &zero)); // taken by the failed call

    // Lowest number first; thread-directed before process-directed.
    raise(SIGUSR2);
    kill(self, SIGUSR1);
    kill(self, SIGRTMIN);
    sigpending(&pending);
    T("pending %s", set_names(&pending));
    for (int i = 0; i < 4; i++) {
        int got = sigtimedwait(&set, &info, &zero);
        if (got < 0) T("%s", errno_name(errno));
        else show_info("got", &info);
    }

    kill_later(SIGUSR1);
    SHOW(sigwaitinfo(&set, &info));
    T("%s from a child, pid known: %s", code_name(0, info.si_code), info.si_pid > 0 && info.si_pid != self ? "yes" : "no");
    kill_later(SIGUSR2);
    int number = 0;
    SHOW(sigwait(&set, &number));
    T("%s", signal_name(number));

    // A signal outside of the set interrupts; one ignored does not.
    count_signal(SIGTERM, SA_RESTART);
    kill_later(SIGTERM);
    SHOW(sigwaitinfo(&set, &info));
    signal(SIGHUP, SIG_IGN);
    kill_later(SIGHUP);
    struct timespec more = {0, 60000000};
    SHOW(sigtimedwait(&set, &info, &more));

    // An ignored signal that is blocked and waited for still arrives.
    signal(SIGUSR1, SIG_IGN);
    raise(SIGUSR1);
    sigpending(&pending);
    T("ignored and blocked: pending %s", set_names(&pending));
    SHOW(sigtimedwait(&set, &info, &zero));
    kill_later(SIGUSR1);
    struct timespec second = {1, 0};
    SHOW(sigtimedwait(&set, &info, &second));
    raise(SIGUSR1);
    signal(SIGUSR1, SIG_IGN); // throws away what is pending
    sigpending(&pending);
    T("after ignoring: pending %s", set_names(&pending));
    raise(SIGUSR2);
    signal(SIGUSR2, SIG_DFL); // whose default is not to be ignored
    sigpending(&pending);
    T("after default: pending %s", set_names(&pending));
    sigtimedwait(&set, NULL, &zero);
    BLOCK(SIGWINCH);
    raise(SIGWINCH);
    signal(SIGWINCH, SIG_DFL); // whose default is to be ignored
    sigpending(&pending);
    T("ignored by default: pending %s", set_names(&pending));

    // Signals that are waited for unblocked: taken by the wait, not by the handler.
    count_signal(SIGUSR1, 0);
    UNBLOCK(SIGUSR1);
    kill_later(SIGUSR1);
    set = SIGSET(SIGUSR1);
    SHOW(sigtimedwait(&set, &info, &second));
    SHOW(conf_caught[SIGUSR1]);

    // sigsuspend: the handler runs, then the former mask is back.
    BLOCK(SIGUSR1, SIGTERM);
    conf_caught[SIGTERM] = 0;
    raise(SIGUSR1);
    raise(SIGTERM);
    set = SIGSET(SIGTERM);
    SHOW(sigsuspend(&set));
    T("USR1 %d, TERM %d", conf_caught[SIGUSR1], conf_caught[SIGTERM]);
    sigpending(&pending);
    T("pending %s", set_names(&pending));
    kill_later(SIGUSR1);
    SHOW(sigsuspend(&set));
    T("USR1 %d, TERM %d", conf_caught[SIGUSR1], conf_caught[SIGTERM]);
    UNBLOCK(SIGTERM);
    kill_later(SIGTERM);
    SHOW(pause());
    SHOW(RAW(SYS_rt_sigsuspend, BAD, 8));
    SHOW(RAW(SYS_rt_sigsuspend, &set, 4));
}
