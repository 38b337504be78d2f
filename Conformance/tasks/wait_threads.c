// Children belong to the whole process; __WNOTHREAD narrows that to the thread.
#include "../tasks.h"

static pid_t pid;
static struct gate made, done;

static void *maker(void *argument) {
    (void)argument;
    pid = SPAWN({ _exit(4); });
    gate_open(made);
    gate_wait(done);
    return NULL;
}
static void *waiter(void *argument) {
    (void)argument;
    int status = 0;
    CHECK(waitpid(-1, &status, 0) == pid);
    T("waited in a thread: %s", status_name(status));
    return NULL;
}

TEST {
    made = make_gate(), done = make_gate();
    pthread_t thread;
    pthread_create(&thread, NULL, maker, NULL);
    gate_wait(made);
    SHOW(waitpid(pid, NULL, __WNOTHREAD));
    reap("another thread's child", pid);
    gate_open(done);
    pthread_join(thread, NULL);

    // The maker ends first: its children go to another thread of the process.
    pthread_create(&thread, NULL, maker, NULL);
    gate_wait(made);
    gate_open(done);
    pthread_join(thread, NULL);
    AWAIT(process_state(pid) == 'Z');
    SHOW(waitpid(pid, NULL, __WNOTHREAD | WNOHANG) == pid);

    // A thread waits while the main one makes the child; the child's parent is the process.
    pid_t self = getpid();
    pid = SPAWN({ sleep_ms(20); _exit(getppid() == self ? 5 : 6); });
    pthread_create(&thread, NULL, waiter, NULL);
    pthread_join(thread, NULL);
    SHOW(waitpid(-1, NULL, 0));

    // Two waiters, one child: one gets it, the other learns that none is left.
    pid = SPAWN({ sleep_ms(30); _exit(7); });
    static int results[2];
    void *racer(void *slot) {
        *(int *)slot = waitpid(pid, NULL, 0) == pid ? 1 : errno == ECHILD ? 2 : 3;
        return NULL;
    }
    pthread_t second;
    pthread_create(&thread, NULL, racer, &results[0]);
    pthread_create(&second, NULL, racer, &results[1]);
    pthread_join(thread, NULL);
    pthread_join(second, NULL);
    SHOW(results[0] + results[1]);
}
