// More helpers for the conformance programs about tasks, signals, memory, time and exec. See common.h.
#ifndef CONFORMANCE_TASKS_H
#define CONFORMANCE_TASKS_H

#include "common.h"
#include <linux/futex.h>
#include <linux/sched.h>
#include <semaphore.h>
#include <setjmp.h>
#include <spawn.h>
#include <sys/ucontext.h>

// ---------------------------------------------------------------- who

static struct { pid_t pid; const char *name; } conf_people[16] __attribute__((unused));

/// From now on `who` calls this process (or thread) by this name. Made before a fork it holds in both.
CONF_FN void name_pid(pid_t pid, const char *name) {
    for (int i = 0; i < 16; i++)
        if (conf_people[i].pid == pid || !conf_people[i].pid) {
            conf_people[i].pid = pid;
            conf_people[i].name = name;
            return;
        }
}

/// A pid as a word: a name given by `name_pid`, "self", "parent", "none" for 0, "an error", else "another".
CONF_FN const char *who(pid_t pid) {
    if (pid == 0) return "none";
    if (pid < 0) return "an error";
    for (int i = 0; i < 16 && conf_people[i].pid; i++)
        if (conf_people[i].pid == pid) return conf_people[i].name;
    if (pid == getpid()) return "self";
    if (pid == getppid()) return "parent";
    return "another";
}

// ---------------------------------------------------------------- siginfo

/// The name of a si_code, which depends on the signal when it is positive.
CONF_FN const char *code_name(int number, int code) {
    static char unknown[24];
    switch (code) {
    case SI_USER: return "SI_USER";
    case SI_QUEUE: return "SI_QUEUE";
    case SI_TIMER: return "SI_TIMER";
    case SI_MESGQ: return "SI_MESGQ";
    case SI_ASYNCIO: return "SI_ASYNCIO";
    case SI_SIGIO: return "SI_SIGIO";
    case SI_TKILL: return "SI_TKILL";
    case SI_KERNEL: return "SI_KERNEL";
    }
    switch (number) {
    case SIGCHLD:
        switch (code) {
        case CLD_EXITED: return "CLD_EXITED";
        case CLD_KILLED: return "CLD_KILLED";
        case CLD_DUMPED: return "CLD_DUMPED";
        case CLD_TRAPPED: return "CLD_TRAPPED";
        case CLD_STOPPED: return "CLD_STOPPED";
        case CLD_CONTINUED: return "CLD_CONTINUED";
        }
        break;
    case SIGSEGV:
        if (code == SEGV_MAPERR) return "SEGV_MAPERR";
        if (code == SEGV_ACCERR) return "SEGV_ACCERR";
        break;
    case SIGBUS:
        if (code == BUS_ADRALN) return "BUS_ADRALN";
        if (code == BUS_ADRERR) return "BUS_ADRERR";
        break;
    case SIGFPE:
        if (code == FPE_INTDIV) return "FPE_INTDIV";
        if (code == FPE_INTOVF) return "FPE_INTOVF";
        if (code == FPE_FLTDIV) return "FPE_FLTDIV";
        if (code == FPE_FLTOVF) return "FPE_FLTOVF";
        if (code == FPE_FLTUND) return "FPE_FLTUND";
        if (code == FPE_FLTRES) return "FPE_FLTRES";
        if (code == FPE_FLTINV) return "FPE_FLTINV";
        break;
    case SIGILL:
        if (code == ILL_ILLOPN) return "ILL_ILLOPN";
        if (code == ILL_ILLOPC) return "ILL_ILLOPC";
        if (code == ILL_PRVOPC) return "ILL_PRVOPC";
        break;
    case SIGTRAP:
        if (code == TRAP_BRKPT) return "TRAP_BRKPT";
        if (code == TRAP_TRACE) return "TRAP_TRACE";
        break;
    }
    snprintf(unknown, sizeof unknown, "code %d", code);
    return unknown;
}

/// Prints signal, code and the fields that go with them; faults without their address.
CONF_FN void show_info(const char *label, const siginfo_t *info) {
    int number = info->si_signo, code = info->si_code;
    const char *user = info->si_uid == getuid() ? "own" : "another";
    if (code == SI_QUEUE)
        T("%s: %s %s from %s, user %s, value %d", label, signal_name(number), code_name(number, code),
          who(info->si_pid), user, info->si_value.sival_int);
    else if (code == SI_TIMER)
        T("%s: %s %s, value %d, overrun %d", label, signal_name(number), code_name(number, code),
          info->si_value.sival_int, info->si_overrun);
    else if (code == SI_USER || code == SI_TKILL)
        T("%s: %s %s from %s, user %s", label, signal_name(number), code_name(number, code), who(info->si_pid), user);
    else if (number == SIGCHLD && code > 0 && code <= CLD_CONTINUED)
        T("%s: %s %s from %s, user %s, status %d", label, signal_name(number), code_name(number, code),
          who(info->si_pid), user, info->si_status);
    else
        T("%s: %s %s, errno %d", label, signal_name(number), code_name(number, code), info->si_errno);
}

