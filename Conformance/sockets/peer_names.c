// getpeername and getsockname: who is at the other end.
#include "../common.h"
#include <sys/un.h>

static void name(const char *label, int (*ask)(int, struct sockaddr *, socklen_t *), int fd, socklen_t room) {
    struct sockaddr_un address;
    memset(&address, '#', sizeof address);
    socklen_t length = room;
    if (ask(fd, (struct sockaddr *)&address, &length) < 0) {
        T("%s: %s", label, errno_name(errno));
        return;
    }
    T("%s: length %u, family %d, path \"%.*s\"", label, length, room >= 2 ? address.sun_family : -1,
      length > 2 && room >= length ? (int)(length - 2) : 0, address.sun_path);
}
static int peer(int fd, struct sockaddr *address, socklen_t *length) { return getpeername(fd, address, length); }
static int self(int fd, struct sockaddr *address, socklen_t *length) { return getsockname(fd, address, length); }

TEST {
    struct sockaddr_un address = {AF_UNIX, "server"};
    int pair[2], listener = (int)MUST(socket(AF_UNIX, SOCK_STREAM, 0)), client = (int)MUST(socket(AF_UNIX, SOCK_STREAM, 0));
    MUST(socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
    name("a pair's peer", peer, pair[0], 110);
    name("a pair's own", self, pair[0], 110);
    name("unbound", self, listener, 110);
    name("not connected", peer, listener, 110);
    MUST(bind(listener, (struct sockaddr *)&address, sizeof address.sun_family + 7));
    MUST(listen(listener, 1));
    name("bound", self, listener, 110);
    name("listening", peer, listener, 110);
    MUST(connect(client, (struct sockaddr *)&address, sizeof address));
    int accepted = (int)MUST(accept(listener, NULL, NULL));
    name("the client's peer", peer, client, 110);
    name("the client's own", self, client, 110);
    name("the server's peer", peer, accepted, 110);
    name("the server's own", self, accepted, 110);
    name("little room", peer, client, 5);
    name("no room", peer, client, 0);
    close(accepted);
    name("its peer has gone", peer, client, 110);
    shutdown(client, SHUT_RDWR);
    name("shut down", peer, client, 110);

    int one = (int)MUST(socket(AF_UNIX, SOCK_DGRAM, 0)), two = (int)MUST(socket(AF_UNIX, SOCK_DGRAM, 0));
    strcpy(address.sun_path, "one");
    MUST(bind(one, (struct sockaddr *)&address, sizeof address));
    name("datagrams, not connected", peer, two, 110);
    MUST(connect(two, (struct sockaddr *)&address, sizeof address));
    name("datagrams", peer, two, 110);
    struct sockaddr none = {.sa_family = AF_UNSPEC};
    SHOW(connect(two, &none, sizeof none));
    name("dissolved", peer, two, 110);

    socklen_t length = 110;
    SHOW(getpeername(pair[0], BAD, &length));
    SHOW(getpeername(pair[0], (struct sockaddr *)&address, BAD));
    length = (socklen_t)-1;
    SHOW(getpeername(pair[0], (struct sockaddr *)&address, &length));
    length = 110;
    SHOW(getpeername(99, (struct sockaddr *)&address, &length));
    SHOW(getpeername((int)MUST(open("/dev/null", O_RDONLY)), (struct sockaddr *)&address, &length));
}
