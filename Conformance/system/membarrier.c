// membarrier, rseq's presence, getcpu, kcmp-like facts of runtimes.
#include "../tasks.h"
#include <linux/membarrier.h>

TEST {
    long commands = RAW(SYS_membarrier, MEMBARRIER_CMD_QUERY, 0, 0);
    CHECK(commands > 0 && commands & MEMBARRIER_CMD_GLOBAL && commands & MEMBARRIER_CMD_PRIVATE_EXPEDITED);
    SHOW(RAW(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0)); // not registered
    SHOW(RAW(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0));
    SHOW(RAW(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0));
    SHOW(RAW(SYS_membarrier, MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED, 0, 0));
    SHOW(RAW(SYS_membarrier, MEMBARRIER_CMD_GLOBAL_EXPEDITED, 0, 0));
    SHOW(RAW(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE, 0, 0));
    SHOW(RAW(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE, 0, 0));
    SHOW(RAW(SYS_membarrier, 1 << 20, 0, 0));
    SHOW(RAW(SYS_membarrier, MEMBARRIER_CMD_QUERY, 8, 0));
    SHOW(RAW(SYS_membarrier, 3, 0, 0));
    unsigned cpu = 1000, node = 1000;
    SHOW(getcpu(&cpu, &node));
    CHECK(cpu < 1000 && node < 1000);
    CHECK(sched_getcpu() >= 0);
    // Two CPUs asked for in turn by a moving task agree with the affinity.
    cpu_set_t all, one;
    sched_getaffinity(0, sizeof all, &all);
    for (int i = 0; i < 64; i++) {
        if (!CPU_ISSET(i, &all)) continue;
        CPU_ZERO(&one);
        CPU_SET(i, &one);
        MUST(sched_setaffinity(0, sizeof one, &one));
        if (sched_getcpu() != i) T("on another processor than asked for");
        getcpu(&cpu, NULL);
        if ((int)cpu != i) T("getcpu tells another processor");
    }
    T("moved");
}
