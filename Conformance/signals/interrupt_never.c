// Calls that a handler always interrupts, SA_RESTART or not; and what is left of their time.
#include "../tasks.h"

static volatile sig_atomic_t ticks;
static void handler(int number) { (void)number; ticks++; }
static void arm(int flags) {
    struct sigaction action = {.sa_handler = handler, .sa_flags = flags};
    sigaction(SIGALRM, &action, NULL);
    ticks = 0;
    start_ticks(8);
}
static void done(const char *label, long result) {
    int number = errno;
    stop_ticks();
    T("%s: %s", label, result < 0 ? errno_name(number) : "ok");
}
#define BOTH(label, call) do { \
        arm(0); \
        done(label, (call)); \
        arm(SA_RESTART); \
        done(label ", SA_RESTART", (call)); \
    } while (0)

TEST {
    struct timespec ten = {10, 0}, rest = {0, 0};
    int ends[2];
    MUST(pipe(ends));
    struct pollfd poller = {ends[0], POLLIN, 0};
    BOTH("pause", pause());
    BOTH("nanosleep", nanosleep(&ten, &rest));
    CHECK(rest.tv_sec == 9 && rest.tv_nsec > 0 && rest.tv_nsec < 1000000000);
    rest = (struct timespec){77, 77};
    arm(0);
    long result = clock_nanosleep(CLOCK_MONOTONIC, 0, &ten, &rest);
    stop_ticks();
    T("clock_nanosleep: %s", errno_name((int)result));
    CHECK(rest.tv_sec == 9);
    struct timespec at;
    clock_gettime(CLOCK_REALTIME, &at);
    at.tv_sec += 10;
    rest = (struct timespec){77, 77};
    arm(SA_RESTART);
    result = clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &at, &rest);
    stop_ticks();
    T("clock_nanosleep to a moment: %s", errno_name((int)result));
    CHECK(rest.tv_sec == 77); // untouched
    arm(0);
    SHOW(RAW(SYS_nanosleep, &ten, BAD));
    stop_ticks();

    BOTH("poll", poll(&poller, 1, 10000));
    BOTH("poll without end", poll(&poller, 1, -1));
    BOTH("ppoll", ppoll(&poller, 1, &ten, NULL));
    fd_set set;
    struct timeval limit = {10, 0};
    FD_ZERO(&set);
    FD_SET(ends[0], &set);
    BOTH("select", select(ends[0] + 1, &set, NULL, NULL, &limit));
    CHECK(limit.tv_sec == 9); // Linux tells the rest
    CHECK(FD_ISSET(ends[0], &set));
    BOTH("pselect", pselect(ends[0] + 1, &set, NULL, NULL, NULL, NULL));
    int epoll = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN};
    epoll_ctl(epoll, EPOLL_CTL_ADD, ends[0], &event);
    BOTH("epoll_wait", epoll_wait(epoll, &event, 1, 10000));
    BOTH("epoll_pwait", epoll_pwait(epoll, &event, 1, -1, NULL));
    sigset_t usr1 = SIGSET(SIGUSR1), none;
    sigemptyset(&none);
    BOTH("sigwaitinfo", sigwaitinfo(&usr1, NULL));
    BOTH("sigtimedwait", sigtimedwait(&usr1, NULL, &ten));
    BOTH("sigsuspend", sigsuspend(&usr1));
    static volatile uint32_t word;
    BOTH("futex with a limit", futex(&word, FUTEX_WAIT, 0, &ten, NULL, 0));
    sem_t semaphore;
    sem_init(&semaphore, 0, 0);
    clock_gettime(CLOCK_REALTIME, &at);
    at.tv_sec += 10;
    BOTH("sem_timedwait", sem_timedwait(&semaphore, &at));

    // The masks of ppoll and its like: a signal that is pending and let in by the mask interrupts even at time 0.
    BLOCK(SIGALRM);
    struct timespec zero = {0, 0};
    ticks = 0;
    raise(SIGALRM);
    SHOW(ppoll(&poller, 1, &zero, &none));
    SHOW(ticks);
    raise(SIGALRM);
    SHOW(ppoll(&poller, 1, &zero, NULL));
    SHOW(ticks);
    SHOW(ppoll(&poller, 1, &ten, &none));
    SHOW(ticks);
    raise(SIGALRM);
    SHOW(epoll_pwait(epoll, &event, 1, 1000, &none));
    raise(SIGALRM);
    SHOW(pselect(0, NULL, NULL, NULL, &ten, &none));
    SHOW(ticks);
    (void)!write(ends[1], "x", 1); // readiness counts more
    raise(SIGALRM);
    SHOW(ppoll(&poller, 1, &ten, &none));
    SHOW(ticks);
    UNBLOCK(SIGALRM);
    SHOW(ticks);

    // A stop and continue, without handler: sleeps go on, epoll and friends as well.
    signal(SIGALRM, SIG_DFL);
    pid_t pid = SPAWN({
        struct timespec part = {0, 100000000};
        long start = now_ms();
        SHOW(nanosleep(&part, NULL));
        CHECK(now_ms() - start >= 99);
        start = now_ms();
        SHOW(poll(NULL, 0, 100));
        CHECK(now_ms() - start >= 99);
    });
    for (int i = 0; i < 2; i++) {
        sleep_ms(i ? 100 : 20);
        kill(pid, SIGSTOP);
        MUST(waitpid(pid, NULL, WUNTRACED));
        sleep_ms(10);
        kill(pid, SIGCONT);
    }
    reap("stopped sleeper", pid);
}
