// O_PATH: what works with such a descriptor and what does not.
#include "../common.h"
#include <sys/xattr.h>

TEST {
    make_file("f", "hello");
    MUST(mkdir("d", 0755));
    make_file("d/x", "below");
    int fd = (int)MUST(open("f", O_PATH)), dir = (int)MUST(open("d", O_PATH));
    char buffer[8];
    struct stat status;
    struct iovec part = {buffer, 1};
    SHOW(read(fd, buffer, 1));
    SHOW(write(fd, buffer, 1));
    SHOW(pread(fd, buffer, 1, 0));
    SHOW(readv(fd, &part, 1));
    SHOW(lseek(fd, 0, SEEK_SET));
    SHOW(fchmod(fd, 0600));
    SHOW(fchown(fd, -1, -1));
    SHOW(ftruncate(fd, 0));
    SHOW(fsync(fd));
    SHOW(ioctl(fd, FIONREAD, buffer));
    SHOW(flock(fd, LOCK_SH));
    SHOW(fcntl(fd, F_SETFL, O_APPEND));
    SHOW(fcntl(fd, F_GETLK, &(struct flock){.l_type = F_RDLCK}));
    SHOW(fgetxattr(fd, "user.x", buffer, 1));
    SHOW(futimens(fd, NULL));
    CHECK(mmap(NULL, 1, PROT_READ, MAP_PRIVATE, fd, 0) == MAP_FAILED && errno == EBADF);
    SHOW(poll(&(struct pollfd){.fd = fd, .events = POLLIN}, 1, 0));
    SHOW(getdents64(dir, buffer, sizeof buffer));
    SHOW(fstat(fd, &status));
    T("size %ld", (long)status.st_size);
    SHOW(fcntl(fd, F_GETFL) & O_PATH ? 1 : 0);
    SHOW(fcntl(fd, F_GETFD));
    SHOW(fcntl(fd, F_SETFD, FD_CLOEXEC));
    SUCCEEDS(dup(fd));
    SUCCEEDS(fcntl(fd, F_DUPFD, 20));
    SUCCEEDS(openat(dir, "x", O_RDONLY));
    SHOW(openat(fd, "x", O_RDONLY));
    SHOW(fstatat(dir, "x", &status, 0));
    SHOW(fstatat(dir, "", &status, AT_EMPTY_PATH));
    T("%s", type_name(status.st_mode));
    SHOW(fchdir(dir));
    FACT("x is here", exists("x"));
    SHOW(fchdir(fd));
    // The other flags are dropped; a new opening goes through /proc/self/fd.
    SUCCEEDS(open("x", O_PATH | O_CREAT | O_EXCL | O_RDWR | O_TRUNC, 0644));
    SHOW(open("none", O_PATH | O_CREAT, 0644));
    char name[32];
    snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    int again = (int)MUST(open(name, O_RDONLY));
    show_read("read through /proc", again, 8);
    SHOW(close(fd));
    SHOW(fstat(fd, &status));
}
