// fcntl(2) F_NOTIFY: a signal for what happens in a directory.
#include "../common.h"

static volatile sig_atomic_t count;
static siginfo_t last;
static void handler(int number, siginfo_t *info, void *context) {
    (void)number, (void)context;
    count++;
    last = *info;
}

static int directory;
/// How many signals came since the last time.
static void came(const char *what) {
    if (count) T("%s: %d, code %d, band %s, descriptor %s", what, (int)count, last.si_code, poll_names((int)last.si_band), last.si_fd == directory ? "right" : "wrong");
    else T("%s: none", what);
    count = 0;
}

static void ask(unsigned mask) {
    MUST(fcntl(directory, F_NOTIFY, 0));
    MUST(fcntl(directory, F_NOTIFY, mask));
    count = 0;
}

static void each(unsigned mask, const char *name) {
    char byte;
    T("-- %s", name);
#define DO(e) (ask(mask | DN_MULTISHOT), (void)MUST(e), came(#e))
    DO(creat("d/file", 0644) * 0);
    int fd = (int)MUST(open("d/file", O_RDWR));
    DO(open("d/file", O_RDONLY) * 0);
    DO(write(fd, "abc", 3));
    DO(pread(fd, &byte, 1, 0));
    DO(ftruncate(fd, 1));
    DO(truncate("d/file", 0));
    DO(chmod("d/file", 0600));
    DO(chmod("d", 0700));
    DO(utimensat(AT_FDCWD, "d/file", NULL, 0));
    DO(mkdir("d/sub", 0755));
    DO(creat("d/sub/deeper", 0644) * 0);
    DO(rename("d/file", "d/newname"));
    DO(rename("d/newname", "elsewhere"));
    DO(rename("elsewhere", "d/back"));
    DO(link("d/back", "d/link"));
    DO(symlink("x", "d/symlink"));
    DO(unlink("d/link"));
    DO(unlink("d/back"));
    DO(unlink("d/sub/deeper"));
    DO(rmdir("d/sub"));
    DO(unlink("d/symlink"));
    close(fd);
}

TEST {
    MUST(mkdir("d", 0755));
    make_file("plain", "");
    directory = (int)MUST(open("d", O_RDONLY));
    int plain = (int)MUST(open("plain", O_RDWR)), path = (int)MUST(open("d", O_PATH));
    if (fcntl(directory, F_NOTIFY, DN_CREATE) < 0) SKIP("no F_NOTIFY here");
    SHOW(fcntl(directory, F_NOTIFY, 0));
    SHOW(fcntl(plain, F_NOTIFY, DN_CREATE));
    SHOW(fcntl(plain, F_NOTIFY, 0));
    SHOW(fcntl(path, F_NOTIFY, DN_CREATE));
    SHOW(fcntl(directory, F_NOTIFY, DN_MULTISHOT));
    SHOW(fcntl(99, F_NOTIFY, DN_CREATE));
    struct sigaction action = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO | SA_RESTART};
    MUST(sigaction(SIGRTMIN, &action, NULL));
    MUST(sigaction(SIGIO, &action, NULL));
    MUST(fcntl(directory, F_NOTIFY, DN_CREATE));
    CHECK(fcntl(directory, F_GETOWN) == getpid());
    MUST(fcntl(directory, F_SETSIG, SIGRTMIN));

    // once
    make_file("d/1", "");
    came("one event");
    make_file("d/2", "");
    came("another");
    MUST(fcntl(directory, F_NOTIFY, DN_CREATE));
    MUST(fcntl(directory, F_NOTIFY, DN_DELETE));
    MUST(unlink("d/1"));
    came("masks add up");
    make_file("d/1", "");
    came("and end together");
    ask(DN_CREATE | DN_MULTISHOT);
    make_file("d/3", "");
    make_file("d/4", "");
    MUST(fcntl(directory, F_NOTIFY, 0));
    make_file("d/5", "");
    came("two and no more");
    // what was never asked for
    ask(DN_DELETE | DN_MULTISHOT);
    make_file("d/6", "");
    came("a creation");
    for (char name[] = "d/1"; name[2] < '7'; name[2]++) unlink(name);
    came("removals");

    each(DN_ACCESS, "access");
    each(DN_MODIFY, "modify");
    each(DN_CREATE, "create");
    each(DN_DELETE, "delete");
    each(DN_RENAME, "rename");
    each(DN_ATTRIB, "attributes");

    // two descriptions; the closing of any descriptor of one ends its request
    int second = (int)MUST(open("d", O_RDONLY)), copy = (int)MUST(dup(second));
    MUST(fcntl(second, F_SETSIG, SIGRTMIN));
    MUST(fcntl(second, F_NOTIFY, DN_CREATE | DN_MULTISHOT));
    ask(DN_CREATE | DN_MULTISHOT);
    make_file("d/a", "");
    CHECK(count == 2);
    close(copy);
    count = 0;
    make_file("d/b", "");
    CHECK(count == 1);
    close(directory);
    count = 0;
    make_file("d/c", "");
    CHECK(count == 0);
    // a plain SIGIO
    MUST(fcntl(second, F_SETSIG, 0));
    MUST(fcntl(second, F_NOTIFY, DN_CREATE));
    make_file("d/d", "");
    T("%d %s code %s", (int)count, signal_name(last.si_signo), last.si_code == SI_KERNEL ? "kernel" : "other");
    // children write: the signal is the parent's
    count = 0;
    MUST(fcntl(second, F_NOTIFY, DN_CREATE));
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        make_file("d/e", "");
        _exit(count != 0);
    }
    int status;
    MUST(waitpid(child, &status, 0));
    CHECK(status == 0 && count == 1);
}
