// CLONE_PARENT_SETTID, CHILD_SETTID, CHILD_CLEARTID and its futex wake, PIDFD, set_tid_address.
#include "../tasks.h"
#include <sys/pidfd.h>

TEST {
    volatile pid_t *shared = new_shared(PAGE);
    pid_t parentTid = -1;

    pid_t pid = (pid_t)CLONE(CLONE_PARENT_SETTID | SIGCHLD, &parentTid, NULL, NULL);
    if (pid == 0) {
        CHECKN("set before the copy was made", parentTid == getpid() || parentTid == -1);
        child_exit(0);
    }
    bool known = parentTid == pid;
    reap("PARENT_SETTID", pid);
    CHECK(known);

    pid_t childTid = -1;
    pid = (pid_t)CLONE(CLONE_CHILD_SETTID | SIGCHLD, NULL, &childTid, NULL);
    if (pid == 0) {
        CHECK(childTid == getpid());
        child_exit(0);
    }
    reap("CHILD_SETTID", pid);
    CHECK(childTid == -1); // only in the child's memory

    shared[0] = 77;
    pid = (pid_t)CLONE(CLONE_CHILD_CLEARTID | CLONE_CHILD_SETTID | SIGCHLD, NULL, (void *)&shared[0], NULL);
    if (pid == 0) {
        sleep_ms(20);
        _exit(0);
    }
    reap("CHILD_CLEARTID", pid);
    CHECK(shared[0] == pid || shared[0] == 0); // cleared only when the memory has other users than the dying task
    T("cleared in memory of its own: %s", shared[0] == 0 ? "yes" : "no");

    // With CLONE_VM the word is cleared and waiters are woken.
    shared[1] = 77;
    char *stack = new_pages(16);
    struct clone_args args = {
        .flags = CLONE_VM | CLONE_CHILD_CLEARTID | CLONE_CHILD_SETTID, .child_tid = (uintptr_t)&shared[1],
        .exit_signal = SIGCHLD, .stack = (uintptr_t)stack, .stack_size = 16 * PAGE};
    fflush(stdout);
    // A child on another stack must not return into this frame: it runs in assembly.
    long result;
    register long r8 __asm__("r8") = 0;
    __asm__ volatile(
        "syscall\n test %%rax, %%rax\n jnz 1f\n"
        "sub $32, %%rsp\n movq $0, (%%rsp)\n movq $20000000, 8(%%rsp)\n" // nanosleep 20 ms
        "mov $35, %%eax\n mov %%rsp, %%rdi\n xor %%esi, %%esi\n syscall\n"
        "mov $60, %%eax\n mov $3, %%edi\n syscall\n 1:"
        : "=a"(result), "+r"(r8) : "a"(SYS_clone3), "D"(&args), "S"(sizeof args), "d"(0) : "rcx", "r11", "memory");
    pid = (pid_t)MUST(result);
    while (shared[1] == 77) sched_yield();
    CHECK(shared[1] == pid || shared[1] == 0);
    while (shared[1] != 0) futex((uint32_t *)&shared[1], FUTEX_WAIT, (uint32_t)pid, NULL, NULL, 0);
    CHECK(shared[1] == 0);
    reap("VM", pid);

    // set_tid_address gives the tid; what it sets replaces what clone set.
    pid = fork_child();
    if (pid == 0) {
        CHECK(syscall(SYS_set_tid_address, &shared[2]) == gettid());
        CHECK(syscall(SYS_set_tid_address, NULL) == gettid());
        child_exit(0);
    }
    reap("set_tid_address", pid);

    // A pidfd, by clone through the parent_tid argument and by clone3 through its own.
    int pidfd = -1;
    pid = (pid_t)CLONE(CLONE_PIDFD | SIGCHLD, (pid_t *)&pidfd, NULL, NULL);
    if (pid == 0) _exit(4);
    SHOW(fcntl(pidfd, F_GETFD));
    SHOW(fcntl(pidfd, F_GETFL) & O_ACCMODE);
    siginfo_t info = {0};
    SHOW(waitid(P_PIDFD, (id_t)pidfd, &info, WEXITED));
    CHECK(info.si_pid == pid);
    SHOW(info.si_status);
    close(pidfd);

    parentTid = -1;
    pid = (pid_t)CLONE3(.flags = CLONE_PIDFD | CLONE_PARENT_SETTID | CLONE_CHILD_SETTID, .pidfd = (uintptr_t)&pidfd,
                        .parent_tid = (uintptr_t)&parentTid, .child_tid = (uintptr_t)&childTid, .exit_signal = SIGCHLD);
    if (pid == 0) _exit(childTid == getpid() ? 5 : 6);
    CHECK(parentTid == pid);
    struct pollfd poller = {pidfd, POLLIN, 0};
    SHOW(poll(&poller, 1, 2000));
    T("events %s", poll_names(poller.revents));
    reap("clone3", pid);
}
