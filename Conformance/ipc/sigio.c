// Signal-driven input: F_SETOWN, O_ASYNC, F_SETSIG, F_SETOWN_EX.
#include "../common.h"

static volatile int lastCode, lastBand, lastFd;
static void caught(int number, siginfo_t *info, void *context) {
    (void)context;
    conf_caught[number]++;
    lastCode = info->si_code;
    lastBand = (int)info->si_band;
    lastFd = info->si_fd;
}

TEST {
    int p[2], s[2];
    MUST(pipe2(p, O_NONBLOCK));
    MUST(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, s));
    SHOW(fcntl(p[0], F_GETOWN));
    SHOW(fcntl(p[0], F_GETSIG));
    SHOW(fcntl(p[0], F_SETOWN, getpid()));
    CHECK(fcntl(p[0], F_GETOWN) == getpid());
    SHOW(fcntl(p[0], F_SETOWN, -getpgrp()));
    struct f_owner_ex owner = {F_OWNER_PID, getpid()};
    SHOW(fcntl(p[0], F_GETOWN_EX, &owner));
    T("type %d, my group %d", owner.type, owner.pid == getpgrp());
    owner = (struct f_owner_ex){F_OWNER_TID, (int)RAW(SYS_gettid)};
    SHOW(fcntl(p[0], F_SETOWN_EX, &owner));
    SHOW(fcntl(p[0], F_SETOWN, 99999999));
    owner = (struct f_owner_ex){77, 1};
    SHOW(fcntl(p[0], F_SETOWN_EX, &owner));
    SHOW(fcntl(p[0], F_SETOWN, getpid()));
    SHOW(fcntl(p[0], F_SETSIG, 99));
    struct sigaction action = {.sa_sigaction = caught, .sa_flags = SA_SIGINFO};
    sigaction(SIGIO, &action, NULL);
    sigaction(SIGRTMIN + 3, &action, NULL);
    write(p[1], "x", 1);
    T("without O_ASYNC: %d", conf_caught[SIGIO]);
    SHOW(fcntl(p[0], F_SETFL, O_NONBLOCK | O_ASYNC));
    SHOW(fcntl(p[0], F_GETFL) & O_ASYNC ? 1 : 0);
    write(p[1], "x", 1);
    T("pipe: %d", conf_caught[SIGIO]);
    read(p[0], (char[8]){0}, 8);
    write(p[1], "x", 1);
    T("after a read: %d", conf_caught[SIGIO]);
    SHOW(fcntl(p[0], F_SETSIG, SIGRTMIN + 3));
    read(p[0], (char[8]){0}, 8);
    write(p[1], "x", 1);
    T("F_SETSIG: %d, code %d, band %s, this descriptor %d", conf_caught[SIGRTMIN + 3], lastCode, poll_names(lastBand), lastFd == p[0]);
    SHOW(fcntl(p[0], F_SETFL, O_NONBLOCK));
    read(p[0], (char[8]){0}, 8);
    write(p[1], "x", 1);
    T("off again: %d", conf_caught[SIGRTMIN + 3]);
    // sockets, through ioctl
    int one = 1;
    pid_t me = getpid(), got = 0;
    SHOW(ioctl(s[0], FIOSETOWN, &me));
    SHOW(ioctl(s[0], FIOGETOWN, &got));
    CHECK(got == me);
    SHOW(ioctl(s[0], FIOASYNC, &one));
    int before = conf_caught[SIGIO];
    write(s[1], "x", 1);
    CHECK(conf_caught[SIGIO] > before);
    before = conf_caught[SIGIO];
    close(s[1]);
    CHECK(conf_caught[SIGIO] > before);
    make_file("f", "");
    int file = open("f", O_RDWR);
    SHOW(fcntl(file, F_SETFL, O_ASYNC));
    SHOW(ioctl(file, FIOASYNC, &one));
}
