// MSG_PEEK, MSG_WAITALL, MSG_TRUNC, MSG_DONTWAIT, SO_PEEK_OFF on streams.
#include "../common.h"
#include "../unix_helpers.h"

TEST {
    int s[2];
    char data[64];
    MUST(socketpair(AF_UNIX, SOCK_STREAM, 0, s));
    write(s[0], "hello", 5);
    write(s[0], " world", 6);
    show_text("peek 3", data, recv(s[1], data, 3, MSG_PEEK));
    show_text("peek all", data, recv(s[1], data, 64, MSG_PEEK));
    show_text("read 7", data, recv(s[1], data, 7, 0));
    show_text("peek rest", data, recv(s[1], data, 64, MSG_PEEK | MSG_DONTWAIT));
    show_text("rest", data, recv(s[1], data, 64, MSG_DONTWAIT));
    SHOW(recv(s[1], data, 64, MSG_PEEK | MSG_DONTWAIT));
    // MSG_WAITALL waits for all of it, or the end
    pid_t child = SPAWN({ write(s[0], "ab", 2); settle(); write(s[0], "cdef", 4); });
    show_text("wait for 4", data, recv(s[1], data, 4, MSG_WAITALL));
    show_text("rest", data, recv(s[1], data, 4, 0));
    reap("child", child);
    child = SPAWN({ write(s[0], "ab", 2); settle(); shutdown(s[0], SHUT_WR); });
    show_text("wait for 10, end comes", data, recv(s[1], data, 10, MSG_WAITALL));
    reap("child", child);
    MUST(socketpair(AF_UNIX, SOCK_STREAM, 0, s));
    write(s[0], "abc", 3);
    show_text("WAITALL and DONTWAIT", data, recv(s[1], data, 10, MSG_WAITALL | MSG_DONTWAIT));
    write(s[0], "abcdef", 6);
    struct iovec part = {data, 3};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    SHOW(recvmsg(s[1], &message, 0));
    T("flags %s", msg_names(message.msg_flags));
    SHOW(recvmsg(s[1], &message, MSG_TRUNC));
    T("flags %s", msg_names(message.msg_flags));
    // SO_PEEK_OFF moves on with every peek
    int offset = 0;
    if (setsockopt(s[1], SOL_SOCKET, SO_PEEK_OFF, &offset, sizeof offset) == 0) {
        write(s[0], "0123456789", 10);
        show_text("peek", data, recv(s[1], data, 4, MSG_PEEK));
        show_text("peek", data, recv(s[1], data, 4, MSG_PEEK));
        show_text("read", data, recv(s[1], data, 2, 0));
        show_text("peek", data, recv(s[1], data, 64, MSG_PEEK));
        show_text("read", data, recv(s[1], data, 64, 0));
    }
    int bytes;
    write(s[0], "12345", 5); write(s[0], "678", 3);
    SHOW(ioctl(s[1], FIONREAD, &bytes));
    T("%d", bytes);
    SHOW(ioctl(s[0], TIOCOUTQ, &bytes));
    CHECK(bytes > 0);
    show_text("two writes, one read", data, recv(s[1], data, 64, 0));
    SHOW(ioctl(s[0], TIOCOUTQ, &bytes));
    T("%d", bytes);
    SHOW(recvmsg(s[1], BAD, MSG_DONTWAIT));
    SHOW(sendmsg(s[1], BAD, MSG_DONTWAIT));
    message.msg_iov = BAD;
    SHOW(recvmsg(s[1], &message, MSG_DONTWAIT));
    message.msg_iovlen = 2000;
    SHOW(recvmsg(s[1], &message, MSG_DONTWAIT));
    SHOW(sendmsg(s[1], &message, MSG_DONTWAIT));
    // timeouts
    struct timeval limit = {0, 20000};
    SHOW(setsockopt(s[1], SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit));
    long start = now_ms();
    SHOW(recv(s[1], data, 1, 0));
    CHECK(now_ms() - start >= 15);
    static char large[1 << 20];
    SHOW(setsockopt(s[0], SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit));
    long sent = send(s[0], large, sizeof large, 0);
    CHECK(sent > 0 && sent < (long)sizeof large);
    SHOW(send(s[0], large, sizeof large, 0));
    SHOW(send(s[0], large, 1, MSG_DONTWAIT));
    struct pollfd p = {s[0], POLLOUT, 0};
    SHOW(poll(&p, 1, 0));
}
