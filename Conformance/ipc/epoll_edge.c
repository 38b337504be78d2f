// Edge triggered and one-shot entries.
#include "../common.h"

static int ep, p[2];
static void wait_show(const char *label) {
    struct epoll_event out[4];
    int ready = epoll_wait(ep, out, 4, 0);
    T("%s: %s", label, ready < 0 ? errno_name(errno) : ready == 0 ? "nothing" : epoll_names(out[0].events));
}
static void set(int operation, int fd, uint32_t events) {
    struct epoll_event event = {.events = events};
    if (epoll_ctl(ep, operation, fd, &event)) T("epoll_ctl: %s", errno_name(errno));
}

TEST {
    char data[70000];
    memset(data, 0, sizeof data);
    ep = (int)MUST(epoll_create1(0));
    MUST(pipe2(p, O_NONBLOCK));
    set(EPOLL_CTL_ADD, p[0], EPOLLIN | EPOLLET);
    wait_show("empty");
    write(p[1], "a", 1);
    wait_show("written");
    wait_show("again without a change");
    write(p[1], "b", 1);
    wait_show("written more");
    read(p[0], data, 1);
    wait_show("partly read");
    set(EPOLL_CTL_MOD, p[0], EPOLLIN | EPOLLET);
    wait_show("after EPOLL_CTL_MOD with data waiting");
    wait_show("and again");
    read(p[0], data, 10);
    write(p[1], "c", 1);
    read(p[0], data, 10);
    wait_show("written and read before the wait");
    set(EPOLL_CTL_ADD, p[1], EPOLLOUT | EPOLLET);
    wait_show("write end added");
    wait_show("again");
    while (write(p[1], data, sizeof data) > 0) {}
    read(p[0], data, sizeof data);
    struct epoll_event out[4];
    T("both ends: %d", epoll_wait(ep, out, 4, 0));
    close(p[1]);
    wait_show("hangup");
    wait_show("hangup is told once");
    close(p[0]);
    MUST(pipe2(p, O_NONBLOCK));
    T("one shot");
    set(EPOLL_CTL_ADD, p[0], EPOLLIN | EPOLLONESHOT);
    write(p[1], "a", 1);
    wait_show("first");
    wait_show("second");
    write(p[1], "b", 1);
    wait_show("after more data");
    close(p[1]);
    wait_show("even a hangup is silent");
    set(EPOLL_CTL_MOD, p[0], EPOLLIN | EPOLLONESHOT);
    wait_show("armed again");
    wait_show("and off");
    set(EPOLL_CTL_MOD, p[0], 0);
    wait_show("with no events wanted, hangup");
    int s[2];
    MUST(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, s));
    set(EPOLL_CTL_DEL, p[0], 0);
    T("socket, edge");
    set(EPOLL_CTL_ADD, s[0], EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET);
    wait_show("new");
    wait_show("again");
    write(s[1], "x", 1);
    wait_show("data");
    write(s[1], "y", 1);
    wait_show("more data");
    shutdown(s[1], SHUT_WR);
    wait_show("shutdown of the peer");
    close(s[1]);
    wait_show("peer closed");
    wait_show("again");
}
