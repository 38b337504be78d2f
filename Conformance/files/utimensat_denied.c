// utimensat without ownership: only "now" with write permission.
#define CONF_AS_USER
#include "../common.h"

TEST {
    // Own file, read only: the owner may still set times.
    make_file("f", "x");
    MUST(chmod("f", 0444));
    struct timespec both[2] = {{1, 0}, {2, 0}}, now[2] = {{0, UTIME_NOW}, {0, UTIME_NOW}}, mixed[2] = {{0, UTIME_NOW}, {0, UTIME_OMIT}},
                    omit[2] = {{0, UTIME_OMIT}, {0, UTIME_OMIT}};
    SHOW(utimensat(AT_FDCWD, "f", both, 0));
    SHOW(utimensat(AT_FDCWD, "f", now, 0));
    SHOW(utimensat(AT_FDCWD, "f", NULL, 0));
    // Root's files.
    SHOW(utimensat(AT_FDCWD, "/etc/passwd", both, 0));
    SHOW(utimensat(AT_FDCWD, "/etc/passwd", now, 0));
    SHOW(utimensat(AT_FDCWD, "/etc/passwd", NULL, 0));
    SHOW(utimensat(AT_FDCWD, "/etc/passwd", mixed, 0));
    SHOW(utimensat(AT_FDCWD, "/etc/passwd", omit, 0));
    // Writable by all, but not owned: /dev/null. "Now" is allowed, a given time is not.
    SHOW(utimensat(AT_FDCWD, "/dev/null", both, 0));
    SHOW(utimensat(AT_FDCWD, "/dev/null", mixed, 0));
    SHOW(utimensat(AT_FDCWD, "/dev/null", NULL, 0));
    MUST(mkdir("d", 0700));
    make_file("d/f", "");
    MUST(chmod("d", 0600));
    SHOW(utimensat(AT_FDCWD, "d/f", both, 0));
}
