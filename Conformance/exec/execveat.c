// execveat and fexecve: AT_EMPTY_PATH, relative to a directory, links, scripts, O_PATH, close-on-exec.
#include "../tasks.h"
#include <sys/auxv.h>

#define AT(fd, path, flags) do { \
        pid_t pid_ = fork_child(); \
        if (pid_ == 0) { \
            syscall(SYS_execveat, fd, path, (char *[]){"name", "child", NULL}, (char *[]){"A=1", NULL}, flags); \
            T("execveat(%s, %s): %s", #fd, #path, errno_name(errno)); \
            child_exit(99); \
        } \
        reap("execveat(" #fd ", " #path ", " #flags ")", pid_); \
    } while (0)

TEST {
    if (conf_argc > 1) {
        char comm[32] = "", exe[PATH_MAX] = "";
        prctl(PR_GET_NAME, comm);
        readlink("/proc/self/exe", exe, sizeof exe - 1);
        const char *execfn = (const char *)getauxval(31);
        // A program that was named by a descriptor is /dev/fd/N; what its comm is depends on the kernel's version.
        bool numbered = execfn && !strncmp(execfn, "/dev/fd/", 8);
        T("comm %s, AT_EXECFN %s, exe %s, A=%s", numbered ? "..." : comm, numbered ? "/dev/fd/..." : execfn ? strrchr(execfn, '/') ? strrchr(execfn, '/') + 1 : execfn : "none",
          strrchr(exe, '/') ? strrchr(exe, '/') + 1 : exe, getenv("A"));
        exit(7);
    }
    MUST(symlink(conf_self, "link"));
    char *slash = strrchr(conf_self, '/'), *base = slash + 1;
    *slash = 0;
    int dir = (int)MUST(open(conf_self, O_RDONLY | O_DIRECTORY));
    *slash = '/';
    int fd = (int)MUST(open(conf_self, O_RDONLY)), path = (int)MUST(open(conf_self, O_PATH)), cloexec = (int)MUST(open(conf_self, O_RDONLY | O_CLOEXEC));
    int link = (int)MUST(open("link", O_PATH | O_NOFOLLOW));
    AT(dir, base, 0);
    AT(AT_FDCWD, "link", 0);
    AT(AT_FDCWD, "link", AT_SYMLINK_NOFOLLOW);
    AT(99, conf_self, 0);
    AT(dir, "missing", 0);
    AT(fd, "", AT_EMPTY_PATH);
    AT(path, "", AT_EMPTY_PATH);
    AT(cloexec, "", AT_EMPTY_PATH);
    AT(fd, "", 0);
    AT(dir, "", AT_EMPTY_PATH);
    AT(link, "", AT_EMPTY_PATH);
    AT(99, "", AT_EMPTY_PATH);
    AT(AT_FDCWD, "", AT_EMPTY_PATH);
    AT(fd, "x", 0);
    AT(fd, "", AT_EMPTY_PATH | 1);
    AT(fd, BAD, AT_EMPTY_PATH);
    IN_CHILD("fexecve", fexecve(fd, (char *[]){"name", "child", NULL}, (char *[]){"A=2", NULL}));

    make_file("script", "#!/bin/sh\necho script has run\nexit 3\n");
    MUST(chmod("script", 0755));
    int script = (int)MUST(open("script", O_RDONLY)), closing = (int)MUST(open("script", O_RDONLY | O_CLOEXEC));
    AT(script, "", AT_EMPTY_PATH);
    AT(closing, "", AT_EMPTY_PATH); // its name would be gone when the interpreter looks
    AT(AT_FDCWD, "script", 0);
    // An anonymous program in memory.
    int memory = (int)MUST(memfd_create("program", MFD_CLOEXEC));
    static char block[1 << 16];
    ssize_t got;
    while ((got = read(fd, block, sizeof block)) > 0) MUST(write(memory, block, (size_t)got));
    AT(memory, "", AT_EMPTY_PATH);
    int written = (int)MUST(open("copy", O_RDWR | O_CREAT, 0755));
    AT(written, "", AT_EMPTY_PATH); // open for writing
    int noExec = (int)MUST(open("plain", O_RDWR | O_CREAT, 0644));
    close(noExec);
    noExec = (int)MUST(open("plain", O_RDONLY));
    AT(noExec, "", AT_EMPTY_PATH);
}
