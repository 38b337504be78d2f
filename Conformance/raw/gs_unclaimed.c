// %gs before a program has set its base: zero, with nothing mapped there.
// flags: -static -nostdlib -nostartfiles -fno-stack-protector -fno-builtin
#include "../raw.h"

int raw_main(long *stack) {
    unsigned long base = 1, value;
    long *p = stack + 1 + stack[0] + 1;
    while (*p++) {}
    unsigned long hwcap2 = 0;
    for (; p[0]; p += 2)
        if (p[0] == 26) hwcap2 = (unsigned long)p[1];
    say_number("get:", CALL(__NR_arch_prctl, 0x1004, &base));
    say_number("base:", (long)base);
    if (hwcap2 & 2) {
        __asm__ volatile("rdgsbase %0" : "=r"(base));
        say_number("rdgsbase:", (long)base);
    }
    check("a load through it faults", (CHILD_STATUS(({ __asm__ volatile("mov %%gs:0, %0" : "=r"(value)); value; })) & 127) == 11);
    return raw_failures;
}
