// brk: growth, shrinking, zero pages, limits, the [heap] mapping.
#include "../tasks.h"

TEST {
    free(malloc(100000)); // so that the C library has its memory before, and leaves the break alone from now on
    T("break");
    char *start = (char *)syscall(SYS_brk, 0);
    CHECK(start == sbrk(0));
    CHECK((char *)syscall(SYS_brk, start + 3 * PAGE) == start + 3 * PAGE);
    char *base = (char *)(((unsigned long)start + PAGE - 1) & ~(PAGE - 1));
    base[0] = 1;
    base[PAGE] = 2;
    show_maps("above", base + PAGE, 4 * PAGE);
    CHECK((char *)syscall(SYS_brk, base + 10) == base + 10);
    base[PAGE - 1] = 5; // the rest of the page
    PROBE("beyond", base + PAGE, PEEK(base + PAGE));
    CHECK((char *)syscall(SYS_brk, base + 2 * PAGE) == base + 2 * PAGE);
    T("%d %d %d", base[0], base[PAGE - 1], base[PAGE]); // zero again
    CHECK((char *)syscall(SYS_brk, 1) == base + 2 * PAGE); // refused: tells where it is
    CHECK((char *)syscall(SYS_brk, 0x7fffffffffff) == base + 2 * PAGE);
    CHECK((char *)syscall(SYS_brk, -1L) == base + 2 * PAGE);
    // Something is in the way.
    MUST(mmap(base + 4 * PAGE, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) == MAP_FAILED ? -1 : 0);
    CHECK((char *)syscall(SYS_brk, base + 5 * PAGE) == base + 2 * PAGE);
    CHECK(sbrk(4 * PAGE) == (void *)-1 && errno == ENOMEM);
    MUST(munmap(base + 4 * PAGE, PAGE));
    struct mapping heap = find_map("[heap]");
    T("heap %s, reaches the break: %s", heap.perms, heap.end == (unsigned long)base + 2 * PAGE ? "yes" : "no");
    MUST(mprotect(base, PAGE, PROT_READ));
    MUST(munmap(base + PAGE, PAGE));
    CHECK((char *)syscall(SYS_brk, base + 3 * PAGE) == base + 3 * PAGE);
    show_maps("with a hole", base, 4 * PAGE);
    MUST(mprotect(base, PAGE, PROT_READ | PROT_WRITE));
    IN_CHILD("child", CHECK((char *)syscall(SYS_brk, 0) == base + 3 * PAGE); CHECK((char *)syscall(SYS_brk, base + 5 * PAGE) == base + 5 * PAGE));
    CHECK((char *)syscall(SYS_brk, 0) == base + 3 * PAGE);
    IN_CHILD("RLIMIT_DATA", {
        struct rlimit limit = {1 << 20, 1 << 20};
        MUST(setrlimit(RLIMIT_DATA, &limit));
        CHECK((char *)syscall(SYS_brk, base + (2 << 20)) == base + 3 * PAGE);
        MAPS(mmap(NULL, 4 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
        MAPS(mmap(NULL, 4 << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    });
}
