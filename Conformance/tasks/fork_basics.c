// fork: what the child gets a copy of, what it shares, what it starts without.
#include "../tasks.h"

static int global = 1;

TEST {
    int local = 1;
    char *page = new_pages(1), *shared = new_shared(PAGE);
    page[0] = shared[0] = 1;
    make_pattern("file", 100);
    int fd = (int)MUST(open("file", O_RDWR));
    MUST(fcntl(fd, F_SETFD, FD_CLOEXEC));
    BLOCK(SIGUSR1);
    raise(SIGUSR1);
    count_signal(SIGUSR2, 0);
    start_ticks(1000);
    umask(027);
    struct rlimit limit = {100, 200};
    MUST(setrlimit(RLIMIT_NOFILE, &limit));
    pid_t before = getpid();
    IN_CHILD("child", {
        CHECK(getpid() != before);
        CHECK(getppid() == before);
        CHECK(getpid() == gettid());
        CHECK(getpgrp() == getpgid(before));
        CHECK(getsid(0) == getsid(before));
        global = local = 2;
        page[0] = shared[0] = 2;
        sigset_t pending, mask;
        sigpending(&pending);
        sigprocmask(SIG_SETMASK, NULL, &mask);
        T("pending %s, blocked %s", set_names(&pending), set_names(&mask));
        struct sigaction action;
        sigaction(SIGUSR2, NULL, &action);
        CHECK(action.sa_handler == conf_count_signal);
        struct itimerval timer;
        getitimer(ITIMER_REAL, &timer);
        CHECK(timer.it_value.tv_sec == 0 && timer.it_value.tv_usec == 0 && timer.it_interval.tv_sec == 0);
        T("umask %03o", umask(0));
        getrlimit(RLIMIT_NOFILE, &limit);
        T("limit %d %d", (int)limit.rlim_cur, (int)limit.rlim_max);
        CHECK(fcntl(fd, F_GETFD) == FD_CLOEXEC);
        SHOW(lseek(fd, 10, SEEK_SET));
        struct rusage usage;
        getrusage(RUSAGE_CHILDREN, &usage);
        CHECK(usage.ru_utime.tv_sec == 0 && usage.ru_utime.tv_usec == 0 && usage.ru_maxrss == 0);
        close(fd);
        setenv("CONF_CHILD", "1", 1);
        MUST(chdir("/"));
    });
    stop_ticks();
    T("global %d, local %d, private page %d, shared page %d", global, local, page[0], shared[0]);
    SHOW(lseek(fd, 0, SEEK_CUR)); // one open file description
    CHECK(getenv("CONF_CHILD") == NULL);
    char cwd[PATH_MAX];
    CHECK(getcwd(cwd, sizeof cwd) && !strcmp(cwd, conf_dir));
    T("umask %03o", umask(022));
    sigset_t pending;
    sigpending(&pending);
    T("pending %s", set_names(&pending));

    // A tree of processes, each waiting for its own.
    *shared = 0;
    for (int i = 0; i < 3; i++)
        if (fork_child() == 0) {
            for (int j = 0; j < 2; j++)
                if (fork_child() == 0) {
                    __atomic_fetch_add(shared, 1, __ATOMIC_SEQ_CST);
                    child_exit(0);
                }
            while (wait(NULL) > 0) {}
            __atomic_fetch_add(shared, 10, __ATOMIC_SEQ_CST);
            child_exit(0);
        }
    while (wait(NULL) > 0) {}
    SHOW(*shared);
}
