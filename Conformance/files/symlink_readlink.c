// symlink and readlink: contents, truncation, errors, mode and size.
#include "../common.h"

TEST {
    char buffer[5000];
    SHOW(symlink("target", "link"));
    show_stat("link");
    show_text("readlink", buffer, readlink("link", buffer, sizeof buffer));
    show_text("readlink 3", buffer, readlink("link", buffer, 3));
    SHOW(readlink("link", buffer, 0));
    SHOW(RAW(SYS_readlink, "link", buffer, -1L));
    SHOW(readlink("link", BAD, 10));
    SHOW(readlink("missing", buffer, 10));
    SHOW(readlink(".", buffer, 10));
    make_file("f", "");
    SHOW(readlink("f", buffer, 10));
    SHOW(readlink("f/x", buffer, 10));
    SHOW(symlink("other", "link"));
    SHOW(symlink("other", "f"));
    SHOW(symlink("other", "."));
    SHOW(symlink("other", "missing/link"));
    SHOW(symlink("", "e"));
    SHOW(symlink(BAD, "e"));
    SHOW(symlink("x", BAD));
    static char name[4200];
    memset(name, 'x', sizeof name);
    name[4095] = 0;
    SHOWN("target of 4095", symlink(name, "long1"));
    SHOWN("its length", readlink("long1", buffer, sizeof buffer));
    struct stat status;
    if (lstat("long1", &status) == 0) T("its size: %ld", (long)status.st_size);
    name[4095] = 'x'; name[4096] = 0;
    SHOWN("target of 4096", symlink(name, "long2"));
    SHOW(symlink("/a//b/../c/", "odd"));
    show_text("odd", buffer, readlink("odd", buffer, sizeof buffer));
    // chmod cannot change a link itself
    SHOW(fchmodat(AT_FDCWD, "link", 0600, AT_SYMLINK_NOFOLLOW));
    SHOW(chmod("link", 0600));
    umask(077);
    SHOW(symlink("t", "masked"));
    show_stat("masked");
    SHOW(link("link", "hard"));
    show_stat("hard");
    CHECK(same_inode("link", "hard"));
    SHOW(rename("link", "moved"));
    show_text("moved", buffer, readlink("moved", buffer, sizeof buffer));
}
