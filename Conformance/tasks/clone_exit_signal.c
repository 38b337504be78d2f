// The exit signal of a child: none, SIGCHLD, another; and which waits see which child.
#include "../tasks.h"

static volatile sig_atomic_t seen, code, from;
static void handler(int number, siginfo_t *info, void *context) {
    (void)context;
    seen = number;
    code = info->si_code;
    from = info->si_pid;
}

static void try(int exitSignal) {
    T("exit signal %s:", exitSignal ? signal_name(exitSignal) : "none");
    seen = 0;
    pid_t pid = (pid_t)CLONE(exitSignal, NULL, NULL, NULL);
    if (pid == 0) _exit(3);
    siginfo_t info;
    MUST(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT | __WALL));
    SHOWN("  waitid reports signal number SIGCHLD", info.si_signo == SIGCHLD);
    int status = 0;
    long got = waitpid(pid, &status, WNOHANG);
    T("  waitpid: %s", got == pid ? status_name(status) : errno_name(errno));
    if (got < 0) {
        got = waitpid(pid, &status, WNOHANG | __WCLONE);
        T("  waitpid __WCLONE: %s", got == pid ? status_name(status) : errno_name(errno));
    }
    T("  signal: %s", seen ? signal_name(seen) : "none");
    if (seen) T("  code %s, from the child: %s", code_name(SIGCHLD, code), from == pid ? "yes" : "no");
}

TEST {
    on_signal(SIGCHLD, handler, SA_RESTART);
    on_signal(SIGUSR1, handler, SA_RESTART);
    on_signal(SIGRTMIN, handler, SA_RESTART);
    try(SIGCHLD);
    try(0);
    try(SIGUSR1);
    try(SIGRTMIN);

    // __WCLONE does not see a SIGCHLD child, __WALL sees both.
    pid_t pid = SPAWN({});
    SHOW(waitpid(pid, NULL, __WCLONE));
    int status;
    CHECK(waitpid(pid, &status, __WALL) == pid);

    // exec makes an ordinary child of it.
    pid = (pid_t)CLONE(SIGUSR1, NULL, NULL, NULL);
    if (pid == 0) {
        execl("/bin/sh", "sh", "-c", "exit 6", NULL);
        _exit(1);
    }
    siginfo_t info;
    MUST(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT | __WALL));
    T("after exec: %s", signal_name(seen));
    SHOW(waitpid(pid, &status, __WCLONE));
    reap("plain wait", pid);
}
