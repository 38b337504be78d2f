// Another process's memory: while it sleeps, runs, is stopped, has threads or shares its memory; /proc/PID/mem, cmdline.
#include "../tasks.h"

static char *data;

static long peek(pid_t pid, void *from, void *to, size_t count) {
    struct iovec mine = {to, count}, its = {from, count};
    return process_vm_readv(pid, &mine, 1, &its, 1, 0);
}
static long poke(pid_t pid, void *to, const void *from, size_t count) {
    struct iovec mine = {(void *)from, count}, its = {to, count};
    return process_vm_writev(pid, &mine, 1, &its, 1, 0);
}

static void try_it(const char *label, pid_t pid) {
    char text[64] = "";
    T("%s: read %ld \"%s\"", label, peek(pid, data, text, 32), text);
    snprintf(text, sizeof text, "written: %s", label);
    T("%s: write %ld, here still \"%s\"", label, poke(pid, data, text, strlen(text) + 1), data);
}

static void *sleeper(void *gate) {
    gate_wait(*(struct gate *)gate);
    return NULL;
}

TEST {
    if (conf_argc > 1) { // overwrites its arguments
        memset(conf_argv[1], 'Y', strlen(conf_argv[1]));
        write(STDOUT_FILENO, "", 0);
        kill(getppid(), SIGUSR1);
        pause();
        return;
    }
    data = new_pages(40);
    strcpy(data, "parent");
    struct gate ready = make_gate(), go = make_gate(), shown = make_gate();

    pid_t pid = SPAWN({ strcpy(data, "sleeping"); gate_open(ready); gate_wait(go); T("child has \"%s\"", data); });
    gate_wait(ready);
    try_it("asleep", pid);
    gate_open(go);
    reap("child", pid);

    pid = SPAWN({ strcpy(data, "running"); gate_open(ready); while (*(volatile char *)data == 'r') {} gate_wait(go); T("child has \"%s\"", data); });
    gate_wait(ready);
    try_it("running", pid);
    gate_open(go);
    reap("child", pid);

    pid = SPAWN({ strcpy(data, "stopped"); raise(SIGSTOP); T("child has \"%s\"", data); });
    waitpid(pid, NULL, WUNTRACED);
    try_it("stopped", pid);
    kill(pid, SIGCONT);
    reap("child", pid);

    pid = SPAWN({
        pthread_t thread;
        strcpy(data, "threads");
        pthread_create(&thread, NULL, sleeper, &go);
        gate_open(ready);
        while (*(volatile char *)data == 't') {}
        gate_wait(shown);
        T("child has \"%s\"", data);
        gate_open(go);
        pthread_join(thread, NULL);
    });
    gate_wait(ready);
    try_it("two threads", pid);
    gate_open(shown);
    reap("child", pid);

    // large, across pages with a hole; forbidden pages
    pid = SPAWN({
        for (int i = 0; i < 40 * PAGE; i++) data[i] = (char)('a' + i % 26);
        munmap(data + 36 * PAGE, PAGE);
        mprotect(data + 34 * PAGE, PAGE, PROT_NONE);
        mprotect(data + 33 * PAGE, PAGE, PROT_READ);
        gate_open(ready);
        gate_wait(go);
        T("child has %c %c %c", data[0], data[33 * PAGE], data[40 * PAGE - 1]);
    });
    gate_wait(ready);
    char *copy = new_pages(40);
    SHOW(peek(pid, data, copy, 30 * PAGE));
    bool same = true;
    for (int i = 0; i < 30 * PAGE; i++) same = same && copy[i] == 'a' + i % 26;
    CHECK(same);
    SHOW(peek(pid, data + 32 * PAGE, copy, 4 * PAGE));
    SHOW(peek(pid, data + 34 * PAGE, copy, PAGE));
    SHOW(poke(pid, data + 33 * PAGE, "Z", 1));
    SHOW(peek(pid, data + 35 * PAGE + 10, copy, 2 * PAGE));
    SHOW(peek(pid, NIL, copy, 1));
    SHOW(peek(pid, (void *)-4096L, copy, 1));
    char name[64];
    snprintf(name, sizeof name, "/proc/%d/mem", pid);
    int mem = (int)MUST(open(name, O_RDWR));
    SHOW(pread(mem, copy, 100, (off_t)data));
    T("%.10s", copy);
    SHOW(pread(mem, copy, 4 * PAGE, (off_t)data + 35 * PAGE));
    SHOW(pread(mem, copy, 1, (off_t)data + 36 * PAGE));
    SHOW(pread(mem, copy, 1, 0));
    SHOW(pwrite(mem, "!", 1, (off_t)data));
    SHOW(pwrite(mem, "Z", 1, (off_t)data + 33 * PAGE)); // protection does not count here
    SHOW(pread(mem, copy, 1, (off_t)data + 34 * PAGE));
    T("%c", copy[0]);
    SHOW(pwrite(mem, "?", 1, (off_t)data + 36 * PAGE));
    SHOW(lseek(mem, 0, SEEK_END));
    gate_open(go);
    reap("child", pid);
    SHOW(pread(mem, copy, 1, (off_t)data));
    SHOW(peek(pid, data, copy, 1));
    close(mem);

    // what the child does while it is read must not get lost
    pid = SPAWN({
        for (int i = 0; i < 300; i++) {
            int ends[2];
            MUST(pipe(ends));
            MUST(write(ends[1], "x", 1));
            MUST(read(ends[0], copy, 1));
            struct timespec little = {0, 20000};
            nanosleep(&little, NULL);
            close(ends[0]);
            close(ends[1]);
            free(malloc(300000));
        }
    });
    long good = 0, bad = 0;
    while (waitpid(pid, NULL, WNOHANG) == 0) if (peek(pid, data, copy, 64) == 64) good++; else if (errno != ESRCH) bad++;
    CHECK(good > 0 && bad == 0);

    // a zombie has none, nor is there a way to somebody else's
    pid = SPAWN({});
    siginfo_t info;
    waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT);
    SHOW(peek(pid, data, copy, 1));
    reap("zombie", pid);
    if (geteuid() == 0) {
        pid = SPAWN({ gate_open(ready); gate_wait(go); });
        gate_wait(ready);
        pid_t other = SPAWN({ MUST(setuid(65534)); SHOW(peek(pid, data, copy, 1)); });
        reap("another user", other);
        gate_open(go);
        reap("child", pid);
    } else {
        T("peek(pid, data, copy, 1) = -1 EPERM\nanother user: exited 0\nchild: exited 0");
    }

    // arguments that the program has changed
    BLOCK(SIGUSR1);
    pid = fork_child();
    if (pid == 0) { EXEC_SELF("xxxxxx"); child_exit(1); }
    sigset_t set = SIGSET(SIGUSR1);
    sigwaitinfo(&set, NULL);
    snprintf(name, sizeof name, "/proc/%d/cmdline", pid);
    int fd = (int)MUST(open(name, O_RDONLY));
    char line[4096];
    long length = read(fd, line, sizeof line);
    T("arguments end with \"%.6s\"", length > 7 ? line + length - 7 : "");
    kill(pid, SIGKILL);
    reap("child", pid);
}
