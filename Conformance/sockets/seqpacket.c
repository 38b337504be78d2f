// SOCK_SEQPACKET: bounds and connection.
#include "../common.h"
#include "../unix_helpers.h"

TEST {
    int s[2];
    char data[64];
    MUST(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, s));
    SHOW(send(s[0], "one", 3, 0));
    SHOW(send(s[0], "second", 6, MSG_EOR));
    SHOW(write(s[0], "third", 5));
    struct iovec part = {data, 64};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    for (int i = 0; i < 2; i++) {
        show_text("recvmsg", data, recvmsg(s[1], &message, 0));
        T("  flags %s", msg_names(message.msg_flags));
    }
    part.iov_len = 2;
    show_text("cut", data, recvmsg(s[1], &message, 0));
    T("  flags %s", msg_names(message.msg_flags));
    SHOW(recv(s[1], data, 10, MSG_DONTWAIT));
    SHOW(send(s[0], "", 0, 0));
    SHOW(recv(s[1], data, 10, MSG_DONTWAIT));
    SHOW(shutdown(s[0], SHUT_WR));
    SHOW(recv(s[1], data, 10, 0));
    SHOW(send(s[0], "x", 1, MSG_NOSIGNAL));
    close(s[0]);
    SHOW(send(s[1], "x", 1, MSG_NOSIGNAL));
    SHOW(recv(s[1], data, 10, 0));
    // over a listener
    int listener = unix_listen(SOCK_SEQPACKET, "sock", 3), client = (int)MUST(socket(AF_UNIX, SOCK_SEQPACKET, 0));
    SHOW(send(client, "x", 1, MSG_NOSIGNAL));
    SHOW(recv(client, data, 1, 0));
    SHOW(unix_connect(client, "sock"));
    SHOW(send(client, "early", 5, 0));
    int server = (int)MUST(accept(listener, NULL, NULL));
    SHOW(send(client, "later", 5, 0));
    show_text("server", data, recv(server, data, 64, 0));
    show_text("server", data, recv(server, data, 64, 0));
    int wrong = (int)MUST(socket(AF_UNIX, SOCK_STREAM, 0));
    SHOW(unix_connect(wrong, "sock"));
    wrong = (int)MUST(socket(AF_UNIX, SOCK_DGRAM, 0));
    SHOW(unix_connect(wrong, "sock"));
    int type = 0;
    socklen_t length = sizeof type;
    SHOW(getsockopt(server, SOL_SOCKET, SO_TYPE, &type, &length));
    CHECK(type == SOCK_SEQPACKET);
    send(client, "unread", 6, 0);
    close(server);
    SHOW(recv(client, data, 10, 0));
    SHOW(recv(client, data, 10, 0));
}
