// pidfds: pidfd_open, poll, pidfd_send_signal, waitid, fdinfo, pidfd_getfd.
#include "../tasks.h"
#ifndef PIDFD_NONBLOCK
#define PIDFD_NONBLOCK O_NONBLOCK
#endif

static int pidfd_open_(pid_t pid, unsigned flags) { return (int)syscall(SYS_pidfd_open, pid, flags); }
static long send_signal(int fd, int number, siginfo_t *info, unsigned flags) { return syscall(SYS_pidfd_send_signal, fd, number, info, flags); }
static siginfo_t caught;
static void handler(int number, siginfo_t *info, void *context) { (void)number, (void)context; caught = *info; }

TEST {
    SHOW(pidfd_open_(0, 0));
    SHOW(pidfd_open_(-1, 0));
    SHOW(pidfd_open_(99999999, 0));
    SHOW(pidfd_open_(getpid(), 1));
    int self = (int)MUST(pidfd_open_(getpid(), 0));
    SHOW(fcntl(self, F_GETFD));
    T("flags %#x", fcntl(self, F_GETFL) & ~O_RDWR & ~0100000);
    struct pollfd poller = {self, POLLIN | POLLOUT, 0};
    SHOW(poll(&poller, 1, 0));
    SHOW(send_signal(self, 0, NULL, 0));
    on_signal(SIGUSR1, handler, 0);
    SHOW(send_signal(self, SIGUSR1, NULL, 0));
    show_info("caught", &caught);
    siginfo_t info = {.si_signo = SIGUSR1, .si_code = SI_QUEUE};
    info.si_pid = getpid(), info.si_uid = getuid(), info.si_value.sival_int = 42;
    SHOW(send_signal(self, SIGUSR1, &info, 0));
    show_info("caught", &caught);
    SHOW(send_signal(self, SIGUSR2, &info, 0)); // must agree with si_signo
    SHOW(send_signal(self, SIGUSR1, BAD, 0));
    SHOW(send_signal(self, 65, NULL, 0));
    SHOW(send_signal(self, SIGUSR1, NULL, 99));
    SHOW(send_signal(99, SIGUSR1, NULL, 0));
    SHOW(send_signal(1, SIGUSR1, NULL, 0)); // no pidfd
    char byte;
    SHOW(read(self, &byte, 1));
    SHOW(write(self, &byte, 1));
    SHOW(lseek(self, 0, SEEK_SET));

    struct gate gate = make_gate();
    pid_t pid = SPAWN({ gate_wait(gate); _exit(5); });
    int fd = (int)MUST(pidfd_open_(pid, PIDFD_NONBLOCK));
    poller.fd = fd;
    SHOW(poll(&poller, 1, 0));
    siginfo_t waited;
    SHOW(waitid(P_PIDFD, (id_t)fd, &waited, WEXITED)); // EAGAIN: it is a non-blocking one
    char path[64], text[512] = "";
    snprintf(path, sizeof path, "/proc/self/fdinfo/%d", fd);
    int file = (int)MUST(open(path, O_RDONLY));
    MUST(read(file, text, sizeof text - 1));
    int shown = -7;
    char *line = strstr(text, "\nPid:");
    if (line) sscanf(line, "\nPid: %d", &shown);
    CHECK(shown == pid);
    int epoll = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = 7};
    SHOW(epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event));
    SHOW(epoll_wait(epoll, &event, 1, 0));
    gate_open(gate);
    SHOW(epoll_wait(epoll, &event, 1, 2000));
    T("epoll: %s", epoll_names(event.events));
    SHOW(poll(&poller, 1, 0));
    T("zombie: %s", poll_names(poller.revents));
    SHOW(send_signal(fd, 0, NULL, 0));
    SHOW(waitid(P_PIDFD, (id_t)fd, &waited, WEXITED));
    T("%s, status %d", code_name(SIGCHLD, waited.si_code), waited.si_status);
    SHOW(send_signal(fd, 0, NULL, 0));
    SHOW(poll(&poller, 1, 0));
    T("reaped: %s", poll_names(poller.revents));
    SHOW(waitid(P_PIDFD, (id_t)fd, &waited, WEXITED));
    SHOW(pidfd_open_(pid, 0));

    // A descriptor fetched out of a child.
    struct gate ready = make_gate();
    pid = SPAWN({
        int copy = open("from-child", O_RDWR | O_CREAT, 0600);
        dup2(copy, 60);
        MUST(write(60, "hello", 5));
        gate_open(ready);
        gate_wait(gate);
    });
    gate_wait(ready);
    fd = (int)MUST(pidfd_open_(pid, 0));
    int fetched = (int)syscall(SYS_pidfd_getfd, fd, 60, 0);
    CHECK(fetched >= 0);
    SHOW(fcntl(fetched, F_GETFD));
    SHOW(lseek(fetched, 0, SEEK_CUR));
    SHOW(RAW(SYS_pidfd_getfd, fd, 61, 0));
    SHOW(RAW(SYS_pidfd_getfd, fd, 60, 1));
    SHOW(RAW(SYS_pidfd_getfd, 1, 60, 0));
    gate_open(gate);
    reap("child", pid);
    SHOW(RAW(SYS_pidfd_getfd, fd, 60, 0));
    // The directory of a process in /proc is as good for a signal, but for nothing else.
    gate = make_gate();
    pid = SPAWN({ gate_wait(gate); _exit(7); });
    snprintf(path, sizeof path, "/proc/%d", pid);
    int directory = (int)MUST(open(path, O_RDONLY | O_DIRECTORY));
    SHOW(send_signal(directory, 0, NULL, 0));
    SHOW(send_signal(directory, 65, NULL, 0));
    snprintf(path, sizeof path, "/proc/%d/task/%d", pid, pid);
    SHOW(send_signal((int)MUST(open(path, O_RDONLY | O_DIRECTORY)), 0, NULL, 0));
    SHOW(send_signal((int)MUST(open("/proc", O_RDONLY | O_DIRECTORY)), 0, NULL, 0));
    SHOW(RAW(SYS_pidfd_getfd, directory, 0, 0));
    SHOW(waitid(P_PIDFD, (id_t)directory, &waited, WEXITED));
    SHOW(send_signal(directory, SIGTERM, NULL, 0));
    reap("child", pid);
    SHOW(send_signal(directory, SIGTERM, NULL, 0));
}
