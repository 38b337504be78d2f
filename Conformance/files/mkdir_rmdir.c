// mkdir and rmdir: modes, errors, link counts, non-empty and busy directories.
#include "../common.h"

static long links(const char *path) {
    struct stat status;
    return stat(path, &status) < 0 ? -1 : (long)status.st_nlink;
}

TEST {
    SHOW(mkdir("d", 0777));
    show_stat("d");
    SHOW(mkdir("d", 0777));
    SHOW(mkdir("m1", 01777));
    show_stat("m1");
    SHOW(mkdir("m2", 06755));
    show_stat("m2");
    SHOW(mkdir("m3", 0));
    show_stat("m3");
    umask(0);
    SHOW(mkdir("m4", 0777));
    show_stat("m4");
    umask(0777);
    SHOW(mkdir("m5", 0777));
    show_stat("m5");
    umask(022);
    make_file("f", "");
    MUST(symlink("d", "ld"));
    MUST(symlink("nothing", "ln"));
    SHOW(mkdir("f", 0777));
    SHOW(mkdir("f/x", 0777));
    SHOW(mkdir("missing/x", 0777));
    SHOW(mkdir("ld", 0777));
    SHOW(mkdir("ln", 0777));
    SHOW(mkdir("ld/x", 0777));
    SHOW(mkdir(BAD, 0777));
    SHOW(links("d"));
    SHOW(mkdir("d/y", 0777));
    SHOW(links("d"));
    SHOW(rmdir("d"));
    SHOW(rmdir("d/x"));
    SHOW(links("d"));
    SHOW(rmdir("d/y"));
    make_file("d/file", "");
    SHOW(rmdir("d"));
    SHOW(unlink("d/file"));
    SHOW(rmdir("f"));
    SHOW(rmdir("missing"));
    SHOW(rmdir("ld"));
    SHOW(rmdir(BAD));
    SHOW(unlinkat(AT_FDCWD, "f", AT_REMOVEDIR));
    SHOW(unlinkat(AT_FDCWD, "d", 0x1));
    SHOW(unlinkat(AT_FDCWD, "d", AT_REMOVEDIR | AT_SYMLINK_NOFOLLOW));
    int fd = (int)MUST(open("d", O_RDONLY));
    SHOW(rmdir("d"));
    // The open, removed directory takes nothing new.
    struct stat status;
    SHOW(fstat(fd, &status));
    T("links %ld", (long)status.st_nlink);
    SHOW(openat(fd, "x", O_CREAT | O_RDWR, 0644));
    SHOW(mkdirat(fd, "x", 0755));
    SHOW(openat(fd, ".", O_RDONLY) >= 0);
    SHOW(openat(fd, "..", O_RDONLY) >= 0);
    SHOW(linkat(AT_FDCWD, "f", fd, "x", 0));
    SHOW(renameat(AT_FDCWD, "f", fd, "x"));
    SHOW(symlinkat("x", fd, "x"));
    SHOW(mknodat(fd, "x", S_IFREG, 0));
    show_dir(".");
}
