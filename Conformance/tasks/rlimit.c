// getrlimit, setrlimit, prlimit64: values, errors, inheritance, another process's.
#define CONF_AS_USER
#include "../tasks.h"

static void show(const char *label, int resource) {
    struct rlimit limit;
    if (getrlimit(resource, &limit) < 0) { T("%s: %s", label, errno_name(errno)); return; }
    T("%s: %lld %lld", label, (long long)limit.rlim_cur, (long long)limit.rlim_max);
}

TEST {
    if (conf_argc > 1) {
        show("after exec", RLIMIT_NOFILE);
        show("after exec", RLIMIT_CORE);
        exit(0);
    }
    struct rlimit limit = {20, 30};
    for (int i = 0; i < RLIM_NLIMITS; i++) {
        MUST(getrlimit(i, &limit));
        if (limit.rlim_cur > limit.rlim_max) T("limit %d is odd", i);
    }
    SHOW(getrlimit(RLIM_NLIMITS, &limit));
    SHOW(getrlimit(-1, &limit));
    SHOW(RAW(SYS_getrlimit, RLIMIT_NOFILE, BAD));
    SHOW(RAW(SYS_setrlimit, RLIMIT_NOFILE, BAD));
    limit = (struct rlimit){20, 30};
    SHOW(setrlimit(RLIMIT_NOFILE, &limit));
    show("nofile", RLIMIT_NOFILE);
    limit = (struct rlimit){31, 30};
    SHOW(setrlimit(RLIMIT_NOFILE, &limit));
    limit = (struct rlimit){31, 31};
    SHOW(setrlimit(RLIMIT_NOFILE, &limit));
    limit = (struct rlimit){10, 30};
    SHOW(setrlimit(RLIMIT_NOFILE, &limit));
    limit = (struct rlimit){0, 0};
    SHOW(setrlimit(RLIMIT_CORE, &limit));
    limit = (struct rlimit){RLIM_INFINITY, RLIM_INFINITY};
    SHOW(setrlimit(RLIMIT_CORE, &limit));
    show("core", RLIMIT_CORE);
    IN_CHILD("fork", show("nofile", RLIMIT_NOFILE));
    IN_CHILD("exec", EXEC_SELF("x"));
    SHOW(sysconf(_SC_OPEN_MAX));

    struct rlimit new = {12, 28}, old;
    SHOW(prlimit(0, RLIMIT_NOFILE, &new, &old));
    T("old %d %d", (int)old.rlim_cur, (int)old.rlim_max);
    SHOW(prlimit(getpid(), RLIMIT_NOFILE, NULL, &old));
    T("now %d %d", (int)old.rlim_cur, (int)old.rlim_max);
    SHOW(prlimit(0, RLIMIT_NOFILE, NULL, NULL));
    SHOW(prlimit(99999999, RLIMIT_NOFILE, NULL, &old));
    SHOW(prlimit(0, 99, NULL, &old));
    SHOW(RAW(SYS_prlimit64, 0, RLIMIT_NOFILE, BAD, NULL));
    SHOW(RAW(SYS_prlimit64, 0, RLIMIT_NOFILE, NULL, BAD));
    SHOW(prlimit(1, RLIMIT_NOFILE, NULL, &old)); // root's
    struct gate gate = make_gate();
    pid_t pid = SPAWN({ gate_wait(gate); show("set from outside", RLIMIT_NOFILE); });
    new = (struct rlimit){7, 14};
    SHOW(prlimit(pid, RLIMIT_NOFILE, &new, &old));
    gate_open(gate);
    reap("child", pid);

    // Threads share them.
    void *lower(void *argument) {
        struct rlimit lower = {9, 26};
        setrlimit(RLIMIT_NOFILE, &lower);
        return argument;
    }
    pthread_t thread;
    pthread_create(&thread, NULL, lower, NULL);
    pthread_join(thread, NULL);
    show("after a thread's change", RLIMIT_NOFILE);
}
