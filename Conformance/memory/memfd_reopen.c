// A memfd that is opened once more by its link in /proc, and executed: what it holds is there as long as anybody has it.
#include "../tasks.h"

static void show(const char *when, int fd) {
    char text[64] = "";
    long got = pread(fd, text, sizeof text - 1, 0);
    T("%s: %ld \"%.10s\"", when, got, text);
}

static int again(int fd, int flags) {
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    return (int)MUST(open(path, flags));
}

TEST {
    int fd = (int)MUST(memfd_create("area", 0));
    MUST(write(fd, "#!/bin/true\n", 12));
    int other = again(fd, O_RDONLY);
    show("the other", other);
    close(other);
    show("when the other is closed", fd);
    other = again(fd, O_RDONLY);
    close(fd);
    show("the other alone", other);
    for (int i = 0; i < 2; i++) {
        pid_t child = fork();
        if (child == 0) {
            char *arguments[] = {"script", NULL}, *none[] = {NULL};
            syscall(SYS_execveat, other, "", arguments, none, AT_EMPTY_PATH);
            _exit(9);
        }
        int status;
        waitpid(child, &status, 0);
        T("executed: %d", WEXITSTATUS(status));
        show("then", other);
    }
    char *map = mmap(NULL, 4096, PROT_READ, MAP_SHARED, other, 0);
    close(other);
    T("mapped: %.10s", map);
}
