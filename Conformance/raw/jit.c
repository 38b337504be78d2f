// Code that is made, changed and run while the program goes on, with system calls in it; by several threads.
// flags: -static -nostdlib -nostartfiles -fno-stack-protector -fno-builtin
#include "../raw.h"

typedef long (*function)(long, long, long);
static unsigned char *area;
static void emit(unsigned char *at, int number) { // mov $number, %eax; syscall; ret
    unsigned char code[] = {0xb8, (unsigned char)number, (unsigned char)(number >> 8), 0, 0, 0x0f, 0x05, 0xc3};
    memcpy(at, code, sizeof code);
}
static volatile int go, wrong;
static void runs(void *argument) {
    (void)argument;
    while (!go) {}
    long tid = CALL(__NR_gettid);
    for (int i = 0; i < 2000; i++)
        if (((function)(area + 256))(0, 0, 0) != tid) __atomic_fetch_add(&wrong, 1, __ATOMIC_SEQ_CST);
}

int raw_main(long *stack) {
    (void)stack;
    long pid = CALL(__NR_getpid), parent = CALL(__NR_getppid), tid = CALL(__NR_gettid);
    area = pages(4, 7);
    check("writable and executable memory", (unsigned long)area < -4095UL);
    // The number changes under the same call.
    bool right = true;
    for (int i = 0; i < 200; i++) {
        emit(area, i % 3 == 0 ? __NR_getpid : i % 3 == 1 ? __NR_getppid : __NR_gettid);
        long got = ((function)area)(0, 0, 0);
        right &= got == (i % 3 == 0 ? pid : i % 3 == 1 ? parent : tid);
    }
    check("another number each time", right);
    // Code of another shape takes the place of a call that has run often.
    for (int i = 0; i < 100; i++) ((function)area)(0, 0, 0);
    static const unsigned char other[] = {0x48, 0x8d, 0x04, 0x37, 0x90, 0x90, 0x90, 0xc3}; // lea (%rdi,%rsi),%rax
    memcpy(area, other, sizeof other);
    check("replaced", ((function)area)(40, 2, 0) == 42);
    emit(area, __NR_getpid);
    check("and back", ((function)area)(0, 0, 0) == pid);
    bool same = true;
    for (int i = 0; i < 100; i++) same &= ((function)area)(0, 0, 0) == pid;
    check("again and again", same);
    static const unsigned char expected[] = {0xb8, 39, 0, 0, 0, 0x0f, 0x05, 0xc3};
    same = true;
    for (int i = 0; i < 8; i++) same &= area[i] == expected[i];
    check("reads as written", same);

    // Written, then made executable, then written again.
    unsigned char *strict = pages(1, 3);
    right = true;
    for (int i = 0; i < 20; i++) {
        CALL(__NR_mprotect, strict, 4096, 3);
        emit(strict, i % 2 ? __NR_getpid : __NR_getppid);
        CALL(__NR_mprotect, strict, 4096, 5);
        for (int n = 0; n < 10; n++) right &= ((function)strict)(0, 0, 0) == (i % 2 ? pid : parent);
    }
    check("mprotect by turns", right);
    check("not writable then", CHILD_STATUS(*strict = 0) == 11);

    // Two mappings of one memory: written here, run there.
    long memfd = CALL(__NR_memfd_create, "code", 0);
    CALL(__NR_ftruncate, memfd, 4096);
    unsigned char *writable = (unsigned char *)CALL(__NR_mmap, 0, 4096, 3, 1, memfd, 0), *runnable = (unsigned char *)CALL(__NR_mmap, 0, 4096, 5, 1, memfd, 0);
    right = true;
    for (int i = 0; i < 40; i++) {
        emit(writable, i % 2 ? __NR_getpid : __NR_getppid);
        for (int n = 0; n < 5; n++) right &= ((function)runnable)(0, 0, 0) == (i % 2 ? pid : parent);
    }
    check("two mappings", right);
    // Mapped away and another page at the same place.
    right = true;
    for (int i = 0; i < 20; i++) {
        CALL(__NR_mmap, strict, 4096, 7, 0x32, -1, 0);
        emit(strict + i % 5, i % 2 ? __NR_getpid : __NR_gettid);
        for (int n = 0; n < 5; n++) right &= ((function)(strict + i % 5))(0, 0, 0) == (i % 2 ? pid : tid);
    }
    check("another page at the same place", right);
    // Moved by mremap; copied by fork.
    emit(area, __NR_getppid);
    for (int n = 0; n < 50; n++) ((function)area)(0, 0, 0);
    check("in a child", CHILD_STATUS(CALL(__NR_exit_group, ((function)area)(0, 0, 0) == pid ? 5 : 6)) == 5 << 8);
    unsigned char *moved = (unsigned char *)CALL(__NR_mremap, area, 4 * 4096, 4 * 4096, 3, 0x10000000);
    check("moved", moved == (unsigned char *)0x10000000 && ((function)moved)(0, 0, 0) == parent);
    area = moved;

    // Threads meet at a call that nobody has run before.
    for (int round = 0; round < 5; round++) {
        struct raw_thread threads[4];
        go = 0;
        static const unsigned char nops[16] = {0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90};
        memcpy(area + 256, nops, 16);
        emit(area + 256 + round * 3, __NR_gettid);
        for (int i = 0; i < 4; i++) start_thread(&threads[i], runs, 0, 0, 0);
        go = 1;
        for (int i = 0; i < 4; i++) join_thread(&threads[i]);
    }
    say_number("wrong in threads:", wrong);
    return raw_failures;
}
