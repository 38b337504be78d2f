// Process groups: getpgid, setpgid and its errors.
#include "../tasks.h"

TEST {
    if (conf_argc > 1) {
        char byte;
        if (read(0, &byte, 1) < 0) exit(1);
        exit(0);
    }
    // A session of its own, so that it makes no difference where the program is started from.
    IN_CHILD("all", {
        MUST(setsid());
        CHECK(getpgrp() == getpid());
        SHOW(setpgid(0, 0)); // a session leader
        SHOW(setpgid(getpid(), getppid()));
        SHOW(setpgid(-1, 0));
        SHOW(setpgid(0, -1));
        SHOW(setpgid(99999999, 0));
        SHOW(setpgid(getppid(), 0));
        SHOW(getpgid(-1));
        SHOW(getpgid(99999999));
        CHECK(getpgid(0) == getpgrp());

        struct gate gate = make_gate();
        pid_t first = SPAWN({ gate_wait(gate); _exit(0); });
        pid_t second = SPAWN({ gate_wait(gate); _exit(0); });
        CHECK(getpgid(first) == getpgrp());
        SHOW(setpgid(first, second));
        SHOW(setpgid(first, 0));
        CHECK(getpgid(first) == first);
        SHOW(setpgid(second, first));
        CHECK(getpgid(second) == first);
        SHOW(setpgid(first, first));
        SHOW(setpgid(first, getpgrp()));
        CHECK(getpgid(first) == getpgrp());
        CHECK(getpgid(second) == first); // the group lives on without its leader
        SHOW(setpgid(first, second));
        SHOW(setpgid(first, first)); // back into it, as its leader
        SHOW(kill(-first, 0));
        gate_open(gate);
        gate_open(gate);
        reap("first", first);
        reap("second", second);
        SHOW(kill(-first, 0));
        SHOW(setpgid(first, first));

        // The child of another session, an executed child, a grandchild.
        struct gate ready = make_gate();
        first = SPAWN({ setsid(); gate_open(ready); gate_wait(gate); _exit(0); });
        gate_wait(ready);
        SHOW(setpgid(first, getpgrp()));
        SHOW(setpgid(first, 0));
        SHOW(setpgid(0, first));
        gate_open(gate);
        reap("other session", first);

        int in[2];
        MUST(pipe2(in, O_CLOEXEC));
        first = fork_child();
        if (first == 0) {
            dup2(in[0], 0);
            EXEC_SELF("wait");
            _exit(1);
        }
        char path[64], target[PATH_MAX];
        snprintf(path, sizeof path, "/proc/%d/cmdline", first);
        AWAIT(({ int fd = open(path, O_RDONLY); ssize_t got = read(fd, target, sizeof target); close(fd); got > 5 && !memcmp(target + got - 5, "wait", 5); }));
        SHOW(setpgid(first, first));
        MUST(write(in[1], "x", 1));
        reap("executed", first);

        pid_t *inner = new_shared(PAGE);
        first = SPAWN({
            *inner = SPAWN({ gate_wait(gate); _exit(0); });
            gate_open(ready);
            waitpid(*inner, NULL, 0);
        });
        gate_wait(ready);
        SHOW(setpgid(*inner, *inner));
        gate_open(gate);
        reap("grandchild", first);

        // A zombie may still be moved.
        first = SPAWN({});
        siginfo_t info;
        waitid(P_PID, (id_t)first, &info, WEXITED | WNOWAIT);
        SHOW(setpgid(first, first));
        CHECK(getpgid(first) == first);
        reap("zombie", first);

        // The child of a child that moves itself.
        IN_CHILD("moves itself", CHECK(getpgrp() == getppid()); SHOW(setpgrp()); CHECK(getpgrp() == getpid()); SHOW(setpgid(0, getppid())); CHECK(getpgrp() == getppid()));
    });
}
