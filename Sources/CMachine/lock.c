// The kernel lock, sleeping and waking. All futexes are shared between processes.
#include "CMachine.h"
#if MARTLET_IMAGE
#include "internal.h"

ml_block *ml_block_of_slot(uint32_t slot) {
    return (ml_block *)(ML_ARENA + ML_SLOTS_OFFSET + (((uint64_t)slot + 1) << ML_SLOT_SHIFT) - ML_BLOCK_SIZE);
}

ml_kernel_lock ml_the_lock __attribute__((aligned(64)));

#define FUTEX_WAIT 0
#define FUTEX_WAKE 1
#define FUTEX_WAIT_BITSET 9

// Sleeps for the lock in a row after which its holders are asked to step aside.
#define STARVED 3u

/// Somebody else holds the lock.
///
/// The release has no barrier between its store and its look at `waiters`, so it may look before the store can be
/// seen here. Whoever begins to sleep in just that moment, some ten nanoseconds, is not woken by that release.
/// The host's own look at the word, well after, mostly finds it free; and the sleep is short for the case that not.
///
/// A sleeper leaves ML_LOCK_SLEEPERS in the word. Whoever takes the lock in the ordinary way puts its number alone there, so a thread that
/// a release looked for before it slept does not fall asleep behind the next holder's back, who would not know of it.
/// - Parameter once: gives up after one sleep.
/// - Returns: whether the lock was taken.
bool ml_lock_contended(uint32_t mine, bool once) {
    uint32_t seen;
    // Holders run for well under a microsecond, so a short spin mostly suffices.
    for (int i = 0; i < 200; i++) {
        __builtin_ia32_pause();
        seen = 0;
        if (__atomic_load_n(&ml_the_lock.word, __ATOMIC_RELAXED) == 0 &&
            __atomic_compare_exchange_n(&ml_the_lock.word, &seen, mine, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
            return true;
    }
    struct { int64_t seconds, nanoseconds; } limit = { 0, 2000000 };
    for (uint32_t sleeps = 0;; sleeps++) {
        seen = __atomic_load_n(&ml_the_lock.word, __ATOMIC_RELAXED);
        while (!__atomic_compare_exchange_n(&ml_the_lock.word, &seen, (seen == 0 ? mine : seen) | ML_LOCK_SLEEPERS, false,
                                            __ATOMIC_SEQ_CST, __ATOMIC_RELAXED)) {}
        // After the word: a release that takes this away before the sleep has changed the word after the exchange. It stays
        // set when this thread gets the lock: others may sleep too, and its release wakes the next.
        __atomic_store_n(&ml_the_lock.waiters, 1, __ATOMIC_SEQ_CST);
        if (seen == 0) return true;
        if (once && sleeps > 0) return false;
        // It was free and is taken again, again and again: on one processor, where this thread only runs when the holder's time is used up,
        // which then mostly is within the kernel.
        if (sleeps >= STARVED) __atomic_store_n(&ml_the_lock.starving, 1, __ATOMIC_RELAXED);
        ml_gate(NR_futex, (int64_t)&ml_the_lock.word, FUTEX_WAIT, seen | ML_LOCK_SLEEPERS, (int64_t)&limit, 0, 0);
    }
}

bool ml_lock_if_soon_free(void) {
    return ml_lock_contended(ml_current()->slot + 1, true);
}

void ml_lock_wake(void) {
    // One wake-up for each sleeper: who wakes sets it again.
    if (__atomic_exchange_n(&ml_the_lock.waiters, 0, __ATOMIC_SEQ_CST) != 0)
        ml_gate(NR_futex, (int64_t)&ml_the_lock.word, FUTEX_WAKE, 1, 0, 0, 0);
    // The lock is free, and whoever was woken may have it before this thread comes back for it.
    if (__builtin_expect(__atomic_load_n(&ml_the_lock.starving, __ATOMIC_RELAXED) != 0, 0)) {
        __atomic_store_n(&ml_the_lock.starving, 0, __ATOMIC_RELAXED);
        ml_gate(NR_sched_yield, 0, 0, 0, 0, 0, 0);
    }
}

void ml_wake_deferred(ml_block *me) {
    uint32_t count = me->wake_count;
    me->wake_count = 0;
    for (uint32_t i = 0; i < count; i++)
        ml_gate(NR_futex, (int64_t)&ml_block_of_slot(me->wake_list[i])->wake_word, FUTEX_WAKE, 1, 0, 0, 0);
}

bool ml_lock_held(void) { return ml_lock_owner() == ml_current()->slot; }
uint32_t ml_lock_owner(void) { return (__atomic_load_n(&ml_the_lock.word, __ATOMIC_RELAXED) & ~ML_LOCK_SLEEPERS) - 1; }

// How long a sleep may spin first, in cycles of the time stamp counter: some 15 microseconds.
#define SPIN_LIMIT 40000u

static inline uint64_t cycles(uint32_t *cpu) {
    uint32_t low, high;
    __asm__ volatile("rdtscp" : "=a"(low), "=d"(high), "=c"(*cpu));
    return (uint64_t)high << 32 | low;
}

/// Hand-overs between threads that run on two processors are quicker than waking an idle processor, so a
/// sleep spins first if the last one was short and was ended from another processor. A partner on the same
/// processor needs this thread out of the way, and a long sleep must use no processor at all.
bool ml_sleep(uint32_t seen, uint64_t deadline, uint32_t spin) {
    ml_block *me = ml_current();
    (void)spin;
    uint32_t cpu;
    uint64_t start = cycles(&cpu);
    if (me->spin) {
        __atomic_store_n(&me->sleep_state, 2, __ATOMIC_SEQ_CST);
        ml_unlock();
        uint32_t now_cpu;
        do {
            for (int i = 0; i < 8; i++) {
                if (__atomic_load_n(&me->wake_word, __ATOMIC_ACQUIRE) != seen) goto woken;
                __builtin_ia32_pause();
            }
        } while (cycles(&now_cpu) - start < SPIN_LIMIT);
        __atomic_store_n(&me->sleep_state, 1, __ATOMIC_SEQ_CST);
    } else {
        __atomic_store_n(&me->sleep_state, 1, __ATOMIC_SEQ_CST);
        ml_unlock();
    }
    struct { int64_t seconds, nanoseconds; } until;
    bool timed = deadline != UINT64_MAX;
    if (timed) {
        until.seconds = (int64_t)(deadline / 1000000000u);
        until.nanoseconds = (int64_t)(deadline % 1000000000u);
    }
    while (__atomic_load_n(&me->wake_word, __ATOMIC_ACQUIRE) == seen) {
        int64_t error = ml_gate(NR_futex, (int64_t)&me->wake_word, FUTEX_WAIT_BITSET, seen,
                                timed ? (int64_t)&until : 0, 0, -1);
        if (error == -110) break; // ETIMEDOUT
    }
woken:
    ml_lock();
    me->sleep_state = 0;
    uint32_t cpu_now;
    uint64_t slept = cycles(&cpu_now) - start;
    me->spin = slept < 3 * SPIN_LIMIT && me->waker_cpu != cpu_now;
    return me->wake_word != seen;
}

/// Called with the lock held; the futex call waits until it is released.
void ml_wake(uint32_t slot) {
    ml_block *me = ml_current(), *other = ml_block_of_slot(slot);
    cycles(&other->waker_cpu);
    __atomic_fetch_add(&other->wake_word, 1, __ATOMIC_SEQ_CST);
    if (__atomic_load_n(&other->sleep_state, __ATOMIC_SEQ_CST) != 1) return;
    for (uint32_t i = 0; i < me->wake_count; i++)
        if (me->wake_list[i] == slot) return;
    if (me->wake_count == ML_WAKE_LIST) {
        ml_gate(NR_futex, (int64_t)&other->wake_word, FUTEX_WAKE, 1, 0, 0, 0);
        return;
    }
    me->wake_list[me->wake_count++] = slot;
}

/// Makes a thread that runs guest code enter the kernel. One that is in the kernel ignores it. Called with the lock held.
void ml_kick(uint32_t slot) {
    ml_block *other = ml_block_of_slot(slot);
    // One that sleeps looks at its work on its way out; it cannot begin or end a sleep while the caller has the lock.
    if (__atomic_load_n(&other->sleep_state, __ATOMIC_SEQ_CST) != 0) return;
    if (other == ml_current() || other->host_tid == 0 || !__atomic_load_n(&other->ready, __ATOMIC_SEQ_CST)) return;
    // Only one at a time: each that arrives while another is being served takes room on the signal stack, and they may be sent
    // faster than served. The work was posted before, and whoever clears the mark looks at the work afterwards.
    if (__atomic_exchange_n(&other->kicked, 1, __ATOMIC_SEQ_CST)) return;
    if (ml_gate(NR_tkill, other->host_tid, ML_SIGURG, 0, 0, 0, 0) != 0) __atomic_store_n(&other->kicked, 0, __ATOMIC_SEQ_CST);
}

uint64_t ml_clock_ns(int32_t clock) {
    struct { int64_t seconds, nanoseconds; } now = {0, 0};
    if (ml_vdso_clock_gettime && clock >= 0 && (clock <= 1 || (clock >= 4 && clock <= 7) || clock == 11))
        ml_vdso_clock_gettime(clock, &now);
    else
        ml_gate(NR_clock_gettime, clock, (int64_t)&now, 0, 0, 0, 0);
    return (uint64_t)now.seconds * 1000000000u + (uint64_t)now.nanoseconds;
}
#endif
