// waitid: the required options, selection, WNOWAIT, the fields it fills in.
#include "../tasks.h"

static siginfo_t info;
static void show_waited(const char *label, long result) {
    if (result < 0) { T("%s: %s", label, errno_name(errno)); return; }
    if (info.si_signo == 0) { T("%s: nothing, pid %d", label, info.si_pid); return; }
    T("%s: %s %s, pid %s, own uid %d, status %d, errno %d", label, signal_name(info.si_signo), code_name(SIGCHLD, info.si_code),
      who(info.si_pid), info.si_uid == getuid(), info.si_status, info.si_errno);
}
#define W(...) (memset(&info, 0x55, sizeof info), show_waited(#__VA_ARGS__, waitid(__VA_ARGS__)))

TEST {
    W(P_ALL, 0, &info, WEXITED);
    W(P_ALL, 0, &info, 0);
    W(P_ALL, 0, &info, WNOHANG);
    W(P_ALL, 0, &info, WEXITED | 0x20);
    W(P_PID, 0, &info, WEXITED);
    W(P_PID, -1, &info, WEXITED);
    W(P_PGID, 0, &info, WEXITED);
    W(P_PGID, -1, &info, WEXITED);
    W(9, 0, &info, WEXITED);
    W(P_PIDFD, 0, &info, WEXITED);
    W(P_PIDFD, -1, &info, WEXITED);
    W(P_PIDFD, 99, &info, WEXITED);

    struct gate gate = make_gate();
    pid_t pid = SPAWN({ gate_wait(gate); _exit(42); });
    name_pid(pid, "child");
    W(P_PID, pid, &info, WEXITED | WNOHANG);
    gate_open(gate);
    W(P_PID, pid, &info, WEXITED | WNOWAIT);
    W(P_ALL, 0, &info, WEXITED | WNOWAIT);
    W(P_PGID, getpgrp(), &info, WEXITED | WNOWAIT);
    W(P_PGID, 0, &info, WEXITED | WNOWAIT);
    W(P_PID, pid, &info, WSTOPPED | WCONTINUED | WNOHANG);
    W(P_PID, pid, &info, WEXITED | __WCLONE | WNOHANG);
    SHOW(waitid(P_PID, pid, NULL, WEXITED | WNOWAIT)); // no siginfo wanted
    W(P_PID, pid, &info, WEXITED | WSTOPPED);
    W(P_PID, pid, &info, WEXITED);

    pid = SPAWN({ raise(SIGKILL); });
    name_pid(pid, "killed");
    W(P_PID, pid, &info, WEXITED);

    // Stop and continue, each reported once.
    pid = SPAWN({ raise(SIGSTOP); gate_wait(gate); _exit(0x1ff); });
    name_pid(pid, "stopper");
    W(P_PID, pid, &info, WSTOPPED | WNOWAIT);
    W(P_PID, pid, &info, WSTOPPED);
    W(P_PID, pid, &info, WSTOPPED | WNOHANG);
    kill(pid, SIGCONT);
    W(P_PID, pid, &info, WCONTINUED);
    W(P_PID, pid, &info, WCONTINUED | WNOHANG);
    gate_open(gate);
    W(P_PID, pid, &info, WEXITED); // siginfo has the low byte, too

    // The raw call also tells the usage; -1 in si_status's place is as wide as an int.
    struct rusage usage;
    memset(&usage, 0xff, sizeof usage);
    pid = SPAWN({ _exit(-1); });
    SHOW(RAW(SYS_waitid, P_PID, pid, &info, WEXITED, &usage));
    SHOW(info.si_status);
    CHECK(usage.ru_maxrss > 0);
    pid = SPAWN({});
    SHOW(RAW(SYS_waitid, P_PID, pid, BAD, WEXITED, NULL));
    W(P_PID, pid, &info, WEXITED);
}
