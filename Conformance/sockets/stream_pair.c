// Stream socket pairs: data, partial reads, end of file, shutdown, EPIPE.
#include "../common.h"
#include "../unix_helpers.h"

TEST {
    int s[2];
    char data[64];
    SHOW(socketpair(AF_UNIX, SOCK_STREAM, 0, s));
    T("%d %d", s[0], s[1]);
    SHOW(write(s[0], "hello ", 6));
    SHOW(send(s[0], "world", 5, 0));
    show_read("part", s[1], 3);
    show_read("joined", s[1], 60);
    SHOW(write(s[1], "back", 4));
    show_read("other way", s[0], 60);
    SHOW(recv(s[0], data, 10, MSG_DONTWAIT));
    SHOW(write(s[0], "", 0));
    SHOW(recv(s[1], data, 10, MSG_DONTWAIT));
    SHOW(recv(s[1], data, 0, MSG_DONTWAIT));
    struct stat status;
    fstat(s[0], &status);
    T("%o", status.st_mode);
    write(s[0], "before", 6);
    SHOW(shutdown(s[0], SHUT_WR));
    show_read("before the shutdown", s[1], 60);
    show_read("end", s[1], 60);
    signal(SIGPIPE, SIG_IGN);
    SHOW(write(s[0], "x", 1));
    SHOW(write(s[1], "still", 5));
    show_read("still", s[0], 60);
    SHOW(shutdown(s[0], SHUT_RD));
    SHOW(write(s[1], "x", 1));
    show_read("own reading shut", s[0], 60);
    SHOW(shutdown(s[0], 7));
    SHOW(shutdown(99, SHUT_RD));
    SHOW(shutdown(0, SHUT_RD));
    MUST(socketpair(AF_UNIX, SOCK_STREAM, 0, s));
    write(s[0], "left", 4);
    close(s[0]);
    show_read("after close", s[1], 60);
    show_read("end", s[1], 60);
    SHOW(write(s[1], "x", 1));
    SHOW(send(s[1], "x", 1, MSG_NOSIGNAL));
    signal(SIGPIPE, SIG_DFL);
    SHOW(send(s[1], "x", 1, MSG_NOSIGNAL));
    IN_CHILD("signal", { send(s[1], "x", 1, 0); });
    // closing with unread data resets the peer
    MUST(socketpair(AF_UNIX, SOCK_STREAM, 0, s));
    write(s[0], "unread", 6);
    close(s[1]);
    SHOW(read(s[0], data, 10));
    SHOW(read(s[0], data, 10));
    SHOW(send(s[0], "x", 1, MSG_NOSIGNAL));
    SHOW(socketpair(AF_UNIX, SOCK_STREAM, 1, s));
    SHOW(socketpair(AF_UNIX, SOCK_STREAM, 2, s));
    SHOW(socketpair(AF_UNIX, SOCK_RAW, 0, s));
    SHOW(socketpair(AF_UNIX, 77, 0, s));
    SHOW(socketpair(AF_UNIX, SOCK_STREAM, 0, BAD));
    SHOW(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, s));
    T("%d %d", fcntl(s[0], F_GETFD), fcntl(s[1], F_GETFL) & O_NONBLOCK ? 1 : 0);
    SHOW(read(s[0], data, 1));
    SHOW(send(s[0], BAD, 1, 0));
    SHOW(recv(s[0], BAD, 1, 0));
    write(s[1], "q", 1);
    SHOW(recv(s[0], BAD, 1, 0));
    SHOW(send(s[0], data, 1, MSG_OOB) >= -1);
    SHOW(sendto(s[0], "x", 1, 0, (struct sockaddr *)data, 10));
    SHOW(socket(AF_UNIX, SOCK_STREAM, 99));
    SHOW(socket(999, SOCK_STREAM, 0));
    SHOW(socket(AF_UNIX, SOCK_STREAM | 0x100000, 0));
}
