// The flags F_GETFL reports for each way of opening, and which of them F_SETFL changes.
#include "../common.h"

static const struct conf_bit bits[] = {
    {O_SYNC, "SYNC"}, {O_DSYNC, "DSYNC"}, {O_APPEND, "APPEND"}, {O_NONBLOCK, "NONBLOCK"}, {O_ASYNC, "ASYNC"},
    {O_DIRECTORY, "DIRECTORY"}, {O_NOFOLLOW, "NOFOLLOW"}, {O_NOATIME, "NOATIME"}, {O_PATH, "PATH"},
    {0100000, "LARGEFILE"}, {O_CREAT, "CREAT"}, {O_EXCL, "EXCL"}, {O_TRUNC, "TRUNC"}, {O_NOCTTY, "NOCTTY"},
    {O_CLOEXEC, "CLOEXEC"}, {O_WRONLY, "WRONLY"}, {O_RDWR, "RDWR"}};

static void show(const char *label, int fd) {
    if (fd < 0) { T("%s: %s", label, errno_name(errno)); return; }
    T("%s: %s", label, bit_names((unsigned long)fcntl(fd, F_GETFL) & ~0100000ul, bits, sizeof bits / sizeof *bits));
}

TEST {
    make_file("f", "x");
    show("read only", open("f", O_RDONLY));
    show("write only", open("f", O_WRONLY));
    show("read write", open("f", O_RDWR));
    show("creation flags", open("f", O_RDWR | O_CREAT | O_TRUNC | O_NOCTTY));
    show("O_EXCL", open("g", O_RDWR | O_CREAT | O_EXCL, 0644));
    show("O_CLOEXEC", open("f", O_RDONLY | O_CLOEXEC));
    show("O_APPEND|O_NONBLOCK", open("f", O_RDWR | O_APPEND | O_NONBLOCK));
    show("O_SYNC", open("f", O_RDWR | O_SYNC));
    show("O_DSYNC", open("f", O_RDWR | O_DSYNC));
    show("O_NOFOLLOW", open("f", O_RDONLY | O_NOFOLLOW));
    show("O_NOATIME", open("f", O_RDONLY | O_NOATIME));
    show("O_DIRECTORY", open(".", O_RDONLY | O_DIRECTORY));
    show("O_PATH", open("f", O_PATH | O_RDWR | O_APPEND));
    show("O_PATH|O_DIRECTORY|O_NOFOLLOW", open(".", O_PATH | O_DIRECTORY | O_NOFOLLOW));
    show("unknown bit", open("f", O_RDONLY | 0x20000000));
    int fd = open("f", 3);
    T("access mode 3: %d", fd >= 0 ? fcntl(fd, F_GETFL) & O_ACCMODE : -errno);
    if (fd >= 0) { SHOW(read(fd, &(char){0}, 1)); SHOW(write(fd, "x", 1)); }
    fd = open("f", O_RDWR);
    SHOW(fcntl(fd, F_SETFL, O_APPEND | O_NONBLOCK | O_CREAT | O_TRUNC | O_WRONLY | O_SYNC));
    show("after F_SETFL", fd);
    int copy = dup(fd);
    SHOW(fcntl(copy, F_SETFL, O_NOATIME));
    show("after F_SETFL on a copy", fd);
    SHOW(fcntl(fd, F_SETFL, 0));
    show("after F_SETFL 0", fd);
    SHOW(ioctl(fd, FIONBIO, &(int){1}));
    show("after FIONBIO 1", fd);
    SHOW(ioctl(fd, FIONBIO, &(int){0}));
    show("after FIONBIO 0", fd);
    SHOW(ioctl(fd, FIONBIO, BAD));
    SHOW(fcntl(fd, 9999, 0));
    SHOW(fcntl(99, F_GETFL));
    SHOW(fcntl(99, 9999));
    int ends[2];
    MUST(pipe(ends));
    show("pipe, read end", ends[0]);
    show("pipe, write end", ends[1]);
    MUST(pipe2(ends, O_NONBLOCK | O_CLOEXEC | O_DIRECT));
    T("pipe2 O_DIRECT kept: %s", fcntl(ends[1], F_GETFL) & O_DIRECT ? "yes" : "no");
    MUST(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends));
    show("socket", ends[0]);
    show("eventfd", eventfd(0, EFD_NONBLOCK));
    show("epoll", epoll_create1(0));
    show("timerfd", timerfd_create(CLOCK_MONOTONIC, 0));
    show("memfd", memfd_create("m", 0));
}
