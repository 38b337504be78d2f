// Functions for any call, as they are in musl and in Go's runtime: arguments and number come in registers or on the stack, and no constant is near.
// flags: -static -nostdlib -nostartfiles -fno-stack-protector -fno-builtin
#include "../raw.h"

__asm__(
    // C's convention: the number, then up to six arguments.
    ".balign 16\nplain:\n mov %rdi, %rax\n mov %r8, %r10\n mov %rsi, %rdi\n mov %r9, %r8\n mov %rdx, %rsi\n mov 8(%rsp), %r9\n mov %rcx, %rdx\n"
    " syscall\n ret\n"
    ".balign 16\ncancellable:\n mov %rdi, %r11\n mov %rsi, %rax\n mov %rdx, %rdi\n mov %rcx, %rsi\n mov %r8, %rdx\n mov %r9, %r10\n"
    " mov 8(%rsp), %r8\n mov 16(%rsp), %r9\n mov %r11, 8(%rsp)\n syscall\n ret\n"
    // Go's registers: rax, rbx, rcx, rdi, rsi, r8, r9. Answers are in rax (or -1), rbx and rcx (the error).
    ".balign 32, 0xcc\ngo:\n mov %rsi, %r10\n mov %rdi, %rdx\n mov %rcx, %rsi\n mov %rbx, %rdi\n syscall\n cmp $-4095, %rax\n jbe 1f\n"
    " neg %rax\n mov %rax, %rcx\n mov $-1, %rax\n mov $0, %rbx\n ret\n1: mov %rdx, %rbx\n mov $0, %rcx\n ret\n.balign 32, 0xcc\n"
    // Everything on the stack.
    "stacked:\n mov 16(%rsp), %rdi\n mov 24(%rsp), %rsi\n mov 32(%rsp), %rdx\n mov 8(%rsp), %rax\n syscall\n ret\n");
long plain(long n, long a, long b, long c, long d, long e, long f);
long cancellable(long word, long n, long a, long b, long c, long d, long e, long f);

static long go_call(long n, long a, long b, long c, long *error) {
    long rax = n, rbx = a, rcx = b, rdi = c, rsi = 0;
    register long r8 __asm__("r8") = 0, r9 __asm__("r9") = 0;
    __asm__ volatile("call go" : "+a"(rax), "+b"(rbx), "+c"(rcx), "+D"(rdi), "+S"(rsi), "+r"(r8), "+r"(r9) : : "rdx", "r10", "r11", "memory", "cc");
    *error = rcx;
    return rax;
}
static long stacked_call(long n, long a, long b, long c) {
    long result;
    __asm__ volatile("push %4\n push %3\n push %2\n push %1\n call stacked\n add $32, %%rsp"
                     : "=&a"(result) : "r"(n), "r"(a), "r"(b), "r"(c) : "rdi", "rsi", "rdx", "rcx", "r11", "memory", "cc");
    return result;
}

int raw_main(long *stack) {
    (void)stack;
    long pid = CALL(__NR_getpid), parent = CALL(__NR_getppid), error, fds[1];
    char bytes[4];
    int wrong[8] = {0};
    for (int i = 0; i < 50; i++) {
        wrong[0] += plain(i % 2 ? __NR_getpid : __NR_getppid, 0, 0, 0, 0, 0, 0) != (i % 2 ? pid : parent);
        wrong[0] += plain(100000, 0, 0, 0, 0, 0, 0) != -38;
        wrong[1] += cancellable(0, i % 2 ? __NR_getpid : __NR_getppid, 0, 0, 0, 0, 0, 0) != (i % 2 ? pid : parent);
        long area = plain(__NR_mmap, 0, 8192, 3, 0x22, -1, 0);
        wrong[2] += area <= 0 || cancellable(0, __NR_munmap, area, 8192, 0, 0, 0, 0) != 0;
        area = cancellable(0, __NR_mmap, 0, 8192, 3, 0x22, -1, 0);
        wrong[3] += area <= 0 || plain(__NR_munmap, area, 8192, 0, 0, 0, 0) != 0;
        wrong[4] += go_call(i % 2 ? __NR_getpid : __NR_getppid, 0, 0, 0, &error) != (i % 2 ? pid : parent) || error != 0;
        wrong[5] += go_call(__NR_close, 77, 0, 0, &error) != -1 || error != 9;
        wrong[6] += stacked_call(i % 2 ? __NR_getpid : __NR_getppid, 0, 0, 0) != (i % 2 ? pid : parent);
        long got = stacked_call(__NR_pipe2, (long)fds, 0, 0);
        int read_end = (int)fds[0], write_end = (int)(fds[0] >> 32);
        wrong[7] += got != 0 || go_call(__NR_write, write_end, (long)"abc", 3, &error) != 3 || stacked_call(__NR_read, read_end, (long)bytes, 4) != 3 || bytes[2] != 'c';
        plain(__NR_close, read_end, 0, 0, 0, 0, 0);
        go_call(__NR_close, write_end, 0, 0, &error);
    }
    for (int i = 0; i < 8; i++) say_number("wrong:", wrong[i]);
    return raw_failures;
}
