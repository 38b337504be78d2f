// SEM_UNDO: which tasks have their adjustments together (CLONE_SYSVSEM), and when these take effect.
#include "../tasks.h"
#include <linux/kcmp.h>
#include <sys/sem.h>

static int set;

static int add(int amount) {
    struct sembuf operation = {0, (short)amount, SEM_UNDO | IPC_NOWAIT};
    return semop(set, &operation, 1);
}
static int value(void) { return semctl(set, 0, GETVAL); }
static const char *lists(pid_t a, pid_t b) {
    long result = RAW(SYS_kcmp, a, b, KCMP_SYSVSEM, 0, 0);
    return result == 0 ? "the same" : result == 1 || result == 2 ? "different" : errno_name(errno);
}

static int go[2], done[2];
static void tell(int fd) { MUST(write(fd, "x", 1)); }
static void hear(int fd) {
    char byte;
    MUST(read(fd, &byte, 1));
}

static int task(void *first) {
    if (first) add(1);
    tell(done[1]);
    hear(go[0]);
    return 0;
}

static void *thread(void *unused) {
    (void)unused;
    add(1);
    return NULL;
}
static void *lonely(void *unused) {
    (void)unused;
    SHOW(unshare(CLONE_SYSVSEM));
    add(1);
    T("in a thread that has left the list: %d", value());
    return NULL;
}

TEST {
    static char stack[65536] __attribute__((aligned(16)));
    set = (int)MUST(semget(IPC_PRIVATE, 1, 0600));
    MUST(pipe(go));
    MUST(pipe(done));
    static const struct { const char *name; int flags; } kinds[] = {{"fork", 0}, {"CLONE_SYSVSEM", CLONE_SYSVSEM}};
    for (int kind = 0; kind < 2; kind++) {
        T("%s", kinds[kind].name);
        MUST(semctl(set, 0, SETVAL, 10));
        pid_t parent = fork();
        if (parent == 0) {
            // Without an adjustment nobody has a list of its own.
            pid_t child = clone(task, stack + sizeof stack, kinds[kind].flags | SIGCHLD, NULL);
            hear(done[0]);
            T("lists before: %s", lists(getpid(), child));
            tell(go[1]);
            waitpid(child, NULL, 0);
            add(2);
            child = clone(task, stack + sizeof stack, kinds[kind].flags | SIGCHLD, &set);
            hear(done[0]);
            T("lists: %s, value %d", lists(getpid(), child), value());
            tell(go[1]);
            waitpid(child, NULL, 0);
            T("after the child: %d", value());
            child = clone(task, stack + sizeof stack, kinds[kind].flags | SIGCHLD, &set);
            hear(done[0]);
            _exit(0); // the child lives on
        }
        waitpid(parent, NULL, 0);
        T("after the parent: %d", value());
        tell(go[1]);
        for (int i = 0; i < 1000 && value() != 10; i++) usleep(1000);
        T("after both: %d", value());
    }
    MUST(semctl(set, 0, SETVAL, 10));
    pid_t child = fork();
    if (child == 0) {
        pthread_t id;
        pthread_create(&id, NULL, thread, NULL);
        pthread_join(id, NULL);
        T("after a thread: %d", value());
        pthread_create(&id, NULL, lonely, NULL);
        pthread_join(id, NULL);
        for (int i = 0; i < 1000 && value() != 11; i++) usleep(1000);
        T("after it: %d", value());
        SHOW(unshare(CLONE_SYSVSEM));
        T("after leaving the list: %d", value());
        _exit(0);
    }
    waitpid(child, NULL, 0);
    T("after the process: %d", value());
    semctl(set, 0, IPC_RMID);
}
