// nanosleep, clock_nanosleep, poll and select as sleeps, alarm, sleep: lengths and errors.
#include "../tasks.h"

static long start;
static bool took(long least) { long ms = now_ms() - start; start = now_ms(); return ms >= least && ms < least + 1500; }

TEST {
    struct timespec t = {0, 20000000}, rest = {7, 7}, at;
    start = now_ms();
    SHOW(nanosleep(&t, &rest));
    CHECK(took(20));
    T("rest %ld %ld", (long)rest.tv_sec, rest.tv_nsec); // left alone
    SHOW(nanosleep(&(struct timespec){0, 0}, NULL));
    SHOW(nanosleep(&(struct timespec){0, 1000000000}, NULL));
    SHOW(nanosleep(&(struct timespec){0, -1}, NULL));
    SHOW(nanosleep(&(struct timespec){-1, 0}, NULL));
    SHOW(RAW(SYS_nanosleep, BAD, NULL));
    static const int clocks[] = {CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_BOOTTIME, CLOCK_TAI, CLOCK_MONOTONIC_RAW, CLOCK_REALTIME_COARSE, CLOCK_THREAD_CPUTIME_ID, 55};
    for (int i = 0; i < 8; i++) {
        int result = clock_nanosleep(clocks[i], 0, &t, NULL);
        T("clock %d: %s", clocks[i], errno_name(result));
    }
    for (int i = 0; i < 4; i++) {
        start = now_ms();
        clock_gettime(clocks[i], &at);
        at.tv_nsec += 20000000;
        if (at.tv_nsec >= 1000000000) at.tv_nsec -= 1000000000, at.tv_sec++;
        int result = clock_nanosleep(clocks[i], TIMER_ABSTIME, &at, NULL);
        T("clock %d to a moment: %s, long enough: %d", clocks[i], errno_name(result), now_ms() - start >= 19);
        T("again: %s", errno_name(clock_nanosleep(clocks[i], TIMER_ABSTIME, &at, NULL))); // past
    }
    start = now_ms();
    T("to the past: %s", errno_name(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &(struct timespec){0, 0}, NULL)));
    T("wrong flags are passed over: %s", errno_name(clock_nanosleep(CLOCK_MONOTONIC, 2, &t, NULL)));
    SHOW(poll(NULL, 0, 20));
    SHOW(select(0, NULL, NULL, NULL, &(struct timeval){0, 20000}));
    SHOW(pselect(0, NULL, NULL, NULL, &t, NULL));
    SHOW(ppoll(NULL, 0, &t, NULL));
    SHOW(epoll_wait(epoll_create1(0), &(struct epoll_event){0}, 1, 20));
    CHECK(took(100));
    SHOW(select(0, NULL, NULL, NULL, &(struct timeval){0, -1}));
    SHOW(select(0, NULL, NULL, NULL, &(struct timeval){-1, 0}));
    SHOW(select(-1, NULL, NULL, NULL, NULL));
    start = now_ms();
    SHOW(pselect(0, NULL, NULL, NULL, &(struct timespec){0, 1000000000}, NULL));
    SHOW(ppoll(NULL, 0, &(struct timespec){-1, 0}, NULL));
    struct timeval v = {0, 20000};
    SHOW(select(0, NULL, NULL, NULL, &v));
    T("rest %ld %ld", (long)v.tv_sec, (long)v.tv_usec);
    // Many short sleeps in threads.
    static int sum;
    void *body(void *argument) {
        for (int i = 0; i < 20; i++) usleep(500), __atomic_fetch_add(&sum, 1, __ATOMIC_SEQ_CST);
        return argument;
    }
    pthread_t threads[4];
    for (int i = 0; i < 4; i++) pthread_create(&threads[i], NULL, body, NULL);
    for (int i = 0; i < 4; i++) pthread_join(threads[i], NULL);
    SHOW(sum);
}
