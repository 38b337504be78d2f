// The *at calls: a descriptor, AT_FDCWD, absolute paths, bad descriptors.
#include "../common.h"

TEST {
    MUST(mkdir("d", 0755));
    MUST(mkdir("d/e", 0755));
    make_file("d/f", "in d");
    make_file("f", "here");
    int dir = (int)MUST(open("d", O_RDONLY | O_DIRECTORY)), file = (int)MUST(open("f", O_RDONLY));
    char absolute[PATH_MAX + 8];
    snprintf(absolute, sizeof absolute, "%s/f", conf_dir);
    struct stat status;
    show_read("openat(dir, f)", openat(dir, "f", O_RDONLY), 9);
    show_read("openat(AT_FDCWD, f)", openat(AT_FDCWD, "f", O_RDONLY), 9);
    show_read("openat(dir, ../f)", openat(dir, "../f", O_RDONLY), 9);
    show_read("openat(dir, absolute)", openat(dir, absolute, O_RDONLY), 9);
    show_read("openat(99, absolute)", openat(99, absolute, O_RDONLY), 9);
    SHOW(openat(99, "f", O_RDONLY));
    SHOW(openat(-1, "f", O_RDONLY));
    SHOW(openat(file, "f", O_RDONLY));
    SHOW(openat(file, ".", O_RDONLY));
    SHOW(openat(file, "", O_RDONLY));
    SHOW(openat(99, "", O_RDONLY));
    SHOW(openat(dir, BAD, O_RDONLY));
    SHOW(openat(99, BAD, O_RDONLY));
    SHOW(fstatat(dir, "f", &status, 0));
    T("size %ld", (long)status.st_size);
    SHOW(fstatat(99, "f", &status, 0));
    SHOW(fstatat(file, "f", &status, 0));
    SHOW(mkdirat(dir, "new", 0755));
    SHOW(mkdirat(99, "new", 0755));
    SHOW(mkdirat(file, "new", 0755));
    SHOW(symlinkat("f", dir, "link"));
    SHOW(linkat(dir, "f", AT_FDCWD, "hard", 0));
    SHOW(linkat(file, "f", AT_FDCWD, "hard2", 0));
    SHOW(linkat(dir, "f", file, "hard2", 0));
    SHOW(renameat(dir, "f", AT_FDCWD, "moved"));
    SHOW(renameat(99, "f", 98, "moved"));
    SHOW(unlinkat(dir, "link", 0));
    SHOW(unlinkat(dir, "new", 0));
    SHOW(unlinkat(dir, "new", AT_REMOVEDIR));
    SHOW(unlinkat(file, "new", 0));
    SHOW(fchmodat(dir, "e", 0700, 0));
    SHOW(faccessat(dir, "e", R_OK, 0));
    SHOW(faccessat(99, "e", R_OK, 0));
    SHOW(utimensat(dir, "e", NULL, 0));
    SHOW(utimensat(99, "e", NULL, 0));
    SHOW(readlinkat(dir, "e", absolute, 10));
    SHOW(mknodat(dir, "fifo", S_IFIFO | 0600, 0));
    show_dir("d");
    show_dir(".");
    // The descriptor goes with the directory when it is renamed.
    MUST(rename("d", "D"));
    SUCCEEDS(openat(dir, "e", O_RDONLY));
    SUCCEEDS(openat(dir, "new", O_CREAT | O_RDWR, 0644));
    CHECK(exists("D/new"));
}
