// sigtimedwait(2) for an ignored signal: it only comes if it was blocked before.
#include "../tasks.h"

static pid_t waiter;
static void *send_it(void *unused) {
    settle();
    RAW(SYS_tgkill, getpid(), waiter, SIGUSR1);
    return unused;
}

static void wait_for(const char *label) {
    sigset_t set = SIGSET(SIGUSR1);
    struct timespec time = {0, 150000000};
    pthread_t thread;
    waiter = gettid();
    pthread_create(&thread, NULL, send_it, NULL);
    int result = sigtimedwait(&set, NULL, &time);
    T("%s: %s", label, result < 0 ? errno_name(errno) : signal_name(result));
    pthread_join(thread, NULL);
}

TEST {
    signal(SIGUSR1, SIG_IGN);
    wait_for("ignored and not blocked");
    BLOCK(SIGUSR1);
    wait_for("ignored and blocked");
    UNBLOCK(SIGUSR1);
    BLOCK(SIGUSR1);
    signal(SIGUSR1, SIG_DFL);
    wait_for("blocked");
}
