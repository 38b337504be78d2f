// Datagram pairs: message bounds, truncation, empty messages, queue limit.
#include "../common.h"
#include "../unix_helpers.h"

TEST {
    int s[2];
    char data[64];
    MUST(socketpair(AF_UNIX, SOCK_DGRAM, 0, s));
    SHOW(send(s[0], "one", 3, 0));
    SHOW(send(s[0], "second", 6, 0));
    SHOW(send(s[0], "", 0, 0));
    SHOW(send(s[0], "fourth", 6, 0));
    show_text("first", data, recv(s[1], data, 64, 0));
    show_text("cut", data, recv(s[1], data, 3, 0));
    SHOW(recv(s[1], data, 64, 0));
    show_text("cut, real length", data, recv(s[1], data, 2, MSG_TRUNC) > 2 ? 2 : 0);
    SHOW(send(s[0], "sixsix", 6, 0));
    SHOW(recv(s[1], data, 2, MSG_TRUNC));
    SHOW(recv(s[1], data, 64, MSG_DONTWAIT));
    struct iovec parts[2] = {{"ab", 2}, {"cd", 2}};
    SHOW(writev(s[0], parts, 2));
    char a[2], b[8];
    struct iovec into[2] = {{a, 1}, {b, 8}};
    SHOW(readv(s[1], into, 2));
    T("%.1s %.3s", a, b);
    // peek leaves it
    send(s[0], "peek", 4, 0);
    show_text("peek", data, recv(s[1], data, 2, MSG_PEEK));
    show_text("take", data, recv(s[1], data, 64, 0));
    int bytes = -1;
    send(s[0], "12345", 5, 0); send(s[0], "678", 3, 0);
    SHOW(ioctl(s[1], FIONREAD, &bytes));
    T("next: %d", bytes);
    recv(s[1], data, 64, 0); recv(s[1], data, 64, 0);
    // the receiver's queue is limited
    int count = 0;
    while (send(s[0], "x", 1, MSG_DONTWAIT) == 1) count++;
    CHECK(count >= 10);
    T("then %s", errno_name(errno));
    struct pollfd p = {s[0], POLLOUT, 0};
    poll(&p, 1, 0);
    T("writable: %s", poll_names(p.revents));
    recv(s[1], data, 64, 0);
    SHOW(send(s[0], "x", 1, MSG_DONTWAIT));
    SHOW(send(s[0], BAD, 1, MSG_DONTWAIT) == -1);
    while (recv(s[1], data, 64, MSG_DONTWAIT) >= 0) {}
    static char large[1 << 20];
    SHOW(send(s[0], large, sizeof large, MSG_DONTWAIT));
    SHOW(send(s[0], large, 50000, MSG_DONTWAIT));
    SHOW(recv(s[1], large, sizeof large, 0));
    send(s[0], "z", 1, 0);
    SHOW(recv(s[1], BAD, 1, 0));
    SHOW(recv(s[1], data, 1, MSG_DONTWAIT));
    // shutdown and closing
    SHOW(shutdown(s[1], SHUT_RD));
    SHOW(send(s[0], "x", 1, MSG_NOSIGNAL));
    SHOW(recv(s[1], data, 1, MSG_DONTWAIT));
    MUST(socketpair(AF_UNIX, SOCK_DGRAM, 0, s));
    send(s[0], "last", 4, 0);
    close(s[0]);
    show_text("after close", data, recv(s[1], data, 64, 0));
    SHOW(recv(s[1], data, 64, MSG_DONTWAIT));
    SHOW(send(s[1], "x", 1, MSG_NOSIGNAL));
    SHOW(listen(s[1], 1));
    SHOW(accept(s[1], NULL, NULL));
}
