// The small cases of `martlet bench`: what one operation costs, in nanoseconds.
//
//   micro [-t MS] [CASE ...]      measure; one line "CASE MIN MEDIAN MAX BATCHES OPERATIONS" each
//   micro -l                      list the cases
//   micro -d N SETUP COMMAND      run the shell command SETUP, then COMMAND N times; prints "drive NS" for each
//
// Each case runs in many short batches of about a millisecond, so that a minimum over them is one without an
// interruption. Everything is done with plain libc calls; the same file is built once dynamic and once static.

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void fail(const char *what) {
    fprintf(stderr, "micro: %s: %s\n", what, strerror(errno));
    exit(1);
}

static uint64_t now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static int fds[4] = {-1, -1, -1, -1};
static pid_t peer;
static char page[4096];

// A file that every system has, of more than a page.
static const char hit[] = "/usr/bin/env";
static const char miss[] = "/usr/bin/no-such-file-here";

static void run_getppid(long n) { while (n--) getppid(); }

static void run_stat_hit(long n) {
    struct stat s;
    while (n--) if (stat(hit, &s)) fail("stat");
}

static void run_stat_miss(long n) {
    struct stat s;
    while (n--) if (!stat(miss, &s)) fail("stat of what should be missing");
}

static void run_open_close(long n) {
    while (n--) {
        int fd = open(hit, O_RDONLY | O_CLOEXEC);
        if (fd < 0) fail("open");
        close(fd);
    }
}

static void set_up_pread(void) { if ((fds[0] = open(hit, O_RDONLY | O_CLOEXEC)) < 0) fail("open"); }
static void run_pread(long n) { while (n--) if (pread(fds[0], page, sizeof page, 0) != sizeof page) fail("pread"); }

static void set_up_null(void) { if ((fds[0] = open("/dev/null", O_WRONLY | O_CLOEXEC)) < 0) fail("/dev/null"); }
static void run_write(long n) { while (n--) if (write(fds[0], page, 1) != 1) fail("write"); }

static void set_up_pipe(void) { if (pipe(fds)) fail("pipe"); }
static void run_pipe(long n) {
    while (n--) if (write(fds[1], page, 1) != 1 || read(fds[0], page, 1) != 1) fail("pipe");
}

// A child that answers each byte of `from` on `to` until end of file.
static void start_echo(int from, int to, int close1, int close2) {
    peer = fork();
    if (peer < 0) fail("fork");
    if (peer == 0) {
        char c;
        close(close1);
        close(close2);
        while (read(from, &c, 1) == 1) if (write(to, &c, 1) != 1) break;
        _exit(0);
    }
    close(from);
    if (to != from) close(to);
}

static void set_up_pipe_echo(void) {
    int a[2], b[2];
    if (pipe(a) || pipe(b)) fail("pipe");
    start_echo(a[0], b[1], a[1], b[0]);
    fds[0] = b[0];
    fds[1] = a[1];
}

static void set_up_socket_echo(void) {
    int a[2];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, a)) fail("socketpair");
    start_echo(a[1], a[1], a[0], -1);
    fds[0] = a[0];
    fds[1] = dup(a[0]);
}

static void tear_down_fds(void) {
    for (int i = 0; i < 4; i++) {
        if (fds[i] >= 0) close(fds[i]);
        fds[i] = -1;
    }
    if (peer > 0) waitpid(peer, NULL, 0);
    peer = 0;
}

static uint32_t word;

// As the C library's locks make the call: inline, not through syscall(2).
static void run_futex_wake(long n) {
    while (n--) {
        register long timeout __asm__("r10") = 0;
        long result;
        __asm__ volatile("mov %1, %%eax\n\tsyscall"
                         : "=&a"(result)
                         : "i"(SYS_futex), "D"(&word), "S"(FUTEX_WAKE_PRIVATE), "d"(1L), "r"(timeout)
                         : "rcx", "r11", "memory");
        if (result) fail("futex");
    }
}

// The function syscall(2) takes the number from its argument, so its call site is nobody's in particular.
static void run_indirect(long n) { while (n--) syscall(SYS_getppid); }

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int turn, stop;
static pthread_t thread;

static void run_mutex(long n) {
    while (n--) {
        pthread_mutex_lock(&mutex);
        pthread_mutex_unlock(&mutex);
    }
}

// Two threads pass the turn to each other: each operation sleeps once and is woken once on either side.
static void *take_turns(void *unused) {
    (void)unused;
    pthread_mutex_lock(&mutex);
    for (;;) {
        while (turn == 0 && !stop) pthread_cond_wait(&changed, &mutex);
        if (stop) break;
        turn = 0;
        pthread_cond_signal(&changed);
    }
    pthread_mutex_unlock(&mutex);
    return NULL;
}

static void set_up_turns(void) {
    stop = turn = 0;
    if (pthread_create(&thread, NULL, take_turns, NULL)) fail("pthread_create");
}

static void run_turns(long n) {
    pthread_mutex_lock(&mutex);
    while (n--) {
        turn = 1;
        pthread_cond_signal(&changed);
        while (turn == 1) pthread_cond_wait(&changed, &mutex);
    }
    pthread_mutex_unlock(&mutex);
}

static void tear_down_turns(void) {
    pthread_mutex_lock(&mutex);
    stop = 1;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&mutex);
    pthread_join(thread, NULL);
}

static void run_fork(long n) {
    while (n--) {
        pid_t child = fork();
        if (child < 0) fail("fork");
        if (child == 0) _exit(0);
        if (waitpid(child, NULL, 0) != child) fail("waitpid");
    }
}

