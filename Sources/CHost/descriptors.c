#include "CHost.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/kcmp.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

int chost_send_descriptor(int sock, uint32_t kind, uint32_t number, int fd) {
    uint32_t payload[2] = { kind, number };
    struct iovec iov = { .iov_base = payload, .iov_len = sizeof payload };
    union { struct cmsghdr header; char bytes[CMSG_SPACE(sizeof(int))]; } control;
    memset(&control, 0, sizeof control);
    struct msghdr message = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control };
    struct cmsghdr *c = CMSG_FIRSTHDR(&message);
    c->cmsg_level = SOL_SOCKET;
    c->cmsg_type = SCM_RIGHTS;
    c->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(c), &fd, sizeof fd);
    ssize_t n;
    do n = sendmsg(sock, &message, MSG_NOSIGNAL | MSG_DONTWAIT); while (n < 0 && errno == EINTR);
    return n < 0 ? -errno : 0;
}

int chost_receive_descriptor(int sock, uint32_t *kind, uint32_t *number) {
    uint32_t payload[2];
    struct iovec iov = { .iov_base = payload, .iov_len = sizeof payload };
    union { struct cmsghdr header; char bytes[CMSG_SPACE(sizeof(int))]; } control;
    struct msghdr message = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control };
    ssize_t n = recvmsg(sock, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    if (n < 0) return -errno;
    struct cmsghdr *c = CMSG_FIRSTHDR(&message);
    if (n != sizeof payload || !c || c->cmsg_type != SCM_RIGHTS || c->cmsg_len != CMSG_LEN(sizeof(int))) return -EBADMSG;
    int fd;
    memcpy(&fd, CMSG_DATA(c), sizeof fd);
    *kind = payload[0];
    *number = payload[1];
    return fd;
}

int chost_same_description(int a, int b) {
    pid_t self = getpid();
    long r = syscall(SYS_kcmp, self, self, KCMP_FILE, a, b);
    if (r < 0) return -errno;
    return r == 0;
}

int chost_get_flags(int fd) {
    int flags = fcntl(fd, F_GETFL);
    return flags < 0 ? -errno : flags;
}

int chost_open(int dirfd, const char *path, int flags, mode_t mode) {
    int fd = openat(dirfd, path, flags | O_CLOEXEC, mode);
    return fd < 0 ? -errno : fd;
}

static int openat2_state; // 0 unknown, 1 there, -1 missing

static int try_openat2(int dirfd, const char *name, int flags, mode_t mode) {
    struct open_how how = {
        .flags = (uint64_t)(unsigned)(flags | O_CLOEXEC),
        .mode = (flags & (O_CREAT | __O_TMPFILE)) ? mode & 07777 : 0,
        .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_SYMLINKS,
    };
    long fd;
    int tries = 0;
    // EAGAIN: a rename elsewhere in the tree was under way, so that the kernel could not be sure of "beneath".
    do fd = syscall(SYS_openat2, dirfd, name, &how, sizeof how); while (fd < 0 && errno == EAGAIN && ++tries < 100);
    return fd < 0 ? -errno : (int)fd;
}

bool chost_has_openat2(void) {
    int state = __atomic_load_n(&openat2_state, __ATOMIC_RELAXED);
    if (state == 0) {
        int fd = try_openat2(AT_FDCWD, ".", O_PATH, 0);
        state = fd == -ENOSYS || fd == -EPERM ? -1 : 1; // EPERM: refused by an older container profile
        if (fd >= 0) close(fd);
        __atomic_store_n(&openat2_state, state, __ATOMIC_RELAXED);
    }
    return state > 0;
}

int chost_open_beneath(int dirfd, const char *name, int flags, mode_t mode) {
    // O_PATH|O_NOFOLLOW on a symbolic link is meant to give the link, which RESOLVE_NO_SYMLINKS allows for the last component.
    if (chost_has_openat2()) return try_openat2(dirfd, name, flags | O_NOFOLLOW, mode);
    return chost_open_component(dirfd, name, flags, mode);
}

int chost_open_component(int dirfd, const char *name, int flags, mode_t mode) {
    int fd = openat(dirfd, name, flags | O_NOFOLLOW | O_CLOEXEC, mode);
    return fd < 0 ? -errno : fd;
}

int chost_pidfd_open(pid_t process) {
    int fd = (int)syscall(SYS_pidfd_open, process, 0);
    return fd < 0 ? -errno : fd;
}

int chost_signalfd(const sigset_t *mask) {
    int fd = signalfd(-1, mask, SFD_CLOEXEC | SFD_NONBLOCK);
    return fd < 0 ? -errno : fd;
}

int chost_eventfd(void) {
    int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return fd < 0 ? -errno : fd;
}

_Static_assert(CHOST_O_PATH == O_PATH, "same bit");

int chost_pipe(int ends[2]) {
    return pipe2(ends, O_CLOEXEC) < 0 ? -errno : 0;
}

int chost_random(void *buffer, size_t size) {
    return getrandom(buffer, size, 0) == (ssize_t)size ? 0 : -EIO;
}
