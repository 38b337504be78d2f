// What connect and bind refuse.
#include "../common.h"
#include "../unix_helpers.h"

TEST {
    struct sockaddr_un address;
    struct sockaddr *any = (struct sockaddr *)&address;
    int s = (int)MUST(socket(AF_UNIX, SOCK_STREAM, 0));
    make_file("file", "");
    MUST(mkdir("d", 0755));
    SHOW(unix_connect(s, "missing"));
    SHOW(unix_connect(s, "file"));
    SHOW(unix_connect(s, "d"));
    SHOW(unix_connect(s, "file/x"));
    SHOW(unix_connect(s, abstract("nobody")));
    socklen_t length = unix_address(&address, "missing");
    SHOW(connect(s, any, 1));
    SHOW(connect(s, any, 2));
    SHOW(connect(s, any, sizeof address + 1));
    SHOW(connect(s, any, (socklen_t)-1));
    SHOW(connect(s, BAD, length));
    SHOW(connect(99, any, length));
    SHOW(connect(0, any, length));
    address.sun_family = AF_INET;
    SHOW(connect(s, any, length));
    SHOW(bind(s, any, length));
    address.sun_family = AF_UNSPEC;
    SHOW(connect(s, any, length));
    length = unix_address(&address, "name");
    SHOW(bind(s, any, 1));
    SHOW(bind(s, any, sizeof address + 1));
    SHOW(bind(s, BAD, length));
    SHOW(bind(99, any, length));
    SHOW(bind(0, any, length));
    SHOW(unix_bind(s, "file"));
    SHOW(unix_bind(s, "d"));
    SHOW(unix_bind(s, "missing/x"));
    SHOW(unix_bind(s, "file/x"));
    MUST(symlink("nowhere", "l"));
    SHOW(unix_bind(s, "l"));
    // a path that fills sun_path without a terminator
    memset(&address, 'p', sizeof address);
    address.sun_family = AF_UNIX;
    SHOW(bind(s, any, sizeof address));
    show_name("full", s);
    char full[109];
    memset(full, 'p', 108);
    full[108] = 0;
    T("made: %d", exists(full));
    // a length that ends before the terminator counts only what it covers
    int t = (int)MUST(socket(AF_UNIX, SOCK_STREAM, 0));
    unix_address(&address, "abcdef");
    SHOW(bind(t, any, offsetof(struct sockaddr_un, sun_path) + 3));
    show_name("cut", t);
    T("made: %d", exists("abc"));
    t = (int)MUST(socket(AF_UNIX, SOCK_STREAM, 0));
    unix_address(&address, "with");
    SHOW(bind(t, any, sizeof address));
    show_name("with a long length", t);
    umask(0077);
    t = (int)MUST(socket(AF_UNIX, SOCK_STREAM, 0));
    SHOW(unix_bind(t, "masked"));
    show_stat("masked");
    t = (int)MUST(socket(AF_UNIX, SOCK_DGRAM, 0));
    SHOW(unix_bind(t, "dgram"));
    int u = (int)MUST(socket(AF_UNIX, SOCK_STREAM, 0));
    SHOW(unix_connect(u, "dgram"));
    int p[2];
    MUST(socketpair(AF_UNIX, SOCK_STREAM, 0, p));
    SHOW(unix_connect(p[0], "dgram"));
    SHOW(unix_bind(p[0], "pairname"));
    show_name("pair", p[0]);
    show_peer("its peer", p[1]);
    show_name("unnamed", p[1]);
}
