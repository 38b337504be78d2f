// inotify: what comes before what when names go, times that are set alone, IN_EXCL_UNLINK, O_TRUNC.
#include "../common.h"

#include <sys/inotify.h>
#include "../inotify_helpers.h"

TEST {
    int fd = (int)MUST(inotify_init1(IN_NONBLOCK));
    MUST(mkdir("d", 0755));
    MUST(mkdir("d/sub", 0755));
    make_file("d/f", "text");
    MUST(inotify_add_watch(fd, "d", IN_ALL_EVENTS & ~(IN_OPEN | IN_ACCESS | IN_CLOSE)));
    MUST(inotify_add_watch(fd, "d/sub", IN_ALL_EVENTS));
    MUST(inotify_add_watch(fd, "d/f", IN_ALL_EVENTS));
    MUST(rmdir("d/sub"));
    show_events("rmdir", fd);
    MUST(unlink("d/f"));
    show_events("unlink", fd);
    close(fd);

    fd = (int)MUST(inotify_init1(IN_NONBLOCK));
    make_file("g", "text");
    MUST(inotify_add_watch(fd, "g", IN_ALL_EVENTS));
    struct timespec both[2] = {{1, 0}, {2, 0}}, access[2] = {{3, 0}, {0, UTIME_OMIT}}, modify[2] = {{0, UTIME_OMIT}, {4, 0}};
    struct timespec now[2] = {{0, UTIME_NOW}, {0, UTIME_NOW}}, none[2] = {{0, UTIME_OMIT}, {0, UTIME_OMIT}};
    MUST(utimensat(AT_FDCWD, "g", both, 0));
    show_events("both times", fd);
    MUST(utimensat(AT_FDCWD, "g", access, 0));
    show_events("access time", fd);
    MUST(utimensat(AT_FDCWD, "g", modify, 0));
    show_events("modification time", fd);
    MUST(utimensat(AT_FDCWD, "g", now, 0));
    show_events("now", fd);
    MUST(utimensat(AT_FDCWD, "g", none, 0));
    show_events("neither", fd);
    close((int)MUST(open("g", O_WRONLY | O_TRUNC)));
    show_events("O_TRUNC", fd);
    close((int)MUST(open("g", O_WRONLY | O_CREAT | O_TRUNC, 0600)));
    show_events("O_TRUNC of an empty file", fd);
    close(fd);

    for (int exclude = 0; exclude < 2; exclude++) {
        uint32_t mask = IN_ALL_EVENTS | (exclude ? IN_EXCL_UNLINK : 0);
        fd = (int)MUST(inotify_init1(IN_NONBLOCK));
        MUST(mkdir("e", 0755));
        make_file("e/f", "text");
        int file = (int)MUST(open("e/f", O_RDWR));
        MUST(inotify_add_watch(fd, "e", mask));
        MUST(inotify_add_watch(fd, "e/f", mask));
        MUST(unlink("e/f"));
        show_events("unlinked while open", fd);
        MUST(write(file, "x", 1));
        show_events("written", fd);
        MUST(ftruncate(file, 10));
        show_events("truncated", fd);
        MUST(fchmod(file, 0600));
        show_events("mode", fd);
        close(file);
        show_events("closed", fd);
        close(fd);
        MUST(rmdir("e"));
    }
}
