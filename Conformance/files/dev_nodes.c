// The device nodes null, zero, full, random, urandom, tty, fd, stdin.
#include "../common.h"

#include <linux/fs.h>

TEST {
    char data[64];
    memset(data, 'x', sizeof data);
    int null = (int)MUST(open("/dev/null", O_RDWR)), zero = (int)MUST(open("/dev/zero", O_RDWR)), full = (int)MUST(open("/dev/full", O_RDWR));
    SHOW(read(null, data, 10));
    SHOW(write(null, data, 64));
    SHOW(write(null, BAD, 64));
    SHOW(read(null, BAD, 64));
    SHOW(lseek(null, 100, SEEK_SET));
    SHOW(lseek(null, 0, SEEK_END));
    SHOW(pread(null, data, 10, 5));
    SHOW(ioctl(null, TCGETS, data));
    SHOW(isatty(null));
    SHOW(read(zero, data, 10));
    hexdump("zero", data, 12);
    SHOW(write(zero, data, 64));
    SHOW(write(zero, BAD, 64));
    SHOW(read(zero, BAD, 64));
    SHOW(lseek(zero, 100, SEEK_SET));
    SHOW(lseek(zero, 0, SEEK_CUR));
    SHOW(pwrite(zero, data, 1, 7));
    SHOW(read(full, data, 10));
    SHOW(write(full, data, 10));
    SHOW(write(full, data, 0));
    SHOW(lseek(full, 5, SEEK_SET));
    char *map = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE, zero, 0);
    CHECK(map != MAP_FAILED && map[5000] == 0 && (map[5000] = 1));
    map = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, zero, 0);
    CHECK(map != MAP_FAILED && map[5000] == 0);
    IN_CHILD("shared zero", { map[1] = 'c'; });
    T("child wrote: %d", map[1]);
    CHECK(mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, null, 0) == MAP_FAILED);
    T("mmap of null: %s", errno_name(errno));
    const char *sources[] = {"/dev/random", "/dev/urandom"};
    for (int i = 0; i < 2; i++) {
        unsigned char a[32], b[32];
        int fd = (int)MUST(open(sources[i], O_RDWR));
        T("%s: %ld %ld", sources[i], (long)read(fd, a, 32), (long)read(fd, b, 32));
        CHECK(memcmp(a, b, 32) != 0);
        SHOW(write(fd, a, 4));
        SHOW(lseek(fd, 0, SEEK_SET));
        SHOW(read(fd, BAD, 32));
    }
    show_stat("/dev/fd");
    show_stat("/dev/stdin");
    char target[64] = "";
    show_text("/dev/stdin", target, readlink("/dev/stdin", target, 64));
    show_text("/dev/stderr", target, readlink("/dev/stderr", target, 64));
    struct { const char *path; } nodes[] = {{"/dev/null"}, {"/dev/zero"}, {"/dev/full"}, {"/dev/random"}, {"/dev/urandom"}, {"/dev/tty"}, {"/dev/ptmx"}};
    for (size_t i = 0; i < sizeof nodes / sizeof *nodes; i++) {
        struct stat status;
        MUST(stat(nodes[i].path, &status));
        T("%s: %s, mode %s, rdev %x, size %ld", nodes[i].path, type_name(status.st_mode), (status.st_mode & 0666) == 0666 ? "rw for all" : "other", (unsigned)status.st_rdev, (long)status.st_size);
    }
    IN_CHILD("no terminal", { setsid(); SHOW(open("/dev/tty", O_RDWR)); });
    struct pollfd fds[3] = {{null, POLLIN | POLLOUT, 0}, {zero, POLLIN | POLLOUT, 0}, {full, POLLIN | POLLOUT, 0}};
    SHOW(poll(fds, 3, 0));
    for (int i = 0; i < 3; i++) T("%s", poll_names(fds[i].revents));
    int ep = epoll_create1(0);
    SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, null, &(struct epoll_event){.events = EPOLLIN}));
    SHOW(ftruncate(null, 0));
    SHOW(open("/dev/null", O_RDWR | O_CREAT | O_TRUNC, 0600) >= 0);
    SHOW(open("/dev/null/x", O_RDONLY));
    SHOW(open("/dev/missing", O_RDONLY));
}
