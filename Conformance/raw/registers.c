// What a system call leaves alone: all registers but rax, rcx and r11; flags; the red zone; a wild stack pointer.
// flags: -static -nostdlib -nostartfiles -fno-stack-protector -fno-builtin
#include "../raw.h"

static long saved[16] __attribute__((used));
// Calls with all registers set to patterns; gives the number of the first one that changed, 0 for none.
static long all_kept(long number) {
    long result, before = number;
    __asm__ volatile(
        "push %%rbp\n push %%rbx\n mov %%rsp, saved(%%rip)\n"
        "mov %1, %%rax\n"
        "mov $0x101, %%rbx\n mov $0x102, %%rdx\n mov $0x103, %%rsi\n mov $-1, %%rdi\n mov $0x105, %%rbp\n mov $0x106, %%r8\n mov $0x107, %%r9\n mov $0x108, %%r10\n"
        "mov $0x109, %%r12\n mov $0x10a, %%r13\n mov $0x10b, %%r14\n movabs $0x123456789abcdef0, %%r15\n"
        "syscall\n"
        "mov $1, %%eax\n cmp $0x101, %%rbx\n jne 9f\n inc %%eax\n cmp $0x102, %%rdx\n jne 9f\n inc %%eax\n cmp $0x103, %%rsi\n jne 9f\n"
        "inc %%eax\n cmp $-1, %%rdi\n jne 9f\n inc %%eax\n cmp $0x105, %%rbp\n jne 9f\n inc %%eax\n cmp $0x106, %%r8\n jne 9f\n"
        "inc %%eax\n cmp $0x107, %%r9\n jne 9f\n inc %%eax\n cmp $0x108, %%r10\n jne 9f\n inc %%eax\n cmp $0x109, %%r12\n jne 9f\n"
        "inc %%eax\n cmp $0x10a, %%r13\n jne 9f\n inc %%eax\n cmp $0x10b, %%r14\n jne 9f\n"
        "inc %%eax\n movabs $0x123456789abcdef0, %%rcx\n cmp %%rcx, %%r15\n jne 9f\n inc %%eax\n cmp %%rsp, saved(%%rip)\n jne 9f\n xor %%eax, %%eax\n"
        "9: mov saved(%%rip), %%rsp\n pop %%rbx\n pop %%rbp\n"
        : "=a"(result) : "r"(before) : "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "memory", "cc");
    return result;
}
static long flags_kept(long number, long set) {
    long after, result;
    __asm__ volatile("push %3\n popf\n syscall\n pushf\n pop %1\n cld" : "=a"(result), "=r"(after) : "a"(number), "r"(set), "D"(-1L), "S"(0L), "d"(0L) : "rcx", "r11", "memory", "cc");
    return after & 0xcd5;
}
static long without_stack(long number, long pointer) {
    long result;
    __asm__ volatile("mov %%rsp, %%r12\n mov %2, %%rsp\n syscall\n mov %%r12, %%rsp" : "=a"(result) : "a"(number), "r"(pointer), "D"(0L), "S"(0L), "d"(0L) : "rcx", "r11", "r12", "memory");
    return result;
}

int raw_main(long *stack) {
    (void)stack;
    static const long numbers[] = {__NR_getpid, __NR_getppid, __NR_close, __NR_sched_yield, __NR_read, 999, __NR_lseek, __NR_gettid, __NR_munmap, __NR_rt_sigprocmask};
    for (int i = 0; i < 10; i++) {
        long lost = 0;
        for (int n = 0; n < 20 && !lost; n++) lost = all_kept(numbers[i]);
        say_number("lost register:", lost);
    }
    static const long flags[] = {0x202, 0x203, 0x246, 0x286, 0xa02, 0x602, 0xed7};
    for (int i = 0; i < 7; i++) {
        say_number("flags before:", flags[i] & 0xcd5);
        say_number("after getpid:", flags_kept(__NR_getpid, flags[i]));
        say_number("after close:", flags_kept(__NR_close, flags[i]));
    }
    // The red zone: 128 bytes below the stack pointer.
    long bad = 0;
    for (int n = 0; n < 50; n++) {
        long wrong;
        __asm__ volatile(
            "sub $256, %%rsp\n"
            ".set offset, -128\n .rept 16\n movq $0x5a5a5a + offset, offset(%%rsp)\n .set offset, offset + 8\n .endr\n"
            "mov $39, %%eax\n syscall\n xor %%edx, %%edx\n"
            ".set offset, -128\n .rept 16\n cmpq $0x5a5a5a + offset, offset(%%rsp)\n je 1f\n inc %%edx\n 1:\n .set offset, offset + 8\n .endr\n"
            "add $256, %%rsp\n" : "=d"(wrong) : : "rax", "rcx", "r11", "memory", "cc");
        bad += wrong;
    }
    say_number("red zone words lost:", bad);
    // A call needs no stack.
    long pid = CALL(__NR_getpid);
    bool right = true;
    for (int n = 0; n < 20; n++)
        right &= without_stack(__NR_getpid, 0) == pid && without_stack(__NR_getpid, -1) == pid && without_stack(__NR_getpid, 0x123456789abcdef) == pid
            && without_stack(__NR_getpid, 4096) == pid && without_stack(__NR_getpid, (long)raw_main) == pid;
    check("without a stack", right);
    // Numbers with something in the upper half; negative ones.
    check("upper half", CALL(__NR_getpid | 1L << 32) == pid && CALL(__NR_getpid | -1L << 32) == pid);
    say_number("-1:", CALL(-1));
    say_number("-1 in 32 bits:", CALL(0xffffffff));
    say_number("x32:", CALL(0x40000000 | __NR_getpid));
    say_number("smallest:", CALL(1L << 63));
    return raw_failures;
}
