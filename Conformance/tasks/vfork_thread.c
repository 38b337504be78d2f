// CLONE_VFORK of a thread, and of a process with memory of its own: the parent waits, also for one that is done at once.
#include "../tasks.h"

static int value;
static int at_once(void *unused) { (void)unused; value++; return 0; }
static int slowly(void *unused) { (void)unused; sleep_ms(20); value += 100; return 0; }

TEST {
    enum { thread = CLONE_FILES | CLONE_FS | CLONE_SIGHAND | CLONE_THREAD | CLONE_VM | CLONE_VFORK };
    static char stack[65536] __attribute__((aligned(16)));
    for (int i = 0; i < 100; i++) MUST(clone(at_once, stack + sizeof stack, thread, NULL));
    SHOW(value);
    MUST(clone(slowly, stack + sizeof stack, thread, NULL));
    SHOW(value);
    for (int i = 0; i < 30; i++) {
        pid_t pid = (pid_t)MUST(clone(at_once, stack + sizeof stack, CLONE_VFORK | SIGCHLD, NULL));
        siginfo_t info;
        // It has ended, or is about to.
        MUST(waitid(P_PID, (id_t)pid, &info, WEXITED));
    }
    SHOW(value);
}
