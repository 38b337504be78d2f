// PR_SET_PDEATHSIG: a signal for the child when its parent (the thread that made it) ends.
#include "../tasks.h"

static volatile int *shared;
static void handler(int number, siginfo_t *info, void *context) {
    (void)context;
    shared[1] = number;
    shared[2] = info->si_code;
}

static struct gate ready;
static void *thread_body(void *argument) {
    pid_t child = SPAWN({
        on_signal(SIGUSR1, handler, 0);
        prctl(PR_SET_PDEATHSIG, SIGUSR1);
        gate_open(ready);
        AWAIT(shared[1]);
        _exit(3);
    });
    *(pid_t *)argument = child;
    gate_wait(ready);
    return NULL;
}

TEST {
    shared = new_shared(PAGE);
    int value = -1;
    SHOW(prctl(PR_GET_PDEATHSIG, &value));
    SHOW(value);
    SHOW(prctl(PR_SET_PDEATHSIG, 65));
    SHOW(prctl(PR_SET_PDEATHSIG, -1));
    SHOW(prctl(PR_SET_PDEATHSIG, SIGUSR1));
    SHOW(prctl(PR_GET_PDEATHSIG, &value));
    SHOW(value);
    SHOW(prctl(PR_GET_PDEATHSIG, BAD));
    IN_CHILD("fork clears it", SHOW(prctl(PR_GET_PDEATHSIG, &value)); SHOW(value));
    SHOW(prctl(PR_SET_PDEATHSIG, 0));

    MUST(prctl(PR_SET_CHILD_SUBREAPER, 1));
    ready = make_gate();
    pid_t pid = SPAWN({
        pid_t child = SPAWN({
            on_signal(SIGUSR1, handler, 0);
            prctl(PR_SET_PDEATHSIG, SIGUSR1);
            gate_open(ready);
            AWAIT(shared[1]);
            _exit(1);
        });
        shared[0] = child;
        gate_wait(ready);
        _exit(2);
    });
    reap("parent", pid);
    reap("child", shared[0]);
    T("%s %s", signal_name(shared[1]), code_name(0, shared[2]));

    pid = SPAWN({
        pid_t child = SPAWN({
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            gate_open(ready);
            for (;;) pause();
        });
        shared[0] = child;
        gate_wait(ready);
        raise(SIGTERM);
    });
    reap("parent", pid);
    reap("child", shared[0]);

    // The end of the thread that forked is enough.
    shared[1] = 0;
    pthread_t thread;
    pid_t child = 0;
    pthread_create(&thread, NULL, thread_body, &child);
    pthread_join(thread, NULL);
    reap("child of a thread", child);
    T("%s", signal_name(shared[1]));
}
