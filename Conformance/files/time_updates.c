// Which of atime, mtime, ctime each operation moves, on files and directories.
#include "../common.h"

static struct stat before;
static const char *watched;
static void mark(const char *path) {
    watched = path;
    // An old atime, so that relatime updates it at the next read.
    struct timespec t[2] = {{1000000000, 0}, {1000000000, 0}};
    utimensat(AT_FDCWD, path, t, AT_SYMLINK_NOFOLLOW);
    sleep_ms(8);
    MUST(lstat(path, &before));
}
static void moved(const char *what) {
    struct stat after;
    MUST(lstat(watched, &after));
    T("%s: %s%s%s", what, compare_times(after.st_atim, before.st_atim) ? "a" : "-", compare_times(after.st_mtim, before.st_mtim) ? "m" : "-",
      compare_times(after.st_ctim, before.st_ctim) ? "c" : "-");
}

TEST {
    char byte[4];
    make_file("f", "hello");
    MUST(mkdir("d", 0755));
    make_file("d/x", "");
    MUST(symlink("f", "l"));
    int fd = (int)MUST(open("f", O_RDWR));
    mark("f"); close(open("f", O_RDONLY)); moved("open and close");
    mark("f"); write(fd, "x", 1); moved("write");
    mark("f"); write(fd, "x", 0); moved("write of nothing");
    mark("f"); pwrite(fd, "x", 1, 0); moved("pwrite");
    mark("f"); ftruncate(fd, 3); moved("ftruncate");
    mark("f"); truncate("f", 3); moved("truncate to the same size");
    mark("f"); truncate("f", 4); moved("truncate");
    mark("f"); chmod("f", 0644); moved("chmod");
    mark("f"); chown("f", -1, -1); moved("chown of nothing");
    mark("f"); chown("f", geteuid(), -1); moved("chown");
    mark("f"); link("f", "f2"); moved("link");
    mark("f"); unlink("f2"); moved("unlink of another name");
    mark("f"); rename("f", "f3"); rename("f3", "f"); moved("rename");
    mark("f"); access("f", R_OK); moved("access");
    mark("f"); fsync(fd); moved("fsync");
    mark("f"); readlink("l", byte, 4); moved("readlink of a link to it");
    mark("d"); make_file("d/y", ""); moved("directory: file made");
    mark("d"); make_file("d/y", "again"); moved("directory: file rewritten");
    mark("d"); chmod("d/y", 0600); moved("directory: chmod of a file");
    mark("d"); link("d/y", "d/z"); moved("directory: link");
    mark("d"); rename("d/z", "d/w"); moved("directory: rename within");
    mark("d"); rename("d/w", "w"); moved("directory: rename out");
    mark("d"); rename("w", "d/w"); moved("directory: rename in");
    mark("d"); unlink("d/w"); moved("directory: unlink");
    mark("d"); unlink("d/missing"); moved("directory: failed unlink");
    mark("d"); mkdir("d/sub", 0755); moved("directory: mkdir");
    mark("d"); rmdir("d/sub"); moved("directory: rmdir");
    mark("d"); symlink("x", "d/s"); moved("directory: symlink");
    mark("d"); mkfifo("d/p", 0600); moved("directory: mkfifo");
    mark("d"); close(open("d/x", O_RDWR | O_TRUNC)); moved("directory: O_TRUNC of a file");
    mark("d"); stat("d/x", &(struct stat){0}); moved("directory: lookup");
    mark("d"); rename("d", "d2"); rename("d2", "d"); FACT("directory moved: mtime stays", ({ struct stat s; stat("d", &s); compare_times(s.st_mtim, before.st_mtim) == 0; }));
    MUST(mkdir("o", 0755));
    make_file("o/a", ""); make_file("o/b", "");
    mark("o/b"); rename("o/a", "o/b"); T("replaced");
    mark("l"); lchown("l", geteuid(), -1); moved("link: lchown");
}
