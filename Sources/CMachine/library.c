// What the compiler and Embedded Swift's standard library expect of a C library.
#if MARTLET_IMAGE
#include "internal.h"

int memcmp(const void *a, const void *b, size_t count) {
    const uint8_t *x = a, *y = b;
    // Eight at a time up to the first difference.
    while (count >= 8) {
        uint64_t p, q;
        __builtin_memcpy(&p, x, 8);
        __builtin_memcpy(&q, y, 8);
        if (p != q) break;
        x += 8, y += 8, count -= 8;
    }
    for (; count; x++, y++, count--)
        if (*x != *y) return *x < *y ? -1 : 1;
    return 0;
}
int bcmp(const void *a, const void *b, size_t count) { return memcmp(a, b, count); }

/// The seed of Swift's hasher. It must be the same in all processes, which share the tables; a guest
/// that floods them harms its own sandbox only. The time stamp makes it differ between runs.
void arc4random_buf(void *buffer, size_t count) {
    uint8_t *out = buffer;
    uint64_t state = __builtin_ia32_rdtsc();
    while (count--) {
        state = state * 6364136223846793005ull + 1442695040888963407ull;
        *out++ = (uint8_t)(state >> 56);
    }
}
#endif
