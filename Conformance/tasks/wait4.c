// wait4: selection by pid, group and any; WNOHANG; errors; the usage that comes with it.
#include "../tasks.h"

TEST {
    SHOW(waitpid(-1, NULL, 0));
    SHOW(waitpid(-1, NULL, WNOHANG));
    SHOW(waitpid(getpid(), NULL, 0));
    SHOW(waitpid(getppid(), NULL, 0));
    SHOW(waitpid(0, NULL, 0));
    SHOW(RAW(SYS_wait4, INT_MIN, NULL, 0, NULL));
    SHOW(RAW(SYS_wait4, -1, NULL, 0x10, NULL));
    SHOW(RAW(SYS_wait4, -1, NULL, WNOWAIT, NULL));
    SHOW(RAW(SYS_wait4, -1, NULL, WEXITED, NULL));

    struct gate gate = make_gate();
    pid_t pid = SPAWN({ gate_wait(gate); _exit(5); });
    SHOW(waitpid(pid, NULL, WNOHANG));
    SHOW(waitpid(-1, NULL, WNOHANG));
    SHOW(waitpid(-getpgrp(), NULL, WNOHANG));
    SHOW(waitpid(0, NULL, WNOHANG));
    SHOW(waitpid(-pid, NULL, WNOHANG)); // no such group
    gate_open(gate);
    int status = -1;
    struct rusage usage;
    memset(&usage, 0xff, sizeof usage);
    CHECK(wait4(pid, &status, 0, &usage) == pid);
    T("%s", status_name(status));
    CHECK(usage.ru_utime.tv_sec == 0 && usage.ru_utime.tv_usec >= 0 && usage.ru_utime.tv_usec < 1000000);
    CHECK(usage.ru_maxrss > 0);
    SHOW(waitpid(pid, NULL, 0));

    // Bad pointers: the child is reaped all the same.
    pid = SPAWN({ _exit(6); });
    SHOW(RAW(SYS_wait4, pid, BAD, 0, NULL));
    SHOW(waitpid(pid, NULL, 0));
    pid = SPAWN({ _exit(6); });
    SHOW(RAW(SYS_wait4, pid, NULL, 0, BAD));
    SHOW(waitpid(pid, NULL, 0));

    // By group.
    pid_t first = SPAWN({ setpgid(0, 0); gate_wait(gate); _exit(1); });
    MUST(setpgid(first, first));
    pid_t second = SPAWN({ setpgid(0, first); gate_wait(gate); _exit(2); });
    MUST(setpgid(second, first));
    pid_t third = SPAWN({ _exit(3); });
    CHECK(waitpid(0, &status, 0) == third);
    T("own group: %s", status_name(status));
    SHOW(waitpid(0, NULL, 0));
    SHOW(waitpid(-first, NULL, WNOHANG));
    gate_open(gate);
    gate_open(gate);
    pid_t a = waitpid(-first, &status, 0), b = waitpid(-first, NULL, 0);
    CHECK((a == first && b == second) || (a == second && b == first));
    SHOW(waitpid(-first, NULL, 0));

    // Several zombies: any order of ends, each is found once.
    pid_t pids[20];
    for (int i = 0; i < 20; i++) pids[i] = SPAWN({ _exit(i); });
    int sum = 0, count = 0;
    while ((a = waitpid(-1, &status, 0)) > 0) {
        for (int i = 0; i < 20; i++)
            if (pids[i] == a && WEXITSTATUS(status) == i) pids[i] = 0, count++;
        sum += WEXITSTATUS(status);
    }
    T("%d children, sum %d, then %s", count, sum, errno_name(errno));

    // A grandchild is nobody's business.
    pid_t *grandchild = new_shared(PAGE);
    pid = SPAWN({
        *grandchild = fork();
        if (*grandchild == 0) { sleep_ms(50); _exit(0); }
        _exit(7);
    });
    reap("child", pid);
    SHOW(waitpid(*grandchild, NULL, 0));
}
