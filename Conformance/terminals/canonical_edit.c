// Canonical mode: lines, erase, kill, word erase, literal next, several lines, EOF.
#include "../common.h"
#include "../pty_helpers.h"

TEST {
    struct pty p = make_pty();
    change_modes(p.slave, ECHO, 0, 0, 0, 0, 0);
    type(p.master, "no newline yet");
    show_input("unfinished", p.slave, 20);
    type(p.master, "!\n");
    show_input("line", p.slave, 1000);
    type(p.master, "first\nsecond\nthird");
    show_input("one line at a time", p.slave, 1000);
    show_input("the next", p.slave, 1000);
    show_input("not the unfinished", p.slave, 20);
    type(p.master, "\n");
    show_input("finished", p.slave, 1000);
    type(p.master, "abcx\x7f" "d\n");
    show_input("erase", p.slave, 1000);
    type(p.master, "\x7f\x7f" "ab\x7f\x7f\x7f" "c\n");
    show_input("erase beyond the start", p.slave, 1000);
    type(p.master, "wrong\x15right\n");
    show_input("kill", p.slave, 1000);
    type(p.master, "one two  \x17three\n");
    show_input("word erase", p.slave, 1000);
    type(p.master, "a\x16\x7f" "b\x16\x03" "c\n");
    show_input("literal next", p.slave, 1000);
    type(p.master, "with eof\x04more\n");
    show_input("EOF in a line ends it without a newline", p.slave, 1000);
    show_input("more", p.slave, 1000);
    type(p.master, "\x04");
    show_input("EOF alone", p.slave, 1000);
    type(p.master, "next\n");
    show_input("and on", p.slave, 1000);
    type(p.master, "long line\n");
    show_read("short read", p.slave, 4);
    show_read("rest of the line", p.slave, 100);
    type(p.master, "cr\rnl\n");
    show_input("CR is NL", p.slave, 1000);
    show_input("and", p.slave, 1000);
    struct termios t;
    tcgetattr(p.slave, &t);
    t.c_cc[VEOL] = ';';
    tcsetattr(p.slave, TCSANOW, &t);
    type(p.master, "part;rest\n");
    show_input("VEOL", p.slave, 1000);
    show_input("rest", p.slave, 1000);
    int waiting = -1;
    type(p.master, "12345\nxyz");
    settle();
    show_input("line", p.slave, 1000);
    SHOW(ioctl(p.slave, FIONREAD, &waiting));
    T("waiting %d", waiting);
    type(p.master, "\nsecond\n");
    settle();
    SHOW(ioctl(p.slave, FIONREAD, &waiting));
    T("waiting %d", waiting);
    SHOW(tcflush(p.slave, TCIFLUSH));
    show_input("flushed", p.slave, 20);
    // the line is at most 4095 bytes and a newline
    char text[5001];
    memset(text, 'x', 5000);
    text[5000] = 0;
    type(p.master, text);
    type(p.master, "\n");
    settle();
    long got = read(p.slave, text, 5000);
    T("long line: %ld", got);
    CHECK(text[got - 1] == '\n');
}
