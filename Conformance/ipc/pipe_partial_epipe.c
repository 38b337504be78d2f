// A write to a pipe that has put something in when the last reader goes: it counts, and SIGPIPE comes too.
#include "../tasks.h"

static int ends[2];
static volatile sig_atomic_t signals;
static void count_it(int number) { (void)number, signals++; }
static void *close_reader(void *unused) {
    settle();
    close(ends[0]);
    return unused;
}

TEST {
    static char data[3 * 65536];
    struct sigaction action = {.sa_handler = count_it};
    sigaction(SIGPIPE, &action, NULL);
    MUST(pipe(ends));
    pthread_t thread;
    pthread_create(&thread, NULL, close_reader, NULL);
    SHOW(write(ends[1], data, sizeof data));
    SHOW(signals);
    SHOW(write(ends[1], data, sizeof data));
    SHOW(signals);
    pthread_join(thread, NULL);
}
