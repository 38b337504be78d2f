// SIGCHLD's siginfo for every way a child ends, and its pending state with wait.
#include "../tasks.h"

static siginfo_t last;
static volatile int count;
static void handler(int number, siginfo_t *info, void *context) {
    (void)number, (void)context;
    last = *info;
    count++;
}
static void *leave(void *argument) { _exit(9); return argument; }

static void show(const char *label, pid_t pid) {
    name_pid(pid, "child");
    AWAIT(count > 0);
    show_info(label, &last);
    CHECK(last.si_utime >= 0 && last.si_utime < 10000 && last.si_stime >= 0 && last.si_errno == 0);
    count = 0;
    name_pid(pid, "child before");
    waitpid(pid, NULL, 0);
    for (int i = 0; i < 16; i++) conf_people[i].pid = 0;
}

TEST {
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
    on_signal(SIGCHLD, handler, SA_RESTART);
    show("exit 0", SPAWN({ _exit(0); }));
    show("exit 255", SPAWN({ _exit(255); }));
    show("exit 300", SPAWN({ _exit(300); }));
    show("SIGKILL", SPAWN({ raise(SIGKILL); }));
    show("SIGSEGV", SPAWN({ raise(SIGSEGV); }));
    show("SIGRTMIN+5", SPAWN({ raise(SIGRTMIN + 5); }));
    show("exit from a thread", SPAWN({ pthread_t thread; pthread_create(&thread, NULL, leave, NULL); for (;;) pause(); }));
    show("exec", SPAWN({ execl("/bin/sh", "sh", "-c", "exit 12", NULL); }));

    // Blocked: the information is that of the first that is still pending, and a wait does not take it away.
    BLOCK(SIGCHLD);
    pid_t first = SPAWN({ _exit(1); });
    reap("first", first);
    pid_t second = SPAWN({ _exit(2); });
    reap("second", second);
    name_pid(first, "first");
    name_pid(second, "second");
    sigset_t set;
    sigpending(&set);
    T("pending %s", set_names(&set));
    UNBLOCK(SIGCHLD);
    SHOW(count);
    show_info("kept", &last);

    // The handler waits: the classic loop finds all.
    static volatile int found;
    void loop(int number) {
        (void)number;
        int saved = errno;
        while (waitpid(-1, NULL, WNOHANG) > 0) found++;
        errno = saved;
    }
    signal(SIGCHLD, loop);
    for (int i = 0; i < 30; i++) SPAWN({ _exit(0); });
    AWAIT(found == 30);
    SHOW(found);
    SHOW(waitpid(-1, NULL, 0));
}