static void run_exec(long n) {
    char *const arguments[] = {"true", NULL};
    while (n--) {
        int status;
        pid_t child = vfork();
        if (child < 0) fail("vfork");
        if (child == 0) {
            execv("/bin/true", arguments);
            _exit(127);
        }
        if (waitpid(child, &status, 0) != child || status) fail("/bin/true");
    }
}

static void *nothing(void *unused) { return unused; }

static void run_thread(long n) {
    while (n--) {
        pthread_t t;
        if (pthread_create(&t, NULL, nothing, NULL)) fail("pthread_create");
        pthread_join(t, NULL);
    }
}

static void run_mmap(long n) {
    while (n--) {
        void *p = mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (p == MAP_FAILED) fail("mmap");
        munmap(p, 65536);
    }
}

static volatile sig_atomic_t arrived;
static pid_t own;
static void note(int signal) { (void)signal; arrived++; }
static void set_up_signal(void) {
    struct sigaction action = {.sa_handler = note};
    sigaction(SIGUSR1, &action, NULL);
    own = getpid();
}
static void run_signal(long n) { while (n--) kill(own, SIGUSR1); }

static void set_up_epoll(void) {
    struct epoll_event event = {.events = EPOLLIN};
    if (pipe(fds) || (fds[2] = epoll_create1(0)) < 0 || epoll_ctl(fds[2], EPOLL_CTL_ADD, fds[0], &event)) fail("epoll");
    if (write(fds[1], page, 1) != 1) fail("write");
}
static void run_epoll(long n) {
    struct epoll_event event;
    while (n--) if (epoll_wait(fds[2], &event, 1, -1) != 1) fail("epoll_wait");
}

struct benchmark {
    const char *name;
    void (*set_up)(void);
    void (*run)(long n);
    void (*tear_down)(void);
};

static const struct benchmark benchmarks[] = {
    {"getppid", NULL, run_getppid, NULL},
    {"getppid-indirect", NULL, run_indirect, NULL},
    {"stat-hit", NULL, run_stat_hit, NULL},
    {"stat-miss", NULL, run_stat_miss, NULL},
    {"open-close", NULL, run_open_close, NULL},
    {"pread-4k", set_up_pread, run_pread, tear_down_fds},
    {"write-null", set_up_null, run_write, tear_down_fds},
    {"pipe-self", set_up_pipe, run_pipe, tear_down_fds},
    {"pipe-pingpong", set_up_pipe_echo, run_pipe, tear_down_fds},
    {"socket-pingpong", set_up_socket_echo, run_pipe, tear_down_fds},
    {"mutex-uncontended", NULL, run_mutex, NULL},
    {"futex-wake", NULL, run_futex_wake, NULL},
    {"futex-contended", set_up_turns, run_turns, tear_down_turns},
    {"epoll-ready", set_up_epoll, run_epoll, tear_down_fds},
    {"signal-self", set_up_signal, run_signal, NULL},
    {"mmap-64k", NULL, run_mmap, NULL},
    {"thread-join", NULL, run_thread, NULL},
    {"fork-wait", NULL, run_fork, NULL},
    {"exec-true", NULL, run_exec, NULL},
};
enum { count = sizeof benchmarks / sizeof benchmarks[0], most = 4096, batch = 1000000 };

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void measure(const struct benchmark *b, uint64_t budget) {
    static double results[most];
    long n = 1, total = 0;
    int taken = 0;
    if (b->set_up) b->set_up();
    // The first calls teach the sandbox the call sites and fill caches; then n grows to a batch's length.
    for (int i = 0; i < 3; i++) b->run(1);
    for (;;) {
        uint64_t start = now();
        b->run(n);
        if (now() - start >= batch / 2 || n >= 1 << 24) break;
        n *= 2;
    }
    uint64_t end = now() + budget;
    do {
        uint64_t start = now();
        b->run(n);
        results[taken++] = (double)(now() - start) / (double)n;
        total += n;
    } while (taken < most && (taken < 5 || now() < end));
    if (b->tear_down) b->tear_down();
    qsort(results, (size_t)taken, sizeof *results, ascending);
    printf("%s %.1f %.1f %.1f %d %ld\n", b->name, results[0], results[taken / 2], results[taken - 1], taken, total);
    fflush(stdout);
}

static void drive(volatile long n, const char *set_up, const char *command) {
    if (*set_up && system(set_up)) {
        fprintf(stderr, "micro: the preparation failed\n");
        exit(1);
    }
    while (n--) {
        uint64_t start = now();
        int status;
        pid_t child = vfork();
        if (child < 0) fail("vfork");
        if (child == 0) {
            execl("/bin/sh", "sh", "-c", command, (char *)NULL);
            _exit(127);
        }
        if (waitpid(child, &status, 0) != child) fail("waitpid");
        uint64_t end = now();
        if (status) {
            fprintf(stderr, "micro: the command ended with status %#x\n", status);
            exit(1);
        }
        printf("drive %llu\n", (unsigned long long)(end - start));
        fflush(stdout);
    }
}

int main(int argc, char **argv) {
    long milliseconds = 100;
    int option;
    while ((option = getopt(argc, argv, "t:ld:")) != -1) {
        if (option == 't') milliseconds = strtol(optarg, NULL, 10);
        else if (option == 'l') {
            for (int i = 0; i < count; i++) puts(benchmarks[i].name);
            return 0;
        } else if (option == 'd') {
            if (argc - optind != 2) return 2;
            drive(strtol(optarg, NULL, 10), argv[optind], argv[optind + 1]);
            return 0;
        } else return 2;
    }
    for (int i = 0; i < count; i++) {
        int wanted = optind == argc;
        for (int j = optind; j < argc; j++) wanted |= !strcmp(argv[j], benchmarks[i].name);
        if (wanted) measure(&benchmarks[i], (uint64_t)milliseconds * 1000000u);
    }
    return 0;
}
