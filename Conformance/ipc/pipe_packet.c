// Packet mode (O_DIRECT): one write, one read.
#include "../common.h"

TEST {
    int p[2];
    char data[8192];
    SHOW(pipe2(p, O_DIRECT | O_NONBLOCK));
    write(p[1], "first", 5);
    write(p[1], "second", 6);
    write(p[1], "", 0);
    write(p[1], "third", 5);
    show_read("one", p[0], 100);
    show_read("cut", p[0], 3);
    show_read("next", p[0], 100);
    SHOW(read(p[0], data, 1));
    memset(data, 'x', sizeof data);
    SHOW(write(p[1], data, 8192));
    SHOW(read(p[0], data, 8192));
    SHOW(read(p[0], data, 8192));
    int count = 0;
    while (write(p[1], "x", 1) == 1) count++;
    T("packets of one byte: %d", count);
    SHOW(fcntl(p[1], F_SETFL, O_NONBLOCK));
    int waiting;
    ioctl(p[0], FIONREAD, &waiting);
    T("%d waiting", waiting);
    SHOW(read(p[0], data, 10));
    // the flag can be set later
    MUST(pipe2(p, O_NONBLOCK));
    SHOW(fcntl(p[1], F_SETFL, O_NONBLOCK | O_DIRECT));
    write(p[1], "a", 1);
    write(p[1], "b", 1);
    show_read("a", p[0], 10);
    show_read("b", p[0], 10);
}
