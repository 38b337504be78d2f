// RLIMIT_AS, large reservations, and running out of room.
#include "../tasks.h"
#define PA (MAP_PRIVATE | MAP_ANONYMOUS)

TEST {
    // A big reservation costs nothing until touched.
    char *big = MAPS(mmap(NULL, 1UL << 40, PROT_NONE, PA | MAP_NORESERVE, -1, 0));
    MAPS(mmap(big + (1UL << 39), PAGE, PROT_READ | PROT_WRITE, PA | MAP_FIXED, -1, 0));
    big[1UL << 39] = 5;
    SHOW(mprotect(big, 64 << 20, PROT_READ | PROT_WRITE));
    big[63 << 20] = 6;
    SHOW(munmap(big, 1UL << 40));
    char *writable = MAPS(mmap(NULL, 1UL << 33, PROT_READ | PROT_WRITE, PA | MAP_NORESERVE, -1, 0));
    writable[0] = writable[(1UL << 33) - 1] = 1;
    SHOW(munmap(writable, 1UL << 33));

    IN_CHILD("RLIMIT_AS", {
        struct rlimit limit = {256 << 20, 256 << 20};
        MUST(setrlimit(RLIMIT_AS, &limit));
        MAPS(mmap(NULL, 512 << 20, PROT_NONE, PA | MAP_NORESERVE, -1, 0)); // counts all the same
        char *half = MAPS(mmap(NULL, 128 << 20, PROT_READ | PROT_WRITE, PA, -1, 0));
        MAPS(mmap(NULL, 128 << 20, PROT_READ | PROT_WRITE, PA, -1, 0));
        MAPS(mremap(half, 128 << 20, 300 << 20, MREMAP_MAYMOVE));
        MAPS(mmap(half, 128 << 20, PROT_READ | PROT_WRITE, PA | MAP_FIXED, -1, 0)); // replaces
        SHOW(munmap(half, 128 << 20));
        half = MAPS(mmap(NULL, 128 << 20, PROT_READ | PROT_WRITE, PA, -1, 0));
        CHECK(malloc(256 << 20) == NULL && errno == ENOMEM);
        char *now = sbrk(0);
        CHECK((char *)syscall(SYS_brk, now + (300 << 20)) == now);
        IN_CHILD("fork", SHOW(half[0]));
        T("thread: %s", errno_name(({ pthread_t thread; pthread_attr_t attributes; pthread_attr_init(&attributes); pthread_attr_setstacksize(&attributes, 200 << 20); pthread_create(&thread, &attributes, (void *(*)(void *))(void *)getpid, NULL); })));
    });
    IN_CHILD("exec under a small RLIMIT_AS", {
        struct rlimit limit = {1 << 20, 1 << 20};
        setrlimit(RLIMIT_AS, &limit);
        // No room to load the program: killed, or refused, depending on how far it gets. Either is an end.
        freopen("/dev/null", "w", stderr);
        if (fork() == 0) { execl("/bin/true", "true", NULL); _exit(9); }
        int status;
        wait(&status);
        CHECK(status != 0);
    });
    // Reuse of freed room: many rounds leave nothing behind.
    static struct mapping maps[1024];
    int before = read_maps(maps, 1024);
    for (int i = 0; i < 300; i++) {
        char *p = mmap(NULL, 10 * PAGE, PROT_READ | PROT_WRITE, PA, -1, 0);
        p[0] = 1;
        munmap(p + 4 * PAGE, 2 * PAGE);
        munmap(p, 10 * PAGE);
    }
    CHECK(read_maps(maps, 1024) == before);
    // Many small pieces.
    char *r = mmap(NULL, 1000 * PAGE, PROT_READ | PROT_WRITE, PA, -1, 0);
    for (int i = 0; i < 1000; i += 2) MUST(mprotect(r + i * PAGE, PAGE, PROT_READ));
    for (int i = 1; i < 1000; i += 2) r[i * PAGE] = (char)i;
    CHECK(r[999 * PAGE] == (char)999);
    PROBE("a read-only piece", r + 500 * PAGE, POKE(r + 500 * PAGE, 1));
    SHOW(mprotect(r, 1000 * PAGE, PROT_READ | PROT_WRITE));
    CHECK(read_maps(maps, 1024) <= before + 2);
    SHOW(munmap(r, 1000 * PAGE));
}
