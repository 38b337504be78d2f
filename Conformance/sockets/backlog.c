// The backlog: how many connections wait, EAGAIN, and what accept then gives.
#include "../common.h"
#include "../unix_helpers.h"

TEST {
    int listener = (int)MUST(socket(AF_UNIX, SOCK_STREAM, 0));
    MUST(unix_bind(listener, "sock"));
    for (int backlog = 0; backlog < 4; backlog++) {
        MUST(listen(listener, backlog));
        int count = 0, clients[16];
        while (count < 16) {
            clients[count] = (int)MUST(socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0));
            if (unix_connect(clients[count], "sock") < 0) break;
            dprintf(clients[count], "client %d", count);
            count++;
        }
        T("backlog %d: %d connected, then %s", backlog, count, errno_name(errno));
        for (int i = 0; i < count; i++) {
            int server = (int)MUST(accept(listener, NULL, NULL));
            show_read("in order", server, 32);
            close(server);
        }
        for (int i = 0; i <= count; i++) close(clients[i]);
    }
    // a blocking connect waits for room
    MUST(listen(listener, 0));
    int first = (int)MUST(socket(AF_UNIX, SOCK_STREAM, 0));
    SHOW(unix_connect(first, "sock"));
    pid_t child = SPAWN({
        int second = socket(AF_UNIX, SOCK_STREAM, 0);
        int result = unix_connect(second, "sock");
        T("child: connected %d", result);
        show_read("child", second, 10);
    });
    settle();
    T("parent: accepting");
    int a = (int)MUST(accept(listener, NULL, NULL)), b = (int)MUST(accept(listener, NULL, NULL));
    sleep_ms(5);
    write(b, "welcome", 7);
    reap("child", child);
    // a waiting client that goes away is still accepted, at its end
    int gone = (int)MUST(socket(AF_UNIX, SOCK_STREAM, 0));
    MUST(unix_connect(gone, "sock"));
    write(gone, "bye", 3);
    close(gone);
    int server = (int)MUST(accept(listener, NULL, NULL));
    show_read("from the dead", server, 10);
    show_read("from the dead", server, 10);
    // closing the listener resets who waits
    int waiting = (int)MUST(socket(AF_UNIX, SOCK_STREAM, 0));
    MUST(unix_connect(waiting, "sock"));
    struct pollfd p = {listener, POLLIN | POLLOUT, 0};
    poll(&p, 1, 0);
    T("listener: %s", poll_names(p.revents));
    close(listener);
    p = (struct pollfd){waiting, POLLIN | POLLOUT | POLLRDHUP, 0};
    poll(&p, 1, 0);
    T("waiting client: %s", poll_names(p.revents));
    SHOW(read(waiting, &(char){0}, 1));
    SHOW(read(waiting, &(char){0}, 1));
    SHOW(send(waiting, "x", 1, MSG_NOSIGNAL));
    close(a);
    // a shut listener
    listener = unix_listen(SOCK_STREAM, "sock2", 2);
    SHOW(shutdown(listener, SHUT_RD));
    SHOW(accept(listener, NULL, NULL));
    int late = (int)MUST(socket(AF_UNIX, SOCK_STREAM, 0));
    SHOW(unix_connect(late, "sock2"));
}
