// Several waiters on one epoll and on one source: level wakes each, one-shot wakes one.
#include "../common.h"

TEST {
    int p[2], results[2];
    MUST(pipe(p));
    MUST(pipe(results));
    int ep = (int)MUST(epoll_create1(0));
    struct epoll_event event = {.events = EPOLLIN | EPOLLONESHOT}, out;
    MUST(epoll_ctl(ep, EPOLL_CTL_ADD, p[0], &event));
    for (int i = 0; i < 4; i++) SPAWN({
        struct epoll_event got;
        char letter = epoll_wait(ep, &got, 1, 120) == 1 ? '1' : '0';
        write(results[1], &letter, 1);
    });
    settle();
    write(p[1], "x", 1);
    while (wait(NULL) > 0) {}
    char answers[8] = "";
    read(results[0], answers, 4);
    int woken = 0;
    for (int i = 0; i < 4; i++) woken += answers[i] == '1';
    T("one shot: %d of 4", woken);
    event.events = EPOLLIN;
    MUST(epoll_ctl(ep, EPOLL_CTL_MOD, p[0], &event));
    for (int i = 0; i < 4; i++) SPAWN({
        struct epoll_event got;
        char letter = epoll_wait(ep, &got, 1, 2000) == 1 ? '1' : '0';
        write(results[1], &letter, 1);
    });
    while (wait(NULL) > 0) {}
    read(results[0], answers, 4);
    woken = 0;
    for (int i = 0; i < 4; i++) woken += answers[i] == '1';
    T("level: %d of 4", woken);
    read(p[0], answers, 1);
    // each with its own epoll: all are told
    for (int i = 0; i < 3; i++) SPAWN({
        struct epoll_event got;
        int own = epoll_create1(0);
        epoll_ctl(own, EPOLL_CTL_ADD, p[0], &(struct epoll_event){.events = EPOLLIN | EPOLLET});
        char letter = epoll_wait(own, &got, 1, 2000) == 1 ? '1' : '0';
        write(results[1], &letter, 1);
    });
    settle();
    write(p[1], "y", 1);
    while (wait(NULL) > 0) {}
    read(results[0], answers, 3);
    T("own sets: %.3s", answers);
    SHOW(epoll_wait(ep, &out, 1, 0));
    // adding a ready source wakes a waiter
    MUST(epoll_ctl(ep, EPOLL_CTL_DEL, p[0], NULL));
    pid_t waiter = SPAWN({ SHOW(epoll_wait(ep, &out, 1, 2000)); });
    settle();
    MUST(epoll_ctl(ep, EPOLL_CTL_ADD, p[0], &event));
    reap("waiter", waiter);
}
