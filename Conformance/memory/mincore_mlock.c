// mincore, mlock, munlock, mlockall, mlock2 and the limit.
#define CONF_AS_USER
#include "../tasks.h"

TEST {
    char *p = new_pages(4);
    unsigned char vector[8];
    p[PAGE] = 1;
    SHOW(mincore(p, 4 * PAGE, vector));
    T("%d %d %d %d", vector[0] & 1, vector[1] & 1, vector[2] & 1, vector[3] & 1);
    SHOW(mincore(p, 1, vector));
    SHOW(mincore(p, 0, vector));
    SHOW(mincore(p + 1, PAGE, vector));
    SHOW(RAW(SYS_mincore, p, PAGE, BAD));
    munmap(p + 3 * PAGE, PAGE);
    SHOW(mincore(p, 4 * PAGE, vector));
    SHOW(mincore((void *)0x7ffffffff000, PAGE, vector));

    struct rlimit limit = {2 * PAGE, 2 * PAGE};
    MUST(setrlimit(RLIMIT_MEMLOCK, &limit));
    SHOW(mlock(p, PAGE));
    SHOW(mincore(p, PAGE, vector) + (vector[0] & 1)); // brought in
    SHOW(mlock(p, PAGE)); // counts once
    SHOW(mlock(p + PAGE, PAGE));
    SHOW(mlock(p + 2 * PAGE, PAGE));
    SHOW(munlock(p, PAGE));
    SHOW(mlock(p + 2 * PAGE, PAGE));
    SHOW(mlock(p, 4 * PAGE));
    SHOW(munlock(p, 4 * PAGE)); // over the hole
    SHOW(mlock(p, 100));
    SHOW(mlock(p + 10, 10)); // rounded to the page
    SHOW(mlock(p, 0));
    SHOW(RAW(SYS_mlock2, p, PAGE, 1));
    SHOW(RAW(SYS_mlock2, p, PAGE, 2));
    SHOW(mlockall(0));
    SHOW(mlockall(8));
    SHOW(mlockall(MCL_ONFAULT));
    SHOW(mlockall(MCL_CURRENT));
    SHOW(munlockall());
    SHOW(mlockall(MCL_FUTURE));
    MAPS(mmap(NULL, 16 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    SHOW(munlockall());
    MAPS(mmap(NULL, 16 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    MAPS(mmap(NULL, 16 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_LOCKED, -1, 0));
    MAPS(mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_LOCKED, -1, 0));
    limit.rlim_cur = 0;
    MUST(setrlimit(RLIMIT_MEMLOCK, &limit));
    SHOW(mlock(p, PAGE));
    char *populated = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    SHOW(mincore(populated, 4 * PAGE, vector));
    T("populated: %d %d %d %d", vector[0] & 1, vector[1] & 1, vector[2] & 1, vector[3] & 1);
    SHOW(munmap(populated, 4 * PAGE));
}
