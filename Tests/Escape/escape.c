// Tries to reach the host kernel from inside the sandbox, in every way known to us. Started by Tools/escape, which
// watches from outside whether anything got through; here an attempt passes when it is refused or deadly.
//
//   escape GROUP GATE DIRECTORY PID PORT     in the sandbox; GATE is the address of ml_gate in the kernel image
//   escape canary LOG DIRECTORY              on the host: logs signals and connections, and waits
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

typedef long (*gate_function)(long number, long a, long b, long c, long d, long e, long f);
static gate_function gate;
static char *directory, escaped[512], canary_file[512], socket_path[512];
static long host_pid, host_port;
static int failures;

static void say(bool good, const char *group, const char *name, const char *what, long value) {
    printf("%s %s/%s: %s %ld\n", good ? "passed" : "FAILED", group, name, what, value);
    fflush(stdout);
    failures += !good;
}

// ---- one attempt, in a process of its own

struct outcome { bool returned; long value; int status; };

static struct outcome in_child(long (*body)(const void *), const void *argument) {
    struct outcome outcome = { false, 0, 0 };
    int ends[2];
    if (pipe(ends) < 0) { perror("pipe"); exit(3); }
    pid_t child = fork();
    if (child < 0) { perror("fork"); exit(3); }
    if (child == 0) {
        alarm(10);
        long value = body(argument);
        if (write(ends[1], &value, sizeof value) < 0) _exit(9);
        _exit(0);
    }
    close(ends[1]);
    outcome.returned = read(ends[0], &outcome.value, sizeof outcome.value) == sizeof outcome.value;
    close(ends[0]);
    waitpid(child, &outcome.status, 0);
    return outcome;
}

/// By the gate, success is a failure. Elsewhere our kernel serves the call, and success is its business.
static void attempt(const char *group, const char *name, bool may_succeed, long (*body)(const void *), const void *argument) {
    struct outcome o = in_child(body, argument);
    if (!o.returned) say(true, group, name, "ended by signal", WTERMSIG(o.status));
    else if (o.value < 0) say(true, group, name, "refused with", o.value);
    else say(may_succeed, group, name, may_succeed ? "served with" : "SUCCEEDED with", o.value);
}

// ---- the forbidden calls

struct call { const char *name; long number, a[6]; };
static struct call calls[96];
static int call_count;

static void add(const char *name, long number, long a, long b, long c, long d, long e, long f) {
    calls[call_count++] = (struct call){ name, number, { a, b, c, d, e, f } };
}
#define ADD(name, number, ...) ADD_(name, number, __VA_ARGS__, 0, 0, 0, 0, 0, 0)
#define ADD_(name, number, a, b, c, d, e, f, ...) add(name, number, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f))

