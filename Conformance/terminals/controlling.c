// The controlling terminal: TIOCSCTTY, TIOCNOTTY, /dev/tty, O_NOCTTY, groups.
#include "../common.h"
#include "../pty_helpers.h"

TEST {
    struct pty p = make_pty(), q = make_pty();
    pid_t group = -1;
    // the parent has nothing to do with this terminal
    SHOW(tcgetpgrp(p.slave));
    SHOW(ioctl(p.slave, TIOCGSID, &group));
    IN_CHILD("leader", {
        SHOW(ioctl(p.slave, TIOCSCTTY, 0) == -1);
        SHOW(setsid() == getpid());
        SHOW(open("/dev/tty", O_RDWR));
        SHOW(tcgetpgrp(p.slave));
        SHOW(ioctl(p.slave, TIOCSCTTY, 0));
        SHOW(ioctl(p.slave, TIOCSCTTY, 0));
        SHOW(ioctl(q.slave, TIOCSCTTY, 0));
        SHOW(tcgetpgrp(p.slave) == getpid());
        SHOW(tcgetsid(p.slave) == getpid());
        SHOW(tcgetpgrp(q.slave));
        int tty = (int)SUCCEEDS(open("/dev/tty", O_RDWR));
        SHOW(write(tty, "tty", 3));
        show_output("master", p.master, 3);
        struct stat status;
        fstat(tty, &status);
        T("rdev %x", (unsigned)status.st_rdev);
        // the master can ask as well
        SHOW(ioctl(p.master, TIOCGPGRP, &group));
        T("foreground is the leader: %d", group == getpid());
        SHOW(tcsetpgrp(p.slave, 1));
        SHOW(tcsetpgrp(p.slave, -1));
        SHOW(tcsetpgrp(p.slave, 99999999));
        SHOW(tcsetpgrp(q.slave, getpid()));
        pid_t job = SPAWN({ setpgid(0, 0); pause(); });
        setpgid(job, job);
        SHOW(tcsetpgrp(p.slave, job));
        SHOW(tcgetpgrp(p.slave) == job);
        signal(SIGTTOU, SIG_IGN);
        SHOW(tcsetpgrp(p.slave, getpid()));
        kill(job, SIGKILL);
        reap("job", job);
        // another session cannot steal it
        pid_t thief = SPAWN({ drop_root(); SHOW(setsid() == getpid()); SHOW(ioctl(p.slave, TIOCSCTTY, 0)); SHOW(ioctl(p.slave, TIOCGPGRP, &group)); });
        reap("thief", thief);
        // a child may give it up for itself, the leader for all
        pid_t child = SPAWN({ SHOW(ioctl(p.slave, TIOCNOTTY, 0)); SHOW(open("/dev/tty", O_RDWR)); });
        reap("child", child);
        signal(SIGHUP, SIG_IGN);
        SHOW(ioctl(tty, TIOCNOTTY, 0));
        SHOW(open("/dev/tty", O_RDWR));
        SHOW(tcgetpgrp(p.slave));
        // opening without O_NOCTTY makes it the controlling one
        SUCCEEDS(open(ptsname(q.master), O_RDWR | O_NOCTTY));
        SHOW(open("/dev/tty", O_RDWR));
        SUCCEEDS(open(ptsname(q.master), O_RDWR));
        SUCCEEDS(open("/dev/tty", O_RDWR));
        SHOW(tcgetpgrp(q.slave) == getpid());
    });
    SHOW(tcgetpgrp(q.slave));
}
