#include "CHost.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#ifndef MFD_EXEC
#define MFD_EXEC 0x0010U
#endif

int chost_arena_create(uint64_t size) {
    // The kernel maps patched program text from the arena, so it asks for an executable memfd where hosts tell them apart.
    int fd = (int)syscall(SYS_memfd_create, "martlet", MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_EXEC);
    if (fd < 0) fd = (int)syscall(SYS_memfd_create, "martlet", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (fd < 0) return -errno;
    // A limit on the size of files counts for the (sparse) arena, too, and is told by a signal first.
    struct sigaction ignore = { .sa_handler = SIG_IGN }, old;
    struct rlimit limit, raised;
    sigaction(SIGXFSZ, &ignore, &old);
    bool limited = getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != limit.rlim_max;
    raised = (struct rlimit){ limit.rlim_max, limit.rlim_max };
    if (limited) setrlimit(RLIMIT_FSIZE, &raised);
    int refused = ftruncate(fd, (off_t)size) < 0 ? errno : 0;
    if (limited) setrlimit(RLIMIT_FSIZE, &limit);
    sigaction(SIGXFSZ, &old, NULL);
    errno = refused;
    if (refused || fcntl(fd, F_ADD_SEALS, F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL) < 0) {
        int error = errno;
        close(fd);
        return -error;
    }
    return fd;
}

int chost_futex_wait(void *word, uint32_t value, int64_t timeout_ns) {
    struct timespec t = { .tv_sec = timeout_ns / 1000000000, .tv_nsec = timeout_ns % 1000000000 };
    if (syscall(SYS_futex, word, FUTEX_WAIT, value, timeout_ns < 0 ? NULL : &t, NULL, 0) < 0) return -errno;
    return 0;
}

int chost_futex_wake(void *word, int count) {
    long n = syscall(SYS_futex, word, FUTEX_WAKE, count, NULL, NULL, 0);
    return n < 0 ? -errno : (int)n;
}
