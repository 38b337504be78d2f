// A program starts as if there had been none before it: another one, which has just ended, has left nothing behind in the
// registers, the memory or the clocks. (A sandbox may run it in the same host process.)
#include "../common.h"
#include <asm/prctl.h>
#include <fpu_control.h>
#include <sys/times.h>
#include <xmmintrin.h>

static int64_t cpu_ms(clockid_t clock) {
    struct timespec now;
    MUST(clock_gettime(clock, &now));
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static char *const place = (char *)0x12345000000;
enum { MEMORY = 40 << 20, MILLISECONDS = 120 };

/// Uses the processor and memory, and changes whatever a program can change about itself.
static void first_program(void) {
    char *memory = (char *)MUST((long)mmap(place, MEMORY, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0));
    for (size_t i = 0; i < MEMORY; i += 4096) memory[i] = 1;
    while (cpu_ms(CLOCK_PROCESS_CPUTIME_ID) < MILLISECONDS) {}
    MUST(syscall(SYS_arch_prctl, ARCH_SET_GS, (unsigned long)memory));
    fpu_control_t control = 0x0f7f;
    _FPU_SETCW(control);
    _mm_setcsr(0x7f80);
    __asm__ volatile("fldpi; pxor %%xmm7, %%xmm7; pcmpeqd %%xmm6, %%xmm6" ::: "xmm6", "xmm7");
    _exit(7);
}

static volatile bool fired;
static void on_timer(int signal) { (void)signal; fired = true; }

static void second_program(void) {
    fpu_control_t control;
    _FPU_GETCW(control);
    T("x87 control 0x%x, mxcsr 0x%x", control, _mm_getcsr());
    unsigned long gs = 1;
    SHOW(syscall(SYS_arch_prctl, ARCH_GET_GS, &gs));
    CHECK(gs == 0);
    unsigned char residency;
    SHOW(mincore(place, 4096, &residency));
    CHECK(cpu_ms(CLOCK_PROCESS_CPUTIME_ID) < MILLISECONDS / 2);
    CHECK(cpu_ms(CLOCK_THREAD_CPUTIME_ID) < MILLISECONDS / 2);
    clockid_t clock;
    CHECK(clock_getcpuclockid(getpid(), &clock) == 0 && cpu_ms(clock) < MILLISECONDS / 2);
    struct rusage usage;
    MUST(getrusage(RUSAGE_SELF, &usage));
    CHECK(usage.ru_utime.tv_sec == 0 && usage.ru_utime.tv_usec + usage.ru_stime.tv_usec < MILLISECONDS * 500);
    CHECK(usage.ru_maxrss < MEMORY / 1024);
    CHECK(usage.ru_minflt > 0 && usage.ru_minflt < MEMORY / 4096);
    MUST(getrusage(RUSAGE_THREAD, &usage));
    CHECK(usage.ru_utime.tv_sec == 0 && usage.ru_utime.tv_usec + usage.ru_stime.tv_usec < MILLISECONDS * 500);
    struct tms times_used;
    MUST(times(&times_used));
    CHECK(times_used.tms_utime + times_used.tms_stime < MILLISECONDS / 20);
    unsigned long user = 99, system = 99;
    FILE *stat = fopen("/proc/self/stat", "r");
    CHECK(stat && fscanf(stat, "%*d %*s %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system) == 2);
    CHECK(user + system < MILLISECONDS / 20);
    fclose(stat);
    // Timers on processor time begin with this program's.
    signal(SIGVTALRM, on_timer);
    struct itimerval soon = {.it_value = {.tv_usec = 20000}};
    int64_t begin = cpu_ms(CLOCK_PROCESS_CPUTIME_ID);
    MUST(setitimer(ITIMER_VIRTUAL, &soon, NULL));
    while (!fired && cpu_ms(CLOCK_PROCESS_CPUTIME_ID) < begin + 2000) {}
    CHECK(fired && cpu_ms(CLOCK_PROCESS_CPUTIME_ID) >= begin + 10);
    _exit(8);
}

static int run(char *which) {
    pid_t child = vfork();
    if (child == 0) {
        EXEC_SELF(which);
        _exit(127);
    }
    int status;
    MUST(waitpid(child, &status, 0));
    return status;
}

TEST {
    if (conf_argc > 1) {
        if (!strcmp(conf_argv[1], "first")) first_program();
        second_program();
    }
    for (int i = 0; i < 2; i++) {
        T("first ended with 0x%x", run("first"));
        usleep(20000);
        T("second ended with 0x%x", run("second"));
    }
    struct rusage usage;
    MUST(getrusage(RUSAGE_CHILDREN, &usage));
    int64_t used = (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000 + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1000;
    CHECK(used >= 2 * MILLISECONDS && used < 10 * MILLISECONDS);
    CHECK(usage.ru_maxrss >= MEMORY / 1024 && usage.ru_maxrss < 2 * MEMORY / 1024);
}
