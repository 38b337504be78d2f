// O_CLOEXEC and FD_CLOEXEC over an exec.
#include "../common.h"

TEST {
    if (conf_argc > 1) {
        for (int fd = 3; fd < 12; fd++) if (is_open(fd)) T("open after exec: %d, flags %d", fd, fcntl(fd, F_GETFD));
        return;
    }
    SHOW(open(".", O_RDONLY));
    SHOW(open(".", O_RDONLY | O_CLOEXEC));
    SHOW(dup(4));
    SHOW(dup3(3, 6, O_CLOEXEC));
    SHOW(fcntl(3, F_DUPFD_CLOEXEC, 0));
    SHOW(fcntl(4, F_DUPFD, 0));
    for (int fd = 3; fd < 9; fd++) T("%d: %d", fd, fcntl(fd, F_GETFD));
    SHOW(fcntl(3, F_SETFD, FD_CLOEXEC));
    SHOW(fcntl(4, F_SETFD, 0));
    SHOW(fcntl(3, F_SETFD, 2));
    SHOW(fcntl(3, F_GETFD));
    SHOW(fcntl(3, F_SETFD, 0xff));
    SHOW(fcntl(3, F_GETFD));
    SHOW(ioctl(5, FIOCLEX));
    SHOW(fcntl(5, F_GETFD));
    SHOW(ioctl(5, FIONCLEX));
    SHOW(fcntl(5, F_GETFD));
    SHOW(dup2(3, 9));
    SHOW(dup2(4, 4));
    SHOW(fcntl(9, F_GETFD));
    // A failed exec closes nothing.
    IN_CHILD("failed exec", { SHOW(execl("/missing/program", "x", NULL)); CHECK(is_open(3)); });
    IN_CHILD("fork keeps them", { for (int fd = 3; fd < 10; fd++) T("%d: %d", fd, fcntl(fd, F_GETFD)); });
    IN_CHILD("exec", { EXEC_SELF("list"); });
}
