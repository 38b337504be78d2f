// Calls whose number is loaded some instructions before, or not at all, from sites that are called often; and jumps to
// the middle of such sites.
// flags: -static -nostdlib -nostartfiles -fno-stack-protector -fno-builtin
#include "../raw.h"

#define KEPT "rcx", "r11", "memory", "cc"

static long moved_between(long value) {
    long result, copy;
    __asm__ volatile("mov $39, %%eax\n mov %2, %%r12\n syscall\n mov %%r12, %1" : "=&a"(result), "=r"(copy) : "r"(value) : "r12", KEPT);
    return copy == value ? result : -1;
}
static long changed_between(long value) {
    long result, rsi = value;
    __asm__ volatile("mov $39, %%eax\n xor $0x81, %%sil\n push %%rbx\n pop %%rbx\n lea 8(%%rsi,%%rsi,2), %%rsi\n syscall" : "=&a"(result), "+S"(rsi) : : KEPT);
    return rsi == (value ^ 0x81) * 3 + 8 ? result : -1;
}
// A constant for another register; the number is the caller's.
static long any_number(long number) {
    long result, r10;
    __asm__ volatile("mov $8, %%r10d\n mov %k2, %%eax\n syscall\n mov %%r10, %1" : "=&a"(result), "=&r"(r10) : "r"(number) : "r10", KEPT);
    return r10 == 8 ? result : -1;
}
static long any_wide_number(long number) {
    long result, r10;
    __asm__ volatile("mov $8, %%r10d\n mov %2, %%rax\n syscall\n mov %%r10, %1" : "=&a"(result), "=&r"(r10) : "r"(number) : "r10", KEPT);
    return r10 == 8 ? result : -1;
}
static long memory_between(long *words) {
    long result;
    __asm__ volatile("mov $39, %%eax\n movl $0x20, (%1)\n movq $-5, 0x10(%1)\n testb $1, (%1)\n setne 8(%1)\n syscall" : "=&a"(result) : "r"(words) : KEPT);
    return (int)words[0] == 0x20 && words[2] == -5 && (words[1] & 0xff) == 0 ? result : -1;
}
// Looks like `mov $39, %eax; syscall`, but is the displacement and the constant of a store.
static long looks_like(long number, char *memory) {
    long result;
    __asm__ volatile("mov %k1, %%eax\n movl $39, -72(%2)\n syscall" : "=&a"(result) : "r"(number), "r"(memory + 72) : KEPT);
    return *(int *)memory == 39 ? result : -1;
}
static long looks_like_indexed(long number, char *memory) {
    long result;
    __asm__ volatile("mov %k1, %%eax\n movl $39, -72(%2,%3)\n syscall" : "=&a"(result) : "r"(number), "r"(memory + 71), "r"(1L) : KEPT);
    return *(int *)memory == 39 ? result : -1;
}
// entry 0: from the start; 1: behind the number; 2: the instruction itself.
static long jumped_to(long entry, long number) {
    long result, r12;
    __asm__ volatile(
        "xor %%r12d, %%r12d\n mov %k3, %%eax\n cmp $1, %2\n je 1f\n ja 2f\n"
        "mov $39, %%eax\n1: add $7, %%r12d\n2: syscall\n"
        : "=&a"(result), "=&r"(r12) : "r"(entry), "r"(number) : "r12", KEPT);
    __asm__ volatile("" : "=r"(r12));
    return result;
}

int raw_main(long *stack) {
    (void)stack;
    long pid = CALL(__NR_getpid), parent = CALL(__NR_getppid), words[3];
    char memory[16];
    int wrong[9] = {0};
    for (int i = 0; i < 30; i++) {
        wrong[0] += moved_between(i) != pid;
        wrong[1] += changed_between(i * 1000003L) != pid;
        wrong[2] += any_number(i % 2 ? __NR_getpid : __NR_getppid) != (i % 2 ? pid : parent);
        wrong[3] += any_wide_number(i % 3 == 0 ? -1 : i % 3 == 1 ? 100000 : __NR_getpid | 1L << 40) != (i % 3 == 2 ? pid : -38);
        words[0] = words[1] = words[2] = -1;
        wrong[4] += memory_between(words) != pid;
        for (int n = 0; n < 16; n++) memory[n] = 0;
        wrong[5] += looks_like(i % 10 < 7 ? __NR_getpid : __NR_getppid, memory) != (i % 10 < 7 ? pid : parent);
        for (int n = 0; n < 16; n++) memory[n] = 0;
        wrong[6] += looks_like_indexed(i % 10 < 7 ? __NR_getpid : __NR_getppid, memory) != (i % 10 < 7 ? pid : parent);
        wrong[7] += jumped_to(0, 999) != pid;
        if (i > 10) wrong[8] += jumped_to(1 + i % 2, __NR_getppid) != parent;
    }
    for (int i = 0; i < 9; i++) say_number("wrong:", wrong[i]);
    return raw_failures;
}
