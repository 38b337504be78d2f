// Signals and threads: who gets one sent to the process, masks of each, pthread_kill, sigwait in a thread.
#include "../tasks.h"

static volatile pid_t receiver, tids[4];
static volatile int ready, got[4];
static void note(int number) { (void)number; receiver = gettid(); }
static void *waits(void *argument) {
    int index = (int)(intptr_t)argument;
    sigset_t set = SIGSET(SIGUSR1);
    pthread_sigmask(index == 1 ? SIG_UNBLOCK : SIG_BLOCK, &set, NULL);
    tids[index] = gettid();
    __atomic_fetch_add(&ready, 1, __ATOMIC_SEQ_CST);
    while (!got[index]) usleep(1000);
    return NULL;
}
static void *takes(void *argument) {
    sigset_t set = SIGSET(SIGUSR2, SIGTERM);
    int number;
    sigwait(&set, &number);
    *(volatile int *)argument = number;
    return NULL;
}
static void *pends(void *argument) {
    sigset_t set;
    raise(SIGUSR1);
    sigpending(&set);
    T("in the thread: pending %s", set_names(&set));
    return argument;
}

TEST {
    signal(SIGUSR1, note);
    sigset_t set = SIGSET(SIGUSR1, SIGUSR2, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    pthread_t threads[4];
    for (long i = 0; i < 3; i++) pthread_create(&threads[i], NULL, waits, (void *)i);
    AWAIT(ready == 3);
    kill(getpid(), SIGUSR1); // only one has it unblocked
    AWAIT(receiver != 0);
    CHECK(receiver == tids[1]);
    receiver = 0;
    pthread_kill(threads[0], SIGUSR1); // to one that blocks it
    settle();
    SHOW(receiver);
    sigset_t pending;
    sigpending(&pending);
    T("pending here %s", set_names(&pending));
    pthread_kill(threads[1], SIGUSR1);
    AWAIT(receiver != 0);
    CHECK(receiver == tids[1]);
    for (int i = 0; i < 3; i++) got[i] = 1;
    for (int i = 0; i < 3; i++) pthread_join(threads[i], NULL);

    // Thread-directed signals end with their thread.
    pthread_create(&threads[0], NULL, pends, NULL);
    pthread_join(threads[0], NULL);
    sigpending(&pending);
    T("pending here %s", set_names(&pending));

    // Blocked by all: stays pending for the process until someone takes it.
    kill(getpid(), SIGUSR2);
    sigpending(&pending);
    T("pending here %s", set_names(&pending));
    volatile int taken = 0;
    pthread_create(&threads[0], NULL, takes, (void *)&taken);
    pthread_join(threads[0], NULL);
    T("taken %s", signal_name(taken));
    pthread_create(&threads[0], NULL, takes, (void *)&taken);
    settle();
    kill(getpid(), SIGTERM);
    pthread_join(threads[0], NULL);
    T("taken %s", signal_name(taken));

    // Each waiter takes one.
    static volatile int numbers[2];
    pthread_create(&threads[0], NULL, takes, (void *)&numbers[0]);
    pthread_create(&threads[1], NULL, takes, (void *)&numbers[1]);
    settle();
    kill(getpid(), SIGUSR2);
    AWAIT(numbers[0] || numbers[1]);
    kill(getpid(), SIGTERM);
    pthread_join(threads[0], NULL);
    pthread_join(threads[1], NULL);
    CHECK(numbers[0] + numbers[1] == SIGUSR2 + SIGTERM);

    // The main thread is preferred when it takes the signal.
    ready = 0;
    memset((void *)got, 0, sizeof got);
    receiver = 0;
    pthread_create(&threads[1], NULL, waits, (void *)1);
    AWAIT(ready == 1);
    set = SIGSET(SIGUSR1);
    pthread_sigmask(SIG_UNBLOCK, &set, NULL);
    kill(getpid(), SIGUSR1);
    AWAIT(receiver != 0);
    CHECK(receiver == getpid());
    // Pending for the process, the main thread blocks it again: a thread that unblocks it gets it.
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    got[1] = 1;
    pthread_join(threads[1], NULL);
    receiver = 0;
    kill(getpid(), SIGUSR1);
    got[1] = 0, ready = 0;
    pthread_create(&threads[1], NULL, waits, (void *)1);
    AWAIT(ready == 1);
    CHECK(receiver == tids[1]);
    got[1] = 1;
    pthread_join(threads[1], NULL);
    SHOW(pthread_kill(pthread_self(), 0));
    SHOW(pthread_kill(pthread_self(), 65));
}
