// A statically linked program with the C library: start, threads, vDSO, files, exec of itself.
// flags: -static
#include "../tasks.h"
#include <sys/auxv.h>

static __thread int local = 3;
static void *body(void *argument) { local += 4; return (void *)(intptr_t)(local + (int)(intptr_t)argument); }

TEST {
    if (conf_argc > 1) {
        T("executed with %s", conf_argv[1]);
        exit(7);
    }
    CHECK(getauxval(AT_BASE) == 0);
    pthread_t thread;
    void *result;
    pthread_create(&thread, NULL, body, (void *)10);
    pthread_join(thread, &result);
    T("thread %ld, local %d", (long)result, local);
    struct timespec a, b;
    clock_gettime(CLOCK_MONOTONIC, &a);
    syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &b);
    CHECK(compare_times(a, b) <= 0 && b.tv_sec - a.tv_sec <= 1);
    make_file("file", "content");
    show_file("file");
    char *memory = malloc(1 << 20);
    memset(memory, 1, 1 << 20);
    free(memory);
    IN_CHILD("exec", EXEC_SELF("itself"));
    CHECK(raise(SIGWINCH) == 0);
    count_signal(SIGUSR1, 0);
    raise(SIGUSR1);
    SHOW(conf_caught[SIGUSR1]);
    T("%.3f %s", 1.5, strerror(ENOENT));
}
