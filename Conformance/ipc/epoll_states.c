// epoll event bits of sockets, pipes and others; deletion by closing.
#include "../common.h"

static int ep;
static void ready(const char *label, int fd, uint32_t events) {
    struct epoll_event event = {.events = events, .data.fd = fd}, out[2];
    if (epoll_ctl(ep, EPOLL_CTL_ADD, fd, &event)) { T("%s: %s", label, errno_name(errno)); return; }
    int count = epoll_wait(ep, out, 2, 0);
    T("%s: %s", label, count == 0 ? "nothing" : epoll_names(out[0].events));
    epoll_ctl(ep, EPOLL_CTL_DEL, fd, NULL);
}

TEST {
    const uint32_t all = EPOLLIN | EPOLLOUT | EPOLLPRI | EPOLLRDHUP;
    int p[2], s[2];
    ep = (int)MUST(epoll_create1(0));
    MUST(pipe(p));
    ready("pipe, read end", p[0], all);
    ready("pipe, write end", p[1], all);
    write(p[1], "x", 1);
    ready("pipe with data", p[0], all);
    ready("only errors wanted", p[0], 0);
    close(p[1]);
    ready("pipe, writer closed", p[0], all);
    ready("only errors wanted", p[0], 0);
    MUST(pipe(p));
    close(p[0]);
    ready("pipe, reader closed", p[1], all);
    MUST(socketpair(AF_UNIX, SOCK_STREAM, 0, s));
    ready("stream", s[0], all);
    shutdown(s[1], SHUT_WR);
    ready("peer shut its writing", s[0], all);
    ready("the peer itself", s[1], all);
    ready("without EPOLLRDHUP", s[0], EPOLLIN);
    shutdown(s[0], SHUT_WR);
    ready("both shut", s[0], all);
    close(s[1]);
    ready("peer closed", s[0], all);
    MUST(socketpair(AF_UNIX, SOCK_STREAM, 0, s));
    shutdown(s[0], SHUT_RD);
    ready("own reading shut", s[0], all);
    ready("peer of that", s[1], all);
    MUST(socketpair(AF_UNIX, SOCK_DGRAM, 0, s));
    ready("datagram", s[0], all);
    close(s[1]);
    ready("datagram, peer closed", s[0], all);
    MUST(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, s));
    close(s[1]);
    ready("seqpacket, peer closed", s[0], all);
    ready("unconnected stream", socket(AF_UNIX, SOCK_STREAM, 0), all);
    ready("unconnected datagram", socket(AF_UNIX, SOCK_DGRAM, 0), all);
    ready("eventfd 0", eventfd(0, 0), all);
    ready("eventfd 1", eventfd(1, 0), all);
    ready("timerfd", timerfd_create(CLOCK_MONOTONIC, 0), all);
    ready("epoll", epoll_create1(0), all);
    // closing removes the entry, but only with the last copy
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = 7}, out[2];
    MUST(pipe(p));
    write(p[1], "x", 1);
    MUST(epoll_ctl(ep, EPOLL_CTL_ADD, p[0], &event));
    int copy = dup(p[0]);
    SHOW(epoll_wait(ep, out, 2, 0));
    SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, copy, &event));
    SHOW(epoll_wait(ep, out, 2, 0));
    SHOW(epoll_ctl(ep, EPOLL_CTL_DEL, copy, NULL));
    close(p[0]);
    SHOW(epoll_wait(ep, out, 2, 0));
    SHOW(epoll_ctl(ep, EPOLL_CTL_DEL, p[0], NULL));
    close(copy);
    SHOW(epoll_wait(ep, out, 2, 0));
    // a reused number is a new entry
    MUST(pipe(p));
    SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, p[0], &event));
    SHOW(epoll_wait(ep, out, 2, 0));
    // a child shares the set
    IN_CHILD("child", { write(p[1], "y", 1); SHOW(epoll_wait(ep, out, 2, 0)); SHOW(epoll_ctl(ep, EPOLL_CTL_DEL, p[0], NULL)); });
    SHOW(epoll_wait(ep, out, 2, 0));
    // fewer places than ready: they take turns
    int q[3][2], seen = 0;
    for (int i = 0; i < 3; i++) {
        MUST(pipe(q[i]));
        write(q[i][1], "x", 1);
        event.data.u32 = 1u << i;
        MUST(epoll_ctl(ep, EPOLL_CTL_ADD, q[i][0], &event));
    }
    for (int i = 0; i < 3; i++) if (epoll_wait(ep, out, 1, 0) == 1) seen |= (int)out[0].data.u32;
    T("seen in three rounds: %d", seen);
}
