// mmap: combinations of flags and protections, and their errors.
#include "../tasks.h"

static const char *text(void *p) { return p == MAP_FAILED ? errno_name(errno) : "ok"; }
#define M(...) do { errno = 0; void *p_ = mmap(__VA_ARGS__); T("mmap(%s): %s", #__VA_ARGS__, text(p_)); if (p_ != MAP_FAILED) munmap(p_, PAGE); } while (0)
#define RW (PROT_READ | PROT_WRITE)
#define PA (MAP_PRIVATE | MAP_ANONYMOUS)

TEST {
    make_pattern("file", 5000);
    int rw = (int)MUST(open("file", O_RDWR)), ro = (int)MUST(open("file", O_RDONLY)), wo = (int)MUST(open("file", O_WRONLY)), path = (int)MUST(open("file", O_PATH));
    int dir = (int)MUST(open(".", O_RDONLY)), null = (int)MUST(open("/dev/null", O_RDWR)), zero = (int)MUST(open("/dev/zero", O_RDWR)), ends[2];
    MUST(pipe(ends));
    M(NULL, PAGE, RW, PA, -1, 0);
    M(NULL, 0, RW, PA, -1, 0);
    M(NULL, 1, RW, PA, -1, 0);
    M(NULL, PAGE, RW, MAP_ANONYMOUS, -1, 0);
    M(NULL, PAGE, RW, MAP_PRIVATE | MAP_SHARED | MAP_ANONYMOUS, -1, 0); // is MAP_SHARED_VALIDATE
    M(NULL, PAGE, RW, 4 | MAP_ANONYMOUS, -1, 0);
    M(NULL, PAGE, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    M(NULL, PAGE, RW, PA, rw, 0); // the descriptor does not count
    M(NULL, PAGE, RW, PA, -1, 1);
    M(NULL, PAGE, RW, PA, -1, PAGE); // the offset neither
    M(NULL, PAGE, 0x1000000 | PROT_READ, PA, -1, 0);
    M(NULL, PAGE, PROT_NONE, PA, -1, 0);
    M(NULL, PAGE, RW | PROT_EXEC, PA, -1, 0);
    M(NULL, -1UL, RW, PA, -1, 0);
    M(NULL, 1UL << 62, PROT_NONE, PA | MAP_NORESERVE, -1, 0);
    M(NULL, 0x800000000000, PROT_NONE, PA | MAP_NORESERVE, -1, 0);
    M((void *)1, PAGE, RW, PA, -1, 0); // only a hint
    M((void *)1, PAGE, RW, PA | MAP_FIXED, -1, 0);
    M((void *)0x7ffffffff000, PAGE, RW, PA | MAP_FIXED, -1, 0);
    M((void *)0x7ffffffff000, PAGE, RW, PA, -1, 0);
    M((void *)0x800000000000, PAGE, RW, PA | MAP_FIXED, -1, 0);
    M((void *)-4096L, PAGE, RW, PA | MAP_FIXED, -1, 0);
    M((void *)-4096L, 2 * PAGE, RW, PA | MAP_FIXED, -1, 0);
    M(NULL, PAGE, RW, PA | MAP_POPULATE | MAP_NORESERVE | MAP_DENYWRITE | MAP_EXECUTABLE | MAP_STACK | MAP_NONBLOCK, -1, 0);
    M(NULL, PAGE, RW, PA | MAP_32BIT, -1, 0);
    M(NULL, PAGE, RW, PA | 1 << 30, -1, 0); // unknown, passed over
    M(NULL, PAGE, RW, PA | MAP_HUGETLB | 63 << 26, -1, 0);

    M(NULL, PAGE, RW, MAP_PRIVATE, -1, 0);
    M(NULL, PAGE, RW, MAP_PRIVATE, 99, 0);
    M(NULL, PAGE, RW, MAP_PRIVATE, dir, 0);
    M(NULL, PAGE, PROT_READ, MAP_PRIVATE, path, 0);
    M(NULL, PAGE, PROT_READ, MAP_PRIVATE, ends[0], 0);
    M(NULL, PAGE, PROT_READ, MAP_SHARED, null, 0);
    M(NULL, PAGE, RW, MAP_PRIVATE, zero, 0);
    M(NULL, PAGE, RW, MAP_SHARED, zero, 0);
    M(NULL, PAGE, PROT_READ, MAP_PRIVATE, rw, 1);
    M(NULL, PAGE, PROT_READ, MAP_PRIVATE, rw, -(long)PAGE);
    M(NULL, PAGE, PROT_READ, MAP_PRIVATE, rw, 1L << 40);
    M(NULL, PAGE, PROT_READ, MAP_PRIVATE, rw, 0x7ffffffffffff000);
    M(NULL, PAGE, PROT_READ, 0, rw, 0);
    M(NULL, PAGE, PROT_READ, MAP_SHARED_VALIDATE, rw, 0);
    M(NULL, PAGE, PROT_READ, MAP_SHARED_VALIDATE | 1 << 30, rw, 0);
    M(NULL, PAGE, PROT_READ, MAP_SHARED_VALIDATE | MAP_SYNC, rw, 0);
    M(NULL, PAGE, RW, MAP_SHARED, ro, 0);
    M(NULL, PAGE, PROT_READ, MAP_SHARED, ro, 0);
    M(NULL, PAGE, RW, MAP_PRIVATE, ro, 0);
    M(NULL, PAGE, PROT_WRITE, MAP_SHARED, wo, 0);
    M(NULL, PAGE, PROT_READ, MAP_PRIVATE, wo, 0);
    M(NULL, PAGE, PROT_NONE, MAP_SHARED, wo, 0);
    M(NULL, PAGE, RW, MAP_SHARED, rw, 0);

    char *map = mmap(NULL, 2 * PAGE, PROT_READ, MAP_SHARED, ro, 0);
    SHOW(mprotect(map, PAGE, RW)); // opened for reading only
    SHOW(close(ro)); // the mapping stays
    T("%.5s", map + 26);
    CHECK(map[4999] != 0 && map[5000] == 0 && map[8191] == 0);
    SHOW(unlink("file"));
    T("%.5s", map + 52);
    char *low = mmap(NULL, PAGE, RW, PA | MAP_32BIT, -1, 0);
    CHECK((unsigned long)low < 1UL << 32);
    char *pages = mmap(NULL, 100, RW, PA, -1, 0);
    CHECK((unsigned long)pages % PAGE == 0 && pages[0] == 0 && pages[4095] == 0);
    CHECK(mmap((void *)((unsigned long)free_range(2) + 5), PAGE, RW, PA, -1, 0) != MAP_FAILED);
}
