// A large sparse file: size, blocks, reading holes, limits.
#include "../common.h"

TEST {
    int fd = (int)MUST(open("f", O_RDWR | O_CREAT, 0644));
    struct stat status;
    SHOW(ftruncate(fd, 1L << 33));
    fstat(fd, &status);
    T("size %lld, blocks %lld", (long long)status.st_size, (long long)status.st_blocks);
    char data[8] = "........";
    SHOW(pread(fd, data, 8, (1L << 33) - 4));
    hexdump("tail", data, 8);
    SHOW(pwrite(fd, "x", 1, 1L << 32));
    fstat(fd, &status);
    CHECK(status.st_blocks > 0 && status.st_blocks <= 256);
    SHOW(lseek(fd, 0, SEEK_END));
    SHOW(lseek(fd, 0, SEEK_DATA));
    SHOW(ftruncate(fd, 1L << 32));
    SHOW(ftruncate(fd, (1L << 32) + 1));
    SHOW(pread(fd, data, 8, 1L << 32));
    T("after cut and growth: %d", data[0]);
    SHOW(ftruncate(fd, -1));
    SHOW(truncate("f", -1));
    SHOW(pwrite(fd, "abc", 3, 4093));
    SHOW(pwrite(fd, "def", 3, 4096));
    SHOW(ftruncate(fd, 4094));
    SHOW(ftruncate(fd, 4100));
    char around[12];
    SHOW(pread(fd, around, 12, 4090));
    hexdump("around the page boundary", around, 10);
}
