// setitimer and getitimer on the three clocks, alarm.
#include "../tasks.h"

static struct itimerval timer(long us, long interval) { return (struct itimerval){{interval / 1000000, interval % 1000000}, {us / 1000000, us % 1000000}}; }
static volatile int count[NSIG];
static siginfo_t last;
static void handler(int number, siginfo_t *info, void *context) { (void)context; count[number]++; last = *info; }
static void spin_until(int number, int wanted) {
    long end = now_ms() + 3000;
    while (count[number] < wanted && now_ms() < end) {}
}

TEST {
    struct itimerval now, old, t;
    on_signal(SIGALRM, handler, SA_RESTART);
    on_signal(SIGVTALRM, handler, SA_RESTART);
    on_signal(SIGPROF, handler, SA_RESTART);
    SHOW(getitimer(ITIMER_REAL, &now));
    T("%ld %ld %ld %ld", (long)now.it_value.tv_sec, (long)now.it_value.tv_usec, (long)now.it_interval.tv_sec, (long)now.it_interval.tv_usec);
    SHOW(getitimer(3, &now));
    SHOW(getitimer(-1, &now));
    SHOW(setitimer(3, &now, NULL));
    t = timer(1000000, 0);
    t.it_value.tv_usec = 1000000;
    SHOW(setitimer(ITIMER_REAL, &t, NULL));
    t = timer(1000000, 0);
    t.it_interval.tv_usec = -1;
    SHOW(setitimer(ITIMER_REAL, &t, NULL));
    t = timer(0, 0);
    t.it_value.tv_sec = -1;
    SHOW(setitimer(ITIMER_REAL, &t, NULL));
    SHOW(RAW(SYS_setitimer, ITIMER_REAL, BAD, NULL));
    SHOW(RAW(SYS_setitimer, ITIMER_REAL, NULL, NULL)); // means zero

    t = timer(10000000, 5000000);
    SHOW(setitimer(ITIMER_REAL, &t, NULL));
    SHOW(getitimer(ITIMER_REAL, &now));
    CHECK(now.it_value.tv_sec == 9 || (now.it_value.tv_sec == 10 && now.it_value.tv_usec == 0));
    T("interval %ld", (long)now.it_interval.tv_sec);
    t = timer(20000, 0);
    SHOW(setitimer(ITIMER_REAL, &t, &old));
    CHECK(old.it_value.tv_sec >= 9 && old.it_interval.tv_sec == 5);
    spin_until(SIGALRM, 1);
    show_info("once", &last);
    SHOW(getitimer(ITIMER_REAL, &now));
    T("%ld %ld", (long)now.it_value.tv_sec, (long)now.it_value.tv_usec);
    sleep_ms(30);
    SHOW(count[SIGALRM]);
    t = timer(5000, 5000);
    setitimer(ITIMER_REAL, &t, NULL);
    spin_until(SIGALRM, 4);
    CHECK(count[SIGALRM] >= 4);
    IN_CHILD("not inherited", getitimer(ITIMER_REAL, &now); SHOW(now.it_value.tv_usec + now.it_interval.tv_usec));
    setitimer(ITIMER_REAL, &(struct itimerval){0}, NULL);
    IN_CHILD("kept by exec", {
        signal(SIGALRM, SIG_DFL);
        t = timer(10000, 0);
        setitimer(ITIMER_REAL, &t, NULL);
        execl("/bin/sleep", "sleep", "2", NULL);
    });

    // CPU clocks go on only while it runs.
    t = timer(15000, 15000);
    SHOW(setitimer(ITIMER_VIRTUAL, &t, NULL));
    sleep_ms(40);
    SHOW(count[SIGVTALRM]);
    spin_until(SIGVTALRM, 2);
    CHECK(count[SIGVTALRM] >= 2);
    show_info("virtual", &last);
    setitimer(ITIMER_VIRTUAL, &(struct itimerval){0}, &old);
    CHECK(old.it_value.tv_sec == 0 && old.it_value.tv_usec > 0 && old.it_value.tv_usec <= 26000);
    CHECK(old.it_interval.tv_usec > 0);
    SHOW(setitimer(ITIMER_PROF, &t, NULL));
    sleep_ms(40);
    SHOW(count[SIGPROF]);
    spin_until(SIGPROF, 2);
    CHECK(count[SIGPROF] >= 2);
    setitimer(ITIMER_PROF, &(struct itimerval){0}, NULL);

    SHOW(alarm(100));
    SHOW(alarm(50));
    SHOW(alarm(0));
    SHOW(alarm(0));
    getitimer(ITIMER_REAL, &now);
    SHOW(now.it_value.tv_sec);
    alarm(7);
    getitimer(ITIMER_REAL, &now);
    CHECK(now.it_value.tv_sec == 6 || (now.it_value.tv_sec == 7 && now.it_value.tv_usec == 0));
    alarm(0);
    // The signal is for the process: a thread that does not block it takes it.
    count[SIGALRM] = 0;
    BLOCK(SIGALRM);
    static volatile pid_t who_;
    void taker(int number) { (void)number; who_ = gettid(); }
    signal(SIGALRM, taker);
    void *body(void *argument) {
        sigset_t set = SIGSET(SIGALRM);
        pthread_sigmask(SIG_UNBLOCK, &set, NULL);
        AWAIT(who_ != 0);
        SHOW(who_ == gettid());
        return argument;
    }
    pthread_t thread;
    pthread_create(&thread, NULL, body, NULL);
    t = timer(10000, 0);
    setitimer(ITIMER_REAL, &t, NULL);
    pthread_join(thread, NULL);
}
