// pipe and pipe2: flags, directions, end of file, fstat, errors.
#include "../common.h"

TEST {
    int p[2], q[2];
    char data[16];
    SHOW(pipe(p));
    T("%d %d", p[0], p[1]);
    SHOW(write(p[1], "hello", 5));
    show_read("part", p[0], 2);
    show_read("rest", p[0], 16);
    SHOW(write(p[0], "x", 1));
    SHOW(read(p[1], data, 1));
    SHOW(write(p[1], "", 0));
    SHOW(read(p[0], data, 0));
    SHOW(lseek(p[0], 0, SEEK_CUR));
    struct stat status, other;
    fstat(p[0], &status);
    fstat(p[1], &other);
    T("%o links %ld size %ld", status.st_mode, (long)status.st_nlink, (long)status.st_size);
    CHECK(status.st_ino == other.st_ino && status.st_dev == other.st_dev);
    SHOW(write(p[1], "last", 4));
    close(p[1]);
    show_read("after the writer closed", p[0], 16);
    show_read("then", p[0], 16);
    show_read("and again", p[0], 16);
    SHOW(pipe2(q, O_NONBLOCK | O_CLOEXEC));
    T("%d %d, cloexec %d %d", q[0], q[1], fcntl(q[0], F_GETFD), fcntl(q[1], F_GETFD));
    SHOW(read(q[0], data, 1));
    SHOW(pipe2(q, O_APPEND));
    SHOW(pipe2(q, 0x1000000));
    SHOW(pipe(BAD));
    SHOW(pipe2(BAD, 0));
    SHOW(open("/dev/null", O_RDONLY));
    // messages keep no bounds
    MUST(pipe(p));
    write(p[1], "abc", 3); write(p[1], "def", 3); write(p[1], "ghi", 3);
    show_read("joined", p[0], 7);
    show_read("rest", p[0], 7);
    // a writer in another process ends the stream when the last copy goes
    pid_t child = SPAWN({ close(p[0]); settle(); write(p[1], "from child", 10); });
    close(p[1]);
    show_read("blocks until", p[0], 16);
    show_read("end", p[0], 16);
    reap("child", child);
    SHOW(ioctl(p[0], TCGETS, data));
    SHOW(fcntl(p[0], F_GETPIPE_SZ));
}
