// setsid and getsid.
#include "../tasks.h"

TEST {
    SHOW(getsid(-1));
    SHOW(getsid(99999999));
    CHECK(getsid(0) == getsid(getpid()));
    CHECK(getsid(1) >= 0);
    pid_t session = getsid(0);
    IN_CHILD("session", {
        CHECK(getsid(0) == session);
        CHECK(setsid() == getpid());
        CHECK(getsid(0) == getpid() && getpgrp() == getpid());
        CHECK(getsid(getppid()) == session);
        SHOW(setsid()); // a leader already
        IN_CHILD("member", {
            CHECK(getsid(0) == getppid());
            CHECK(setsid() == getpid());
        });
        IN_CHILD("group leader", {
            SHOW(setpgid(0, 0));
            SHOW(setsid());
        });
        // The group of this number is still there, though its leader left it.
        IN_CHILD("former leader", {
            SHOW(setpgid(0, 0));
            struct gate gate = make_gate();
            pid_t member = SPAWN({ gate_wait(gate); _exit(0); });
            SHOW(setpgid(0, getppid()));
            SHOW(setsid());
            gate_open(gate);
            reap("member", member);
            CHECK(setsid() == getpid());
        });
        // The controlling terminal: none.
        SHOW(open("/dev/tty", O_RDWR));
        struct stat status;
        CHECK(stat("/dev/tty", &status) == 0 && S_ISCHR(status.st_mode));
        char text[512];
        int fd = open("/proc/self/stat", O_RDONLY);
        text[read(fd, text, sizeof text - 1)] = 0;
        int parent, group, sid, tty, foreground;
        sscanf(strrchr(text, ')') + 3, "%d %d %d %d %d", &parent, &group, &sid, &tty, &foreground);
        CHECK(parent == getppid() && group == getpid() && sid == getpid());
        T("tty %d, foreground %d", tty, foreground);
    });
}
