// Descriptors of the process at the other end: SO_PEERPIDFD and SO_PASSPIDFD; SO_PASSRIGHTS, and other newer options.
#include "../common.h"
#include "../unix_helpers.h"

#ifndef SO_PASSPIDFD
#define SO_PASSPIDFD 76
#define SO_PEERPIDFD 77
#endif
#ifndef SO_PASSRIGHTS
#define SO_PASSRIGHTS 83
#endif
#ifndef SCM_PIDFD
#define SCM_PIDFD 4
#endif

/// Whose pidfd it is, by fdinfo.
static const char *whose(int fd) {
    char path[64], text[1024];
    snprintf(path, sizeof path, "/proc/self/fdinfo/%d", fd);
    int info = open(path, O_RDONLY);
    if (info < 0) return "nobody's";
    ssize_t length = read(info, text, sizeof text - 1);
    close(info);
    text[length > 0 ? length : 0] = 0;
    char *line = strstr(text, "\nPid:");
    int pid = line ? atoi(line + 5) : 0;
    return pid == getpid() ? "mine" : pid == -1 ? "gone" : pid == 0 ? "no process's" : "another's";
}

static void peer(const char *label, int sock) {
    int fd = -77;
    socklen_t length = sizeof fd;
    if (getsockopt(sock, SOL_SOCKET, SO_PEERPIDFD, &fd, &length) < 0) { T("%s: %s", label, errno_name(errno)); return; }
    T("%s: %s, length %u, close-on-exec %d", label, whose(fd), length, fcntl(fd, F_GETFD));
    close(fd);
}

/// Receives a message and tells of its control data.
static void take(const char *label, int sock, size_t room) {
    char data[64], control[256] __attribute__((aligned(8)));
    struct iovec vector = {data, sizeof data};
    struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1, .msg_control = room ? control : NULL, .msg_controllen = room};
    long got = recvmsg(sock, &message, MSG_DONTWAIT);
    if (got < 0) { T("%s: %s", label, errno_name(errno)); return; }
    printf("%s: %ld bytes, control %zu, %s", label, got, message.msg_controllen, message.msg_flags & MSG_CTRUNC ? "cut" : "whole");
    for (struct cmsghdr *at = CMSG_FIRSTHDR(&message); at; at = CMSG_NXTHDR(&message, at)) {
        int value;
        memcpy(&value, CMSG_DATA(at), sizeof value);
        if (at->cmsg_type == SCM_PIDFD) {
            printf("; pidfd %s, length %zu, close-on-exec %d", value < 0 ? errno_name(-value) : whose(value), (size_t)at->cmsg_len, value < 0 ? 0 : fcntl(value, F_GETFD));
            if (value >= 0) close(value);
        } else if (at->cmsg_type == SCM_CREDENTIALS) {
            printf("; credentials %s", value == getpid() ? "mine" : value ? "another's" : "nobody's");
        } else if (at->cmsg_type == SCM_RIGHTS) {
            printf("; rights");
            close(value);
        }
    }
    printf("\n");
}

