// signalfd: several signals, their fields, poll, masks, inheritance, errors.
#include "../tasks.h"

static void show(int fd) {
    struct signalfd_siginfo info[4];
    ssize_t got = read(fd, info, sizeof info);
    if (got < 0) { T("read: %s", errno_name(errno)); return; }
    T("read: %zd of them", got / (ssize_t)sizeof *info);
    for (ssize_t i = 0; i < got / (ssize_t)sizeof *info; i++)
        T("  %s %s from %s, own user %d, value %d, status %d", signal_name((int)info[i].ssi_signo), code_name((int)info[i].ssi_signo, info[i].ssi_code),
          who((pid_t)info[i].ssi_pid), info[i].ssi_uid == getuid(), info[i].ssi_int, info[i].ssi_status);
}

TEST {
    sigset_t set = SIGSET(SIGUSR1, SIGUSR2, SIGRTMIN, SIGCHLD), other = SIGSET(SIGTERM);
    BLOCK(SIGUSR1, SIGUSR2, SIGRTMIN, SIGCHLD, SIGTERM);
    int fd = (int)MUST(signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC));
    SHOW(fcntl(fd, F_GETFD));
    SHOW((fcntl(fd, F_GETFL) & O_NONBLOCK) != 0);
    struct pollfd poller = {fd, POLLIN | POLLOUT, 0};
    SHOW(poll(&poller, 1, 0));
    show(fd);
    raise(SIGUSR2);
    kill(getpid(), SIGUSR1);
    kill(getpid(), SIGTERM); // not in its set
    sigqueue(getpid(), SIGRTMIN, (union sigval){.sival_int = 5});
    sigqueue(getpid(), SIGRTMIN, (union sigval){.sival_int = 6});
    SHOW(poll(&poller, 1, 0));
    T("events %s", poll_names(poller.revents));
    show(fd);
    SHOW(poll(&poller, 1, 0));
    sigset_t pending;
    sigpending(&pending);
    T("pending %s", set_names(&pending));
    pid_t pid = SPAWN({ _exit(7); });
    name_pid(pid, "child");
    SHOW(poll(&poller, 1, 2000));
    show(fd);
    waitpid(pid, NULL, 0);

    SHOW(signalfd(fd, &other, 0) == fd); // another set for the same one
    show(fd);
    SHOW(signalfd(1, &set, 0));
    SHOW(signalfd(99, &set, 0));
    SHOW(signalfd(-1, &set, 1));
    SHOW(RAW(SYS_signalfd4, -1, &set, 4, 0));
    SHOW(RAW(SYS_signalfd4, -1, BAD, 8, 0));
    SHOW(RAW(SYS_signalfd4, -1, &set, 16, 0));
    char small[100];
    SHOW(read(fd, small, sizeof small));
    SHOW(write(fd, small, sizeof small));
    SHOW(lseek(fd, 0, SEEK_SET));
    kill(getpid(), SIGTERM);
    SHOW(read(fd, BAD, 128)); // the signal is lost
    show(fd);

    // A blocking one waits; a signal outside of the set interrupts it.
    int blocking = (int)MUST(signalfd(-1, &set, 0));
    pid_t self = getpid();
    signal(SIGCHLD, SIG_IGN);
    pid = SPAWN({ sleep_ms(20); kill(self, SIGUSR1); });
    name_pid(pid, "second child");
    show(blocking);
    count_signal(SIGALRM, 0);
    start_ticks(10);
    show(blocking);
    stop_ticks();

    // Through a fork the descriptor serves whoever reads it.
    raise(SIGUSR1);
    IN_CHILD("child", {
        show(fd);
        show(fcntl(blocking, F_SETFL, O_NONBLOCK) == 0 ? blocking : -1);
        raise(SIGUSR1);
        show(blocking);
    });
    show(blocking);
    // epoll and an unblocked signal: the handler takes it first.
    int epoll = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN};
    SHOW(epoll_ctl(epoll, EPOLL_CTL_ADD, blocking, &event));
    count_signal(SIGUSR1, 0);
    raise(SIGUSR1);
    SHOW(epoll_wait(epoll, &event, 1, 0));
    UNBLOCK(SIGUSR1);
    SHOW(epoll_wait(epoll, &event, 1, 0));
    SHOW(conf_caught[SIGUSR1]);
}
