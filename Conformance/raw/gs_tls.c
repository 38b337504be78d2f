// Thread local storage through %gs: set by arch_prctl, in one thread and many, over signals, forks and calls.
// flags: -static -nostdlib -nostartfiles -fno-stack-protector -fno-builtin
#include "../raw.h"

#define SET_GS 0x1001
#define GET_GS 0x1004
static unsigned long read_gs(void) {
    unsigned long value;
    __asm__ volatile("mov %%gs:0, %0" : "=r"(value));
    return value;
}
static void write_gs(unsigned long value) { __asm__ volatile("mov %0, %%gs:8" : : "r"(value) : "memory"); }
static volatile unsigned long seen;
static void handler(int number) {
    (void)number;
    seen = read_gs();
    CALL(__NR_getpid);
    if (read_gs() != seen) seen = 0;
}
static volatile int wrong;
static void body(void *argument) {
    unsigned long *block = pages(1, 3), base = 0;
    if (CALL(__NR_arch_prctl, GET_GS, &base) != 0) wrong = 1;
    block[0] = (unsigned long)argument;
    CALL(__NR_arch_prctl, SET_GS, block);
    for (int i = 0; i < 2000; i++) {
        if (read_gs() != (unsigned long)argument) wrong = 2;
        write_gs((unsigned long)i);
        if (i % 3 == 0) CALL(__NR_gettid);
        if (i % 500 == 0) CALL(__NR_sched_yield);
        if (block[1] != (unsigned long)i) wrong = 3;
        CALL(__NR_arch_prctl, GET_GS, &base);
        if (base != (unsigned long)block) wrong = 4;
    }
}

int raw_main(long *stack) {
    (void)stack;
    unsigned long base = 1, *block = pages(1, 3), *other = pages(1, 3);
    say_number("get:", CALL(__NR_arch_prctl, GET_GS, &base));
    say_number("base at first:", (long)base);
    block[0] = 0x1111;
    other[0] = 0x2222;
    say_number("set:", CALL(__NR_arch_prctl, SET_GS, block));
    CALL(__NR_arch_prctl, GET_GS, &base);
    check("get gives what was set", base == (unsigned long)block);
    check("loads through it", read_gs() == 0x1111);
    write_gs(77);
    check("stores through it", block[1] == 77);
    bool right = true;
    for (int i = 0; i < 1000; i++) {
        CALL(__NR_getpid);
        right &= read_gs() == 0x1111;
    }
    check("over calls", right);
    CALL(__NR_arch_prctl, SET_GS, other);
    check("set again", read_gs() == 0x2222);
    on(10, handler, 0);
    CALL(__NR_kill, CALL(__NR_getpid), 10);
    check("in a handler", seen == 0x2222);
    check("after it", read_gs() == 0x2222);
    check("in a child", CHILD_STATUS(CALL(__NR_exit_group, read_gs() == 0x2222 ? 3 : 4)) == 3 << 8);
    struct raw_thread threads[4];
    for (long i = 0; i < 4; i++) start_thread(&threads[i], body, (void *)(i + 100), 0, 0);
    for (int i = 0; i < 40; i++) {
        right &= read_gs() == 0x2222;
        CALL(__NR_sched_yield);
    }
    for (int i = 0; i < 4; i++) join_thread(&threads[i]);
    say_number("wrong in threads:", wrong);
    check("here all the while", right);
    // A fault through it, handled with it.
    CALL(__NR_arch_prctl, SET_GS, 0x7000000);
    check("a base with nothing there", (CHILD_STATUS(read_gs()) & 127) == 11);
    say_number("not canonical:", CALL(__NR_arch_prctl, SET_GS, 1L << 62));
    say_number("kernel's half:", CALL(__NR_arch_prctl, SET_GS, -4096L));
    CALL(__NR_arch_prctl, GET_GS, &base);
    check("unchanged by the refused ones", base == 0x7000000);
    say_number("to zero:", CALL(__NR_arch_prctl, SET_GS, 0));
    // The FS base as well, without a C library in the way.
    block[0] = 0x3333;
    say_number("set fs:", CALL(__NR_arch_prctl, 0x1002, block));
    unsigned long value;
    __asm__ volatile("mov %%fs:0, %0" : "=r"(value));
    check("loads through fs", value == 0x3333);
    CALL(__NR_arch_prctl, 0x1003, &base);
    check("get fs", base == (unsigned long)block);
    for (int i = 0; i < 100; i++) CALL(__NR_getppid);
    __asm__ volatile("mov %%fs:0, %0" : "=r"(value));
    check("over calls", value == 0x3333);
    return raw_failures;
}
