// exec in a process with several threads: the caller becomes the only thread and takes the leader's pid.
#include "../tasks.h"

static void *execs(void *argument) {
    settle();
    prctl(PR_SET_NAME, "not-the-leader");
    char text[32];
    snprintf(text, sizeof text, "%d", getpid());
    EXEC_SELF("child", text, argument);
    _exit(99);
}
static void *sleeper(void *argument) { for (;;) pause(); return argument; }
static void *busy(void *argument) { for (volatile unsigned long i = 0;; i++) {} return argument; }
static void *robust_holder(void *argument) { pthread_mutex_lock(argument); for (;;) pause(); return NULL; }

TEST {
    if (conf_argc > 1) {
        T("executed: %s", conf_argv[3]);
        CHECK(getpid() == atoi(conf_argv[2]));
        CHECK(gettid() == getpid());
        struct stat status;
        stat("/proc/self/task", &status);
        SHOW(status.st_nlink);
        sigset_t pending, mask;
        sigpending(&pending);
        sigprocmask(SIG_SETMASK, NULL, &mask);
        T("pending %s, mask %s", set_names(&pending), set_names(&mask));
        exit(41);
    }
    pthread_t thread;
    pid_t pid = SPAWN({
        pthread_create(&thread, NULL, execs, "while main sleeps");
        for (;;) pause();
    });
    reap("sleeping main", pid);

    pid = SPAWN({
        pthread_create(&thread, NULL, sleeper, NULL);
        pthread_create(&thread, NULL, busy, NULL);
        pthread_create(&thread, NULL, execs, "with others around");
        for (;;) pause();
    });
    reap("others", pid);

    pid = SPAWN({
        pthread_create(&thread, NULL, execs, "after main's end");
        pthread_exit(NULL);
    });
    reap("ended main", pid);

    pid = SPAWN({
        BLOCK(SIGUSR1, SIGUSR2); // in all of them
        pthread_create(&thread, NULL, busy, NULL);
        pthread_create(&thread, NULL, sleeper, NULL);
        settle();
        kill(getpid(), SIGUSR1); // for the process
        raise(SIGUSR2);          // for this thread
        char text[32];
        snprintf(text, sizeof text, "%d", getpid());
        EXEC_SELF("child", text, "from main");
    });
    reap("from main", pid);

    // The other threads hold a robust mutex in shared memory: its owner dies with the exec.
    pthread_mutex_t *mutex = new_shared(PAGE);
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    pthread_mutex_init(mutex, &attributes);
    pid = SPAWN({
        pthread_create(&thread, NULL, robust_holder, mutex);
        pthread_create(&thread, NULL, execs, "over a lock");
        for (;;) pause();
    });
    AWAIT(({ int r = pthread_mutex_trylock(mutex); if (!r) pthread_mutex_unlock(mutex); r == EBUSY || r == EOWNERDEAD; }));
    reap("lock", pid);
    int result = pthread_mutex_lock(mutex);
    T("lock: %s", errno_name(result));

    // A failed exec leaves all threads alone.
    static volatile int alive;
    void *fails(void *argument) {
        SHOW(execl("/nonexistent", "x", NULL));
        alive = 1;
        return argument;
    }
    pthread_create(&thread, NULL, fails, NULL);
    pthread_join(thread, NULL);
    SHOW(alive);
}
