// How mappings split and merge under munmap, mprotect and mmap, as /proc/self/maps shows them.
#include "../tasks.h"
#define RW (PROT_READ | PROT_WRITE)
#define PA (MAP_PRIVATE | MAP_ANONYMOUS)

static char *r;
static void start(int pages) {
    munmap(r, 12 * PAGE);
    MUST(mmap(r, (size_t)pages * PAGE, RW, PA | MAP_FIXED, -1, 0) == r ? 0 : -1);
}

TEST {
    r = free_range(12);
    start(6);
    SHOW(munmap(r + 2 * PAGE, PAGE));
    show_maps("a hole", r, 12 * PAGE);
    SHOW(munmap(r, PAGE));
    SHOW(munmap(r + 5 * PAGE, 100));
    show_maps("ends cut", r, 12 * PAGE);
    SHOW(mprotect(r + PAGE, 4 * PAGE, PROT_READ)); // over the hole
    show_maps("the part before the hole has changed", r, 12 * PAGE);

    start(6);
    SHOW(mprotect(r + PAGE, 2 * PAGE, PROT_READ));
    show_maps("middle read-only", r, 12 * PAGE);
    SHOW(mprotect(r + PAGE, 2 * PAGE, RW));
    show_maps("and back: one again", r, 12 * PAGE);
    SHOW(mprotect(r, PAGE, PROT_NONE));
    SHOW(mprotect(r + 4 * PAGE, 2 * PAGE, PROT_READ | PROT_EXEC));
    show_maps("both ends", r, 12 * PAGE);
    SHOW(mprotect(r + PAGE, 3 * PAGE, PROT_READ | PROT_EXEC));
    show_maps("merged to the right", r, 12 * PAGE);
    SHOW(mprotect(r, PAGE, PROT_READ | PROT_EXEC));
    show_maps("merged to the left", r, 12 * PAGE);

    start(2);
    MUST(mmap(r + 4 * PAGE, 2 * PAGE, RW, PA | MAP_FIXED, -1, 0) == MAP_FAILED ? -1 : 0);
    show_maps("two apart", r, 12 * PAGE);
    MUST(mmap(r + 2 * PAGE, 2 * PAGE, RW, PA | MAP_FIXED, -1, 0) == MAP_FAILED ? -1 : 0);
    show_maps("the gap filled: one", r, 12 * PAGE);
    MUST(mmap(r + 6 * PAGE, PAGE, RW, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED ? -1 : 0);
    static struct mapping maps[1024];
    int count = read_maps(maps, 1024), found = 0;
    for (int i = 0; i < count; i++)
        if (maps[i].start == (unsigned long)r + 6 * PAGE) T("a shared one beside it: %s %s", maps[i].perms, maps[i].name), found++;
    SHOW(found);

    make_pattern("file", 8 * PAGE);
    int fd = (int)MUST(open("file", O_RDWR));
    start(1);
    MUST(mmap(r, 4 * PAGE, PROT_READ, MAP_PRIVATE | MAP_FIXED, fd, 0) == MAP_FAILED ? -1 : 0);
    MUST(mmap(r + 4 * PAGE, 2 * PAGE, PROT_READ, MAP_PRIVATE | MAP_FIXED, fd, 4 * PAGE) == MAP_FAILED ? -1 : 0);
    show_maps("file pages that continue: one", r, 12 * PAGE);
    MUST(mmap(r + 6 * PAGE, 2 * PAGE, PROT_READ, MAP_PRIVATE | MAP_FIXED, fd, 0) == MAP_FAILED ? -1 : 0);
    show_maps("that do not", r, 12 * PAGE);
    MUST(mmap(r + 8 * PAGE, PAGE, PROT_READ, MAP_SHARED | MAP_FIXED, fd, 2 * PAGE) == MAP_FAILED ? -1 : 0);
    show_maps("shared", r, 12 * PAGE);
    SHOW(munmap(r + PAGE, PAGE));
    SHOW(mprotect(r + 3 * PAGE, PAGE, RW));
    show_maps("split, with their offsets", r, 12 * PAGE);

    // mprotect's errors.
    start(3);
    SHOW(mprotect(r + 1, PAGE, PROT_READ));
    SHOW(mprotect(r, 0, PROT_READ));
    SHOW(mprotect(r, 1, PROT_READ));
    SHOW(mprotect(r + 8 * PAGE, PAGE, PROT_READ));
    SHOW(mprotect(r, PAGE, 0x1000));
    SHOW(mprotect(r, -1UL, PROT_READ)); // wraps to nothing
    SHOW(mprotect(r, PAGE, PROT_READ | PROT_GROWSDOWN));
    SHOW(mprotect(r, PAGE, PROT_READ | PROT_GROWSDOWN | PROT_GROWSUP));
    SHOW(mprotect(r + 2 * PAGE, 3 * PAGE, PROT_NONE));
    show_maps("after them", r, 12 * PAGE);
    r[PAGE] = 7;
    SHOW(mprotect(r + PAGE, PAGE, PROT_NONE));
    SHOW(mprotect(r + PAGE, PAGE, PROT_READ));
    SHOW(r[PAGE]); // the content was kept
}
