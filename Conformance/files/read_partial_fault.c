// Transfers that reach an unmapped page: the part before it counts.
#include "../common.h"

TEST {
    char *pages = mmap(NULL, 2 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    munmap(pages + 4096, 4096);
    memset(pages, 'm', 4096);
    make_pattern("f", 10000);
    int fd = (int)MUST(open("f", O_RDWR));
    SHOW(read(fd, pages + 4096 - 10, 10));
    SHOW(lseek(fd, 0, SEEK_SET));
    long got = read(fd, pages + 4096 - 10, 20);
    T("read into 10 good bytes of 20: %s", got == 10 ? "10" : got < 0 ? errno_name(errno) : "other");
    T("offset afterwards agrees: %s", lseek(fd, 0, SEEK_CUR) == (got < 0 ? 0 : got) ? "yes" : "no");
    SHOW(read(fd, pages + 4096, 1));
    struct iovec parts[2] = {{pages + 4000, 50}, {pages + 4096, 10}};
    SHOW(lseek(fd, 0, SEEK_SET));
    SHOW(readv(fd, parts, 2));
    SHOW(lseek(fd, 0, SEEK_CUR));
    SHOW(lseek(fd, 0, SEEK_SET));
    SHOW(writev(fd, parts, 2));
    SHOW(lseek(fd, 0, SEEK_CUR));
    struct iovec bad[2] = {{pages + 4096, 10}, {pages, 10}};
    SHOW(readv(fd, bad, 2));
    SHOW(writev(fd, bad, 2));
    SHOW(readv(fd, (void *)(pages + 4096), 1));
    SHOW(readv(fd, BAD, 0));
    // Read only memory is no target, memory without access no source.
    mprotect(pages, 4096, PROT_READ);
    SHOW(read(fd, pages, 10));
    SHOW(write(fd, pages, 10));
    mprotect(pages, 4096, PROT_NONE);
    SHOW(write(fd, pages, 10));
    // Kernel and non-canonical addresses.
    SHOW(read(fd, (void *)0xffff800000000000, 10));
    SHOW(write(fd, (void *)0xffffffffff600000, 10));
    SHOW(read(fd, (void *)0x800000000000, 10));
    SHOW(write(fd, (void *)0x7fffffffffff, 100));
    int ends[2];
    MUST(pipe(ends));
    SHOW(write(ends[1], BAD, 10));
    SHOW(write(ends[1], "0123456789", 10));
    SHOW(read(ends[0], BAD, 10));
    show_read("the pipe still has it", ends[0], 20);
}
