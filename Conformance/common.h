// The one header of the conformance programs.
//
// A conformance program makes system calls and prints what they did, in lines that are the same on every run:
// results, errno names, data, order. It is run on the host kernel and in the sandbox; output and exit status must
// be equal. So it never prints pids, inode or device numbers, addresses, user ids or absolute times, but relations
// between them ("same inode: yes").
//
//     #include "../common.h"
//
//     TEST {
//         SHOW(open("missing", O_RDONLY));      // prints: open("missing", O_RDONLY) = -1 ENOENT
//         int fd = MUST(creat("f", 0644));      // the program ends with a message if this fails
//         SHOW(write(fd, "abc", 3));            // prints: write(fd, "abc", 3) = 3
//         CHECK(lseek(fd, 0, SEEK_CUR) == 3);   // prints: ... : yes; a "no" also makes the exit status 1
//         SUCCEEDS(dup(fd));                    // prints "ok" instead of a number
//     }
//
// The body runs with: the current directory fresh and empty (removed at the end), umask 022, every signal at its
// default action and unblocked, no descriptor open above 2, stdout line buffered (so fork needs no flush).
// `#define CONF_AS_USER` before the include gives up root first, for rules that root is exempt from.
// A program that executes itself (EXEC_SELF("arg", ...)) comes back into TEST with conf_argc > 1, in the directory
// it was in, with its descriptors and signals as inherited.
#ifndef CONFORMANCE_COMMON_H
#define CONFORMANCE_COMMON_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <grp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>

#define CONF_FN static __attribute__((unused))

// ---------------------------------------------------------------- names of numbers

// Every errno of Linux; EWOULDBLOCK, EDEADLOCK and ENOTSUP print as EAGAIN, EDEADLK and EOPNOTSUPP.
#define CONF_ERRNOS \
    E_(EPERM) E_(ENOENT) E_(ESRCH) E_(EINTR) E_(EIO) E_(ENXIO) E_(E2BIG) E_(ENOEXEC) E_(EBADF) E_(ECHILD) \
    E_(EAGAIN) E_(ENOMEM) E_(EACCES) E_(EFAULT) E_(ENOTBLK) E_(EBUSY) E_(EEXIST) E_(EXDEV) E_(ENODEV) \
    E_(ENOTDIR) E_(EISDIR) E_(EINVAL) E_(ENFILE) E_(EMFILE) E_(ENOTTY) E_(ETXTBSY) E_(EFBIG) E_(ENOSPC) \
    E_(ESPIPE) E_(EROFS) E_(EMLINK) E_(EPIPE) E_(EDOM) E_(ERANGE) E_(EDEADLK) E_(ENAMETOOLONG) E_(ENOLCK) \
    E_(ENOSYS) E_(ENOTEMPTY) E_(ELOOP) E_(ENOMSG) E_(EIDRM) E_(ECHRNG) E_(EL2NSYNC) E_(EL3HLT) E_(EL3RST) \
    E_(ELNRNG) E_(EUNATCH) E_(ENOCSI) E_(EL2HLT) E_(EBADE) E_(EBADR) E_(EXFULL) E_(ENOANO) E_(EBADRQC) \
    E_(EBADSLT) E_(EBFONT) E_(ENOSTR) E_(ENODATA) E_(ETIME) E_(ENOSR) E_(ENONET) E_(ENOPKG) E_(EREMOTE) \
    E_(ENOLINK) E_(EADV) E_(ESRMNT) E_(ECOMM) E_(EPROTO) E_(EMULTIHOP) E_(EDOTDOT) E_(EBADMSG) E_(EOVERFLOW) \
    E_(ENOTUNIQ) E_(EBADFD) E_(EREMCHG) E_(ELIBACC) E_(ELIBBAD) E_(ELIBSCN) E_(ELIBMAX) E_(ELIBEXEC) \
    E_(EILSEQ) E_(ERESTART) E_(ESTRPIPE) E_(EUSERS) E_(ENOTSOCK) E_(EDESTADDRREQ) E_(EMSGSIZE) \
    E_(EPROTOTYPE) E_(ENOPROTOOPT) E_(EPROTONOSUPPORT) E_(ESOCKTNOSUPPORT) E_(EOPNOTSUPP) E_(EPFNOSUPPORT) \
    E_(EAFNOSUPPORT) E_(EADDRINUSE) E_(EADDRNOTAVAIL) E_(ENETDOWN) E_(ENETUNREACH) E_(ENETRESET) \
    E_(ECONNABORTED) E_(ECONNRESET) E_(ENOBUFS) E_(EISCONN) E_(ENOTCONN) E_(ESHUTDOWN) E_(ETOOMANYREFS) \
    E_(ETIMEDOUT) E_(ECONNREFUSED) E_(EHOSTDOWN) E_(EHOSTUNREACH) E_(EALREADY) E_(EINPROGRESS) E_(ESTALE) \
    E_(EUCLEAN) E_(ENOTNAM) E_(ENAVAIL) E_(EISNAM) E_(EREMOTEIO) E_(EDQUOT) E_(ENOMEDIUM) E_(EMEDIUMTYPE) \
    E_(ECANCELED) E_(ENOKEY) E_(EKEYEXPIRED) E_(EKEYREVOKED) E_(EKEYREJECTED) E_(EOWNERDEAD) \
    E_(ENOTRECOVERABLE) E_(ERFKILL) E_(EHWPOISON)

