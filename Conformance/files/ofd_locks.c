// Open file description locks.
#include "../common.h"

#include "../lock_helpers.h"

TEST {
    make_pattern("f", 100);
    int a = (int)MUST(open("f", O_RDWR)), b = (int)MUST(open("f", O_RDWR)), c = dup(a);
    SHOW(lock(a, F_OFD_SETLK, F_WRLCK, 0, 10));
    SHOW(lock(b, F_OFD_SETLK, F_WRLCK, 5, 10));
    SHOW(lock(b, F_OFD_SETLK, F_RDLCK, 10, 10));
    SHOW(lock(c, F_OFD_SETLK, F_WRLCK, 5, 5));
    show_conflict(b, F_OFD_GETLK, F_WRLCK, 0, 0);
    show_conflict(a, F_OFD_GETLK, F_WRLCK, 0, 0);
    show_conflict(c, F_OFD_GETLK, F_RDLCK, 0, 0);
    // they conflict with POSIX locks, also of the same process
    SHOW(lock(b, F_SETLK, F_WRLCK, 0, 1));
    show_conflict(b, F_GETLK, F_WRLCK, 0, 1);
    SHOW(lock(b, F_SETLK, F_WRLCK, 50, 1));
    SHOW(lock(a, F_OFD_SETLK, F_WRLCK, 50, 1));
    // a child shares them through the descriptor; other closings do not release them
    close(open("f", O_RDWR));
    IN_CHILD("child", {
        SHOW(lock(a, F_OFD_SETLK, F_WRLCK, 0, 10));
        int own = open("f", O_RDWR);
        SHOW(lock(own, F_OFD_SETLK, F_WRLCK, 0, 1));
        SHOW(lock(a, F_OFD_SETLK, F_UNLCK, 0, 5));
        SHOW(lock(own, F_OFD_SETLK, F_WRLCK, 0, 1));
    });
    SHOW(lock(b, F_OFD_SETLK, F_WRLCK, 0, 1));
    SHOW(lock(b, F_OFD_SETLK, F_WRLCK, 6, 1));
    close(a);
    SHOW(lock(b, F_OFD_SETLK, F_WRLCK, 6, 1));
    close(c);
    SHOW(lock(b, F_OFD_SETLK, F_WRLCK, 6, 1));
    // l_pid must be zero
    struct flock range = {.l_type = F_WRLCK, .l_pid = 1};
    SHOW(fcntl(b, F_OFD_SETLK, &range));
    SHOW(fcntl(b, F_OFD_GETLK, &range));
    // waiting
    int d = (int)MUST(open("f", O_RDWR));
    MUST(lock(b, F_OFD_SETLK, F_WRLCK, 0, 0));
    struct gate gate = make_gate();
    pid_t waiter = SPAWN({ gate_open(gate); T("child: F_OFD_SETLKW %d", lock(d, F_OFD_SETLKW, F_RDLCK, 0, 1)); });
    gate_wait(gate);
    settle();
    T("parent: unlocking");
    MUST(lock(b, F_OFD_SETLK, F_UNLCK, 0, 0));
    reap("waiter", waiter);
}
