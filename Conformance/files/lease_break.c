// Leases that are broken: who is told and how, who waits, what the holder can do about it.
#include "../tasks.h"

static volatile int lastCode, lastBand, lastFd;
static void caught(int number, siginfo_t *info, void *context) {
    (void)context;
    conf_caught[number]++;
    lastCode = info->si_code;
    lastBand = (int)info->si_band;
    lastFd = info->si_fd;
}

static const char *lease_name(int type) {
    return type == F_RDLCK ? "read" : type == F_WRLCK ? "write" : type == F_UNLCK ? "none" : "an error";
}
#define LEASE(fd) T("%s: %s", #fd, lease_name(fcntl(fd, F_GETLEASE)))

TEST {
    make_file("f", "text");
    signal(SIGIO, SIG_IGN);
    on_signal(SIGRTMIN + 2, caught, 0);
    // Who may have one: the only opener.
    int a = (int)MUST(open("f", O_RDONLY)), b = (int)MUST(open("f", O_RDONLY));
    SHOW(fcntl(a, F_SETLEASE, F_WRLCK));
    SHOW(fcntl(a, F_SETLEASE, F_RDLCK));
    SHOW(fcntl(b, F_SETLEASE, F_RDLCK));
    SHOW(fcntl(a, F_SETLEASE, F_WRLCK));
    CHECK(fcntl(a, F_GETOWN) == getpid());
    close(b);
    SHOW(fcntl(a, F_SETLEASE, F_WRLCK));
    LEASE(a);
    b = open("f", O_PATH);
    SHOW(fcntl(a, F_SETLEASE, F_WRLCK));
    close(b);
    SHOW(fcntl(a, F_SETSIG, SIGRTMIN + 2));
    // An open for reading wants a write lease to become one for reading.
    SHOW(open("f", O_RDONLY | O_NONBLOCK));
    T("told %d times: code %s, band %s, descriptor %d", conf_caught[SIGRTMIN + 2], code_name(SIGRTMIN, lastCode), poll_names(lastBand), lastFd == a);
    LEASE(a);
    SHOW(open("f", O_RDONLY | O_NONBLOCK));
    T("told %d times", conf_caught[SIGRTMIN + 2]);
    SHOW(fcntl(a, F_SETLEASE, F_RDLCK));
    LEASE(a);
    b = (int)MUST(open("f", O_RDONLY | O_NONBLOCK));
    // One for writing wants it gone.
    SHOW(open("f", O_WRONLY | O_NONBLOCK));
    T("told %d times", conf_caught[SIGRTMIN + 2]);
    LEASE(a);
    SHOW(open("f", O_RDWR | O_NONBLOCK | O_TRUNC));
    SHOW(fcntl(b, F_SETLEASE, F_RDLCK));
    SHOW(fcntl(a, F_SETLEASE, F_UNLCK));
    SHOW(fcntl(a, F_SETLEASE, F_UNLCK));
    SHOW(fcntl(a, F_GETSIG));
    SHOW(fcntl(a, F_GETOWN));
    close(b);
    show_file("f");

    // A waiting opener goes on when the lease is given back, by whatever means.
    for (int how = 0; how < 4; how++) {
        SHOW(fcntl(a, F_SETLEASE, F_WRLCK));
        SHOW(fcntl(a, F_SETSIG, SIGRTMIN + 2));
        int before = conf_caught[SIGRTMIN + 2];
        struct gate opened = make_gate();
        bool truncates = how == 1, reads = how == 2;
        pid_t pid = SPAWN({
            close(a);
            int fd = truncates ? truncate("f", 2) : open("f", reads ? O_RDONLY : O_WRONLY);
            gate_open(opened);
            T("%s: %s", truncates ? "truncate" : "open", fd < 0 ? errno_name(errno) : "ok");
        });
        while (conf_caught[SIGRTMIN + 2] == before) sleep_ms(1);
        settle();
        LEASE(a);
        if (how == 2) MUST(fcntl(a, F_SETLEASE, F_RDLCK));
        else if (how == 3) close(a);
        else MUST(fcntl(a, F_SETLEASE, F_UNLCK));
        gate_wait(opened);
        reap("opener", pid);
        if (how == 2) LEASE(a);
        if (how == 2) SHOW(fcntl(a, F_SETLEASE, F_UNLCK));
    }
    show_file("f");
    // truncate(2) is a writer too: a write lease cannot become a read lease meanwhile.
    a = (int)MUST(open("f", O_RDONLY));
    SHOW(fcntl(a, F_SETLEASE, F_WRLCK));
    BLOCK(SIGIO);
    pid_t truncater = SPAWN(_exit(truncate("f", 1) != 0));
    sigset_t only_io = SIGSET(SIGIO);
    SHOW(sigtimedwait(&only_io, NULL, &(struct timespec){5, 0}));
    LEASE(a);
    SHOW(fcntl(a, F_SETLEASE, F_RDLCK));
    SHOW(fcntl(a, F_SETLEASE, F_UNLCK));
    reap("truncater", truncater);
    close(a);
    // A signal interrupts the wait; it goes with the file's last descriptor.
    a = (int)MUST(open("f", O_RDWR));
    SHOW(fcntl(a, F_SETLEASE, F_WRLCK));
    b = (int)MUST(dup(a));
    close(a);
    LEASE(b);
    pid_t pid = SPAWN({
        struct sigaction action = {.sa_sigaction = caught, .sa_flags = SA_SIGINFO};
        sigaction(SIGALRM, &action, NULL);
        start_ticks(30);
        SHOW(open("f", O_RDONLY));
        stop_ticks();
    });
    reap("interrupted", pid);
    LEASE(b);
    SHOW(fcntl(b, F_SETLEASE, F_RDLCK));
    SHOW(fcntl(b, F_SETLEASE, F_UNLCK));
    close(b);
    // Other people's files.
    if (geteuid() == 0) {
        MUST(chmod("f", 0666));
        a = (int)MUST(open("f", O_RDONLY));
        MUST(seteuid(65534));
        SHOW(fcntl(a, F_SETLEASE, F_RDLCK));
        MUST(seteuid(0));
        close(a);
    } else {
        T("fcntl(a, F_SETLEASE, F_RDLCK) = -1 EACCES");
    }
    int memory = (int)MUST(memfd_create("m", 0));
    SHOW(fcntl(memory, F_SETLEASE, F_WRLCK));
    LEASE(memory);
}
