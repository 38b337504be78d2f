// Stop signals and SIGCONT cancel each other while pending; handled, blocked and ignored ones.
#include "../tasks.h"
#include <sys/epoll.h>

static void show(const char *label, pid_t pid) {
    int status = 0;
    errno = 0;
    settle();
    pid_t got = waitpid(pid, &status, WUNTRACED | WCONTINUED | WNOHANG);
    T("%s: %s", label, got == pid ? status_name(status) : got == 0 ? "nothing" : errno_name(errno));
}
static const char *pending(void) {
    sigset_t set;
    sigpending(&set);
    return set_names(&set);
}
static volatile int *shared;
static void on_continue(int number) {
    (void)number;
    shared[0]++;
}

TEST {
    shared = new_shared(PAGE);
    setpgid(0, 0);
    IN_CHILD("cancel each other", {
        setpgid(0, 0);
        BLOCK(SIGTSTP, SIGTTIN, SIGTTOU, SIGCONT);
        raise(SIGTSTP);
        raise(SIGTTIN);
        T("pending %s", pending());
        raise(SIGCONT); // throws them away
        T("pending %s", pending());
        raise(SIGTTOU);
        T("pending %s", pending());
        UNBLOCK(SIGCONT); // no longer pending: nothing happens
    });
    pid_t pid = SPAWN({ setpgid(0, 0); BLOCK(SIGSTOP, SIGTSTP); shared[1] = 1; raise(SIGTSTP); raise(SIGSTOP); shared[1] = 2; for (;;) pause(); });
    setpgid(pid, pid);
    CHECK(AWAIT(shared[1] == 1));
    show("SIGSTOP cannot be blocked", pid);
    kill(pid, SIGCONT);
    show("continued", pid);
    CHECK(AWAIT(shared[1] == 2));
    kill(pid, SIGTSTP); // blocked
    show("blocked SIGTSTP", pid);
    kill(pid, SIGKILL);
    show("killed", pid);

    // A handled SIGTSTP does not stop. A SIGCONT handler runs after the continuation; a blocked one continues, too.
    pid = SPAWN({ setpgid(0, 0); signal(SIGTSTP, on_continue); signal(SIGCONT, on_continue); shared[1] = 3; for (;;) pause(); });
    setpgid(pid, pid);
    AWAIT(shared[1] == 3);
    kill(pid, SIGTSTP);
    show("handled SIGTSTP", pid);
    SHOW(shared[0]);
    kill(pid, SIGSTOP);
    show("stopped", pid);
    kill(pid, SIGTSTP); // waits
    settle();
    SHOW(shared[0]);
    kill(pid, SIGCONT); // throws it away, and is handled
    show("continued", pid);
    SHOW(shared[0]);
    kill(pid, SIGCONT); // handled also when not stopped
    AWAIT(shared[0] == 3);
    SHOW(shared[0]);
    kill(pid, SIGSTOP);
    show("stopped", pid);
    kill(pid, SIGTERM);
    show("SIGTERM waits", pid);
    kill(pid, SIGKILL);
    show("SIGKILL does not", pid);

    pid = SPAWN({ setpgid(0, 0); BLOCK(SIGCONT); signal(SIGTSTP, SIG_IGN); shared[1] = 4; for (;;) pause(); });
    setpgid(pid, pid);
    AWAIT(shared[1] == 4);
    kill(pid, SIGTSTP);
    show("ignored SIGTSTP", pid);
    kill(pid, SIGSTOP);
    show("stopped", pid);
    kill(pid, SIGCONT);
    show("continued though blocked", pid);
    kill(pid, SIGKILL);
    show("killed", pid);

    // Stop and continue before the parent looks: only the continuation is left to be seen.
    pid = SPAWN({ setpgid(0, 0); shared[1] = 5; for (;;) pause(); });
    setpgid(pid, pid);
    AWAIT(shared[1] == 5);
    kill(pid, SIGSTOP);
    AWAIT(process_state(pid) == 'T');
    kill(pid, SIGCONT);
    show("stopped and continued", pid);
    show("and", pid);
    kill(pid, SIGSTOP);
    AWAIT(process_state(pid) == 'T');
    kill(pid, SIGKILL);
    show("stopped and killed", pid);
    show("and", pid);

    // SIGCONT by default interrupts nothing by itself; a stop interrupts those calls that never start again.
    for (int stop = 0; stop < 2; stop++) {
        shared[2] = 0;
        pid = SPAWN({
            struct epoll_event event;
            int poller = epoll_create1(0);
            shared[2] = 1;
            T("epoll_wait with%s a stop: %s", stop ? "" : "out", epoll_wait(poller, &event, 1, 300) < 0 ? errno_name(errno) : "timeout");
            fflush(stdout);
        });
        AWAIT(shared[2] == 1 && process_state(pid) == 'S');
        if (stop) kill(pid, SIGSTOP);
        if (stop) AWAIT(process_state(pid) == 'T');
        kill(pid, SIGCONT);
        waitpid(pid, NULL, 0);
    }
}
