// All general registers survive a signal that lands anywhere: in a loop of arithmetic, and in a loop of calls.
#include "../tasks.h"

static volatile sig_atomic_t caught;
static void handler(int number) {
    (void)number;
    caught++;
    __asm__ volatile("xor %%eax, %%eax\n xor %%ebx, %%ebx\n xor %%ecx, %%ecx\n xor %%edx, %%edx\n xor %%esi, %%esi\n xor %%edi, %%edi\n"
                     "xor %%r8, %%r8\n xor %%r9, %%r9\n xor %%r10, %%r10\n xor %%r11, %%r11\n xor %%r12, %%r12\n xor %%r13, %%r13\n"
                     "xor %%r14, %%r14\n xor %%r15, %%r15\n stc" ::: "rax", "rbx", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "cc");
}

// Runs `rounds` rounds with a pattern in every register; 0 when all were kept, else the number of the register.
static long spin(long rounds, long number) {
    long result;
    __asm__ volatile(
        "push %%rbp\n push %%rbx\n sub $256, %%rsp\n"
        "mov %1, 8(%%rsp)\n mov %2, 16(%%rsp)\n"
        "1:\n"
        "mov $0x1111, %%ebx\n mov $0x2222, %%edx\n mov $0x3333, %%esi\n mov $0x4444, %%edi\n mov $0x5555, %%ebp\n"
        "mov $0x6666, %%r8d\n mov $0x7777, %%r9d\n mov $0x8888, %%r10d\n mov $0x9999, %%r12d\n mov $0xaaaa, %%r13d\n"
        "mov $0xbbbb, %%r14d\n mov $0xcccc, %%r15d\n"
        "movq $0x77, -8(%%rsp)\n movq $0x78, -128(%%rsp)\n" // the red zone
        "mov 16(%%rsp), %%rax\n test %%rax, %%rax\n js 2f\n syscall\n jmp 3f\n"
        "2: mov $200, %%ecx\n 4: dec %%ecx\n jnz 4b\n"
        "3:\n"
        "mov $1, %%eax\n cmp $0x1111, %%rbx\n jne 9f\n"
        "inc %%eax\n cmp $0x2222, %%rdx\n jne 9f\n"
        "inc %%eax\n cmp $0x3333, %%rsi\n jne 9f\n"
        "inc %%eax\n cmp $0x4444, %%rdi\n jne 9f\n"
        "inc %%eax\n cmp $0x5555, %%rbp\n jne 9f\n"
        "inc %%eax\n cmp $0x6666, %%r8\n jne 9f\n"
        "inc %%eax\n cmp $0x7777, %%r9\n jne 9f\n"
        "inc %%eax\n cmp $0x8888, %%r10\n jne 9f\n"
        "inc %%eax\n cmp $0x9999, %%r12\n jne 9f\n"
        "inc %%eax\n cmp $0xaaaa, %%r13\n jne 9f\n"
        "inc %%eax\n cmp $0xbbbb, %%r14\n jne 9f\n"
        "inc %%eax\n cmp $0xcccc, %%r15\n jne 9f\n"
        "inc %%eax\n cmpq $0x77, -8(%%rsp)\n jne 9f\n"
        "inc %%eax\n cmpq $0x78, -128(%%rsp)\n jne 9f\n"
        "decq 8(%%rsp)\n jnz 1b\n xor %%eax, %%eax\n"
        "9: add $256, %%rsp\n pop %%rbx\n pop %%rbp\n"
        : "=a"(result) : "r"(rounds), "r"(number) : "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "memory", "cc");
    return result;
}

TEST {
    struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};
    MUST(sigaction(SIGALRM, &action, NULL));
    struct itimerval every = {{0, 300}, {0, 300}};
    MUST(setitimer(ITIMER_REAL, &every, NULL));
    long end = now_ms() + 60, bad = 0, rounds = 0;
    while (!bad && (now_ms() < end || caught < 10) && rounds++ < 100000) bad = spin(100, -1);
    T("arithmetic: register %ld lost", bad);
    caught = 0;
    end = now_ms() + 60, rounds = 0;
    while (!bad && (now_ms() < end || caught < 10) && rounds++ < 100000) bad = spin(50, SYS_getppid);
    T("getppid: register %ld lost", bad);
    caught = 0;
    end = now_ms() + 60, rounds = 0;
    while (!bad && (now_ms() < end || caught < 10) && rounds++ < 100000) bad = spin(50, 999);
    T("an unknown call: register %ld lost", bad);
    stop_ticks();
    CHECK(caught >= 10);
}
