// rename of directories: into itself, onto others, link counts, dotdot.
#include "../common.h"

static long links(const char *path) {
    struct stat status;
    return lstat(path, &status) < 0 ? -1 : (long)status.st_nlink;
}

TEST {
    MUST(mkdir("a", 0755));
    MUST(mkdir("a/b", 0755));
    MUST(mkdir("a/b/c", 0755));
    MUST(mkdir("empty", 0755));
    MUST(mkdir("full", 0755));
    make_file("full/f", "");
    make_file("a/f", "");
    SHOW(rename("a", "a/x"));
    SHOW(rename("a", "a/b/c/x"));
    SHOW(rename("a", "a"));
    SHOW(rename("a/b", "a"));
    SHOW(rename("a/b/c", "a"));
    SHOW(rename("a/b/c", "a/b"));
    SHOW(rename("a", "full"));
    SHOW(rename("a", "full/f"));
    SHOW(rename("full/f", "a"));
    SHOW(rename("a", "a/b"));
    SHOW(links("a"));
    int ab = (int)MUST(open("a/b", O_RDONLY | O_DIRECTORY));
    SHOW(rename("a/b", "full/b"));
    SHOW(links("a"));
    SHOW(links("full"));
    // dotdot follows the move
    struct stat up, full;
    fstatat(ab, "..", &up, 0);
    stat("full", &full);
    CHECK(up.st_ino == full.st_ino);
    SHOW(rename("full/b", "empty"));
    show_dir("empty");
    show_dir("full");
    SHOW(links("full"));
    CHECK(faccessat(ab, "c", F_OK, 0) == 0);
    // the current directory can be moved
    MUST(chdir("a"));
    SHOW(rename("../a", "../moved"));
    CHECK(exists("f"));
    char path[PATH_MAX];
    CHECK(getcwd(path, sizeof path) && !strcmp(strrchr(path, '/'), "/moved"));
    SHOW(rename(".", "../x"));
    SHOW(rename("../moved", "."));
    SHOW(rename("..", "x"));
    MUST(chdir(".."));
    // an open empty directory that is replaced
    MUST(mkdir("target", 0755));
    int fd = (int)MUST(open("target", O_RDONLY | O_DIRECTORY));
    SHOW(rename("moved", "target"));
    struct stat status;
    fstat(fd, &status);
    T("replaced directory: links %ld", (long)status.st_nlink);
    SHOW(openat(fd, "x", O_CREAT | O_RDWR, 0644));
    show_dir(".");
    show_dir("target");
}
