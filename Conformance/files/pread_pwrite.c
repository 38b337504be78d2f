// pread and pwrite: own offset, bad offsets, pipes.
#include "../common.h"

TEST {
    make_pattern("f", 100);
    int fd = (int)MUST(open("f", O_RDWR));
    char data[32] = "";
    show_text("pread at 50", data, pread(fd, data, 5, 50));
    show_text("pread at 98", data, pread(fd, data, 5, 98));
    SHOW(pread(fd, data, 5, 100));
    SHOW(pread(fd, data, 5, 1000000));
    SHOW(pread(fd, data, 5, -1));
    SHOW(pwrite(fd, data, 5, -1));
    SHOW(pread(fd, data, 5, LONG_MAX));
    SHOW(pwrite(fd, data, 5, LONG_MAX));
    SHOW(pwrite(fd, "HERE", 4, 10));
    SHOW(lseek(fd, 0, SEEK_CUR));
    show_read("start", fd, 20);
    SHOW(pwrite(fd, "END", 3, 110));
    show_text("hole", data, pread(fd, data, 20, 98));
    SHOW(pread(fd, BAD, 5, 0));
    SHOW(pread(fd, data, 0, 0));
    SHOW(pwrite(fd, data, 0, 5000));
    show_stat("f");
    SHOW(pread(99, data, 5, -1));
    int ends[2];
    MUST(pipe(ends));
    SHOW(pread(ends[0], data, 5, 0));
    SHOW(pwrite(ends[1], data, 5, 0));
    SHOW(pread(ends[0], data, 5, -1));
    MUST(socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
    SHOW(pread(ends[0], data, 5, 0));
    SHOW(pwrite(ends[0], data, 5, 0));
    SHOW(lseek(ends[0], 0, SEEK_SET));
    SHOW(pread(open("f", O_WRONLY), data, 5, 0));
    SHOW(pwrite(open("f", O_RDONLY), data, 5, 0));
}
