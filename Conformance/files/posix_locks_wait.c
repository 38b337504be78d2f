// POSIX record locks: waiting, deadlock, interruption, release by death.
#include "../common.h"

#include "../lock_helpers.h"

TEST {
    make_pattern("f", 100);
    int fd = (int)MUST(open("f", O_RDWR));
    struct gate gate = make_gate(), back = make_gate();
    MUST(lock(fd, F_SETLK, F_WRLCK, 0, 10));
    pid_t waiter = SPAWN({
        gate_open(gate);
        T("child: F_SETLKW %d", lock(fd, F_SETLKW, F_WRLCK, 0, 10));
        gate_open(gate);
        gate_wait(back);
    });
    gate_wait(gate);
    settle();
    T("parent: unlocking");
    MUST(lock(fd, F_SETLK, F_UNLCK, 0, 10));
    gate_wait(gate);
    SHOW(lock(fd, F_SETLK, F_WRLCK, 5, 1));
    gate_open(back);
    reap("waiter", waiter);
    SHOW(lock(fd, F_SETLK, F_WRLCK, 5, 1));
    IN_CHILD("interrupted", { count_signal(SIGALRM, 0); ualarm(20000, 20000); SHOW(lock(fd, F_SETLKW, F_WRLCK, 0, 10)); });
    // deadlock: the child holds 20 and waits for 5, the parent holds 5 and asks for 20
    pid_t holder = SPAWN({
        lock(fd, F_SETLK, F_WRLCK, 20, 1);
        gate_open(gate);
        int result = lock(fd, F_SETLKW, F_WRLCK, 5, 1);
        T("child: got it %d", result);
    });
    gate_wait(gate);
    settle();
    SHOW(lock(fd, F_SETLKW, F_WRLCK, 20, 1));
    MUST(lock(fd, F_SETLK, F_UNLCK, 5, 1));
    reap("holder", holder);
    // death releases
    pid_t victim = SPAWN({ lock(fd, F_SETLK, F_WRLCK, 0, 0); gate_open(gate); pause(); });
    gate_wait(gate);
    SHOW(lock(fd, F_SETLK, F_WRLCK, 0, 1));
    kill(victim, SIGKILL);
    SHOW(lock(fd, F_SETLKW, F_WRLCK, 0, 1));
    reap("victim", victim);
}
