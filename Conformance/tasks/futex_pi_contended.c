// A priority-inheritance futex that many threads take in turn: nobody is told of a deadlock that there is not.
#include "../tasks.h"
#include <linux/futex.h>
#include <stdatomic.h>

enum { threads = 8, rounds = 150 };
static _Atomic uint32_t word;
static int inside, most;
static atomic_int failures, deadlocks;

static void *work(void *unused) {
    for (int i = 0; i < rounds; i++) {
        if (syscall(SYS_futex, &word, FUTEX_LOCK_PI_PRIVATE, 0, NULL, NULL, 0)) {
            if (errno == EDEADLK) atomic_fetch_add(&deadlocks, 1); else atomic_fetch_add(&failures, 1);
            continue;
        }
        if (++inside > most) most = inside;
        if (i % 50 == 0) sched_yield();
        inside--;
        if (syscall(SYS_futex, &word, FUTEX_UNLOCK_PI_PRIVATE, 0, NULL, NULL, 0)) atomic_fetch_add(&failures, 1);
    }
    return unused;
}

TEST {
    pthread_t ids[threads];
    for (int i = 0; i < threads; i++) pthread_create(&ids[i], NULL, work, NULL);
    for (int i = 0; i < threads; i++) pthread_join(ids[i], NULL);
    SHOW(most);
    SHOW(deadlocks);
    SHOW(failures);
    SHOW(word);
}
