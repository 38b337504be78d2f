// A group that becomes orphaned with a stopped member gets SIGHUP and SIGCONT; an orphaned group does not stop
// for terminal stop signals.
#include "../tasks.h"

static volatile int *shared;

// Middle process: in its own session, makes a group with a member in this state, then ends.
static void middle(bool stopped, bool handlers, bool secondMember) {
    MUST(setsid());
    struct gate gate = make_gate();
    pid_t pid = fork_child();
    if (pid == 0) {
        setpgid(0, 0);
        if (handlers) count_signal(SIGHUP, 0), count_signal(SIGCONT, 0);
        gate_open(gate);
        if (stopped) raise(SIGSTOP);
        if (handlers) AWAIT(conf_caught[SIGHUP] && conf_caught[SIGCONT]);
        else sleep_ms(60);
        shared[1] = conf_caught[SIGHUP], shared[2] = conf_caught[SIGCONT];
        shared[0] = 1;
        _exit(0);
    }
    setpgid(pid, pid);
    gate_wait(gate);
    int status;
    if (stopped) MUST(waitpid(pid, &status, WUNTRACED));
    shared[3] = pid;
    if (secondMember) {
        pid_t other = fork_child();
        if (other == 0) {
            setpgid(0, pid);
            // Its own child keeps the group from being orphaned? No: that is in the group as well.
            for (;;) pause();
        }
        setpgid(other, pid);
        shared[4] = other;
    }
    _exit(0);
}

static void try(const char *label, bool stopped, bool handlers, bool secondMember) {
    memset((void *)shared, 0, 64);
    pid_t pid = fork_child();
    if (pid == 0) middle(stopped, handlers, secondMember);
    reap(label, pid);
    int status = 0;
    MUST(waitpid(shared[3], &status, 0)); // ours now: a subreaper
    T("  member %s, said goodbye: %d, SIGHUP %d, SIGCONT %d", status_name(status), shared[0], shared[1], shared[2]);
    if (secondMember) {
        kill(shared[4], SIGTERM);
        MUST(waitpid(shared[4], &status, 0));
        T("  second member %s", status_name(status));
    }
}

TEST {
    shared = new_shared(PAGE);
    MUST(prctl(PR_SET_CHILD_SUBREAPER, 1));
    try("running member", false, false, false);
    try("stopped member", true, false, false);
    try("stopped member with handlers", true, true, false);
    try("stopped, with a running fellow", true, false, true);

    static const int stops[] = {SIGTSTP, SIGTTIN, SIGTTOU, SIGSTOP};
    for (int i = 0; i < 4; i++) {
        // A session leader's group is orphaned: its parent is in another session.
        pid_t pid = SPAWN({ setsid(); raise(stops[i]); _exit(1); });
        int status;
        MUST(waitpid(pid, &status, WUNTRACED));
        T("%s in an orphaned group: %s", signal_name(stops[i]), status_name(status));
        if (WIFSTOPPED(status)) {
            kill(pid, SIGCONT);
            reap("  after SIGCONT", pid);
        }
    }
}
