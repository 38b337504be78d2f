// rename of files: replacing, same inode, types that do not match.
#include "../common.h"

TEST {
    make_file("a", "A");
    make_file("b", "B");
    MUST(mkdir("d", 0755));
    MUST(mkdir("full", 0755));
    make_file("full/x", "");
    MUST(symlink("a", "la"));
    MUST(symlink("d", "ld"));
    SHOW(rename("a", "c"));
    show_file("c");
    SHOW(rename("c", "b"));
    show_file("b");
    SHOW(rename("b", "b"));
    // two names of one inode: nothing happens, both stay
    MUST(link("b", "b2"));
    SHOW(rename("b", "b2"));
    show_dir(".");
    SHOW(rename("b", "d"));
    SHOW(rename("b", "full"));
    SHOW(rename("d", "b"));
    SHOW(rename("b", "d/b"));
    SHOW(rename("d/b", "./b"));
    SHOW(rename("missing", "x"));
    SHOW(rename("missing", "b"));
    SHOW(rename("b", "missing/x"));
    SHOW(rename("b", "b2/x"));
    SHOW(rename("b/x", "y"));
    SHOW(rename("la", "la2"));
    show_stat("la2");
    SHOW(rename("b", "la2"));
    show_stat("la2");
    SHOW(rename("la2", "ld"));
    show_stat("ld");
    show_stat("d");
    SHOW(rename("ld", "full/x"));
    SHOW(rename(BAD, "x"));
    SHOW(rename("b2", BAD));
    // the replaced file lives on while open
    make_file("old", "old text");
    make_file("new", "new text");
    int fd = (int)MUST(open("old", O_RDONLY));
    SHOW(rename("new", "old"));
    show_read("replaced", fd, 20);
    show_file("old");
    struct stat status;
    fstat(fd, &status);
    T("its links: %ld", (long)status.st_nlink);
    char name[260];
    memset(name, 'n', 256);
    name[256] = 0;
    SHOWN("rename to a long name", rename("old", name));
    show_dir(".");
    show_dir("full");
}
