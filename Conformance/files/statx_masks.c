// statx: masks, flags and reserved bits.
#include "../common.h"

TEST {
    struct statx x;
    make_file("f", "12345");
    MUST(symlink("f", "l"));
    SHOW(statx(AT_FDCWD, "f", 0, STATX_SIZE, &x));
    CHECK((x.stx_mask & STATX_SIZE) && x.stx_size == 5);
    SHOW(statx(AT_FDCWD, "f", 0, 0, &x));
    SHOW(statx(AT_FDCWD, "f", 0, STATX_ALL, &x));
    CHECK((x.stx_mask & STATX_BASIC_STATS) == STATX_BASIC_STATS);
    SHOW(statx(AT_FDCWD, "f", 0, STATX__RESERVED, &x));
    SHOW(statx(AT_FDCWD, "f", 0x10000, STATX_ALL, &x));
    SHOW(statx(AT_FDCWD, "f", AT_STATX_FORCE_SYNC, STATX_BASIC_STATS, &x));
    SHOW(statx(AT_FDCWD, "f", AT_STATX_DONT_SYNC, STATX_BASIC_STATS, &x));
    SHOW(statx(AT_FDCWD, "f", AT_STATX_DONT_SYNC | AT_STATX_FORCE_SYNC, STATX_BASIC_STATS, &x));
    SHOW(statx(AT_FDCWD, "l", AT_SYMLINK_NOFOLLOW, STATX_TYPE, &x));
    T("%s", type_name(x.stx_mode));
    SHOW(statx(AT_FDCWD, "l", 0, STATX_TYPE, &x));
    T("%s", type_name(x.stx_mode));
    int fd = (int)MUST(open("f", O_RDONLY));
    SHOW(statx(fd, "", AT_EMPTY_PATH, STATX_BASIC_STATS, &x));
    SHOW(statx(fd, "", 0, STATX_BASIC_STATS, &x));
    SHOW(statx(fd, NIL, AT_EMPTY_PATH, STATX_BASIC_STATS, &x));
    SHOW(statx(fd, "x", 0, STATX_BASIC_STATS, &x));
    SHOW(statx(AT_FDCWD, "", AT_EMPTY_PATH, STATX_BASIC_STATS, &x));
    T("%s", type_name(x.stx_mode));
    SHOW(statx(99, "", AT_EMPTY_PATH, STATX_BASIC_STATS, &x));
    SHOW(statx(99, "f", 0, STATX_BASIC_STATS, &x));
    SHOW(statx(AT_FDCWD, BAD, 0, STATX_BASIC_STATS, &x));
    SHOW(statx(AT_FDCWD, "f", 0, STATX_BASIC_STATS, BAD));
    SHOW(statx(AT_FDCWD, "missing", 0, STATX_BASIC_STATS, BAD));
    struct stat s;
    T("fstatat flags");
    SHOW(fstatat(fd, "", &s, AT_EMPTY_PATH));
    SHOW(fstatat(fd, "", &s, 0));
    SHOW(fstatat(AT_FDCWD, "", &s, AT_EMPTY_PATH));
    SHOW(fstatat(AT_FDCWD, "l", &s, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT));
    SHOW(fstatat(AT_FDCWD, "f", &s, 0x10000));
    SHOW(fstatat(AT_FDCWD, "f", &s, AT_SYMLINK_FOLLOW));
    SHOW(fstatat(99, "", &s, AT_EMPTY_PATH));
    SHOW(RAW(SYS_newfstatat, AT_FDCWD, NIL, &s, AT_EMPTY_PATH));
    SHOW(RAW(SYS_newfstatat, fd, NIL, &s, AT_EMPTY_PATH));
}
