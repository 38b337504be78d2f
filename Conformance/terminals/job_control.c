// Background reads and writes: SIGTTIN, SIGTTOU, TOSTOP, orphaned groups.
#include "../common.h"
#include "../pty_helpers.h"

TEST {
    struct pty p = make_pty();
    pid_t leader = SPAWN({
        lead_session(p.slave);
        signal(SIGTTOU, SIG_IGN);
        int status;
        // a background job reads
        pid_t job = SPAWN({ setpgid(0, 0); signal(SIGTTOU, SIG_DFL); show_read("job, in the foreground at last", p.slave, 32); });
        setpgid(job, job);
        waitpid(job, &status, WUNTRACED);
        T("job: %s", status_name(status));
        tcsetpgrp(p.slave, job);
        type(p.master, "for the job\n");
        kill(-job, SIGCONT);
        reap("job", job);
        tcsetpgrp(p.slave, getpgrp());
        // SIGTTIN ignored or blocked: EIO
        job = SPAWN({ setpgid(0, 0); signal(SIGTTIN, SIG_IGN); SHOW(read(p.slave, &(char){0}, 1)); });
        reap("ignores SIGTTIN", job);
        job = SPAWN({
            setpgid(0, 0);
            sigset_t set;
            sigemptyset(&set);
            sigaddset(&set, SIGTTIN);
            sigprocmask(SIG_BLOCK, &set, NULL);
            SHOW(read(p.slave, &(char){0}, 1));
        });
        reap("blocks SIGTTIN", job);
        // a handler: the read is interrupted
        job = SPAWN({ setpgid(0, 0); count_signal(SIGTTIN, 0); SHOW(read(p.slave, &(char){0}, 1)); T("caught %d", conf_caught[SIGTTIN] >= 1); });
        reap("handles SIGTTIN", job);
        // writing is allowed without TOSTOP
        job = SPAWN({ setpgid(0, 0); signal(SIGTTOU, SIG_DFL); write(p.slave, "free", 4); });
        waitpid(job, &status, WUNTRACED);
        T("writer: %s", status_name(status));
        change_modes(p.slave, 0, TOSTOP, 0, 0, 0, 0);
        job = SPAWN({ setpgid(0, 0); signal(SIGTTOU, SIG_DFL); write(p.slave, "stopped", 7); });
        waitpid(job, &status, WUNTRACED);
        T("writer with TOSTOP: %s", status_name(status));
        kill(job, SIGKILL);
        reap("writer", job);
        job = SPAWN({ setpgid(0, 0); SHOW(write(p.slave, "ignored", 7)); });
        reap("writer that ignores SIGTTOU", job);
        change_modes(p.slave, TOSTOP, 0, 0, 0, 0, 0);
        // changing modes from the background stops as well
        job = SPAWN({ setpgid(0, 0); signal(SIGTTOU, SIG_DFL); struct termios t; tcgetattr(p.slave, &t); tcsetattr(p.slave, TCSANOW, &t); });
        waitpid(job, &status, WUNTRACED);
        T("tcsetattr: %s", status_name(status));
        kill(job, SIGKILL);
        reap("setter", job);
        job = SPAWN({ setpgid(0, 0); signal(SIGTTOU, SIG_DFL); tcsetpgrp(p.slave, getpid()); });
        waitpid(job, &status, WUNTRACED);
        T("tcsetpgrp: %s", status_name(status));
        kill(job, SIGKILL);
        reap("setter", job);
        // an orphaned group cannot be stopped: EIO
        struct gate done = make_gate();
        pid_t middle = SPAWN({
            setpgid(0, 0);
            SPAWN({
                while (getppid() != 1 && getppid() == getpgrp()) sleep_ms(1);
                settle();
                long got = read(p.slave, &(char){0}, 1);
                T("orphan: %s", got < 0 ? errno_name(errno) : "data");
                gate_open(done);
            });
        });
        reap("middle", middle);
        gate_wait(done);
    });
    reap("leader", leader);
    show_output("output", p.master, 13 + 4 + 7);
}
