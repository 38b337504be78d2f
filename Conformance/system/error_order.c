// Which error comes first when two things are wrong, and what a failed call leaves behind.
#include "../tasks.h"
#include <sys/inotify.h>
#include <sys/ipc.h>
#include <sys/sem.h>
#include <sys/vfs.h>
#include <sys/xattr.h>

TEST {
    make_file("f", "");
    int file = (int)MUST(open("f", O_RDWR)), watch = (int)MUST(inotify_init());
    siginfo_t info;
    memset(&info, 0xff, sizeof info);
    SHOW(waitid(P_ALL, 0, &info, WEXITED));
    T("signo %d, code %d, pid %d, status %d", info.si_signo, info.si_code, info.si_pid, info.si_status);
    memset(&info, 0xff, sizeof info);
    SHOW(waitid(P_PID, 1, &info, 0));
    T("signo %d", info.si_signo);
    SHOW(RAW(SYS_waitid, P_ALL, 0, BAD, WEXITED, NULL));

    SHOW(RAW(SYS_fsetxattr, 99, "user.x", "v", 1, 99));
    SHOW(RAW(SYS_fsetxattr, 99, BAD, "v", 1, 0));
    SHOW(RAW(SYS_fsetxattr, 99, "user.x", BAD, 1, 0));
    SHOW(RAW(SYS_fsetxattr, 99, "user.x", "v", 1, 0));
    SHOW(RAW(SYS_fgetxattr, 99, BAD, NULL, 0));
    SHOW(RAW(SYS_fremovexattr, 99, BAD));

    SHOW(RAW(SYS_accept4, 99, NULL, NULL, -1));
    SHOW(RAW(SYS_accept4, file, NULL, NULL, -1));
    SHOW(RAW(SYS_accept4, file, NULL, NULL, 0));
    SHOW(RAW(SYS_inotify_add_watch, 99, "f", 0));
    SHOW(RAW(SYS_inotify_add_watch, 99, "f", IN_OPEN | 0x10000));
    SHOW(RAW(SYS_inotify_add_watch, 99, "f", IN_OPEN));
    SHOW(RAW(SYS_inotify_add_watch, watch, BAD, IN_OPEN));
    SHOW(RAW(SYS_vmsplice, file, NULL, 0, 0));
    struct iovec piece = {"x", 1};
    SHOW(RAW(SYS_vmsplice, file, &piece, 1, 0));
    SHOW(RAW(SYS_renameat2, AT_FDCWD, BAD, AT_FDCWD, BAD, 8));
    SHOW(RAW(SYS_mknod, BAD, 0170000, 0));
    SHOW(RAW(SYS_mknod, BAD, S_IFDIR, 0));
    SHOW(RAW(SYS_mknod, BAD, S_IFREG, 0));

    SHOW(RAW(SYS_semop, -1, BAD, 1000));
    SHOW(RAW(SYS_semop, -1, BAD, 0));
    SHOW(RAW(SYS_semop, -1, BAD, 1));
    struct sembuf one = {0};
    SHOW(RAW(SYS_semop, -1, &one, 1));
    SHOW(RAW(SYS_semtimedop, -1, &one, 1000, BAD));
    SHOW(RAW(SYS_clock_settime, CLOCK_MONOTONIC, BAD));
    SHOW(RAW(SYS_clock_settime, 99, BAD));
    SHOW(RAW(SYS_clock_settime, CLOCK_REALTIME, BAD));
    SHOW(RAW(SYS_clock_nanosleep, CLOCK_REALTIME_ALARM, 0, BAD, NULL));
    SHOW(RAW(SYS_clock_nanosleep, 99, 0, BAD, NULL));
    SHOW(RAW(SYS_clock_nanosleep, CLOCK_MONOTONIC_RAW, 0, BAD, NULL));
    unsigned long set[2] = {0};
    SHOW(RAW(SYS_sched_getaffinity, 0, 8, set) >= 8);
    SHOW(RAW(SYS_sched_getaffinity, 0, 8, BAD));
    SHOW(RAW(SYS_sched_getaffinity, 0, 7, set));
    char *page = new_pages(1);
    SHOW(RAW(SYS_pkey_mprotect, page, 0, PROT_READ, 0));
    SHOW(RAW(SYS_pkey_mprotect, page, PAGE, PROT_READ, 77));
    SHOW(RAW(SYS_mbind, page, PAGE, 2, BAD, 8, 4));
    struct statfs system;
    SHOW(fstatfs(1, &system));
    SHOW(RAW(SYS_fstatfs, 1, BAD));
}
