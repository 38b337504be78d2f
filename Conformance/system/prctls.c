// prctl: the options that C libraries, runtimes and tools use, and their errors.
#include "../tasks.h"
#include <linux/seccomp.h>
#include <sys/personality.h>
#define ADDR_NO_RANDOMIZE_ 0x0040000

TEST {
    SHOW(prctl(99999));
    SHOW(prctl(-1));
    SHOW(prctl(PR_GET_DUMPABLE) <= 1);
    SHOW(prctl(PR_SET_DUMPABLE, 1));
    SHOW(prctl(PR_GET_DUMPABLE));
    SHOW(prctl(PR_SET_DUMPABLE, 5));
    SHOW(prctl(PR_GET_NO_NEW_PRIVS, 1, 0, 0, 0));
    SHOW(prctl(PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0));
    SHOW(prctl(PR_SET_NO_NEW_PRIVS, 1, 1, 0, 0));
    IN_CHILD("no new privileges", {
        SHOW(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
        SHOW(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
        IN_CHILD("inherited", SHOW(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0)));
    });
    SHOW(prctl(PR_GET_SECCOMP));
    SHOW(prctl(PR_SET_SECCOMP, 9, 0, 0, 0));
    SHOW(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, BAD, 0, 0) < 0);
    SHOW(RAW(SYS_seccomp, 99, 0, NULL));
    SHOW(RAW(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, NULL));
    SHOW(prctl(PR_GET_TIMERSLACK) > 0);
    SHOW(prctl(PR_SET_TIMERSLACK, 123456));
    SHOW(prctl(PR_GET_TIMERSLACK));
    IN_CHILD("inherited", SHOW(prctl(PR_GET_TIMERSLACK)); SHOW(prctl(PR_SET_TIMERSLACK, 0)); SHOW(prctl(PR_GET_TIMERSLACK)));
    int value = -1;
    SHOW(prctl(PR_GET_TSC, &value));
    SHOW(value);
    SHOW(prctl(PR_GET_ENDIAN, &value));
    SHOW(prctl(PR_GET_UNALIGN, &value));
    SHOW(prctl(PR_GET_FPEMU, &value));
    SHOW(prctl(PR_GET_TIMING));
    SHOW(prctl(PR_SET_TIMING, 1));
    SHOW(prctl(PR_GET_THP_DISABLE, 0, 0, 0, 0));
    SHOW(prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0));
    SHOW(prctl(PR_GET_THP_DISABLE, 0, 0, 0, 0));
    SHOW(prctl(PR_SET_THP_DISABLE, 0, 0, 0, 0));
    void *tid = NULL;
    SHOW(prctl(PR_GET_TID_ADDRESS, &tid));
    CHECK(tid != NULL && *(pid_t *)tid == getpid());
    SHOW(prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME, 0, 0, 0) <= 0);
    SHOW(prctl(PR_SET_MM, PR_SET_MM_BRK, 0, 0, 0));
    SHOW(prctl(PR_TASK_PERF_EVENTS_DISABLE));
    SHOW(prctl(PR_TASK_PERF_EVENTS_ENABLE));
    SHOW(prctl(PR_SET_PTRACER, 0, 0, 0, 0) <= 0);
    SHOW(prctl(PR_SET_PDEATHSIG, 0));

    // arch_prctl.
    unsigned long base = 0, saved;
    SHOW(RAW(SYS_arch_prctl, 0x1003, &saved)); // ARCH_GET_FS
    SHOW(RAW(SYS_arch_prctl, 0x1004, &base)); // ARCH_GET_GS
    T("gs base %#lx", base);
    SHOW(RAW(SYS_arch_prctl, 0x1002, saved)); // ARCH_SET_FS
    SHOW(RAW(SYS_arch_prctl, 0x1002, -1UL));
    SHOW(RAW(SYS_arch_prctl, 0x1001, 0x800000000000));
    SHOW(RAW(SYS_arch_prctl, 0x1003, BAD));
    SHOW(RAW(SYS_arch_prctl, 0x9999, 0));
    SHOW(RAW(SYS_arch_prctl, 0x1011, 0)); // ARCH_GET_CPUID
    SHOW(personality(0xffffffff));
    SHOW(personality(ADDR_NO_RANDOMIZE_));
    SHOW(personality(0xffffffff));
    IN_CHILD("inherited", SHOW(personality(0xffffffff)));
    SHOW(personality(0));
    SHOW(personality(0xffffffff));
}
