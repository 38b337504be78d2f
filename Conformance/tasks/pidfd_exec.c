// Descriptors of threads (PIDFD_THREAD) when one of them executes a program and takes the leader's place; setns by a pidfd.
#include "../tasks.h"
#ifndef PIDFD_THREAD
#define PIDFD_THREAD O_EXCL
#endif

static int go[2], told[2];

static void *executes(void *unused) {
    (void)unused;
    char byte;
    pid_t tid = gettid();
    MUST(write(told[1], &tid, sizeof tid));
    MUST(read(go[0], &byte, 1));
    EXEC_SELF("sleep");
    return NULL;
}

static void show(const char *label, int fd, int timeout) {
    struct pollfd one = {fd, POLLIN, 0};
    int count = poll(&one, 1, timeout);
    T("%s: %d %s", label, count, poll_names(one.revents));
}

TEST {
    if (conf_argc > 1) {
        pause();
        return;
    }
    MUST(pipe(go)), MUST(pipe(told));
    pid_t child = fork();
    if (child == 0) {
        pthread_t thread;
        pthread_create(&thread, NULL, executes, NULL);
        pthread_join(thread, NULL);
        _exit(1);
    }
    pid_t tid;
    MUST(read(told[0], &tid, sizeof tid));
    int thread = (int)RAW(SYS_pidfd_open, tid, PIDFD_THREAD);
    if (thread < 0 && errno == EINVAL) {
        kill(child, SIGKILL);
        SKIP("this kernel has no PIDFD_THREAD");
    }
    int leader = (int)MUST(RAW(SYS_pidfd_open, child, PIDFD_THREAD)), process = (int)MUST(RAW(SYS_pidfd_open, child, 0));
    show("the thread lives", thread, 0);
    MUST(write(go[1], "x", 1));
    show("it has executed a program: the thread", thread, 5000);
    show("the leader", leader, 20);
    show("the process", process, 0);
    SHOW(RAW(SYS_pidfd_send_signal, thread, 0, NULL, 0));
    SHOW(RAW(SYS_pidfd_send_signal, leader, 0, NULL, 0));
    SHOW(RAW(SYS_setns, process, 0));
    SHOW(RAW(SYS_setns, process, -1));
    SHOW(RAW(SYS_setns, process, CLONE_VM));
    SHOW(RAW(SYS_setns, 0, CLONE_NEWNET));
    SHOW(RAW(SYS_setns, -1, CLONE_NEWNET));
    MUST(RAW(SYS_pidfd_send_signal, leader, SIGKILL, NULL, 0));
    show("killed: the leader", leader, 5000);
    SHOW(RAW(SYS_setns, process, CLONE_NEWNET)); // a zombie has no namespaces
    int status;
    waitpid(child, &status, 0);
    SHOW(WTERMSIG(status));
    show("waited for: the leader", leader, 0);
    SHOW(RAW(SYS_setns, process, CLONE_NEWNET));
}
