// getsockopt and setsockopt values of Unix sockets.
#include "../common.h"
#include "../unix_helpers.h"

static int fd;
static void get(const char *label, int option) {
    int value = -77;
    socklen_t length = sizeof value;
    if (getsockopt(fd, SOL_SOCKET, option, &value, &length)) T("%s: %s", label, errno_name(errno));
    else T("%s: %d, length %u", label, value, length);
}
static void set(const char *label, int option, int value) {
    if (setsockopt(fd, SOL_SOCKET, option, &value, sizeof value)) T("set %s to %d: %s", label, value, errno_name(errno));
    else T("set %s to %d", label, value);
}

TEST {
    int value = 0;
    socklen_t length = sizeof value;
    fd = (int)MUST(socket(AF_UNIX, SOCK_STREAM, 0));
    get("SO_TYPE", SO_TYPE);
    get("SO_DOMAIN", SO_DOMAIN);
    get("SO_PROTOCOL", SO_PROTOCOL);
    get("SO_ERROR", SO_ERROR);
    get("SO_ACCEPTCONN", SO_ACCEPTCONN);
    get("SO_REUSEADDR", SO_REUSEADDR);
    get("SO_KEEPALIVE", SO_KEEPALIVE);
    get("SO_BROADCAST", SO_BROADCAST);
    get("SO_PASSCRED", SO_PASSCRED);
    get("SO_RCVLOWAT", SO_RCVLOWAT);
    get("SO_PEEK_OFF", SO_PEEK_OFF);
    get("SO_OOBINLINE", SO_OOBINLINE);
    get("SO_PRIORITY", SO_PRIORITY);
    get("unknown", 9999);
    set("SO_REUSEADDR", SO_REUSEADDR, 5);
    get("SO_REUSEADDR", SO_REUSEADDR);
    set("SO_PASSCRED", SO_PASSCRED, 3);
    get("SO_PASSCRED", SO_PASSCRED);
    set("SO_TYPE", SO_TYPE, 1);
    set("SO_ERROR", SO_ERROR, 1);
    set("SO_ACCEPTCONN", SO_ACCEPTCONN, 1);
    set("unknown", 9999, 1);
    // buffer sizes are doubled and have a floor
    set("SO_SNDBUF", SO_SNDBUF, 8192);
    get("SO_SNDBUF", SO_SNDBUF);
    set("SO_RCVBUF", SO_RCVBUF, 10000);
    get("SO_RCVBUF", SO_RCVBUF);
    set("SO_SNDBUF", SO_SNDBUF, 1);
    get("SO_SNDBUF", SO_SNDBUF);
    set("SO_RCVBUF", SO_RCVBUF, 0);
    get("SO_RCVBUF", SO_RCVBUF);
    struct timeval t = {1, 500000};
    length = sizeof t;
    SHOW(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t));
    SHOW(getsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &t, &length));
    T("%ld.%06ld, length %u", (long)t.tv_sec, (long)t.tv_usec, length);
    t = (struct timeval){0, 1000000};
    SHOW(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t));
    SHOW(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &t, 3));
    struct linger l = {1, 5};
    length = sizeof l;
    SHOW(setsockopt(fd, SOL_SOCKET, SO_LINGER, &l, sizeof l));
    SHOW(getsockopt(fd, SOL_SOCKET, SO_LINGER, &l, &length));
    T("%d %d", l.l_onoff, l.l_linger);
    SHOW(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &value, 1));
    SHOW(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, BAD, 4));
    SHOW(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &value, (socklen_t)-1));
    length = 2;
    SHOW(getsockopt(fd, SOL_SOCKET, SO_TYPE, &value, &length));
    T("length %u", length);
    length = 100;
    SHOW(getsockopt(fd, SOL_SOCKET, SO_TYPE, &value, &length));
    T("length %u", length);
    length = (socklen_t)-1;
    SHOW(getsockopt(fd, SOL_SOCKET, SO_TYPE, &value, &length));
    length = 4;
    SHOW(getsockopt(fd, SOL_SOCKET, SO_TYPE, BAD, &length));
    SHOW(getsockopt(fd, SOL_SOCKET, SO_TYPE, &value, BAD));
    SHOW(getsockopt(fd, 12345, SO_TYPE, &value, &length));
    SHOW(setsockopt(fd, 12345, SO_TYPE, &value, 4));
    SHOW(getsockopt(fd, 6, 1, &value, &length));
    SHOW(getsockopt(99, SOL_SOCKET, SO_TYPE, &value, &length));
    SHOW(getsockopt(0, SOL_SOCKET, SO_TYPE, &value, &length));
    SHOW(setsockopt(0, SOL_SOCKET, SO_TYPE, &value, 4));
    MUST(unix_bind(fd, "sock"));
    MUST(listen(fd, 1));
    get("SO_ACCEPTCONN", SO_ACCEPTCONN);
    // a pending error is read once
    int s[2];
    MUST(socketpair(AF_UNIX, SOCK_STREAM, 0, s));
    write(s[0], "unread", 6);
    close(s[1]);
    fd = s[0];
    get("SO_ERROR after a reset", SO_ERROR);
    get("SO_ERROR again", SO_ERROR);
    fd = (int)MUST(socket(AF_UNIX, SOCK_DGRAM, 0));
    get("SO_TYPE", SO_TYPE);
    SHOW(setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, "", 0) <= 0);
}
