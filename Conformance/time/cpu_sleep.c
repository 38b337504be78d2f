// clock_nanosleep on processor time: it ends when so much has been used, not when so much time has passed.
#include "../tasks.h"

static volatile bool done;

static void *spin(void *unused) {
    (void)unused;
    while (!done) {}
    return NULL;
}

static long used_ms(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static long sleep_on(clockid_t clock, int flags, long ms, struct timespec *left) {
    struct timespec time = {ms / 1000, ms % 1000 * 1000000};
    return RAW(SYS_clock_nanosleep, clock, flags, &time, left);
}

static void ignore(int number) { (void)number; }

TEST {
    SHOW(sleep_on(CLOCK_PROCESS_CPUTIME_ID, 0, 0, NULL));
    SHOW(sleep_on(CLOCK_PROCESS_CPUTIME_ID, TIMER_ABSTIME, 0, NULL));
    SHOW(sleep_on(CLOCK_THREAD_CPUTIME_ID, 0, 1, NULL));
    clockid_t own = 0;
    CHECK(clock_getcpuclockid(0, &own) == 0);
    SHOW(sleep_on(own, TIMER_ABSTIME, 0, NULL));
    SHOW(sleep_on(own | 4, TIMER_ABSTIME, 0, NULL)); // the thread's own
    SHOW(RAW(SYS_clock_nanosleep, own, 0, &(struct timespec){0, 1000000000}, NULL));
    SHOW(RAW(SYS_clock_nanosleep, own, 0, BAD, NULL));

    pthread_t thread;
    pthread_create(&thread, NULL, spin, NULL);
    for (int absolute = 0; absolute < 2; absolute++) {
        long before = used_ms(CLOCK_PROCESS_CPUTIME_ID);
        SHOW(sleep_on(CLOCK_PROCESS_CPUTIME_ID, absolute ? TIMER_ABSTIME : 0, absolute ? before + 40 : 40, NULL));
        CHECK(used_ms(CLOCK_PROCESS_CPUTIME_ID) - before >= 40);
    }
    clockid_t other = 0;
    CHECK(pthread_getcpuclockid(thread, &other) == 0);
    long before = used_ms(other);
    SHOW(sleep_on(other, 0, 20, NULL));
    CHECK(used_ms(other) - before >= 20);
    done = true;
    pthread_join(thread, NULL);

    // Nobody uses time now: only a signal ends it.
    struct timespec left = {0, 0};
    struct sigaction action = {.sa_handler = ignore};
    sigaction(SIGALRM, &action, NULL);
    setitimer(ITIMER_REAL, &(struct itimerval){{0, 0}, {0, 30000}}, NULL);
    SHOW(sleep_on(CLOCK_PROCESS_CPUTIME_ID, 0, 60000, &left));
    CHECK(left.tv_sec >= 58 && left.tv_sec < 60);
    setitimer(ITIMER_REAL, &(struct itimerval){{0, 0}, {0, 30000}}, NULL);
    SHOW(sleep_on(CLOCK_PROCESS_CPUTIME_ID, TIMER_ABSTIME, 60000, NULL));
}
