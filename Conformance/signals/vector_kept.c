// Vector, x87 and control registers over calls, handlers, forks and threads.
#include "../tasks.h"
#include <cpuid.h>

static volatile sig_atomic_t caught;
static int level; // 1 sse, 2 avx, 3 avx512

static void fill(unsigned char *data, size_t size, unsigned seed) {
    for (size_t i = 0; i < size; i++) {
        seed = seed * 1103515245 + 12345;
        data[i] = (unsigned char)(seed >> 16);
    }
}
#define EACH(X) X(0) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11) X(12) X(13) X(14) X(15)
#define HIGH(X) X(16) X(17) X(18) X(19) X(20) X(21) X(22) X(23) X(24) X(25) X(26) X(27) X(28) X(29) X(30) X(31)

// Loads all vector registers from `in`, makes a system call (number -1: none, but a short spin), stores to `out`.
static __attribute__((noinline)) long round_trip(const unsigned char *in, unsigned char *out, long number, long a, long b, long c) {
    long result = 0;
#define LOAD(n) "movdqu " #n "*64(%[in]), %%xmm" #n "\n"
#define STORE(n) "movdqu %%xmm" #n ", " #n "*64(%[out])\n"
#define LOADY(n) "vmovdqu " #n "*64(%[in]), %%ymm" #n "\n"
#define STOREY(n) "vmovdqu %%ymm" #n ", " #n "*64(%[out])\n"
#define LOADZ(n) "vmovdqu64 " #n "*64(%[in]), %%zmm" #n "\n"
#define STOREZ(n) "vmovdqu64 %%zmm" #n ", " #n "*64(%[out])\n"
#define LOADK(n) "kmovw " #n "*64(%[in]), %%k" #n "\n"
#define STOREK(n) "kmovw %%k" #n ", 2048+" #n "*2(%[out])\n"
#define MIDDLE "test %%rax, %%rax\n js 1f\n syscall\n jmp 2f\n 1: mov $20000, %%ecx\n 3: dec %%ecx\n jnz 3b\n 2:\n"
#define CLOBBERED "rcx", "r11", "memory", "cc"
    if (level == 3)
        __asm__ volatile(EACH(LOADZ) HIGH(LOADZ) LOADK(1) LOADK(2) LOADK(7) MIDDLE EACH(STOREZ) HIGH(STOREZ) STOREK(1) STOREK(2) STOREK(7) "vzeroupper"
                         : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c), [in] "r"(in), [out] "r"(out) : CLOBBERED);
    else if (level == 2)
        __asm__ volatile(EACH(LOADY) MIDDLE EACH(STOREY) "vzeroupper"
                         : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c), [in] "r"(in), [out] "r"(out) : CLOBBERED);
    else
        __asm__ volatile(EACH(LOAD) MIDDLE EACH(STORE)
                         : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c), [in] "r"(in), [out] "r"(out) : CLOBBERED);
    return result;
}
static bool same(const unsigned char *in, const unsigned char *out) {
    size_t width = level == 3 ? 64 : level == 2 ? 32 : 16;
    for (int i = 0; i < (level == 3 ? 32 : 16); i++)
        if (memcmp(in + i * 64, out + i * 64, width)) return false;
    if (level == 3)
        for (int k = 1; k <= 7; k = k == 2 ? 7 : k + 1)
            if (memcmp(in + k * 64, out + 2048 + k * 2, 2)) return false;
    return true;
}
static unsigned char in[2112], out[2112];
static void handler(int number) {
    unsigned char mine[2112], after[2112];
    (void)number;
    caught++;
    fill(mine, sizeof mine, (unsigned)caught);
    round_trip(mine, after, SYS_getppid, 0, 0, 0);
    unsigned control = 0x3f80; // round down
    unsigned short word = 0x077f;
    __asm__ volatile("ldmxcsr %0\n fninit\n fldcw %1\n fldpi\n fldpi\n fldpi" : : "m"(control), "m"(word));
}
static void try(const char *label, long number, long a, long b, long c) {
    memset(out, 0, sizeof out);
    fill(in, sizeof in, (unsigned)number + 77);
    round_trip(in, out, number, a, b, c);
    FACT(label, same(in, out));
}

