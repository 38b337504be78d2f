// SCM_CREDENTIALS, SO_PASSCRED, SO_PEERCRED.
#include "../common.h"
#include "../unix_helpers.h"

static void receive(const char *label, int fd) {
    char data[64], control[256] __attribute__((aligned(8)));
    struct iovec part = {data, sizeof data};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    long got = recvmsg(fd, &message, MSG_DONTWAIT);
    show_text(label, data, got);
    if (got < 0) return;
    for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header; header = CMSG_NXTHDR(&message, header)) {
        if (header->cmsg_type == SCM_CREDENTIALS) {
            struct ucred *c = (struct ucred *)CMSG_DATA(header);
            T("  credentials: %s, uid mine %d, gid mine %d", c->pid == getpid() ? "me" : c->pid == getppid() ? "parent" : c->pid == 0 ? "zero" : "another",
              c->uid == geteuid(), c->gid == getegid());
        } else T("  type %d", header->cmsg_type);
    }
}
static long send_cred(int fd, struct ucred c) {
    char control[CMSG_SPACE(sizeof c)] __attribute__((aligned(8)));
    memset(control, 0, sizeof control);
    struct iovec part = {"cred", 4};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_CREDENTIALS;
    header->cmsg_len = CMSG_LEN(sizeof c);
    memcpy(CMSG_DATA(header), &c, sizeof c);
    return sendmsg(fd, &message, MSG_NOSIGNAL);
}
static void peer(const char *label, int fd) {
    struct ucred c = {0};
    socklen_t length = sizeof c;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &c, &length)) { T("%s: %s", label, errno_name(errno)); return; }
    T("%s: %s, uid %s, length %u", label, c.pid == getpid() ? "me" : c.pid == getppid() ? "parent" : c.pid == 0 ? "zero" : "another",
      c.uid == geteuid() ? "mine" : c.uid == (uid_t)-1 ? "none" : "other", length);
}

TEST {
    int s[2], one = 1;
    struct ucred mine = {getpid(), geteuid(), getegid()};
    MUST(socketpair(AF_UNIX, SOCK_STREAM, 0, s));
    peer("pair", s[0]);
    SHOW(send_cred(s[0], mine));
    receive("without SO_PASSCRED", s[1]);
    SHOW(setsockopt(s[1], SOL_SOCKET, SO_PASSCRED, &one, sizeof one));
    write(s[0], "plain", 5);
    receive("plain message", s[1]);
    SHOW(send_cred(s[0], mine));
    receive("explicit", s[1]);
    pid_t child = SPAWN({ write(s[0], "child", 5); });
    reap("child", child);
    receive("child's", s[1]);
    // writers in different processes divide the stream
    write(s[0], "a", 1);
    reap("child", SPAWN({ write(s[0], "b", 1); }));
    write(s[0], "c", 1);
    receive("one", s[1]); receive("two", s[1]); receive("three", s[1]); receive("none", s[1]);
    IN_CHILD("someone else's", {
        drop_root();
        SHOW(send_cred(s[0], (struct ucred){getppid(), geteuid(), getegid()}));
        SHOW(send_cred(s[0], (struct ucred){getpid(), geteuid() + 1, getegid()}));
        SHOW(send_cred(s[0], (struct ucred){getpid(), geteuid(), getegid() + 1}));
    });
    // SO_PEERCRED is fixed at listen and connect
    int listener = unix_listen(SOCK_STREAM, "sock", 3), lonely = (int)MUST(socket(AF_UNIX, SOCK_STREAM, 0));
    peer("listener", listener);
    peer("unconnected", lonely);
    child = SPAWN({
        int c = socket(AF_UNIX, SOCK_STREAM, 0);
        unix_connect(c, "sock");
        peer("child: the listener", c);
        read(c, &(char){0}, 1);
    });
    int server = (int)MUST(accept(listener, NULL, NULL));
    settle();
    struct ucred c;
    socklen_t length = sizeof c;
    SHOW(getsockopt(server, SOL_SOCKET, SO_PEERCRED, &c, &length));
    CHECK(c.pid == child && c.uid == geteuid());
    write(server, "x", 1);
    reap("child", child);
    SHOW(getsockopt(server, SOL_SOCKET, SO_PEERCRED, &c, &length));
    CHECK(c.pid == child);
    length = 4;
    SHOW(getsockopt(server, SOL_SOCKET, SO_PEERCRED, &c, &length));
    SHOW(setsockopt(server, SOL_SOCKET, SO_PEERCRED, &c, sizeof c));
    int groups = -1;
    length = sizeof groups;
    (void)groups;
    MUST(socketpair(AF_UNIX, SOCK_DGRAM, 0, s));
    setsockopt(s[1], SOL_SOCKET, SO_PASSCRED, &one, sizeof one);
    send(s[0], "datagram", 8, 0);
    receive("datagram", s[1]);
    peer("datagram pair", s[0]);
    peer("datagram", socket(AF_UNIX, SOCK_DGRAM, 0));
    peer("no socket", 0);
}
