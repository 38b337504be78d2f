// What the terminal programs share: opening a pty pair, its modes, and children that lead a session on it.
#ifndef CONFORMANCE_PTY_HELPERS_H
#define CONFORMANCE_PTY_HELPERS_H
#include <termios.h>

struct pty { int master, slave; };

/// A fresh pair, unlocked, the slave opened without becoming the controlling terminal.
CONF_FN struct pty make_pty(void) {
    struct pty pty;
    pty.master = (int)MUST(posix_openpt(O_RDWR | O_NOCTTY));
    MUST(grantpt(pty.master));
    MUST(unlockpt(pty.master));
    pty.slave = (int)MUST(open(ptsname(pty.master), O_RDWR | O_NOCTTY));
    return pty;
}
/// Changes local, input and output modes: clears first, then sets.
CONF_FN void change_modes(int fd, tcflag_t clearLocal, tcflag_t setLocal, tcflag_t clearInput, tcflag_t setInput, tcflag_t clearOutput, tcflag_t setOutput) {
    struct termios t;
    MUST(tcgetattr(fd, &t));
    t.c_lflag = (t.c_lflag & ~clearLocal) | setLocal;
    t.c_iflag = (t.c_iflag & ~clearInput) | setInput;
    t.c_oflag = (t.c_oflag & ~clearOutput) | setOutput;
    MUST(tcsetattr(fd, TCSANOW, &t));
}
/// Waits `wait` ms for input and reads once, or prints "nothing".
CONF_FN void show_input(const char *label, int fd, int wait) {
    struct pollfd p = {fd, POLLIN, 0};
    if (poll(&p, 1, wait) == 0) { T("%s: nothing", label); return; }
    show_read(label, fd, 4096);
}
/// Puts text into the master as if typed.
CONF_FN void type(int master, const char *text) { MUST(write(master, text, strlen(text))); }

/// Reads from the master until `count` bytes came (or 500 ms passed without any), then prints them: what arrives in how
/// many pieces is not fixed.
CONF_FN void show_output(const char *label, int master, size_t count) {
    char data[8192];
    size_t total = 0;
    struct pollfd p = {master, POLLIN, 0};
    while (total < count && poll(&p, 1, 500) > 0) {
        ssize_t got = read(master, data + total, sizeof data - total);
        if (got <= 0) break;
        total += (size_t)got;
    }
    show_text(label, data, (long)total);
}
/// In a child: leads a new session with this terminal as controlling one.
CONF_FN void lead_session(int slave) {
    MUST(setsid());
    MUST(ioctl(slave, TIOCSCTTY, 0));
}
#endif
