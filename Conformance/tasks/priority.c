// nice, getpriority, setpriority, as an ordinary user.
#define CONF_AS_USER
#include "../tasks.h"

TEST {
    // Lowering the number again needs a limit that allows it: none here.
    struct rlimit limit = {0, 0};
    MUST(setrlimit(RLIMIT_NICE, &limit));
    SHOW(getpriority(PRIO_PROCESS, 0));
    SHOW(RAW(SYS_getpriority, PRIO_PROCESS, 0)); // 20 - nice
    SHOW(getpriority(99, 0));
    SHOW(getpriority(PRIO_PROCESS, 99999999));
    SHOW(getpriority(PRIO_PGRP, 99999999));
    SHOW(getpriority(PRIO_USER, 99999999));
    SHOW(setpriority(99, 0, 0));
    SHOW(setpriority(PRIO_PROCESS, 99999999, 0));
    SHOW(nice(3));
    SHOW(getpriority(PRIO_PROCESS, 0));
    SHOW(setpriority(PRIO_PROCESS, 0, 5));
    SHOW(setpriority(PRIO_PROCESS, 0, 5));
    SHOW(setpriority(PRIO_PROCESS, 0, 4));
    errno = 0;
    SHOW(nice(-1));
    SHOW(getpriority(PRIO_PROCESS, 0));
    IN_CHILD("inherited", {
        SHOW(getpriority(PRIO_PROCESS, 0));
        SHOW(setpriority(PRIO_PROCESS, 0, 100));
        SHOW(getpriority(PRIO_PROCESS, 0));
    });
    IN_CHILD("group", {
        setpgid(0, 0);
        struct gate gate = make_gate();
        pid_t pid = SPAWN({ gate_wait(gate); SHOW(getpriority(PRIO_PROCESS, 0)); });
        SHOW(setpriority(PRIO_PROCESS, pid, 9));
        SHOW(getpriority(PRIO_PGRP, 0)); // the best one of them
        SHOW(setpriority(PRIO_PGRP, 0, 10));
        SHOW(getpriority(PRIO_PGRP, getpid()));
        gate_open(gate);
        reap("member", pid);
    });
    // Another user's: init.
    if (getuid() != 0) {
        SHOW(setpriority(PRIO_PROCESS, 1, 10));
        SHOW(sched_setscheduler(1, SCHED_OTHER, &(struct sched_param){0}));
    }
    void *thread_body(void *argument) {
        SHOW(setpriority(PRIO_PROCESS, 0, 12)); // only the calling thread
        SHOW(getpriority(PRIO_PROCESS, 0));
        return argument;
    }
    pthread_t thread;
    pthread_create(&thread, NULL, thread_body, NULL);
    pthread_join(thread, NULL);
    SHOW(getpriority(PRIO_PROCESS, 0));
    SHOW(RAW(SYS_ioprio_get, 1, 0));
    SHOW(RAW(SYS_ioprio_get, 9, 0));
    SHOW(RAW(SYS_ioprio_set, 1, 0, 2 << 13 | 4));
    SHOW(RAW(SYS_ioprio_get, 1, 0) == (2 << 13 | 4));
    SHOW(RAW(SYS_ioprio_set, 1, 0, 7 << 13));
}
