// Flag combinations that clone and clone3 refuse.
#include "../tasks.h"

// Prints the result; should a child come to life after all, it is ended and waited for.
static void show(const char *label, long result) {
    int number = errno;
    if (result == 0) _exit(0);
    if (result > 0) waitpid((pid_t)result, NULL, __WALL);
    T("%s: %s", label, result < 0 ? errno_name(number) : "a child");
}
#define BAD_CLONE(flags) show("clone " #flags, CLONE(flags, NULL, NULL, NULL))
#define BAD_CLONE3(...) show("clone3 " #__VA_ARGS__, CLONE3(__VA_ARGS__))

TEST {
    signal(64, SIG_IGN);
    BAD_CLONE(CLONE_SIGHAND | SIGCHLD);
    BAD_CLONE(CLONE_THREAD | SIGCHLD);
    BAD_CLONE(CLONE_THREAD | CLONE_SIGHAND);
    BAD_CLONE(CLONE_THREAD | CLONE_VM);
    BAD_CLONE(CLONE_FS | CLONE_NEWNS | SIGCHLD);
    BAD_CLONE(CLONE_FS | CLONE_NEWUSER | SIGCHLD);
    BAD_CLONE(CLONE_PIDFD | CLONE_PARENT_SETTID | SIGCHLD);
    BAD_CLONE(CLONE_PIDFD | CLONE_DETACHED | SIGCHLD);
    BAD_CLONE(CLONE_FILES | CLONE_FS | SIGCHLD);
    BAD_CLONE(0);

    BAD_CLONE3(.flags = CLONE_SIGHAND, .exit_signal = SIGCHLD);
    BAD_CLONE3(.flags = CLONE_THREAD | CLONE_SIGHAND, .exit_signal = 0);
    BAD_CLONE3(.flags = CLONE_THREAD | CLONE_SIGHAND | CLONE_VM, .exit_signal = SIGCHLD);
    BAD_CLONE3(.flags = CLONE_PARENT, .exit_signal = SIGCHLD);
    BAD_CLONE3(.flags = SIGCHLD);
    BAD_CLONE3(.flags = CLONE_DETACHED, .exit_signal = SIGCHLD);
    BAD_CLONE3(.flags = 1ULL << 63, .exit_signal = SIGCHLD);
    BAD_CLONE3(.flags = CLONE_CLEAR_SIGHAND | CLONE_SIGHAND | CLONE_VM, .exit_signal = SIGCHLD);
    BAD_CLONE3(.exit_signal = 65);
    BAD_CLONE3(.exit_signal = 256 + SIGCHLD);
    BAD_CLONE3(.exit_signal = 64);
    BAD_CLONE3(.stack = 4096, .exit_signal = SIGCHLD);
    BAD_CLONE3(.stack_size = 4096, .exit_signal = SIGCHLD);
    BAD_CLONE3(.stack = -8192ULL, .stack_size = 4096, .exit_signal = SIGCHLD);
    BAD_CLONE3(.set_tid = 0, .set_tid_size = 1, .exit_signal = SIGCHLD);
    BAD_CLONE3(.set_tid = 4096, .set_tid_size = 0, .exit_signal = SIGCHLD);
    BAD_CLONE3(.set_tid = 4096, .set_tid_size = 33, .exit_signal = SIGCHLD);
    BAD_CLONE3(.flags = CLONE_PIDFD, .pidfd = 8, .exit_signal = SIGCHLD);
    BAD_CLONE3(.flags = CLONE_PARENT_SETTID, .parent_tid = 8, .exit_signal = SIGCHLD); // that EFAULT is ignored

    struct clone_args args = {.exit_signal = SIGCHLD};
    show("size 0", syscall(SYS_clone3, &args, 0));
    show("size 63", syscall(SYS_clone3, &args, 63));
    show("size 64", syscall(SYS_clone3, &args, 64));
    show("size 4097", syscall(SYS_clone3, &args, 4097));
    show("bad pointer", syscall(SYS_clone3, BAD, 64));
    char larger[sizeof args + 16];
    memset(larger, 0, sizeof larger);
    memcpy(larger, &args, sizeof args);
    show("larger, zero", syscall(SYS_clone3, larger, sizeof larger));
    larger[sizeof larger - 1] = 1;
    show("larger, not zero", syscall(SYS_clone3, larger, sizeof larger));
    show("unshare bad flag", unshare(1));
    SHOW(waitpid(-1, NULL, __WALL));
    // A thread pointer that no program can have.
    SHOW(RAW(SYS_clone, SIGCHLD | CLONE_SETTLS, NULL, NULL, NULL, 1UL << 63));
}