/// The name of an errno ("ENOENT"), or "E<number>" for one that Linux does not have.
CONF_FN const char *errno_name(int number) {
    static char unknown[16];
    switch (number) {
#define E_(name) case name: return #name;
    CONF_ERRNOS
#undef E_
    case 0: return "0";
    }
    snprintf(unknown, sizeof unknown, "E%d", number);
    return unknown;
}

/// The name of a signal ("SIGPIPE"); real-time signals as "SIGRTMIN+n".
CONF_FN const char *signal_name(int number) {
    static char text[24];
    const char *name = sigabbrev_np(number);
    if (name) snprintf(text, sizeof text, "SIG%s", name);
    else if (number >= SIGRTMIN && number <= SIGRTMAX) snprintf(text, sizeof text, "SIGRTMIN+%d", number - SIGRTMIN);
    else snprintf(text, sizeof text, "signal %d", number);
    return text;
}

struct conf_bit { unsigned long value; const char *name; };

/// The names of the set bits joined with "|", rest in hex, "0" for none. Four results stay valid at a time.
CONF_FN const char *bit_names(unsigned long value, const struct conf_bit *bits, size_t count) {
    static char texts[4][256];
    static int turn;
    char *text = texts[turn = (turn + 1) % 4];
    size_t used = 0;
    text[0] = 0;
    for (size_t i = 0; i < count; i++) {
        if ((value & bits[i].value) != bits[i].value) continue;
        used += (size_t)snprintf(text + used, sizeof texts[0] - used, "%s%s", used ? "|" : "", bits[i].name);
        value &= ~bits[i].value;
    }
    if (value || !used) snprintf(text + used, sizeof texts[0] - used, value ? "%s0x%lx" : "%s%lu", used ? "|" : "", value);
    return text;
}

/// The event bits of poll, with their POLL names.
CONF_FN const char *poll_names(int events) {
    static const struct conf_bit bits[] = {
        {POLLIN, "IN"}, {POLLPRI, "PRI"}, {POLLOUT, "OUT"}, {POLLRDNORM, "RDNORM"}, {POLLRDBAND, "RDBAND"},
        {POLLWRNORM, "WRNORM"}, {POLLWRBAND, "WRBAND"}, {POLLRDHUP, "RDHUP"}, {POLLERR, "ERR"},
        {POLLHUP, "HUP"}, {POLLNVAL, "NVAL"}};
    return bit_names((unsigned short)events, bits, sizeof bits / sizeof *bits);
}

