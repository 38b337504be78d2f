// Blocked socket calls end by data, shutdown, closing and signals.
#include "../common.h"
#include "../unix_helpers.h"

TEST {
    int s[2];
    char data[16];
    static char block[1 << 19];
    MUST(socketpair(AF_UNIX, SOCK_STREAM, 0, s));
    pid_t child = SPAWN({ settle(); write(s[1], "data", 4); });
    show_read("woken by data", s[0], 16);
    reap("child", child);
    child = SPAWN({ settle(); shutdown(s[1], SHUT_WR); });
    show_read("woken by the peer's shutdown", s[0], 16);
    reap("child", child);
    MUST(socketpair(AF_UNIX, SOCK_STREAM, 0, s));
    child = SPAWN({ settle(); shutdown(s[0], SHUT_RD); });
    show_read("woken by own shutdown", s[0], 16);
    reap("child", child);
    MUST(socketpair(AF_UNIX, SOCK_STREAM, 0, s));
    child = SPAWN({ close(s[0]); settle(); });
    close(s[1]);
    show_read("woken by the death of the peer", s[0], 16);
    reap("child", child);
    // a blocked writer
    MUST(socketpair(AF_UNIX, SOCK_STREAM, 0, s));
    child = SPAWN({ close(s[0]); settle(); long total = 0; long got; while (total < (long)sizeof block && (got = read(s[1], block, sizeof block)) > 0) total += got; });
    SHOW(write(s[0], block, sizeof block));
    reap("child", child);
    signal(SIGPIPE, SIG_IGN);
    MUST(socketpair(AF_UNIX, SOCK_STREAM, 0, s));
    child = SPAWN({ close(s[0]); settle(); });
    close(s[1]);
    long got = write(s[0], block, sizeof block);
    CHECK(got > 0 && got < (long)sizeof block);
    SHOW(write(s[0], block, 1));
    reap("child", child);
    // accept
    int listener = unix_listen(SOCK_STREAM, "sock", 1);
    child = SPAWN({ settle(); shutdown(listener, SHUT_RD); });
    SHOW(accept(listener, NULL, NULL));
    reap("child", child);
    // signals
    count_signal(SIGALRM, 0);
    MUST(socketpair(AF_UNIX, SOCK_DGRAM, 0, s));
    ualarm(15000, 15000);
    SHOW(recv(s[0], data, 16, 0));
    while (send(s[1], "x", 1, MSG_DONTWAIT) == 1) {}
    SHOW(send(s[1], "x", 1, 0));
    listener = unix_listen(SOCK_STREAM, "sock2", 0);
    SHOW(accept(listener, NULL, NULL));
    int one = (int)MUST(socket(AF_UNIX, SOCK_STREAM, 0)), two = (int)MUST(socket(AF_UNIX, SOCK_STREAM, 0));
    MUST(unix_connect(one, "sock2"));
    SHOW(unix_connect(two, "sock2"));
    // a handler with SA_RESTART lets the call go on
    ualarm(0, 0);
    count_signal(SIGALRM, SA_RESTART);
    MUST(socketpair(AF_UNIX, SOCK_STREAM, 0, s));
    child = SPAWN({ sleep_ms(50); write(s[1], "late", 4); });
    ualarm(10000, 10000);
    show_read("restarted", s[0], 16);
    ualarm(0, 0);
    reap("child", child);
    // but not with a timeout on the socket
    struct timeval limit = {1, 0};
    MUST(setsockopt(s[0], SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit));
    ualarm(10000, 10000);
    SHOW(recv(s[0], data, 16, 0));
}
