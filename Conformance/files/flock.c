// flock: shared and exclusive, copies, fork, conversion, release.
#include "../common.h"

TEST {
    make_file("f", "");
    int a = (int)MUST(open("f", O_RDWR)), b = (int)MUST(open("f", O_RDONLY)), c = dup(a);
    SHOW(flock(a, LOCK_SH | LOCK_NB));
    SHOW(flock(b, LOCK_SH | LOCK_NB));
    SHOW(flock(b, LOCK_EX | LOCK_NB));
    SHOW(flock(a, LOCK_UN));
    SHOW(flock(b, LOCK_EX | LOCK_NB));
    SHOW(flock(a, LOCK_SH | LOCK_NB));
    SHOW(flock(b, LOCK_UN));
    SHOW(flock(c, LOCK_EX | LOCK_NB));
    SHOW(flock(a, LOCK_EX | LOCK_NB));
    SHOW(flock(b, LOCK_SH | LOCK_NB));
    // closing one copy does not release, closing the last does
    SHOW(close(a));
    SHOW(flock(b, LOCK_SH | LOCK_NB));
    SHOW(close(c));
    SHOW(flock(b, LOCK_EX | LOCK_NB));
    // a child shares the lock, and may release it for the parent
    int d = (int)MUST(open("f", O_RDWR));
    IN_CHILD("child", {
        SHOW(flock(d, LOCK_EX | LOCK_NB));
        SHOW(flock(b, LOCK_EX | LOCK_NB));
        SHOW(flock(b, LOCK_UN));
    });
    SHOW(flock(d, LOCK_EX | LOCK_NB));
    // a failed conversion loses the lock that was held
    SHOW(flock(d, LOCK_SH | LOCK_NB));
    SHOW(flock(b, LOCK_SH | LOCK_NB));
    SHOW(flock(b, LOCK_EX | LOCK_NB));
    SHOW(flock(d, LOCK_EX | LOCK_NB));
    SHOW(flock(d, LOCK_UN));
    // blocking: the waiter goes on when the lock is released
    SHOW(flock(b, LOCK_EX));
    struct gate gate = make_gate();
    pid_t waiter = SPAWN({ gate_open(gate); T("child: flock %d", flock(d, LOCK_EX)); });
    gate_wait(gate);
    settle();
    T("parent: releasing");
    flock(b, LOCK_UN);
    reap("waiter", waiter);
    SHOW(flock(d, LOCK_UN));
    // a signal interrupts
    SHOW(flock(b, LOCK_EX));
    IN_CHILD("interrupted", { count_signal(SIGALRM, 0); ualarm(20000, 20000); SHOW(flock(d, LOCK_EX)); });
    // a child that dies releases
    flock(b, LOCK_UN);
    IN_CHILD("dies with it", { int own = open("f", O_RDWR); SHOW(flock(own, LOCK_EX)); raise(SIGKILL); });
    SHOW(flock(b, LOCK_EX | LOCK_NB));
    SHOW(flock(99, LOCK_SH));
    SHOW(flock(b, 0));
    SHOW(flock(b, LOCK_SH | LOCK_EX));
    SHOW(flock(b, LOCK_NB));
    SHOW(flock(b, 0x100 | LOCK_SH));
    SHOW(flock(open(".", O_RDONLY), LOCK_EX | LOCK_NB));
    SHOW(flock(open("/dev/null", O_RDONLY), LOCK_SH | LOCK_NB));
    int ends[2];
    MUST(pipe(ends));
    SHOW(flock(ends[0], LOCK_EX | LOCK_NB));
}
