// timer_create and friends: notification, overruns, absolute times, deletion, errors.
#include "../tasks.h"

static siginfo_t last;
static volatile int count;
static volatile pid_t receiver;
static void handler(int number, siginfo_t *info, void *context) { (void)number, (void)context; last = *info; receiver = gettid(); count++; }
static volatile int called;
static void notified(union sigval value) { called += value.sival_int; }

TEST {
    timer_t timer, other;
    struct itimerspec set = {{0, 0}, {0, 10000000}}, now, old;
    on_signal(SIGRTMIN, handler, SA_RESTART);
    on_signal(SIGALRM, handler, SA_RESTART);
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN, .sigev_value.sival_int = 42};
    SHOW(timer_create(CLOCK_MONOTONIC, &event, &timer));
    SHOW(timer_gettime(timer, &now));
    T("%ld %ld", (long)now.it_value.tv_sec, now.it_value.tv_nsec);
    SHOW(timer_settime(timer, 0, &set, &old));
    AWAIT(count == 1);
    show_info("expired", &last);
    SHOW(timer_gettime(timer, &now));
    T("%ld %ld", (long)now.it_value.tv_sec, now.it_value.tv_nsec);
    set.it_interval.tv_nsec = 5000000;
    count = 0;
    SHOW(timer_settime(timer, 0, &set, NULL));
    AWAIT(count >= 3);
    CHECK(count >= 3);
    // Blocked for a while: one signal, the others are overruns.
    BLOCK(SIGRTMIN);
    count = 0;
    sleep_ms(40);
    sigset_t pending;
    sigpending(&pending);
    T("pending %s", set_names(&pending));
    timer_settime(timer, 0, &(struct itimerspec){{0, 0}, {0, 0}}, &old);
    CHECK(old.it_interval.tv_nsec == 5000000 && old.it_value.tv_nsec > 0);
    UNBLOCK(SIGRTMIN);
    SHOW(count <= 1);
    set.it_value.tv_nsec = 5000000;
    BLOCK(SIGRTMIN);
    timer_settime(timer, 0, &set, NULL);
    sleep_ms(50);
    struct timespec zero = {0, 0};
    sigset_t rt = SIGSET(SIGRTMIN);
    siginfo_t info;
    SHOW(sigtimedwait(&rt, &info, &zero) == SIGRTMIN);
    CHECK(info.si_code == SI_TIMER && info.si_overrun >= 7 && info.si_value.sival_int == 42);
    CHECK(timer_getoverrun(timer) >= 7);
    timer_settime(timer, 0, &(struct itimerspec){{0, 0}, {0, 0}}, NULL);
    while (sigtimedwait(&rt, &info, &zero) > 0) {}
    UNBLOCK(SIGRTMIN);

    // To a moment.
    clock_gettime(CLOCK_MONOTONIC, &set.it_value);
    set.it_value.tv_nsec += 20000000;
    if (set.it_value.tv_nsec >= 1000000000) set.it_value.tv_nsec -= 1000000000, set.it_value.tv_sec++;
    set.it_interval.tv_nsec = 0;
    count = 0;
    long start = now_ms();
    SHOW(timer_settime(timer, TIMER_ABSTIME, &set, NULL));
    AWAIT(count == 1);
    CHECK(now_ms() - start >= 19);
    SHOW(timer_settime(timer, TIMER_ABSTIME, &set, NULL)); // in the past: at once
    AWAIT(count == 2);
    SHOW(count);
    set.it_value = (struct timespec){10, 0};
    SHOW(timer_settime(timer, 0, &set, NULL));
    timer_gettime(timer, &now);
    CHECK(now.it_value.tv_sec == 9 || (now.it_value.tv_sec == 10 && now.it_value.tv_nsec == 0));
    SHOW(timer_delete(timer));
    SHOW(RAW(SYS_timer_delete, 12345));
    SHOW(RAW(SYS_timer_gettime, 12345, &now));
    SHOW(RAW(SYS_timer_settime, 12345, 0, &set, NULL));
    SHOW(RAW(SYS_timer_getoverrun, 12345));

    // No notification; the default one; to a thread; in a thread.
    event.sigev_notify = SIGEV_NONE;
    SHOW(timer_create(CLOCK_MONOTONIC, &event, &timer));
    set.it_value = (struct timespec){0, 10000000};
    count = 0;
    timer_settime(timer, 0, &set, NULL);
    sleep_ms(30);
    timer_gettime(timer, &now);
    T("count %d, left %ld", count, now.it_value.tv_nsec);
    timer_delete(timer);
    SHOW(timer_create(CLOCK_REALTIME, NULL, &timer));
    timer_settime(timer, 0, &set, NULL);
    AWAIT(count == 1);
    T("%s %s", signal_name(last.si_signo), code_name(0, last.si_code));
    timer_delete(timer);
    event.sigev_notify = SIGEV_THREAD_ID;
    event._sigev_un._tid = gettid();
    SHOW(timer_create(CLOCK_MONOTONIC, &event, &timer));
    timer_settime(timer, 0, &set, NULL);
    AWAIT(count == 2);
    CHECK(receiver == gettid());
    timer_delete(timer);
    event._sigev_un._tid = 1;
    SHOW(timer_create(CLOCK_MONOTONIC, &event, &other));
    event = (struct sigevent){.sigev_notify = SIGEV_THREAD, .sigev_notify_function = notified, .sigev_value.sival_int = 5};
    SHOW(timer_create(CLOCK_MONOTONIC, &event, &timer));
    timer_settime(timer, 0, &set, NULL);
    AWAIT(called == 5);
    SHOW(called);
    timer_delete(timer);

    // Errors.
    event = (struct sigevent){.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN};
    int id;
    SHOW(RAW(SYS_timer_create, 77, NULL, &id));
    event.sigev_signo = 65;
    SHOW(RAW(SYS_timer_create, CLOCK_MONOTONIC, &event, &id));
    event.sigev_signo = 0;
    SHOW(RAW(SYS_timer_create, CLOCK_MONOTONIC, &event, &id));
    event.sigev_signo = SIGRTMIN;
    event.sigev_notify = 99;
    SHOW(RAW(SYS_timer_create, CLOCK_MONOTONIC, &event, &id));
    SHOW(RAW(SYS_timer_create, CLOCK_MONOTONIC, BAD, &id));
    SHOW(RAW(SYS_timer_create, CLOCK_MONOTONIC_RAW, NULL, &id));
    SHOW(RAW(SYS_timer_create, CLOCK_MONOTONIC_COARSE, NULL, &id));
    event.sigev_notify = SIGEV_SIGNAL;
    MUST(timer_create(CLOCK_MONOTONIC, &event, &timer));
    set.it_value.tv_nsec = 1000000000;
    SHOW(timer_settime(timer, 0, &set, NULL));
    SHOW(timer_settime(timer, 0, &(struct itimerspec){{0, 0}, {-1, 0}}, NULL));
    SHOW(timer_settime(timer, 0, NULL, NULL));
    IN_CHILD("not inherited", SHOW(timer_gettime(timer, &now)));
    SHOW(timer_gettime(timer, &now));
    // On CPU time.
    MUST(timer_create(CLOCK_PROCESS_CPUTIME_ID, &event, &other));
    count = 0;
    set.it_value.tv_nsec = 20000000;
    SHOW(timer_settime(other, 0, &set, NULL));
    sleep_ms(50);
    SHOW(count);
    start = now_ms();
    while (!count && now_ms() - start < 3000) {}
    SHOW(count);
}
