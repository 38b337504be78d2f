// The calls that came after futex(2): futex_wait, futex_wake, futex_requeue.
#include "../tasks.h"
#ifndef SYS_futex_wake
#define SYS_futex_wake 454
#define SYS_futex_wait 455
#define SYS_futex_requeue 456
#endif
enum { U32 = 2, PRIVATE = 128 };
struct waiter { uint64_t value, address; uint32_t flags, reserved; };

static uint32_t word, other;

static long wake(uint32_t *at, unsigned long mask, int count, unsigned flags) { return RAW(SYS_futex_wake, at, mask, count, flags); }
static long wait_on(uint32_t *at, unsigned long value, unsigned long mask, unsigned flags, struct timespec *until, int clock) {
    return RAW(SYS_futex_wait, at, value, mask, flags, until, clock);
}
static long requeue(uint32_t *from, uint32_t *to, unsigned flags, unsigned more, int wakes, int moves) {
    struct waiter both[2] = {{word, (uint64_t)(uintptr_t)from, flags, 0}, {0, (uint64_t)(uintptr_t)to, flags, 0}};
    return RAW(SYS_futex_requeue, both, more, wakes, moves);
}

static void *waiter(void *mask) { return (void *)wait_on(&word, 0, (unsigned long)mask, U32 | PRIVATE, NULL, 0); }

/// Wakes until so many have been woken, for the threads may not sleep yet.
static long wake_all(uint32_t *at, unsigned long mask, int wanted) {
    long woken = 0;
    for (int i = 0; i < 2000 && woken < wanted; i++) {
        woken += wake(at, mask, wanted, U32 | PRIVATE);
        if (woken < wanted) sleep_ms(1);
    }
    return woken;
}

TEST {
    if (wake(&word, 1, 1, U32) < 0 && errno == ENOSYS) SKIP("this kernel has no futex_wake");
    SHOW(wake(&word, ~0u, 1, U32));
    SHOW(wake(&word, ~0u, 1, U32 | PRIVATE));
    SHOW(wake(&word, ~0u, 0, U32 | PRIVATE));
    SHOW(wake(&word, 0, 1, U32));
    SHOW(wake(&word, 1ul << 32, 1, U32));
    SHOW(wake(&word, 1, 1, 0)); // no 8-bit words
    SHOW(wake(&word, 1, 1, 1));
    SHOW(wake(&word, 1, 1, 3));
    SHOW(wake(&word, 1, 1, U32 | 0x40));
    SHOW(wake((uint32_t *)((char *)&word + 1), 1, 1, U32));
    SHOW(wake(BAD, 1, 1, U32));

    struct timespec soon, past = {0, 0};
    SHOW(wait_on(&word, 1, ~0u, U32 | PRIVATE, NULL, 0));
    SHOW(wait_on(&word, 0, 0, U32 | PRIVATE, NULL, 0));
    SHOW(wait_on(&word, 1ul << 32, 1, U32 | PRIVATE, NULL, 0));
    SHOW(wait_on(&word, 0, ~0u, U32 | PRIVATE, &past, CLOCK_MONOTONIC));
    SHOW(wait_on(&word, 0, ~0u, U32, &past, CLOCK_REALTIME));
    SHOW(wait_on(&word, 0, ~0u, U32, &past, CLOCK_BOOTTIME));
    SHOW(wait_on(&word, 0, ~0u, U32, &(struct timespec){0, -1}, CLOCK_MONOTONIC));
    SHOW(wait_on(&word, 0, ~0u, U32, BAD, CLOCK_MONOTONIC));
    SHOW(wait_on(BAD, 0, ~0u, U32, NULL, 0));
    clock_gettime(CLOCK_MONOTONIC, &soon);
    soon.tv_nsec += 10000000;
    if (soon.tv_nsec >= 1000000000) soon.tv_nsec -= 1000000000, soon.tv_sec++;
    SHOW(wait_on(&word, 0, ~0u, U32 | PRIVATE, &soon, CLOCK_MONOTONIC));

    pthread_t one, two;
    void *result;
    pthread_create(&one, NULL, waiter, (void *)1);
    SHOW(wake(&word, 2, 1, U32 | PRIVATE)); // not its bit
    SHOW(wake_all(&word, 1, 1));
    pthread_join(one, &result);
    SHOW((long)result);

    // One is woken, the other moved.
    pthread_create(&one, NULL, waiter, (void *)1);
    pthread_create(&two, NULL, waiter, (void *)1);
    long moved = 0;
    for (int i = 0; i < 2000 && moved < 2; i++) {
        moved += requeue(&word, &other, U32 | PRIVATE, 0, 0, 2);
        if (moved < 2) sleep_ms(1);
    }
    SHOW(moved);
    SHOW(wake(&word, 1, 2, U32 | PRIVATE));
    SHOW(wake_all(&other, 1, 2));
    pthread_join(one, NULL), pthread_join(two, NULL);
    SHOW(requeue(&word, &other, U32 | PRIVATE, 1, 0, 1));
    SHOW(requeue(&word, &other, 0, 0, 0, 1));
    SHOW(requeue(&word, &other, U32, 0, -1, 1));
    SHOW(requeue(&word, &other, U32, 0, 1, -1));
    SHOW(requeue(&word, &word, U32, 0, 1, 1));
    word = 1;
    struct waiter wrong[2] = {{0, (uint64_t)(uintptr_t)&word, U32, 0}, {0, (uint64_t)(uintptr_t)&other, U32, 0}};
    SHOW(RAW(SYS_futex_requeue, wrong, 0, 1, 1)); // the value is another
    wrong[0].value = 1, wrong[1].reserved = 1;
    SHOW(RAW(SYS_futex_requeue, wrong, 0, 1, 1));
    SHOW(RAW(SYS_futex_requeue, NULL, 0, 1, 1));
    SHOW(RAW(SYS_futex_requeue, BAD, 0, 1, 1));
}
