// /proc/self: stat, status, cmdline, comm, exe, cwd, root, environ, limits, fd, task, mountinfo, and a child's.
#include "../tasks.h"

static char text[1 << 17];
static ssize_t slurp(const char *path) {
    int fd = open(path, O_RDONLY);
    if (fd < 0) return -1;
    ssize_t used = 0, got;
    while ((got = read(fd, text + used, sizeof text - 1 - (size_t)used)) > 0) used += got;
    close(fd);
    text[used] = 0;
    return used;
}
// The rest of a line of status, without leading blanks, "" if there is none.
static const char *field(const char *name) {
    static char value[512];
    char start[64];
    snprintf(start, sizeof start, "\n%s:", name);
    char *line = strstr(text, start);
    if (!line) return "(missing)";
    line += strlen(start);
    while (*line == ' ' || *line == '\t') line++;
    size_t length = strcspn(line, "\n");
    snprintf(value, sizeof value, "%.*s", (int)length, line);
    return value;
}

TEST {
    char path[PATH_MAX], target[PATH_MAX];
    if (conf_argc > 1) {
        MUST(slurp("/proc/self/cmdline"));
        show_text("cmdline", text + strlen(text) + 1, 12); // without the path
        show_text("environ", text, slurp("/proc/self/environ"));
        conf_argv[1][0] = 'X'; // is read from memory
        MUST(slurp("/proc/self/cmdline"));
        show_text("cmdline", text + strlen(text) + 1, 12);
        exit(0);
    }
    fflush(stdout);
    IN_CHILD("executed", execve(conf_self, (char *[]){conf_self, "one", "two 2", "", NULL}, (char *[]){"A=1", "B=2 2", NULL}));
    prctl(PR_SET_NAME, "a name");
    MUST(slurp("/proc/self/stat"));
    int pid, ppid, pgrp, session, tty, foreground;
    char state, *rest = strrchr(text, ')') + 2;
    pid = atoi(text);
    SHOW(sscanf(rest, "%c %d %d %d %d %d", &state, &ppid, &pgrp, &session, &tty, &foreground));
    CHECK(pid == getpid() && ppid == getppid() && pgrp == getpgrp() && session == getsid(0));
    int fields = 2;
    for (char *p = rest; p; p = strchr(p, ' ')) fields++, p++;
    T("%.*s state %c, %d fields", (int)(strrchr(text, ')') - strchr(text, '(') + 1), strchr(text, '('), state, fields);
    long priority, nice, threads;
    sscanf(rest, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %ld %ld %ld", &priority, &nice, &threads);
    T("priority %ld, nice %ld, threads %ld", priority, nice, threads);

    signal(SIGUSR1, SIG_IGN);
    count_signal(SIGUSR2, 0);
    BLOCK(SIGTERM, SIGHUP);
    raise(SIGHUP);
    kill(getpid(), SIGTERM);
    umask(027);
    MUST(slurp("/proc/self/status"));
    CHECK(!strncmp(text, "Name:\ta name\n", 13));
    T("Umask %s", field("Umask"));
    T("State %s", field("State"));
    CHECK(atoi(field("Tgid")) == getpid());
    CHECK(atoi(field("Pid")) == getpid());
    CHECK(atoi(field("PPid")) == getppid());
    T("TracerPid %s", field("TracerPid"));
    unsigned uids[4];
    SHOW(sscanf(field("Uid"), "%u %u %u %u", &uids[0], &uids[1], &uids[2], &uids[3]));
    CHECK(uids[0] == getuid() && uids[1] == geteuid() && uids[3] == geteuid());
    CHECK(atoi(field("FDSize")) >= 3);
    CHECK(atol(field("VmSize")) > 0 && atol(field("VmRSS")) > 0 && atol(field("VmPeak")) >= atol(field("VmSize")));
    static const char *names[] = {"VmHWM", "VmData", "VmStk", "VmExe", "VmLib", "VmPTE", "VmSwap", "VmLck"};
    for (int i = 0; i < 8; i++) FACT(names[i], strcmp(field(names[i]), "(missing)"));
    T("Threads %s", field("Threads"));
    T("SigPnd %s", field("SigPnd"));
    T("ShdPnd %s", field("ShdPnd"));
    T("SigBlk %s", field("SigBlk"));
    T("SigIgn %s", field("SigIgn"));
    T("SigCgt %s", field("SigCgt"));
    T("NoNewPrivs %s", field("NoNewPrivs"));
    FACT("CapEff", strlen(field("CapEff")) == 16);
    FACT("Cpus_allowed", strcmp(field("Cpus_allowed"), "(missing)"));
    FACT("voluntary_ctxt_switches", strcmp(field("voluntary_ctxt_switches"), "(missing)"));

    SHOW(readlink("/proc/self", target, sizeof target) > 0 && atoi(target) == getpid());
    memset(target, 0, sizeof target);
    MUST(readlink("/proc/thread-self", target, sizeof target - 1));
    snprintf(path, 100, "%d/task/%d", getpid(), gettid());
    CHECK(!strcmp(target, path));
    static const char *links[] = {"exe", "cwd", "root"};
    const char *expected[] = {conf_self, conf_dir, "/"};
    for (int i = 0; i < 3; i++) {
        snprintf(path, 100, "/proc/self/%s", links[i]);
        memset(target, 0, sizeof target);
        MUST(readlink(path, target, sizeof target - 1));
        FACT(links[i], !strcmp(target, expected[i]));
    }
    struct stat a, b;
    CHECK(stat("/proc/self/exe", &a) == 0 && stat(conf_self, &b) == 0 && a.st_ino == b.st_ino && a.st_dev == b.st_dev);
    CHECK(lstat("/proc/self/exe", &a) == 0 && S_ISLNK(a.st_mode));
    int fd = (int)MUST(open("/dev/null", O_RDWR));
    snprintf(path, 100, "/proc/self/fd/%d", fd);
    memset(target, 0, sizeof target);
    MUST(readlink(path, target, sizeof target - 1));
    T("fd %s", target);
    int ends[2];
    MUST(pipe(ends));
    snprintf(path, 100, "/proc/self/fd/%d", ends[0]);
    memset(target, 0, sizeof target);
    MUST(readlink(path, target, sizeof target - 1));
    T("fd %.6s", target);
    snprintf(path, 100, "/proc/self/fdinfo/%d", fd);
    CHECK(slurp(path) > 0 && strstr(text, "pos:\t0\n") && strstr(text, "flags:\t0100002\n"));

    struct rlimit limit = {123, 456};
    MUST(setrlimit(RLIMIT_NOFILE, &limit));
    CHECK(slurp("/proc/self/limits") > 0 && strstr(text, "Max open files            123                  456                  files"));
    CHECK(!strncmp(text, "Limit                     Soft Limit           Hard Limit           Units", 73));
    CHECK(slurp("/proc/self/mountinfo") > 0 && strstr(text, " / / "));
    CHECK(slurp("/proc/self/mounts") > 0 && strstr(text, " /proc proc "));
    CHECK(slurp("/proc/self/cgroup") >= 0);
    CHECK(slurp("/proc/self/loginuid") >= 0 || errno == ENOENT);
    CHECK(slurp("/proc/self/oom_score_adj") > 0);
    CHECK(slurp("/proc/self/io") > 0 || errno == ENOENT || errno == EACCES);
    CHECK(slurp("/proc/filesystems") > 0 && strstr(text, "nodev\tproc\n") && strstr(text, "nodev\ttmpfs\n"));

    struct gate gate = make_gate();
    pid_t child = SPAWN({ prctl(PR_SET_NAME, "child"); gate_wait(gate); });
    snprintf(path, 100, "/proc/%d/comm", child);
    AWAIT(slurp(path) == 6 && !strcmp(text, "child\n"));
    show_text("comm", text, 6);
    CHECK(AWAIT(process_state(child) == 'S'));
    snprintf(path, 100, "/proc/%d/status", child);
    MUST(slurp(path));
    CHECK(atoi(field("PPid")) == getpid());
    kill(child, SIGSTOP);
    waitpid(child, NULL, WUNTRACED);
    MUST(slurp(path));
    T("State %s", field("State"));
    kill(child, SIGCONT);
    gate_open(gate);
    AWAIT(process_state(child) == 'Z');
    MUST(slurp(path));
    T("State %s", field("State"));
    snprintf(path, 100, "/proc/%d/cmdline", child);
    SHOW(slurp(path));
    snprintf(path, 100, "/proc/%d/exe", child);
    SHOW(readlink(path, target, sizeof target));
    snprintf(path, 100, "/proc/%d/maps", child);
    SHOW(slurp(path));
    reap("child", child);
    SHOW(slurp(path));
    SHOW(open("/proc/99999999/stat", O_RDONLY));
    SHOW(open("/proc/self/nothing", O_RDONLY));
    SHOW(mkdir("/proc/self/new", 0755));
    SHOW(unlink("/proc/self/stat"));
}
