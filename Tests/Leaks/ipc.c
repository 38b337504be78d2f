// Leak tests: pipes, events, polling, timers, terminals, System V.
#include "leaks.h"
#include <mqueue.h>
#include <sys/shm.h>

static void pipes(long n) {
    (void)n;
    int p[2];
    must(pipe(p));
    close(p[0]);
    close(p[1]);
}

static void pipes_with_data(long n) {
    int p[2];
    char data[10000] = "";
    must(pipe(p));
    expect(write(p[1], data, sizeof data) == sizeof data);
    if (n & 1) expect(read(p[0], data, 5000) == 5000);
    must(fcntl(p[1], F_SETPIPE_SZ, 1 << 17));
    close(p[0]);
    close(p[1]);
}

static void pipe_to_nowhere(long n) {
    (void)n;
    expect(syscall(SYS_pipe, 8) < 0);
    int p[2];
    must(pipe(p));
    if (p[0] > 20) failed("descriptors are used up", __LINE__);
    close(p[0]);
    close(p[1]);
}

static void fifos(long n) {
    (void)n;
    must(mkfifo("fifo", 0600));
    int in = must(open("fifo", O_RDONLY | O_NONBLOCK)), out = must(open("fifo", O_WRONLY | O_NONBLOCK));
    expect(write(out, "data", 4) == 4);
    close(in);
    close(out);
    must(unlink("fifo"));
}

static void splices(long n) {
    (void)n;
    int p[2], q[2];
    must(pipe(p));
    must(pipe(q));
    expect(write(p[1], "some data", 9) == 9);
    must(tee(p[0], q[1], 9, 0));
    must(splice(p[0], NULL, q[1], NULL, 5, 0));
    close(p[0]); close(p[1]); close(q[0]); close(q[1]);
}

static void events(long n) {
    (void)n;
    int fd = must(eventfd(3, EFD_NONBLOCK));
    uint64_t v;
    expect(read(fd, &v, 8) == 8);
    close(fd);
}

static void epolls(long n) {
    int ep = must(epoll_create1(0)), event = must(eventfd(1, 0)), p[2];
    must(pipe(p));
    struct epoll_event e = { .events = EPOLLIN | (n & 2 ? EPOLLET : 0) }, out[4];
    must(epoll_ctl(ep, EPOLL_CTL_ADD, event, &e));
    must(epoll_ctl(ep, EPOLL_CTL_ADD, p[0], &e));
    expect(epoll_wait(ep, out, 4, 0) == 1);
    if (n & 1) must(epoll_ctl(ep, EPOLL_CTL_DEL, event, &e));
    close(event); // still watched every other time
    if (n & 4) close(ep);
    close(p[0]);
    close(p[1]);
    if (!(n & 4)) close(ep);
}

static void epolls_nested(long n) {
    int a = must(epoll_create1(0)), b = must(epoll_create1(0)), event = must(eventfd(1, 0));
    struct epoll_event e = { .events = EPOLLIN }, out[4];
    must(epoll_ctl(a, EPOLL_CTL_ADD, b, &e));
    must(epoll_ctl(b, EPOLL_CTL_ADD, event, &e));
    expect(epoll_wait(a, out, 4, 0) == 1);
    int order[3] = { a, b, event };
    for (int i = 0; i < 3; i++) close(order[(i + n) % 3]);
}

static void signal_descriptors(long n) {
    (void)n;
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigprocmask(SIG_BLOCK, &set, NULL);
    int fd = must(signalfd(-1, &set, SFD_NONBLOCK));
    kill(getpid(), SIGUSR1);
    struct signalfd_siginfo info;
    expect(read(fd, &info, sizeof info) == sizeof info);
    close(fd);
}

static void queued_signals(long n) {
    (void)n;
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGRTMIN);
    sigprocmask(SIG_BLOCK, &set, NULL);
    for (int i = 0; i < 5; i++) must(sigqueue(getpid(), SIGRTMIN, (union sigval){ .sival_int = i }));
    siginfo_t info;
    for (int i = 0; i < 5; i++) expect(sigwaitinfo(&set, &info) == SIGRTMIN);
}

/// Signals that are still queued when their process ends.
static void signals_left(long n) {
    (void)n;
    pid_t child = must(fork());
    if (child == 0) {
        sigset_t set;
        sigfillset(&set);
        sigprocmask(SIG_BLOCK, &set, NULL);
        for (int i = 0; i < 20; i++) sigqueue(getpid(), SIGRTMIN + i % 3, (union sigval){ .sival_int = i });
        pthread_kill(pthread_self(), SIGUSR2);
        _exit(0);
    }
    reap(child, 0);
}

static void timer_descriptors(long n) {
    int fd = must(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK));
    struct itimerspec when = { .it_value.tv_sec = n & 1 ? 1000 : 0, .it_value.tv_nsec = 1 };
    must(timerfd_settime(fd, 0, &when, NULL));
    close(fd); // armed
}

static void posix_timers(long n) {
    timer_t timer;
    struct sigevent event = { .sigev_notify = SIGEV_NONE };
    must(timer_create(CLOCK_MONOTONIC, &event, &timer));
    struct itimerspec when = { .it_value.tv_sec = n & 1 ? 1000 : 0, .it_value.tv_nsec = 1 };
    must(timer_settime(timer, 0, &when, NULL));
    must(timer_delete(timer));
}

