// chmod, fchmod, fchmodat, fchmodat2: bits, links, errors, ctime.
#include "../common.h"

#ifndef SYS_fchmodat2
#define SYS_fchmodat2 452
#endif
static void mode(const char *path) {
    struct stat status;
    if (lstat(path, &status) < 0) T("%s: %s", path, errno_name(errno));
    else T("%s: %06o", path, status.st_mode);
}

TEST {
    make_file("f", "");
    MUST(mkdir("d", 0755));
    MUST(symlink("f", "l"));
    MUST(mkfifo("p", 0644));
    for (int bits = 0; bits <= 07777; bits += 0511) { chmod("f", (mode_t)bits); mode("f"); }
    SHOW(chmod("f", 0177777));
    mode("f");
    SHOW(chmod("d", 01777));
    mode("d");
    SHOW(chmod("d", 0));
    mode("d");
    SHOW(chmod("d", 0755));
    SHOW(chmod("l", 0600));
    mode("f");
    mode("l");
    SHOW(chmod("p", 0666));
    mode("p");
    SHOW(chmod("missing", 0644));
    SHOW(chmod("f/x", 0644));
    SHOW(chmod("", 0644));
    SHOW(chmod(BAD, 0644));
    int fd = (int)MUST(open("f", O_RDONLY));
    SHOW(fchmod(fd, 0640));
    mode("f");
    SHOW(fchmod(99, 0640));
    int ends[2];
    MUST(pipe(ends));
    SHOW(fchmod(ends[0], 0640));
    struct stat before, after;
    fstat(fd, &before);
    settle();
    SHOW(fchmod(fd, 0640));
    fstat(fd, &after);
    CHECK(compare_times(after.st_ctim, before.st_ctim) > 0 && compare_times(after.st_mtim, before.st_mtim) == 0);
    if (RAW(SYS_fchmodat2, AT_FDCWD, "f", 0604, 0) == -1 && errno == ENOSYS) return;
    mode("f");
    SHOW(RAW(SYS_fchmodat2, AT_FDCWD, "l", 0604, AT_SYMLINK_NOFOLLOW));
    SHOW(RAW(SYS_fchmodat2, fd, "", 0622, AT_EMPTY_PATH));
    mode("f");
    SHOW(RAW(SYS_fchmodat2, fd, "", 0622, 0));
    SHOW(RAW(SYS_fchmodat2, AT_FDCWD, "f", 0622, 0x10000));
    int path = (int)MUST(open("f", O_PATH));
    SHOW(RAW(SYS_fchmodat2, path, "", 0611, AT_EMPTY_PATH));
    mode("f");
}
