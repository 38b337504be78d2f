// What a stop and a continuation do to calls that sleep: most go on, some are interrupted; what the parent is told meanwhile.
#include "../tasks.h"
#include <sys/inotify.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>

static int ends[2], sockets[2], watch, set, queue;
static long long began;
static long took(void) { return (long)((now_ns() - began) / 1000000); }

static long call(int which) {
    struct pollfd poller = {ends[0], POLLIN, 0};
    struct epoll_event event;
    struct timespec time = {0, 400000000};
    struct timeval value = {0, 400000};
    char data[64];
    int epoll, word = 0;
    fd_set files;
    sigset_t signals = SIGSET(SIGUSR2), none = SIGSET(SIGUSR2);
    struct sembuf down = {0, -1, 0};
    struct { long type; char text[8]; } message;
    switch (which) {
    case 0: return read(ends[0], data, 1);
    case 1: return recv(sockets[0], data, 1, 0);
    case 2: return poll(&poller, 1, 400);
    case 3: FD_ZERO(&files); FD_SET(ends[0], &files); return select(ends[0] + 1, &files, NULL, NULL, &value);
    case 4: epoll = epoll_create1(0); return epoll_wait(epoll, &event, 1, 400);
    case 5: return nanosleep(&time, &time);
    case 6: return clock_nanosleep(CLOCK_MONOTONIC, 0, &time, NULL);
    case 7: sigprocmask(SIG_BLOCK, &none, NULL); return sigtimedwait(&signals, NULL, &time);
    case 8: return RAW(SYS_futex, &word, FUTEX_WAIT, 0, &time, NULL, 0);
    case 9: return semtimedop(set, &down, 1, &time);
    case 10: return msgrcv(queue, &message, 8, 0, 0);
    case 11: return read(watch, data, 64);
    case 12: return ppoll(&poller, 1, &time, NULL);
    }
    return 0;
}

static const char *names[] = {"read of a pipe", "recv", "poll", "select", "epoll_wait", "nanosleep", "clock_nanosleep", "sigtimedwait", "futex",
                              "semtimedop", "msgrcv", "read of inotify", "ppoll"};
// Those without a time limit are ended by an event.
static void end_it(int which) {
    struct { long type; char text[8]; } message = {1, "m"};
    switch (which) {
    case 0: write(ends[1], "x", 1); break;
    case 1: send(sockets[1], "x", 1, 0); break;
    case 10: msgsnd(queue, &message, 1, 0); break;
    case 11: make_file("made", ""); break;
    }
}

TEST {
    MUST(pipe(ends));
    MUST(socketpair(AF_UNIX, SOCK_STREAM, 0, sockets));
    MUST(watch = inotify_init());
    MUST(inotify_add_watch(watch, ".", IN_CREATE));
    MUST(set = semget(IPC_PRIVATE, 1, 0600));
    MUST(queue = msgget(IPC_PRIVATE, 0600));
    // All at once, for the sake of time; each leaves its line in shared memory.
    enum { COUNT = 13 };
    char (*lines)[100] = mmap(NULL, sizeof *lines * COUNT, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pid_t pids[COUNT];
    int status;
    for (int which = 0; which < COUNT; which++)
        pids[which] = SPAWN({
            began = now_ns();
            errno = 0;
            long result = call(which);
            snprintf(lines[which], 100, "%s: %ld %s%s", names[which], result, errno_name(errno), took() >= 390 && errno != EINTR ? ", all of its time" : "");
        });
    sleep_ms(60);
    for (int which = 0; which < COUNT; which++) kill(pids[which], SIGSTOP);
    for (int which = 0; which < COUNT; which++) {
        waitpid(pids[which], &status, WUNTRACED);
        if (!WIFSTOPPED(status)) T("%s: %s instead of stopped", names[which], status_name(status));
    }
    sleep_ms(10);
    for (int which = 0; which < COUNT; which++) kill(pids[which], SIGCONT);
    sleep_ms(400);
    for (int which = 0; which < COUNT; which++) end_it(which);
    for (int which = 0; which < COUNT; which++) {
        waitpid(pids[which], &status, 0);
        T("%s, %s", lines[which], status_name(status));
    }
    semctl(set, 0, IPC_RMID);
    msgctl(queue, IPC_RMID, NULL);

    // pending stops and continuations take each other back, blocked or not
    sigset_t pending;
    BLOCK(SIGTSTP, SIGCONT);
    raise(SIGTSTP);
    sigpending(&pending);
    T("%s", set_names(&pending));
    raise(SIGCONT);
    sigpending(&pending);
    T("%s", set_names(&pending));
    raise(SIGTSTP);
    sigpending(&pending);
    T("%s", set_names(&pending));
    signal(SIGTSTP, SIG_IGN);
    sigpending(&pending);
    T("%s", set_names(&pending));
}
