// Protection keys on a processor without them: pkey_alloc, pkey_free, pkey_mprotect.
#include "../common.h"

TEST {
    if (RAW(SYS_pkey_alloc, 0, 0) >= 0) SKIP("this processor has protection keys");
    SHOW(RAW(SYS_pkey_alloc, 0, 0));
    SHOW(RAW(SYS_pkey_alloc, 1, 0));
    SHOW(RAW(SYS_pkey_alloc, 0, 99));
    SHOW(RAW(SYS_pkey_free, 0));
    SHOW(RAW(SYS_pkey_free, 1));
    SHOW(RAW(SYS_pkey_free, -1));
    char *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    SHOW(RAW(SYS_pkey_mprotect, page, 4096, PROT_READ, -1));
    SHOW(RAW(SYS_pkey_mprotect, page, 4096, PROT_READ, 1));
    SHOW(RAW(SYS_pkey_mprotect, page, 4096, PROT_READ, 16));
}
