// User memory: a range check, then a copy that may fault (entry.S).
#include "CMachine.h"
#if MARTLET_IMAGE
#include "internal.h"

int ml_user_load8(uint64_t, uint64_t *), ml_user_load16(uint64_t, uint64_t *);
int ml_user_load32(uint64_t, uint64_t *), ml_user_load64(uint64_t, uint64_t *);
int ml_user_store8(uint64_t, uint64_t), ml_user_store16(uint64_t, uint64_t);
int ml_user_store32(uint64_t, uint64_t), ml_user_store64(uint64_t, uint64_t);
int ml_user_cmpxchg(uint64_t, uint32_t, uint32_t, uint32_t *);
uint64_t ml_copy_user_once(void *, const void *, uint64_t), ml_clear_user_once(void *, uint64_t);
int ml_user_xsave(uint64_t, uint64_t), ml_user_xrstor(uint64_t, uint64_t);

bool ml_user_range(uint64_t address, uint64_t count) {
    uint64_t end;
    if (__builtin_add_overflow(address, count, &end) || end > ML_USER_END) return false;
    return end <= ML_KERNEL_START || address >= ML_KERNEL_END;
}

// A copy that faulted asks the address space to do what a guest's own access would have caused there (a stack
// grows), and goes on. That never sleeps and keeps the kernel lock: callers count on a copy to be one step.
static bool resolve(uint64_t address, bool write) {
    return ml_lock_held() && martlet_user_fault(address, write);
}

uint64_t ml_copy_user(void *to, const void *from, uint64_t count) {
    uint64_t left = ml_copy_user_once(to, from, count);
    if (__builtin_expect(left == 0, 1)) return 0;
    // Kernel memory is never in the guest's range, and never faults.
    bool write = ml_user_range((uint64_t)to, count);
    for (;;) {
        uint64_t done = count - left;
        if (!resolve((write ? (uint64_t)to : (uint64_t)from) + done, write)) return left;
        uint64_t now = ml_copy_user_once((char *)to + done, (const char *)from + done, left);
        if (now == 0 || now == left) return now;
        left = now;
    }
}

uint64_t ml_clear_user(void *to, uint64_t count) {
    uint64_t left = ml_clear_user_once(to, count);
    while (__builtin_expect(left != 0, 0)) {
        uint64_t at = (uint64_t)to + (count - left);
        if (!resolve(at, true)) return left;
        uint64_t now = ml_clear_user_once((void *)at, left);
        if (now == left) return left;
        left = now;
    }
    return 0;
}

// A fault is looked at under the lock, by the ordinary copy of what is left.
uint64_t ml_copy_user_unlocked(void *to, const void *from, uint64_t count) {
    ml_unlock();
    uint64_t left = ml_copy_user_once(to, from, count);
    ml_lock();
    return left == 0 ? 0 : ml_copy_user((char *)to + (count - left), (const char *)from + (count - left), left);
}

uint64_t ml_clear_user_unlocked(void *to, uint64_t count) {
    ml_unlock();
    uint64_t left = ml_clear_user_once(to, count);
    ml_lock();
    return left == 0 ? 0 : ml_clear_user((char *)to + (count - left), left);
}

static bool load_once(uint64_t address, uint32_t width, uint64_t *value) {
    switch (width) {
    case 1: return ml_user_load8(address, value) == 0;
    case 2: return ml_user_load16(address, value) == 0;
    case 4: return ml_user_load32(address, value) == 0;
    case 8: return ml_user_load64(address, value) == 0;
    }
    return false;
}

static bool store_once(uint64_t address, uint32_t width, uint64_t value) {
    switch (width) {
    case 1: return ml_user_store8(address, value) == 0;
    case 2: return ml_user_store16(address, value) == 0;
    case 4: return ml_user_store32(address, value) == 0;
    case 8: return ml_user_store64(address, value) == 0;
    }
    return false;
}

/// Both ends, for the word may lie across two pages; the lower one first, so that a stack grows once.
static bool resolve_word(uint64_t address, uint32_t width, bool write) {
    return resolve(address, write) && resolve(address + width - 1, write);
}

bool ml_load_user(uint64_t address, uint32_t width, uint64_t *value) {
    if (!ml_user_range(address, width)) return false;
    if (__builtin_expect(load_once(address, width, value), 1)) return true;
    return resolve_word(address, width, false) && load_once(address, width, value);
}

bool ml_store_user(uint64_t address, uint32_t width, uint64_t value) {
    if (!ml_user_range(address, width)) return false;
    if (__builtin_expect(store_once(address, width, value), 1)) return true;
    return resolve_word(address, width, true) && store_once(address, width, value);
}

int32_t ml_cmpxchg_user(uint64_t address, uint32_t expected, uint32_t desired, uint32_t *seen) {
    if (!ml_user_range(address, 4)) return -1;
    int32_t result = ml_user_cmpxchg(address, expected, desired, seen);
    if (__builtin_expect(result == 0, 1)) return 0;
    return resolve_word(address, 4, true) ? ml_user_cmpxchg(address, expected, desired, seen) : -1;
}

int64_t ml_strnlen_user(uint64_t address, uint64_t limit) {
    uint64_t length = 0, word;
    while (length < limit) {
        // Whole words while they cannot cross into a page that may be missing.
        if (((address + length) & 7) == 0 && limit - length >= 8) {
            if (!ml_load_user(address + length, 8, &word)) return -1;
            uint64_t zero = (word - 0x0101010101010101ull) & ~word & 0x8080808080808080ull;
            if (zero) return (int64_t)(length + ((uint64_t)__builtin_ctzll(zero) >> 3));
            length += 8;
        } else {
            if (!ml_load_user(address + length, 1, &word)) return -1;
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
