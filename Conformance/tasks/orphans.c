// What becomes of children whose parent ends: init or the nearest subreaper takes them.
#include "../tasks.h"

TEST {
    volatile int *shared = new_shared(PAGE);
    pid_t self = getpid();
    int value = -1;
    SHOW(prctl(PR_GET_CHILD_SUBREAPER, &value));
    SHOW(value);
    SHOW(prctl(PR_GET_CHILD_SUBREAPER, BAD));

    // No subreaper here: somebody else takes it.
    pid_t pid = SPAWN({
        pid_t parent = getpid();
        if (fork() == 0) {
            AWAIT(getppid() != parent);
            shared[0] = getppid() != parent && getppid() != self ? 1 : 2;
            _exit(0);
        }
        _exit(3);
    });
    reap("parent", pid);
    AWAIT(shared[0]);
    T("taken by another: %s", shared[0] == 1 ? "yes" : "no");
    SHOW(wait(NULL));

    SHOW(prctl(PR_SET_CHILD_SUBREAPER, 1));
    SHOW(prctl(PR_GET_CHILD_SUBREAPER, &value));
    SHOW(value);
    count_signal(SIGCHLD, SA_RESTART);
    pid = SPAWN({
        // Not inherited by the child, but known.
        SHOW(prctl(PR_GET_CHILD_SUBREAPER, &value));
        SHOW(value);
        pid_t parent = getpid();
        pid_t middle = SPAWN({
            pid_t inner = SPAWN({
                AWAIT(getppid() == self);
                _exit(getppid() == self ? 5 : 6);
            });
            shared[1] = inner;
            _exit(4);
        });
        CHECK(waitpid(middle, NULL, 0) == middle);
        SHOW(waitpid(shared[1], NULL, WNOHANG)); // not the grandparent, which is no subreaper
        CHECK(getpid() == parent);
    });
    reap("parent", pid);
    reap("orphan", shared[1]);
    CHECK(conf_caught[SIGCHLD] >= 1);

    // A zombie orphan goes over as well.
    pid = SPAWN({
        pid_t zombie = SPAWN({ _exit(7); });
        siginfo_t info;
        waitid(P_PID, (id_t)zombie, &info, WEXITED | WNOWAIT);
        shared[2] = zombie;
        _exit(0);
    });
    reap("parent", pid);
    reap("zombie orphan", shared[2]);

    // With an own exit signal: an orphan turns into a SIGCHLD child.
    count_signal(SIGUSR1, SA_RESTART);
    pid = SPAWN({
        pid_t odd = (pid_t)CLONE(SIGUSR1, NULL, NULL, NULL);
        if (odd == 0) {
            AWAIT(getppid() == self);
            _exit(8);
        }
        shared[3] = odd;
        _exit(0);
    });
    reap("parent", pid);
    reap("odd orphan", shared[3]);
    SHOW(conf_caught[SIGUSR1]);

    // The nearest subreaper takes it.
    pid = SPAWN({
        prctl(PR_SET_CHILD_SUBREAPER, 1);
        pid_t middle = SPAWN({
            shared[4] = SPAWN({ sleep_ms(10); _exit(9); });
            _exit(0);
        });
        reap("middle", middle);
        reap("found by the inner subreaper", shared[4]);
    });
    reap("inner subreaper", pid);
    SHOW(prctl(PR_SET_CHILD_SUBREAPER, 0));
    SHOW(wait(NULL));
}
