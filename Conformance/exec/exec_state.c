// What an exec keeps and what it does not: pid, descriptors, signals, timers, limits, memory, names, umask.
#include "../tasks.h"

static int other_exe(char *path) { ssize_t n = readlink("/proc/self/exe", path, PATH_MAX - 1); if (n > 0) path[n] = 0; return n > 0; }

TEST {
    if (conf_argc > 1 && !strcmp(conf_argv[1], "nothing")) exit(0);
    if (conf_argc > 1) {
        CHECK(getpid() == atoi(conf_argv[1]));
        CHECK(getppid() == atoi(conf_argv[2]));
        CHECK(getpgrp() == atoi(conf_argv[3]));
        T("fd 10 %s, fd 11 %s, fd 12 %s", is_open(10) ? "open" : "closed", is_open(11) ? "open" : "closed", is_open(12) ? "open" : "closed");
        SHOW(lseek(10, 0, SEEK_CUR));
        char name[32] = "", path[PATH_MAX] = "";
        prctl(PR_GET_NAME, name);
        T("name %s", name);
        other_exe(path);
        CHECK(!strcmp(path, conf_self));
        T("umask %03o", umask(0));
        struct rlimit limit;
        getrlimit(RLIMIT_NOFILE, &limit);
        T("limit %d", (int)limit.rlim_cur);
        SHOW(alarm(0) > 0);
        struct itimerval timer;
        getitimer(ITIMER_VIRTUAL, &timer);
        SHOW(timer.it_value.tv_sec > 0);
        struct itimerspec spec;
        SHOW(RAW(SYS_timer_gettime, 0, &spec));
        SHOW(prctl(PR_GET_KEEPCAPS));
        int value = -1;
        prctl(PR_GET_PDEATHSIG, &value);
        SHOW(value);
        prctl(PR_GET_CHILD_SUBREAPER, &value);
        SHOW(value);
        SHOW(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
        SHOW(prctl(PR_GET_DUMPABLE));
        SHOW(getpriority(PRIO_PROCESS, 0));
        struct stat status;
        SHOW(stat("marker", &status)); // the directory
        int fd = open("lock", O_RDWR);
        struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
        IN_CHILD("record lock kept", SHOW(fcntl(fd, F_SETLK, &lock)));
        SHOW(waitpid(atoi(conf_argv[4]), &value, 0) == atoi(conf_argv[4])); // children stay
        T("%s", status_name(value));
        unsigned char vector;
        SHOW(mincore((void *)strtoul(conf_argv[5], NULL, 16), PAGE, &vector)); // memory is gone
        stack_t stack;
        sigaltstack(NULL, &stack);
        SHOW(stack.ss_flags);
        SHOW(sched_getscheduler(0));
        cpu_set_t set;
        sched_getaffinity(0, sizeof set, &set);
        SHOW(CPU_COUNT(&set));
        exit(7);
    }
    make_file("marker", "");
    make_pattern("file", 100);
    make_file("lock", "");
    fflush(stdout);
    IN_CHILD("state", {
        setpgid(0, 0);
        int fd = (int)MUST(open("file", O_RDONLY)), lockFd = (int)MUST(open("lock", O_RDWR));
        MUST(lseek(fd, 33, SEEK_SET));
        MUST(dup2(fd, 10));
        MUST(dup3(fd, 11, O_CLOEXEC));
        MUST(dup2(fd, 12));
        MUST(fcntl(12, F_SETFD, FD_CLOEXEC));
        struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
        MUST(fcntl(lockFd, F_SETLK, &lock));
        umask(045);
        struct rlimit limit = {77, 99};
        MUST(setrlimit(RLIMIT_NOFILE, &limit));
        alarm(100);
        struct itimerval timer = {{0, 0}, {100, 0}};
        setitimer(ITIMER_VIRTUAL, &timer, NULL);
        timer_t posix;
        MUST(timer_create(CLOCK_MONOTONIC, NULL, &posix));
        prctl(PR_SET_NAME, "before");
        prctl(PR_SET_KEEPCAPS, 1);
        prctl(PR_SET_PDEATHSIG, SIGUSR1);
        prctl(PR_SET_CHILD_SUBREAPER, 1);
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
        prctl(PR_SET_DUMPABLE, 0);
        setpriority(PRIO_PROCESS, 0, 4);
        struct sched_param param = {0};
        sched_setscheduler(0, SCHED_BATCH, &param);
        cpu_set_t set;
        sched_getaffinity(0, sizeof set, &set);
        int first = 0;
        while (!CPU_ISSET(first, &set)) first++;
        CPU_ZERO(&set);
        CPU_SET(first, &set);
        sched_setaffinity(0, sizeof set, &set);
        stack_t stack = {.ss_sp = new_pages(4), .ss_size = 4 * PAGE};
        sigaltstack(&stack, NULL);
        char a[5][32];
        pid_t child = SPAWN({ _exit(5); });
        snprintf(a[0], 32, "%d", getpid());
        snprintf(a[1], 32, "%d", getppid());
        snprintf(a[2], 32, "%d", getpgrp());
        snprintf(a[3], 32, "%d", child);
        snprintf(a[4], 32, "%lx", (unsigned long)free_range(1));
        MUST(mmap((void *)strtoul(a[4], NULL, 16), PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED ? -1 : 0);
        EXEC_SELF(a[0], a[1], a[2], a[3], a[4]);
    });
    // With the descriptors 0 to 2 closed nothing takes their place.
    IN_CHILD("0-2 closed", close(0); close(2); MUST(fcntl(1, F_SETFD, FD_CLOEXEC)); EXEC_SELF("nothing"));
}
