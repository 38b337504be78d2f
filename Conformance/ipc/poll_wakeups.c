// poll is woken by data, by closing and by several sources at once.
#include "../common.h"

static long took(struct pollfd *fds, int count, int timeout) {
    long start = now_ms();
    int ready = poll(fds, (nfds_t)count, timeout);
    printf("ready %d:", ready);
    for (int i = 0; i < count; i++) printf(" %s", poll_names(fds[i].revents));
    printf("\n");
    return now_ms() - start;
}

TEST {
    int p[2], q[2], s[2];
    MUST(pipe(p)); MUST(pipe(q));
    MUST(socketpair(AF_UNIX, SOCK_STREAM, 0, s));
    int e = (int)MUST(eventfd(0, 0)), t = (int)MUST(timerfd_create(CLOCK_MONOTONIC, 0));
    struct pollfd fds[5] = {{p[0], POLLIN, 0}, {q[0], POLLIN, 0}, {s[0], POLLIN | POLLRDHUP, 0}, {e, POLLIN, 0}, {t, POLLIN, 0}};
    pid_t child = SPAWN({ settle(); write(q[1], "x", 1); });
    took(fds, 5, 3000);
    reap("child", child);
    read(q[0], (char[1]){0}, 1);
    child = SPAWN({ settle(); write(s[1], "x", 1); });
    took(fds, 5, 3000);
    reap("child", child);
    read(s[0], (char[1]){0}, 1);
    child = SPAWN({ settle(); eventfd_write(e, 4); });
    took(fds, 5, 3000);
    reap("child", child);
    eventfd_read(e, &(eventfd_t){0});
    struct itimerspec set = {.it_value = {0, 15000000}};
    timerfd_settime(t, 0, &set, NULL);
    took(fds, 5, 3000);
    read(t, (char[8]){0}, 8);
    child = SPAWN({ settle(); shutdown(s[1], SHUT_WR); });
    took(fds, 5, 3000);
    reap("child", child);
    // the last writer is a child
    fds[2].fd = -1;
    struct gate gate = make_gate();
    child = SPAWN({ gate_wait(gate); settle(); });
    close(p[1]);
    gate_open(gate);
    took(fds, 5, 3000);
    reap("child", child);
    fds[0].fd = -1;
    CHECK(took(fds, 5, 15) >= 14);
    // a writer that waits for room
    static char block[65536];
    fcntl(q[1], F_SETFL, O_NONBLOCK);
    while (write(q[1], block, sizeof block) > 0) {}
    struct pollfd out = {q[1], POLLOUT, 0};
    CHECK(took(&out, 1, 10) >= 9);
    child = SPAWN({ settle(); read(q[0], block, sizeof block); });
    took(&out, 1, 3000);
    reap("child", child);
}
