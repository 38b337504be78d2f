// RLIMIT_NPROC for an ordinary user: fork and threads fail with EAGAIN; exec goes on.
#define CONF_AS_USER
#include "../tasks.h"

static void *nothing(void *argument) { return argument; }

TEST {
    struct rlimit limit = {0, 100000};
    if (setrlimit(RLIMIT_NPROC, &limit) < 0) {
        getrlimit(RLIMIT_NPROC, &limit);
        limit.rlim_cur = 0;
        MUST(setrlimit(RLIMIT_NPROC, &limit));
    }
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) _exit(0);
    T("fork: %s", errno_name(errno));
    pid = vfork();
    if (pid == 0) _exit(0);
    T("vfork: %s", errno_name(errno));
    pid = (pid_t)CLONE3(.exit_signal = SIGCHLD);
    if (pid == 0) _exit(0);
    T("clone3: %s", errno_name(errno));
    pthread_t thread;
    T("thread: %s", errno_name(pthread_create(&thread, NULL, nothing, NULL)));
    T("posix_spawn: %s", errno_name(posix_spawn(&pid, "/bin/true", NULL, NULL, (char *[]){"true", NULL}, NULL)));
    limit.rlim_cur = limit.rlim_max;
    MUST(setrlimit(RLIMIT_NPROC, &limit));
    IN_CHILD("with the limit lifted", {});
    T("thread: %s", errno_name(pthread_create(&thread, NULL, nothing, NULL)));
    pthread_join(thread, NULL);
}
