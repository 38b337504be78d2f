// Closing either side: EIO, end of file, SIGHUP, poll bits, opening again.
#include "../common.h"
#include "../pty_helpers.h"

static void bits(const char *label, int fd) {
    struct pollfd p = {fd, POLLIN | POLLOUT, 0};
    poll(&p, 1, 0);
    T("%s: %s", label, poll_names(p.revents));
}

TEST {
    struct pty p = make_pty();
    char name[64], data[16];
    ptsname_r(p.master, name, sizeof name);
    bits("master", p.master);
    bits("slave", p.slave);
    type(p.master, "x\n");
    settle();
    bits("slave with a line", p.slave);
    show_output("echo", p.master, 3);
    write(p.slave, "out", 3);
    bits("master with output", p.master);
    // the slave closes: what it wrote stays, then EIO
    close(p.slave);
    bits("master, slave closed", p.master);
    show_output("what was written", p.master, 3);
    SHOW(read(p.master, data, 16));
    bits("master, read", p.master);
    SHOW(write(p.master, "k", 1));
    settle();
    // another opening revives it
    p.slave = (int)MUST(open(name, O_RDWR | O_NOCTTY));
    bits("master, slave open again", p.master);
    fcntl(p.master, F_SETFL, O_NONBLOCK);
    struct pollfd f = {p.master, POLLIN, 0};
    if (poll(&f, 1, 20) > 0) show_read("left over echo", p.master, 16);
    SHOW(read(p.master, data, 16));
    // the master closes
    struct pty q = make_pty();
    type(q.master, "unread\n");
    settle();
    close(q.master);
    bits("slave, master closed", q.slave);
    SHOW(read(q.slave, data, 16));
    SHOW(write(q.slave, "x", 1));
    SHOW(tcgetattr(q.slave, &(struct termios){0}));
    SHOW(ioctl(q.slave, TIOCGWINSZ, &(struct winsize){0}));
    SHOW(isatty(q.slave));
    bits("slave, later", q.slave);
    close(q.slave);
    // a blocked reader is woken
    q = make_pty();
    pid_t child = SPAWN({ close(q.master); show_read("reader", q.slave, 16); });
    settle();
    close(q.master);
    reap("reader", child);
    close(q.slave);
    q = make_pty();
    child = SPAWN({ close(q.slave); long got = read(q.master, data, 16); T("master reader: %s", got < 0 ? errno_name(errno) : "data"); });
    settle();
    close(q.slave);
    reap("reader", child);
    close(q.master);
    // the session leader gets SIGHUP when the master goes
    q = make_pty();
    struct gate ready = make_gate();
    child = SPAWN({ close(q.master); lead_session(q.slave); gate_open(ready); for (;;) pause(); });
    gate_wait(ready);
    close(q.master);
    reap("leader", child);
    close(q.slave);
    // and the foreground group when the leader goes
    q = make_pty();
    pid_t leader = SPAWN({
        lead_session(q.slave);
        SPAWN({ count_signal(SIGHUP, 0); gate_open(ready); while (!conf_caught[SIGHUP]) sleep_ms(1); gate_open(ready); });
        gate_wait(ready);
    });
    reap("leader", leader);
    gate_wait(ready);
    T("the foreground group had SIGHUP");
    // a pty itself is not hung up by that
    SHOW(write(q.slave, "x", 1));
    SHOW(tcgetpgrp(q.slave));
}
