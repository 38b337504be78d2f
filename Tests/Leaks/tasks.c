// Leak tests: processes and threads.
#include "leaks.h"
#include <linux/futex.h>
#include <spawn.h>
#include <sys/prctl.h>

extern char **environ;

static void forks(long n) {
    pid_t child = must(fork());
    if (child == 0) _exit((int)n & 0x7f);
    reap(child, ((int)n & 0x7f) << 8);
}

static void vforks(long n) {
    pid_t child = must(vfork());
    if (child == 0) _exit((int)n & 0x7f);
    reap(child, ((int)n & 0x7f) << 8);
}

static void forks_ignored(long n) {
    (void)n;
    signal(SIGCHLD, SIG_IGN);
    pid_t child = must(fork());
    if (child == 0) _exit(0);
    expect(waitpid(child, NULL, 0) < 0);
    signal(SIGCHLD, SIG_DFL);
}

static void orphans(long n) {
    (void)n;
    int p[2];
    must(pipe(p));
    pid_t child = must(fork());
    if (child == 0) {
        must(fork());
        _exit(0);
    }
    reap(child, 0);
    close(p[1]);
    char c;
    expect(read(p[0], &c, 1) == 0); // until the grandchild is gone as well
    close(p[0]);
}

static void spawns(long n) {
    (void)n;
    pid_t child;
    char *arguments[] = { "true", NULL };
    expect(posix_spawn(&child, "/bin/true", NULL, NULL, arguments, environ) == 0);
    reap(child, 0);
}

static void fork_exec(long n) {
    (void)n;
    pid_t child = must(fork());
    if (child == 0) {
        execl("/bin/true", "true", (char *)0);
        _exit(1);
    }
    reap(child, 0);
}

static void failed_exec(long n) {
    (void)n;
    static char *arguments[] = { "x", NULL };
    expect(execve("/etc/passwd", arguments, environ) < 0);
    expect(execve("/no/such/program", arguments, environ) < 0);
    expect(execve("/etc", arguments, environ) < 0);
    expect(syscall(SYS_execve, "/bin/true", 8, environ) < 0);
    int fd = must(open("bad", O_RDWR | O_CREAT | O_TRUNC, 0700));
    char header[64] = "\177ELF\2\1\1";
    expect(write(fd, header, sizeof header) == sizeof header);
    close(fd);
    expect(execve("./bad", arguments, environ) < 0);
}

static void *nothing(void *argument) { return argument; }

static void threads(long n) {
    pthread_t thread;
    void *result;
    expect(pthread_create(&thread, NULL, nothing, (void *)n) == 0);
    expect(pthread_join(thread, &result) == 0 && result == (void *)n);
}

static void *forever(void *argument) {
    for (;;) pause();
    return argument;
}

/// A process that ends with its threads alive.
static void threads_killed(long n) {
    pid_t child = must(fork());
    if (child == 0) {
        pthread_t thread;
        for (int i = 0; i < 4; i++) pthread_create(&thread, NULL, forever, NULL);
        if (n & 1) {
            kill(getpid(), SIGKILL);
            pause();
        }
        _exit(0);
    }
    reap(child, n & 1 ? SIGKILL : 0);
}

static void threads_exec(long n) {
    (void)n;
    pid_t child = must(fork());
    if (child == 0) {
        pthread_t thread;
        for (int i = 0; i < 3; i++) pthread_create(&thread, NULL, forever, NULL);
        execl("/bin/true", "true", (char *)0);
        _exit(1);
    }
    reap(child, 0);
}