/// The event bits of epoll.
CONF_FN const char *epoll_names(uint32_t events) {
    static const struct conf_bit bits[] = {
        {EPOLLIN, "IN"}, {EPOLLPRI, "PRI"}, {EPOLLOUT, "OUT"}, {EPOLLRDNORM, "RDNORM"}, {EPOLLRDBAND, "RDBAND"},
        {EPOLLWRNORM, "WRNORM"}, {EPOLLWRBAND, "WRBAND"}, {EPOLLRDHUP, "RDHUP"}, {EPOLLERR, "ERR"},
        {EPOLLHUP, "HUP"}, {EPOLLEXCLUSIVE, "EXCLUSIVE"}, {EPOLLONESHOT, "ONESHOT"}, {EPOLLET, "ET"}};
    return bit_names(events, bits, sizeof bits / sizeof *bits);
}

/// The file type of a mode as one word.
CONF_FN const char *type_name(mode_t mode) {
    switch (mode & S_IFMT) {
    case S_IFREG: return "regular";
    case S_IFDIR: return "directory";
    case S_IFLNK: return "symlink";
    case S_IFIFO: return "fifo";
    case S_IFSOCK: return "socket";
    case S_IFCHR: return "character device";
    case S_IFBLK: return "block device";
    case 0: return "no type";
    }
    return "unknown type";
}

/// A `d_type` as the same word.
CONF_FN const char *dtype_name(unsigned char type) { return type == DT_UNKNOWN ? "unknown" : type_name(DTTOIF(type)); }

// ---------------------------------------------------------------- printing results

static int conf_failures;

/// Prints one line of text, printf style.
CONF_FN __attribute__((format(printf, 1, 2))) void T(const char *format, ...) {
    int saved = errno;
    va_list arguments;
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    putchar('\n');
    errno = saved;
}

CONF_FN long conf_show(const char *label, long result, bool hideValue) {
    int saved = errno;
    if (result == -1) printf("%s = -1 %s\n", label, errno_name(saved));
    else if (hideValue) printf("%s: ok\n", label);
    else printf("%s = %ld\n", label, result);
    errno = saved;
    return result;
}

/// Calls, prints "text = value" or "text = -1 ENAME", and gives the result.
#define SHOW(call) (errno = 0, conf_show(#call, (long)(call), false))
/// The same with a label in place of the call's text.
#define SHOWN(label, call) (errno = 0, conf_show((label), (long)(call), false))
/// Prints "text: ok" where the value itself (a descriptor, a pid, an address) must not be shown.
#define SUCCEEDS(call) (errno = 0, conf_show(#call, (long)(call), true))
#define SUCCEEDSN(label, call) (errno = 0, conf_show((label), (long)(call), true))
/// Prints "text: yes" or "text: NO"; a NO makes the exit status 1. For facts that hold on every Linux.
#define CHECK(condition) conf_check(#condition, (condition))
#define CHECKN(label, condition) conf_check((label), (condition))
/// Prints "label: yes" or "label: no" without an expectation.
#define FACT(label, condition) T("%s: %s", (label), (condition) ? "yes" : "no")

CONF_FN bool conf_check(const char *label, bool holds) {
    int saved = errno;
    printf("%s: %s\n", label, holds ? "yes" : "NO");
    if (!holds) conf_failures++;
    errno = saved;
    return holds;
}

CONF_FN long conf_must(const char *label, const char *file, int line, long result) {
    if (result == -1) {
        printf("%s:%d: %s failed: %s\n", strrchr(file, '/') ? strrchr(file, '/') + 1 : file, line, label, errno_name(errno));
        exit(3);
    }
    return result;
}

/// Preparation that has to work: ends the program with status 3 and a message otherwise. Prints nothing on success.
#define MUST(call) (errno = 0, conf_must(#call, __FILE__, __LINE__, (long)(call)))

/// Ends the program as skipped. Must come before any other output.
#define SKIP(reason) do { printf("SKIP %s\n", (reason)); exit(0); } while (0)

/// A system call without the C library's wrapper. Same result convention (-1 and errno).
#define RAW(...) syscall(__VA_ARGS__)

/// Addresses that are never mapped: for EFAULT. Volatile, so that the compiler cannot see them.
static void *volatile conf_bad __attribute__((unused)) = (void *)8;
static void *volatile conf_null __attribute__((unused)) = NULL;
#define BAD conf_bad
#define NIL conf_null

