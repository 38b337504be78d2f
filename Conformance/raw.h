// For conformance programs without a C library: the start, system calls, printing, threads.
//
//     // flags: -static -nostdlib -nostartfiles -fno-stack-protector -fno-builtin
//     #include "../raw.h"
//     int raw_main(long *stack) { say("hello"); return 0; }
#ifndef CONFORMANCE_RAW_H
#define CONFORMANCE_RAW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <asm/unistd_64.h>

#define FN static __attribute__((unused))

int raw_main(long *stack);

__asm__(".globl _start\n_start:\n xor %ebp, %ebp\n mov %rsp, %rdi\n and $-16, %rsp\n call raw_main\n mov %eax, %edi\n mov $231, %eax\n syscall\n");

FN long call6(long number, long a, long b, long c, long d, long e, long f) {
    long result;
    register long r10 __asm__("r10") = d, r8 __asm__("r8") = e, r9 __asm__("r9") = f;
    __asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9) : "rcx", "r11", "memory");
    return result;
}
#define CALL_(n, a, b, c, d, e, f, ...) call6((n), (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f))
#define CALL(...) CALL_(__VA_ARGS__, 0, 0, 0, 0, 0, 0)

void *memset(void *to, int value, size_t size) {
    for (volatile unsigned char *p = to; size; size--) *p++ = (unsigned char)value;
    return to;
}
void *memcpy(void *to, const void *from, size_t size) {
    volatile unsigned char *p = to;
    for (const unsigned char *q = from; size; size--) *p++ = *q++;
    return to;
}
FN size_t length(const char *text) {
    size_t n = 0;
    while (text[n]) n++;
    return n;
}
FN bool equal(const char *a, const char *b) {
    while (*a && *a == *b) a++, b++;
    return *a == *b;
}

// Lines are written whole, so that those of several threads do not mix.
FN void say(const char *text) {
    char line[256];
    size_t n = length(text);
    if (n > 254) n = 254;
    memcpy(line, text, n);
    line[n] = '\n';
    CALL(__NR_write, 1, line, n + 1);
}
FN void say_number(const char *label, long value) {
    char line[256], digits[24];
    size_t n = length(label), d = 0;
    unsigned long v = value < 0 ? 0 - (unsigned long)value : (unsigned long)value;
    memcpy(line, label, n);
    line[n++] = ' ';
    if (value < 0) line[n++] = '-';
    do digits[d++] = (char)('0' + v % 10); while (v /= 10);
    while (d) line[n++] = digits[--d];
    line[n] = 0;
    say(line);
}
static int raw_failures;
FN void check(const char *label, bool holds) {
    char line[256];
    size_t n = length(label);
    memcpy(line, label, n);
    memcpy(line + n, holds ? ": yes" : ": NO", 6);
    if (!holds) raw_failures++;
    say(line);
}

FN long now_us(void) {
    long t[2];
    CALL(__NR_clock_gettime, 1, t);
    return t[0] * 1000000 + t[1] / 1000;
}
FN void pause_us(long us) {
    long t[2] = {us / 1000000, us % 1000000 * 1000};
    CALL(__NR_nanosleep, t, 0);
}
FN void *pages(size_t count, int protection) {
    return (void *)CALL(__NR_mmap, 0, count * 4096, protection, 0x22, -1, 0);
}

// Forks; waits for the child in the parent and gives its raw wait status. In the child: the body.
#define CHILD_STATUS(...) ({ \
        long pid_ = CALL(__NR_fork); \
        if (pid_ == 0) { __VA_ARGS__; CALL(__NR_exit_group, 0); } \
        int status_ = 0; \
        while (CALL(__NR_wait4, pid_, &status_, 0, 0) == -4) {} \
        status_; \
    })

// ---------------------------------------------------------------- signals

struct raw_action { void *handler; unsigned long flags; void *restorer; unsigned long mask; };
extern char raw_restorer[];
__asm__(".globl raw_restorer\nraw_restorer:\n mov $15, %eax\n syscall\n");
#define RAW_SIGINFO 4UL
#define RAW_RESTORER 0x04000000UL
#define RAW_ONSTACK 0x08000000UL
#define RAW_RESTART 0x10000000UL
#define RAW_NODEFER 0x40000000UL

FN long on(int number, void *handler, unsigned long flags) {
    struct raw_action action = {handler, flags | RAW_RESTORER, raw_restorer, 0};
    return CALL(__NR_rt_sigaction, number, &action, 0, 8);
}

// ---------------------------------------------------------------- threads

struct raw_thread { volatile int tid; void *stack; };

// Starts function(argument) in a new thread of this process, as a runtime of its own does; `flags` are added.
FN long start_thread(struct raw_thread *thread, void (*function)(void *), void *argument, unsigned long flags, unsigned long tls) {
    thread->stack = pages(16, 3);
    long *top = (long *)((char *)thread->stack + 16 * 4096);
    *--top = (long)argument;
    *--top = (long)function;
    long result;
    thread->tid = -1;
    register long r10 __asm__("r10") = (long)&thread->tid, r8 __asm__("r8") = (long)tls;
    __asm__ volatile(
        "syscall\n test %%eax, %%eax\n jnz 1f\n"
        "xor %%ebp, %%ebp\n pop %%rax\n pop %%rdi\n and $-16, %%rsp\n call *%%rax\n"
        "mov $60, %%eax\n xor %%edi, %%edi\n syscall\n"
        "1:"
        : "=a"(result)
        : "a"(__NR_clone), "D"(0x50f00UL | 0x200000UL | 0x100000UL | flags), "S"(top), "d"(&thread->tid), "r"(r10), "r"(r8)
        : "rcx", "r11", "memory");
    return result;
}
// Waits for its end by the word that the kernel clears.
FN void join_thread(struct raw_thread *thread) {
    int tid;
    while ((tid = thread->tid) != 0) CALL(__NR_futex, &thread->tid, 0, tid, 0, 0, 0);
    CALL(__NR_munmap, thread->stack, 16 * 4096);
}

#endif