/// The names of the signals in a set, in order, "-" for none.
CONF_FN const char *set_names(const sigset_t *set) {
    static char texts[4][1024];
    static int turn;
    char *text = texts[turn = (turn + 1) % 4];
    size_t used = 0;
    strcpy(text, "-");
    for (int number = 1; number <= SIGRTMAX; number++)
        if (sigismember(set, number) == 1)
            used += (size_t)snprintf(text + used, sizeof texts[0] - used, "%s%s", used ? " " : "", signal_name(number));
    return text;
}

/// A set of signals: SIGSET(SIGUSR1, SIGUSR2).
#define SIGSET(...) conf_sigset((int[]){__VA_ARGS__, 0})
CONF_FN sigset_t conf_sigset(const int *numbers) {
    sigset_t set;
    sigemptyset(&set);
    for (; *numbers; numbers++) sigaddset(&set, *numbers);
    return set;
}
#define BLOCK(...) do { sigset_t set_ = SIGSET(__VA_ARGS__); MUST(sigprocmask(SIG_BLOCK, &set_, NULL)); } while (0)
#define UNBLOCK(...) do { sigset_t set_ = SIGSET(__VA_ARGS__); MUST(sigprocmask(SIG_UNBLOCK, &set_, NULL)); } while (0)

/// Installs a three-argument handler.
CONF_FN void on_signal(int number, void (*handler)(int, siginfo_t *, void *), int flags) {
    struct sigaction action = {.sa_sigaction = handler, .sa_flags = flags | SA_SIGINFO};
    MUST(sigaction(number, &action, NULL));
}

/// Sends SIGALRM every so many milliseconds until `stop_ticks`: interrupts a sleeping call without a race.
CONF_FN void start_ticks(long milliseconds) {
    struct itimerval every = {{milliseconds / 1000, milliseconds % 1000 * 1000}, {milliseconds / 1000, milliseconds % 1000 * 1000}};
    MUST(setitimer(ITIMER_REAL, &every, NULL));
}
CONF_FN void stop_ticks(void) {
    struct itimerval none = {{0, 0}, {0, 0}};
    MUST(setitimer(ITIMER_REAL, &none, NULL));
}

// ---------------------------------------------------------------- faults

static sigjmp_buf conf_fault_return __attribute__((unused));
static siginfo_t conf_fault_info __attribute__((unused));
CONF_FN void conf_fault_handler(int number, siginfo_t *info, void *context) {
    (void)number, (void)context;
    conf_fault_info = *info;
    siglongjmp(conf_fault_return, 1);
}

/// Runs a block and prints how it faulted: PROBE("read", address, { use(*address); }) prints
/// "read: SIGSEGV SEGV_MAPERR at the address", or "read: no fault". The block may not return.
#define PROBE(label, where, ...) do { \
        static const int numbers_[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP}; \
        struct sigaction saved_[5], action_ = {.sa_sigaction = conf_fault_handler, .sa_flags = SA_SIGINFO}; \
        for (int i_ = 0; i_ < 5; i_++) sigaction(numbers_[i_], &action_, &saved_[i_]); \
        if (sigsetjmp(conf_fault_return, 1) == 0) { \
            { __VA_ARGS__; } \
            T("%s: no fault", (label)); \
        } else { \
            T("%s: %s %s %s", (label), signal_name(conf_fault_info.si_signo), \
              code_name(conf_fault_info.si_signo, conf_fault_info.si_code), \
              conf_fault_info.si_addr == (void *)(where) ? "at the address" : "at another address"); \
        } \
        for (int i_ = 0; i_ < 5; i_++) sigaction(numbers_[i_], &saved_[i_], NULL); \
    } while (0)

/// Reads and writes that the compiler does not drop.
#define PEEK(address) (*(volatile unsigned char *)(address))
#define POKE(address, value) (*(volatile unsigned char *)(address) = (unsigned char)(value))

// ---------------------------------------------------------------- memory

#define PAGE 4096UL

/// One line of /proc/self/maps.
struct mapping { unsigned long start, end, offset; char perms[5]; char name[256]; };

/// Reads the mappings; gives their number.
CONF_FN int read_maps(struct mapping *maps, int limit) {
    static char text[1 << 18];
    int fd = (int)MUST(open("/proc/self/maps", O_RDONLY | O_CLOEXEC));
    size_t used = 0;
    ssize_t got;
    while (used < sizeof text - 1 && (got = read(fd, text + used, sizeof text - 1 - used)) > 0) used += (size_t)got;
    close(fd);
    text[used] = 0;
    int count = 0;
    for (char *line = text, *next; count < limit && (next = strchr(line, '\n')); line = next + 1) {
        struct mapping *map = &maps[count];
        *next = 0;
        map->name[0] = 0;
        if (sscanf(line, "%lx-%lx %4s %lx %*s %*u %255[^\n]", &map->start, &map->end, map->perms, &map->offset, map->name) >= 4) count++;
    }
    return count;
}