/// Prints bytes as hex and text, 16 in a line.
CONF_FN void hexdump(const char *label, const void *data, size_t count) {
    const unsigned char *bytes = data;
    printf("%s: %zu bytes\n", label, count);
    for (size_t i = 0; i < count; i += 16) {
        printf("  %04zx ", i);
        for (size_t j = i; j < i + 16; j++) {
            if (j < count) printf(" %02x", bytes[j]);
            else printf("   ");
        }
        printf("  ");
        for (size_t j = i; j < i + 16 && j < count; j++) putchar(bytes[j] >= 32 && bytes[j] < 127 ? bytes[j] : '.');
        putchar('\n');
    }
}

/// Prints bytes in quotes with C escapes.
CONF_FN void show_text(const char *label, const void *data, long count) {
    if (count < 0) { T("%s = -1 %s", label, errno_name(errno)); return; }
    const unsigned char *bytes = data;
    printf("%s = %ld \"", label, count);
    for (long i = 0; i < count; i++) {
        unsigned char c = bytes[i];
        if (c == '\n') printf("\\n");
        else if (c == '\r') printf("\\r");
        else if (c == '\t') printf("\\t");
        else if (c == '\\' || c == '"') printf("\\%c", c);
        else if (c < 32 || c > 126) printf("\\x%02x", c);
        else putchar(c);
    }
    printf("\"\n");
}

/// Reads once (up to 4096 bytes) and prints the result with the data.
CONF_FN long show_read(const char *label, int fd, size_t count) {
    char data[4096];
    if (count > sizeof data) count = sizeof data;
    errno = 0;
    long got = read(fd, data, count);
    int saved = errno;
    show_text(label, data, got);
    errno = saved;
    return got;
}

// ---------------------------------------------------------------- files

