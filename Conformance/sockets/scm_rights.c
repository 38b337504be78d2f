// SCM_RIGHTS: passing descriptors, shared offsets, flags, truncation, many.
#include "../common.h"
#include "../unix_helpers.h"

TEST {
    int s[2], got[300], sent[300];
    make_pattern("f", 100);
    MUST(socketpair(AF_UNIX, SOCK_STREAM, 0, s));
    int fd = (int)MUST(open("f", O_RDONLY | O_CLOEXEC));
    SHOW(send_fds(s[0], "one", &fd, 1));
    SHOW(receive_fds("received", s[1], 64, 200, 0, got));
    T("a new number: %d, cloexec %d", got[0] != fd, fcntl(got[0], F_GETFD));
    show_read("original", fd, 3);
    show_read("passed", got[0], 3);
    show_read("original", fd, 3);
    close(got[0]);
    SHOW(send_fds(s[0], "cloexec", &fd, 1));
    SHOW(receive_fds("received", s[1], 64, 200, MSG_CMSG_CLOEXEC, got));
    T("cloexec %d", fcntl(got[0], F_GETFD));
    close(got[0]);
    // alive in transit
    int p[2];
    MUST(pipe(p));
    SHOW(send_fds(s[0], "pipe", p, 2));
    close(p[0]);
    write(p[1], "kept", 4);
    close(p[1]);
    SHOW(receive_fds("received", s[1], 64, 200, 0, got));
    show_read("pipe", got[0], 10);
    close(got[0]); close(got[1]);
    // dropped when nobody wants them
    MUST(pipe(p));
    SHOW(send_fds(s[0], "dropped", p + 1, 1));
    close(p[1]);
    show_read("plain read", s[1], 64);
    show_read("the write end is gone", p[0], 10);
    // too little room
    sent[0] = sent[1] = sent[2] = fd;
    SHOW(send_fds(s[0], "three", sent, 3));
    SHOW(receive_fds("room for two", s[1], 64, CMSG_LEN(2 * sizeof(int)), 0, got));
    close(got[0]); close(got[1]);
    SHOW(send_fds(s[0], "three", sent, 3));
    SHOW(receive_fds("room for none", s[1], 64, CMSG_LEN(0), 0, got));
    SHOW(send_fds(s[0], "three", sent, 3));
    SHOW(receive_fds("no room at all", s[1], 64, 0, 0, got));
    // they ride with the first byte of their message, and divide the stream
    write(s[0], "before", 6);
    SHOW(send_fds(s[0], "with", &fd, 1));
    write(s[0], "after", 5);
    SHOW(receive_fds("first", s[1], 64, 200, 0, got));
    int count = (int)SHOW(receive_fds("second", s[1], 2, 200, 0, got));
    if (count > 0) close(got[0]);
    SHOW(receive_fds("third", s[1], 64, 200, MSG_DONTWAIT, got));
    SHOW(receive_fds("fourth", s[1], 64, 200, MSG_DONTWAIT, got));
    // peeking duplicates them
    SHOW(send_fds(s[0], "peek", &fd, 1));
    SHOW(receive_fds("peek", s[1], 64, 200, MSG_PEEK, got));
    close(got[0]);
    SHOW(receive_fds("take", s[1], 64, 200, 0, got));
    close(got[0]);
    // limits and errors
    for (int i = 0; i < 300; i++) sent[i] = fd;
    SHOW(send_fds(s[0], "253", sent, 253));
    SHOW(receive_fds("253", s[1], 64, CMSG_SPACE(sizeof(int) * 253), 0, got));
    for (int i = 0; i < 253; i++) close(got[i]);
    SHOW(send_fds(s[0], "254", sent, 254));
    sent[1] = 999;
    SHOW(send_fds(s[0], "bad", sent, 2));
    sent[1] = -1;
    SHOW(send_fds(s[0], "bad", sent, 2));
    SHOW(recv(s[1], got, 10, MSG_DONTWAIT));
    // the limit of descriptors in the receiver
    struct rlimit old, limit;
    getrlimit(RLIMIT_NOFILE, &old);
    sent[1] = fd;
    SHOW(send_fds(s[0], "few", sent, 3));
    int next = dup(fd);
    close(next);
    limit = (struct rlimit){(rlim_t)next + 1, old.rlim_max};
    MUST(setrlimit(RLIMIT_NOFILE, &limit));
    SHOW(receive_fds("room in the table for one", s[1], 64, 200, 0, got));
    setrlimit(RLIMIT_NOFILE, &old);
    // a socket in its own queue, and in each other's: closed without a leak
    int q[2];
    MUST(socketpair(AF_UNIX, SOCK_STREAM, 0, q));
    SHOW(send_fds(q[0], "self", q, 2));
    close(q[0]);
    close(q[1]);
    // between processes
    pid_t child = SPAWN({
        int file = open("f", O_RDONLY);
        lseek(file, 26, SEEK_SET);
        send_fds(s[0], "from child", &file, 1);
    });
    SHOW(receive_fds("child's", s[1], 64, 200, 0, got));
    show_read("its file", got[0], 5);
    reap("child", child);
    MUST(socketpair(AF_UNIX, SOCK_DGRAM, 0, q));
    SHOW(send_fds(q[0], "", &fd, 1));
    SHOW(receive_fds("empty datagram", q[1], 64, 200, 0, got));
}
