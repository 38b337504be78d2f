// eventfd: counter, semaphore mode, limits, blocking, poll, errors.
#include "../common.h"

static int fd;
static long get(void) {
    uint64_t value = 0;
    long got = read(fd, &value, 8);
    if (got == 8) T("read: %llu", (unsigned long long)value);
    else T("read: %s", got < 0 ? errno_name(errno) : "short");
    return got;
}
static void put(uint64_t value) {
    long got = write(fd, &value, 8);
    T("write %llx: %s", (unsigned long long)value, got == 8 ? "ok" : errno_name(errno));
}
static void bits(void) {
    struct pollfd p = {fd, POLLIN | POLLOUT | POLLERR, 0};
    poll(&p, 1, 0);
    T("poll: %s", poll_names(p.revents));
}

TEST {
    char data[16];
    fd = (int)SHOW(eventfd(5, EFD_NONBLOCK));
    bits();
    get(); get();
    bits();
    put(1); put(2); put(0);
    get();
    put(0); get();
    put(0xfffffffffffffffe);
    bits();
    put(1); put(0); put(0xffffffffffffffff);
    get();
    put(0xfffffffffffffffd); put(1); put(1);
    get();
    SHOW(read(fd, data, 7));
    SHOW(write(fd, data, 7));
    put(3);
    memset(data, 0, sizeof data);
    SHOW(read(fd, data, 16));
    T("%d", data[0]);
    SHOW(read(fd, BAD, 8));
    SHOW(write(fd, BAD, 8));
    SHOW(lseek(fd, 0, SEEK_SET));
    SHOW(pread(fd, data, 8, 0));
    struct stat status;
    SHOW(fstat(fd, &status));
    T("%s", type_name(status.st_mode));
    fd = (int)SHOW(eventfd(3, EFD_SEMAPHORE | EFD_NONBLOCK | EFD_CLOEXEC));
    T("%d", fcntl(fd, F_GETFD));
    get(); get(); get(); get();
    put(2); get(); bits(); get(); bits();
    SHOW(eventfd(0, 0x10));
    SHOW(RAW(SYS_eventfd, 7));
    fd = (int)MUST(eventfd(0, 0));
    pid_t child = SPAWN({ settle(); eventfd_write(fd, 7); });
    get();
    reap("child", child);
    put(0xfffffffffffffffe);
    child = SPAWN({ settle(); eventfd_t value; eventfd_read(fd, &value); });
    put(5);
    reap("child", child);
    get();
    count_signal(SIGALRM, 0);
    ualarm(20000, 20000);
    get();
}
