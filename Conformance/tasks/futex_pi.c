// Priority inheriting futexes, by hand and through pthread_mutex.
#include "../tasks.h"

static volatile uint32_t word;
static pthread_mutex_t mutex;
static volatile int owned, tried;

static void *tries(void *argument) {
    T("trylock: %s", errno_name(pthread_mutex_trylock(&mutex)));
    tried = 1;
    pthread_mutex_lock(&mutex);
    owned++;
    pthread_mutex_unlock(&mutex);
    return argument;
}
static void *foreign_unlock(void *argument) {
    SHOW(futex(&word, FUTEX_UNLOCK_PI_PRIVATE, 0, NULL, NULL, 0));
    SHOW(futex(&word, FUTEX_TRYLOCK_PI_PRIVATE, 0, NULL, NULL, 0));
    struct timespec at;
    clock_gettime(CLOCK_REALTIME, &at);
    at.tv_nsec += 20000000;
    if (at.tv_nsec >= 1000000000) at.tv_nsec -= 1000000000, at.tv_sec++;
    SHOW(futex(&word, FUTEX_LOCK_PI_PRIVATE, 0, &at, NULL, 0));
    return argument;
}

TEST {
    SHOW(futex(&word, FUTEX_LOCK_PI_PRIVATE, 0, NULL, NULL, 0));
    CHECK((word & FUTEX_TID_MASK) == (uint32_t)gettid());
    SHOW(futex(&word, FUTEX_LOCK_PI_PRIVATE, 0, NULL, NULL, 0));
    SHOW(futex(&word, FUTEX_TRYLOCK_PI_PRIVATE, 0, NULL, NULL, 0));
    pthread_t thread;
    pthread_create(&thread, NULL, foreign_unlock, NULL);
    pthread_join(thread, NULL);
    SHOW(futex(&word, FUTEX_UNLOCK_PI_PRIVATE, 0, NULL, NULL, 0));
    SHOW(word);
    SHOW(futex(&word, FUTEX_UNLOCK_PI_PRIVATE, 0, NULL, NULL, 0));
    word = 0x3fffffff; // no such task
    SHOW(futex(&word, FUTEX_LOCK_PI_PRIVATE, 0, NULL, NULL, 0));
    word = 0;
    SHOW(futex(conf_bad, FUTEX_LOCK_PI_PRIVATE, 0, NULL, NULL, 0));

    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    SHOW(pthread_mutexattr_setprotocol(&attributes, PTHREAD_PRIO_INHERIT));
    SHOW(pthread_mutex_init(&mutex, &attributes));
    SHOW(pthread_mutex_lock(&mutex));
    pthread_create(&thread, NULL, tries, NULL);
    AWAIT(tried);
    settle();
    SHOW(owned);
    pthread_mutex_unlock(&mutex);
    pthread_join(thread, NULL);
    SHOW(owned);
    pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_ERRORCHECK);
    pthread_mutex_init(&mutex, &attributes);
    pthread_mutex_lock(&mutex);
    T("again: %s", errno_name(pthread_mutex_lock(&mutex)));
    pthread_mutex_unlock(&mutex);
    T("unlock twice: %s", errno_name(pthread_mutex_unlock(&mutex)));

    // Owner dies: robust and inheriting.
    pthread_mutex_t *shared = new_shared(PAGE);
    pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_NORMAL);
    pthread_mutex_init(shared, &attributes);
    struct gate ready = make_gate();
    pid_t pid = SPAWN({ pthread_mutex_lock(shared); gate_open(ready); sleep_ms(30); _exit(0); });
    gate_wait(ready);
    T("lock: %s", errno_name(pthread_mutex_lock(shared)));
    SHOW(pthread_mutex_consistent(shared));
    SHOW(pthread_mutex_unlock(shared));
    reap("owner", pid);
}