/// Makes (or replaces) a file with this text. Mode 0644.
CONF_FN void make_file(const char *path, const char *text) {
    int fd = (int)MUST(open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
    size_t length = strlen(text);
    if (length) MUST(write(fd, text, length));
    close(fd);
}

/// Makes a file of this length in which byte i is 'a' + i % 26.
CONF_FN void make_pattern(const char *path, size_t length) {
    int fd = (int)MUST(open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
    char block[26 * 64];
    for (size_t i = 0; i < sizeof block; i++) block[i] = (char)('a' + i % 26);
    for (size_t done = 0; done < length;) {
        size_t part = length - done < sizeof block ? length - done : sizeof block;
        done += (size_t)MUST(write(fd, block, part));
    }
    close(fd);
}

/// Prints the content of a file (its first 4096 bytes) or why it cannot be read.
CONF_FN void show_file(const char *path) {
    char data[4096];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) { T("%s: %s", path, errno_name(errno)); return; }
    long total = 0, got;
    while ((size_t)total < sizeof data && (got = read(fd, data + total, sizeof data - (size_t)total)) > 0) total += got;
    close(fd);
    show_text(path, data, total);
}

/// Prints what lstat says: type, mode, and for files the link count and size.
CONF_FN void show_stat(const char *path) {
    struct stat status;
    if (lstat(path, &status) < 0) { T("%s: %s", path, errno_name(errno)); return; }
    if (S_ISDIR(status.st_mode)) T("%s: directory, mode %04o", path, status.st_mode & 07777);
    else T("%s: %s, mode %04o, links %lu, size %lld", path, type_name(status.st_mode), status.st_mode & 07777,
           (unsigned long)status.st_nlink, (long long)status.st_size);
}

/// Whether two paths (not followed at the end) name one inode.
CONF_FN bool same_inode(const char *first, const char *second) {
    struct stat a, b;
    return lstat(first, &a) == 0 && lstat(second, &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

CONF_FN bool exists(const char *path) {
    struct stat status;
    return lstat(path, &status) == 0;
}

CONF_FN int conf_compare(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

/// Prints the names in a directory in sorted order with their types, without "." and "..".
CONF_FN void show_dir(const char *path) {
    char *names[1024];
    int count = 0;
    DIR *dir = opendir(path);
    if (!dir) { T("%s/: %s", path, errno_name(errno)); return; }
    for (struct dirent *entry; count < 1024 && (entry = readdir(dir));) {
        if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..")) continue;
        names[count++] = strdup(entry->d_name);
    }
    closedir(dir);
    qsort(names, (size_t)count, sizeof *names, conf_compare);
    printf("%s/:", path);
    for (int i = 0; i < count; i++) {
        printf(" %s", names[i]);
        free(names[i]);
    }
    printf("%s\n", count ? "" : " (empty)");
}

// ---------------------------------------------------------------- time

CONF_FN long long now_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

CONF_FN long now_ms(void) { return (long)(now_ns() / 1000000); }

/// Sleeps this long, also when a signal handler runs in between.
CONF_FN void sleep_ms(long milliseconds) {
    struct timespec rest = {milliseconds / 1000, milliseconds % 1000 * 1000000};
    while (clock_nanosleep(CLOCK_MONOTONIC, 0, &rest, &rest) == EINTR) {}
}

/// Long enough for another task to reach its sleep, and for the coarse file clock to advance.
CONF_FN void settle(void) { sleep_ms(20); }

/// Less than, equal, greater: -1, 0, 1.
CONF_FN int compare_times(struct timespec a, struct timespec b) {
    if (a.tv_sec != b.tv_sec) return a.tv_sec < b.tv_sec ? -1 : 1;
    return a.tv_nsec < b.tv_nsec ? -1 : a.tv_nsec > b.tv_nsec;
}

// ---------------------------------------------------------------- processes

/// Forks; in the child the failure count starts at none. Ends the program when there is no child to be had.
CONF_FN pid_t fork_child(void) {
    fflush(stdout);
    pid_t pid = (pid_t)MUST(fork());
    if (pid == 0) conf_failures = 0;
    return pid;
}

/// Ends a child: flushes, no clean-up of the directory. A failed CHECK in the child turns status 0 into 1.
CONF_FN __attribute__((noreturn)) void child_exit(int status) {
    fflush(stdout);
    _exit(status ? status : conf_failures != 0);
}

/// A wait status as text: "exited 0", "killed by SIGKILL", "stopped by SIGTTIN", "continued".
CONF_FN const char *status_name(int status) {
    static char text[64];
    if (WIFEXITED(status)) snprintf(text, sizeof text, "exited %d", WEXITSTATUS(status));
    else if (WIFSIGNALED(status)) snprintf(text, sizeof text, "killed by %s", signal_name(WTERMSIG(status)));
    else if (WIFSTOPPED(status) && status >> 16) snprintf(text, sizeof text, "stopped by %s, event %d", signal_name(WSTOPSIG(status)), status >> 16);
    else if (WIFSTOPPED(status)) snprintf(text, sizeof text, "stopped by %s", signal_name(WSTOPSIG(status)));
    else if (WIFCONTINUED(status)) snprintf(text, sizeof text, "continued");
    else snprintf(text, sizeof text, "status 0x%x", status);
    return text;
}

/// Waits for a child and prints "label: exited 0" (core dump or not is not told). Gives the raw status.
CONF_FN int reap(const char *label, pid_t pid) {
    int status = 0;
    pid_t got;
    do got = waitpid(pid, &status, 0); while (got < 0 && errno == EINTR);
    if (got < 0) T("%s: waitpid %s", label, errno_name(errno));
    else T("%s: %s", label, status_name(status));
    return status;
}

/// Runs a block in a child process, waits, and prints how it ended:
///     IN_CHILD("reader", { SHOW(read(fd, buffer, 1)); });
#define IN_CHILD(label, ...) do { \
        pid_t conf_pid_ = fork_child(); \
        if (conf_pid_ == 0) { __VA_ARGS__; child_exit(0); } \
        reap((label), conf_pid_); \
    } while (0)

/// Starts a block in a child process and gives its pid at once: pid_t p = SPAWN({ ... });
#define SPAWN(...) ({ \
        pid_t conf_pid_ = fork_child(); \
        if (conf_pid_ == 0) { __VA_ARGS__; child_exit(0); } \
        conf_pid_; \
    })

/// A one-way signal between processes: gate_open lets one gate_wait pass. Make it before the fork.
struct gate { int ends[2]; };
CONF_FN struct gate make_gate(void) {
    struct gate gate;
    MUST(pipe2(gate.ends, O_CLOEXEC));
    return gate;
}
CONF_FN void gate_open(struct gate gate) { MUST(write(gate.ends[1], "g", 1)); }
CONF_FN void gate_wait(struct gate gate) {
    char byte;
    ssize_t got;
    do got = read(gate.ends[0], &byte, 1); while (got < 0 && errno == EINTR);
    if (got != 1) { T("gate_wait: end of file"); exit(3); }
}

static volatile sig_atomic_t conf_caught[NSIG] __attribute__((unused));
CONF_FN void conf_count_signal(int number) { conf_caught[number]++; }

/// Counts this signal in conf_caught[] from now on. `flags` are those of sigaction (SA_RESTART...).
CONF_FN void count_signal(int number, int flags) {
    struct sigaction action = {.sa_handler = conf_count_signal, .sa_flags = flags};
    MUST(sigaction(number, &action, NULL));
}

/// Whether this descriptor number is open.
CONF_FN bool is_open(int fd) { return fcntl(fd, F_GETFD) != -1; }

// ---------------------------------------------------------------- the frame

static int conf_argc __attribute__((unused));
static char **conf_argv __attribute__((unused));
static char conf_self[PATH_MAX] __attribute__((unused)); // absolute path of this program
static char conf_dir[PATH_MAX] __attribute__((unused));  // absolute path of the fresh directory, "" in a self-executed program
static pid_t conf_owner;

/// Executes this program again with these arguments. Returns only on failure.
#define EXEC_SELF(...) execv(conf_self, (char *[]){conf_self, __VA_ARGS__, NULL})

/// Gives up root for good (user and group 65534, no further groups); does nothing for others.
CONF_FN void drop_root(void) {
    if (geteuid() != 0) return;
    MUST(setgroups(0, NULL));
    MUST(setresgid(65534, 65534, 65534));
    MUST(setresuid(65534, 65534, 65534));
    prctl(PR_SET_DUMPABLE, 1); // otherwise /proc/self belongs to root
}

CONF_FN void conf_remove_tree(int parent, const char *name) {
    if (unlinkat(parent, name, 0) == 0) return;
    fchmodat(parent, name, 0700, 0);
    int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0) return;
    DIR *dir = fdopendir(fd);
    if (!dir) { close(fd); return; }
    for (struct dirent *entry; (entry = readdir(dir));)
        if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..")) conf_remove_tree(fd, entry->d_name);
    closedir(dir);
    unlinkat(parent, name, AT_REMOVEDIR);
}

