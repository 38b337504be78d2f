// CLONE_PARENT: the child becomes a sibling, with its maker's exit signal; its parent waits for it.
#include "../tasks.h"

TEST {
    pid_t *pids = new_shared(PAGE);
    pid_t self = getpid();
    count_signal(SIGCHLD, SA_RESTART);
    pid_t maker = fork_child();
    if (maker == 0) {
        pid_t sibling = (pid_t)CLONE(CLONE_PARENT | SIGUSR1, NULL, NULL, NULL); // the signal is not taken from here
        if (sibling == 0) _exit(getppid() == self ? 5 : 6);
        pids[0] = sibling;
        SHOW(waitpid(pids[0], NULL, 0)); // not ours
        child_exit(4);
    }
    reap("maker", maker);
    reap("sibling", pids[0]);
    CHECK(conf_caught[SIGCHLD] >= 1); // two may become one
    SHOW(waitpid(-1, NULL, __WALL));

    // A maker whose own exit signal is SIGUSR2 passes that on.
    count_signal(SIGUSR2, SA_RESTART);
    maker = (pid_t)CLONE(SIGUSR2, NULL, NULL, NULL);
    if (maker == 0) {
        pid_t sibling = (pid_t)CLONE3(.flags = CLONE_PARENT);
        if (sibling == 0) _exit(6);
        pids[0] = sibling;
        _exit(0);
    }
    SHOW(waitpid(maker, NULL, 0)); // not a SIGCHLD child
    int status = 0;
    CHECK(waitpid(maker, &status, __WCLONE) == maker);
    T("maker %s", status_name(status));
    CHECK(waitpid(pids[0], &status, __WALL) == pids[0]);
    T("sibling %s", status_name(status));
    CHECK(conf_caught[SIGUSR2] >= 1);
}
