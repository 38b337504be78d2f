// inotify: every event of files and directories, cookies of renames, IN_IGNORED.
#include "../common.h"

#include <sys/inotify.h>
#include "../inotify_helpers.h"

TEST {
    MUST(mkdir("d", 0755));
    int fd = (int)MUST(inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
    SHOW(inotify_add_watch(fd, "d", IN_ALL_EVENTS));
    show_events("nothing", fd);
    int file = (int)MUST(open("d/f", O_RDWR | O_CREAT, 0644));
    show_events("create", fd);
    write(file, "x", 1);
    show_events("write", fd);
    pread(file, (char[1]){0}, 1, 0);
    show_events("read", fd);
    ftruncate(file, 5);
    show_events("ftruncate", fd);
    close(file);
    show_events("close", fd);
    close(open("d/f", O_RDONLY));
    show_events("open, close read only", fd);
    chmod("d/f", 0600);
    show_events("chmod", fd);
    utimensat(AT_FDCWD, "d/f", NULL, 0);
    show_events("utimensat", fd);
    link("d/f", "d/g");
    show_events("link", fd);
    rename("d/g", "d/h");
    show_events("rename within", fd);
    rename("d/h", "out");
    show_events("rename out", fd);
    rename("out", "d/in");
    show_events("rename in", fd);
    rename("d/in", "d/f");
    show_events("rename of the same inode", fd);
    unlink("d/in");
    show_events("unlink of one of two names", fd);
    make_file("other", "");
    rename("other", "d/f");
    show_events("rename over", fd);
    mkdir("d/sub", 0755);
    show_events("mkdir", fd);
    DIR *dir = opendir("d");
    while (readdir(dir)) {}
    closedir(dir);
    show_events("listing", fd);
    chmod("d", 0700);
    show_events("chmod of itself", fd);
    rmdir("d/sub");
    show_events("rmdir", fd);
    symlink("x", "d/s");
    mkfifo("d/p", 0600);
    show_events("symlink, mkfifo", fd);
    unlink("d/s"); unlink("d/p"); unlink("d/f");
    show_events("unlink", fd);
    rename("d", "D");
    show_events("move self", fd);
    rmdir("D");
    show_events("delete self", fd);
    show_events("afterwards", fd);
    SHOW(inotify_rm_watch(fd, 1));
}
