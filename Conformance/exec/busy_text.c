// ETXTBSY: each address space that runs a file denies writing to it once, so after forks have come and gone a program
// can still be executed and still not be written.
#include "../common.h"

static void copy_program(const char *name) {
    static char block[65536];
    ssize_t n;
    int from = MUST(open("/bin/sh", O_RDONLY)), to = MUST(open(name, O_WRONLY | O_CREAT, 0755));
    while ((n = MUST(read(from, block, sizeof block))) > 0) MUST(write(to, block, (size_t)n));
    close(from);
    close(to);
}

static int shell(const char *name, const char *command) {
    int status;
    pid_t child = MUST(vfork());
    if (child == 0) {
        execl(name, "sh", "-c", command, (char *)NULL);
        _exit(100 + errno);
    }
    MUST(waitpid(child, &status, 0));
    return WEXITSTATUS(status);
}

TEST {
    copy_program("program");
    for (int i = 0; i < 3; i++) {
        // The shell forks and its children end without an exec.
        SHOW(shell("./program", "(exit 3) | (exit 4); : >program"));
        SHOW(shell("./program", "(exit 3) | (exit 4)"));
    }
    // While nobody runs it, it may be written; while somebody may write it, it does not run.
    int fd = MUST(open("program", O_WRONLY));
    CHECK(shell("./program", "exit 5") == 100 + ETXTBSY);
    close(fd);
    SHOW(shell("./program", "exit 5"));
    SHOW(truncate("program", 0));
}
