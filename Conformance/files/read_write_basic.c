// read, write, lseek on a regular file: counts, offsets, end of file, zero lengths.
#include "../common.h"

TEST {
    int fd = (int)MUST(open("f", O_RDWR | O_CREAT, 0644));
    char data[100] = "";
    SHOW(read(fd, data, 10));
    SHOW(write(fd, "hello world", 11));
    SHOW(read(fd, data, 10));
    SHOW(lseek(fd, 0, SEEK_SET));
    show_read("read 5", fd, 5);
    show_read("read 100", fd, 100);
    show_read("read at the end", fd, 100);
    SHOW(read(fd, data, 0));
    SHOW(write(fd, data, 0));
    SHOW(lseek(fd, -5, SEEK_END));
    show_read("tail", fd, 100);
    SHOW(lseek(fd, 100, SEEK_SET));
    show_read("beyond the end", fd, 10);
    show_stat("f");
    SHOW(write(fd, "x", 1));
    show_stat("f");
    SHOW(lseek(fd, 9, SEEK_SET));
    show_read("hole", fd, 5);
    SHOW(lseek(fd, 0, SEEK_CUR));
    SHOW(lseek(fd, -100, SEEK_CUR));
    SHOW(lseek(fd, -1, SEEK_SET));
    SHOW(lseek(fd, 0, 77));
    SHOW(lseek(fd, 10, SEEK_SET));
    SHOW(lseek(fd, LONG_MAX, SEEK_CUR));
    SHOW(lseek(fd, 0, SEEK_CUR));
    SHOW(read(fd, BAD, 10));
    SHOW(write(fd, BAD, 10));
    SHOW(read(fd, BAD, 0));
    SHOW(write(fd, BAD, 0));
    SHOW(lseek(fd, 0, SEEK_CUR));
    SHOW(RAW(SYS_read, fd, data, -1L));
    SHOW(RAW(SYS_write, fd, data, -1L));
    SHOW(read(99, data, 1));
    SHOW(write(99, data, 1));
    SHOW(read(99, BAD, 1));
    int reader = (int)MUST(open("f", O_RDONLY)), writer = (int)MUST(open("f", O_WRONLY));
    SHOW(write(reader, "x", 1));
    SHOW(read(writer, data, 1));
    SHOW(write(reader, "x", 0));
    SHOW(read(writer, data, 0));
    // A copy and a child share the offset; another opening does not.
    SHOW(lseek(reader, 0, SEEK_SET));
    int copy = dup(reader);
    show_read("original", reader, 3);
    show_read("copy", copy, 3);
    IN_CHILD("child", { show_read("child", reader, 3); });
    show_read("original", reader, 2);
    show_read("other opening", open("f", O_RDONLY), 3);
}
