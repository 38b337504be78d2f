// ITIMER_PROF of a process that sleeps first, and then uses more time than the timer has in one call.
#include "../tasks.h"
#include <sys/mman.h>

static volatile int count;
static void handler(int number) { (void)number; count++; }

TEST {
    static const size_t size = 128 << 20;
    int ends[2];
    MUST(pipe(ends));
    signal(SIGPROF, handler);
    char *memory = mmap(NULL, size, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    pid_t child = fork();
    if (child == 0) {
        static char buffer[65536];
        close(ends[1]);
        sleep_ms(50);
        while (read(ends[0], buffer, sizeof buffer) > 0) {}
        _exit(0);
    }
    close(ends[0]);
    struct itimerval t = {{0, 3000}, {0, 3000}};
    BLOCK(SIGPROF); // so that it is one call
    MUST(setitimer(ITIMER_PROF, &t, NULL));
    SHOW(write(ends[1], memory, size));
    UNBLOCK(SIGPROF);
    int before = count;
    long end = now_ms() + 3000;
    while (count < before + 3 && now_ms() < end) {}
    CHECK(count >= before + 3);
    close(ends[1]);
    waitpid(child, NULL, 0);
}
