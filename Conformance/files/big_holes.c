// Big files without data: allocating them and mapping them takes neither long nor memory.
#include "../common.h"

// Processor time: the machine may be busy.
static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

static bool is_zero(const char *at, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (at[i]) return false;
    return true;
}

TEST {
    const size_t big = 1536l << 20;
    int fd = MUST(open("f", O_RDWR | O_CREAT, 0644));
    // What was there before in the same memory.
    char dirty[65536];
    memset(dirty, 'x', sizeof dirty);
    for (int i = 0; i < 64; i++) MUST(write(fd, dirty, sizeof dirty));
    SHOW(ftruncate(fd, 0));
    SHOW(ftruncate(fd, big));
    SHOW(pwrite(fd, "end", 3, big - 3));
    double start = now();
    char *map = mmap(NULL, big, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    CHECK(map != MAP_FAILED);
    CHECK(now() - start < 1);
    if (map == MAP_FAILED) return;
    CHECK(is_zero(map, 8 << 20) && is_zero(map + big / 2, 4096) && memcmp(map + big - 3, "end", 3) == 0);
    strcpy(map + big / 2 + 100, "middle");
    char text[7];
    SHOW(pread(fd, text, 7, big / 2 + 100));
    CHECK(strcmp(text, "middle") == 0);
    SHOW(munmap(map, big));
    SHOW(ftruncate(fd, 0));
    start = now();
    SHOW(fallocate(fd, 0, 10, 256 << 20));
    CHECK(now() - start < 1);
    CHECK(pread(fd, dirty, sizeof dirty, 100 << 20) == sizeof dirty && is_zero(dirty, sizeof dirty));
    SHOW(pwrite(fd, "data", 4, 100 << 20));
    start = now();
    SHOW(fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 256 << 20));
    CHECK(now() - start < 1);
    CHECK(pread(fd, dirty, sizeof dirty, 100 << 20) == sizeof dirty && is_zero(dirty, sizeof dirty));
    SHOW(lseek(fd, 0, SEEK_END));
}
