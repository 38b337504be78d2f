// Leak tests: Unix sockets, and descriptors under way in them.
#include "leaks.h"

static void pairs(long n) {
    int p[2];
    must(socketpair(AF_UNIX, n % 3 == 0 ? SOCK_STREAM : n % 3 == 1 ? SOCK_DGRAM : SOCK_SEQPACKET, 0, p));
    close(p[0]);
    close(p[1]);
}

static void pairs_with_data(long n) {
    int p[2];
    char data[3000] = "";
    must(socketpair(AF_UNIX, n & 1 ? SOCK_STREAM : SOCK_DGRAM, 0, p));
    for (int i = 0; i < 5; i++) expect(write(p[0], data, sizeof data) == sizeof data);
    if (n & 2) expect(read(p[1], data, 100) == 100);
    close(p[n % 2]);
    close(p[!(n % 2)]);
}

static socklen_t address(struct sockaddr_un *name, long n, bool abstract) {
    *name = (struct sockaddr_un){ .sun_family = AF_UNIX };
    int length = snprintf(name->sun_path + abstract, 90, "socket-%ld", n);
    return offsetof(struct sockaddr_un, sun_path) + abstract + length + !abstract;
}

static void connections(long n) {
    struct sockaddr_un name;
    socklen_t length = address(&name, n, n & 1);
    int server = must(socket(AF_UNIX, SOCK_STREAM, 0)), client = must(socket(AF_UNIX, SOCK_STREAM, 0));
    must(bind(server, (void *)&name, length));
    must(listen(server, 5));
    must(connect(client, (void *)&name, length));
    if (n & 2) {
        int peer = must(accept(server, NULL, NULL));
        expect(write(client, "data", 4) == 4);
        close(peer);
    } // else the connection is in the backlog when the server goes
    close(server);
    close(client);
    if (!(n & 1)) must(unlink(name.sun_path));
}

static void datagrams(long n) {
    struct sockaddr_un name;
    socklen_t length = address(&name, n, true);
    int a = must(socket(AF_UNIX, SOCK_DGRAM, 0)), b = must(socket(AF_UNIX, SOCK_DGRAM, 0));
    must(bind(a, (void *)&name, length));
    must(connect(b, (void *)&name, length));
    for (int i = 0; i < 4; i++) expect(send(b, "data", 4, 0) == 4);
    close(n & 1 ? a : b);
    close(n & 1 ? b : a);
}

static void connect_failures(long n) {
    struct sockaddr_un name;
    socklen_t length = address(&name, n, true);
    int fd = must(socket(AF_UNIX, SOCK_STREAM, 0));
    expect(connect(fd, (void *)&name, length) < 0);
    expect(syscall(SYS_bind, fd, 8, 20) < 0);
    close(fd);
    expect(syscall(SYS_socketpair, AF_UNIX, SOCK_STREAM, 0, 8) < 0);
    expect(socket(12345, SOCK_STREAM, 0) < 0);
}

static void send_descriptors(int via, const int *descriptors, int count) {
    char byte = 'x', control[CMSG_SPACE(sizeof(int) * 8)] = "";
    struct iovec data = { &byte, 1 };
    struct msghdr message = { .msg_iov = &data, .msg_iovlen = 1, .msg_control = control, .msg_controllen = CMSG_SPACE(sizeof(int) * count) };
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int) * count);
    memcpy(CMSG_DATA(header), descriptors, sizeof(int) * count);
    must(sendmsg(via, &message, 0));
}

/// Receives a message; closes the descriptors in it.
static int receive_descriptors(int via, size_t room, int flags) {
    char byte, control[CMSG_SPACE(sizeof(int) * 8)] = "";
    struct iovec data = { &byte, 1 };
    struct msghdr message = { .msg_iov = &data, .msg_iovlen = 1, .msg_control = control, .msg_controllen = room };
    must(recvmsg(via, &message, flags));
    int count = 0;
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    if (header && header->cmsg_type == SCM_RIGHTS)
        for (int *fd = (int *)CMSG_DATA(header); (char *)(fd + 1) <= (char *)header + header->cmsg_len; fd++, count++) close(*fd);
    return count;
}

