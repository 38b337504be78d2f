// What the parent sees of the ways to end.
#include "../tasks.h"

static void *leave(void *code) { _exit((int)(intptr_t)code); }
static void *leave_thread(void *code) { syscall(SYS_exit, (int)(intptr_t)code); return NULL; }
static void *leave_later(void *code) { sleep_ms(20); syscall(SYS_exit, (int)(intptr_t)code); return NULL; }
static void goodbye(void) { T("atexit ran"); fflush(stdout); }

TEST {
    IN_CHILD("_exit(0)", _exit(0));
    IN_CHILD("_exit(1)", _exit(1));
    IN_CHILD("_exit(255)", _exit(255));
    IN_CHILD("_exit(256)", _exit(256));
    IN_CHILD("_exit(-1)", _exit(-1));
    IN_CHILD("_exit(0x12345)", _exit(0x12345));
    IN_CHILD("raw exit", syscall(SYS_exit, 77));
    IN_CHILD("raw exit_group", syscall(SYS_exit_group, 78));
    IN_CHILD("exit with atexit", atexit(goodbye); exit(9));
    IN_CHILD("_exit without atexit", atexit(goodbye); _exit(10));
    IN_CHILD("exit from a thread", {
        pthread_t thread;
        pthread_create(&thread, NULL, leave, (void *)11);
        for (;;) pause();
    });
    IN_CHILD("thread alone exits, main goes on", {
        pthread_t thread;
        pthread_create(&thread, NULL, leave_thread, (void *)12);
        pthread_join(thread, NULL);
        _exit(13);
    });
    // The code of the last one to leave counts, group leader or not.
    IN_CHILD("main exits first, thread last", {
        pthread_t thread;
        pthread_create(&thread, NULL, leave_later, (void *)14);
        syscall(SYS_exit, 15);
    });
    IN_CHILD("abort", abort());
    IN_CHILD("raise SIGTERM", raise(SIGTERM));
    IN_CHILD("raise SIGKILL", raise(SIGKILL));
    IN_CHILD("kill SIGRTMIN+3", kill(getpid(), SIGRTMIN + 3));
    IN_CHILD("killed while blocked", BLOCK(SIGTERM); raise(SIGTERM); _exit(16));
    IN_CHILD("child's child", IN_CHILD("inner", _exit(17)); _exit(18));

    // A zombie keeps its pid: it can be signalled, and is not there as a member to move.
    pid_t pid = SPAWN({});
    siginfo_t info;
    MUST(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT));
    SHOW(kill(pid, 0));
    SHOW(kill(pid, SIGKILL));
    CHECK(process_state(pid) == 'Z');
    CHECK(getpgid(pid) == getpgrp());
    reap("zombie", pid);
    SHOW(kill(pid, 0));
    SHOW(getpgid(pid));
}
