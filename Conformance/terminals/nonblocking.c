// Non-blocking terminals, full queues, FIONREAD, poll and epoll.
#include "../common.h"
#include "../pty_helpers.h"

TEST {
    struct pty p = make_pty();
    char data[4096];
    static char block[65536];
    change_modes(p.slave, ECHO | ICANON, 0, ICRNL, 0, OPOST, 0);
    fcntl(p.slave, F_SETFL, O_NONBLOCK);
    fcntl(p.master, F_SETFL, O_NONBLOCK);
    SHOW(read(p.slave, data, 1));
    SHOW(read(p.master, data, 1));
    int waiting = -1;
    type(p.master, "12345");
    settle();
    struct pollfd f = {p.slave, POLLIN | POLLOUT, 0};
    SHOW(poll(&f, 1, 1000));
    T("%s", poll_names(f.revents));
    SHOW(ioctl(p.slave, FIONREAD, &waiting));
    T("%d", waiting);
    SHOW(read(p.slave, data, 3));
    SHOW(ioctl(p.slave, FIONREAD, &waiting));
    T("%d", waiting);
    SHOW(read(p.slave, data, 100));
    SHOW(read(p.slave, data, 0));
    SHOW(write(p.slave, "", 0));
    // fill the slave's output
    memset(block, 'o', sizeof block);
    long total = 0;
    for (long put; (put = write(p.slave, block, 1000)) > 0;) total += put;
    CHECK(total >= 4096 && errno == EAGAIN);
    f = (struct pollfd){p.slave, POLLOUT, 0};
    T("full: poll %d", poll(&f, 1, 0));
    long drained = 0;
    struct pollfd m = {p.master, POLLIN, 0};
    while (poll(&m, 1, 50) > 0) {
        long got = read(p.master, block, sizeof block);
        if (got <= 0) break;
        drained += got;
    }
    CHECK(drained == total);
    SHOW(poll(&f, 1, 1000));
    T("%s", poll_names(f.revents));
    // edge triggered
    int ep = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN | EPOLLET}, out;
    SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, p.slave, &event));
    SHOW(epoll_wait(ep, &out, 1, 0));
    type(p.master, "a");
    settle();
    SHOW(epoll_wait(ep, &out, 1, 1000));
    SHOW(epoll_wait(ep, &out, 1, 0));
    type(p.master, "b");
    settle();
    SHOW(epoll_wait(ep, &out, 1, 1000));
    show_read("both", p.slave, 10);
    SHOW(write(p.slave, BAD, 5));
    SHOW(write(p.master, BAD, 5));
    type(p.master, "zz");
    settle();
    poll(&(struct pollfd){p.slave, POLLIN, 0}, 1, 1000);
    SHOW(read(p.slave, BAD, 5));
    // a large transfer arrives whole
    fcntl(p.slave, F_SETFL, 0);
    fcntl(p.master, F_SETFL, 0);
    tcflush(p.slave, TCIOFLUSH);
    pid_t writer = SPAWN({ for (int i = 0; i < 200000; i += 1000) { memset(data, 'a' + i / 1000 % 26, 1000); write(p.slave, data, 1000); } });
    long got, at = 0, wrong = 0;
    while (at < 200000 && (got = read(p.master, data, sizeof data)) > 0)
        for (long i = 0; i < got; i++, at++) wrong += data[i] != 'a' + at / 1000 % 26;
    reap("writer", writer);
    T("received %ld, wrong %ld", at, wrong);
}
