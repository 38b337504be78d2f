// epoll within epoll: readiness passes up, loops are refused, depth is limited.
#include "../common.h"

TEST {
    struct epoll_event event = {.events = EPOLLIN}, out[4];
    int a = (int)MUST(epoll_create1(0)), b = (int)MUST(epoll_create1(0)), c = (int)MUST(epoll_create1(0)), p[2];
    MUST(pipe(p));
    SHOW(epoll_ctl(a, EPOLL_CTL_ADD, b, &event));
    SHOW(epoll_ctl(b, EPOLL_CTL_ADD, c, &event));
    SHOW(epoll_ctl(c, EPOLL_CTL_ADD, p[0], &event));
    SHOW(epoll_wait(a, out, 4, 0));
    SHOW(poll(&(struct pollfd){a, POLLIN, 0}, 1, 0));
    write(p[1], "x", 1);
    SHOW(epoll_wait(a, out, 4, 0));
    SHOW(poll(&(struct pollfd){a, POLLIN, 0}, 1, 0));
    SHOW(epoll_wait(c, out, 4, 0));
    SHOW(epoll_ctl(c, EPOLL_CTL_ADD, a, &event));
    SHOW(epoll_ctl(b, EPOLL_CTL_ADD, a, &event));
    SHOW(epoll_ctl(a, EPOLL_CTL_ADD, a, &event));
    SHOW(epoll_ctl(a, EPOLL_CTL_ADD, c, &event));
    read(p[0], (char[1]){0}, 1);
    SHOW(epoll_wait(a, out, 4, 0));
    // a waiter on the outer set is woken by the innermost
    pid_t child = SPAWN({ settle(); write(p[1], "y", 1); });
    SHOW(epoll_wait(a, out, 1, 2000));
    reap("child", child);
    // the edge is per level
    event.events = EPOLLIN | EPOLLET;
    SHOW(epoll_ctl(a, EPOLL_CTL_DEL, c, NULL));
    SHOW(epoll_ctl(a, EPOLL_CTL_MOD, b, &event));
    SHOW(epoll_wait(a, out, 4, 0));
    SHOW(epoll_wait(a, out, 4, 0));
    event.events = EPOLLIN;
    int chain[8];
    int made = 0;
    chain[0] = (int)MUST(epoll_create1(0));
    for (int i = 1; i < 8; i++) {
        chain[i] = (int)MUST(epoll_create1(0));
        if (epoll_ctl(chain[i], EPOLL_CTL_ADD, chain[i - 1], &event) < 0) { T("level %d: %s", i, errno_name(errno)); break; }
        made = i;
    }
    T("levels made: %d", made);
    event.events = EPOLLIN | EPOLLEXCLUSIVE;
    SHOW(epoll_ctl(a, EPOLL_CTL_ADD, chain[0], &event));
    SHOW(epoll_ctl(a, EPOLL_CTL_ADD, p[1], &event));
    SHOW(epoll_ctl(a, EPOLL_CTL_MOD, p[1], &event));
    event.events = EPOLLIN | EPOLLEXCLUSIVE | EPOLLONESHOT;
    int e = eventfd(1, 0);
    SHOW(epoll_ctl(a, EPOLL_CTL_ADD, e, &event));
    event.events = EPOLLIN | EPOLLEXCLUSIVE | EPOLLRDHUP;
    SHOW(epoll_ctl(a, EPOLL_CTL_ADD, e, &event));
    event.events = EPOLLIN | EPOLLEXCLUSIVE | EPOLLET;
    SHOW(epoll_ctl(a, EPOLL_CTL_ADD, e, &event));
    event.events = EPOLLIN;
    SHOW(epoll_ctl(a, EPOLL_CTL_MOD, e, &event));
    SHOW(epoll_ctl(a, EPOLL_CTL_DEL, e, NULL));
}
