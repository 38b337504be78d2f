// madvise: DONTNEED, FREE, REMOVE, the hints, populating, errors. And fallocate's hole under a mapping.
#include "../tasks.h"

TEST {
    char *p = new_pages(4);
    memset(p, 7, 4 * PAGE);
    SHOW(madvise(p + PAGE, PAGE, MADV_DONTNEED));
    T("%d %d %d", p[0], p[PAGE], p[2 * PAGE]);
    SHOW(madvise(p, 100, MADV_DONTNEED)); // whole pages
    SHOW(p[4000]);
    SHOW(madvise(p, 0, MADV_DONTNEED));
    SHOW(madvise(p + 1, PAGE, MADV_DONTNEED));
    SHOW(madvise(p, PAGE, 1000));
    SHOW(madvise(p, -1UL, MADV_DONTNEED));
    munmap(p + 2 * PAGE, PAGE);
    p[PAGE] = p[3 * PAGE] = 9;
    SHOW(madvise(p, 4 * PAGE, MADV_DONTNEED)); // the hole is told, the rest is done
    T("%d %d", p[PAGE], p[3 * PAGE]);
    static const int hints[] = {MADV_NORMAL, MADV_RANDOM, MADV_SEQUENTIAL, MADV_WILLNEED, MADV_FREE, MADV_DONTDUMP, MADV_DODUMP, MADV_MERGEABLE, MADV_UNMERGEABLE, MADV_COLD, MADV_PAGEOUT};
    for (int i = 0; i < (int)(sizeof hints / sizeof *hints); i++) {
        if (hints[i] == MADV_MERGEABLE || hints[i] == MADV_UNMERGEABLE) continue; // up to the configuration
        long result = madvise(p, PAGE, hints[i]);
        T("advice %d: %s", hints[i], result ? errno_name(errno) : "ok");
    }
    p[0] = 5;
    SHOW(madvise(p, PAGE, MADV_FREE));
    CHECK(p[0] == 5 || p[0] == 0);
    p[0] = 6; // written after: stays
    SHOW(p[0]);
    SHOW(madvise(p, PAGE, 22)); // MADV_POPULATE_READ
    SHOW(madvise(p, PAGE, 23)); // MADV_POPULATE_WRITE
    SHOW(p[0]);
    mprotect(p + PAGE, PAGE, PROT_NONE);
    SHOW(madvise(p + PAGE, PAGE, 23));
    SHOW(madvise(p + PAGE, PAGE, MADV_DONTNEED));

    make_pattern("file", 2 * PAGE);
    int fd = (int)MUST(open("file", O_RDWR));
    char *private = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    memcpy(private, "changed", 7);
    SHOW(madvise(private, PAGE, MADV_DONTNEED));
    T("%.7s", private); // the file's again
    SHOW(madvise(private, PAGE, MADV_FREE));
    char *shared = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    memcpy(shared, "changed", 7);
    SHOW(madvise(shared, PAGE, MADV_DONTNEED));
    T("%.7s", shared); // stays changed
    char *memory = new_shared(2 * PAGE);
    memset(memory, 3, 2 * PAGE);
    SHOW(madvise(memory, PAGE, MADV_DONTNEED));
    T("%d", memory[0]);
    SHOW(madvise(memory, PAGE, MADV_REMOVE));
    T("%d %d", memory[0], memory[PAGE]);
    SHOW(madvise(p, PAGE, MADV_REMOVE)); // not for anonymous private
    SHOW(posix_madvise(p, PAGE, POSIX_MADV_DONTNEED)); // glibc: does nothing
    SHOW(p[0]);
    mprotect(memory, 2 * PAGE, PROT_READ);
    int memfd = memfd_create("m", 0);
    MUST(ftruncate(memfd, 2 * PAGE));
    char *map = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, memfd, 0);
    memset(map, 4, 2 * PAGE);
    SHOW(fallocate(memfd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, PAGE));
    T("%d %d", map[0], map[PAGE]);
    SHOW(mlock(p, PAGE));
    SHOW(madvise(p, PAGE, MADV_DONTNEED)); // locked
    SHOW(munlock(p, PAGE));
}
