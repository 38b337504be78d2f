// System call instructions in every shape that compilers and people write.
// flags: -static -nostdlib -nostartfiles -fno-stack-protector -fno-builtin
#include "../raw.h"

extern long shape_imm(void), shape_imm64(void), shape_movabs(void), shape_push(void), shape_memory(void), shape_register(void), shape_lea(void),
    shape_inc(void), shape_or(void), shape_far(void), shape_jumped(void), shape_called(void), shape_prefix(void), shape_followed_cmp64(void),
    shape_followed_cmp32(void), shape_ret(void), shape_indirect(void), shape_conditional(void), shape_table(void), shape_across_page(void);
extern void shape_xor(void *);

__asm__(
    ".data\n"
    "shape_number: .long 39\n"
    "shape_target: .quad shape_syscall\n"
    ".text\n"
    "shape_imm: mov $39, %eax\n syscall\n ret\n"
    "shape_imm64: mov $39, %rax\n syscall\n ret\n"
    "shape_movabs: movabs $39, %rax\n syscall\n ret\n"
    "shape_push: push $39\n pop %rax\n syscall\n ret\n"
    "shape_memory: mov shape_number(%rip), %eax\n syscall\n ret\n"
    "shape_register: mov $39, %edx\n mov %edx, %eax\n syscall\n ret\n"
    "shape_lea: xor %edx, %edx\n lea 39(%rdx), %eax\n syscall\n ret\n"
    "shape_inc: mov $38, %eax\n inc %eax\n syscall\n ret\n"
    "shape_or: xor %eax, %eax\n or $39, %eax\n syscall\n ret\n"
    "shape_far: mov $39, %eax\n .fill 40, 1, 0x90\n syscall\n ret\n"
    "shape_jumped: mov $39, %eax\n jmp shape_syscall\n .fill 8, 1, 0xcc\n"
    "shape_called: mov $39, %eax\n call shape_syscall\n ret\n"
    "shape_prefix: mov $39, %eax\n .byte 0x48\n syscall\n ret\n" // a REX prefix
    "shape_followed_cmp64: mov $39, %eax\n syscall\n cmp $-4095, %rax\n jae 1f\n ret\n 1: ud2\n"
    "shape_followed_cmp32: mov $39, %eax\n syscall\n cmp $-4095, %eax\n jae 1f\n ret\n 1: ud2\n"
    "shape_ret: mov $39, %eax\n shape_syscall: syscall\n ret\n"
    "shape_indirect: mov $39, %eax\n jmp *shape_target(%rip)\n"
    "shape_conditional: mov $39, %eax\n test %eax, %eax\n jz 1f\n syscall\n 1: ret\n"
    "shape_xor: xor %eax, %eax\n syscall\n ret\n"
    ".balign 4096\n .fill 4090, 1, 0x90\n"
    "shape_across_page: mov $39, %eax\n .byte 0x0f\n .byte 0x05\n ret\n" // 0f is the last byte of the page
    // A table of entries as assembly libraries have it: number and call, 16 bytes each.
    ".balign 16\n"
    "shape_table_start:\n"
    ".set n, 0\n .rept 60\n mov $n, %eax\n syscall\n ret\n .balign 16\n .set n, n + 1\n .endr\n"
    "shape_table: lea shape_table_start(%rip), %rdx\n add $39*16, %rdx\n jmp *%rdx\n");

static void try(const char *label, long (*function)(void)) {
    long pid = CALL(__NR_getpid);
    bool right = true;
    for (int i = 0; i < 100; i++) right &= function() == pid; // learned or not, it stays right
    check(label, right);
}

int raw_main(long *stack) {
    (void)stack;
    try("mov $39, %eax", shape_imm);
    try("mov $39, %rax", shape_imm64);
    try("movabs", shape_movabs);
    try("push and pop", shape_push);
    try("from memory", shape_memory);
    try("from a register", shape_register);
    try("lea", shape_lea);
    try("inc", shape_inc);
    try("or", shape_or);
    try("far from its number", shape_far);
    try("jumped to", shape_jumped);
    try("called", shape_called);
    try("with a prefix", shape_prefix);
    try("followed by cmp %rax", shape_followed_cmp64);
    try("followed by cmp %eax", shape_followed_cmp32);
    try("followed by ret", shape_ret);
    try("indirect", shape_indirect);
    try("behind a conditional jump", shape_conditional);
    try("table", shape_table);
    try("across a page", shape_across_page);
    // xor %eax, %eax: read.
    int ends[2];
    CALL(__NR_pipe, ends);
    char byte = 0;
    bool right = true;
    for (int i = 0; i < 100; i++) {
        char c = (char)('a' + i % 26);
        CALL(__NR_write, ends[1], &c, 1);
        long result;
        __asm__ volatile("call shape_xor" : "=a"(result) : "D"((long)ends[0]), "S"(&byte), "d"(1L) : "rcx", "r11", "memory");
        right &= result == 1 && byte == c;
    }
    check("xor %eax, %eax", right);
    // In a loop without anything else.
    long count = 1000, result;
    __asm__ volatile("1: mov $39, %%eax\n syscall\n dec %1\n jnz 1b" : "=a"(result), "+r"(count) : : "rcx", "r11", "memory", "cc");
    check("loop", result == CALL(__NR_getpid));
    count = 1000;
    __asm__ volatile("mov $39, %%r12d\n 1: mov %%r12d, %%eax\n syscall\n dec %1\n jnz 1b" : "=a"(result), "+r"(count) : : "rcx", "r11", "r12", "memory", "cc");
    check("loop with the number in a register", result == CALL(__NR_getpid));
    return raw_failures;
}
