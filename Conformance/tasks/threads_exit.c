// The group leader ends before the other threads; exit_group and fatal signals with many threads around.
#include "../tasks.h"

static struct gate gate;
static volatile long *counter;
static void *counting(void *argument) {
    for (;;) ++*counter;
    return argument;
}
static void *late(void *argument) {
    gate_wait(gate);
    T("the last thread speaks");
    if (argument) exit(31);
    return NULL;
}
static void *busy(void *argument) {
    for (volatile unsigned long i = 0;; i++) {}
    return argument;
}
static void *sleeper(void *argument) {
    for (;;) pause();
    return argument;
}
static void *killer(void *argument) {
    settle();
    kill(getpid(), (int)(intptr_t)argument);
    for (;;) pause();
    return NULL;
}
static void *fault(void *argument) {
    settle();
    *(volatile int *)conf_bad = 1;
    return argument;
}

TEST {
    gate = make_gate();
    pthread_t thread;
    pid_t pid = SPAWN({
        pthread_create(&thread, NULL, late, NULL);
        pthread_exit(NULL);
    });
    AWAIT(process_state(pid) == 'Z'); // the leader is a zombie while the process lives
    CHECK(process_state(pid) == 'Z');
    SHOW(waitpid(pid, NULL, WNOHANG));
    siginfo_t info = {0};
    SHOW(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG));
    SHOW(kill(pid, 0));
    gate_open(gate);
    reap("thread ends", pid);

    pid = SPAWN({
        pthread_create(&thread, NULL, late, gate.ends);
        pthread_exit(NULL);
    });
    gate_open(gate);
    reap("thread exits", pid);

    pid = SPAWN({
        for (int i = 0; i < 4; i++) pthread_create(&thread, NULL, i % 2 ? busy : sleeper, NULL);
        settle();
        _exit(32);
    });
    reap("exit_group over busy threads", pid);

    pid = SPAWN({
        for (int i = 0; i < 4; i++) pthread_create(&thread, NULL, i % 2 ? busy : sleeper, NULL);
        settle();
        for (;;) pause();
    });
    sleep_ms(30);
    kill(pid, SIGTERM);
    reap("SIGTERM from outside", pid);

    pid = SPAWN({
        pthread_create(&thread, NULL, sleeper, NULL);
        pthread_create(&thread, NULL, killer, (void *)(long)SIGKILL);
        for (;;) pause();
    });
    reap("SIGKILL from a thread", pid);

    pid = SPAWN({
        BLOCK(SIGSEGV);
        pthread_create(&thread, NULL, sleeper, NULL);
        pthread_create(&thread, NULL, fault, NULL);
        for (;;) pause();
    });
    reap("fault in a thread", pid);

    // A leader that has ended does not keep a signal from the others.
    pid = SPAWN({
        pthread_create(&thread, NULL, sleeper, NULL);
        pthread_exit(NULL);
    });
    AWAIT(process_state(pid) == 'Z');
    kill(pid, SIGUSR1);
    reap("signal after the leader's end", pid);

    // Stopping stops all of them.
    counter = new_shared(PAGE);
    pid = SPAWN({
        pthread_create(&thread, NULL, counting, NULL);
        for (;;) pause();
    });
    AWAIT(*counter > 1000);
    kill(pid, SIGSTOP);
    int status;
    MUST(waitpid(pid, &status, WUNTRACED));
    T("%s", status_name(status));
    long before = *counter;
    settle();
    CHECK(*counter == before);
    kill(pid, SIGCONT);
    CHECK(AWAIT(*counter != before));
    kill(pid, SIGKILL);
    reap("counting", pid);
}
