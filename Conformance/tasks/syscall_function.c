// syscall(2), the C library's function for any call: often, with changing numbers and all six arguments.
#include "../common.h"
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>

int main(void) {
    int wrong = 0;
    for (int i = 0; i < 20; i++) {
        wrong += syscall(SYS_getpid) != getpid();
        wrong += syscall(SYS_getppid) != getppid();
        // The number is an int: what is above it does not count.
        wrong += syscall(SYS_getpid | 1L << 40) != getpid();
        errno = 0;
        wrong += syscall(-1L) != -1 || errno != ENOSYS;
        errno = 0;
        wrong += syscall(100000L) != -1 || errno != ENOSYS;
        errno = 0;
        wrong += syscall(SYS_close, -1) != -1 || errno != EBADF;
        // The sixth argument comes from the stack.
        char *page = (char *)syscall(SYS_mmap, NULL, 8192L, (long)PROT_READ | PROT_WRITE, (long)MAP_PRIVATE | MAP_ANONYMOUS, -1L, 0L);
        if (page == MAP_FAILED) return 1;
        page[8191] = 1;
        errno = 0;
        wrong += syscall(SYS_mmap, NULL, 8192L, (long)PROT_READ, (long)MAP_PRIVATE | MAP_ANONYMOUS, -1L, 1L) != -1 || errno != EINVAL;
        wrong += syscall(SYS_munmap, page, 8192L) != 0;
        long child = syscall(SYS_fork);
        if (child == 0) syscall(SYS_exit_group, 3L);
        int status;
        wrong += waitpid((pid_t)child, &status, 0) != child || WEXITSTATUS(status) != 3;
    }
    printf("wrong: %d\n", wrong);
    return 0;
}
