// The master's side: writes before the slave opens, several slaves, flushing.
#include "../common.h"
#include "../pty_helpers.h"

TEST {
    int master = (int)MUST(posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK));
    char data[64];
    struct pollfd f = {master, POLLIN | POLLOUT, 0};
    poll(&f, 1, 0);
    T("never opened: %s", poll_names(f.revents));
    SHOW(read(master, data, 1));
    MUST(unlockpt(master));
    type(master, "early\n");
    int slave = (int)MUST(open(ptsname(master), O_RDWR | O_NOCTTY));
    show_input("written before the open", slave, 1000);
    show_output("its echo", master, 7);
    // all openings of the slave share the queue
    int second = (int)MUST(open(ptsname(master), O_RDWR | O_NOCTTY));
    type(master, "one\ntwo\n");
    settle();
    show_input("first", slave, 1000);
    show_input("second", second, 1000);
    write(slave, "S", 1);
    write(second, "T", 1);
    show_output("both write", master, 12);
    close(slave);
    SHOW(read(master, data, 1));
    close(second);
    poll(&f, 1, 0);
    T("all closed: %s", poll_names(f.revents));
    SHOW(read(master, data, 1));
    // attributes survive while the master is open
    slave = (int)MUST(open(ptsname(master), O_RDWR | O_NOCTTY));
    change_modes(slave, ECHO, 0, 0, 0, 0, 0);
    close(slave);
    slave = (int)MUST(open(ptsname(master), O_RDWR | O_NOCTTY));
    struct termios t;
    tcgetattr(slave, &t);
    FACT("echo after the last closing", t.c_lflag & ECHO);
    // TIOCSTI and the like
    type(master, "unread\n");
    settle();
    SHOW(tcflush(slave, TCIFLUSH));
    show_input("flushed by the slave", slave, 20);
    write(slave, "output", 6);
    SHOW(tcflush(master, TCIFLUSH) <= 0);
    SHOW(ioctl(master, TIOCGPGRP, &(pid_t){0}));
    SHOW(ioctl(master, TIOCSPTLCK, &(int){1}));
    SHOWN("open while locked", open(ptsname(master), O_RDWR | O_NOCTTY));
    SHOW(ioctl(slave, TIOCSPTLCK, &(int){1}));
    SHOW(ioctl(master, FIONREAD, BAD));
}
