// The C library's synchronisation under contention: mutexes, conditions, barriers, locks, semaphores, once.
#include "../tasks.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t filled = PTHREAD_COND_INITIALIZER, emptied = PTHREAD_COND_INITIALIZER;
static pthread_barrier_t barrier;
static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static sem_t items, room;
static int queue[8], in, out, total, initialised, serial, readers, mostReaders;
static long sum;

static void initialise(void) { initialised++; sleep_ms(5); }
static void *count(void *argument) {
    pthread_once(&once, initialise);
    for (int i = 0; i < 3000; i++) {
        pthread_mutex_lock(&mutex);
        total++;
        pthread_mutex_unlock(&mutex);
    }
    for (int i = 0; i < 50; i++)
        if (pthread_barrier_wait(&barrier) == PTHREAD_BARRIER_SERIAL_THREAD) __atomic_fetch_add(&serial, 1, __ATOMIC_SEQ_CST);
    return argument;
}
static void *produce(void *argument) {
    for (int i = 1; i <= 1000; i++) {
        pthread_mutex_lock(&mutex);
        while (in - out == 8) pthread_cond_wait(&emptied, &mutex);
        queue[in++ % 8] = i;
        pthread_cond_signal(&filled);
        pthread_mutex_unlock(&mutex);
    }
    return argument;
}
static void *consume(void *argument) {
    for (int i = 1; i <= 1000; i++) {
        pthread_mutex_lock(&mutex);
        while (in == out) pthread_cond_wait(&filled, &mutex);
        sum += queue[out++ % 8];
        pthread_cond_signal(&emptied);
        pthread_mutex_unlock(&mutex);
    }
    return argument;
}
static void *semaphores(void *argument) {
    for (int i = 0; i < 500; i++) {
        sem_wait(argument ? &items : &room);
        __atomic_fetch_add(&total, 1, __ATOMIC_SEQ_CST);
        sem_post(argument ? &room : &items);
    }
    return NULL;
}
static void *reads(void *argument) {
    pthread_rwlock_rdlock(&lock);
    int now = __atomic_add_fetch(&readers, 1, __ATOMIC_SEQ_CST);
    if (now == 3) mostReaders = 3;
    AWAIT(mostReaders == 3);
    pthread_rwlock_unlock(&lock);
    return argument;
}

TEST {
    pthread_t threads[4];
    pthread_barrier_init(&barrier, NULL, 4);
    for (int i = 0; i < 4; i++) pthread_create(&threads[i], NULL, count, NULL);
    for (int i = 0; i < 4; i++) pthread_join(threads[i], NULL);
    T("total %d, initialised %d, serial %d", total, initialised, serial);

    for (int i = 0; i < 4; i++) pthread_create(&threads[i], NULL, i % 2 ? produce : consume, NULL);
    for (int i = 0; i < 4; i++) pthread_join(threads[i], NULL);
    T("sum %ld", sum);

    total = 0;
    sem_init(&items, 0, 0);
    sem_init(&room, 0, 1);
    pthread_create(&threads[0], NULL, semaphores, NULL);
    pthread_create(&threads[1], NULL, semaphores, &items);
    pthread_join(threads[0], NULL);
    pthread_join(threads[1], NULL);
    T("semaphore turns %d", total);

    for (int i = 0; i < 3; i++) pthread_create(&threads[i], NULL, reads, NULL);
    for (int i = 0; i < 3; i++) pthread_join(threads[i], NULL);
    T("readers together %d", mostReaders);
    pthread_rwlock_rdlock(&lock);
    T("write while read: %s", errno_name(pthread_rwlock_trywrlock(&lock)));
    pthread_rwlock_unlock(&lock);
    T("write: %s", errno_name(pthread_rwlock_trywrlock(&lock)));
    T("read own write: %s", errno_name(pthread_rwlock_tryrdlock(&lock)));
    pthread_rwlock_unlock(&lock);

    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
    pthread_mutex_t recursive;
    pthread_mutex_init(&recursive, &attributes);
    pthread_mutex_lock(&recursive);
    T("recursive: %s", errno_name(pthread_mutex_lock(&recursive)));
    pthread_spinlock_t spin;
    pthread_spin_init(&spin, 0);
    pthread_spin_lock(&spin);
    T("spin: %s", errno_name(pthread_spin_trylock(&spin)));
}
