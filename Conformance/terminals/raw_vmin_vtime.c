// Raw mode: VMIN and VTIME in all four combinations.
#include "../common.h"
#include "../pty_helpers.h"

static struct pty p;
static void set(int minimum, int time) {
    struct termios t;
    tcgetattr(p.slave, &t);
    cfmakeraw(&t);
    t.c_cc[VMIN] = (cc_t)minimum;
    t.c_cc[VTIME] = (cc_t)time;
    MUST(tcsetattr(p.slave, TCSANOW, &t));
}

TEST {
    p = make_pty();
    set(1, 0);
    // what is typed arrives a little later: wait for it where a read would not
    type(p.master, "a\r\n\x03\x04\x7f");
    settle();
    show_read("raw bytes", p.slave, 100);
    pid_t child = SPAWN({ settle(); type(p.master, "x"); });
    show_read("waits for one", p.slave, 100);
    reap("child", child);
    set(4, 0);
    child = SPAWN({ type(p.master, "ab"); settle(); type(p.master, "cd"); });
    show_read("waits for four", p.slave, 100);
    reap("child", child);
    type(p.master, "abcdef");
    settle();
    show_read("wants two of six", p.slave, 2);
    type(p.master, "gh");
    settle();
    show_read("the rest", p.slave, 100);
    set(0, 0);
    SHOW(read(p.slave, &(char){0}, 1));
    type(p.master, "now");
    settle();
    show_read("what is there", p.slave, 100);
    set(0, 1);
    long start = now_ms();
    SHOW(read(p.slave, &(char){0}, 1));
    CHECK(now_ms() - start >= 90);
    child = SPAWN({ settle(); type(p.master, "in time"); });
    show_read("within the time", p.slave, 100);
    reap("child", child);
    set(10, 1);
    child = SPAWN({ settle(); type(p.master, "abc"); });
    start = now_ms();
    show_read("time runs from the first byte", p.slave, 100);
    CHECK(now_ms() - start >= 100);
    reap("child", child);
    set(1, 0);
    fcntl(p.slave, F_SETFL, O_NONBLOCK);
    SHOW(read(p.slave, &(char){0}, 1));
    set(0, 0);
    SHOW(read(p.slave, &(char){0}, 1));
    fcntl(p.slave, F_SETFL, 0);
    set(5, 0);
    type(p.master, "abc");
    struct pollfd f = {p.slave, POLLIN, 0};
    SHOWN("poll with 3 of 5", poll(&f, 1, 20));
    type(p.master, "de");
    settle();
    SHOWN("poll with 5 of 5", poll(&f, 1, 1000));
    show_read("five", p.slave, 100);
}
