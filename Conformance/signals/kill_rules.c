// kill, tkill, tgkill: targets, errors, permissions; what kill(0), kill(-group), kill(-1) reach.
#include "../tasks.h"

static siginfo_t caught;
static void handler(int number, siginfo_t *info, void *context) { (void)number, (void)context; caught = *info; }
static void *waits(void *argument) {
    *(pid_t *)argument = gettid();
    for (;;) pause();
    return NULL;
}

TEST {
    SHOW(kill(getpid(), 0));
    SHOW(kill(getpid(), 65));
    SHOW(kill(getpid(), -1));
    SHOW(kill(99999999, 0));
    SHOW(kill(99999999, 65));
    SHOW(kill(-99999999, 0));
    SHOW(kill(INT_MIN, 0));
    SHOW(kill(0, 0));
    SHOW(RAW(SYS_tkill, gettid(), 0));
    SHOW(RAW(SYS_tkill, 0, 0));
    SHOW(RAW(SYS_tkill, -1, 0));
    SHOW(RAW(SYS_tkill, 99999999, 0));
    SHOW(RAW(SYS_tgkill, getpid(), gettid(), 65));
    SHOW(RAW(SYS_tgkill, getpid(), 0, 0));
    SHOW(RAW(SYS_tgkill, 0, gettid(), 0));
    SHOW(RAW(SYS_tgkill, getpid(), 1, 0)); // not its thread
    on_signal(SIGUSR1, handler, 0);
    kill(getpid(), SIGUSR1);
    show_info("kill", &caught);
    syscall(SYS_tkill, gettid(), SIGUSR1);
    show_info("tkill", &caught);
    raise(SIGUSR1);
    show_info("raise", &caught);
    sigqueue(getpid(), SIGUSR1, (union sigval){.sival_int = 3});
    show_info("sigqueue", &caught);
    pthread_sigqueue(pthread_self(), SIGUSR1, (union sigval){.sival_int = 4});
    show_info("pthread_sigqueue", &caught);

    // A thread's id is good for kill as well: it names the process.
    pid_t tid = 0;
    pthread_t thread;
    pthread_create(&thread, NULL, waits, &tid);
    AWAIT(*(volatile pid_t *)&tid);
    memset(&caught, 0, sizeof caught);
    SHOW(kill(tid, SIGUSR1));
    AWAIT(*(volatile int *)&caught.si_signo);
    show_info("kill of a thread's id", &caught);
    SHOW(getpgid(tid) == getpgrp());

    // The members of the group, the caller included.
    IN_CHILD("kill(0)", {
        setpgid(0, 0);
        pid_t first = SPAWN({ for (;;) pause(); });
        pid_t second = SPAWN({ setpgid(0, 0); for (;;) pause(); });
        MUST(setpgid(second, second));
        count_signal(SIGTERM, 0);
        SHOW(kill(0, SIGTERM));
        SHOW(conf_caught[SIGTERM]);
        reap("member", first);
        SHOW(waitpid(second, NULL, WNOHANG));
        SHOW(kill(-second, SIGKILL));
        reap("other group", second);
    });

    // Other users' processes. Init belongs to root.
    IN_CHILD("an ordinary user", {
        drop_root();
        SHOW(kill(1, 0));
        SHOW(kill(1, SIGTERM));
        SHOW(kill(1, 65));
        SHOW(kill(getpid(), 0));
    });
    struct gate gate = make_gate();
    if (getuid() == 0) {
        pid_t pid = SPAWN({ drop_root(); gate_wait(gate); });
        SHOW(kill(pid, 0));
        IN_CHILD("another user", setgroups(0, NULL), setresgid(1234, 1234, 1234), setresuid(1234, 1234, 1234); SHOW(kill(pid, SIGTERM)); SHOW(kill(pid, SIGCONT)); SHOW(kill(-getpgrp(), 0)));
        gate_open(gate);
        reap("target", pid);
    } else {
        T("kill(pid, 0) = 0\nkill(pid, SIGTERM) = -1 EPERM\nkill(pid, SIGCONT) = 0\nkill(-getpgrp(), 0) = 0\nanother user: exited 0\ntarget: exited 0");
    }
}
