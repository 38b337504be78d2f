// The core bit of the wait status: not set without room for a core file, or for those that may not be dumped.
#include "../tasks.h"

static void try(const char *label, int number) {
    pid_t pid = fork_child();
    if (pid == 0) {
        raise(number);
        _exit(0);
    }
    siginfo_t info;
    MUST(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT));
    int status;
    waitpid(pid, &status, 0);
    T("%s, %s: core %d, waitid %s, raw status %#x", label, status_name(status), !!WCOREDUMP(status), code_name(SIGCHLD, info.si_code), status);
}

TEST {
    struct rlimit none = {0, 0};
    MUST(setrlimit(RLIMIT_CORE, &none));
    static const int numbers[] = {SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGXCPU, SIGXFSZ, SIGSYS, SIGTERM, SIGKILL};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) try("no limit", numbers[i]);
    SHOW(prctl(PR_GET_DUMPABLE) <= 1);
    SHOW(prctl(PR_SET_DUMPABLE, 0));
    SHOW(prctl(PR_GET_DUMPABLE));
    try("not dumpable", SIGSEGV);
    SHOW(prctl(PR_SET_DUMPABLE, 1));
    SHOW(prctl(PR_SET_DUMPABLE, 2));
    SHOW(prctl(PR_GET_DUMPABLE));
}
