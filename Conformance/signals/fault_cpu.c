// Faults of the processor other than bad addresses: division, floating point, illegal and privileged instructions,
// breakpoints, single steps, alignment.
#include "../tasks.h"

static volatile int steps;
static void step(int number, siginfo_t *info, void *context) {
    (void)number;
    if (info->si_code == TRAP_TRACE) steps++;
    else steps += 1000;
    if (steps >= 3) ((ucontext_t *)context)->uc_mcontext.gregs[REG_EFL] &= ~0x100LL;
}

static volatile int code;
static void unaligned(int number, siginfo_t *info, void *context) {
    (void)number;
    code = info->si_code;
    ((ucontext_t *)context)->uc_mcontext.gregs[REG_EFL] &= ~0x40000LL; // the access is tried again without
}

TEST {
    volatile int zero = 0, one = 1, result;
    volatile long smallest = LONG_MIN, minus = -1, wide;
    PROBE("division by zero", conf_fault_info.si_addr, result = one / zero);
    PROBE("overflow in division", conf_fault_info.si_addr, wide = smallest / minus);
    PROBE("ud2", conf_fault_info.si_addr, __asm__ volatile("ud2"));
    PROBE("undefined opcode", conf_fault_info.si_addr, __asm__ volatile(".byte 0x06"));
    PROBE("lock on a register", conf_fault_info.si_addr, __asm__ volatile(".byte 0xf0, 0x89, 0xc0"));
    PROBE("int3", 0, __asm__ volatile("int3"));
    PROBE("int $3", 0, __asm__ volatile(".byte 0xcd, 3"));
    PROBE("int1", conf_fault_info.si_addr, __asm__ volatile(".byte 0xf1"));
    PROBE("int $0", 0, __asm__ volatile("int $0"));
    PROBE("int $4", 0, __asm__ volatile("int $4"));
    PROBE("int $13", 0, __asm__ volatile("int $13"));
    PROBE("int $255", 0, __asm__ volatile("int $255"));
    PROBE("hlt", 0, __asm__ volatile("hlt"));
    PROBE("cli", 0, __asm__ volatile("cli"));
    PROBE("in", 0, __asm__ volatile("in $0x80, %%al" ::: "eax"));
    PROBE("out", 0, __asm__ volatile("out %%al, $0x80" ::: "eax"));
    PROBE("mov from cr0", 0, __asm__ volatile("mov %%cr0, %%rax" ::: "rax"));
    PROBE("mov to cr3", 0, __asm__ volatile("mov %%rax, %%cr3" ::: "memory"));
    PROBE("mov from dr7", 0, __asm__ volatile("mov %%dr7, %%rax" ::: "rax"));
    PROBE("rdmsr", 0, __asm__ volatile("rdmsr" : : "c"(0xc0000080) : "eax", "edx"));
    PROBE("wrmsr", 0, __asm__ volatile("wrmsr" : : "c"(0xc0000080), "a"(0), "d"(0)));
    PROBE("invlpg", 0, __asm__ volatile("invlpg (%%rsp)" ::: "memory"));
    PROBE("lgdt", 0, __asm__ volatile("lgdt (%%rsp)" ::: "memory"));
    PROBE("swapgs", 0, __asm__ volatile("swapgs" ::: "memory"));
    PROBE("iret", 0, __asm__ volatile("push $0\n push $0\n push $0\n push $0\n push $0\n iretq" ::: "memory"));
    PROBE("sysret", 0, __asm__ volatile("sysretq" ::: "memory"));
    PROBE("wild selector", 0, __asm__ volatile("mov %0, %%ds" : : "r"(0x1230)));
    PROBE("misaligned vector", 0, __asm__ volatile("movaps 1(%%rsp), %%xmm0" ::: "xmm0"));
    PROBE("return to no canonical address", 0, __asm__ volatile("movabs $0x1234567812345678, %%rax\n jmp *%%rax" ::: "rax"));

    // Floating point, with the exceptions enabled. PROBE restores what siglongjmp does not.
    unsigned mxcsr, plain = 0x1f80;
    volatile double nothing = 0, number = 1, huge = 1e308, real;
#define FLOATING(label, mask, expression) do { \
        mxcsr = plain & ~(mask); \
        PROBE(label, conf_fault_info.si_addr, __asm__ volatile("ldmxcsr %0" : : "m"(mxcsr)); real = (expression)); \
        __asm__ volatile("ldmxcsr %0\n fninit" : : "m"(plain)); \
    } while (0)
    FLOATING("divide", 0x200, number / nothing);
    FLOATING("invalid", 0x80, nothing / nothing);
    FLOATING("overflow", 0x400, huge * huge);
    FLOATING("underflow", 0x800, 1 / huge / huge);
    FLOATING("inexact", 0x1000, number / 3);
    unsigned short word = 0x037b; // divide
    PROBE("x87 divide", conf_fault_info.si_addr, __asm__ volatile("fninit\n fldcw %0\n fld1\n fldz\n fdivrp\n fwait" : : "m"(word)));
    __asm__ volatile("fninit");

    on_signal(SIGTRAP, step, 0);
    __asm__ volatile("pushf\n orq $0x100, (%%rsp)\n popf\n nop\n nop\n nop\n nop\n nop" ::: "memory", "cc");
    SHOW(steps);

    // Alignment checks, if a program wants them.
    char bytes[16] __attribute__((aligned(16))) = {0};
    on_signal(SIGBUS, unaligned, 0);
    __asm__ volatile("pushf\n orq $0x40000, (%%rsp)\n popf\n mov 1(%0), %%eax\n pushf\n andq $~0x40000, (%%rsp)\n popf" : : "r"(bytes) : "rax", "memory", "cc");
    T("alignment check: %s", code ? code_name(SIGBUS, code) : "none");
    (void)result, (void)wide, (void)real;
}
