// Robust futexes: the list, and what happens to locks whose owner ends.
#include "../tasks.h"

static pthread_mutex_t *mutex;

TEST {
    struct robust_list_head *head = NULL, own;
    size_t size = 0;
    SHOW(RAW(SYS_get_robust_list, 0, &head, &size));
    CHECK(head != NULL && size == sizeof *head);
    SHOW(RAW(SYS_get_robust_list, 0, BAD, &size));
    SHOW(RAW(SYS_get_robust_list, 99999999, &head, &size));
    SHOW(RAW(SYS_set_robust_list, &own, sizeof own + 1));
    SHOW(RAW(SYS_set_robust_list, &own, 0));

    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    mutex = new_shared(PAGE);
    pthread_mutex_init(mutex, &attributes);

    IN_CHILD("locks and leaves", pthread_mutex_lock(mutex); _exit(0));
    T("lock: %s", errno_name(pthread_mutex_lock(mutex)));
    SHOW(pthread_mutex_consistent(mutex));
    SHOW(pthread_mutex_unlock(mutex));
    T("lock: %s", errno_name(pthread_mutex_lock(mutex)));
    pthread_mutex_unlock(mutex);

    IN_CHILD("locks and is killed", pthread_mutex_lock(mutex); raise(SIGKILL));
    T("trylock: %s", errno_name(pthread_mutex_trylock(mutex)));
    SHOW(pthread_mutex_unlock(mutex)); // not made consistent
    T("lock: %s", errno_name(pthread_mutex_lock(mutex)));
    pthread_mutex_init(mutex, &attributes);

    // One waits while the owner dies: it is woken.
    struct gate ready = make_gate();
    pid_t pid = SPAWN({ pthread_mutex_lock(mutex); gate_open(ready); sleep_ms(30); _exit(0); });
    gate_wait(ready);
    T("waiting lock: %s", errno_name(pthread_mutex_lock(mutex)));
    pthread_mutex_consistent(mutex);
    pthread_mutex_unlock(mutex);
    reap("owner", pid);

    // Owner runs another program.
    IN_CHILD("locks and executes", pthread_mutex_lock(mutex); execl("/bin/true", "true", NULL); _exit(1));
    T("lock: %s", errno_name(pthread_mutex_lock(mutex)));
    pthread_mutex_consistent(mutex);
    pthread_mutex_unlock(mutex);

    // Owner is a thread of this process.
    void *leaves(void *argument) { pthread_mutex_lock(argument); return NULL; }
    pthread_t thread;
    pthread_create(&thread, NULL, leaves, mutex);
    pthread_join(thread, NULL);
    T("lock: %s", errno_name(pthread_mutex_lock(mutex)));
    pthread_mutex_consistent(mutex);
    pthread_mutex_unlock(mutex);

    // By hand: a list with a word of this thread, one of another, a pending one; a wild list is survived.
    struct item { struct robust_list link; uint32_t word; };
    struct { struct robust_list_head head; struct item a, b, c; } *list = new_shared(PAGE);
    for (int wild = 0; wild < 3; wild++) {
        pid = SPAWN({
            uint32_t tid = (uint32_t)gettid();
            list->head.list.next = &list->a.link;
            list->a.link.next = &list->b.link;
            list->b.link.next = wild == 1 ? conf_bad : wild == 2 ? &list->a.link : &list->head.list;
            list->head.futex_offset = offsetof(struct item, word);
            list->head.list_op_pending = &list->c.link;
            list->a.word = tid | FUTEX_WAITERS;
            list->b.word = tid + 1;
            list->c.word = tid;
            MUST(syscall(SYS_set_robust_list, &list->head, sizeof list->head));
            _exit(0);
        });
        reap("by hand", pid);
        T("own: died %d, waiters %d, tid %s", !!(list->a.word & FUTEX_OWNER_DIED), !!(list->a.word & FUTEX_WAITERS),
          list->a.word & FUTEX_TID_MASK ? "kept" : "cleared");
        T("other's: %s", list->b.word == (uint32_t)pid + 1 ? "unchanged" : "changed");
        T("pending: died %d, tid %s", !!(list->c.word & FUTEX_OWNER_DIED), list->c.word & FUTEX_TID_MASK ? "kept" : "cleared");
    }
}
