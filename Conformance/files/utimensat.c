// utimensat: explicit times, UTIME_NOW, UTIME_OMIT, links, errors.
#include "../common.h"

static void times(const char *path) {
    struct stat s;
    MUST(lstat(path, &s));
    T("%s: atime %lld.%09ld mtime %lld.%09ld", path, (long long)s.st_atim.tv_sec, s.st_atim.tv_nsec, (long long)s.st_mtim.tv_sec, s.st_mtim.tv_nsec);
}
static bool recent(struct timespec t) { return llabs((long long)time(NULL) - t.tv_sec) < 60; }

TEST {
    make_file("f", "x");
    struct timespec t[2] = {{1000000000, 123456789}, {1100000000, 987654321}};
    SHOW(utimensat(AT_FDCWD, "f", t, 0));
    times("f");
    t[0].tv_nsec = UTIME_OMIT; t[1] = (struct timespec){1200000000, 0};
    SHOW(utimensat(AT_FDCWD, "f", t, 0));
    times("f");
    t[0] = (struct timespec){1, 2}; t[1].tv_nsec = UTIME_OMIT;
    SHOW(utimensat(AT_FDCWD, "f", t, 0));
    times("f");
    struct stat before, after;
    stat("f", &before);
    settle();
    t[0].tv_nsec = t[1].tv_nsec = UTIME_OMIT;
    SHOW(utimensat(AT_FDCWD, "f", t, 0));
    stat("f", &after);
    times("f");
    CHECK(compare_times(after.st_ctim, before.st_ctim) == 0);
    t[0] = (struct timespec){77, UTIME_NOW}; t[1] = (struct timespec){5, 6};
    SHOW(utimensat(AT_FDCWD, "f", t, 0));
    stat("f", &after);
    CHECK(recent(after.st_atim) && after.st_mtim.tv_sec == 5 && after.st_mtim.tv_nsec == 6 && recent(after.st_ctim));
    CHECK(compare_times(after.st_ctim, before.st_ctim) > 0);
    SHOW(utimensat(AT_FDCWD, "f", NULL, 0));
    stat("f", &after);
    CHECK(recent(after.st_atim) && recent(after.st_mtim) && compare_times(after.st_atim, after.st_mtim) == 0);
    t[0] = (struct timespec){10, 0}; t[1] = (struct timespec){20, 0};
    MUST(symlink("f", "l"));
    SHOW(utimensat(AT_FDCWD, "l", t, AT_SYMLINK_NOFOLLOW));
    times("l");
    SHOW(utimensat(AT_FDCWD, "l", t, 0));
    times("f");
    t[0].tv_nsec = 1000000000;
    SHOW(utimensat(AT_FDCWD, "f", t, 0));
    t[0].tv_nsec = -1;
    SHOW(utimensat(AT_FDCWD, "f", t, 0));
    t[0] = (struct timespec){-5, 500};
    SHOW(utimensat(AT_FDCWD, "f", t, 0));
    times("f");
    SHOW(utimensat(AT_FDCWD, "missing", t, 0));
    SHOW(utimensat(AT_FDCWD, "", t, 0));
    SHOW(utimensat(AT_FDCWD, "", t, AT_EMPTY_PATH) == 0);
    SHOW(utimensat(AT_FDCWD, "f", t, 0x10000));
    SHOW(utimensat(AT_FDCWD, "f", BAD, 0));
    SHOW(RAW(SYS_utimensat, AT_FDCWD, BAD, t, 0));
    t[0].tv_nsec = t[1].tv_nsec = UTIME_OMIT;
    SHOW(utimensat(AT_FDCWD, "missing", t, 0));
    int fd = (int)MUST(open("f", O_RDONLY));
    t[0] = (struct timespec){30, 1}; t[1] = (struct timespec){40, 2};
    SHOW(futimens(fd, t));
    times("f");
    SHOW(RAW(SYS_utimensat, fd, NIL, t, 0));
    SHOW(RAW(SYS_utimensat, fd, NIL, t, AT_SYMLINK_NOFOLLOW));
    SHOW(RAW(SYS_utimensat, AT_FDCWD, NIL, t, 0));
    SHOW(futimens(99, t));
    struct timeval v[2] = {{50, 500000}, {60, 999999}};
    SHOW(utimes("f", v));
    times("f");
    v[0].tv_usec = 1000000;
    SHOW(utimes("f", v));
    v[0].tv_usec = -1;
    SHOW(utimes("f", v));
    long old[2] = {70, 80};
    SHOW(RAW(SYS_utime, "f", old));
    times("f");
    SHOW(RAW(SYS_futimesat, AT_FDCWD, "f", NIL));
    MUST(mkdir("d", 0755));
    t[0] = (struct timespec){1, 0}; t[1] = (struct timespec){2, 0};
    SHOW(utimensat(AT_FDCWD, "d", t, 0));
    times("d");
}
