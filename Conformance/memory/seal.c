// mseal: mappings that cannot be changed any more.
#include "../common.h"
#ifndef SYS_mseal
#define SYS_mseal 462
#endif

TEST {
    if (RAW(SYS_mseal, NULL, 0, 0) < 0 && errno == ENOSYS) SKIP("this kernel has no mseal");
    char *pages = mmap(NULL, 5 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    char *middle = pages + 4096;
    pages[4096] = 'x';
    SHOW(RAW(SYS_mseal, middle + 1, 4096, 0));
    SHOW(RAW(SYS_mseal, middle, 4096, 1));
    SHOW(RAW(SYS_mseal, BAD, 4096, 0));
    SHOW(RAW(SYS_mseal, middle, -1ul, 0));
    SHOW(RAW(SYS_mseal, middle, 0, 0));
    SHOW(RAW(SYS_mseal, middle, 2 * 4096, 0));
    SHOW(RAW(SYS_mseal, middle, 4096, 0)); // again
    SHOW(munmap(middle, 4096));
    SHOW(munmap(pages, 5 * 4096)); // nothing of it goes
    pages[0] = 'y';
    SHOW(mprotect(middle, 4096, PROT_READ));
    SHOWN("mmap over it", mmap(middle, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED ? -1 : 0);
    SHOWN("mremap", mremap(middle, 4096, 8192, MREMAP_MAYMOVE) == MAP_FAILED ? -1 : 0);
    SHOWN("mremap onto it", mremap(pages + 4 * 4096, 4096, 4096, MREMAP_MAYMOVE | MREMAP_FIXED, middle) == MAP_FAILED ? -1 : 0);
    SHOW(madvise(middle, 4096, MADV_WILLNEED));
    SHOW(madvise(middle, 4096, MADV_DONTNEED)); // it may be written to anyway
    SHOW(middle[0]);
    char *constant = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    SHOW(RAW(SYS_mseal, constant, 4096, 0));
    SHOW(madvise(constant, 4096, MADV_DONTNEED)); // here it would change what can only be read
    pid_t child = fork(); // inherited
    if (child == 0) {
        SHOW(munmap(middle, 4096));
        _exit(0);
    }
    waitpid(child, NULL, 0);
    char *gap = mmap(NULL, 3 * 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    munmap(gap + 4096, 4096);
    SHOW(RAW(SYS_mseal, gap, 3 * 4096, 0));
    SHOW(munmap(gap, 4096)); // all or nothing
}
