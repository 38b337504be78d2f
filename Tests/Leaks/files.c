// Leak tests: files, directories, locks, watches.
#include "leaks.h"

static void open_close(long n) { (void)n; close(must(open("/etc/passwd", O_RDONLY))); }
static void open_close_memory(long n) { (void)n; close(must(open("file", O_RDWR | O_CREAT, 0600))); }
static void open_missing(long n) { (void)n; expect(open("/etc/no-such-file", O_RDONLY) < 0); }

/// Each name is another: the cache of names has to let go of old ones.
static void stat_many_missing(long n) {
    char name[64];
    struct stat st;
    snprintf(name, sizeof name, "/etc/missing-%ld", n);
    expect(stat(name, &st) < 0);
}

static void create_write_unlink(long n) {
    char name[64], data[5000] = "x";
    snprintf(name, sizeof name, "new-%ld", n);
    int fd = must(open(name, O_RDWR | O_CREAT | O_EXCL, 0600));
    expect(write(fd, data, sizeof data) == sizeof data);
    close(fd);
    must(unlink(name));
}

static void unlink_open(long n) {
    (void)n;
    int fd = must(open("unlinked", O_RDWR | O_CREAT, 0600));
    expect(write(fd, "data", 4) == 4);
    must(unlink("unlinked"));
    must(ftruncate(fd, 100000));
    close(fd);
}

static void copy_up(long n) {
    (void)n;
    must(chmod("/etc/hostname", 0644));
    int fd = must(open("/etc/hostname", O_WRONLY | O_TRUNC));
    expect(write(fd, "leaks\n", 6) == 6);
    close(fd);
    must(unlink("/etc/hostname"));
    fd = must(open("/etc/hostname", O_WRONLY | O_CREAT, 0644));
    close(fd);
}

static void make_remove_directory(long n) {
    char name[64], inner[80];
    snprintf(name, sizeof name, "directory-%ld", n);
    snprintf(inner, sizeof inner, "%s/file", name);
    must(mkdir(name, 0700));
    close(must(open(inner, O_RDWR | O_CREAT, 0600)));
    int fd = must(open(name, O_RDONLY | O_DIRECTORY));
    must(unlink(inner));
    must(rmdir(name));
    char buffer[1024];
    syscall(SYS_getdents64, fd, buffer, sizeof buffer);
    close(fd);
}

static void remove_current_directory(long n) {
    (void)n;
    int here = must(open(".", O_RDONLY | O_DIRECTORY));
    must(mkdir("left", 0700));
    must(chdir("left"));
    must(rmdir("../left"));
    must(fchdir(here));
    close(here);
}

static void rename_over(long n) {
    char name[64];
    snprintf(name, sizeof name, "from-%ld", n);
    close(must(open(name, O_RDWR | O_CREAT, 0600)));
    must(rename(name, "to"));
}

static void links(long n) {
    char name[64], soft[64], text[64];
    snprintf(name, sizeof name, "hard-%ld", n);
    snprintf(soft, sizeof soft, "soft-%ld", n);
    close(must(open("target", O_RDWR | O_CREAT, 0600)));
    must(link("target", name));
    must(symlink(name, soft));
    must(readlink(soft, text, sizeof text));
    close(must(open(soft, O_RDONLY)));
    must(unlink(name));
    must(unlink(soft));
}

static void temporary_file(long n) {
    (void)n;
    int fd = must(open(".", O_RDWR | O_TMPFILE, 0600));
    expect(write(fd, "data", 4) == 4);
    close(fd);
}

static void duplicates(long n) {
    int fd = must(open("/dev/null", O_RDWR)), other = must(dup(fd)), high = must(fcntl(fd, F_DUPFD_CLOEXEC, 100 + n % 500));
    must(dup2(fd, other));
    close(fd);
    close(other);
    close(high);
}

static void attributes(long n) {
    (void)n;
    close(must(open("attributes", O_RDWR | O_CREAT, 0600)));
    must(setxattr("attributes", "user.leak", "value", 5, 0));
    must(removexattr("attributes", "user.leak"));
    must(setxattr("attributes", "user.other", "value", 5, 0));
    must(unlink("attributes"));
}

static void read_directory(long n) {
    (void)n;
    int fd = must(open("/etc", O_RDONLY | O_DIRECTORY));
    char buffer[8192];
    while (syscall(SYS_getdents64, fd, buffer, sizeof buffer) > 0) {}
    close(fd);
}

