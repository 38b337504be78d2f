// POSIX record locks: conflicts between processes, splitting, F_GETLK, release at close and exit.
#include "../common.h"

#include "../lock_helpers.h"

TEST {
    make_pattern("f", 100);
    int fd = (int)MUST(open("f", O_RDWR)), reader = (int)MUST(open("f", O_RDONLY)), writer = (int)MUST(open("f", O_WRONLY));
    SHOW(lock(fd, F_SETLK, F_WRLCK, 10, 20));
    SHOW(lock(fd, F_SETLK, F_WRLCK, 10, 20));
    show_conflict(fd, F_GETLK, F_WRLCK, 0, 0);
    IN_CHILD("child", {
        show_conflict(fd, F_GETLK, F_WRLCK, 0, 0);
        show_conflict(fd, F_GETLK, F_RDLCK, 29, 1);
        show_conflict(fd, F_GETLK, F_RDLCK, 30, 1);
        SHOW(lock(fd, F_SETLK, F_RDLCK, 0, 11));
        SHOW(lock(fd, F_SETLK, F_RDLCK, 0, 10));
        SHOW(lock(fd, F_SETLK, F_WRLCK, 30, 0));
        SHOW(lock(fd, F_SETLK, F_UNLCK, 0, 0));
    });
    // unlocking the middle splits, another type inside splits in three
    SHOW(lock(fd, F_SETLK, F_UNLCK, 15, 5));
    SHOW(lock(fd, F_SETLK, F_RDLCK, 22, 3));
    IN_CHILD("child", {
        show_conflict(fd, F_GETLK, F_WRLCK, 0, 0);
        show_conflict(fd, F_GETLK, F_WRLCK, 15, 5);
        show_conflict(fd, F_GETLK, F_WRLCK, 16, 0);
        show_conflict(fd, F_GETLK, F_RDLCK, 22, 3);
        show_conflict(fd, F_GETLK, F_WRLCK, 22, 3);
        show_conflict(fd, F_GETLK, F_WRLCK, 25, 0);
    });
    SHOW(lock(fd, F_SETLK, F_WRLCK, 0, 0));
    IN_CHILD("joined", { show_conflict(fd, F_GETLK, F_RDLCK, 50, 1); });
    // closing any descriptor of the file loses all of the process's locks
    int other = (int)MUST(open("f", O_RDONLY));
    close(other);
    IN_CHILD("after close", { show_conflict(fd, F_GETLK, F_WRLCK, 0, 0); });
    // negative length, other starting points
    struct flock range = {.l_type = F_WRLCK, .l_whence = SEEK_END, .l_start = -10, .l_len = -5};
    SHOW(fcntl(fd, F_SETLK, &range));
    IN_CHILD("from the end", { show_conflict(fd, F_GETLK, F_WRLCK, 0, 0); });
    lseek(fd, 50, SEEK_SET);
    range = (struct flock){.l_type = F_WRLCK, .l_whence = SEEK_CUR, .l_start = 1, .l_len = 2};
    SHOW(fcntl(fd, F_SETLK, &range));
    IN_CHILD("from here", { show_conflict(fd, F_GETLK, F_WRLCK, 0, 60); });
    SHOW(lock(fd, F_SETLK, F_WRLCK, -1, 10));
    SHOW(lock(fd, F_SETLK, F_WRLCK, 5, -10));
    SHOW(lock(fd, F_SETLK, F_WRLCK, LONG_MAX, 10));
    range = (struct flock){.l_type = F_WRLCK, .l_whence = 9};
    SHOW(fcntl(fd, F_SETLK, &range));
    SHOW(lock(fd, F_SETLK, 9, 0, 0));
    SHOW(lock(fd, F_GETLK, F_UNLCK, 0, 0));
    SHOW(lock(reader, F_SETLK, F_WRLCK, 0, 1));
    SHOW(lock(writer, F_SETLK, F_RDLCK, 0, 1));
    SHOW(lock(reader, F_SETLK, F_RDLCK, 0, 1));
    SHOW(lock(99, F_SETLK, F_RDLCK, 0, 1));
    SHOW(fcntl(fd, F_SETLK, BAD));
    SHOW(fcntl(fd, F_GETLK, BAD));
    // locks are not inherited
    SHOW(lock(fd, F_SETLK, F_WRLCK, 0, 0));
    IN_CHILD("not inherited", { SHOW(lock(fd, F_SETLK, F_WRLCK, 0, 1)); });
    int ends[2];
    MUST(pipe(ends));
    SHOW(lock(ends[0], F_SETLK, F_RDLCK, 0, 1));
}
