// Packet mode of the master: data and control bytes.
#include "../common.h"
#include "../pty_helpers.h"

static struct pty p;
static void packet(const char *label) {
    unsigned char data[64];
    struct pollfd f = {p.master, POLLIN | POLLPRI, 0};
    if (poll(&f, 1, 300) == 0) { T("%s: nothing", label); return; }
    long got = read(p.master, data, sizeof data);
    if (got < 0) { T("%s: %s", label, errno_name(errno)); return; }
    T("%s: poll %s, control %02x, %ld bytes %.*s", label, poll_names(f.revents), data[0], got - 1, (int)(got - 1), data + 1);
}

TEST {
    p = make_pty();
    int on = 1, value = -1;
    change_modes(p.slave, ECHO, 0, 0, IXON, 0, 0);
    SHOW(ioctl(p.master, TIOCGPKT, &value));
    T("%d", value);
    SHOW(ioctl(p.master, TIOCPKT, &on));
    SHOW(ioctl(p.master, TIOCGPKT, &value));
    T("%d", value);
    write(p.slave, "hello", 5);
    packet("data");
    SHOW(tcflush(p.slave, TCIFLUSH));
    packet("input flushed");
    SHOW(tcflush(p.slave, TCOFLUSH));
    packet("output flushed");
    SHOW(tcflow(p.slave, TCOOFF));
    packet("stopped");
    SHOW(tcflow(p.slave, TCOON));
    packet("started");
    change_modes(p.slave, 0, 0, IXON, 0, 0, 0);
    packet("IXON off");
    change_modes(p.slave, 0, 0, 0, IXON, 0, 0);
    packet("IXON on");
    tcflow(p.slave, TCOOFF);
    tcflow(p.slave, TCOON);
    packet("stopped and started");
    on = 0;
    SHOW(ioctl(p.master, TIOCPKT, &on));
    write(p.slave, "plain", 5);
    show_output("plain", p.master, 5);
    SHOW(ioctl(p.slave, TIOCPKT, &on));
    SHOW(ioctl(p.master, TIOCPKT, BAD));
}
