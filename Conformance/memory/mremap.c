// mremap: shrink, grow in place, move, MREMAP_FIXED, MREMAP_DONTUNMAP, errors.
#include "../tasks.h"
#define RW (PROT_READ | PROT_WRITE)
#define PA (MAP_PRIVATE | MAP_ANONYMOUS)

static char *r;
static char *start(int at, int pages) {
    char *p = mmap(r + at * (long)PAGE, (size_t)pages * PAGE, RW, PA | MAP_FIXED, -1, 0);
    for (int i = 0; i < pages; i++) p[i * (long)PAGE] = (char)('a' + i);
    return p;
}
static void clear(void) { munmap(r, 32 * PAGE); }

TEST {
    r = free_range(32);
    char *p = start(0, 4);
    CHECK(mremap(p, 4 * PAGE, 2 * PAGE, 0) == p);
    show_maps("shrunk", r, 32 * PAGE);
    CHECK(mremap(p, 2 * PAGE, 6 * PAGE, 0) == p);
    show_maps("grown in place", r, 32 * PAGE);
    T("%c %c %d", p[0], p[PAGE], p[2 * PAGE]);
    start(6, 1);
    mprotect(r + 6 * PAGE, PAGE, PROT_READ);
    MAPS(mremap(p, 6 * PAGE, 8 * PAGE, 0)); // no room, may not move
    char *q = mremap(p, 6 * PAGE, 8 * PAGE, MREMAP_MAYMOVE);
    CHECK(q != MAP_FAILED && (q < r || q >= r + 7 * PAGE));
    T("%c %c %d", q[0], q[PAGE], q[7 * PAGE]);
    show_maps("moved away", r, 7 * PAGE);
    munmap(q, 8 * PAGE);
    clear();

    // Part of a mapping moves: the rest stays.
    start(0, 6);
    CHECK(mremap(r + 2 * PAGE, 2 * PAGE, 2 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, r + 16 * PAGE) == r + 16 * PAGE);
    show_maps("part moved", r, 32 * PAGE);
    T("%c %c", r[16 * PAGE], r[17 * PAGE]);
    PROBE("the old place", r + 2 * PAGE, PEEK(r + 2 * PAGE));
    start(20, 4);
    CHECK(mremap(r, 2 * PAGE, 3 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, r + 21 * PAGE) == r + 21 * PAGE); // over another
    show_maps("over another, grown", r, 32 * PAGE);
    T("%c %c %c %d", r[20 * PAGE], r[21 * PAGE], r[22 * PAGE], r[23 * PAGE]);
    clear();

    start(0, 2);
    CHECK(mremap(r, 2 * PAGE, 2 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP, r + 8 * PAGE) == r + 8 * PAGE);
    T("%c %d", r[8 * PAGE], r[0]); // the old place is there, and empty
    show_maps("not unmapped", r, 32 * PAGE);
    MAPS(mremap(r, 2 * PAGE, 3 * PAGE, MREMAP_MAYMOVE | MREMAP_DONTUNMAP));
    MAPS(mremap(r, 2 * PAGE, 2 * PAGE, MREMAP_DONTUNMAP));
    clear();

    start(0, 2);
    MAPS(mremap(r + 1, PAGE, 2 * PAGE, MREMAP_MAYMOVE));
    MAPS(mremap(r, PAGE, 0, MREMAP_MAYMOVE));
    MAPS(mremap(r, 0, PAGE, MREMAP_MAYMOVE)); // only for shared ones
    MAPS(mremap(r, PAGE, PAGE, 8));
    MAPS(mremap(r, PAGE, PAGE, MREMAP_FIXED, r + 8 * PAGE));
    MAPS(mremap(r, PAGE, PAGE, MREMAP_FIXED | MREMAP_MAYMOVE, r + 8 * PAGE + 1));
    MAPS(mremap(r, 2 * PAGE, 2 * PAGE, MREMAP_FIXED | MREMAP_MAYMOVE, r + PAGE)); // overlap
    MAPS(mremap(r + 10 * PAGE, PAGE, 2 * PAGE, MREMAP_MAYMOVE));
    MAPS(mremap(r + PAGE, 2 * PAGE, 4 * PAGE, MREMAP_MAYMOVE)); // beyond the mapping
    MAPS(mremap(r, PAGE, 1UL << 60, MREMAP_MAYMOVE));
    MAPS(mremap(r, PAGE, PAGE, MREMAP_FIXED | MREMAP_MAYMOVE, (void *)0x7ffffffff000));
    CHECK(mremap(r, 2 * PAGE, 2 * PAGE, 0) == r);
    CHECK(mremap(r, 100, 200, 0) == r);
    show_maps("unchanged", r, 32 * PAGE);
    clear();

    // Files and shared memory.
    make_pattern("file", 8 * PAGE);
    int fd = (int)MUST(open("file", O_RDWR));
    MUST(mmap(r, 2 * PAGE, PROT_READ, MAP_SHARED | MAP_FIXED, fd, PAGE) == MAP_FAILED ? -1 : 0);
    CHECK(mremap(r, 2 * PAGE, 4 * PAGE, 0) == r);
    show_maps("file grown", r, 32 * PAGE);
    CHECK(r[3 * PAGE] == 'a' + 4 * PAGE % 26);
    CHECK(mremap(r, 0, 2 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, r + 10 * PAGE) == r + 10 * PAGE); // a second one
    show_maps("doubled", r, 32 * PAGE);
    // Fork, then a move in the child.
    clear();
    start(0, 2);
    IN_CHILD("child", CHECK(mremap(r, 2 * PAGE, 2 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, r + 4 * PAGE) == r + 4 * PAGE); T("%c", r[5 * PAGE]));
    T("%c", r[PAGE]);
}
