// link, linkat and unlink: counts, ctime, what can be linked.
#include "../common.h"

static long links(const char *path) {
    struct stat status;
    return lstat(path, &status) < 0 ? -1 : (long)status.st_nlink;
}

TEST {
    make_file("a", "data");
    struct stat before, after;
    MUST(stat("a", &before));
    settle();
    SHOW(link("a", "b"));
    MUST(stat("a", &after));
    CHECK(compare_times(after.st_ctim, before.st_ctim) > 0);
    CHECK(compare_times(after.st_mtim, before.st_mtim) == 0);
    CHECK(same_inode("a", "b"));
    SHOW(links("a"));
    SHOW(link("a", "b"));
    SHOW(link("missing", "c"));
    SHOW(link("a", "missing/c"));
    SHOW(link("a", "a/c"));
    MUST(mkdir("d", 0755));
    SHOW(link("d", "e"));
    SHOW(link("a", "d"));
    SHOW(link("a", "d/c"));
    SHOW(links("b"));
    MUST(symlink("a", "l"));
    MUST(symlink("nothing", "dangling"));
    SHOW(link("l", "l2"));
    show_stat("l2");
    SHOW(linkat(AT_FDCWD, "l", AT_FDCWD, "l3", AT_SYMLINK_FOLLOW));
    show_stat("l3");
    SHOW(link("dangling", "dangling2"));
    SHOW(linkat(AT_FDCWD, "dangling", AT_FDCWD, "d3", AT_SYMLINK_FOLLOW));
    SHOW(link("a", "dangling"));
    SHOW(linkat(AT_FDCWD, "a", AT_FDCWD, "x", 0x10000));
    SHOW(linkat(99, "a", AT_FDCWD, "x", 0));
    SHOW(link(BAD, "x"));
    SHOW(link("a", BAD));
    MUST(mkfifo("p", 0644));
    SHOW(link("p", "p2"));
    SHOW(links("p"));
    int fd = (int)MUST(open("b", O_RDWR));
    SHOW(unlink("a"));
    SHOW(links("b"));
    SHOW(unlink("b"));
    SHOW(unlink("d/c"));
    SHOW(fstat(fd, &after));
    T("links %ld", (long)after.st_nlink);
    SHOW(unlink("l3"));
    SHOW(fstat(fd, &after));
    T("links %ld", (long)after.st_nlink);
    // A file whose last name is gone cannot be named again.
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    SHOWN("link through /proc/self/fd", linkat(AT_FDCWD, path, AT_FDCWD, "back", AT_SYMLINK_FOLLOW));
    show_read("still there", fd, 10);
    SHOW(write(fd, "more", 4));
    SHOW(unlink("d"));
    SHOW(unlink("missing"));
    SHOW(unlink("d/x"));
    SHOW(unlink("p/x"));
    show_dir(".");
}
