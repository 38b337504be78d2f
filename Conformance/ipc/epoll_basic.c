// epoll: add, modify, delete, data, errors.
#include "../common.h"

TEST {
    int p[2];
    struct epoll_event event = {.events = EPOLLIN, .data.u64 = 0x1122334455667788}, out[4];
    MUST(pipe2(p, O_NONBLOCK));
    int ep = (int)SHOW(epoll_create1(EPOLL_CLOEXEC));
    SHOW(fcntl(ep, F_GETFD));
    SHOW(epoll_wait(ep, out, 4, 0));
    SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, p[0], &event));
    SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, p[0], &event));
    SHOW(epoll_wait(ep, out, 4, 0));
    write(p[1], "x", 1);
    SHOW(epoll_wait(ep, out, 4, 0));
    T("%s %llx", epoll_names(out[0].events), (unsigned long long)out[0].data.u64);
    SHOW(epoll_wait(ep, out, 4, 0));
    event.events = EPOLLOUT;
    event.data.u64 = 2;
    SHOW(epoll_ctl(ep, EPOLL_CTL_MOD, p[0], &event));
    SHOW(epoll_wait(ep, out, 4, 0));
    SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, p[1], &event));
    SHOW(epoll_wait(ep, out, 4, 0));
    T("%s %llx", epoll_names(out[0].events), (unsigned long long)out[0].data.u64);
    SHOW(epoll_ctl(ep, EPOLL_CTL_DEL, p[1], NULL));
    SHOW(epoll_ctl(ep, EPOLL_CTL_DEL, p[1], &event));
    SHOW(epoll_ctl(ep, EPOLL_CTL_MOD, p[1], &event));
    SHOW(epoll_ctl(ep, 77, p[0], &event));
    SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, p[1], BAD));
    SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, 99, &event));
    SHOW(epoll_ctl(99, EPOLL_CTL_ADD, p[1], &event));
    SHOW(epoll_ctl(p[0], EPOLL_CTL_ADD, p[1], &event));
    SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, ep, &event));
    make_file("f", "");
    SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, open("f", O_RDWR), &event));
    SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, open(".", O_RDONLY), &event));
    SHOW(epoll_wait(ep, out, 0, 0));
    SHOW(RAW(SYS_epoll_wait, ep, out, -1, 0));
    SHOW(RAW(SYS_epoll_wait, ep, out, 1 << 28, 0));
    SHOW(epoll_wait(99, out, 4, 0));
    SHOW(epoll_wait(p[0], out, 4, 0));
    SHOW(epoll_create1(1));
    SHOW(epoll_create(0));
    SHOW(epoll_create(-1));
    SUCCEEDS(epoll_create(1));
    event.events = EPOLLIN;
    epoll_ctl(ep, EPOLL_CTL_MOD, p[0], &event);
    SHOW(epoll_wait(ep, BAD, 4, 0));
    SHOW(read(ep, out, 1));
    SHOW(write(ep, out, 1));
    // timeouts
    char byte;
    read(p[0], &byte, 1);
    long start = now_ms();
    SHOW(epoll_wait(ep, out, 4, 20));
    CHECK(now_ms() - start >= 19);
    struct timespec t = {0, 10000000};
    SHOW(RAW(SYS_epoll_pwait2, ep, out, 4, &t, NULL, 8));
    t.tv_nsec = -1;
    SHOW(RAW(SYS_epoll_pwait2, ep, out, 4, &t, NULL, 8));
    pid_t child = SPAWN({ settle(); write(p[1], "y", 1); });
    SHOW(epoll_wait(ep, out, 4, -1));
    reap("child", child);
    // the mask during the wait
    sigset_t block, none;
    sigemptyset(&none);
    sigemptyset(&block);
    sigaddset(&block, SIGUSR1);
    sigprocmask(SIG_BLOCK, &block, NULL);
    count_signal(SIGUSR1, SA_RESTART);
    raise(SIGUSR1);
    read(p[0], &byte, 1);
    SHOW(epoll_pwait(ep, out, 4, 1000, &none));
    T("caught %d", conf_caught[SIGUSR1]);
    SHOW(RAW(SYS_epoll_pwait, ep, out, 4, 0, &none, 4));
}