/// Processes that are killed while they do all kinds of things.
static void killed_tree(long n) {
    int p[2];
    must(pipe(p));
    pid_t child = must(fork());
    if (child == 0) {
        setpgid(0, 0);
        for (int i = 0; i < 5; i++)
            if (fork() == 0) {
                char c = 0;
                int q[2];
                switch (i) {
                case 0: (void)!write(p[1], "x", 1); (void)!read(p[0], &c, 0); pause(); break;
                case 1: (void)!pipe(q); (void)!write(p[1], "x", 1); (void)!read(q[0], &c, 1); break;
                case 2: (void)!write(p[1], "x", 1); sleep(100); break;
                case 3: (void)!write(p[1], "x", 1); for (;;) {} break;
                case 4: { int word = 0; (void)!write(p[1], "x", 1); syscall(SYS_futex, &word, FUTEX_WAIT, 0, NULL, NULL, 0); break; }
                }
                _exit(1);
            }
        while (wait(NULL) > 0) {}
        _exit(1);
    }
    char c;
    for (int i = 0; i < 5; i++) expect(read(p[0], &c, 1) == 1);
    close(p[1]);
    if (n & 1) must(kill(child, SIGKILL)); // first the parent, so that the others are orphans
    must(kill(-child, SIGKILL));
    reap(child, SIGKILL);
    expect(read(p[0], &c, 1) == 0);
    close(p[0]);
}

static void stopped(long n) {
    (void)n;
    int status;
    pid_t child = must(fork());
    if (child == 0) for (;;) pause();
    must(kill(child, SIGSTOP));
    expect(waitpid(child, &status, WUNTRACED) == child && WIFSTOPPED(status));
    must(kill(child, SIGCONT));
    expect(waitpid(child, &status, WCONTINUED) == child);
    must(kill(child, SIGKILL));
    reap(child, SIGKILL);
}

static void process_descriptors(long n) {
    (void)n;
    pid_t child = must(fork());
    if (child == 0) _exit(0);
    int fd = must((int)syscall(SYS_pidfd_open, child, 0));
    siginfo_t info;
    must(waitid(P_PIDFD, (id_t)fd, &info, WEXITED));
    close(fd);
}

static void sessions(long n) {
    (void)n;
    pid_t child = must(fork());
    if (child == 0) {
        must(setsid());
        if (fork() == 0) { setpgid(0, 0); _exit(0); }
        wait(NULL);
        _exit(0);
    }
    reap(child, 0);
}

static void futexes(long n) {
    (void)n;
    int word = 5;
    struct timespec soon = { 0, 1000 };
    syscall(SYS_futex, &word, FUTEX_WAIT, 5, &soon, NULL, 0);
    syscall(SYS_futex, &word, FUTEX_WAIT, 4, NULL, NULL, 0);
    syscall(SYS_futex, &word, FUTEX_WAKE, 1, NULL, NULL, 0);
}

static void handler(int number) { (void)number; }

static void interrupted(long n) {
    (void)n;
    struct sigaction action = { .sa_handler = handler };
    sigaction(SIGUSR1, &action, NULL);
    kill(getpid(), SIGUSR1);
}

static int execute(void *unused) {
    (void)unused;
    execl("/bin/true", "true", NULL);
    _exit(1);
}

/// A process that shares its parent's memory executes a program.
static void shared_exec(long n) {
    (void)n;
    static char stack[65536] __attribute__((aligned(16)));
    reap(must(clone(execute, stack + sizeof stack, CLONE_VM | SIGCHLD, NULL)), 0);
}

const leak_case task_cases[] = {
    { "forks", forks, 1000000, 1000000, .workers = 2 },
    { "vforks", vforks, 1000000, 1000000 },
    { "forks_ignored", forks_ignored, 1000, 50000 },
    { "orphans", orphans, 500, 50000 },
    { "spawns", spawns, 800, 50000 },
    { "fork_exec", fork_exec, 400, 50000 },
    { "shared_exec", shared_exec, 300, 20000 },
    { "failed_exec", failed_exec, 5000, 100000 },
    { "threads", threads, 10000, 300000 },
    { "threads_killed", threads_killed, 1000, 30000 },
    { "threads_exec", threads_exec, 300, 10000 },
    { "killed_tree", killed_tree, 200, 10000 },
    { "stopped", stopped, 1000, 20000 },
    { "process_descriptors", process_descriptors, 1000, 50000 },
    { "sessions", sessions, 1000, 50000 },
    { "futexes", futexes, 5000, 100000 },
    { "interrupted", interrupted, 50000, 1000000 },
    { 0 },
};
