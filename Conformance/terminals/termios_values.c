// tcgetattr of a fresh pty, what tcsetattr keeps, speeds, errors.
#define CONF_AS_USER // root may open an exclusive terminal
#include "../common.h"
#include "../pty_helpers.h"

static void show(const char *label, int fd) {
    struct termios t;
    if (tcgetattr(fd, &t)) { T("%s: %s", label, errno_name(errno)); return; }
    T("%s: iflag %o oflag %o cflag %o lflag %o, speeds %o %o", label, t.c_iflag, t.c_oflag, t.c_cflag, t.c_lflag, cfgetispeed(&t), cfgetospeed(&t));
    printf("  cc");
    for (int i = 0; i < 19; i++) printf(" %02x", t.c_cc[i]);
    printf("\n");
}

TEST {
    struct pty p = make_pty();
    struct termios t;
    show("slave", p.slave);
    show("master", p.master);
    MUST(tcgetattr(p.slave, &t));
    cfmakeraw(&t);
    SHOW(tcsetattr(p.slave, TCSADRAIN, &t));
    show("raw", p.slave);
    show("raw, master", p.master);
    t.c_iflag = t.c_oflag = t.c_lflag = 0x7fffffff & ~EXTPROC;
    t.c_cflag = CREAD | CS7 | PARENB | HUPCL | B9600;
    SHOW(tcsetattr(p.slave, TCSANOW, &t));
    show("all bits", p.slave);
    SHOW(cfsetospeed(&t, B115200));
    t.c_iflag = t.c_oflag = t.c_lflag = 0;
    SHOW(tcsetattr(p.master, TCSAFLUSH, &t));
    show("through the master", p.slave);
    SHOW(ioctl(p.slave, TCGETS, BAD));
    SHOW(ioctl(p.slave, TCSETS, BAD));
    int pipe_ends[2];
    MUST(pipe(pipe_ends));
    SHOW(tcgetattr(pipe_ends[0], &t));
    SHOW(tcgetattr(99, &t));
    SHOW(tcsetattr(p.slave, 55, &t));
    SHOW(tcflush(p.slave, 55));
    SHOW(tcflush(p.slave, TCIOFLUSH));
    SHOW(tcdrain(p.slave));
    SHOW(tcsendbreak(p.slave, 0));
    // TCSAFLUSH throws unread input away
    change_modes(p.slave, ICANON | ECHO, 0, 0, 0, 0, 0);
    type(p.master, "unread");
    settle();
    tcgetattr(p.slave, &t);
    SHOW(tcsetattr(p.slave, TCSAFLUSH, &t));
    show_input("flushed", p.slave, 20);
    type(p.master, "kept");
    settle();
    SHOW(tcsetattr(p.slave, TCSADRAIN, &t));
    t.c_cc[VMIN] = 1;
    tcsetattr(p.slave, TCSANOW, &t);
    show_input("kept", p.slave, 1000);
    // what was typed in canonical mode becomes readable in raw mode
    change_modes(p.slave, 0, ICANON, 0, 0, 0, 0);
    type(p.master, "half a line");
    settle();
    show_input("canonical", p.slave, 20);
    change_modes(p.slave, ICANON, 0, 0, 0, 0, 0);
    show_input("raw", p.slave, 1000);
    int line = -1;
    SHOW(ioctl(p.slave, TIOCGETD, &line));
    T("discipline %d", line);
    SHOW(ioctl(p.slave, TIOCOUTQ, &line));
    T("queued %d", line);
    SHOW(ioctl(p.slave, TIOCEXCL, 0));
    SHOW(open(ptsname(p.master), O_RDWR | O_NOCTTY));
    SHOW(ioctl(p.slave, TIOCNXCL, 0));
}
