// vfork: the child runs in its parent's memory while the parent waits for its exit or exec.
#include "../tasks.h"

static volatile int steps;

static pid_t start(int how) {
    pid_t pid = vfork();
    if (pid == 0) {
        steps += 1;
        struct timespec pause = {0, 5000000};
        nanosleep(&pause, NULL);
        steps += 10;
        if (how == 1) execv(conf_self, (char *[]){conf_self, "slow", NULL});
        if (how == 2) execv("missing", (char *[]){"missing", NULL});
        if (how == 3) kill(getpid(), SIGKILL);
        if (how == 4) close(0), umask(0), signal(SIGUSR1, SIG_IGN);
        _exit(how);
    }
    return pid;
}

TEST {
    if (conf_argc > 1) {
        sleep_ms(100);
        exit(7);
    }
    fflush(stdout);
    pid_t pid = start(0);
    SHOW(steps); // the parent saw all that the child did
    reap("exit", pid);

    steps = 0;
    long begin = now_ms();
    pid = start(1);
    SHOW(steps);
    CHECK(now_ms() - begin < 95); // released by the exec, not by the exit
    SHOW(waitpid(pid, NULL, WNOHANG));
    reap("exec", pid);

    pid = start(2);
    reap("failed exec", pid);
    pid = start(3);
    reap("killed", pid);

    pid = start(4); // descriptors, umask, handlers are copies all the same
    reap("changed its own", pid);
    CHECK(is_open(0));
    T("umask %03o", umask(022));
    struct sigaction action;
    sigaction(SIGUSR1, NULL, &action);
    CHECK(action.sa_handler == SIG_DFL);

    // CLONE_VFORK without CLONE_VM: the parent waits, the memory is a copy.
    steps = 0;
    pid = (pid_t)CLONE(CLONE_VFORK | SIGCHLD, NULL, NULL, NULL);
    if (pid == 0) {
        sleep_ms(20);
        steps = 5;
        _exit(9);
    }
    SHOW(waitid(P_PID, (id_t)pid, &(siginfo_t){0}, WEXITED | WNOHANG | WNOWAIT));
    SHOW(steps);
    reap("copy", pid);

    // A signal for the parent is handled once it runs again.
    count_signal(SIGUSR2, 0);
    pid_t self = getpid();
    pid = vfork();
    if (pid == 0) {
        kill(self, SIGUSR2);
        steps = conf_caught[SIGUSR2];
        _exit(0);
    }
    T("handled before the child's end: %d, after: %d", steps, conf_caught[SIGUSR2]);
    reap("sender", pid);
}
