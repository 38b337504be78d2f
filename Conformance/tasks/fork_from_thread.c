// fork from a thread: the child has just that one, with its thread local storage, stack and signal mask.
#include "../tasks.h"

static __thread int local;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int before, inParent, inChild;
static void on_before(void) { pthread_mutex_lock(&lock); before++; }
static void on_parent(void) { inParent++; pthread_mutex_unlock(&lock); }
static void on_child(void) { inChild++; pthread_mutex_unlock(&lock); }

static void *busy(void *argument) {
    for (;;) {
        pthread_mutex_lock(&lock);
        pthread_mutex_unlock(&lock);
        free(malloc(100));
        pthread_testcancel();
    }
    return argument;
}
static void *ends(void *argument) { return argument; }
static void *forks(void *argument) {
    int onStack = 66;
    local = 55;
    sigset_t set = SIGSET(SIGUSR2);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    pid_t tid = gettid();
    pid_t pid = fork_child();
    if (pid == 0) {
        CHECK(gettid() == getpid());
        CHECK(gettid() != tid);
        T("local %d, stack %d", local, onStack);
        sigset_t mask;
        pthread_sigmask(SIG_SETMASK, NULL, &mask);
        T("mask %s", set_names(&mask));
        struct stat status;
        stat("/proc/self/task", &status);
        SHOW(status.st_nlink);
        T("prepared %d, parent %d, child %d", before, inParent, inChild);
        pthread_t thread; // more threads can be made here
        SHOW(pthread_create(&thread, NULL, ends, NULL));
        SHOW(pthread_join(thread, NULL));
        free(malloc(1000)); // the allocator's locks are all right
        child_exit(51);
    }
    reap("forked in a thread", pid);
    T("prepared %d, parent %d, child %d", before, inParent, inChild);
    return NULL;
}

TEST {
    local = 44;
    pthread_atfork(on_before, on_parent, on_child);
    pthread_t thread, other;
    pthread_create(&other, NULL, busy, NULL);
    pthread_create(&thread, NULL, forks, NULL);
    pthread_join(thread, NULL);
    T("local %d", local);

    // Returning from the start routine in the child ends the process: it is its last thread.
    pid_t child = -1;
    void *returns(void *argument) {
        pid_t pid = fork();
        if (pid) *(pid_t *)argument = pid;
        return NULL;
    }
    pthread_create(&thread, NULL, returns, &child);
    pthread_join(thread, NULL);
    reap("returned", child);
    pthread_cancel(other);
    pthread_join(other, NULL);
}