TEST {
    unsigned eax, ebx, ecx, edx;
    level = 1;
    if (__get_cpuid(1, &eax, &ebx, &ecx, &edx) && ecx & bit_OSXSAVE) {
        unsigned low, high;
        __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
        if ((low & 6) == 6 && ecx & bit_AVX) level = 2;
        if ((low & 0xe6) == 0xe6 && __get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) && ebx & bit_AVX512F) level = 3;
    }
    struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};
    MUST(sigaction(SIGUSR1, &action, NULL));
    MUST(sigaction(SIGALRM, &action, NULL));
    int ends[2];
    static char data[8192];
    MUST(pipe(ends));
    try("kept by getppid", SYS_getppid, 0, 0, 0);
    try("kept by an unknown call", 999, 0, 0, 0);
    try("kept by write", SYS_write, ends[1], (long)data, sizeof data);
    try("kept by read", SYS_read, ends[0], (long)data, sizeof data);
    try("kept by a handler", SYS_tgkill, getpid(), gettid(), SIGUSR1);
    try("kept by brk", SYS_brk, 0, 0, 0);
    struct timespec pause = {0, 2000000};
    try("kept by a sleep", SYS_nanosleep, (long)&pause, 0, 0);
    start_ticks(1);
    caught = 0;
    bool all = true;
    for (int i = 0; i < 2000 && (i < 200 || caught < 10); i++) {
        fill(in, sizeof in, (unsigned)i);
        round_trip(in, out, i % 2 ? SYS_getppid : -1, 0, 0, 0);
        all &= same(in, out);
    }
    stop_ticks();
    CHECKN("kept by handlers anywhere", all);

    // fork: in the child as well.
    memset(out, 0, sizeof out);
    fill(in, sizeof in, 3);
    fflush(stdout);
    long pid = round_trip(in, out, SYS_fork, 0, 0, 0);
    if (pid == 0) _exit(same(in, out) ? 3 : 4);
    FACT("kept by fork", same(in, out));
    reap("child", (pid_t)pid);

    // Control registers and the x87 stack.
    unsigned control = 0x5f80, control2 = 0; // round up
    unsigned short word = 0x0b7f, word2 = 0, status = 0;
    double top = 0, next = 0, one = 1.5, two = 2.5;
    __asm__ volatile("ldmxcsr %0\n fninit\n fldcw %1\n fldl %2\n fldl %3" : : "m"(control), "m"(word), "m"(two), "m"(one));
    syscall(SYS_tgkill, getpid(), gettid(), SIGUSR1);
    syscall(SYS_getppid);
    __asm__ volatile("fnstsw %0" : "=m"(status));
    __asm__ volatile("stmxcsr %0\n fnstcw %1\n fstpl %2\n fstpl %3" : "=m"(control2), "=m"(word2), "=m"(top), "=m"(next));
    unsigned plain = 0x1f80;
    __asm__ volatile("ldmxcsr %0\n fninit" : : "m"(plain));
    T("mxcsr %#x, control word %#x, top of stack %d, %g, %g", control2, word2, status >> 11 & 7, top, next);

    // A handler starts with fresh control registers? It inherits mxcsr's default, as the kernel sets it.
    static volatile unsigned inside;
    static volatile unsigned short insideWord;
    void look(int number) {
        unsigned now;
        unsigned short cw;
        (void)number;
        __asm__ volatile("stmxcsr %0\n fnstcw %1" : "=m"(now), "=m"(cw));
        inside = now, insideWord = cw;
    }
    action.sa_handler = look;
    sigaction(SIGUSR1, &action, NULL);
    __asm__ volatile("ldmxcsr %0\n fldcw %1" : : "m"(control), "m"(word));
    syscall(SYS_tgkill, getpid(), gettid(), SIGUSR1);
    __asm__ volatile("ldmxcsr %0\n fninit" : : "m"(plain));
    T("in a handler: mxcsr %#x, control word %#x", inside, insideWord);
    // The saved state may be changed by the handler.
    void change(int number, siginfo_t *info, void *context) {
        (void)number, (void)info;
        ucontext_t *uc = context;
        uc->uc_mcontext.fpregs->_xmm[3].element[0] = 0xfeedface;
        uc->uc_mcontext.fpregs->mxcsr = 0x7f80;
    }
    on_signal(SIGUSR1, change, 0);
    uint32_t lanes[4] = {1, 2, 3, 4};
    long rax = SYS_tgkill;
    __asm__ volatile("movdqu (%4), %%xmm3\n syscall\n movdqu %%xmm3, (%4)\n stmxcsr (%5)\n ldmxcsr (%6)"
                     : "+a"(rax) : "D"((long)getpid()), "S"((long)gettid()), "d"((long)SIGUSR1), "r"(lanes), "r"(&control2), "r"(&plain) : "rcx", "r11", "memory", "xmm3");
    T("changed: %#x %u, mxcsr %#x", lanes[0], lanes[1], control2);
}
