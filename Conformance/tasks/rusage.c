// getrusage, times, wait4's usage and the CPU clocks: facts that hold on any machine.
#include "../tasks.h"
#include <sys/times.h>

static long long micros(struct timeval t) { return t.tv_sec * 1000000LL + t.tv_usec; }
static void burn(long ms) {
    struct timespec at;
    long long end;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &at);
    end = at.tv_sec * 1000000000LL + at.tv_nsec + ms * 1000000LL;
    do clock_gettime(CLOCK_THREAD_CPUTIME_ID, &at); while (at.tv_sec * 1000000000LL + at.tv_nsec < end);
}
static long long cpu(clockid_t clock) {
    struct timespec at;
    clock_gettime(clock, &at);
    return at.tv_sec * 1000000000LL + at.tv_nsec;
}
static void *burns(void *argument) {
    long long before = cpu(CLOCK_THREAD_CPUTIME_ID);
    CHECK(before < 20000000);
    burn(30);
    struct rusage usage;
    SHOW(getrusage(RUSAGE_THREAD, &usage));
    CHECK(micros(usage.ru_utime) + micros(usage.ru_stime) >= 15000);
    return argument;
}

TEST {
    struct rusage before, after, children;
    SHOW(getrusage(RUSAGE_SELF, &before));
    SHOW(getrusage(5, &before));
    SHOW(getrusage(-3, &before));
    SHOW(RAW(SYS_getrusage, RUSAGE_SELF, BAD));
    getrusage(RUSAGE_SELF, &before);
    CHECK(before.ru_maxrss > 0 && before.ru_utime.tv_usec < 1000000 && before.ru_stime.tv_usec < 1000000);
    getrusage(RUSAGE_CHILDREN, &children);
    CHECK(micros(children.ru_utime) == 0 && micros(children.ru_stime) == 0 && children.ru_maxrss == 0);
    CHECK(before.ru_ixrss == 0 && before.ru_idrss == 0 && before.ru_isrss == 0 && before.ru_nswap == 0 && before.ru_nsignals == 0);

    burn(40);
    getrusage(RUSAGE_SELF, &after);
    long long used = micros(after.ru_utime) + micros(after.ru_stime) - micros(before.ru_utime) - micros(before.ru_stime);
    CHECK(used >= 25000);
    char *pages = new_pages(512);
    memset(pages, 1, 512 * PAGE);
    getrusage(RUSAGE_SELF, &before);
    CHECK(before.ru_maxrss >= after.ru_maxrss + 1024);
    CHECK(before.ru_minflt > after.ru_minflt);

    pthread_t thread;
    long long process = cpu(CLOCK_PROCESS_CPUTIME_ID), mine = cpu(CLOCK_THREAD_CPUTIME_ID);
    pthread_create(&thread, NULL, burns, NULL);
    pthread_join(thread, NULL);
    CHECK(cpu(CLOCK_PROCESS_CPUTIME_ID) - process >= 29000000);
    CHECK(cpu(CLOCK_THREAD_CPUTIME_ID) - mine < 29000000);

    IN_CHILD("child", {
        CHECK(cpu(CLOCK_PROCESS_CPUTIME_ID) < 30000000);
        IN_CHILD("grandchild", burn(40));
        struct rusage inner;
        getrusage(RUSAGE_CHILDREN, &inner);
        CHECK(micros(inner.ru_utime) + micros(inner.ru_stime) >= 25000);
    });
    getrusage(RUSAGE_CHILDREN, &children);
    CHECK(micros(children.ru_utime) + micros(children.ru_stime) >= 25000);
    CHECK(children.ru_maxrss > 0);

    struct tms times1, times2;
    clock_t start = times(&times1);
    CHECK(start != (clock_t)-1);
    CHECK(times1.tms_cutime + times1.tms_cstime >= 2);
    CHECK(times1.tms_utime + times1.tms_stime >= 4);
    sleep_ms(50);
    clock_t end = times(&times2);
    CHECK(end - start >= 4);
    CHECK(times2.tms_utime >= times1.tms_utime && times2.tms_stime >= times1.tms_stime);
    SHOW(RAW(SYS_times, BAD));
    CHECK(times(NULL) != (clock_t)-1);
    CHECK(sysconf(_SC_CLK_TCK) == 100);
    clock_t ticks = clock();
    burn(10);
    CHECK(clock() - ticks >= 9000);
    // Voluntary switches are counted.
    getrusage(RUSAGE_SELF, &before);
    for (int i = 0; i < 5; i++) sleep_ms(1);
    getrusage(RUSAGE_SELF, &after);
    CHECK(after.ru_nvcsw >= before.ru_nvcsw + 5);
    // Ignored children count nowhere... but those of a waited child do, and only after the wait.
    signal(SIGCHLD, SIG_IGN);
    getrusage(RUSAGE_CHILDREN, &before);
    pid_t pid = SPAWN({ burn(40); });
    waitpid(pid, NULL, 0);
    getrusage(RUSAGE_CHILDREN, &after);
    CHECK(micros(after.ru_utime) + micros(after.ru_stime) - micros(before.ru_utime) - micros(before.ru_stime) < 20000);
}
