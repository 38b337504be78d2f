// Every combination of flags survives a call from a site that is called often.
// flags: -static -nostdlib -nostartfiles -fno-stack-protector -fno-builtin
#include "../raw.h"

#define SITE(name, number) \
    __attribute__((noinline)) static long name(long set) { \
        long after, result; \
        __asm__ volatile("pushf\n pop %%r12\n push %3\n popf\n mov $" number ", %%eax\n syscall\n pushf\n pop %1\n push %%r12\n popf\n" \
                         : "=a"(result), "=&r"(after) : "a"(0L), "r"(set), "D"(-1L) : "rcx", "r11", "r12", "memory", "cc"); \
        return after; \
    }
SITE(flags_of_getpid, "39")
SITE(flags_of_close, "3")

int raw_main(long *stack) {
    (void)stack;
    // CF PF AF ZF SF DF OF AC ID
    static const long bits[] = {1, 4, 0x10, 0x40, 0x80, 0x400, 0x800, 0x40000, 0x200000};
    long all = 0, wrong = 0, first = 0;
    for (int i = 0; i < 9; i++) all |= bits[i];
    for (int round = 0; round < 5; round++) {
        for (int n = 0; n < 512; n++) {
            long set = 0x202;
            for (int i = 0; i < 9; i++) if (n >> i & 1) set |= bits[i];
            long one = flags_of_getpid(set), two = flags_of_close(set);
            if (((one ^ set) | (two ^ set)) & all) {
                if (!wrong) first = set;
                wrong++;
            }
        }
    }
    say_number("wrong:", wrong);
    say_number("first:", first);
    return raw_failures;
}
