// System calls with bad pointers say EFAULT and nothing crashes.
#include "../tasks.h"
#include <sys/epoll.h>
#include <sys/sysinfo.h>
#include <sys/times.h>
#include <sys/utsname.h>
#include <sys/statfs.h>
#include <sys/xattr.h>

TEST {
    make_file("file", "content");
    int fd = (int)MUST(open("file", O_RDWR)), pair[2], ends[2], epoll = epoll_create1(0);
    MUST(socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
    MUST(pipe(ends));
    MUST(write(ends[1], "data", 4));
    char *readOnly = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    char *last = new_pages(2);
    munmap(last + PAGE, PAGE);
    last += PAGE - 4; // four bytes up to a hole
    memcpy(last, "aaaa", 4);
    void *bad[] = {BAD, NIL, (void *)-1L, (void *)0x7ffffffff000, (void *)0x8000000000000000, (void *)0xffffffff81000000, readOnly};
    for (int i = 0; i < 7; i++) {
        T("pointer %d", i);
        void *b = bad[i];
        SHOW(RAW(SYS_read, fd, b, 4));
        SHOW(RAW(SYS_read, ends[0], b, 4));
        SHOW(RAW(SYS_getcwd, b, 100));
        SHOW(RAW(SYS_stat, "file", b));
        SHOW(RAW(SYS_pipe2, b, 0));
        SHOW(RAW(SYS_uname, b));
        SHOW(RAW(SYS_clock_gettime, CLOCK_MONOTONIC, b) && b ? -1 : 0);
        SHOW(RAW(SYS_getrlimit, 1, b));
    }
    for (int i = 0; i < 6; i++) {
        T("pointer %d", i);
        void *b = bad[i];
        SHOW(RAW(SYS_write, fd, b, 4));
        SHOW(RAW(SYS_write, ends[1], b, 4));
        SHOW(RAW(SYS_open, b, O_RDONLY));
        SHOW(RAW(SYS_stat, b, readOnly));
        SHOW(RAW(SYS_unlink, b));
        SHOW(RAW(SYS_nanosleep, b, NULL));
    }
    void *b = BAD;
    SHOW(RAW(SYS_pread64, fd, b, 4, 0));
    SHOW(RAW(SYS_pwrite64, fd, b, 4, 0));
    SHOW(RAW(SYS_readv, fd, b, 1));
    SHOW(RAW(SYS_writev, fd, b, 1));
    struct iovec vector = {b, 4};
    SHOW(RAW(SYS_readv, fd, &vector, 1));
    SHOW(RAW(SYS_writev, fd, &vector, 1));
    SHOW(RAW(SYS_poll, b, 1, 0));
    SHOW(RAW(SYS_select, 1, b, NULL, NULL, NULL));
    SHOW(RAW(SYS_epoll_ctl, epoll, EPOLL_CTL_ADD, ends[0], b));
    SHOW(RAW(SYS_getdents64, MUST(open(".", O_RDONLY)), b, 4096));
    SHOW(RAW(SYS_readlink, "file", b, 10));
    SHOW(RAW(SYS_execve, b, NULL, NULL));
    SHOW(RAW(SYS_execve, "/bin/true", b, NULL));
    SHOW(RAW(SYS_execve, "/bin/true", NULL, b));
    SHOW(RAW(SYS_wait4, -1, b, WNOHANG, NULL));
    SHOW(RAW(SYS_rt_sigaction, SIGUSR1, b, NULL, 8));
    SHOW(RAW(SYS_rt_sigprocmask, SIG_BLOCK, b, NULL, 8));
    SHOW(RAW(SYS_sigaltstack, b, NULL));
    SHOW(RAW(SYS_gettimeofday, b, NULL));
    SHOW(RAW(SYS_times, b));
    SHOW(RAW(SYS_sysinfo, b));
    SHOW(RAW(SYS_statfs, ".", b));
    SHOW(RAW(SYS_fstat, fd, b));
    SHOW(RAW(SYS_newfstatat, AT_FDCWD, "file", b, 0));
    SHOW(RAW(SYS_statx, AT_FDCWD, "file", 0, 0, b));
    SHOW(RAW(SYS_getgroups, 100, b) == -1 || getgroups(0, NULL) == 0 ? 0 : 1);
    SHOW(RAW(SYS_getresuid, b, b, b));
    SHOW(RAW(SYS_getrandom, b, 8, 0));
    SHOW(RAW(SYS_setitimer, ITIMER_REAL, b, NULL));
    SHOW(RAW(SYS_getitimer, ITIMER_REAL, b));
    SHOW(RAW(SYS_utimensat, AT_FDCWD, "file", b, 0));
    SHOW(RAW(SYS_getxattr, "file", b, NULL, 0));
    SHOW(RAW(SYS_sendmsg, pair[0], b, 0));
    SHOW(RAW(SYS_recvmsg, pair[0], b, MSG_DONTWAIT));
    SHOW(RAW(SYS_sendto, pair[0], b, 4, 0, NULL, 0));
    SHOW(RAW(SYS_bind, pair[0], b, 16));
    SHOW(RAW(SYS_getsockname, pair[0], b, b));
    SHOW(RAW(SYS_getsockopt, pair[0], SOL_SOCKET, SO_TYPE, b, b));
    SHOW(RAW(SYS_setsockopt, pair[0], SOL_SOCKET, SO_SNDBUF, b, 4));
    SHOW(RAW(SYS_fcntl, fd, F_GETLK, b));
    SHOW(RAW(SYS_ioctl, ends[0], FIONREAD, b));
    SHOW(RAW(SYS_futex, b, FUTEX_WAIT, 0, NULL, NULL, 0));
    SHOW(RAW(SYS_prctl, PR_SET_NAME, b, 0, 0, 0));
    SHOW(RAW(SYS_prlimit64, 0, 1, b, NULL));
    SHOW(RAW(SYS_timer_create, CLOCK_MONOTONIC, b, b));
    SHOW(RAW(SYS_rt_sigpending, b, 8));
    SHOW(RAW(SYS_chdir, b));
    SHOW(RAW(SYS_rename, "file", b));
    SHOW(RAW(SYS_symlink, b, "x"));
    SHOW(RAW(SYS_memfd_create, b, 0));
    SHOW(RAW(SYS_sched_setaffinity, 0, 8, b));
    SHOW(RAW(SYS_capget, b, NULL));
    SHOW(RAW(SYS_sendfile, ends[1], fd, b, 4));
    SHOW(RAW(SYS_copy_file_range, fd, b, fd, b, 4, 0));

    // Buffers that run into a hole.
    SHOW(write(fd, last, 10));
    SHOW(write(ends[1], last, 10));
    SHOW(lseek(fd, 0, SEEK_SET));
    SHOW(read(fd, last, 10));
    SHOW(RAW(SYS_open, last, O_RDONLY)); // no end of string before the hole
    last[3] = 0;
    SHOW(RAW(SYS_open, last, O_RDONLY));
    SHOW(RAW(SYS_stat, "file", last));
    SHOW(RAW(SYS_uname, last));
    SHOW(read(fd, BAD, 0));
    SHOW(write(fd, BAD, 0));
}
