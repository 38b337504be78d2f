// What is counted and shown of calls: /proc/PID/io, syscall, wchan, stack; the load; locks.
#include "../tasks.h"
#include <sys/sendfile.h>
#include <sys/sysinfo.h>

static long counters[4];
static long read_counters(const char *path) {
    char text[512];
    int fd = (int)MUST(open(path, O_RDONLY));
    long length = read(fd, text, sizeof text - 1);
    close(fd);
    text[length > 0 ? length : 0] = 0;
    if (sscanf(text, "rchar: %ld\nwchar: %ld\nsyscr: %ld\nsyscw: %ld\n", counters, counters + 1, counters + 2, counters + 3) != 4) T("cannot read %s", text);
    return length;
}

static void *write_thread(void *path) {
    int fd = open(path, O_WRONLY);
    write(fd, "1234567", 7);
    close(fd);
    return NULL;
}

static char *slurp(pid_t pid, const char *name) {
    static char text[1024], path[64];
    snprintf(path, sizeof path, "/proc/%d/%s", pid, name);
    int fd = open(path, O_RDONLY);
    long length = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
    if (length < 0) return (char *)errno_name(errno);
    close(fd);
    text[length] = 0;
    return text;
}

TEST {
    make_pattern("f", 1000);
    setvbuf(stdout, NULL, _IOFBF, 1 << 16);
    int fd = (int)MUST(open("f", O_RDWR)), null = (int)MUST(open("/dev/null", O_WRONLY));
    char data[600];
    long own = read_counters("/proc/self/io"), before[4];
    memcpy(before, counters, sizeof before);
    read(fd, data, 600);
    read(fd, data, 600); // 400
    read(fd, data, 600); // 0
    pread(fd, data, 10, 0);
    write(null, data, 33);
    struct iovec pieces[2] = {{data, 5}, {data, 6}};
    writev(null, pieces, 2);
    off_t start = 0;
    sendfile(null, fd, &start, 100);
    pthread_t thread;
    pthread_create(&thread, NULL, write_thread, "/dev/null");
    pthread_join(thread, NULL);
    pid_t pid = SPAWN({ write(null, data, 1); write(null, data, 2); });
    waitpid(pid, NULL, 0);
    read_counters("/proc/self/io");
    T("read %ld bytes in %ld calls, wrote %ld in %ld", counters[0] - before[0] - own, counters[2] - before[2], counters[1] - before[1], counters[3] - before[3]);

    // a thread's own; another process's
    read_counters("/proc/thread-self/io");
    FACT("a thread has less than its process", counters[3] < before[3] + 7);
    struct gate ready = make_gate(), go = make_gate();
    pid = SPAWN({ write(null, data, 50); gate_open(ready); gate_wait(go); });
    gate_wait(ready);
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/io", pid);
    read_counters(path);
    T("the child wrote %ld in %ld", counters[1], counters[3]);
    gate_open(go);
    reap("child", pid);

    // what a sleeper sleeps in
    pid = SPAWN({ syscall(SYS_rt_sigsuspend, &(unsigned long){0}, 8, 3, 4, 5, 6); });
    settle();
    long number = -1, a, b, c, d;
    unsigned long sp, pc;
    char *text = slurp(pid, "syscall");
    int count = sscanf(text, "%ld %*x %lx %lx %lx %lx %*x %lx %lx", &number, &a, &b, &c, &d, &sp, &pc);
    T("%d values: call %d, arguments %ld %ld %ld %ld, at %d", count, number == SYS_rt_sigsuspend, a, b, c, d, sp > PAGE && pc > PAGE);
    FACT("sleeps somewhere", strcmp(slurp(pid, "wchan"), "0"));
    kill(pid, SIGKILL);
    reap("child", pid);
    FACT("does not sleep itself", !strcmp(slurp(getpid(), "wchan"), "0"));
    pid = SPAWN({ for (;;) {} });
    settle();
    char *state = slurp(pid, "syscall");
    T("a runner: %s", strchr(state, '\n') ? strtok(state, "\n") : state);
    kill(pid, SIGKILL);
    reap("child", pid);
    if (geteuid() == 0) {
        pid = SPAWN({
            MUST(setuid(65534));
            MUST(prctl(PR_SET_DUMPABLE, 1));
            T("stack: %s", slurp(getpid(), "stack"));
        });
        reap("unprivileged", pid);
    } else {
        T("stack: EACCES\nunprivileged: exited 0");
    }

    // the load
    double loads[3];
    int running, all, last;
    FILE *file = fopen("/proc/loadavg", "r");
    T("%d values", fscanf(file, "%lf %lf %lf %d/%d %d", loads, loads + 1, loads + 2, &running, &all, &last));
    fclose(file);
    struct sysinfo info;
    sysinfo(&info);
    CHECK(running >= 1 && all >= running && loads[0] >= 0 && loads[0] < 1000);
    CHECK((double)info.loads[0] / 65536 - loads[0] < 0.3 && loads[0] - (double)info.loads[0] / 65536 < 0.3);

    // locks
    struct flock lock = {.l_type = F_WRLCK, .l_start = 10, .l_len = 5};
    MUST(fcntl(fd, F_SETLK, &lock));
    MUST(flock(fd, LOCK_SH));
    struct stat status;
    fstat(fd, &status);
    file = fopen("/proc/locks", "r");
    char line[256], *kinds[8];
    int found = 0;
    while (found < 8 && fgets(line, sizeof line, file)) {
        unsigned long inode, first;
        char kind[16], how[16], access[16], device[32], end[32];
        int owner;
        if (sscanf(line, "%*d: %15s %15s %15s %d %31[^:]:%*[^:]:%lu %lu %31s", kind, how, access, &owner, device, &inode, &first, end) != 8 || inode != status.st_ino) continue;
        if (owner == getpid() && asprintf(&kinds[found], "%s %s %s from %lu to %s", kind, how, access, first, end) > 0) found++;
    }
    fclose(file);
    qsort(kinds, (size_t)found, sizeof *kinds, conf_compare);
    for (int i = 0; i < found; i++) T("%s", kinds[i]);
}
