// SIGCHLD ignored, or SA_NOCLDWAIT: children leave no zombie, waits last until there is no child and say ECHILD.
#include "../tasks.h"

static pid_t child(int code, long delay) { return SPAWN({ sleep_ms(delay); _exit(code); }); }

TEST {
    signal(SIGCHLD, SIG_IGN);
    pid_t pid = child(1, 0);
    AWAIT(kill(pid, 0) < 0);
    SHOW(kill(pid, 0));
    SHOW(waitpid(pid, NULL, 0));
    pid = child(2, 30);
    SHOW(waitpid(pid, NULL, WNOHANG));
    long start = now_ms();
    SHOW(waitpid(pid, NULL, 0));
    CHECK(now_ms() - start >= 15);
    child(3, 10);
    child(4, 30);
    start = now_ms();
    SHOW(wait(NULL));
    CHECK(now_ms() - start >= 15); // the last one
    siginfo_t info;
    pid = child(5, 20);
    SHOW(waitid(P_PID, (id_t)pid, &info, WEXITED));

    struct sigaction action = {.sa_handler = SIG_DFL, .sa_flags = SA_NOCLDWAIT};
    sigaction(SIGCHLD, &action, NULL);
    pid = child(6, 10);
    SHOW(waitpid(pid, NULL, 0));

    count_signal(SIGCHLD, SA_NOCLDWAIT | SA_RESTART); // handler runs all the same
    pid = child(7, 10);
    SHOW(waitpid(pid, NULL, 0));
    SHOW(conf_caught[SIGCHLD]);

    // Explicit SIG_DFL ignores the signal, too, but keeps zombies.
    signal(SIGCHLD, SIG_DFL);
    pid = child(8, 0);
    AWAIT(process_state(pid) == 'Z');
    CHECK(process_state(pid) == 'Z');
    signal(SIGCHLD, SIG_IGN); // a zombie that is already there stays
    settle();
    CHECK(process_state(pid) == 'Z');
    reap("old zombie", pid);

    // Stops and continues are still reported.
    pid = SPAWN({ raise(SIGSTOP); _exit(9); });
    int status;
    CHECK(waitpid(pid, &status, WUNTRACED) == pid);
    T("%s", status_name(status));
    kill(pid, SIGCONT);
    SHOW(waitpid(pid, &status, 0));

    // Ignored over exec: the new program does not get it back.
    pid = fork_child();
    if (pid == 0) {
        execl("/bin/sh", "sh", "-c", "exit 0", NULL);
        _exit(1);
    }
    SHOW(waitpid(pid, NULL, 0));
}
