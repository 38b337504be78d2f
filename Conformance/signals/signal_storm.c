// Signals that come faster than they are taken: to a program that computes, that makes calls, that sleeps; stops and continues.
#include "../common.h"

static volatile sig_atomic_t handled;
static void count(int signal) { (void)signal; handled = 1; }
static void finish(int signal) { (void)signal; _exit(handled ? 7 : 8); }

static pid_t victim(int what, int ready) {
    pid_t pid = MUST(fork());
    if (pid) return pid;
    signal(SIGUSR1, count);
    signal(SIGUSR2, finish);
    kill(getpid(), SIGUSR1);
    close(ready);
    for (;;) {
        if (what == 1) syscall(SYS_getppid);
        if (what == 2) pause();
    }
}

TEST {
    for (int what = 0; what < 4; what++) {
        int ends[2];
        MUST(pipe(ends));
        pid_t pid = victim(what, ends[1]);
        close(ends[1]);
        char byte;
        MUST(read(ends[0], &byte, 1)); // end of file: the child has its handlers
        for (int i = 0; i < 20000; i++) kill(pid, what == 3 ? i & 1 ? SIGCONT : SIGSTOP : SIGUSR1);
        kill(pid, SIGUSR2);
        int status;
        CHECK(waitpid(pid, &status, 0) == pid);
        printf("%d: exited %d, status %d\n", what, WIFEXITED(status), WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status));
        close(ends[0]);
    }
}
