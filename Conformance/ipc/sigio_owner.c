// Who gets SIGIO: threads, processes, groups, those that are gone; pipes' writers, listeners, terminals, inotify.
#include "../tasks.h"
#include <sys/inotify.h>
#include <pty.h>

static volatile int lastTid, lastBand;
static void caught(int number, siginfo_t *info, void *context) {
    (void)context;
    conf_caught[number]++;
    lastTid = (int)RAW(SYS_gettid);
    lastBand = info->si_code > 0 ? (int)info->si_band : 0;
}

static void show_owner(int fd) {
    struct f_owner_ex owner = {-1, -1};
    long result = fcntl(fd, F_GETOWN_EX, &owner);
    T("owner %ld: type %d, %s", result, owner.type, owner.pid == 0 ? "nobody" : owner.pid == getpid() ? "self" : "another");
}

static int pipeEnds[2], threadTid;
static struct gate threadReady, threadEnd;
static void *thread(void *unused) {
    (void)unused;
    threadTid = (int)RAW(SYS_gettid);
    gate_open(threadReady);
    gate_wait(threadEnd);
    return NULL;
}

#define TOLD(label, number) do { T("%s: %d, events %s", label, conf_caught[number], poll_names(lastBand)); conf_caught[number] = 0; lastBand = 0; } while (0)

TEST {
    on_signal(SIGIO, caught, SA_RESTART);
    on_signal(SIGRTMIN + 1, caught, SA_RESTART);
    MUST(pipe2(pipeEnds, O_NONBLOCK));
    int r = pipeEnds[0], w = pipeEnds[1];
    show_owner(r);
    SHOW(fcntl(r, F_SETOWN, 0));
    show_owner(r);
    SHOW(fcntl(r, F_SETOWN, INT_MIN));
    SHOW(fcntl(r, F_SETFL, O_ASYNC | O_NONBLOCK));
    write(w, "x", 1);
    TOLD("nobody named", SIGIO);

    // one thread
    threadReady = make_gate();
    threadEnd = make_gate();
    pthread_t other;
    pthread_create(&other, NULL, thread, NULL);
    gate_wait(threadReady);
    struct f_owner_ex owner = {F_OWNER_TID, threadTid};
    SHOW(fcntl(r, F_SETOWN_EX, &owner));
    write(w, "x", 1);
    while (!conf_caught[SIGIO]) sleep_ms(1);
    FACT("the thread has it", lastTid == threadTid);
    TOLD("thread", SIGIO);
    gate_open(threadEnd);
    pthread_join(other, NULL);
    settle();
    show_owner(r);
    write(w, "x", 1);
    TOLD("of an ended thread", SIGIO);

    // another process, its group, a process that is gone
    struct gate ready = make_gate(), go = make_gate();
    pid_t pid = SPAWN({
        setpgid(0, 0);
        gate_open(ready);
        gate_wait(go);
        TOLD("child", SIGIO);
    });
    gate_wait(ready);
    SHOW(fcntl(r, F_SETOWN, pid));
    show_owner(r);
    write(w, "x", 1);
    SHOW(fcntl(r, F_SETOWN, -pid));
    CHECK(fcntl(r, F_GETOWN) == -pid);
    read(r, (char[16]){0}, 16);
    settle();
    write(w, "x", 1);
    settle();
    gate_open(go);
    reap("child", pid);
    SHOW(fcntl(r, F_GETOWN));
    show_owner(r);
    SHOW(fcntl(r, F_SETOWN, pid));
    write(w, "x", 1);
    TOLD("here", SIGIO);

    // a writer is told of room
    SHOW(fcntl(w, F_SETOWN, getpid()));
    SHOW(fcntl(w, F_SETSIG, SIGRTMIN + 1));
    SHOW(fcntl(w, F_SETFL, O_ASYNC | O_NONBLOCK));
    read(r, (char[1]){0}, 1);
    TOLD("writer", SIGRTMIN + 1);
    close(r);
    TOLD("without a reader", SIGRTMIN + 1);
    close(w);

    // sockets: a connection to a listener, data, shutdown
    int listener = (int)MUST(socket(AF_UNIX, SOCK_STREAM, 0)), client = (int)MUST(socket(AF_UNIX, SOCK_STREAM, 0));
    struct sockaddr_un name = {AF_UNIX, "socket"};
    MUST(bind(listener, (struct sockaddr *)&name, sizeof name));
    MUST(listen(listener, 1));
    MUST(fcntl(listener, F_SETOWN, getpid()));
    MUST(fcntl(listener, F_SETSIG, SIGRTMIN + 1));
    MUST(fcntl(listener, F_SETFL, O_ASYNC));
    MUST(connect(client, (struct sockaddr *)&name, sizeof name));
    TOLD("connection", SIGRTMIN + 1);
    int server = (int)MUST(accept(listener, NULL, NULL));
    SHOW(fcntl(server, F_GETFL) & O_ASYNC);
    write(client, "x", 1);
    TOLD("no flag of its own", SIGRTMIN + 1);
    MUST(fcntl(server, F_SETOWN, getpid()));
    MUST(fcntl(server, F_SETSIG, SIGRTMIN + 1));
    MUST(fcntl(server, F_SETFL, O_ASYNC));
    write(client, "x", 1);
    TOLD("data", SIGRTMIN + 1);
    shutdown(client, SHUT_WR);
    TOLD("half closed", SIGRTMIN + 1);
    close(client);
    TOLD("closed", SIGRTMIN + 1);

    // inotify
    int watch = inotify_init1(IN_NONBLOCK);
    MUST(inotify_add_watch(watch, ".", IN_CREATE));
    SHOW(fcntl(watch, F_SETOWN, getpid()));
    SHOW(fcntl(watch, F_SETSIG, SIGRTMIN + 1));
    SHOW(fcntl(watch, F_SETFL, O_ASYNC | O_NONBLOCK));
    make_file("new", "");
    TOLD("inotify", SIGRTMIN + 1);

    // a terminal names its receiver itself
    int master, slave;
    MUST(openpty(&master, &slave, NULL, NULL, NULL));
    SHOW(fcntl(slave, F_SETFL, O_ASYNC));
    show_owner(slave);
    MUST(fcntl(slave, F_SETSIG, SIGRTMIN + 1));
    write(master, "a", 1);
    settle();
    TOLD("half a line", SIGRTMIN + 1);
    write(master, "\n", 1);
    settle();
    CHECK(conf_caught[SIGRTMIN + 1] > 0);

    // what never signals does not keep the flag
    int other_kinds[] = {eventfd(0, 0), epoll_create1(0), timerfd_create(CLOCK_MONOTONIC, 0), open("new", O_RDWR), open("/dev/null", O_RDWR), open(".", O_RDONLY)};
    for (int i = 0; i < 6; i++) {
        long result = fcntl(other_kinds[i], F_SETFL, O_ASYNC);
        int one = 1;
        T("%d: %ld, kept %d, ioctl %s", i, result, !!(fcntl(other_kinds[i], F_GETFL) & O_ASYNC), ioctl(other_kinds[i], FIOASYNC, &one) < 0 ? errno_name(errno) : "ok");
    }
}
