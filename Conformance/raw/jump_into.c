// Jumps straight to a system call instruction whose preceding bytes look like the setting of its number.
// flags: -static -nostdlib -nostartfiles -fno-stack-protector -fno-builtin
#include "../raw.h"

extern long into_whole(long), into_middle(long), into_inside_imm(long), into_loop(long), into_next(long);
__asm__(
    ".text\n .balign 16\n"
    // Whole: getpid. Entered at the call itself: the number of the caller.
    "into_whole: mov $39, %eax\n into_whole_call: syscall\n ret\n"
    "into_middle: mov %rdi, %rax\n xor %edi, %edi\n jmp into_whole_call\n"
    // Entered in the middle of the mov: other instructions. b8 27 0f 05 00 ...: at +2 the bytes are 0f 05, a system call.
    ".balign 16\n"
    "into_imm: .byte 0xb8, 0x27, 0x0f, 0x05, 0xc3\n syscall\n ret\n" // mov $0xc3050f27,%eax; syscall -- or at +2: syscall; ret
    "into_inside_imm: mov %rdi, %rax\n xor %edi, %edi\n jmp into_imm + 2\n"
    // A loop back to the call: the first time with one number, then with another.
    ".balign 16\n"
    "into_loop: push %rbx\n xor %ebx, %ebx\n xor %r12d, %r12d\n mov $39, %eax\n 1: syscall\n add %rax, %r12\n mov $110, %eax\n inc %ebx\n cmp $3, %ebx\n jne 1b\n mov %r12, %rax\n pop %rbx\n ret\n"
    // A jump to the instruction after the call.
    ".balign 16\n"
    "into_next: mov %rdi, %rax\n test %rdi, %rdi\n jnz 2f\n mov $39, %eax\n syscall\n 2: ret\n"
    ".globl into_imm_whole\n into_imm_whole: jmp into_imm\n");
extern long into_imm_whole(void);

int raw_main(long *stack) {
    (void)stack;
    long pid = CALL(__NR_getpid), parent = CALL(__NR_getppid), tid = CALL(__NR_gettid);
    bool whole = true, middle = true, inside = true, loop = true, next = true, again = true, odd = true;
    for (int i = 0; i < 50; i++) whole &= into_whole(0) == pid;
    for (int i = 0; i < 50; i++) middle &= into_middle(i % 2 ? __NR_getppid : __NR_gettid) == (i % 2 ? parent : tid);
    for (int i = 0; i < 50; i++) again &= into_whole(0) == pid && into_middle(__NR_getppid) == parent;
    for (int i = 0; i < 50; i++) inside &= into_inside_imm(__NR_getppid) == parent;
    for (int i = 0; i < 50; i++) odd &= into_imm_whole() == -38;
    for (int i = 0; i < 50; i++) inside &= into_inside_imm(__NR_gettid) == tid;
    long saved;
    for (int i = 0; i < 50; i++) {
        __asm__ volatile("call into_loop" : "=a"(saved) : : "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "memory", "cc");
        loop &= saved == pid + 2 * parent;
    }
    for (int i = 0; i < 50; i++) next &= into_next(0) == pid && into_next(77) == 77;
    check("whole", whole);
    check("straight to the call", middle);
    check("both by turns", again);
    check("into the number's bytes", inside);
    check("the number as it stands there", odd);
    check("loop back to the call", loop);
    check("behind the call", next);
    return raw_failures;
}
