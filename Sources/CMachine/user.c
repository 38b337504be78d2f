// User memory: a range check, then a copy that may fault (entry.S).
#include "CMachine.h"
#if MARTLET_IMAGE
#include "internal.h"

int ml_user_load8(uint64_t, uint64_t *), ml_user_load16(uint64_t, uint64_t *);
int ml_user_load32(uint64_t, uint64_t *), ml_user_load64(uint64_t, uint64_t *);
int ml_user_store8(uint64_t, uint64_t), ml_user_store16(uint64_t, uint64_t);
int ml_user_store32(uint64_t, uint64_t), ml_user_store64(uint64_t, uint64_t);
int ml_user_cmpxchg(uint64_t, uint32_t, uint32_t, uint32_t *);
int ml_user_xsave(uint64_t, uint64_t), ml_user_xrstor(uint64_t, uint64_t);

bool ml_user_range(uint64_t address, uint64_t count) {
    uint64_t end;
    if (__builtin_add_overflow(address, count, &end) || end > ML_USER_END) return false;
    return end <= ML_KERNEL_START || address >= ML_KERNEL_END;
}

bool ml_load_user(uint64_t address, uint32_t width, uint64_t *value) {
    if (!ml_user_range(address, width)) return false;
    switch (width) {
    case 1: return ml_user_load8(address, value) == 0;
    case 2: return ml_user_load16(address, value) == 0;
    case 4: return ml_user_load32(address, value) == 0;
    case 8: return ml_user_load64(address, value) == 0;
    }
    return false;
}

bool ml_store_user(uint64_t address, uint32_t width, uint64_t value) {
    if (!ml_user_range(address, width)) return false;
    switch (width) {
    case 1: return ml_user_store8(address, value) == 0;
    case 2: return ml_user_store16(address, value) == 0;
    case 4: return ml_user_store32(address, value) == 0;
    case 8: return ml_user_store64(address, value) == 0;
    }
    return false;
}

int32_t ml_cmpxchg_user(uint64_t address, uint32_t expected, uint32_t desired, uint32_t *seen) {
    if (!ml_user_range(address, 4)) return -1;
    return ml_user_cmpxchg(address, expected, desired, seen);
}

int64_t ml_strnlen_user(uint64_t address, uint64_t limit) {
    uint64_t length = 0, word;
    while (length < limit) {
        // Whole words while they cannot cross into a page that may be missing.
        if (((address + length) & 7) == 0 && limit - length >= 8) {
            if (!ml_user_range(address + length, 8) || ml_user_load64(address + length, &word) != 0) return -1;
            uint64_t zero = (word - 0x0101010101010101ull) & ~word & 0x8080808080808080ull;
            if (zero) return (int64_t)(length + ((uint64_t)__builtin_ctzll(zero) >> 3));
            length += 8;
        } else {
            if (!ml_user_range(address + length, 1) || ml_user_load8(address + length, &word) != 0) return -1;
            if (word == 0) return (int64_t)length;
            length++;
        }
    }
    return (int64_t)limit + 1;
}

bool ml_xsave_user(uint64_t address) {
    if (!ml_user_range(address, ml_info.xsave_size) || (address & 63)) return false;
    return ml_user_xsave(address, ml_info.xsave_mask) == 0;
}

bool ml_xrstor_user(uint64_t address) {
    if (!ml_user_range(address, ml_info.xsave_size) || (address & 63)) return false;
    return ml_user_xrstor(address, ml_info.xsave_mask) == 0;
}

/// An XSAVE area whose header says that every component is in its initial state.
void ml_reset_vector_state(void) {
    static const struct { uint8_t legacy[24]; uint32_t mxcsr, mask; uint8_t rest[4096 - 32]; }
        __attribute__((aligned(64))) initial = { {0}, 0x1f80, 0, {0} };
    if (ml_info.xsave_size > 512) {
        ml_kernel_xrstor((void *)&initial);
    } else {
        static const uint8_t legacy[512] __attribute__((aligned(16))) = { 0x7f, 0x03, [24] = 0x80, [25] = 0x1f };
        ml_kernel_fxrstor((void *)legacy);
    }
}

void ml_copy(void *to, const void *from, uint64_t count) {
    __asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(count) : : "memory");
}

void ml_zero(void *to, uint64_t count) {
    __asm__ volatile("rep stosb" : "+D"(to), "+c"(count) : "a"(0) : "memory");
}
#endif
