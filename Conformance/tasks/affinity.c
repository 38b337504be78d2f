// CPU affinity: sizes, errors, inheritance, and where the task then runs.
#include "../tasks.h"

TEST {
    cpu_set_t all, one, now;
    unsigned long words[1024];
    long size = RAW(SYS_sched_getaffinity, 0, sizeof words, words);
    CHECK(size > 0 && size % 8 == 0);
    CHECK(RAW(SYS_sched_getaffinity, -1, sizeof words, words) < 0 && errno == ESRCH);
    SHOW(RAW(SYS_sched_getaffinity, 99999999, sizeof words, words));
    SHOW(RAW(SYS_sched_getaffinity, 0, 0, words));
    SHOW(RAW(SYS_sched_getaffinity, 0, 9, words));
    SHOW(RAW(SYS_sched_getaffinity, 0, sizeof words, BAD));
    SHOW(sched_getaffinity(0, sizeof all, &all));
    CHECK(CPU_COUNT(&all) >= 1);
    CHECK(CPU_COUNT(&all) == sysconf(_SC_NPROCESSORS_ONLN) || CPU_COUNT(&all) < sysconf(_SC_NPROCESSORS_ONLN));
    int first = 0;
    while (!CPU_ISSET(first, &all)) first++;
    CPU_ZERO(&one);
    SHOW(sched_setaffinity(0, sizeof one, &one));
    SHOW(RAW(SYS_sched_setaffinity, 0, 0, &one));
    SHOW(RAW(SYS_sched_setaffinity, 0, 8, BAD));
    SHOW(RAW(SYS_sched_setaffinity, 99999999, sizeof all, &all));
    CPU_SET(1000, &one); // none there
    SHOW(sched_setaffinity(0, sizeof one, &one));
    CPU_SET(first, &one); // and one that is
    SHOW(sched_setaffinity(0, sizeof one, &one));
    SHOW(sched_getaffinity(0, sizeof now, &now));
    CHECK(CPU_COUNT(&now) == 1 && CPU_ISSET(first, &now));
    CHECK(sched_getcpu() == first);
    unsigned cpu = 99, node = 99;
    SHOW(RAW(SYS_getcpu, &cpu, &node, NULL));
    CHECK((int)cpu == first && node < 64);
    SHOW(RAW(SYS_getcpu, NULL, NULL, NULL));
    SHOW(RAW(SYS_getcpu, BAD, NULL, NULL));
    IN_CHILD("inherited", sched_getaffinity(0, sizeof now, &now); SHOW(CPU_COUNT(&now)); sched_setaffinity(0, sizeof all, &all));
    SHOW(sched_getaffinity(0, sizeof now, &now) == 0 && CPU_COUNT(&now) == 1);
    SHOW(sched_setaffinity(0, sizeof all, &all));
    sched_getaffinity(0, sizeof now, &now);
    CHECK(CPU_EQUAL(&now, &all));

    // Per thread, not per process.
    static cpu_set_t narrow;
    narrow = one;
    void *thread_body(void *argument) {
        sched_setaffinity(0, sizeof narrow, &narrow);
        cpu_set_t mine;
        sched_getaffinity(0, sizeof mine, &mine);
        SHOW(CPU_COUNT(&mine));
        return argument;
    }
    pthread_t thread;
    pthread_create(&thread, NULL, thread_body, NULL);
    pthread_join(thread, NULL);
    sched_getaffinity(0, sizeof now, &now);
    CHECK(CPU_EQUAL(&now, &all));

    // Of a child.
    struct gate gate = make_gate();
    pid_t pid = SPAWN({ gate_wait(gate); sched_getaffinity(0, sizeof now, &now); SHOW(CPU_COUNT(&now)); });
    SHOW(sched_setaffinity(pid, sizeof one, &one));
    gate_open(gate);
    reap("child", pid);
}
