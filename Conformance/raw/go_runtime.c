// A small runtime of its own, as Go has one: threads by clone, alternate stacks for all, handlers with a restorer,
// futexes, preemption by a signal to the thread.
// flags: -static -nostdlib -nostartfiles -fno-stack-protector -fno-builtin
#include "../raw.h"

#define WORKERS 4
static struct worker { struct raw_thread thread; char *alternate; volatile long switches, onAlternate, done; unsigned long tls[4]; volatile long result; } workers[WORKERS];
static volatile int lock, started, stop;

static void acquire(void) {
    int expected = 0;
    if (__atomic_compare_exchange_n(&lock, &expected, 1, 0, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) return;
    while (__atomic_exchange_n(&lock, 2, __ATOMIC_ACQUIRE) != 0) CALL(__NR_futex, &lock, 128, 2, 0);
}
static void release(void) {
    if (__atomic_exchange_n(&lock, 0, __ATOMIC_RELEASE) == 2) CALL(__NR_futex, &lock, 129, 1);
}
static struct worker *self(void) {
    struct worker *result;
    __asm__ volatile("mov %%fs:0, %0" : "=r"(result));
    return result;
}
static void preempt(int number, void *info, void *context) {
    (void)number, (void)info, (void)context;
    struct worker *me = self();
    char here;
    me->switches++;
    if (&here >= me->alternate && &here < me->alternate + 65536) me->onAlternate++;
    CALL(__NR_sched_yield);
}
static long shared;
static void work(void *argument) {
    struct worker *me = argument;
    long old[3] = {0};
    struct { char *stack; int flags; size_t size; } alternate = {me->alternate, 0, 65536};
    CALL(__NR_sigaltstack, &alternate, old);
    unsigned long mask = 0;
    CALL(__NR_rt_sigprocmask, 2, &mask, 0, 8);
    __atomic_fetch_add(&started, 1, __ATOMIC_SEQ_CST);
    long sum = 0;
    for (long i = 0; i < 3000; i++) {
        acquire();
        shared++;
        release();
        sum += i;
        if (i % 100 == 0) CALL(__NR_gettid);
    }
    while (!stop) sum += 0; // busy until told: only a signal gets in here
    me->result = sum;
    me->done = self() == me;
}

int raw_main(long *stack) {
    long *argv = stack + 1;
    check("arguments", stack[0] >= 1 && argv[stack[0]] == 0);
    check("SIGURG handler", on(23, preempt, RAW_SIGINFO | RAW_ONSTACK | RAW_RESTART) == 0);
    for (int i = 0; i < WORKERS; i++) {
        workers[i].alternate = pages(16, 3);
        workers[i].tls[0] = 0;
        // The first word at %fs is the worker itself.
        unsigned long *tls = pages(1, 3);
        tls[0] = (unsigned long)&workers[i];
        check("clone", start_thread(&workers[i].thread, work, &workers[i], 0x80000, (unsigned long)tls) > 0);
    }
    while (started < WORKERS) CALL(__NR_sched_yield);
    long pid = CALL(__NR_getpid);
    bool allSent = true;
    long end = now_us() + 100000;
    for (;;) {
        bool enough = true;
        for (int i = 0; i < WORKERS; i++) {
            allSent &= CALL(__NR_tgkill, pid, workers[i].thread.tid, 23) == 0;
            enough &= workers[i].switches >= 20;
        }
        if (enough || now_us() > end + 3000000) break;
        pause_us(200);
    }
    check("signals sent", allSent);
    stop = 1;
    for (int i = 0; i < WORKERS; i++) join_thread(&workers[i].thread);
    bool right = true, switched = true, onStack = true;
    for (int i = 0; i < WORKERS; i++) {
        right &= workers[i].result == 3000L * 2999 / 2 && workers[i].done == 1;
        switched &= workers[i].switches >= 20;
        onStack &= workers[i].onAlternate == workers[i].switches;
    }
    check("results", right);
    check("preempted", switched);
    check("always on the alternate stack", onStack);
    say_number("shared counter:", shared);
    // Ended threads are gone.
    say_number("tgkill of a dead one:", CALL(__NR_tgkill, pid, 1, 0));
    return raw_failures;
}
