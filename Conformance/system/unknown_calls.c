// System call numbers that do not exist say ENOSYS, as do those that are only names.
#include "../tasks.h"

TEST {
    static const long numbers[] = {-1, 400, 423, 500, 511, 512, 547, 548, 600, 1000, 9999, 0xffff, 0x7fffffff, 0x40000000, 0x40000001, 0x40000027, 0x80000000L};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        long result = syscall(numbers[i], 1, 2, 3, 4, 5, 6);
        T("%ld: %s", numbers[i], result == -1 ? errno_name(errno) : "something");
    }
    // Names without a function behind them.
    static const struct { long number; const char *name; } dead[] = {
        {SYS_uselib, "uselib"}, {SYS__sysctl, "_sysctl"}, {SYS_create_module, "create_module"}, {SYS_get_kernel_syms, "get_kernel_syms"},
        {SYS_query_module, "query_module"}, {SYS_nfsservctl, "nfsservctl"}, {SYS_getpmsg, "getpmsg"}, {SYS_putpmsg, "putpmsg"},
        {SYS_afs_syscall, "afs_syscall"}, {SYS_tuxcall, "tuxcall"}, {SYS_security, "security"}, {SYS_set_thread_area, "set_thread_area"},
        {SYS_get_thread_area, "get_thread_area"}, {SYS_epoll_ctl_old, "epoll_ctl_old"}, {SYS_epoll_wait_old, "epoll_wait_old"}, {SYS_vserver, "vserver"}};
    for (size_t i = 0; i < sizeof dead / sizeof *dead; i++) {
        long result = syscall(dead[i].number, 0, 0, 0, 0, 0, 0);
        T("%s: %s", dead[i].name, result == -1 ? errno_name(errno) : "something");
    }
    // The upper half of the register does not count.
    CHECK(syscall((1L << 32) | SYS_getpid) == getpid());
    CHECK(syscall((0xffffffffL << 32) | SYS_getppid) == getppid());
}
