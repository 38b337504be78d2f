// Pipe capacity: default, F_SETPIPE_SZ, filling, FIONREAD, partial writes.
#include "../common.h"

TEST {
    int p[2], waiting;
    static char block[200000];
    memset(block, 'b', sizeof block);
    MUST(pipe2(p, O_NONBLOCK));
    SHOW(fcntl(p[0], F_GETPIPE_SZ));
    SHOW(write(p[1], block, 100000));
    SHOW(write(p[1], block, 1));
    SHOW(ioctl(p[0], FIONREAD, &waiting));
    T("%d waiting", waiting);
    SHOW(ioctl(p[1], FIONREAD, &waiting));
    T("%d waiting", waiting);
    SHOW(read(p[0], block, 4096));
    SHOW(write(p[1], block, 100000));
    SHOW(read(p[0], block, 200000));
    SHOW(read(p[0], block, 1));
    // one byte at a time: merged into pages
    int count = 0;
    while (write(p[1], "x", 1) == 1) count++;
    T("single bytes: %d", count);
    while (read(p[0], block, sizeof block) > 0) {}
    // an atomic write that does not fit waits for room
    SHOW(write(p[1], block, 65536 - 100));
    SHOW(write(p[1], block, 4096));
    SHOW(write(p[1], block, 101));
    SHOW(write(p[1], block, 100));
    while (read(p[0], block, sizeof block) > 0) {}
    SHOW(fcntl(p[0], F_SETPIPE_SZ, 4096));
    SHOW(fcntl(p[1], F_GETPIPE_SZ));
    SHOW(write(p[1], block, 10000));
    SHOW(fcntl(p[0], F_SETPIPE_SZ, 1));
    SHOW(fcntl(p[0], F_SETPIPE_SZ, 0));
    SHOW(fcntl(p[0], F_SETPIPE_SZ, 5000));
    SHOW(fcntl(p[0], F_SETPIPE_SZ, 131072));
    SHOW(write(p[1], block, 200000));
    SHOW(fcntl(p[0], F_SETPIPE_SZ, 4096));
    SHOW(fcntl(p[0], F_GETPIPE_SZ));
    SHOW(fcntl(p[0], F_SETPIPE_SZ, 1 << 20));
    SHOW(fcntl(p[0], F_SETPIPE_SZ, -1));
    SHOW(fcntl(open(".", O_RDONLY), F_GETPIPE_SZ));
    SHOW(ioctl(p[0], FIONREAD, BAD));
    SHOW(ioctl(p[0], 0x1234, &waiting));
}
