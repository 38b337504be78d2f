// bind, listen, accept4, connect: the order of things, names, flags.
#include "../common.h"
#include "../unix_helpers.h"

TEST {
    char data[32];
    int listener = (int)MUST(socket(AF_UNIX, SOCK_STREAM, 0));
    SHOW(listen(listener, 5));
    SHOW(accept(listener, NULL, NULL));
    SHOW(unix_bind(listener, "sock"));
    SHOW(unix_bind(listener, "sock2"));
    show_stat("sock");
    show_name("bound", listener);
    show_peer("bound", listener);
    int client = (int)MUST(socket(AF_UNIX, SOCK_STREAM, 0));
    SHOWN("connect before listen", unix_connect(client, "sock"));
    SHOW(accept(listener, NULL, NULL));
    SHOW(listen(listener, 5));
    SHOW(listen(listener, 7));
    SHOW(unix_connect(client, "sock"));
    show_name("client", client);
    show_peer("client", client);
    SHOW(unix_connect(client, "sock"));
    SHOW(write(client, "early", 5));
    struct sockaddr_un address;
    socklen_t length = sizeof address;
    int server = (int)SHOW(accept4(listener, (struct sockaddr *)&address, &length, SOCK_CLOEXEC | SOCK_NONBLOCK));
    show_address("accepted from", &address, length);
    T("%d %d", fcntl(server, F_GETFD), fcntl(server, F_GETFL) & O_NONBLOCK ? 1 : 0);
    show_name("server", server);
    show_peer("server", server);
    show_read("early data", server, 32);
    SHOW(read(server, data, 1));
    SHOW(accept4(listener, NULL, NULL, 0x10));
    SHOW(accept(server, NULL, NULL));
    SHOW(accept(client, NULL, NULL));
    SHOW(accept(99, NULL, NULL));
    SHOW(accept(0, NULL, NULL));
    SHOW(listen(client, 1));
    SHOW(listen(99, 1));
    SHOW(listen(0, 1));
    SHOW(unix_connect(listener, "sock"));
    fcntl(listener, F_SETFL, O_NONBLOCK);
    SHOW(accept(listener, NULL, NULL));
    SHOW(read(listener, data, 1));
    SHOW(send(listener, data, 1, MSG_NOSIGNAL));
    // a named client
    int named = (int)MUST(socket(AF_UNIX, SOCK_STREAM, 0));
    SHOW(unix_bind(named, "client"));
    SHOW(unix_connect(named, "sock"));
    length = sizeof address;
    server = (int)MUST(accept(listener, (struct sockaddr *)&address, &length));
    show_address("accepted from", &address, length);
    // a short address buffer
    int third = (int)MUST(socket(AF_UNIX, SOCK_STREAM, 0));
    MUST(unix_bind(third, "third"));
    MUST(unix_connect(third, "sock"));
    length = 4;
    memset(&address, 'x', sizeof address);
    server = (int)MUST(accept(listener, (struct sockaddr *)&address, &length));
    T("length %u, first %c, next %c", length, address.sun_path[0], address.sun_path[2]);
    length = (socklen_t)-1;
    SHOW(getsockname(server, (struct sockaddr *)&address, &length));
    SHOW(getsockname(server, (struct sockaddr *)&address, BAD));
    length = sizeof address;
    SHOW(getsockname(server, BAD, &length));
    // blocking accept wakes
    fcntl(listener, F_SETFL, 0);
    pid_t child = SPAWN({ settle(); int c = socket(AF_UNIX, SOCK_STREAM, 0); unix_connect(c, "sock"); write(c, "hi", 2); });
    server = (int)MUST(accept(listener, NULL, NULL));
    show_read("from the child", server, 10);
    reap("child", child);
    // the name may go, the listener stays; a new one can take the name
    MUST(unlink("sock"));
    int late = (int)MUST(socket(AF_UNIX, SOCK_STREAM, 0));
    SHOW(unix_connect(late, "sock"));
    int fresh = unix_listen(SOCK_STREAM, "sock", 1);
    SHOW(unix_connect(late, "sock"));
    server = (int)MUST(accept(fresh, NULL, NULL));
    close(fresh);
    int later = (int)MUST(socket(AF_UNIX, SOCK_STREAM, 0));
    SHOWN("a name without a socket", unix_connect(later, "sock"));
    SHOW(unix_bind(later, "sock"));
}
