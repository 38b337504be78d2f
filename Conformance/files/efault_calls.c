// Bad pointers in many calls: EFAULT, and nothing happens.
#include "../common.h"

#include <sys/statfs.h>
#include <sys/xattr.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <sys/times.h>

TEST {
    make_file("f", "data");
    int fd = (int)MUST(open("f", O_RDWR)), p[2], s[2];
    MUST(pipe2(p, O_NONBLOCK));
    MUST(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, s));
    struct iovec part = {BAD, 4};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    SHOW(RAW(SYS_open, BAD, O_RDONLY));
    SHOW(RAW(SYS_creat, BAD, 0644));
    SHOW(RAW(SYS_stat, BAD, BAD));
    SHOW(RAW(SYS_lstat, BAD, BAD));
    SHOW(RAW(SYS_fstat, fd, BAD));
    SHOW(RAW(SYS_access, BAD, 0));
    SHOW(RAW(SYS_chdir, BAD));
    SHOW(RAW(SYS_mkdir, BAD, 0755));
    SHOW(RAW(SYS_rmdir, BAD));
    SHOW(RAW(SYS_link, BAD, BAD));
    SHOW(RAW(SYS_symlink, BAD, BAD));
    SHOW(RAW(SYS_unlink, BAD));
    SHOW(RAW(SYS_rename, BAD, BAD));
    SHOW(RAW(SYS_readlink, BAD, BAD, 10));
    SHOW(RAW(SYS_chmod, BAD, 0644));
    SHOW(RAW(SYS_chown, BAD, -1, -1));
    SHOW(RAW(SYS_truncate, BAD, 0));
    SHOW(RAW(SYS_mknod, BAD, 0, 0));
    SHOW(RAW(SYS_utime, BAD, BAD));
    SHOW(RAW(SYS_statfs, BAD, BAD));
    SHOW(RAW(SYS_fstatfs, fd, BAD));
    SHOW(RAW(SYS_getxattr, BAD, "user.x", NIL, 0));
    SHOW(RAW(SYS_getxattr, "f", BAD, NIL, 0));
    SHOW(RAW(SYS_listxattr, BAD, NIL, 0));
    SHOW(RAW(SYS_execve, BAD, NIL, NIL));
    SHOW(RAW(SYS_execve, conf_self, BAD, NIL));
    SHOW(RAW(SYS_execve, conf_self, (char *[]){conf_self, BAD, NULL}, NIL));
    SHOW(RAW(SYS_execve, conf_self, (char *[]){conf_self, "x", NULL}, BAD));
    SHOW(RAW(SYS_read, fd, BAD, 4));
    SHOW(RAW(SYS_write, fd, BAD, 4));
    SHOW(RAW(SYS_pread64, fd, BAD, 4, 0));
    SHOW(RAW(SYS_pwrite64, fd, BAD, 4, 0));
    SHOW(readv(fd, &part, 1));
    SHOW(writev(fd, &part, 1));
    SHOW(RAW(SYS_pipe, BAD));
    SHOW(RAW(SYS_poll, BAD, 1, 0));
    SHOW(RAW(SYS_select, 8, BAD, NIL, NIL, NIL));
    SHOW(RAW(SYS_sendfile, fd, fd, BAD, 4));
    SHOW(RAW(SYS_socketpair, AF_UNIX, SOCK_STREAM, 0, BAD));
    SHOW(RAW(SYS_sendto, s[0], BAD, 4, 0, NIL, 0));
    SHOW(sendmsg(s[0], &message, 0));
    write(s[1], "abcd", 4);
    SHOW(recvmsg(s[0], &message, 0));
    SHOW(RAW(SYS_getsockopt, s[0], SOL_SOCKET, SO_TYPE, BAD, BAD));
    SHOW(RAW(SYS_getsockname, s[0], BAD, BAD));
    SHOW(ioctl(fd, FIONBIO, BAD));
    SHOW(ioctl(p[0], FIONREAD, BAD));
    SHOW(fcntl(fd, F_GETLK, BAD));
    SHOW(fcntl(fd, F_GETOWN_EX, BAD));
    SHOW(RAW(SYS_getdents64, open(".", O_RDONLY), BAD, 4096));
    SHOW(RAW(SYS_getcwd, BAD, 4096));
    SHOW(RAW(SYS_uname, BAD));
    SHOW(RAW(SYS_times, BAD));
    SHOW(RAW(SYS_sysinfo, BAD));
    SHOW(RAW(SYS_getrlimit, RLIMIT_NOFILE, BAD));
    SHOW(RAW(SYS_setrlimit, RLIMIT_NOFILE, BAD));
    SHOW(RAW(SYS_getrusage, RUSAGE_SELF, BAD));
    SHOW(RAW(SYS_rt_sigaction, SIGUSR1, BAD, NIL, 8));
    SHOW(RAW(SYS_rt_sigprocmask, SIG_BLOCK, BAD, NIL, 8));
    SHOW(RAW(SYS_nanosleep, BAD, NIL));
    SHOW(RAW(SYS_timer_create, CLOCK_MONOTONIC, BAD, NIL));
    SHOW(RAW(SYS_memfd_create, BAD, 0));
    SHOW(RAW(SYS_inotify_add_watch, 99, BAD, 1));
    SHOW(RAW(SYS_getrandom, BAD, 4, 0));
    SHOW(RAW(SYS_futex, BAD, 0, 0, NIL));
    SHOW(RAW(SYS_mincore, 0, 4096, BAD));
    show_file("f");
    show_dir(".");
}
