// sched_*: policies, parameters, limits, sched_getattr/setattr. Without real-time privileges.
#define CONF_AS_USER
#include "../tasks.h"

struct attr { uint32_t size, policy; uint64_t flags; int32_t nice; uint32_t priority; uint64_t runtime, deadline, period; uint32_t min, max; };

TEST {
    struct sched_param param = {0};
    struct timespec interval;
    SHOW(sched_getscheduler(0));
    SHOW(sched_getscheduler(-1));
    SHOW(sched_getscheduler(99999999));
    SHOW(sched_getparam(0, &param));
    SHOW(param.sched_priority);
    SHOW(RAW(SYS_sched_getparam, 0, NULL));
    SHOW(RAW(SYS_sched_getparam, 0, BAD));
    SHOW(RAW(SYS_sched_getparam, -1, &param));
    static const int policies[] = {SCHED_OTHER, SCHED_FIFO, SCHED_RR, SCHED_BATCH, 4, SCHED_IDLE, 6, 99, -1};
    for (int i = 0; i < 9; i++) {
        long low = sched_get_priority_min(policies[i]), high = sched_get_priority_max(policies[i]);
        T("policy %d: %ld to %ld", policies[i], low, high);
    }
    SHOW(sched_setscheduler(0, SCHED_OTHER, &param));
    SHOW(sched_setscheduler(0, SCHED_BATCH, &param));
    SHOW(sched_getscheduler(0));
    IN_CHILD("inherited", SHOW(sched_getscheduler(0)));
    SHOW(sched_setscheduler(0, SCHED_OTHER | SCHED_RESET_ON_FORK, &param));
    SHOW(sched_getscheduler(0));
    IN_CHILD("reset on fork", SHOW(sched_getscheduler(0)));
    SHOW(sched_setscheduler(0, SCHED_OTHER, &param)); // the flag does not go away without privilege
    param.sched_priority = 1;
    SHOW(sched_setscheduler(0, SCHED_OTHER, &param));
    SHOW(sched_setscheduler(0, SCHED_FIFO, &param));
    SHOW(sched_setscheduler(0, SCHED_RR, &param));
    SHOW(sched_setscheduler(0, 4, &param));
    SHOW(sched_setscheduler(0, -1, &param));
    SHOW(sched_setscheduler(-1, SCHED_OTHER, &param));
    SHOW(RAW(SYS_sched_setscheduler, 0, SCHED_OTHER, NULL));
    SHOW(RAW(SYS_sched_setscheduler, 0, SCHED_OTHER, BAD));
    SHOW(sched_setparam(0, &param));
    param.sched_priority = 100;
    SHOW(sched_setscheduler(0, SCHED_FIFO, &param));
    SHOW(sched_setparam(99999999, &param));
    SHOW(sched_rr_get_interval(0, &interval));
    CHECK(interval.tv_sec == 0 && interval.tv_nsec >= 0);
    SHOW(sched_rr_get_interval(-1, &interval));
    SHOW(sched_rr_get_interval(99999999, &interval));
    SHOW(RAW(SYS_sched_rr_get_interval, 0, BAD));
    SHOW(sched_yield());

    struct attr attr;
    memset(&attr, 0xff, sizeof attr);
    SHOW(RAW(SYS_sched_getattr, 0, &attr, sizeof attr, 0));
    T("size %u, policy %u, flags %llu, nice %d, priority %u", attr.size, attr.policy, (unsigned long long)attr.flags, attr.nice, attr.priority);
    SHOW(RAW(SYS_sched_getattr, 0, &attr, 48, 0));
    SHOW(attr.size);
    SHOW(RAW(SYS_sched_getattr, 0, &attr, 47, 0));
    SHOW(RAW(SYS_sched_getattr, 0, &attr, sizeof attr, 1));
    SHOW(RAW(SYS_sched_getattr, -1, &attr, sizeof attr, 0));
    SHOW(RAW(SYS_sched_getattr, 99999999, &attr, sizeof attr, 0));
    SHOW(RAW(SYS_sched_getattr, 0, NULL, sizeof attr, 0));
    SHOW(RAW(SYS_sched_getattr, 0, BAD, sizeof attr, 0));
    memset(&attr, 0, sizeof attr);
    attr.size = 48;
    attr.policy = SCHED_OTHER;
    attr.flags = 1;
    attr.nice = 3;
    SHOW(RAW(SYS_sched_setattr, 0, &attr, 0));
    SHOW(getpriority(PRIO_PROCESS, 0));
    SHOW(RAW(SYS_sched_setattr, 0, &attr, 1));
    attr.flags = 1 << 20;
    SHOW(RAW(SYS_sched_setattr, 0, &attr, 0));
    attr.flags = 1;
    attr.size = 40;
    SHOW(RAW(SYS_sched_setattr, 0, &attr, 0));
    attr.size = 5000;
    SHOW(RAW(SYS_sched_setattr, 0, &attr, 0));
    SHOW(attr.size);
    attr.size = 48;
    attr.policy = SCHED_FIFO;
    attr.priority = 1;
    SHOW(RAW(SYS_sched_setattr, 0, &attr, 0));
    SHOW(RAW(SYS_sched_setattr, 0, BAD, 0));

    // SCHED_DEADLINE: what cannot be is found before who may not.
    static const struct { uint64_t runtime, deadline, period; uint32_t priority; } wishes[] = {
        {10000000, 20000000, 30000000, 0}, {10000000, 20000000, 0, 0}, {0, 0, 0, 0}, {1000, 20000000, 20000000, 0}, {1024, 20000000, 20000000, 0},
        {30000000, 20000000, 30000000, 0}, {10000000, 40000000, 30000000, 0}, {10000000, 20000000, 30000000, 1}, {1ull << 63, 1ull << 63, 0, 0},
        {10000000, -1ull, -1ull, 0}, {1024, 50000, 50000, 0}, {1024, 5000000000, 5000000000, 0},
    };
    for (int i = 0; i < 12; i++) {
        memset(&attr, 0, sizeof attr);
        attr.size = 48, attr.policy = 6, attr.priority = wishes[i].priority;
        attr.runtime = wishes[i].runtime, attr.deadline = wishes[i].deadline, attr.period = wishes[i].period;
        SHOW(RAW(SYS_sched_setattr, 0, &attr, 0));
    }
    param.sched_priority = 0;
    SHOW(sched_setscheduler(0, 6, &param));
}
