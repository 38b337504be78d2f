#!/bin/bash
# 200 threads in one process that lock, wait and sleep; then exec and exit while they run.
# needs: gcc
cat >t.c <<'C'
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#define N 200
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER; static pthread_cond_t c = PTHREAD_COND_INITIALIZER; static pthread_rwlock_t rw = PTHREAD_RWLOCK_INITIALIZER; static pthread_barrier_t b; static sem_t s;
static long count, turn; static __thread long own; static pthread_key_t key; static long ended;
static void end(void *p) { __atomic_add_fetch(&ended, 1, __ATOMIC_SEQ_CST); (void)p; }
static void *run(void *p) {
    long me = (long)p; own = me; pthread_setspecific(key, p + 1); pthread_barrier_wait(&b);
    for (int i = 0; i < 500; i++) { pthread_mutex_lock(&m); count++; pthread_mutex_unlock(&m); }
    pthread_mutex_lock(&m); while (turn != me) pthread_cond_wait(&c, &m); turn++; pthread_cond_broadcast(&c); pthread_mutex_unlock(&m);
    for (int i = 0; i < 20; i++) { if (i % 5) pthread_rwlock_rdlock(&rw); else pthread_rwlock_wrlock(&rw); pthread_rwlock_unlock(&rw); }
    sem_wait(&s); char *x = malloc(1000 + me); memset(x, 1, 1000); free(x); sem_post(&s);
    return (void *)(own == me ? me : -1);
}
static void *sleeper(void *p) { for (;;) pause(); return p; }
int main(int argc, char **argv) {
    pthread_t t[N]; long sum = 0; void *v; pthread_key_create(&key, end); pthread_barrier_init(&b, 0, N); sem_init(&s, 0, 3);
    for (long i = 0; i < N; i++) if (pthread_create(&t[i], 0, run, (void *)i)) return 1;
    for (int i = 0; i < N; i++) { pthread_join(t[i], &v); sum += (long)v; }
    printf("%ld %ld %ld %ld\n", count, turn, sum, ended); struct timespec d = {0, 0}; clock_gettime(CLOCK_REALTIME, &d); d.tv_nsec = 0; pthread_mutex_lock(&m); printf("%d\n", pthread_cond_timedwait(&c, &m, &d) == ETIMEDOUT); fflush(stdout);
    for (int i = 0; i < N; i++) if (pthread_create(&t[i], 0, sleeper, 0)) return 1;
    pthread_cancel(t[5]); pthread_join(t[5], &v); printf("%d\n", v == PTHREAD_CANCELED); fflush(stdout);
    if (argc > 1) execlp("echo", "echo", "exec with threads", (char *)0);
    exit(3);
}
C
gcc -O1 -pthread -o t t.c && { ./t; echo "status $?"; ./t exec; echo "status $?"; }
for i in 1 2 3 4 5; do ./t | md5sum; done | sort -u | wc -l