static void read_proc(long n) {
    static const char *const names[] = {
        "/proc/self/maps", "/proc/self/status", "/proc/self/stat", "/proc/meminfo", "/proc/mounts", "/proc/self/fd/0",
        "/proc/self/cmdline", "/proc/self/task/../environ", "/proc/cpuinfo", "/proc/self/smaps", "/proc/sys/kernel/hostname", "/proc/self/mountinfo",
    };
    char buffer[4096];
    int fd = open(names[n % (sizeof names / sizeof *names)], O_RDONLY);
    if (fd < 0) return;
    if (n % 12 != 5) (void)!read(fd, buffer, sizeof buffer);
    close(fd);
    fd = must(open(n & 1 ? "/proc" : "/proc/self/fd", O_RDONLY | O_DIRECTORY));
    syscall(SYS_getdents64, fd, buffer, sizeof buffer);
    close(fd);
}

static void locks(long n) {
    int fd = must(open("locked", O_RDWR | O_CREAT, 0600));
    for (int i = 0; i < 4; i++) {
        struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 10 * i + n % 7, .l_len = 5 };
        must(fcntl(fd, i & 1 ? F_SETLK : F_OFD_SETLK, &lock));
    }
    int other = must(open("locked", O_RDWR));
    must(flock(other, LOCK_EX));
    must(flock(other, LOCK_SH));
    close(fd);
    close(other);
}

static void locks_of_a_child(long n) {
    int fd = must(open("locked", O_RDWR | O_CREAT, 0600));
    pid_t child = must(fork());
    if (child == 0) {
        struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = n, .l_len = 5 };
        must(fcntl(fd, F_SETLK, &lock));
        _exit(0);
    }
    reap(child, 0);
    close(fd);
}

static void watches(long n) {
    char name[64];
    snprintf(name, sizeof name, "watched-%ld", n % 100);
    int watcher = must(inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
    must(inotify_add_watch(watcher, ".", IN_ALL_EVENTS));
    close(must(open(name, O_RDWR | O_CREAT, 0600)));
    int watch = must(inotify_add_watch(watcher, name, IN_ALL_EVENTS));
    must(chmod(name, 0640));
    if (n & 1) must(inotify_rm_watch(watcher, watch));
    must(unlink(name));
    close(watcher); // with events in it
}

static void failed_opens(long n) {
    (void)n;
    expect(open("/etc", O_RDWR) < 0);
    expect(open("/etc/passwd/x", O_RDONLY) < 0);
    expect(open("no/such/directory", O_RDWR | O_CREAT, 0600) < 0);
    expect(open((char *)1, O_RDONLY) < 0);
    expect(mkdir("/etc", 0700) < 0);
    expect(rename("none", "other") < 0);
    expect(symlink("x", "/etc/passwd") < 0);
    expect(link("none", "other") < 0);
}

static void copies(long n) {
    (void)n;
    int in = must(open("/etc/passwd", O_RDONLY)), out = must(open("copy", O_RDWR | O_CREAT | O_TRUNC, 0600));
    must(copy_file_range(in, NULL, out, NULL, 1 << 20, 0));
    close(in);
    close(out);
    must(unlink("copy"));
}

static void leases(long n) {
    int fd = must(open("leased", O_RDONLY | O_CREAT, 0600));
    must(fcntl(fd, F_SETLEASE, n & 1 ? F_RDLCK : F_WRLCK));
    signal(SIGIO, SIG_IGN);
    expect(open("leased", O_WRONLY | O_NONBLOCK) < 0 && errno == EAGAIN);
    if (n & 2) must(fcntl(fd, F_SETLEASE, F_UNLCK));
    close(fd);
}

const leak_case file_cases[] = {
    { "open_close", open_close, 1000000, 1000000 },
    { "open_close_memory", open_close_memory, 100000, 1000000 },
    { "open_missing", open_missing, 100000, 1000000 },
    { "stat_many_missing", stat_many_missing, 100000, 1000000, .warm = 450000 },
    { "create_write_unlink", create_write_unlink, 50000, 500000 },
    { "unlink_open", unlink_open, 20000, 500000 },
    { "copy_up", copy_up, 10000, 100000 },
    { "make_remove_directory", make_remove_directory, 20000, 500000 },
    { "remove_current_directory", remove_current_directory, 10000, 200000 },
    { "rename_over", rename_over, 20000, 500000 },
    { "links", links, 10000, 300000 },
    { "temporary_file", temporary_file, 20000, 300000 },
    { "duplicates", duplicates, 50000, 1000000 },
    { "attributes", attributes, 10000, 300000 },
    { "read_directory", read_directory, 5000, 50000 },
    { "read_proc", read_proc, 4800, 120000 },
    { "locks", locks, 20000, 300000 },
    { "locks_of_a_child", locks_of_a_child, 1000, 50000 },
    { "leases", leases, 10000, 200000 },
    { "watches", watches, 10000, 200000 },
    { "failed_opens", failed_opens, 20000, 300000 },
    { "copies", copies, 10000, 200000 },
    { 0 },
};
