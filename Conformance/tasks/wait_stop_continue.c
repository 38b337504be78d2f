// WUNTRACED and WCONTINUED with each stop signal, and a stopped child that is killed.
#include "../tasks.h"

static void show(const char *label, pid_t pid, int options) {
    int status = 0;
    errno = 0;
    pid_t got = waitpid(pid, &status, options);
    T("%s: %s", label, got == pid ? status_name(status) : got == 0 ? "nothing" : errno_name(errno));
}

TEST {
    setpgid(0, 0); // no terminal of this group's is asked: SIGTSTP and friends need a group that is not orphaned
    static const int stops[] = {SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU};
    struct gate gate = make_gate();
    for (int i = 0; i < 4; i++) {
        // The child gets a group of its own with a parent outside of it, so it is not orphaned.
        pid_t pid = SPAWN({ setpgid(0, 0); gate_wait(gate); _exit(i); });
        MUST(setpgid(pid, pid));
        kill(pid, stops[i]);
        show("stop", pid, WUNTRACED);
        show("again", pid, WUNTRACED | WNOHANG);
        CHECK(process_state(pid) == 'T');
        gate_open(gate); // does not run before it is continued
        kill(pid, SIGTERM);
        kill(pid, SIGUSR1);
        settle();
        show("terminated while stopped", pid, WUNTRACED | WNOHANG);
        kill(pid, stops[i]);
        settle();
        show("second stop", pid, WUNTRACED | WNOHANG);
        kill(pid, SIGCONT);
        show("end", pid, WUNTRACED);
        char byte;
        MUST(read(gate.ends[0], &byte, 1));
    }

    pid_t pid = SPAWN({ for (;;) pause(); });
    kill(pid, SIGSTOP);
    show("stopped", pid, WUNTRACED);
    kill(pid, SIGCONT);
    show("without WCONTINUED", pid, WUNTRACED | WNOHANG);
    show("continued", pid, WCONTINUED);
    show("again", pid, WCONTINUED | WNOHANG);
    kill(pid, SIGCONT); // was not stopped
    settle();
    show("not stopped", pid, WCONTINUED | WNOHANG);
    kill(pid, SIGSTOP);
    show("stopped", pid, WUNTRACED);
    kill(pid, SIGKILL);
    show("killed while stopped", pid, WUNTRACED | WCONTINUED);

    // The whole group.
    setpgid(0, 0);
    pid = SPAWN({ for (;;) pause(); });
    pid_t other = SPAWN({ for (;;) pause(); });
    MUST(setpgid(pid, pid));
    MUST(setpgid(other, pid));
    MUST(kill(-pid, SIGSTOP));
    show("first", pid, WUNTRACED);
    show("second", other, WUNTRACED);
    MUST(kill(-pid, SIGCONT));
    show("first", pid, WCONTINUED);
    show("second", other, WCONTINUED);
    MUST(kill(-pid, SIGTERM));
    show("first", pid, 0);
    show("second", other, 0);
}
