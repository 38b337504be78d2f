// SIGCHLD for stops and continues with and without SA_NOCLDSTOP, and what its siginfo says.
#include "../tasks.h"

static siginfo_t last;
static volatile sig_atomic_t count;
static void handler(int number, siginfo_t *info, void *context) {
    (void)number, (void)context;
    last = *info;
    count++;
}
static void show(const char *label, int expected) {
    AWAIT(count >= expected);
    if (!expected) settle();
    T("%s: %d", label, count);
    if (count) show_info("  last", &last);
    count = 0;
}

TEST {
    setpgid(0, 0);
    for (int flags = 0; flags <= SA_NOCLDSTOP; flags += SA_NOCLDSTOP) {
        T("%s", flags ? "SA_NOCLDSTOP" : "none");
        on_signal(SIGCHLD, handler, flags | SA_RESTART);
        pid_t pid = fork_child();
        if (pid == 0) {
            setpgid(0, 0);
            for (;;) pause();
        }
        setpgid(pid, pid);
        name_pid(pid, "child");
        int stopped = flags ? 0 : 1;
        kill(pid, SIGSTOP);
        show("stop", stopped);
        kill(pid, SIGCONT);
        show("continue", stopped);
        kill(pid, SIGTSTP);
        show("terminal stop", stopped);
        kill(pid, SIGKILL);
        show("kill", 1);
        reap("child", pid);
        name_pid(pid, "old child");
    }
    // A burst of exits: at least one signal, all children to be found.
    count = 0;
    BLOCK(SIGCHLD);
    pid_t pids[5];
    for (int i = 0; i < 5; i++) pids[i] = SPAWN({ _exit(i); });
    for (int i = 0; i < 5; i++) {
        siginfo_t info;
        MUST(waitid(P_PID, (id_t)pids[i], &info, WEXITED | WNOWAIT));
    }
    UNBLOCK(SIGCHLD);
    T("signals for five exits while blocked: %d", count);
    for (int i = 0; i < 5; i++) reap("child", pids[i]);
    SHOW(wait(NULL));
}
