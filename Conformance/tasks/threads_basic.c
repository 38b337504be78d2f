// Threads: create, join, detach, thread local storage, ids, what they share.
#include "../tasks.h"

static __thread int local = 5;
static int global, order[8];
static pthread_key_t key;
static int destroyed;

static void destroy(void *value) { __atomic_fetch_add(&destroyed, (int)(intptr_t)value, __ATOMIC_SEQ_CST); }
static void *body(void *argument) {
    int number = (int)(intptr_t)argument;
    local += number;
    pthread_setspecific(key, (void *)(intptr_t)number);
    __atomic_fetch_add(&global, 1, __ATOMIC_SEQ_CST);
    order[number] = local;
    return (void *)(intptr_t)(number * 2);
}
static void *ids(void *argument) {
    pid_t *out = argument;
    out[0] = getpid(), out[1] = gettid(), out[2] = getppid();
    out[3] = (pid_t)syscall(SYS_tgkill, getpid(), gettid(), 0);
    MUST(chdir("sub"));
    umask(0111);
    dup2(1, 40);
    return NULL;
}
static void *cancelled(void *argument) {
    pthread_cleanup_push((void (*)(void *))free, argument);
    for (;;) pause();
    pthread_cleanup_pop(1);
    return NULL;
}

TEST {
    pthread_key_create(&key, destroy);
    pthread_t threads[8];
    for (long i = 0; i < 8; i++) pthread_create(&threads[i], NULL, body, (void *)i);
    for (int i = 0; i < 8; i++) {
        void *result;
        pthread_join(threads[i], &result);
        T("thread %d: result %ld, local %d", i, (long)result, order[i]);
    }
    T("global %d, local %d, destroyed %d", global, local, destroyed);

    MUST(mkdir("sub", 0755));
    pid_t out[4];
    pthread_create(&threads[0], NULL, ids, out);
    pthread_join(threads[0], NULL);
    CHECK(out[0] == getpid() && out[1] != getpid() && out[2] == getppid() && out[3] == 0);
    char cwd[PATH_MAX];
    T("directory %s, umask %03o, fd %s", strrchr(getcwd(cwd, sizeof cwd), '/'), umask(022), is_open(40) ? "open" : "closed");
    AWAIT(syscall(SYS_tgkill, getpid(), out[1], 0) < 0);
    SHOW(RAW(SYS_tgkill, getpid(), out[1], 0)); // gone
    CHECK(syscall(SYS_tgkill, getpid(), gettid(), 0) == 0);

    pthread_create(&threads[0], NULL, cancelled, malloc(10));
    pthread_cancel(threads[0]);
    void *result;
    pthread_join(threads[0], &result);
    CHECK(result == PTHREAD_CANCELED);

    // Many short ones, detached, with small stacks.
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, 32768);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    global = 0;
    memset(order, 0, sizeof order);
    for (int i = 0; i < 200; i++) {
        pthread_t thread;
        while (pthread_create(&thread, &attributes, body, (void *)1)) sched_yield();
    }
    AWAIT(__atomic_load_n(&global, __ATOMIC_SEQ_CST) == 200);
    SHOW(global);

    // The tasks directory counts them.
    AWAIT(({ struct stat status; stat("/proc/self/task", &status) == 0 && status.st_nlink == 3; }));
    static struct gate gate;
    gate = make_gate();
    void *waits(void *argument) { gate_wait(gate); return argument; }
    for (int i = 0; i < 4; i++) pthread_create(&threads[i], NULL, waits, NULL);
    struct stat status;
    MUST(stat("/proc/self/task", &status));
    SHOW(status.st_nlink);
    for (int i = 0; i < 4; i++) gate_open(gate);
    for (int i = 0; i < 4; i++) pthread_join(threads[i], NULL);
}
