// fallocate: growing, keeping the size, punching holes, zeroing, errors.
#include "../common.h"

#include <linux/falloc.h>

TEST {
    make_pattern("f", 20000);
    int fd = (int)MUST(open("f", O_RDWR)), reader = (int)MUST(open("f", O_RDONLY)), ends[2];
    struct stat status;
    SHOW(fallocate(fd, 0, 0, 10000));
    show_stat("f");
    SHOW(fallocate(fd, 0, 15000, 10000));
    show_stat("f");
    SHOW(fallocate(fd, FALLOC_FL_KEEP_SIZE, 25000, 50000));
    show_stat("f");
    fstat(fd, &status);
    CHECK(status.st_blocks * 512 >= 75000);
    SHOW(fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 4096, 4096));
    SHOW(lseek(fd, 0, SEEK_HOLE));
    SHOW(lseek(fd, 4096, SEEK_DATA));
    char data[16] = "";
    show_text("edge", data, pread(fd, data, 16, 4096 - 8));
    show_text("other edge", data, pread(fd, data, 16, 8192 - 8));
    // a hole inside a page only writes zeros
    SHOW(fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 10, 5));
    show_text("small hole", data, pread(fd, data, 16, 4));
    SHOW(fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 1 << 20, 4096));
    show_stat("f");
    SHOW(fallocate(fd, FALLOC_FL_PUNCH_HOLE, 0, 4096));
    SHOW(fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE | FALLOC_FL_ZERO_RANGE, 0, 4096));
    SHOW(fallocate(fd, 0x1000, 0, 4096));
    SHOW(fallocate(fd, 0, 0, 0));
    SHOW(fallocate(fd, 0, -1, 10));
    SHOW(fallocate(fd, 0, 0, -1));
    SHOW(fallocate(fd, 0, LONG_MAX, 10));
    SHOW(fallocate(reader, 0, 0, 10));
    SHOW(fallocate(99, 0, 0, 10));
    MUST(pipe(ends));
    SHOW(fallocate(ends[1], 0, 0, 10));
    SHOW(fallocate(open("/dev/null", O_RDWR), 0, 0, 10));
    SHOW(fallocate(open(".", O_RDONLY), 0, 0, 10));
    SHOW(posix_fallocate(fd, 30000, 10000));
    show_stat("f");
    SHOW(posix_fallocate(fd, 0, 0));
    IN_CHILD("limit", {
        signal(SIGXFSZ, SIG_IGN);
        setrlimit(RLIMIT_FSIZE, &(struct rlimit){50000, 50000});
        SHOW(fallocate(fd, 0, 0, 60000));
        SHOW(fallocate(fd, 0, 0, 50000));
    });
    show_stat("f");
    SHOW(posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED));
    SHOW(posix_fadvise(fd, 0, 100, POSIX_FADV_SEQUENTIAL));
    SHOW(posix_fadvise(fd, 0, 0, 77));
    SHOW(posix_fadvise(99, 0, 0, 0));
    SHOW(posix_fadvise(ends[0], 0, 0, 0));
    SHOW(readahead(fd, 0, 4096));
    SHOW(readahead(99, 0, 4096));
    SHOW(readahead(open("f", O_WRONLY), 0, 4096));
}
