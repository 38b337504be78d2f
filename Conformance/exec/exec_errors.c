// Why execve refuses: ENOENT, EACCES, ENOEXEC, EISDIR, ELOOP, ENOTDIR, ENAMETOOLONG, ETXTBSY, EFAULT, E2BIG.
#define CONF_AS_USER
#include "../tasks.h"

#define TRY(path) SHOW(execl(path, "name", NULL))
static long run(const char *path, char **argv, char **envp) {
    pid_t pid = fork_child();
    if (pid == 0) {
        execve(path, argv, envp);
        _exit(100 + (errno == E2BIG) + 2 * (errno == ENOMEM));
    }
    int status;
    waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

TEST {
    make_file("text", "just text, no program\n");
    make_file("empty", "");
    make_file("plain", "#!/bin/sh\nexit 5\n");
    make_file("script", "#!/bin/sh\nexit 5\n");
    MUST(chmod("script", 0755));
    MUST(chmod("text", 0755));
    MUST(chmod("empty", 0755));
    MUST(mkdir("dir", 0755));
    MUST(mkdir("closed", 0755));
    make_file("closed/script", "#!/bin/sh\nexit 5\n");
    MUST(chmod("closed/script", 0755));
    MUST(chmod("closed", 0));
    MUST(symlink("loop", "loop"));
    MUST(symlink("script", "link"));
    MUST(symlink("nowhere", "dangling"));
    MUST(mkfifo("fifo", 0777));
    char longName[300];
    memset(longName, 'n', 299);
    longName[299] = 0;
    TRY("missing");
    TRY("");
    TRY("plain");
    TRY("text");
    TRY("empty");
    TRY("dir");
    TRY(".");
    TRY("/");
    TRY("script/x");
    TRY("script/");
    TRY("closed/script");
    TRY("loop");
    TRY("dangling");
    TRY("fifo");
    TRY(longName);
    TRY("/dev/null");
    TRY("/proc/self/mem");
    SHOW(RAW(SYS_execve, BAD, NULL, NULL));
    SHOW(RAW(SYS_execve, "script", BAD, NULL));
    SHOW(RAW(SYS_execve, "script", (char *[]){(char *)BAD, NULL}, NULL));
    SHOW(RAW(SYS_execve, "script", NULL, (char *[]){(char *)BAD, NULL}));
    IN_CHILD("through a link", execl("link", "name", NULL));
    IN_CHILD("no arguments at all", execve("/bin/true", (char *[]){NULL}, NULL));
    MUST(chmod("closed", 0755));

    // Open for writing.
    int fd = (int)MUST(open("script", O_WRONLY));
    TRY("script");
    close(fd);
    fd = (int)MUST(open("script", O_RDWR));
    TRY("script");
    close(fd);
    fd = (int)MUST(open("script", O_RDONLY));
    SHOW(run("script", (char *[]){"x", NULL}, NULL));
    close(fd);
    // And the other way: a running program cannot be written.
    char copy[64] = "sleeper";
    int in = (int)MUST(open("/bin/sleep", O_RDONLY)), out = (int)MUST(open(copy, O_WRONLY | O_CREAT, 0755));
    char block[65536];
    ssize_t got;
    while ((got = read(in, block, sizeof block)) > 0) MUST(write(out, block, (size_t)got));
    close(out);
    pid_t pid = fork_child();
    if (pid == 0) {
        execl("./sleeper", "sleeper", "5", NULL);
        _exit(1);
    }
    char path[64], target[PATH_MAX] = "";
    snprintf(path, sizeof path, "/proc/%d/exe", pid);
    AWAIT(({ memset(target, 0, sizeof target); readlink(path, target, sizeof target - 1) > 0 && strstr(target, "/sleeper"); }));
    SHOW(open("sleeper", O_WRONLY));
    SHOW(open("sleeper", O_RDWR));
    SHOW(truncate("sleeper", 0));
    SHOW(unlink("sleeper"));
    kill(pid, SIGKILL);
    reap("sleeper", pid);

    // Too much: one string over 128 KiB; many strings over a quarter of the stack limit.
    char *big = malloc(200000);
    memset(big, 'x', 200000);
    big[131071] = 0;
    SHOW(run("/bin/true", (char *[]){"true", big, NULL}, NULL));
    big[131071] = 'x';
    big[131072] = 0;
    SHOW(run("/bin/true", (char *[]){"true", big, NULL}, NULL));
    SHOW(run("/bin/true", (char *[]){"true", NULL}, (char *[]){big, NULL}));
    big[100000] = 0;
    static char *many[1000];
    struct rlimit limit;
    getrlimit(RLIMIT_STACK, &limit);
    limit.rlim_cur = 8 << 20;
    MUST(setrlimit(RLIMIT_STACK, &limit));
    for (int i = 0; i < 20; i++) many[i] = big;
    SHOW(run("/bin/true", many, NULL)); // 2 MB less a bit
    many[20] = big;
    SHOW(run("/bin/true", many, NULL));
    limit.rlim_cur = 1 << 20;
    MUST(setrlimit(RLIMIT_STACK, &limit));
    many[3] = NULL;
    SHOW(run("/bin/true", many, NULL));
    SHOW(run("/bin/true", many, (char *[]){"A=1", NULL}));
    // Under a small limit there are still 128 KiB.
    big[1000] = 0;
    limit.rlim_cur = 256 << 10;
    MUST(setrlimit(RLIMIT_STACK, &limit));
    for (int i = 0; i < 100; i++) many[i] = big;
    SHOW(run("/bin/true", many, NULL));
    for (int i = 0; i < 150; i++) many[i] = big;
    SHOW(run("/bin/true", many, NULL));
}
