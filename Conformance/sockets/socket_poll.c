// poll bits of Unix sockets through their life.
#include "../common.h"
#include "../unix_helpers.h"

static void show(const char *label, int fd) {
    struct pollfd p = {fd, POLLIN | POLLOUT | POLLRDHUP | POLLPRI, 0};
    poll(&p, 1, 0);
    T("%s: %s", label, poll_names(p.revents));
}

TEST {
    int listener = (int)MUST(socket(AF_UNIX, SOCK_STREAM, 0)), client = (int)MUST(socket(AF_UNIX, SOCK_STREAM, 0)), s[2];
    show("fresh stream", listener);
    MUST(unix_bind(listener, "sock"));
    show("bound", listener);
    MUST(listen(listener, 2));
    show("listening", listener);
    MUST(unix_connect(client, "sock"));
    show("listener with a connection", listener);
    show("client before accept", client);
    int server = (int)MUST(accept(listener, NULL, NULL));
    show("listener afterwards", listener);
    show("server", server);
    write(client, "x", 1);
    show("server with data", server);
    shutdown(client, SHUT_WR);
    show("server, data and end", server);
    read(server, &(char){0}, 1);
    show("server, end", server);
    show("client, own writing shut", client);
    shutdown(client, SHUT_RD);
    show("client, all shut", client);
    show("server, client all shut", server);
    close(client);
    show("server, client closed", server);
    MUST(socketpair(AF_UNIX, SOCK_STREAM, 0, s));
    write(s[0], "unread", 6);
    close(s[1]);
    show("reset", s[0]);
    read(s[0], &(char){0}, 1);
    show("reset was read", s[0]);
    MUST(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, s));
    static char block[65536];
    while (write(s[0], block, sizeof block) > 0) {}
    show("full", s[0]);
    show("its peer", s[1]);
    read(s[1], block, 1000);
    show("little room", s[0]);
    while (read(s[1], block, sizeof block) > 0) {}
    show("empty again", s[0]);
    int d = (int)MUST(socket(AF_UNIX, SOCK_DGRAM, 0));
    show("datagram", d);
    shutdown(d, SHUT_RD);
    MUST(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, s));
    while (send(s[0], "x", 1, 0) == 1) {}
    show("datagram, receiver full", s[0]);
    show("datagram, full receiver", s[1]);
    close(s[1]);
    show("datagram, receiver closed", s[0]);
    MUST(socketpair(AF_UNIX, SOCK_DGRAM, 0, s));
    shutdown(s[0], SHUT_RDWR);
    show("datagram, all shut", s[0]);
    show("datagram, peer all shut", s[1]);
    MUST(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, s));
    show("seqpacket", s[0]);
    shutdown(s[1], SHUT_WR);
    show("seqpacket, peer's writing shut", s[0]);
    close(s[1]);
    show("seqpacket, peer closed", s[0]);
}