static void timers_left(long n) {
    (void)n;
    pid_t child = must(fork());
    if (child == 0) {
        timer_t timer;
        struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGURG };
        for (int i = 0; i < 5; i++) {
            must(timer_create(CLOCK_MONOTONIC, &event, &timer));
            struct itimerspec when = { .it_value.tv_sec = 1000 };
            must(timer_settime(timer, 0, &when, NULL));
        }
        alarm(1000);
        timerfd_settime(must(timerfd_create(CLOCK_REALTIME, 0)), 0, &(struct itimerspec){ .it_value.tv_sec = 99 }, NULL);
        _exit(0);
    }
    reap(child, 0);
}

static void sleeps(long n) {
    (void)n;
    struct timespec t = { 0, 1000 };
    nanosleep(&t, NULL);
    int p[2];
    must(pipe(p));
    fd_set set;
    FD_ZERO(&set);
    FD_SET(p[0], &set);
    struct timeval soon = { 0, 100 };
    expect(select(p[0] + 1, &set, NULL, NULL, &soon) == 0);
    close(p[0]);
    close(p[1]);
}

static void terminals(long n) {
    int master = must(posix_openpt(O_RDWR | O_NOCTTY)), slave;
    must(unlockpt(master));
    slave = must(open(ptsname(master), O_RDWR | O_NOCTTY));
    expect(write(master, "input\n", 6) == 6);
    expect(write(slave, "output\n", 7) == 7);
    char data[64];
    if (n & 1) expect(read(slave, data, sizeof data) == 6);
    if (n & 2) { close(master); close(slave); } else { close(slave); close(master); }
}

static void terminal_sessions(long n) {
    (void)n;
    int master = must(posix_openpt(O_RDWR | O_NOCTTY));
    must(unlockpt(master));
    pid_t child = must(fork());
    if (child == 0) {
        setsid();
        must(open(ptsname(master), O_RDWR)); // becomes the controlling terminal
        _exit(0);
    }
    reap(child, 0);
    close(master);
}

static void system_v(long n) {
    int queue = must(msgget(IPC_PRIVATE, 0600)), set = must(semget(IPC_PRIVATE, 5, 0600));
    struct { long type; char text[100]; } message = { .type = 1 };
    must(msgsnd(queue, &message, sizeof message.text, 0));
    if (n & 1) must(msgrcv(queue, &message, sizeof message.text, 0, 0));
    struct sembuf up = { .sem_num = 1, .sem_op = 1, .sem_flg = SEM_UNDO };
    must(semop(set, &up, 1));
    must(msgctl(queue, IPC_RMID, NULL));
    must(semctl(set, 0, IPC_RMID));
}

static void shared_segments(long n) {
    int id = must(shmget(IPC_PRIVATE, 10000, 0600));
    char *at = shmat(id, NULL, 0);
    expect(at != (void *)-1);
    at[9000] = 1;
    if (n & 1) must(shmctl(id, IPC_RMID, NULL));
    if (n % 16 == 0) {
        pid_t child = must(fork());
        if (child == 0) _exit(at[9000] != 1);
        reap(child, 0);
    }
    must(shmdt(at));
    if (!(n & 1)) must(shmctl(id, IPC_RMID, NULL));
}

static void posix_queues(long n) {
    struct mq_attr attributes = { .mq_maxmsg = 4, .mq_msgsize = 64 };
    mqd_t queue = must(mq_open("/leaks", O_RDWR | O_CREAT | O_NONBLOCK, 0600, &attributes));
    char text[64] = "";
    for (long i = 0; i < n % 6; i++) mq_send(queue, text, i * 10, i % 3);
    if (n & 1) must(mq_receive(queue, text, sizeof text, NULL) < 0 && errno != EAGAIN ? -1 : 0);
    struct sigevent event = { .sigev_notify = SIGEV_NONE };
    must(mq_notify(queue, &event));
    must(mq_unlink("/leaks"));
    must(mq_close(queue));
}

static void signal_driven(long n) {
    int ends[2];
    must(pipe(ends));
    must(fcntl(ends[0], F_SETOWN, getpid()));
    must(fcntl(ends[0], F_SETSIG, n & 1 ? SIGURG : 0));
    if (!(n & 1)) signal(SIGIO, SIG_IGN);
    must(fcntl(ends[0], F_SETFL, O_ASYNC));
    must(write(ends[1], "x", 1));
    close(ends[n & 1]);
    close(ends[!(n & 1)]);
}

const leak_case ipc_cases[] = {
    { "pipes", pipes, 1000000, 1000000 },
    { "pipes_with_data", pipes_with_data, 20000, 500000 },
    { "pipe_to_nowhere", pipe_to_nowhere, 20000, 300000 },
    { "fifos", fifos, 10000, 300000 },
    { "splices", splices, 10000, 300000 },
    { "events", events, 50000, 1000000 },
    { "epolls", epolls, 20000, 300000 },
    { "epolls_nested", epolls_nested, 20000, 300000 },
    { "signal_descriptors", signal_descriptors, 20000, 300000 },
    { "queued_signals", queued_signals, 20000, 300000 },
    { "signals_left", signals_left, 1000, 50000 },
    { "timer_descriptors", timer_descriptors, 20000, 300000 },
    { "posix_timers", posix_timers, 20000, 300000 },
    { "timers_left", timers_left, 1000, 50000 },
    { "sleeps", sleeps, 2000, 50000 },
    { "terminals", terminals, 5000, 100000 },
    { "terminal_sessions", terminal_sessions, 1000, 30000 },
    { "system_v", system_v, 10000, 200000 },
    { "shared_segments", shared_segments, 3000, 100000 },
    { "posix_queues", posix_queues, 10000, 200000 },
    { "signal_driven", signal_driven, 20000, 300000 },
    { 0 },
};
