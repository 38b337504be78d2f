// The three old vsyscall entries at their fixed address: they work, or are not there. And a jump to their middle.
// flags: -static -nostdlib -nostartfiles -fno-stack-protector -fno-builtin
#include "../raw.h"

// Exit statuses: 1 right, 2 wrong.
static int gettimeofday_(void) {
    long t[2] = {0, -1}, n[2];
    long result = ((long (*)(long *, void *))0xffffffffff600000)(t, 0);
    CALL(__NR_clock_gettime, 0, n);
    return result == 0 && n[0] - t[0] <= 1 && t[1] >= 0 && t[1] < 1000000 ? 1 : 2;
}
static int time_(void) {
    long n[2], t = ((long (*)(long *))0xffffffffff600400)(0);
    CALL(__NR_clock_gettime, 0, n);
    return n[0] - t <= 1 && t - n[0] <= 1 ? 1 : 2;
}
static int getcpu_(void) {
    unsigned cpu = 9999;
    return ((long (*)(unsigned *, unsigned *, void *))0xffffffffff600800)(&cpu, 0, 0) == 0 && cpu < 4096 ? 1 : 2;
}
static int bad_pointer(void) { ((long (*)(long *, void *))0xffffffffff600000)((long *)8, 0); return 2; }

int raw_main(long *stack) {
    (void)stack;
    // 1 << 8: worked. 11 or 139: no such thing here.
    int a = CHILD_STATUS(CALL(__NR_exit_group, gettimeofday_())), b = CHILD_STATUS(CALL(__NR_exit_group, time_())), c = CHILD_STATUS(CALL(__NR_exit_group, getcpu_()));
    check("gettimeofday right or refused", a == 1 << 8 || (a & 127) == 11);
    check("time right or refused", b == 1 << 8 || (b & 127) == 11);
    check("getcpu right or refused", c == 1 << 8 || (c & 127) == 11);
    int d = CHILD_STATUS(CALL(__NR_exit_group, bad_pointer()));
    check("bad pointer: SIGSEGV or refused", (d & 127) == 11 || d == 2 << 8);
    check("jump into the middle: SIGSEGV", (CHILD_STATUS(((void (*)(void))0xffffffffff600009)()) & 127) == 11);
    check("beyond the entries: SIGSEGV", (CHILD_STATUS(((void (*)(void))0xffffffffff600c00)()) & 127) == 11);
    return raw_failures;
}