static void rights(long n) {
    int p[2], fds[3];
    must(socketpair(AF_UNIX, n & 1 ? SOCK_STREAM : SOCK_DGRAM, 0, p));
    must(pipe(fds));
    fds[2] = must(open("/etc/passwd", O_RDONLY));
    send_descriptors(p[0], fds, 3);
    for (int i = 0; i < 3; i++) close(fds[i]);
    expect(receive_descriptors(p[1], CMSG_SPACE(sizeof(int) * 8), 0) == 3);
    close(p[0]);
    close(p[1]);
}

static void rights_without_room(long n) {
    int p[2], fds[2];
    must(socketpair(AF_UNIX, SOCK_STREAM, 0, p));
    must(pipe(fds));
    send_descriptors(p[0], fds, 2);
    close(fds[0]);
    close(fds[1]);
    receive_descriptors(p[1], n & 1 ? 0 : CMSG_SPACE(sizeof(int)) - 4, n & 2 ? MSG_PEEK : 0);
    close(p[0]);
    close(p[1]);
}

static void rights_dropped(long n) {
    int p[2], fds[2];
    must(socketpair(AF_UNIX, n & 1 ? SOCK_STREAM : SOCK_DGRAM, 0, p));
    must(pipe(fds));
    send_descriptors(p[0], fds, 2);
    close(fds[0]);
    close(fds[1]);
    close(p[n % 2]);
    close(p[!(n % 2)]);
}

/// A socket that is under way in itself.
static void rights_in_itself(long n) {
    int p[2];
    must(socketpair(AF_UNIX, n & 1 ? SOCK_STREAM : SOCK_DGRAM, 0, p));
    send_descriptors(p[0], p, 2);
    close(p[0]);
    close(p[1]);
}

/// Two pairs, each in the other.
static void rights_in_a_ring(long n) {
    int p[2], q[2], e;
    must(socketpair(AF_UNIX, SOCK_STREAM, 0, p));
    must(socketpair(AF_UNIX, SOCK_STREAM, 0, q));
    e = must(eventfd(0, 0));
    send_descriptors(p[0], (int[]){ q[0], q[1], e }, 3);
    send_descriptors(q[0], (int[]){ p[0], p[1] }, 2);
    close(e);
    int order[4] = { p[0], q[0], p[1], q[1] };
    for (int i = 0; i < 4; i++) close(order[(i + n) % 4]);
}

/// A listening socket whose backlog holds itself.
static void rights_in_a_backlog(long n) {
    struct sockaddr_un name;
    socklen_t length = address(&name, n, true);
    int server = must(socket(AF_UNIX, SOCK_STREAM, 0)), client = must(socket(AF_UNIX, SOCK_STREAM, 0));
    must(bind(server, (void *)&name, length));
    must(listen(server, 5));
    must(connect(client, (void *)&name, length));
    send_descriptors(client, (int[]){ server, client }, 2);
    close(server);
    close(client);
}

const leak_case socket_cases[] = {
    { "socket_pairs", pairs, 1000000, 1000000 },
    { "pairs_with_data", pairs_with_data, 20000, 500000 },
    { "connections", connections, 20000, 300000 },
    { "datagrams", datagrams, 20000, 300000 },
    { "connect_failures", connect_failures, 20000, 300000 },
    { "rights", rights, 10000, 200000 },
    { "rights_without_room", rights_without_room, 10000, 200000 },
    { "rights_dropped", rights_dropped, 10000, 200000 },
    { "rights_in_itself", rights_in_itself, 10000, 200000 },
    { "rights_in_a_ring", rights_in_a_ring, 10000, 200000 },
    { "rights_in_a_backlog", rights_in_a_backlog, 10000, 200000 },
    { 0 },
};
