// SEEK_DATA and SEEK_HOLE.
#include "../common.h"

TEST {
    int fd = (int)MUST(open("f", O_RDWR | O_CREAT, 0644));
    SHOW(lseek(fd, 0, SEEK_DATA));
    SHOW(lseek(fd, 0, SEEK_HOLE));
    // data in [64K, 68K) and [256K, 256K+1)
    char block[4096];
    memset(block, 'x', sizeof block);
    MUST(pwrite(fd, block, sizeof block, 65536));
    MUST(pwrite(fd, "y", 1, 262144));
    SHOW(lseek(fd, 0, SEEK_DATA));
    SHOW(lseek(fd, 0, SEEK_HOLE));
    SHOW(lseek(fd, 65536, SEEK_DATA));
    SHOW(lseek(fd, 65546, SEEK_DATA));
    SHOW(lseek(fd, 65536, SEEK_HOLE));
    SHOW(lseek(fd, 69632, SEEK_DATA));
    SHOW(lseek(fd, 262144, SEEK_HOLE));
    SHOW(lseek(fd, 262145, SEEK_DATA));
    SHOW(lseek(fd, 262145, SEEK_HOLE));
    SHOW(lseek(fd, 300000, SEEK_DATA));
    SHOW(lseek(fd, -1, SEEK_DATA));
    SHOW(lseek(fd, 0, SEEK_CUR));
    SHOW(ftruncate(fd, 1 << 20));
    SHOW(lseek(fd, 266240, SEEK_DATA));
    SHOW(lseek(fd, 266240, SEEK_HOLE));
    struct stat status;
    fstat(fd, &status);
    CHECK(status.st_blocks * 512 < status.st_size);
    CHECK(status.st_blocks * 512 >= 8192);
    int ends[2];
    MUST(pipe(ends));
    SHOW(lseek(ends[0], 0, SEEK_DATA));
    SHOW(lseek(ends[0], 0, SEEK_CUR));
}
