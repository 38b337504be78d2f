// A handler sees the interrupted registers and may change them: instruction pointer, registers, flags, mask.
#include "../tasks.h"

static volatile sig_atomic_t seen;
static void skip(int number, siginfo_t *info, void *context) {
    ucontext_t *uc = context;
    greg_t *regs = uc->uc_mcontext.gregs;
    seen = number;
    if (number == SIGSEGV) { // mov (%rax), %rbx: 3 bytes
        FACT("faulting address is in rax", (greg_t)info->si_addr == regs[REG_RAX]);
        FACT("cr2 is the address", regs[REG_CR2] == (greg_t)info->si_addr);
        T("trap %lld, error %#llx", regs[REG_TRAPNO], regs[REG_ERR]);
        regs[REG_RBX] = 0x1234567890;
        regs[REG_RIP] += 3;
    } else if (number == SIGILL) { // ud2: 2 bytes
        FACT("faulting address is rip", (greg_t)info->si_addr == regs[REG_RIP]);
        T("trap %lld, error %#llx", regs[REG_TRAPNO], regs[REG_ERR]);
        regs[REG_RIP] += 2;
    } else if (number == SIGTRAP) {
        T("trap %lld, error %#llx", regs[REG_TRAPNO], regs[REG_ERR]);
    } else if (number == SIGFPE) {
        T("trap %lld, error %#llx", regs[REG_TRAPNO], regs[REG_ERR]);
        regs[REG_RCX] = 7; // instead of zero
    } else if (number == SIGUSR2) {
        sigaddset(&uc->uc_sigmask, SIGHUP); // in force after the return
        sigdelset(&uc->uc_sigmask, SIGTERM);
    }
}

TEST {
    on_signal(SIGSEGV, skip, 0);
    on_signal(SIGILL, skip, 0);
    on_signal(SIGTRAP, skip, 0);
    on_signal(SIGFPE, skip, 0);
    on_signal(SIGUSR2, skip, 0);
    long result;
    __asm__ volatile("mov (%%rax), %%rbx\n" : "=b"(result) : "a"(0x10), "b"(0) : "memory");
    T("loaded %#lx", result);
    __asm__ volatile("mov %%rbx, (%%rax)\n" : : "a"(0x10), "b"(0) : "memory");
    __asm__ volatile("ud2");
    T("after ud2: %d", seen);
    __asm__ volatile("int3");
    T("after int3: %d", seen);
    long quotient;
    __asm__ volatile("xor %%edx, %%edx\n mov $50, %%eax\n xor %%ecx, %%ecx\n idiv %%rcx" : "=a"(quotient) : : "rcx", "rdx", "cc");
    T("50 / 7 = %ld", quotient);

    // The return address of the fault is another function.
    static sigjmp_buf back;
    void landing(void) { T("landed"); siglongjmp(back, 1); }
    static void (*volatile target)(void);
    target = landing;
    void redirect(int number, siginfo_t *info, void *context) {
        (void)number, (void)info;
        ucontext_t *uc = context;
        uc->uc_mcontext.gregs[REG_RIP] = (greg_t)target;
        uc->uc_mcontext.gregs[REG_RSP] = ((uc->uc_mcontext.gregs[REG_RSP] - 4096) & ~15LL) - 8;
    }
    on_signal(SIGSEGV, redirect, 0);
    if (sigsetjmp(back, 1) == 0) *(volatile int *)conf_bad = 1;

    BLOCK(SIGTERM);
    raise(SIGUSR2);
    sigset_t mask;
    sigprocmask(SIG_SETMASK, NULL, &mask);
    T("mask %s", set_names(&mask));
    sigemptyset(&mask);
    sigprocmask(SIG_SETMASK, &mask, NULL);

    // Flags: carry and direction as they were; the handler runs with direction clear.
    static volatile long inFlags, outFlags;
    void flags(int number, siginfo_t *info, void *context) {
        (void)number, (void)info;
        long now;
        __asm__ volatile("pushf\n pop %0" : "=r"(now));
        inFlags = now;
        outFlags = ((ucontext_t *)context)->uc_mcontext.gregs[REG_EFL];
        ((ucontext_t *)context)->uc_mcontext.gregs[REG_EFL] ^= 1; // carry
    }
    on_signal(SIGUSR1, flags, 0);
    long after, pid = getpid(), tid = gettid(), rax = SYS_tgkill;
    __asm__ volatile("std\n stc\n syscall\n pushf\n pop %1\n cld" : "+a"(rax), "=&r"(after) : "D"(pid), "S"(tid), "d"(SIGUSR1) : "rcx", "r11", "memory", "cc");
    T("inside: direction %ld; context: direction %ld, carry %ld; after: direction %ld, carry %ld", inFlags >> 10 & 1, outFlags >> 10 & 1, outFlags & 1, after >> 10 & 1, after & 1);

    // The frame: red zone left alone, stack aligned as after a call, restorer as return address.
    static volatile unsigned long frame, interrupted;
    void where(int number, siginfo_t *info, void *context) {
        (void)number, (void)info;
        frame = (unsigned long)__builtin_frame_address(0);
        interrupted = (unsigned long)((ucontext_t *)context)->uc_mcontext.gregs[REG_RSP];
    }
    on_signal(SIGUSR1, where, 0);
    raise(SIGUSR1);
    CHECK(frame % 16 == 0);
    CHECK(interrupted - frame > 128);

    // Bits of a register set that the processor refuses are survived.
    void wild(int number, siginfo_t *info, void *context) {
        (void)number, (void)info;
        ((ucontext_t *)context)->uc_mcontext.gregs[REG_EFL] |= ~0xd5LL & 0x3000; // I/O privilege level
    }
    on_signal(SIGUSR1, wild, 0);
    raise(SIGUSR1);
    T("survived");
    void noncanonical(int number, siginfo_t *info, void *context) {
        (void)number, (void)info;
        ((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP] = 0x1234567812345678;
    }
    IN_CHILD("return to nowhere", signal(SIGSEGV, SIG_DFL); on_signal(SIGUSR1, noncanonical, 0); raise(SIGUSR1));
    IN_CHILD("sigreturn out of nothing", signal(SIGSEGV, SIG_DFL); __asm__ volatile("mov $15, %eax\n mov $4096, %esp\n syscall"));
}