static void make_calls(void) {
    static struct sockaddr_in address;
    address.sin_family = AF_INET;
    address.sin_port = htons((uint16_t)host_port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    static struct sockaddr_un local = { .sun_family = AF_UNIX };
    strncpy(local.sun_path, socket_path, sizeof local.sun_path - 1);
    static char *arguments[] = { "/bin/sh", "-c", NULL, NULL };
    static char command[600], buffer[256];
    snprintf(command, sizeof command, "touch %s", escaped);
    arguments[2] = command;
    static struct iovec here = { buffer, 8 }, there = { (void *)0x400000, 8 };
    static uint64_t clone_arguments[11] = { 0x10000000, [4] = SIGCHLD };
    static uint64_t action[4] = { 0, 0x14000000, 0, 0 };
    static struct { unsigned short length; void *filter; } nothing;
    int create = O_CREAT | O_RDWR;

    ADD("open", SYS_open, escaped, create, 0666);
    ADD("openat", SYS_openat, AT_FDCWD, escaped, create, 0666);
    ADD("openat2", 437, AT_FDCWD, escaped, buffer, 24);
    ADD("creat", SYS_creat, escaped, 0666);
    ADD("mkdir", SYS_mkdir, escaped, 0777);
    ADD("mknodat", SYS_mknodat, AT_FDCWD, escaped, 0100666, 0);
    ADD("symlink", SYS_symlink, "/", escaped);
    ADD("unlink", SYS_unlink, canary_file);
    ADD("rename", SYS_rename, canary_file, escaped);
    ADD("chmod", SYS_chmod, canary_file, 0777);
    ADD("truncate", SYS_truncate, canary_file, 0);
    ADD("stat", SYS_stat, canary_file, buffer);
    ADD("readlink", SYS_readlink, "/proc/self/exe", buffer, 100);
    ADD("getdents64", SYS_getdents64, 3, buffer, 200);
    ADD("socket", SYS_socket, AF_INET, SOCK_STREAM, 0);
    ADD("socket unix", SYS_socket, AF_UNIX, SOCK_STREAM, 0);
    ADD("socketpair", SYS_socketpair, AF_UNIX, SOCK_STREAM, 0, buffer);
    ADD("connect on the monitor's socket", SYS_connect, 4, &address, sizeof address);
    ADD("connect to a path", SYS_connect, 4, &local, sizeof local);
    ADD("sendmsg to the monitor", SYS_sendmsg, 4, buffer, 0);
    ADD("sendto", SYS_sendto, 4, buffer, 1, 0, &address, sizeof address);
    ADD("read", SYS_read, 5, buffer, 1);
    ADD("write", SYS_write, 4, buffer, 1);
    ADD("kill", SYS_kill, host_pid, SIGTERM);
    ADD("kill all", SYS_kill, -1, SIGTERM);
    ADD("tgkill", SYS_tgkill, host_pid, host_pid, SIGKILL);
    ADD("tkill with SIGKILL", SYS_tkill, host_pid, SIGKILL);
    ADD("tkill with SIGTERM", SYS_tkill, host_pid, SIGTERM);
    ADD("rt_sigqueueinfo", SYS_rt_sigqueueinfo, host_pid, SIGUSR1, buffer);
    ADD("pidfd_open", 434, host_pid, 0);
    ADD("pidfd_send_signal", 424, 3, SIGKILL, 0, 0);
    ADD("pidfd_getfd", 438, 3, 0, 0);
    ADD("ptrace attach", SYS_ptrace, 16, host_pid, 0, 0);
    ADD("ptrace seize", SYS_ptrace, 0x4206, 1, 0, 0);
    ADD("process_vm_readv of init", SYS_process_vm_readv, 1, &here, 1, &there, 1, 0);
    ADD("process_vm_writev", SYS_process_vm_writev, host_pid, &here, 1, &there, 1, 0);
    ADD("execve", SYS_execve, "/bin/sh", arguments, arguments + 3);
    ADD("execveat", SYS_execveat, AT_FDCWD, "/bin/sh", arguments, arguments + 3, 0);
    ADD("fork", SYS_fork, 0);
    ADD("vfork", SYS_vfork, 0);
    ADD("clone with CLONE_NEWUSER", SYS_clone, 0x10000000 | SIGCHLD, 0);
    ADD("clone with CLONE_NEWNS", SYS_clone, 0x20000 | SIGCHLD, 0);
    ADD("clone with CLONE_NEWNET", SYS_clone, 0x40000000 | SIGCHLD, 0);
    ADD("clone with CLONE_PTRACE", SYS_clone, 0x2000 | SIGCHLD, 0);
    ADD("clone with CLONE_PIDFD", SYS_clone, 0x1000 | SIGCHLD, 0, buffer);
    ADD("clone3", SYS_clone3, clone_arguments, sizeof clone_arguments);
    ADD("unshare", SYS_unshare, 0x10000000);
    ADD("setns", SYS_setns, 3, 0);
    ADD("mount", SYS_mount, "none", "/", "tmpfs", 0, 0);
    ADD("umount2", SYS_umount2, "/", 2);
    ADD("pivot_root", SYS_pivot_root, ".", ".");
    ADD("chroot", SYS_chroot, "/");
    ADD("chdir", SYS_chdir, "/");
    ADD("ioctl", SYS_ioctl, 0, 0x5412, buffer);
    ADD("fcntl: lifeline off", SYS_fcntl, 5, F_SETFL, 0);
    ADD("dup2 over the lifeline", SYS_dup2, 0, 5);
    ADD("close the lifeline", SYS_close, 5);
    ADD("close the socket", SYS_close, 4);
    ADD("close_range", 436, 0, ~0u, 0);
    ADD("recvmsg of another", SYS_recvmsg, 0, buffer, 0);
    ADD("prctl PR_SET_PDEATHSIG off", SYS_prctl, 1, 0);
    ADD("prctl PR_SET_DUMPABLE", SYS_prctl, 4, 1);
    ADD("prctl PR_SET_SECCOMP", SYS_prctl, 22, 1);
    ADD("prctl PR_SET_PTRACER", SYS_prctl, 0x59616d61, -1);
    ADD("seccomp", SYS_seccomp, 1, 0, &nothing);
    ADD("rt_sigaction of SIGSYS", SYS_rt_sigaction, SIGSYS, action, 0, 8);
    ADD("rt_sigprocmask", SYS_rt_sigprocmask, 0, action, 0, 8);
    ADD("setsid", SYS_setsid, 0);
    ADD("setpgid", SYS_setpgid, 0, 0);
    ADD("setuid", SYS_setuid, 0);
    ADD("capset", SYS_capset, buffer, buffer);
    ADD("setrlimit", SYS_prlimit64, 0, 7, buffer, 0);
    ADD("setpriority", SYS_setpriority, 1, 0, 19);
    ADD("sched_setaffinity of another", SYS_sched_setaffinity, host_pid, 8, buffer);
    ADD("io_uring_setup", SYS_io_uring_setup, 8, buffer);
    ADD("io_setup", SYS_io_setup, 8, buffer);
    ADD("bpf", SYS_bpf, 0, buffer, 64);
    ADD("perf_event_open", SYS_perf_event_open, buffer, 0, -1, -1, 0);
    ADD("userfaultfd", SYS_userfaultfd, 1);
    ADD("memfd_create", SYS_memfd_create, "x", 0);
    ADD("shmget", SYS_shmget, 0x4d41, 4096, 01666);
    ADD("msgget", SYS_msgget, 0x4d41, 01666);
    ADD("keyctl", SYS_keyctl, 0, -3, 1);
    ADD("arch_prctl", SYS_arch_prctl, 0x1003, buffer);
    ADD("futex with priority inheritance", SYS_futex, buffer, 6, 0, 0);
    ADD("mmap locked", SYS_mmap, 0, 4096, 3, 0x2022, -1, 0);
    ADD("mmap of shared memory", SYS_mmap, 0, 4096, 3, 0x21, -1, 0);
    ADD("madvise mergeable", SYS_madvise, 0x400000, 4096, 12);
    ADD("madvise hwpoison", SYS_madvise, 0x400000, 4096, 100);
    ADD("x32 getpid", 39 | 0x40000000, 0);
}

static long by(gate_function function, const struct call *c) {
    return function(c->number, c->a[0], c->a[1], c->a[2], c->a[3], c->a[4], c->a[5]);
}

// ---- ways to the gate

static long direct(const void *call) { return by(gate, call); }

/// The host kills the whole process for what it forbids. That is to happen to one whose first thread is not at work in the kernel:
/// else the sandbox ends too.
static void *thread_body(void *call) {
    char path[64], text[512], state = 0;
    snprintf(path, sizeof path, "/proc/self/task/%d/stat", getpid());
    while (state != 'S') {
        int stat = open(path, O_RDONLY);
        ssize_t count = read(stat, text, sizeof text - 1);
        close(stat);
        if (count <= 0) exit(3);
        text[count] = 0;
        state = strrchr(text, ')')[2];
    }
    return (void *)by(gate, call);
}
static long from_thread(const void *call) {
    pthread_t thread;
    void *result;
    if (pthread_create(&thread, NULL, thread_body, (void *)call) != 0) exit(3);
    pthread_join(thread, &result);
    return (long)result;
}

static long after_fork(const void *call) {
    struct outcome o = in_child(direct, call);
    return o.returned ? o.value : -1000;
}

/// Refusals of the gate are deaths; something else than -1000 was an answer.
static void all(const char *group, bool may_succeed, long (*body)(const void *)) {
    for (int i = 0; i < call_count; i++) attempt(group, calls[i].name, may_succeed, body, &calls[i]);
}

// ---- code elsewhere

static gate_function elsewhere;
static long call_elsewhere(const void *call) { return by(elsewhere, call); }

static void *executable(const void *code, size_t size) {
    void *memory = mmap(NULL, (size + 4095) & ~4095ul, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    memcpy(memory, code, size);
    if (mprotect(memory, (size + 4095) & ~4095ul, PROT_READ | PROT_EXEC) < 0) exit(3);
    return memory;
}

static const unsigned char shim[] = { 0x48, 0x89, 0xf8, 0x48, 0x89, 0xf7, 0x48, 0x89, 0xd6, 0x48, 0x89, 0xca, 0x4d, 0x89, 0xc2,
                                      0x4d, 0x89, 0xc8, 0x4c, 0x8b, 0x4c, 0x24, 0x08, 0x0f, 0x05, 0xc3 };

/// Calls that would only harm the sandbox itself when our own kernel serves them.
static bool harms_only_us(const struct call *c) {
    static const char *const names[] = { "kill all", "fork", "vfork", "clone", "close_range", "dup2", "execve", "setsid", "read", "recvmsg", "futex" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strncmp(c->name, names[i], strlen(names[i])) == 0) return strcmp(c->name, "readlink") != 0;
    return false;
}

static void all_elsewhere(const char *group) {
    for (int i = 0; i < call_count; i++)
        if (!harms_only_us(&calls[i])) attempt(group, calls[i].name, true, call_elsewhere, &calls[i]);
}

/// The page of the gate and its neighbours, at another place.
static void copy_of_kernel(void) {
    uintptr_t start = (uintptr_t)gate & ~4095ul;
    char *copy = executable((void *)start, 2 * 4096);
    elsewhere = (gate_function)(copy + ((uintptr_t)gate - start));
    all_elsewhere("copy");
}

// ---- other doors

static long int80(const void *unused) {
    (void)unused;
    // 32-bit numbers and 32-bit pointers: creat(path), with the path below 4 GiB.
    char *low = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
    strcpy(low, escaped);
    long result;
    __asm__ volatile("int $0x80" : "=a"(result) : "a"(8), "b"(low), "c"(0666) : "memory", "r8", "r9", "r10", "r11");
    return (int)result;
}
static long sysenter(const void *unused) {
    (void)unused;
    char *low = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
    strcpy(low, escaped);
    long result;
    __asm__ volatile("push %%rbp\n mov %3, %%rbp\n sysenter\n pop %%rbp" : "=a"(result) : "a"(8), "b"(low), "r"((long)low + 6000), "c"(0666) : "memory");
    return result;
}
static long vsyscall(const void *unused) {
    (void)unused;
    long (*time_of_day)(long *) = (long (*)(long *))0xffffffffff600400ul;
    return time_of_day(NULL) > 0 ? 0 : -1;
}
static long proc_self_mem(const void *unused) {
    (void)unused;
    int fd = open("/proc/self/mem", O_RDWR);
    if (fd < 0) return -errno;
    unsigned char nop = 0x90;
    long done = pwrite(fd, &nop, 1, (off_t)(uintptr_t)gate);
    return done < 0 ? -errno : done;
}
static long proc_self_mem_read(const void *unused) {
    (void)unused;
    int fd = open("/proc/self/mem", O_RDONLY);
    if (fd < 0) return -errno;
    unsigned char byte;
    long done = pread(fd, &byte, 1, 0x701080000000);
    return done < 0 ? -errno : done;
}
static long map_over_kernel(const void *unused) {
    (void)unused;
    void *p = mmap((void *)((uintptr_t)gate & ~4095ul), 4096, 7, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    return p == MAP_FAILED ? -errno : 0;
}
static long protect_kernel(const void *unused) {
    (void)unused;
    return mprotect((void *)((uintptr_t)gate & ~4095ul), 4096, 7) < 0 ? -errno : 0;
}
static long unmap_kernel(const void *unused) {
    (void)unused;
    // Nothing of ours is there, so there is nothing to unmap: success that does nothing is Linux's answer.
    munmap((void *)((uintptr_t)gate & ~4095ul), 4096);
    struct timespec now;
    return gate(SYS_clock_gettime, 1, (long)&now, 0, 0, 0, 0) == 0 ? -1 : 0;
}
static long read_into_kernel(const void *unused) {
    (void)unused;
    int fd = open("/dev/zero", O_RDONLY);
    long done = read(fd, (void *)0x701080000000, 4096);
    return done < 0 ? -errno : done;
}

// ---- the gate's own page, rewritten

struct rewrite { const char *name; unsigned char code[2]; long number; };
static long rewritten(const void *argument) {
    const struct rewrite *r = argument;
    unsigned char *page = (unsigned char *)((uintptr_t)gate & ~4095ul);
    if (gate(SYS_mprotect, (long)page, 4096, 7, 0, 0, 0) != 0) return -1;
    unsigned char *at = (unsigned char *)(uintptr_t)gate;
    for (int i = 0; i < 64 && !(at[0] == 0x0f && at[1] == 0x05); i++) at++;
    memcpy(at, r->code, 2);
    return gate(r->number, (long)escaped, O_CREAT | O_RDWR, 0666, 0, 0, 0);
}

// ---- deeds that may end the sandbox

static uint64_t random_state = 88172645463325252ull;
static uint64_t next_random(void) {
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    return random_state ^= random_state << 17;
}

static void scribble(uintptr_t start, size_t size, long count, int bytes_each) {
    for (long i = 0; i < count; i++) {
        unsigned char *p = (unsigned char *)(start + next_random() % (size - 64));
        for (int k = 0; k < bytes_each; k++) p[k] = (unsigned char)next_random();
    }
}

static void use_the_kernel(void) {
    for (int i = 0; i < 20; i++) {
        int fd = open("/tmp/x", O_CREAT | O_RDWR, 0666);
        if (write(fd, "x", 1) < 0 || fd < 0) {}
        close(fd);
        pid_t child = fork();
        if (child == 0) _exit(0);
        if (child > 0) waitpid(child, NULL, 0);
        int ends[2];
        if (pipe(ends) == 0) close(ends[0]), close(ends[1]);
    }
}

static void wreck(const char *which, long seed) {
    const uintptr_t arena = 0x701000000000;
    random_state += (uint64_t)seed * 0x9e3779b97f4a7c15ull;
    printf("wreck %s\n", which);
    fflush(stdout);
    if (strcmp(which, "heap") == 0) scribble(arena + 0x80000000, 4 << 20, 3000, 8);
    if (strcmp(which, "data") == 0) scribble(arena + 0x4000000, 64 << 10, 200, 8);
    if (strcmp(which, "protocol") == 0) scribble(arena, 64 << 20, 20000, 32), scribble(arena, 64 << 10, 4000, 16);
    if (strcmp(which, "slots") == 0) scribble(arena + 0x8000000, 8 << 17, 3000, 8);
    if (strcmp(which, "unmap-gate") == 0) gate(SYS_munmap, (long)gate & ~4095l, 4096, 0, 0, 0, 0);
    if (strcmp(which, "map-over-gate") == 0) gate(SYS_mmap, (long)gate & ~4095l, 4096, 7, 0x32, -1, 0);
    if (strcmp(which, "unmap-arena") == 0) gate(SYS_munmap, (long)arena, 0x1000000000, 0, 0, 0, 0);
    if (strcmp(which, "punch-arena") == 0) gate(SYS_fallocate, 3, 3, 0, 0x1000000000, 0, 0);
    if (strcmp(which, "shrink-arena") == 0 && gate(SYS_ftruncate, 3, 0, 0, 0, 0, 0) >= 0) say(false, "wreck", which, "shrunk", 0);
    if (strcmp(which, "stray") == 0 || strcmp(which, "stray-parent") == 0) {
        // A process our kernel knows nothing of, that asked for no signal at its parent's death.
        long flags = strcmp(which, "stray") == 0 ? SIGCHLD : SIGCHLD | 0x8000;
        static int word;
        if (gate(SYS_clone, flags, 0, 0, 0, 0, 0) == 0)
            for (;;) gate(SYS_futex, (long)&word, 0, 0, 0, 0, 0);
        exit(0);
    }
    if (strncmp(which, "lie-", 4) == 0) {
        // Every number that the monitor reads for its reports, and then a state in which it does so.
        volatile uint32_t *words = (volatile uint32_t *)arena;
        memset((void *)(arena + 0x1000), 0xff, 0x3000);
        for (int i = 0x104 / 4; i < 0x114 / 4; i++) words[i] = ~0u;
        for (int i = 0x180 / 4; i < 0x198 / 4; i++) words[i] = 0x7fffffff;
        for (int i = 0x1d0 / 4; i < 0x200 / 4; i++) words[i] = ~0u;
        words[0x100 / 4] = (uint32_t)atol(which + 4);
        words[0x80 / 4]++;
        gate(SYS_futex, (long)&words[0x80 / 4], 1, 1, 0, 0, 0);
        sleep(2);
    }
    if (strcmp(which, "exit-kernel") == 0) gate(SYS_exit_group, 0, 0, 0, 0, 0, 0);
    use_the_kernel();
}

// ---- memory beyond --memory, of which our kernel knows nothing; the monitor is to end the sandbox

enum { HOARD = 260 }; // MiB

static void hoard(const char *which) {
    const long size = (long)HOARD << 20;
    printf("wreck %s\n", which);
    fflush(stdout);
    if (strcmp(which, "stray") == 0 && gate(SYS_clone, SIGCHLD, 0, 0, 0, 0, 0) == 0) {
        // The child of a child: not init's.
        if (gate(SYS_clone, SIGCHLD, 0, 0, 0, 0, 0) == 0) {
            char *memory = (char *)gate(SYS_mmap, 0, size, 3, 0x4022, -1, 0);
            for (long i = 0; i < size; i += 4096) memory[i] = 1;
        }
        static int word;
        for (;;) gate(SYS_futex, (long)&word, 0, 0, 0, 0, 0);
    }
    if (strcmp(which, "tables") == 0) {
        // A read of untouched memory takes no page, but a page of page tables for each 2 MiB.
        long length = size << 9;
        char *memory = (char *)gate(SYS_mmap, 0x100000000000, length, 1, 0x4022, -1, 0);
        gate(SYS_madvise, (long)memory, length, 15 /* MADV_NOHUGEPAGE */, 0, 0, 0);
        for (long i = 0; i < length; i += 2l << 20) (void)*(volatile char *)(memory + i);
    }
    sleep(10);
    say(false, "hoard", which, "MiB are kept", HOARD);
}

// ---- the canary, on the host

static int canary(const char *log, const char *place) {
    int out = open(log, O_CREAT | O_WRONLY | O_APPEND, 0666);
    sigset_t signals;
    sigfillset(&signals);
    sigdelset(&signals, SIGURG); // the one signal the gate lets out, which is ignored by default
    sigprocmask(SIG_BLOCK, &signals, NULL);
    int signal_fd = signalfd(-1, &signals, SFD_CLOEXEC);
    int tcp = socket(AF_INET, SOCK_STREAM, 0), local = socket(AF_UNIX, SOCK_STREAM, 0);
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    struct sockaddr_un path = { .sun_family = AF_UNIX };
    snprintf(path.sun_path, sizeof path.sun_path, "%s/socket", place);
    socklen_t length = sizeof address;
    if (bind(tcp, (void *)&address, length) || listen(tcp, 8) || bind(local, (void *)&path, sizeof path) || listen(local, 8)) return 3;
    getsockname(tcp, (void *)&address, &length);
    printf("%d %d\n", getpid(), ntohs(address.sin_port));
    fflush(stdout);
    fclose(stdout);
    struct pollfd fds[3] = { { signal_fd, POLLIN, 0 }, { tcp, POLLIN, 0 }, { local, POLLIN, 0 } };
    for (;;) {
        poll(fds, 3, -1);
        struct signalfd_siginfo info;
        if (fds[0].revents && read(signal_fd, &info, sizeof info) == sizeof info) {
            if (info.ssi_signo == SIGTERM && info.ssi_code == SI_USER && info.ssi_pid == (unsigned)getppid()) return 0;
            dprintf(out, "signal %u\n", info.ssi_signo);
        }
        for (int i = 1; i < 3; i++)
            if (fds[i].revents) dprintf(out, "connection %d\n", i), close(accept(fds[i].fd, NULL, NULL));
    }
}

int main(int argc, char **argv) {
    if (argc == 4 && strcmp(argv[1], "canary") == 0) return canary(argv[2], argv[3]);
    if (argc < 6) return 2;
    const char *group = argv[1];
    gate = (gate_function)strtoul(argv[2], NULL, 16);
    directory = argv[3];
    host_pid = atol(argv[4]);
    host_port = atol(argv[5]);
    snprintf(escaped, sizeof escaped, "%s/escaped", directory);
    snprintf(canary_file, sizeof canary_file, "%s/canary", directory);
    snprintf(socket_path, sizeof socket_path, "%s/socket", directory);
    make_calls();

    // The attempts are worth nothing if the address is wrong.
    struct timespec now = { 0, 0 };
    if (gate(SYS_clock_gettime, 1, (long)&now, 0, 0, 0, 0) != 0 || now.tv_sec == 0) {
        say(false, group, "gate", "is not where it should be", 0);
        return 1;
    }
    if (strncmp(group, "wreck-", 6) == 0) {
        wreck(group + 6, argc > 6 ? atol(argv[6]) : 0);
    } else if (strncmp(group, "hoard-", 6) == 0) {
        hoard(group + 6);
    } else if (strcmp(group, "gate") == 0) {
        all(group, false, direct);
    } else if (strcmp(group, "thread") == 0) {
        all(group, false, from_thread);
    } else if (strcmp(group, "fork") == 0) {
        all(group, false, after_fork);
    } else if (strcmp(group, "exec") == 0) {
        execl("/proc/self/exe", argv[0], "gate", argv[2], argv[3], argv[4], argv[5], NULL);
        execl(argv[0], argv[0], "gate", argv[2], argv[3], argv[4], argv[5], NULL);
        say(false, group, "exec", "failed", errno);
    } else if (strcmp(group, "jit") == 0) {
        elsewhere = executable(shim, sizeof shim);
        all_elsewhere(group);
    } else if (strcmp(group, "text") == 0) {
        // The same site again and again: learned and patched by then.
        elsewhere = (gate_function)(uintptr_t)syscall;
        for (int i = 0; i < 100; i++) getppid(), syscall(SYS_getpid);
        all_elsewhere(group);
    } else if (strcmp(group, "copy") == 0) {
        copy_of_kernel();
    } else if (strcmp(group, "doors") == 0) {
        attempt(group, "int 0x80", false, int80, NULL);
        attempt(group, "sysenter", false, sysenter, NULL);
        attempt(group, "vsyscall", true, vsyscall, NULL);
        attempt(group, "/proc/self/mem written over the gate", false, proc_self_mem, NULL);
        attempt(group, "/proc/self/mem of the kernel's heap", false, proc_self_mem_read, NULL);
        attempt(group, "mmap over the gate", false, map_over_kernel, NULL);
        attempt(group, "mprotect of the gate", false, protect_kernel, NULL);
        attempt(group, "munmap of the gate", false, unmap_kernel, NULL);
        attempt(group, "read(2) into the kernel's heap", false, read_into_kernel, NULL);
        static const struct rewrite rewrites[] = {
            { "int 0x80 in the gate's place: creat", { 0xcd, 0x80 }, 8 },
            { "int 0x80 in the gate's place: open", { 0xcd, 0x80 }, 5 },
            { "syscall in the gate's place: open", { 0x0f, 0x05 }, SYS_open },
            { "sysenter in the gate's place", { 0x0f, 0x34 }, 5 },
        };
        for (size_t i = 0; i < sizeof rewrites / sizeof *rewrites; i++) attempt(group, rewrites[i].name, false, rewritten, &rewrites[i]);
    } else {
        return 2;
    }
    return failures != 0;
}
