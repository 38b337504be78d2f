// Signals without a C library: the frame on the stack, the restorer, a handler that never returns, nesting, masks.
// flags: -static -nostdlib -nostartfiles -fno-stack-protector -fno-builtin
#include "../raw.h"

static volatile long count, order, stackPointer, returnAddress, infoAddress, contextAddress;
static void simple(int number) { count += number; }
__asm__(".text\nlook: mov %rsp, stackPointer(%rip)\n mov (%rsp), %rax\n mov %rax, returnAddress(%rip)\n mov %rsi, infoAddress(%rip)\n mov %rdx, contextAddress(%rip)\n ret\n");
extern char look[];
static void nested(int number) {
    order = order * 100 + number;
    if (number == 10) CALL(__NR_tgkill, CALL(__NR_getpid), CALL(__NR_gettid), 12);
    order = order * 100 + number;
}
static long jump[3] __attribute__((used));
static void leaves(int number) { // a longjmp by hand, with the signal still blocked
    (void)number;
    __asm__ volatile("mov jump(%rip), %rsp\n jmp *jump+8(%rip)");
}
__asm__(".text\nleave_and_land: push %rbx\n push %rbp\n mov %rsp, jump(%rip)\n lea 1f(%rip), %rax\n mov %rax, jump+8(%rip)\n mov $62, %eax\n mov $15, %esi\n syscall\n mov $-1, %eax\n pop %rbp\n pop %rbx\n ret\n"
        "1: mov $55, %eax\n pop %rbp\n pop %rbx\n ret\n");
extern long leave_and_land(long pid);

int raw_main(long *stack) {
    (void)stack;
    long pid = CALL(__NR_getpid);
    say_number("install:", on(10, simple, 0));
    CALL(__NR_kill, pid, 10);
    CALL(__NR_tkill, pid, 10);
    say_number("count:", count);
    // The frame.
    on(10, look, RAW_SIGINFO);
    CALL(__NR_kill, pid, 10);
    check("aligned as after a call", (stackPointer + 8) % 16 == 0);
    check("returns to the restorer", returnAddress == (long)raw_restorer);
    check("context lies above the return address", contextAddress == stackPointer + 8);
    check("information lies above the context", infoAddress > contextAddress && infoAddress < contextAddress + 2048);
    // uc_flags, uc_link, uc_stack, then the registers: r8 first.
    long *context = (long *)contextAddress;
    (void)context;
    on(10, nested, 0);
    on(12, nested, 0);
    CALL(__NR_kill, pid, 10);
    say_number("nested:", order);
    order = 0;
    struct raw_action masked = {nested, RAW_RESTORER, raw_restorer, 1UL << 11};
    CALL(__NR_rt_sigaction, 10, &masked, 0, 8);
    CALL(__NR_kill, pid, 10);
    say_number("masked:", order);
    on(15, leaves, 0);
    say_number("left without return:", leave_and_land(pid));
    unsigned long mask = 0;
    CALL(__NR_rt_sigprocmask, 0, 0, &mask, 8);
    say_number("blocked after it:", (long)mask);
    mask = 0;
    CALL(__NR_rt_sigprocmask, 2, &mask, 0, 8);
    say_number("again:", leave_and_land(pid));
    mask = 0;
    CALL(__NR_rt_sigprocmask, 2, &mask, 0, 8);
    // Without a restorer a handler has nowhere to return to.
    check("no restorer", (CHILD_STATUS({
        struct raw_action bare = {simple, 0, 0, 0};
        CALL(__NR_rt_sigaction, 10, &bare, 0, 8);
        CALL(__NR_kill, CALL(__NR_getpid), 10);
    }) & 127) == 11);
    // An interrupted sleep.
    count = 0;
    on(14, simple, 0);
    long timer[4] = {0, 0, 0, 20000}, ten[2] = {10, 0}, rest[2] = {0, 0};
    CALL(__NR_setitimer, 0, timer, 0);
    say_number("nanosleep:", CALL(__NR_nanosleep, ten, rest));
    check("rest", rest[0] == 9);
    say_number("count:", count);
    // A restarted read.
    int ends[2];
    CALL(__NR_pipe, ends);
    on(14, simple, RAW_RESTART);
    CALL(__NR_setitimer, 0, timer, 0);
    long child = CALL(__NR_fork);
    if (child == 0) {
        pause_us(60000);
        CALL(__NR_write, ends[1], "x", 1);
        CALL(__NR_exit_group, 0);
    }
    char byte;
    say_number("read:", CALL(__NR_read, ends[0], &byte, 1));
    say_number("count:", count);
    CALL(__NR_wait4, child, 0, 0, 0);
    say_number("sigreturn's number is no call to make:", (CHILD_STATUS({ __asm__ volatile("xor %esp, %esp\n mov $15, %eax\n syscall"); }) & 127));
    return raw_failures;
}
