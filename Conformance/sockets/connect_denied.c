// Connecting needs write permission on the socket file.
#define CONF_AS_USER
#include "../common.h"
#include "../unix_helpers.h"

TEST {
    int listener = unix_listen(SOCK_STREAM, "sock", 5), s = (int)MUST(socket(AF_UNIX, SOCK_STREAM, 0));
    MUST(chmod("sock", 0555));
    SHOW(unix_connect(s, "sock"));
    MUST(chmod("sock", 0222));
    SHOW(unix_connect(s, "sock"));
    MUST(chmod("sock", 0000));
    int t = (int)MUST(socket(AF_UNIX, SOCK_STREAM, 0));
    SHOW(unix_connect(t, "sock"));
    MUST(mkdir("d", 0755));
    int other = unix_listen(SOCK_STREAM, "d/sock", 5);
    MUST(chmod("d", 0600));
    SHOW(unix_connect(t, "d/sock"));
    SHOW(unix_bind(t, "d/new"));
    MUST(chmod("d", 0500));
    SHOW(unix_connect(t, "d/sock"));
    int u = (int)MUST(socket(AF_UNIX, SOCK_STREAM, 0));
    SHOW(unix_bind(u, "d/new"));
    int datagram = (int)MUST(socket(AF_UNIX, SOCK_DGRAM, 0)), sender = (int)MUST(socket(AF_UNIX, SOCK_DGRAM, 0));
    MUST(unix_bind(datagram, "dg"));
    MUST(chmod("dg", 0444));
    SHOW(unix_connect(sender, "dg"));
    struct sockaddr_un address;
    socklen_t length = unix_address(&address, "dg");
    SHOW(sendto(sender, "x", 1, 0, (struct sockaddr *)&address, length));
    close(listener);
    close(other);
}
