// FUTEX_WAIT_BITSET and WAKE_BITSET with absolute times on both clocks; futex_waitv.
#include "../tasks.h"

static volatile uint32_t word, second, woken, waiting;
static void *waiter(void *mask) {
    __atomic_fetch_add(&waiting, 1, __ATOMIC_SEQ_CST);
    futex(&word, FUTEX_WAIT_BITSET_PRIVATE, 0, NULL, NULL, (uint32_t)(uintptr_t)mask);
    __atomic_fetch_or(&woken, (uint32_t)(uintptr_t)mask, __ATOMIC_SEQ_CST);
    return NULL;
}
static struct timespec in_ms(clockid_t clock, long ms) {
    struct timespec at;
    clock_gettime(clock, &at);
    at.tv_nsec += ms * 1000000;
    while (at.tv_nsec >= 1000000000) at.tv_nsec -= 1000000000, at.tv_sec++;
    while (at.tv_nsec < 0) at.tv_nsec += 1000000000, at.tv_sec--;
    return at;
}
struct waitv { uint64_t value, address; uint32_t flags, reserved; };

TEST {
    pthread_t threads[3];
    for (long i = 0; i < 3; i++) pthread_create(&threads[i], NULL, waiter, (void *)(1L << i));
    AWAIT(waiting == 3);
    settle();
    SHOW(futex(&word, FUTEX_WAKE_BITSET_PRIVATE, 10, NULL, NULL, 8));
    SHOW(futex(&word, FUTEX_WAKE_BITSET_PRIVATE, 10, NULL, NULL, 2));
    AWAIT(woken == 2);
    SHOW(woken);
    SHOW(futex(&word, FUTEX_WAKE_BITSET_PRIVATE, 10, NULL, NULL, 5));
    for (int i = 0; i < 3; i++) pthread_join(threads[i], NULL);
    SHOW(woken);
    SHOW(futex(&word, FUTEX_WAKE_BITSET_PRIVATE, 10, NULL, NULL, 0));
    SHOW(futex(&word, FUTEX_WAIT_BITSET_PRIVATE, 0, NULL, NULL, 0));
    SHOW(futex(&word, FUTEX_WAIT_BITSET_PRIVATE, 1, NULL, NULL, 1));

    struct timespec at = in_ms(CLOCK_MONOTONIC, 30);
    long start = now_ms();
    SHOW(futex(&word, FUTEX_WAIT_BITSET_PRIVATE, 0, &at, NULL, ~0U));
    CHECK(now_ms() - start >= 29);
    at = in_ms(CLOCK_MONOTONIC, -30);
    SHOW(futex(&word, FUTEX_WAIT_BITSET_PRIVATE, 0, &at, NULL, ~0U));
    at = in_ms(CLOCK_REALTIME, 30);
    start = now_ms();
    SHOW(futex(&word, FUTEX_WAIT_BITSET_PRIVATE | FUTEX_CLOCK_REALTIME, 0, &at, NULL, ~0U));
    CHECK(now_ms() - start >= 29);
    at = (struct timespec){0, 0};
    SHOW(futex(&word, FUTEX_WAIT_BITSET_PRIVATE | FUTEX_CLOCK_REALTIME, 0, &at, NULL, ~0U));

    // Interrupted: not restarted, whatever the handler was installed with.
    count_signal(SIGALRM, SA_RESTART);
    start_ticks(5);
    at = in_ms(CLOCK_MONOTONIC, 60000);
    start = now_ms();
    SHOW(futex(&word, FUTEX_WAIT_BITSET_PRIVATE, 0, &at, NULL, ~0U));
    CHECK(now_ms() - start < 5000);
    stop_ticks();

    // glibc's timed waits on both clocks come down to these.
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
    pthread_mutex_lock(&mutex);
    at = in_ms(CLOCK_REALTIME, 10);
    T("condition: %s", errno_name(pthread_cond_timedwait(&condition, &mutex, &at)));
    at = in_ms(CLOCK_MONOTONIC, 10);
    T("condition: %s", errno_name(pthread_cond_clockwait(&condition, &mutex, CLOCK_MONOTONIC, &at)));
    at = in_ms(CLOCK_REALTIME, 10);
    T("own mutex: %s", errno_name(pthread_mutex_timedlock(&mutex, &at)));
    sem_t semaphore;
    sem_init(&semaphore, 0, 0);
    at = in_ms(CLOCK_REALTIME, 10);
    SHOW(sem_timedwait(&semaphore, &at));
    SHOW(sem_trywait(&semaphore));

    // Several words at once.
    struct waitv vector[2] = {{0, (uintptr_t)&word, 2, 0}, {0, (uintptr_t)&second, 2, 0}};
    at = in_ms(CLOCK_MONOTONIC, 20);
    SHOW(RAW(SYS_futex_waitv, vector, 2, 0, &at, CLOCK_MONOTONIC));
    vector[1].value = 1;
    SHOW(RAW(SYS_futex_waitv, vector, 2, 0, &at, CLOCK_MONOTONIC));
    SHOW(RAW(SYS_futex_waitv, vector, 0, 0, NULL, 0));
    SHOW(RAW(SYS_futex_waitv, vector, 129, 0, NULL, 0));
    SHOW(RAW(SYS_futex_waitv, vector, 2, 1, NULL, 0));
    SHOW(RAW(SYS_futex_waitv, BAD, 2, 0, NULL, 0));
    SHOW(RAW(SYS_futex_waitv, vector, 2, 0, &at, CLOCK_PROCESS_CPUTIME_ID));
    vector[1].value = 0;
    vector[1].reserved = 1;
    SHOW(RAW(SYS_futex_waitv, vector, 2, 0, NULL, 0));
}
