// Futexes between processes: shared anonymous memory, a mapped file, and private ones that do not meet.
#include "../tasks.h"

static void meet(const char *label, volatile uint32_t *mine, volatile uint32_t *theirs, int flags, bool meets) {
    struct timespec limit = {meets ? 5 : 0, meets ? 0 : 60000000};
    *mine = 0;
    pid_t pid = SPAWN({
        long result = futex(theirs, FUTEX_WAIT | flags, 0, &limit, NULL, 0);
        _exit(result == 0 ? 0 : errno == ETIMEDOUT ? 1 : errno == EAGAIN ? 2 : 3);
    });
    long sum = 0;
    for (int i = 0; i < (meets ? 1000 : 4) && !sum; i++) {
        sleep_ms(meets ? 2 : 10);
        sum = futex(mine, FUTEX_WAKE | flags, 1, NULL, NULL, 0);
    }
    T("%s: woken %ld", label, sum);
    reap(label, pid);
}

TEST {
    volatile uint32_t *shared = new_shared(PAGE);
    meet("shared anonymous", shared, shared, 0, true);
    meet("the same, private operation", shared, shared, FUTEX_PRIVATE_FLAG, false);
    volatile uint32_t *alone = (void *)new_pages(1);
    meet("private memory", alone, alone, 0, false);

    int fd = (int)MUST(open("file", O_RDWR | O_CREAT, 0600));
    MUST(ftruncate(fd, 2 * PAGE));
    volatile uint32_t *one = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, PAGE);
    volatile uint32_t *two = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    meet("a file mapped twice", one + 5, two + 1024 + 5, 0, true);
    volatile uint32_t *copy = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    meet("a private mapping of it", one + 5, copy + 1024 + 5, 0, false);
    volatile uint32_t *readOnly = mmap(NULL, 2 * PAGE, PROT_READ, MAP_SHARED, fd, 0);
    meet("a read-only mapping of it", one + 5, readOnly + 1024 + 5, 0, true);

    // Process-shared objects of the C library.
    struct { pthread_mutex_t mutex; pthread_cond_t condition; pthread_barrier_t barrier; sem_t semaphore; pthread_rwlock_t lock; int value, turns; } *s = new_shared(PAGE);
    pthread_mutexattr_t ma; pthread_condattr_t ca; pthread_barrierattr_t ba; pthread_rwlockattr_t ra;
    pthread_mutexattr_init(&ma); pthread_mutexattr_setpshared(&ma, PTHREAD_PROCESS_SHARED);
    pthread_condattr_init(&ca); pthread_condattr_setpshared(&ca, PTHREAD_PROCESS_SHARED);
    pthread_barrierattr_init(&ba); pthread_barrierattr_setpshared(&ba, PTHREAD_PROCESS_SHARED);
    pthread_rwlockattr_init(&ra); pthread_rwlockattr_setpshared(&ra, PTHREAD_PROCESS_SHARED);
    pthread_mutex_init(&s->mutex, &ma);
    pthread_cond_init(&s->condition, &ca);
    pthread_barrier_init(&s->barrier, &ba, 3);
    pthread_rwlock_init(&s->lock, &ra);
    sem_init(&s->semaphore, 1, 0);
    pid_t pids[2];
    for (int i = 0; i < 2; i++)
        pids[i] = SPAWN({
            int result = pthread_barrier_wait(&s->barrier);
            for (int n = 0; n < 2000; n++) {
                pthread_mutex_lock(&s->mutex);
                s->value++;
                pthread_mutex_unlock(&s->mutex);
            }
            for (int n = 0; n < 20; n++) { // strictly in turns
                pthread_mutex_lock(&s->mutex);
                while (s->turns % 2 != i) pthread_cond_wait(&s->condition, &s->mutex);
                s->turns++;
                pthread_cond_broadcast(&s->condition);
                pthread_mutex_unlock(&s->mutex);
            }
            pthread_rwlock_rdlock(&s->lock);
            pthread_rwlock_unlock(&s->lock);
            sem_post(&s->semaphore);
            _exit(result == 0 || result == PTHREAD_BARRIER_SERIAL_THREAD ? 0 : 1);
        });
    pthread_rwlock_wrlock(&s->lock);
    pthread_barrier_wait(&s->barrier);
    settle();
    SHOW(sem_trywait(&s->semaphore));
    pthread_rwlock_unlock(&s->lock);
    sem_wait(&s->semaphore);
    sem_wait(&s->semaphore);
    reap("first", pids[0]);
    reap("second", pids[1]);
    T("value %d, turns %d", s->value, s->turns);

}
