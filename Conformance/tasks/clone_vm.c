// CLONE_VM without CLONE_THREAD: another process in the same memory.
#include "../tasks.h"

static volatile int value;
static volatile pid_t childPid, childParent;
static int fds[2];

static int body(void *argument) {
    childPid = getpid();
    childParent = getppid();
    value = (int)(intptr_t)argument;
    if (value == 2) signal(SIGUSR1, SIG_IGN);
    if (value == 3) { close(fds[0]); umask(0); }
    if (value == 4) mmap(conf_bad, 0, 0, 0, -1, 0);
    return value + 10;
}

static void run(const char *label, int flags, int argument) {
    char *stack = new_pages(16);
    fflush(stdout);
    pid_t pid = (pid_t)MUST(clone(body, stack + 16 * PAGE, flags | SIGCHLD, (void *)(intptr_t)argument));
    reap(label, pid);
    CHECK(childPid == pid);
    CHECK(childParent == getpid());
    SHOW(value);
    munmap(stack, 16 * PAGE);
}

TEST {
    MUST(pipe(fds));
    struct sigaction action;
    run("VM", CLONE_VM, 1);
    run("VM, own handlers", CLONE_VM, 2);
    sigaction(SIGUSR1, NULL, &action);
    FACT("handler changed here", action.sa_handler == SIG_IGN);
    run("VM, shared handlers", CLONE_VM | CLONE_SIGHAND, 2);
    sigaction(SIGUSR1, NULL, &action);
    FACT("handler changed here", action.sa_handler == SIG_IGN);
    run("VM, own files", CLONE_VM, 3);
    FACT("descriptor closed here", !is_open(fds[0]));
    run("VM, shared files", CLONE_VM | CLONE_FILES, 3);
    FACT("descriptor closed here", !is_open(fds[0]));
    run("VM, vfork", CLONE_VM | CLONE_VFORK, 4);

    // Memory that one maps the other sees; it stays when the mapper is gone.
    char *stack = new_pages(16), *range = free_range(4);
    int mapper(void *at) {
        mmap(at, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
        strcpy(at, "left behind");
        return 0;
    }
    reap("mapper", (pid_t)MUST(clone(mapper, stack + 16 * PAGE, CLONE_VM | CLONE_VFORK | SIGCHLD, range)));
    T("%s", range);
}
