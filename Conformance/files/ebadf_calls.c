// Closed descriptors in many calls: EBADF, and which check comes first.
#include "../common.h"

#include <sys/statfs.h>
#include <sys/xattr.h>
#include <sys/inotify.h>
#include <sys/sendfile.h>

static void all(int fd) {
    T("descriptor %d", fd);
    SHOW(RAW(SYS_read, fd, BAD, 1));
    SHOW(RAW(SYS_write, fd, BAD, 1));
    SHOW(RAW(SYS_close, fd));
    SHOW(RAW(SYS_lseek, fd, 0, 99));
    SHOW(RAW(SYS_pread64, fd, BAD, 1, 0));
    SHOW(RAW(SYS_readv, fd, BAD, 1));
    SHOW(RAW(SYS_writev, fd, BAD, 1));
    SHOW(RAW(SYS_fstat, fd, BAD));
    SHOW(RAW(SYS_ftruncate, fd, 0));
    SHOW(RAW(SYS_fsync, fd));
    SHOW(RAW(SYS_fchmod, fd, 0644));
    SHOW(RAW(SYS_fchown, fd, -1, -1));
    SHOW(RAW(SYS_fchdir, fd));
    SHOW(RAW(SYS_flock, fd, LOCK_SH));
    SHOW(RAW(SYS_fcntl, fd, F_GETFD, 0));
    SHOW(RAW(SYS_ioctl, fd, FIONREAD, BAD));
    SHOW(RAW(SYS_dup, fd));
    SHOW(RAW(SYS_dup2, fd, 5));
    SHOW(RAW(SYS_getdents64, fd, BAD, 1));
    SHOW(RAW(SYS_fstatfs, fd, BAD));
    SHOW(RAW(SYS_fallocate, fd, 0, 0, 1));
    SHOW(RAW(SYS_fadvise64, fd, 0, 0, 0));
    SHOW(RAW(SYS_sendfile, fd, fd, NIL, 1));
    SHOW(RAW(SYS_splice, fd, NIL, fd, NIL, 1, 0));
    SHOW(RAW(SYS_tee, fd, fd, 1, 0));
    SHOW(RAW(SYS_mmap, 0, 4096, PROT_READ, MAP_PRIVATE, fd, 0));
    SHOW(RAW(SYS_accept, fd, NIL, NIL));
    SHOW(RAW(SYS_listen, fd, 1));
    SHOW(RAW(SYS_shutdown, fd, 9));
    SHOW(RAW(SYS_sendto, fd, BAD, 1, 0, NIL, 0));
    SHOW(RAW(SYS_recvfrom, fd, BAD, 1, 0, NIL, NIL));
    SHOW(RAW(SYS_getsockopt, fd, 0, 0, BAD, BAD));
    SHOW(RAW(SYS_epoll_ctl, fd, EPOLL_CTL_DEL, fd, NIL));
    SHOW(RAW(SYS_epoll_wait, fd, BAD, 1, 0));
    SHOW(RAW(SYS_timerfd_gettime, fd, BAD));
    SHOW(RAW(SYS_inotify_rm_watch, fd, 1));
    SHOW(RAW(SYS_fgetxattr, fd, "user.x", NIL, 0));
    SHOW(RAW(SYS_openat, fd, "f", O_RDONLY));
    SHOW(RAW(SYS_unlinkat, fd, "f", 0));
    SHOW(RAW(SYS_readahead, fd, 0, 1));
    SHOW(RAW(SYS_syncfs, fd));
}

TEST {
    all(99);
    all(-1);
    all(INT_MAX);
}
