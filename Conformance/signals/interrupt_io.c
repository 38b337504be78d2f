// A handler interrupts a blocked call: EINTR without SA_RESTART, restarted with it, or EINTR in any case.
#include "../tasks.h"
#include <sys/msg.h>

static volatile sig_atomic_t ticks;
static void (*volatile act)(void); // what makes the call succeed, done at the third tick
static void handler(int number) {
    (void)number;
    if (++ticks == 3 && act) act();
}
static void arm(int flags, void (*third)(void)) {
    struct sigaction action = {.sa_handler = handler, .sa_flags = flags};
    sigaction(SIGALRM, &action, NULL);
    act = third;
    ticks = 0;
    start_ticks(8);
}
static void done(const char *label, long result) {
    int number = errno;
    stop_ticks();
    T("%s: %s", label, result < 0 ? errno_name(number) : ticks >= 3 ? "ok, restarted" : "ok");
}
// Runs one call without and with SA_RESTART.
#define BOTH(label, third, call) do { \
        arm(0, NULL); \
        done(label, (call)); \
        arm(SA_RESTART, third); \
        done(label ", SA_RESTART", (call)); \
    } while (0)

static int ends[2], full[2], pair[2], listener, lockFd, otherFd;
static char buffer[65536];
static struct gate gate;
static pid_t child;
static void feed(void) { (void)!write(ends[1], "x", 1); }
static void drain(void) { (void)!read(full[0], buffer, sizeof buffer); }
static void send_byte(void) { (void)!write(pair[1], "x", 1); }
static void connect_now(void) {
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    struct sockaddr_un address = {AF_UNIX, "socket"};
    (void)!connect(fd, (struct sockaddr *)&address, sizeof address);
}
static void release(void) { gate_open(gate); }
static void unlock(void) { flock(otherFd, LOCK_UN); }
static void open_other(void) {
    // Opened for both, so it does not block, and kept: the reader's open has its writer then.
    (void)!open("fifo", O_RDWR);
}
static sem_t semaphore;
static void post(void) { sem_post(&semaphore); }
static void event(void) { uint64_t one = 1; (void)!write(otherFd, &one, 8); }

TEST {
    MUST(pipe(ends));
    MUST(pipe(full));
    fcntl(full[1], F_SETFL, O_NONBLOCK);
    while (write(full[1], buffer, sizeof buffer) > 0) {}
    while (write(full[1], buffer, 1) > 0) {}
    fcntl(full[1], F_SETFL, 0);
    MUST(socketpair(AF_UNIX, SOCK_STREAM, 0, pair));

    char byte;
    BOTH("read from a pipe", feed, read(ends[0], &byte, 1));
    struct iovec vector = {&byte, 1};
    BOTH("readv", feed, readv(ends[0], &vector, 1));
    BOTH("write to a full pipe", drain, write(full[1], "x", 1));
    BOTH("recv", send_byte, recv(pair[0], &byte, 1, 0));
    struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1};
    BOTH("recvmsg", send_byte, recvmsg(pair[0], &message, 0));
    struct timeval limit = {10, 0};
    MUST(setsockopt(pair[0], SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit));
    arm(SA_RESTART, NULL);
    done("recv with a time limit, SA_RESTART", recv(pair[0], &byte, 1, 0));

    struct sockaddr_un address = {AF_UNIX, "socket"};
    listener = (int)MUST(socket(AF_UNIX, SOCK_STREAM, 0));
    MUST(bind(listener, (struct sockaddr *)&address, sizeof address));
    MUST(listen(listener, 5));
    BOTH("accept", connect_now, accept(listener, NULL, NULL));

    gate = make_gate();
    for (int flags = 0; flags <= SA_RESTART; flags += SA_RESTART) {
        child = SPAWN({ gate_wait(gate); _exit(0); });
        arm(flags, flags ? release : NULL);
        done(flags ? "wait4, SA_RESTART" : "wait4", waitpid(child, NULL, 0));
        if (!flags) release(), waitpid(child, NULL, 0);
        child = SPAWN({ gate_wait(gate); _exit(0); });
        siginfo_t info;
        arm(flags, flags ? release : NULL);
        done(flags ? "waitid, SA_RESTART" : "waitid", waitid(P_PID, (id_t)child, &info, WEXITED));
        if (!flags) release(), waitpid(child, NULL, 0);
    }

    make_file("lock", "");
    lockFd = (int)MUST(open("lock", O_RDWR));
    otherFd = (int)MUST(open("lock", O_RDWR));
    MUST(flock(otherFd, LOCK_EX));
    BOTH("flock", unlock, flock(lockFd, LOCK_EX));
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    struct gate locked = make_gate();
    pid_t holder = SPAWN({ fcntl(lockFd, F_SETLK, &lock); gate_open(locked); gate_wait(gate); });
    gate_wait(locked);
    BOTH("fcntl lock", release, fcntl(lockFd, F_SETLKW, &lock));
    waitpid(holder, NULL, 0);

    MUST(mkfifo("fifo", 0600));
    arm(0, NULL);
    done("open of a fifo", open("fifo", O_RDONLY));
    arm(SA_RESTART, open_other);
    done("open of a fifo, SA_RESTART", open("fifo", O_RDONLY));

    sem_init(&semaphore, 0, 0);
    BOTH("sem_wait", post, sem_wait(&semaphore));
    close(otherFd);
    otherFd = eventfd(0, 0);
    uint64_t value;
    BOTH("eventfd", event, read(otherFd, &value, 8));
}
