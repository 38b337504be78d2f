// A program reads its own instructions: they are the same before and after their calls have been made.
// flags: -static -nostdlib -nostartfiles -fno-stack-protector -fno-builtin
#include "../raw.h"

extern const unsigned char text_start[], text_end[];
extern long text_call(void);
__asm__(".text\n.globl text_start\ntext_start:\ntext_call: mov $39, %eax\n syscall\n cmp $-4095, %rax\n jae 1f\n ret\n 1: neg %eax\n ret\n.globl text_end\ntext_end:\n");
extern char __executable_start[], etext[];

static unsigned long sum(const unsigned char *from, const unsigned char *to) {
    unsigned long value = 14695981039346656037UL;
    for (; from < to; from++) value = (value ^ *from) * 1099511628211UL;
    return value;
}

int raw_main(long *stack) {
    (void)stack;
    unsigned long before = sum(text_start, text_end), all = sum((unsigned char *)raw_main, (unsigned char *)etext);
    for (int i = 0; i < 1000; i++) text_call();
    check("one call's bytes", sum(text_start, text_end) == before);
    check("all of the text", sum((unsigned char *)raw_main, (unsigned char *)etext) == all);
    // Read by the kernel: written to a pipe and compared.
    int ends[2];
    unsigned char copy[64];
    CALL(__NR_pipe, ends);
    CALL(__NR_write, ends[1], text_start, text_end - text_start);
    CALL(__NR_read, ends[0], copy, sizeof copy);
    check("as the kernel reads them", sum(copy, copy + (text_end - text_start)) == before);
    return raw_failures;
}
