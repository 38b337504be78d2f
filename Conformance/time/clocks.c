// Clocks: which there are, their resolutions, monotony, vDSO against system call, errors.
#include "../tasks.h"

static long long ns(struct timespec t) { return t.tv_sec * 1000000000LL + t.tv_nsec; }

TEST {
    struct timespec a, b, c;
    for (int clock = -3; clock <= 13; clock++) {
        int got = (int)RAW(SYS_clock_gettime, clock, &a), error = errno, res = (int)RAW(SYS_clock_getres, clock, &b), error2 = errno;
        bool fine = got == 0 && res == 0 && b.tv_sec == 0 && b.tv_nsec == 1;
        if (clock == -3) continue; // the CPU clock of a process id: of itself
        T("clock %d: gettime %s, getres %s%s", clock, got ? errno_name(error) : "ok", res ? errno_name(error2) : "ok", res ? "" : fine ? ", 1 ns" : ", coarser");
    }
    static const int clocks[] = {CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_MONOTONIC_RAW, CLOCK_BOOTTIME, CLOCK_TAI, CLOCK_REALTIME_COARSE, CLOCK_MONOTONIC_COARSE, CLOCK_PROCESS_CPUTIME_ID, CLOCK_THREAD_CPUTIME_ID};
    for (int i = 0; i < 9; i++) {
        bool ordered = true, close = true;
        for (int n = 0; n < 200; n++) {
            clock_gettime(clocks[i], &a); // by the vDSO
            syscall(SYS_clock_gettime, clocks[i], &b);
            clock_gettime(clocks[i], &c);
            ordered &= ns(a) <= ns(b) && ns(b) <= ns(c);
            close &= ns(c) - ns(a) < 2000000000;
            ordered &= a.tv_nsec >= 0 && a.tv_nsec < 1000000000;
        }
        T("clock %d: ordered %d, close %d", clocks[i], ordered, close);
    }
    clock_gettime(CLOCK_REALTIME, &a);
    CHECK(a.tv_sec > 1700000000);
    struct timeval now;
    struct timezone zone;
    SHOW(gettimeofday(&now, NULL));
    CHECK(now.tv_usec >= 0 && now.tv_usec < 1000000 && now.tv_sec - a.tv_sec <= 1);
    SHOW(RAW(SYS_gettimeofday, NULL, &zone));
    SHOW(RAW(SYS_gettimeofday, BAD, NULL));
    time_t seconds = time(NULL);
    CHECK(seconds - now.tv_sec <= 1 && seconds >= now.tv_sec - 1);
    CHECK(syscall(SYS_time, NULL) - seconds <= 1);
    SHOW(RAW(SYS_time, BAD));
    clock_gettime(CLOCK_MONOTONIC, &b);
    clock_gettime(CLOCK_BOOTTIME, &c);
    CHECK(ns(c) >= ns(b) - 1000000 && b.tv_sec >= 0);
    SHOW(RAW(SYS_clock_gettime, CLOCK_REALTIME, BAD));
    SHOW(RAW(SYS_clock_getres, CLOCK_REALTIME, NULL));
    SHOW(RAW(SYS_clock_getres, CLOCK_REALTIME, BAD));
    SHOW(RAW(SYS_clock_getres, 99, NULL));
    IN_CHILD("setting", {
        drop_root();
        SHOW(clock_settime(CLOCK_REALTIME, &a));
        SHOW(clock_settime(CLOCK_MONOTONIC, &a));
        SHOW(settimeofday(&now, NULL));
        a.tv_nsec = 1000000000;
        SHOW(clock_settime(CLOCK_REALTIME, &a));
        SHOW(RAW(SYS_clock_settime, CLOCK_REALTIME, BAD));
    });
    clockid_t id;
    SHOW(clock_getcpuclockid(0, &id));
    SHOW(clock_gettime(id, &a));
    SHOW(clock_getcpuclockid(getpid(), &id));
    SHOW(clock_gettime(id, &a));
    CHECK(clock_getcpuclockid(99999999, &id) == ESRCH);
    SHOW(pthread_getcpuclockid(pthread_self(), &id));
    SHOW(clock_gettime(id, &a));
    long ms = now_ms();
    sleep_ms(30);
    ms = now_ms() - ms;
    CHECK(ms >= 30 && ms < 2000);
    SHOW(RAW(SYS_clock_nanosleep, CLOCK_THREAD_CPUTIME_ID, 0, &a, NULL));
    // The CPU time of a process that has ended can be asked for until it has been waited for.
    pid_t pid = SPAWN({ for (long start = now_ms(); now_ms() - start < 30;) continue; });
    siginfo_t info;
    MUST(clock_getcpuclockid(pid, &id));
    MUST(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT));
    SHOW(clock_gettime(id, &a));
    CHECK(a.tv_sec > 0 || a.tv_nsec > 1000000);
    MUST(waitpid(pid, NULL, 0));
    SHOW(clock_gettime(id, &a));
}
