// Window size: get, set, SIGWINCH to the foreground group.
#include "../common.h"
#include "../pty_helpers.h"

TEST {
    struct pty p = make_pty();
    struct winsize w = {9, 9, 9, 9};
    SHOW(ioctl(p.slave, TIOCGWINSZ, &w));
    T("%d %d %d %d", w.ws_row, w.ws_col, w.ws_xpixel, w.ws_ypixel);
    w = (struct winsize){24, 80, 640, 480};
    SHOW(ioctl(p.master, TIOCSWINSZ, &w));
    memset(&w, 0, sizeof w);
    SHOW(ioctl(p.slave, TIOCGWINSZ, &w));
    T("%d %d %d %d", w.ws_row, w.ws_col, w.ws_xpixel, w.ws_ypixel);
    w.ws_col = 100;
    SHOW(ioctl(p.slave, TIOCSWINSZ, &w));
    SHOW(ioctl(p.master, TIOCGWINSZ, &w));
    T("%d %d", w.ws_row, w.ws_col);
    SHOW(ioctl(p.slave, TIOCSWINSZ, BAD));
    SHOW(ioctl(p.slave, TIOCGWINSZ, BAD));
    int ends[2];
    MUST(pipe(ends));
    SHOW(ioctl(ends[0], TIOCGWINSZ, &w));
    struct gate ready = make_gate(), done = make_gate();
    pid_t child = SPAWN({
        lead_session(p.slave);
        count_signal(SIGWINCH, 0);
        gate_open(ready);
        gate_wait(done);
        for (int i = 0; i < 200 && !conf_caught[SIGWINCH]; i++) sleep_ms(1);
        T("after a change: %d", conf_caught[SIGWINCH]);
        gate_open(ready);
        gate_wait(done);
        settle();
        T("after the same size: %d", conf_caught[SIGWINCH]);
        gate_open(ready);
        gate_wait(done);
        for (int i = 0; i < 200 && conf_caught[SIGWINCH] < 2; i++) sleep_ms(1);
        T("after another: %d", conf_caught[SIGWINCH]);
        ioctl(p.slave, TIOCGWINSZ, &w);
        T("%d %d", w.ws_row, w.ws_col);
    });
    gate_wait(ready);
    w.ws_row = 50;
    ioctl(p.master, TIOCSWINSZ, &w);
    gate_open(done);
    gate_wait(ready);
    ioctl(p.master, TIOCSWINSZ, &w);
    gate_open(done);
    gate_wait(ready);
    w.ws_row = 51;
    ioctl(p.slave, TIOCSWINSZ, &w);
    gate_open(done);
    reap("child", child);
}
