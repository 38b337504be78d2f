// access, faccessat, faccessat2: modes, flags, permission bits.
#define CONF_AS_USER
#include "../common.h"

#ifndef SYS_faccessat2
#define SYS_faccessat2 439
#endif
TEST {
    make_file("f", "");
    MUST(mkdir("d", 0755));
    make_file("d/f", "");
    for (int bits = 0; bits < 8; bits++) {
        chmod("f", (mode_t)bits << 6 | 077);
        printf("%o:", bits);
        for (int wanted = 0; wanted < 8; wanted++) printf(" %s", access("f", wanted) == 0 ? "ok" : errno_name(errno));
        printf("\n");
    }
    SHOW(access("f", 8));
    SHOW(access("f", -1));
    SHOW(access("missing", F_OK));
    SHOW(access("missing", R_OK));
    SHOW(access("", F_OK));
    SHOW(access(BAD, F_OK));
    SHOW(access("f/x", F_OK));
    SHOW(access("d", X_OK));
    chmod("d", 0600);
    SHOW(access("d/f", F_OK));
    SHOW(access("d/missing", F_OK));
    SHOW(access("d", X_OK));
    chmod("d", 0755);
    SHOW(access("/etc/passwd", R_OK));
    SHOW(access("/etc/passwd", W_OK));
    SHOW(access("/", W_OK));
    SHOW(access("/dev/null", R_OK | W_OK));
    SHOW(access("/dev/null", X_OK));
    MUST(symlink("missing", "l"));
    SHOW(access("l", F_OK));
    SHOW(RAW(SYS_faccessat2, AT_FDCWD, "l", F_OK, AT_SYMLINK_NOFOLLOW));
    SHOW(RAW(SYS_faccessat2, AT_FDCWD, "f", R_OK, AT_EACCESS));
    SHOW(RAW(SYS_faccessat2, AT_FDCWD, "f", R_OK, 0x10000));
    int fd = (int)MUST(open("d/f", O_RDONLY));
    SHOW(RAW(SYS_faccessat2, fd, "", R_OK, AT_EMPTY_PATH));
    SHOW(RAW(SYS_faccessat2, fd, "", X_OK, AT_EMPTY_PATH));
    SHOW(RAW(SYS_faccessat2, fd, "", R_OK, 0));
    SHOW(RAW(SYS_faccessat2, 99, "", R_OK, AT_EMPTY_PATH));
    SHOW(RAW(SYS_faccessat, AT_FDCWD, "d/f", R_OK));
    SHOW(RAW(SYS_faccessat, AT_FDCWD, "d/f", 8));
}
