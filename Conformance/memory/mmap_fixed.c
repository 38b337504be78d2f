// MAP_FIXED over mappings, MAP_FIXED_NOREPLACE, hints; what is left in /proc/self/maps.
#include "../tasks.h"
#define RW (PROT_READ | PROT_WRITE)
#define PA (MAP_PRIVATE | MAP_ANONYMOUS)

TEST {
    char *r = free_range(16);
    make_pattern("file", 4 * PAGE);
    int fd = (int)MUST(open("file", O_RDWR));
    CHECK(mmap(r, 8 * PAGE, RW, PA | MAP_FIXED, -1, 0) == r);
    memset(r, 'A', 8 * PAGE);
    show_maps("eight pages", r, 16 * PAGE);
    CHECK(mmap(r + 2 * PAGE, 2 * PAGE, PROT_READ, PA | MAP_FIXED, -1, 0) == r + 2 * PAGE);
    T("%d %d %d %d", r[2 * PAGE - 1], r[2 * PAGE], r[4 * PAGE - 1], r[4 * PAGE]);
    show_maps("two replaced by read-only", r, 16 * PAGE);
    CHECK(mmap(r + 5 * PAGE, 2 * PAGE, PROT_READ, MAP_SHARED | MAP_FIXED, fd, PAGE) == r + 5 * PAGE);
    show_maps("two by a file", r, 16 * PAGE);
    CHECK(mmap(r + 7 * PAGE, 4 * PAGE, PROT_NONE, PA | MAP_FIXED, -1, 0) == r + 7 * PAGE);
    show_maps("past the end", r, 16 * PAGE);
    MAPS(mmap(r + 3 * PAGE, PAGE, RW, PA | MAP_FIXED_NOREPLACE, -1, 0));
    MAPS(mmap(r + 10 * PAGE, 2 * PAGE, RW, PA | MAP_FIXED_NOREPLACE, -1, 0));
    CHECK(mmap(r + 12 * PAGE, PAGE, RW, PA | MAP_FIXED_NOREPLACE, -1, 0) == r + 12 * PAGE);
    MAPS(mmap(r + 1, PAGE, RW, PA | MAP_FIXED_NOREPLACE, -1, 0));
    MAPS(mmap(r + 1, PAGE, RW, PA | MAP_FIXED, -1, 0));
    CHECK(mmap(r + 14 * PAGE, PAGE, RW, PA, -1, 0) == r + 14 * PAGE); // a free hint is taken
    char *other = mmap(r, PAGE, RW, PA, -1, 0); // a used one is not
    CHECK(other != MAP_FAILED && (other < r || other >= r + 16 * PAGE));
    munmap(other, PAGE);
    show_maps("at last", r, 16 * PAGE);
    // A failing MAP_FIXED with a bad descriptor leaves what was there.
    MAPS(mmap(r, PAGE, RW, MAP_PRIVATE | MAP_FIXED, 99, 0));
    T("%c", r[0]);
    SHOW(munmap(r, 16 * PAGE)); // holes do not matter
    show_maps("after munmap", r, 16 * PAGE);
    SHOW(munmap(r, 16 * PAGE));
    SHOW(munmap(r + 1, PAGE));
    SHOW(munmap(r, 0));
    SHOW(munmap(r, -1UL));
    SHOW(munmap((void *)0x7ffffffff000, PAGE));
    SHOW(munmap((void *)-4096L, PAGE));
    SHOW(munmap(NULL, PAGE));
}
