// CLONE_FILES and CLONE_FS between processes, and unshare of both.
#include "../tasks.h"

TEST {
    if (conf_argc > 1) exit(3);
    MUST(mkdir("sub", 0755));
    make_file("sub/here", "");
    pid_t pid = (pid_t)CLONE(CLONE_FILES | SIGCHLD, NULL, NULL, NULL);
    if (pid == 0) {
        int fd = open("sub/here", O_RDWR);
        MUST(dup2(fd, 50));
        fcntl(50, F_SETFD, FD_CLOEXEC);
        MUST(chdir("sub"));
        umask(077);
        _exit(0);
    }
    reap("CLONE_FILES", pid);
    SHOW(fcntl(50, F_GETFD));
    CHECK(!exists("here"));
    T("umask %03o", umask(022));
    close(50);

    pid = (pid_t)CLONE(CLONE_FS | SIGCHLD, NULL, NULL, NULL);
    if (pid == 0) {
        MUST(dup2(1, 51));
        MUST(chdir("sub"));
        umask(077);
        _exit(0);
    }
    reap("CLONE_FS", pid);
    CHECK(!is_open(51));
    CHECK(exists("here"));
    T("umask %03o", umask(022));
    MUST(chdir(".."));

    pid = (pid_t)CLONE(CLONE_FS | CLONE_FILES | SIGCHLD, NULL, NULL, NULL);
    if (pid == 0) {
        SHOW(unshare(CLONE_FILES | CLONE_FS));
        MUST(dup2(1, 52));
        MUST(chdir("sub"));
        umask(077);
        child_exit(0);
    }
    reap("unshared", pid);
    CHECK(!is_open(52));
    CHECK(!exists("here"));
    T("umask %03o", umask(022));

    // The parent closes what the child is reading from, and the child opens at the lowest number again.
    int ends[2];
    MUST(pipe(ends));
    struct gate gate = make_gate();
    pid = (pid_t)CLONE(CLONE_FILES | SIGCHLD, NULL, NULL, NULL);
    if (pid == 0) {
        gate_wait(gate);
        SHOW(fcntl(ends[0], F_GETFD));
        CHECK(dup(1) == ends[0]);
        child_exit(0);
    }
    close(ends[0]);
    gate_open(gate);
    reap("closed by the parent", pid);
    CHECK(is_open(ends[0]));
    SHOW(write(ends[0], "", 0));

    // An exec'ing process gets its own table first: close-on-exec closes only there.
    MUST(fcntl(ends[1], F_SETFD, FD_CLOEXEC));
    pid = (pid_t)CLONE(CLONE_FILES | SIGCHLD, NULL, NULL, NULL);
    if (pid == 0) {
        EXEC_SELF("none");
        _exit(1);
    }
    reap("exec", pid);
    CHECK(is_open(ends[1]));
}
