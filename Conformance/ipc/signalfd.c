// signalfd: reading pending signals, masks, order, several at once, sigqueue values.
#include "../common.h"

static void next(int fd) {
    struct signalfd_siginfo info;
    long got = read(fd, &info, sizeof info);
    if (got != sizeof info) { T("read: %s", got < 0 ? errno_name(errno) : "short"); return; }
    T("%s code %d value %d from me %d", signal_name((int)info.ssi_signo), info.ssi_code, info.ssi_code == SI_QUEUE ? info.ssi_int : 0, info.ssi_pid == (uint32_t)getpid());
}

TEST {
    sigset_t set, empty;
    sigemptyset(&empty);
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigaddset(&set, SIGUSR2);
    sigaddset(&set, SIGRTMIN + 2);
    sigaddset(&set, SIGCHLD);
    MUST(sigprocmask(SIG_BLOCK, &set, NULL));
    int fd = (int)SHOW(signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC));
    next(fd);
    kill(getpid(), SIGUSR2);
    kill(getpid(), SIGUSR1);
    kill(getpid(), SIGUSR1);
    SHOW(poll(&(struct pollfd){fd, POLLIN, 0}, 1, 0));
    next(fd); next(fd); next(fd);
    sigqueue(getpid(), SIGRTMIN + 2, (union sigval){.sival_int = 11});
    sigqueue(getpid(), SIGRTMIN + 2, (union sigval){.sival_int = 22});
    sigqueue(getpid(), SIGUSR1, (union sigval){.sival_int = 33});
    next(fd); next(fd); next(fd);
    struct signalfd_siginfo infos[4];
    kill(getpid(), SIGUSR1);
    kill(getpid(), SIGUSR2);
    SHOW(read(fd, infos, sizeof infos) / (long)sizeof *infos);
    SHOW(read(fd, infos, 10));
    raise(SIGUSR1);
    next(fd);
    // a signal read is no longer pending
    sigset_t pending;
    kill(getpid(), SIGUSR1);
    sigpending(&pending);
    T("pending %d", sigismember(&pending, SIGUSR1));
    next(fd);
    sigpending(&pending);
    T("pending %d", sigismember(&pending, SIGUSR1));
    // changing the mask of an existing one
    sigdelset(&set, SIGUSR1);
    SHOW(signalfd(fd, &set, 0) == fd);
    kill(getpid(), SIGUSR1);
    next(fd);
    sigaddset(&set, SIGUSR1);
    signalfd(fd, &set, 0);
    next(fd);
    SHOW(signalfd(0, &set, 0));
    SHOW(signalfd(99, &set, 0));
    SHOW(signalfd(-1, &set, 0x10));
    SHOW(RAW(SYS_signalfd4, -1, &set, 4, 0));
    SHOW(RAW(SYS_signalfd4, -1, BAD, 8, 0));
    pid_t child = SPAWN({});
    MUST(fcntl(fd, F_SETFL, 0));
    struct signalfd_siginfo info;
    SHOW(read(fd, &info, sizeof info) == sizeof info);
    T("%s code %d from the child %d status %d", signal_name((int)info.ssi_signo), info.ssi_code, info.ssi_pid == (uint32_t)child, info.ssi_status);
    reap("child", child);
    // the reader sees its own signals, also through an inherited descriptor
    kill(getpid(), SIGUSR1);
    fcntl(fd, F_SETFL, O_NONBLOCK);
    IN_CHILD("child", { next(fd); kill(getpid(), SIGUSR2); next(fd); });
    next(fd);
    next(fd);
    // epoll wakes for it
    int ep = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN};
    epoll_ctl(ep, EPOLL_CTL_ADD, fd, &event);
    SHOW(epoll_wait(ep, &event, 1, 0));
    kill(getpid(), SIGUSR2);
    SHOW(epoll_wait(ep, &event, 1, 100));
    T("%s", epoll_names(event.events));
    next(fd);
    SHOW(write(fd, &info, sizeof info));
}
