// What each signal does to a process that does nothing about it, and to one that ignores it.
#include "../tasks.h"

static const char *outcome(int number, bool ignored) {
    static char text[64];
    pid_t pid = fork();
    if (pid == 0) {
        setpgid(0, 0);
        if (ignored) syscall(SYS_rt_sigaction, number, (unsigned long[4]){1, 0, 0, 0}, NULL, 8);
        kill(getpid(), number);
        _exit(0);
    }
    int status;
    waitpid(pid, &status, WUNTRACED);
    if (WIFSTOPPED(status)) {
        snprintf(text, sizeof text, "%s", status_name(status));
        kill(pid, SIGCONT);
        int end;
        waitpid(pid, &end, 0);
        strcat(text, ", then ");
        strcat(text, status_name(end));
        return text;
    }
    return status_name(status);
}

TEST {
    struct rlimit none = {0, 0};
    MUST(setrlimit(RLIMIT_CORE, &none));
    setpgid(0, 0);
    for (int number = 1; number <= 64; number++) T("%d: %s", number, outcome(number, false));
    for (int number = 1; number <= 64; number++) {
        const char *text = outcome(number, true);
        if (strcmp(text, "exited 0")) T("%d ignored: %s", number, text);
    }
}