static long give(int sock, int fd) {
    char control[CMSG_SPACE(sizeof(int))] __attribute__((aligned(8))) = {0};
    struct iovec vector = {"file", 4};
    struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    struct cmsghdr *head = CMSG_FIRSTHDR(&message);
    *head = (struct cmsghdr){.cmsg_len = CMSG_LEN(sizeof(int)), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
    memcpy(CMSG_DATA(head), &fd, sizeof fd);
    return sendmsg(sock, &message, MSG_DONTWAIT);
}

static int on = 1, off = 0;
#define SET(sock, option, value) setsockopt(sock, SOL_SOCKET, option, &value, sizeof value)

static void get(const char *label, int sock, int option) {
    int value[64];
    socklen_t length = sizeof value;
    memset(value, 0, sizeof value);
    if (getsockopt(sock, SOL_SOCKET, option, value, &length) < 0) T("%s: %s", label, errno_name(errno));
    else T("%s: %d, length %u", label, value[0], length);
}

TEST {
    int pair[2], lone = (int)MUST(socket(AF_UNIX, SOCK_STREAM, 0));
    MUST(socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
    int probe;
    socklen_t length = sizeof probe;
    if (getsockopt(pair[0], SOL_SOCKET, SO_PASSPIDFD, &probe, &length) < 0) SKIP("no SO_PASSPIDFD here");
    T("-- the peer");
    peer("pair", pair[0]);
    peer("unconnected", lone);
    int fd = 0;
    length = 2;
    SHOW(getsockopt(pair[0], SOL_SOCKET, SO_PEERPIDFD, &fd, &length));
    CHECK(length == 2);
    close(fd);
    length = 100;
    SHOW(getsockopt(pair[0], SOL_SOCKET, SO_PEERPIDFD, &fd, &length));
    CHECK(length == 4);
    close(fd);
    int next = (int)MUST(dup(0));
    close(next);
    SHOW(getsockopt(pair[0], SOL_SOCKET, SO_PEERPIDFD, BAD, &length));
    CHECK(dup(0) == next); // none was left behind
    close(next);
    SHOW(SET(pair[0], SO_PEERPIDFD, on));
    struct sockaddr_un name = {.sun_family = AF_UNIX, .sun_path = "name"};
    int listener = (int)MUST(socket(AF_UNIX, SOCK_STREAM, 0));
    MUST(bind(listener, (struct sockaddr *)&name, sizeof name));
    MUST(listen(listener, 5));
    peer("listening", listener);
    MUST(SET(listener, SO_PASSPIDFD, on));
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        MUST(connect(lone, (struct sockaddr *)&name, sizeof name));
        peer("of the child", lone);
        MUST(write(lone, "hello", 5));
        char byte;
        MUST(read(lone, &byte, 1));
        fflush(stdout);
        _exit(0);
    }
    int served = (int)MUST(accept(listener, NULL, NULL));
    struct pollfd ready = {served, POLLIN, 0};
    MUST(poll(&ready, 1, -1)); // the child has said what it has to say
    get("inherited SO_PASSPIDFD", served, SO_PASSPIDFD);
    peer("of the parent", served);
    take("from the child", served, 256);
    MUST(write(served, "x", 1));
    MUST(waitpid(child, NULL, 0));

    T("-- with messages");
    int dgrams[2];
    MUST(socketpair(AF_UNIX, SOCK_DGRAM, 0, dgrams));
    for (int which = 0; which < 2; which++) {
        int *ends = which ? dgrams : pair;
        T(which ? "datagrams" : "stream");
        MUST(write(ends[0], "before", 6));
        MUST(SET(ends[1], SO_PASSPIDFD, on));
        get("SO_PASSPIDFD", ends[1], SO_PASSPIDFD);
        take("sent before", ends[1], 256);
        MUST(write(ends[0], "one", 3));
        take("one", ends[1], 256);
        MUST(write(ends[0], "two", 3));
        take("no room", ends[1], 0);
        MUST(write(ends[0], "three", 5));
        take("little room", ends[1], 16);
        MUST(write(ends[0], "three", 5));
        take("just enough", ends[1], CMSG_LEN(4));
        MUST(SET(ends[1], SO_PASSCRED, on));
        MUST(give(ends[0], 0));
        take("all three", ends[1], 256);
        MUST(give(ends[0], 0));
        take("room for two", ends[1], CMSG_SPACE(sizeof(struct ucred)) + CMSG_SPACE(4));
        MUST(SET(ends[1], SO_PASSCRED, off));
        MUST(write(ends[0], "four", 4));
        char data[8];
        SHOW(read(ends[1], data, 8));
        MUST(SET(ends[1], SO_PASSPIDFD, off));
        MUST(write(ends[0], "five", 4));
        take("off again", ends[1], 256);
        // senders are not glued together
        MUST(SET(ends[1], SO_PASSPIDFD, on));
        MUST(write(ends[0], "mine", 4));
        fflush(stdout);
        child = fork();
        if (child == 0) _exit(write(ends[0], "child's", 7) != 7);
        siginfo_t info;
        MUST(waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT));
        take("first", ends[1], 256);
        take("second", ends[1], 256);
        MUST(waitpid(child, NULL, 0));
        MUST(SET(ends[1], SO_PASSPIDFD, off));
    }

    T("-- whether descriptors may be sent");
    get("SO_PASSRIGHTS", pair[1], SO_PASSRIGHTS);
    if (SET(pair[1], SO_PASSRIGHTS, off) == 0) {
        MUST(SET(dgrams[1], SO_PASSRIGHTS, off));
        SHOW(give(pair[0], 0));
        SHOW(give(dgrams[0], 0));
        SHOW(give(pair[1], 0));
        take("the other way", pair[0], 256);
        SHOW(write(pair[0], "bytes", 5));
        take("bytes", pair[1], 256);
        MUST(SET(pair[1], SO_PASSRIGHTS, on));
        SHOW(give(pair[0], 0));
        take("again", pair[1], 256);
    }

    T("-- other options");
    static const int options[] = {47, 48, 55, 56, 61, 62, 69, 70, 72, 73, 74, 75, 82, 84, 85};
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        char label[32];
        snprintf(label, sizeof label, "option %d", options[i]);
        if (options[i] == 55) { // the sizes of buffers are compared elsewhere
            uint32_t info[9];
            length = sizeof info;
            SHOW(getsockopt(lone, SOL_SOCKET, 55, info, &length));
            CHECK(length == 36 && info[0] == 0 && info[2] == 0 && info[1] > 0 && info[3] > 0 && info[8] == 0);
            continue;
        }
        get(label, lone, options[i]);
    }
    if (geteuid() == 0) {
        SHOW(SET(lone, 75, on));
        get("option 75", lone, 75);
        SHOW(SET(lone, 69, on));
        get("option 69", lone, 69);
    }
    int three = 3, four = 4;
    SHOW(SET(lone, 72, three));
    SHOW(SET(lone, 72, four));
    get("option 72", lone, 72);
    SHOW(SET(lone, 74, on));
}
