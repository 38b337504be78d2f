// linkat AT_EMPTY_PATH without privilege: for who has opened the file as who he still is.
#define CONF_AS_USER
#include "../common.h"
#include <sys/stat.h>
#include <sys/wait.h>

static int count;
static void name_it(const char *label, int fd) {
    char name[32];
    snprintf(name, sizeof name, "name %d", count++);
    long result = linkat(fd, "", AT_FDCWD, name, AT_EMPTY_PATH);
    T("%s: %s", label, result < 0 ? errno_name(errno) : "done");
}

TEST {
    int fd = (int)MUST(open("f", O_CREAT | O_RDWR, 0644));
    int probe = linkat(fd, "", AT_FDCWD, "probe", AT_EMPTY_PATH);
    if (probe < 0 && errno == ENOENT) SKIP("this kernel wants a capability, as before Linux 6.10");
    name_it("own", fd);
    name_it("own, O_PATH", (int)MUST(open("f", O_PATH)));
    name_it("unnamed", (int)MUST(open(".", O_TMPFILE | O_RDWR, 0600)));
    name_it("nothing", 999);
    name_it("working directory", AT_FDCWD);
    name_it("directory", (int)MUST(open(".", O_RDONLY)));
    SHOW(linkat(fd, "", AT_FDCWD, "x", 0));
    SHOW(RAW(SYS_linkat, fd, NULL, AT_FDCWD, "x", AT_EMPTY_PATH));
    struct stat status;
    MUST(fstat(fd, &status));
    SHOW(status.st_nlink);
    pid_t child = fork();
    if (child == 0) {
        name_it("a child", fd);
        MUST(setuid(getuid())); // the same user, but set anew
        name_it("set anew", fd);
        name_it("opened anew", (int)MUST(open("f", O_RDONLY)));
        _exit(0);
    }
    waitpid(child, NULL, 0);
    name_it("the parent still", fd);
}
