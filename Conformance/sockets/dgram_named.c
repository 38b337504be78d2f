// Named datagram sockets: sendto, recvfrom, connect filters, reconnect, ECONNREFUSED.
#include "../common.h"
#include "../unix_helpers.h"

static long to(int fd, const char *name, const char *text) {
    struct sockaddr_un address;
    socklen_t length = unix_address(&address, name);
    return sendto(fd, text, strlen(text), MSG_DONTWAIT | MSG_NOSIGNAL, (struct sockaddr *)&address, length);
}
static void from(const char *label, int fd) {
    char data[64];
    struct sockaddr_un address = {0};
    socklen_t length = sizeof address;
    long got = recvfrom(fd, data, sizeof data, MSG_DONTWAIT, (struct sockaddr *)&address, &length);
    show_text(label, data, got);
    if (got >= 0) show_address("  from", &address, length);
}

TEST {
    int a = (int)MUST(socket(AF_UNIX, SOCK_DGRAM, 0)), b = (int)MUST(socket(AF_UNIX, SOCK_DGRAM, 0)), c = (int)MUST(socket(AF_UNIX, SOCK_DGRAM, 0));
    MUST(unix_bind(a, "a"));
    MUST(unix_bind(b, "b"));
    SHOW(to(b, "a", "from b"));
    SHOW(to(c, "a", "from the unnamed"));
    from("a", a);
    from("a", a);
    from("a", a);
    SHOW(to(a, "b", "answer"));
    from("b", b);
    SHOW(to(a, "missing", "x"));
    SHOW(send(c, "x", 1, 0));
    show_peer("c", c);
    SHOW(unix_connect(c, "a"));
    show_peer("c", c);
    SHOW(send(c, "connected", 9, 0));
    from("a", a);
    SHOW(to(c, "b", "elsewhere"));
    from("b", b);
    // a connected receiver takes messages only from its peer
    SHOW(unix_connect(b, "a"));
    SHOW(to(c, "b", "stranger"));
    SHOW(to(a, "b", "peer"));
    from("b", b);
    SHOW(unix_connect(c, "b"));
    // dissolving
    struct sockaddr_un none = {.sun_family = AF_UNSPEC};
    SHOW(connect(b, (struct sockaddr *)&none, sizeof(sa_family_t)));
    show_peer("b", b);
    SHOW(to(c, "b", "again"));
    from("b", b);
    SHOW(send(b, "x", 1, 0));
    // the peer closes
    SHOW(unix_connect(c, "a"));
    close(a);
    SHOW(send(c, "x", 1, MSG_NOSIGNAL));
    SHOW(send(c, "x", 1, MSG_NOSIGNAL));
    SHOW(to(b, "a", "x"));
    SHOW(unix_connect(c, "a"));
    // sending to itself
    int d = (int)MUST(socket(AF_UNIX, SOCK_DGRAM, 0));
    MUST(unix_bind(d, "d"));
    SHOW(to(d, "d", "self"));
    from("d", d);
    SHOW(unix_connect(d, "d"));
    SHOW(send(d, "myself", 6, 0));
    from("d", d);
    int stream = unix_listen(SOCK_STREAM, "stream", 1);
    SHOW(to(d, "stream", "x"));
    // a waiting message survives the sender
    int e = (int)MUST(socket(AF_UNIX, SOCK_DGRAM, 0));
    MUST(unix_bind(e, "e"));
    int f = (int)MUST(socket(AF_UNIX, SOCK_DGRAM, 0));
    MUST(unix_bind(f, "f"));
    SHOW(to(f, "e", "testament"));
    close(f);
    unlink("f");
    from("e", e);
    close(stream);
}
