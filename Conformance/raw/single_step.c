// Single steps over system calls: the trap comes after the call, and results stay right.
// flags: -static -nostdlib -nostartfiles -fno-stack-protector -fno-builtin
#include "../raw.h"

static volatile long steps;
static void handler(int number) { (void)number; steps++; }

int raw_main(long *stack) {
    (void)stack;
    long pid = CALL(__NR_getpid), parent = CALL(__NR_getppid), first, second;
    on(5, handler, 0);
    __asm__ volatile(
        "pushf\n orq $0x100, (%%rsp)\n popf\n"
        "mov $39, %%eax\n syscall\n mov %%rax, %%rbx\n"
        "mov $110, %%eax\n syscall\n mov %%rax, %%rdx\n"
        "pushf\n andq $~0x100, (%%rsp)\n popf\n"
        : "=b"(first), "=d"(second) : : "rax", "rcx", "r11", "memory", "cc");
    check("getpid", first == pid);
    check("getppid", second == parent);
    check("stepped", steps >= 6);
    bool right = true;
    for (int i = 0; i < 50; i++) {
        __asm__ volatile("pushf\n orq $0x100, (%%rsp)\n popf\n mov $39, %%eax\n syscall\n mov %%rax, %%rbx\n pushf\n andq $~0x100, (%%rsp)\n popf\n" : "=b"(first) : : "rax", "rcx", "r11", "memory", "cc");
        right &= first == pid;
    }
    check("again and again", right);
    return raw_failures;
}