/// Prints the mappings inside [start, start + length) in pages relative to start: "  1-3 rw-p anonymous".
/// Mappings that reach out of the range are cut off.
CONF_FN void show_maps(const char *label, const void *start, size_t length) {
    static struct mapping maps[1024];
    int count = read_maps(maps, 1024);
    unsigned long from = (unsigned long)start, to = from + length;
    T("%s:", label);
    for (int i = 0; i < count; i++) {
        if (maps[i].end <= from || maps[i].start >= to) continue;
        unsigned long first = maps[i].start < from ? from : maps[i].start, last = maps[i].end > to ? to : maps[i].end;
        const char *slash = strrchr(maps[i].name, '/');
        printf("  %lu-%lu %s", (first - from) / PAGE, (last - from) / PAGE, maps[i].perms);
        if (slash) printf(" %s, page %lu\n", slash + 1, (maps[i].offset + first - maps[i].start) / PAGE);
        else printf(" %s\n", maps[i].name[0] ? maps[i].name : "anonymous");
    }
}

/// The first mapping with this name ("[heap]"), or one with start 0.
CONF_FN struct mapping find_map(const char *name) {
    static struct mapping maps[1024];
    int count = read_maps(maps, 1024);
    for (int i = 0; i < count; i++)
        if (!strcmp(maps[i].name, name)) return maps[i];
    return (struct mapping){0};
}

/// Address space of this many pages with nothing mapped in it nor in the page on either side: the rest of the
/// program may place mappings there (MAP_FIXED) without hitting anything, as long as it maps nothing elsewhere.
CONF_FN char *free_range(size_t pages) {
    char *range = mmap(NULL, (pages + 2) * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    MUST(range == MAP_FAILED ? -1 : 0);
    munmap(range, (pages + 2) * PAGE);
    return range + PAGE;
}

/// Anonymous private memory of this many pages, or the end of the program.
CONF_FN char *new_pages(size_t pages) {
    char *range = mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    MUST(range == MAP_FAILED ? -1 : 0);
    return range;
}

/// Zeroed memory shared with the children.
CONF_FN void *new_shared(size_t bytes) {
    void *range = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    MUST(range == MAP_FAILED ? -1 : 0);
    return range;
}

/// Prints "call: ok" or the errno of a call that gives an address.
#define MAPS(call) ({ errno = 0; void *p_ = (call); conf_show(#call, p_ == MAP_FAILED ? -1 : 0, true); p_; })

// ---------------------------------------------------------------- waiting for a state

/// The state letter of a process in /proc/PID/stat ('R', 'S', 'T', 'Z'...), 0 when there is none.
CONF_FN char process_state(pid_t pid) {
    char path[64], text[512], *paren;
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return 0;
    ssize_t got = read(fd, text, sizeof text - 1);
    close(fd);
    if (got <= 0) return 0;
    text[got] = 0;
    paren = strrchr(text, ')');
    return paren && paren[1] ? paren[2] : 0;
}

/// Waits (at most two seconds) until a condition holds: AWAIT(*flag == 1).
#define AWAIT(condition) ({ \
        long end_ = now_ms() + 2000; \
        bool holds_; \
        while (!(holds_ = (condition)) && now_ms() < end_) sleep_ms(1); \
        holds_; \
    })

// ---------------------------------------------------------------- children behind a pipe

/// IN_CHILD whose standard output comes back through a pipe: for limits and signals that the file or terminal behind
/// standard output would meet as well.
#define IN_PIPED_CHILD(label, ...) do { \
        int ends_[2]; \
        MUST(pipe2(ends_, O_CLOEXEC)); \
        pid_t pid_ = fork_child(); \
        if (pid_ == 0) { dup2(ends_[1], 1); close(ends_[0]); close(ends_[1]); { __VA_ARGS__; } child_exit(0); } \
        close(ends_[1]); \
        char text_[4096]; \
        ssize_t got_; \
        while ((got_ = read(ends_[0], text_, sizeof text_)) > 0) fwrite(text_, 1, (size_t)got_, stdout); \
        close(ends_[0]); \
        reap((label), pid_); \
    } while (0)

// ---------------------------------------------------------------- futex and clone

CONF_FN long futex(volatile uint32_t *word, int operation, uint32_t value, const struct timespec *timeout, volatile uint32_t *second, uint32_t third) {
    return syscall(SYS_futex, word, operation, value, timeout, second, third);
}

/// clone3 with the arguments of the structure's fields: CLONE3(.flags = CLONE_PIDFD, .exit_signal = SIGCHLD).
/// No stack means: as fork does.
#define CLONE3(...) ({ \
        struct clone_args args_ = {__VA_ARGS__}; \
        fflush(stdout); \
        syscall(SYS_clone3, &args_, sizeof args_); \
    })

/// clone as the kernel has it, without a new stack: as fork does.
#define CLONE(flags, ptid, ctid, tls) ({ fflush(stdout); syscall(SYS_clone, (flags), NULL, (ptid), (ctid), (tls)); })

#endif