CONF_FN void conf_cleanup(void) {
    fflush(stdout);
    if (getpid() != conf_owner || !conf_dir[0]) return;
    for (int fd = 3; fd < 1024; fd++) close(fd); // there may be none left
    if (chdir("/") == 0) conf_remove_tree(AT_FDCWD, conf_dir);
}

CONF_FN void conf_setup(int argc, char **argv) {
    conf_argc = argc;
    conf_argv = argv;
    setvbuf(stdout, NULL, _IOLBF, 0);
    ssize_t length = readlink("/proc/self/exe", conf_self, sizeof conf_self - 1);
    if (length <= 0 && !realpath(argv[0], conf_self)) strcpy(conf_self, argv[0]);
    if (argc > 1) return;
    for (int number = 1; number < NSIG; number++) signal(number, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    for (int fd = 3; fd < 256; fd++) close(fd);
    umask(022);
#ifdef CONF_AS_USER
    drop_root();
#endif
    const char *base = getenv("TMPDIR");
    snprintf(conf_dir, sizeof conf_dir, "%s/conf.XXXXXX", base && *base ? base : "/tmp");
    if (!mkdtemp(conf_dir) || chdir(conf_dir) < 0) {
        printf("no fresh directory: %s\n", errno_name(errno));
        conf_dir[0] = 0;
        exit(3);
    }
    if (!getcwd(conf_dir, sizeof conf_dir)) exit(3); // canonical
    conf_owner = getpid();
    atexit(conf_cleanup);
}

/// The body of the program.
#define TEST \
    static void conf_test(void); \
    int main(int argc, char **argv) { \
        conf_setup(argc, argv); \
        conf_test(); \
        return conf_failures != 0; \
    } \
    static void conf_test(void)

#endif
