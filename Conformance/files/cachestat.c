// cachestat: how many pages of a file are in memory, as far as two kernels must agree on it.
#include "../common.h"
#ifndef SYS_cachestat
#define SYS_cachestat 451
#endif
struct range { uint64_t offset, length; };
struct pages { uint64_t cached, dirty, writeback, evicted, recently; };

static long ask(int fd, uint64_t offset, uint64_t length, struct pages *pages, unsigned flags) {
    struct range range = {offset, length};
    return RAW(SYS_cachestat, fd, &range, pages, flags);
}

TEST {
    struct pages pages = {0};
    if (ask(-1, 0, 0, &pages, 0) < 0 && errno == ENOSYS) SKIP("this kernel has no cachestat");
    int fd = (int)MUST(open("f", O_RDWR | O_CREAT, 0644));
    static char data[5 * 4096];
    memset(data, 'x', sizeof data);
    SHOW(ask(fd, 0, 0, &pages, 0));
    SHOW(pages.cached);
    MUST(write(fd, data, sizeof data));
    static const struct range ranges[] = {{0, 0}, {0, 1}, {0, 4096}, {0, 4097}, {4095, 2}, {4096, 0}, {4 * 4096, 4096 * 100}, {5 * 4096, 10}, {1ul << 40, 0}};
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        long result = ask(fd, ranges[i].offset, ranges[i].length, &pages, 0);
        T("%ju+%ju: %ld, cached %ju, written back %ju", (uintmax_t)ranges[i].offset, (uintmax_t)ranges[i].length, result, (uintmax_t)pages.cached, (uintmax_t)pages.writeback);
    }
    SHOW(ask(fd, 0, 0, &pages, 1));
    SHOW(ask(-1, 0, 0, &pages, 0));
    SHOW(ask(fd, 0, 0, BAD, 0));
    SHOW(RAW(SYS_cachestat, fd, BAD, &pages, 0));
}
