// sigaction and signal as interfaces: numbers, flags that come back, errors, the raw call.
#include "../tasks.h"

struct kernel_action { void *handler; unsigned long flags; void *restorer; unsigned long mask; };
static void handler(int number) { (void)number; }
static void restorer(void) {}

TEST {
    struct sigaction action = {.sa_handler = handler}, old;
    for (int number = 1; number <= 64; number++)
        if (number != 32 && number != 33 && sigaction(number, &action, NULL) < 0) T("signal %d: %s", number, errno_name(errno));
    struct kernel_action set = {handler, 0, NULL, ~0UL}, got;
    SHOW(RAW(SYS_rt_sigaction, 0, &set, NULL, 8));
    SHOW(RAW(SYS_rt_sigaction, 65, &set, NULL, 8));
    SHOW(RAW(SYS_rt_sigaction, -1, &set, NULL, 8));
    SHOW(RAW(SYS_rt_sigaction, SIGKILL, &set, NULL, 8));
    SHOW(RAW(SYS_rt_sigaction, SIGSTOP, &set, NULL, 8));
    SHOW(RAW(SYS_rt_sigaction, SIGKILL, NULL, &got, 8));
    T("SIGKILL: %s", got.handler == SIG_DFL ? "default" : "other");
    SHOW(RAW(SYS_rt_sigaction, SIGUSR1, &set, NULL, 16));
    SHOW(RAW(SYS_rt_sigaction, SIGUSR1, &set, NULL, 0));
    SHOW(RAW(SYS_rt_sigaction, SIGUSR1, BAD, NULL, 8));
    SHOW(RAW(SYS_rt_sigaction, SIGUSR1, NULL, BAD, 8));
    SHOW(RAW(SYS_rt_sigaction, SIGUSR1, NULL, NULL, 8));
    SHOW(RAW(SYS_rt_sigaction, 0, NULL, NULL, 8));
    SHOW(RAW(SYS_rt_sigaction, 33, &set, NULL, 8));

    set = (struct kernel_action){handler, SA_SIGINFO | SA_RESTART | 0x04000000 | SA_NODEFER, restorer, ~0UL};
    SHOW(RAW(SYS_rt_sigaction, SIGUSR1, &set, NULL, 8));
    SHOW(RAW(SYS_rt_sigaction, SIGUSR1, NULL, &got, 8));
    CHECK(got.handler == handler && got.restorer == restorer);
    T("flags %#lx, mask %#lx", got.flags, got.mask); // SIGKILL and SIGSTOP cannot be in it
    set.flags = ~0UL; // unknown ones are dropped, so that one can ask for them
    SHOW(RAW(SYS_rt_sigaction, SIGUSR1, &set, &got, 8));
    SHOW(RAW(SYS_rt_sigaction, SIGUSR1, NULL, &got, 8));
    T("flags %#lx", got.flags & 0xffffffff);

    SHOW(sigaction(SIGUSR2, NULL, &old));
    CHECK(old.sa_handler == handler);
    CHECK(signal(SIGUSR2, SIG_IGN) == handler);
    SHOW(sigaction(SIGUSR2, NULL, &old));
    T("flags %#x", old.sa_flags & ~0x04000000);
    SHOW(signal(SIGKILL, SIG_IGN) == SIG_ERR);

    sigset_t mask, oldMask;
    SHOW(RAW(SYS_rt_sigprocmask, SIG_BLOCK, NULL, NULL, 8));
    SHOW(RAW(SYS_rt_sigprocmask, 99, NULL, &oldMask, 8)); // only looked at with a new mask
    SHOW(RAW(SYS_rt_sigprocmask, 99, &mask, NULL, 8));
    SHOW(RAW(SYS_rt_sigprocmask, SIG_BLOCK, BAD, NULL, 8));
    SHOW(RAW(SYS_rt_sigprocmask, SIG_BLOCK, NULL, BAD, 8));
    SHOW(RAW(SYS_rt_sigprocmask, SIG_BLOCK, NULL, NULL, 4));
    unsigned long all = ~0UL, now = 0;
    SHOW(RAW(SYS_rt_sigprocmask, SIG_SETMASK, &all, NULL, 8));
    SHOW(RAW(SYS_rt_sigprocmask, SIG_BLOCK, NULL, &now, 8));
    T("blocked %#lx", now);
    all = 1UL << (SIGTERM - 1);
    SHOW(RAW(SYS_rt_sigprocmask, SIG_UNBLOCK, &all, &now, 8));
    SHOW(RAW(SYS_rt_sigprocmask, SIG_SETMASK, NULL, &now, 8));
    T("blocked %#lx", now);
    all = 0;
    RAW(SYS_rt_sigprocmask, SIG_SETMASK, &all, NULL, 8);
    // The new mask is in force though the old one cannot be told.
    all = 1UL << (SIGUSR1 - 1);
    SHOW(RAW(SYS_rt_sigprocmask, SIG_BLOCK, &all, BAD, 8));
    RAW(SYS_rt_sigprocmask, SIG_BLOCK, NULL, &now, 8);
    T("blocked %#lx", now);
    SHOW(RAW(SYS_rt_sigpending, &now, 16));
    SHOW(RAW(SYS_rt_sigpending, &now, 4));
    SHOW(RAW(SYS_rt_sigpending, BAD, 8));
}
