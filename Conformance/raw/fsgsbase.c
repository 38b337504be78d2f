// wrgsbase, rdgsbase, wrfsbase, rdfsbase where the processor and the kernel have them (AT_HWCAP2 says so).
// flags: -static -nostdlib -nostartfiles -fno-stack-protector -fno-builtin
#include "../raw.h"

static volatile unsigned long inHandler;
static unsigned long rdgs(void) { unsigned long v; __asm__ volatile("rdgsbase %0" : "=r"(v)); return v; }
static void wrgs(unsigned long v) { __asm__ volatile("wrgsbase %0" : : "r"(v)); }
static unsigned long rdfs(void) { unsigned long v; __asm__ volatile("rdfsbase %0" : "=r"(v)); return v; }
static void wrfs(unsigned long v) { __asm__ volatile("wrfsbase %0" : : "r"(v)); }
static void handler(int number) { (void)number; inHandler = rdgs(); }

int raw_main(long *stack) {
    long *p = stack + 1 + stack[0] + 1;
    while (*p++) {}
    unsigned long hwcap2 = 0;
    for (; p[0]; p += 2)
        if (p[0] == 26) hwcap2 = (unsigned long)p[1];
    if (!(hwcap2 & 2)) {
        say("SKIP no FSGSBASE");
        return 0;
    }
    unsigned long *a = pages(1, 3), *b = pages(1, 3), base;
    a[0] = 1, b[0] = 2;
    // The instructions and arch_prctl tell the same.
    wrfs((unsigned long)a);
    check("rdfsbase", rdfs() == (unsigned long)a);
    CALL(__NR_arch_prctl, 0x1003, &base);
    check("ARCH_GET_FS", base == (unsigned long)a);
    CALL(__NR_arch_prctl, 0x1002, b);
    check("ARCH_SET_FS", rdfs() == (unsigned long)b);
    bool right = true;
    for (int i = 0; i < 300; i++) {
        wrfs((unsigned long)(i % 2 ? a : b));
        CALL(__NR_getpid);
        right &= rdfs() == (unsigned long)(i % 2 ? a : b);
    }
    check("fs over calls", right);
    wrgs((unsigned long)a);
    check("rdgsbase", rdgs() == (unsigned long)a);
    unsigned long value;
    __asm__ volatile("mov %%gs:0, %0" : "=r"(value));
    say_number("through gs:", (long)value);
    CALL(__NR_getpid);
    check("rdgsbase after a call", rdgs() == (unsigned long)a);
    CALL(__NR_arch_prctl, 0x1004, &base);
    check("ARCH_GET_GS", base == (unsigned long)a);
    CALL(__NR_arch_prctl, 0x1001, b);
    check("ARCH_SET_GS", rdgs() == (unsigned long)b);
    on(10, handler, 0);
    CALL(__NR_kill, CALL(__NR_getpid), 10);
    check("in a handler", inHandler == (unsigned long)b);
    right = true;
    for (int i = 0; i < 300; i++) {
        wrgs((unsigned long)(i % 2 ? a : b));
        CALL(__NR_getppid);
        right &= rdgs() == (unsigned long)(i % 2 ? a : b);
    }
    check("gs over calls", right);
    wrgs((unsigned long)a);
    check("in a child", CHILD_STATUS(CALL(__NR_exit_group, rdgs() == (unsigned long)a ? 3 : 4)) == 3 << 8);
    return raw_failures;
}
