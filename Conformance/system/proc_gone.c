// Files of /proc/PID that were opened before the process ended, and before it was waited for.
#include "../tasks.h"

static const char *const files[] = {"gid_map", "uid_map", "cmdline", "comm", "maps", "stat", "status", "oom_score", "environ", "limits"};
static const char *const links[] = {"exe", "cwd", "root", "ns/net", "ns/uts", "ns/ipc", "ns/mnt", "ns/pid", "ns/user"};
enum { FILES = sizeof files / sizeof *files, LINKS = sizeof links / sizeof *links };

static void try_all(const char *when, const int *fds) {
    for (int i = 0; i < FILES + LINKS; i++) {
        char buffer[8];
        long got = i < FILES ? pread(fds[i], buffer, 8, 0) : readlinkat(fds[i], "", buffer, 8);
        T("%s, %s: %s", when, i < FILES ? files[i] : links[i - FILES], got < 0 ? errno_name(errno) : got == 0 ? "nothing" : "something");
    }
}

/// By its directory, which is open.
static void walk(const char *when, int dir, int namespaces) {
    char buffer[64];
    struct stat facts;
    T("by the directory, %s", when);
    SUCCEEDS(readlinkat(dir, "exe", buffer, 64));
    SUCCEEDS(readlinkat(dir, "cwd", buffer, 64));
    SUCCEEDS(readlinkat(dir, "ns/net", buffer, 64));
    SUCCEEDS(readlinkat(dir, "ns/pid", buffer, 64));
    SUCCEEDS(readlinkat(dir, "fd/0", buffer, 64));
    SUCCEEDS(readlinkat(namespaces, "net", buffer, 64));
    SUCCEEDS(openat(dir, "stat", O_RDONLY));
    SUCCEEDS(openat(dir, "nonsense", O_RDONLY));
    SUCCEEDS(faccessat(dir, "stat", F_OK, 0));
    SUCCEEDS(fstat(dir, &facts));
    SUCCEEDS(fstatat(dir, "exe", &facts, AT_SYMLINK_NOFOLLOW));
}

TEST {
    int ends[2], fds[FILES + LINKS];
    MUST(pipe(ends));
    pid_t child = fork();
    if (child == 0) {
        char byte;
        (void)!read(ends[0], &byte, 1);
        _exit(0);
    }
    for (int i = 0; i < FILES + LINKS; i++) {
        char path[64];
        snprintf(path, sizeof path, "/proc/%d/%s", child, i < FILES ? files[i] : links[i - FILES]);
        fds[i] = (int)MUST(open(path, i < FILES ? O_RDONLY : O_PATH | O_NOFOLLOW));
    }
    char path[64];
    snprintf(path, sizeof path, "/proc/%d", child);
    int dir = (int)MUST(open(path, O_RDONLY | O_DIRECTORY)), namespaces = (int)MUST(openat(dir, "ns", O_RDONLY | O_DIRECTORY));
    try_all("alive", fds);
    walk("alive", dir, namespaces);
    MUST(write(ends[1], "x", 1));
    siginfo_t info;
    MUST(waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT));
    try_all("a zombie", fds);
    walk("a zombie", dir, namespaces);
    waitpid(child, NULL, 0);
    try_all("gone", fds);
    walk("gone", dir, namespaces);
}
