// The 32-bit entries: int $0x80, sysenter, far calls. Hosts differ in having them; a program that tries has to come out of it.
// flags: -static -nostdlib -nostartfiles -fno-stack-protector -fno-builtin
#include "../raw.h"

int raw_main(long *stack) {
    (void)stack;
    // getpid is 20 there. Whatever comes of it, answer, error or signal, is no line of output.
    CHILD_STATUS({ CALL(__NR_alarm, 1); long r; __asm__ volatile("int $0x80" : "=a"(r) : "a"(20L) : "r8", "r9", "r10", "r11", "memory"); });
    say("survived int $0x80");
    CHILD_STATUS({ CALL(__NR_alarm, 1); long r; __asm__ volatile("mov %%rsp, %%rbp\n sysenter" : "=a"(r) : "a"(20L) : "rcx", "rdx", "r11", "memory"); });
    say("survived sysenter");
    CHILD_STATUS({ CALL(__NR_alarm, 1); long r; __asm__ volatile("int $0x80" : "=a"(r) : "a"(-1L) : "r8", "r9", "r10", "r11", "memory"); });
    say("survived an unknown number");
    // fork is 2, kill is 37: no stray process, nobody else hurt.
    long pid = CALL(__NR_getpid);
    CHILD_STATUS({ CALL(__NR_alarm, 1); long r; __asm__ volatile("int $0x80" : "=a"(r) : "a"(37L), "b"(0x7fffffffL), "c"(9L) : "r8", "r9", "r10", "r11", "memory"); });
    check("still the same process", CALL(__NR_getpid) == pid);
    // Selectors of 32-bit code: a far jump there and an int from there.
    CHILD_STATUS({ CALL(__NR_alarm, 1); __asm__ volatile("push $0x23\n push $0x1000\n lretq" ::: "memory"); });
    say("survived a far return");
    CHILD_STATUS({ CALL(__NR_alarm, 1); __asm__ volatile("lcall *(%%rsp)" ::: "memory"); });
    say("survived a far call");
    return raw_failures;
}
