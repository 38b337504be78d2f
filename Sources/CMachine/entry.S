// Kernel entry and exit, the gate, and the copies that may fault.
//
// Everything here runs in guest processes at the guest's privilege. The kernel is compiled without
// vector instructions, so vector and x87 state stays live in the registers through a call.
#if MARTLET_IMAGE
#include "layout.h"

    .section .text.martlet_entry, "axR", @progbits

// ---------------------------------------------------------------------------------------------
// The fast entry, reached by a jump from a trampoline that replaced the instruction before a `syscall`.
//   rax: call number, r11: address after the `syscall`, rcx: free (a syscall clobbers both).
// The flags are the guest's, and the guest's stack may be anywhere: nothing may change the flags before the stack
// is the kernel's. So the test that %gs is ours turns the base around, which leaves the upper half of the address in the
// lower half of rcx, and subtracts what it must be.
// ---------------------------------------------------------------------------------------------
    .globl  martlet_entry
    .p2align 6
martlet_entry:
    rdgsbase %rcx
    bswap   %rcx
    lea     -ML_SLOTS_TURNED(%rcx), %rcx
    jecxz   .Lown_gs
    // The guest owns %gs: take the slow path, by executing the `syscall` that the site still has.
    lea     -2(%r11), %rcx
    jmp     *%rcx
.Lown_gs:
    lea     ML_SLOTS_TURNED(%rcx), %rcx
    bswap   %rcx
    mov     %rsp, (F_RSP - ML_FRAME_SIZE)(%rcx)
    lea     -ML_FRAME_SIZE(%rcx), %rsp
    pushfq
    pop     %rcx
    mov     %rax, F_ORIG(%rsp)
    mov     %rax, F_RAX(%rsp)
    mov     %r11, F_RIP(%rsp)
    mov     %r11, F_RCX(%rsp)
    mov     %rdi, F_RDI(%rsp)
    mov     %rsi, F_RSI(%rsp)
    mov     %rdx, F_RDX(%rsp)
    mov     %r10, F_R10(%rsp)
    mov     %r8,  F_R8(%rsp)
    mov     %r9,  F_R9(%rsp)
    mov     %rbx, F_RBX(%rsp)
    mov     %rbp, F_RBP(%rsp)
    mov     %r12, F_R12(%rsp)
    mov     %r13, F_R13(%rsp)
    mov     %r14, F_R14(%rsp)
    mov     %r15, F_R15(%rsp)
    mov     %rcx, F_FLAGS(%rsp)
    mov     %rcx, F_R11(%rsp)
    test    $0x400, %ecx             // DF: few programs set it, and cld costs even when it is clear
    jnz     .Lclear_direction
.Ldirection_clear:
    mov     %rsp, %rdi
    call    martlet_syscall
    mov     %rax, F_RAX(%rsp)

// Between exit_window_start and exit_window_end a host signal rewinds to martlet_exit, so that work
// posted after the check is not missed. The frame stays intact until the guest runs.
    .globl  martlet_exit_window_start
martlet_exit_window_start:
martlet_exit:
    cmpl    $0, B_WORK(%rsp)
    jne     .Lslow
    mov     F_FLAGS(%rsp), %r11
    mov     F_RDI(%rsp), %rdi
    mov     F_RSI(%rsp), %rsi
    mov     F_RDX(%rsp), %rdx
    mov     F_R10(%rsp), %r10
    mov     F_R8(%rsp),  %r8
    mov     F_R9(%rsp),  %r9
    // popfq takes as long as all the loads together, and is needed only where the kernel may have changed more
    // than the arithmetic flags: TF, DF, NT or AC are set.
    mov     %r11d, %eax
    test    $0x44500, %r11d
    jnz     .Lall_flags
    shr     $11, %eax
    and     $1, %eax
    add     $0x7fffffff, %eax        // OF
    mov     %r11d, %eax
    mov     %al, %ah
    sahf                             // SF ZF AF PF CF
    mov     F_RAX(%rsp), %rax
    mov     F_RIP(%rsp), %rcx
    mov     F_RSP(%rsp), %rsp
    jmp     *%rcx

.Lall_flags:
    mov     F_RAX(%rsp), %rax
    mov     F_RIP(%rsp), %rcx
    push    %r11
    popfq
    mov     F_RSP(%rsp), %rsp
    jmp     *%rcx

    .globl  martlet_exit_full
martlet_exit_full:
    cmpl    $0, B_WORK(%rsp)
    jne     .Lslow
    mov     F_R15(%rsp), %r15
    mov     F_R14(%rsp), %r14
    mov     F_R13(%rsp), %r13
    mov     F_R12(%rsp), %r12
    mov     F_RBP(%rsp), %rbp
    mov     F_RBX(%rsp), %rbx
    mov     F_R11(%rsp), %r11
    mov     F_R10(%rsp), %r10
    mov     F_R9(%rsp),  %r9
    mov     F_R8(%rsp),  %r8
    mov     F_RAX(%rsp), %rax
    mov     F_RCX(%rsp), %rcx
    mov     F_RDX(%rsp), %rdx
    mov     F_RSI(%rsp), %rsi
    mov     F_RDI(%rsp), %rdi
    // The 128 bytes below stay intact if a signal comes now: they are the host's red zone.
    lea     F_RIP(%rsp), %rsp
    iretq
    .globl  martlet_exit_window_end
martlet_exit_window_end:
    nop

.Lslow:
    mov     %rsp, %rdi
    call    martlet_exit_work
    jmp     martlet_exit_full

.Lclear_direction:
    cld
    jmp     .Ldirection_clear

// ---------------------------------------------------------------------------------------------
// Host signals. rdi: signo, rsi: siginfo, rdx: ucontext; on the kernel stack of this thread.
// ---------------------------------------------------------------------------------------------
    .globl  ml_signal_entry
ml_signal_entry:
    sub     $8, %rsp
    // A guest that wants alignment faults (EFLAGS.AC) does not get them for the kernel.
    pushfq
    andl    $~0x40000, (%rsp)
    popfq
    call    ml_host_signal
    add     $8, %rsp
    test    %eax, %eax
    jnz     1f
    ret                              // to the restorer below
1:  // From the guest: its registers are in the frame, its vector state is live again.
    mov     %rsp, %rax
    or      $((1 << ML_SLOT_SHIFT) - 1), %rax
    lea     1 - ML_BLOCK_SIZE - ML_FRAME_SIZE(%rax), %rsp
    mov     %rsp, %rdi
    call    martlet_trap
    jmp     martlet_exit_full

    .globl  ml_signal_restorer
ml_signal_restorer:
    mov     $15, %eax                // rt_sigreturn
    jmp     ml_gate_instruction

    .globl  ml_child_start
ml_child_start:                      // rsp: the new thread's frame
    mov     %rsp, %rdi
    call    ml_child_started_c
    jmp     martlet_exit_full

    .globl  ml_enter_guest
ml_enter_guest:
    mov     %rsp, %rax
    or      $((1 << ML_SLOT_SHIFT) - 1), %rax
    lea     1 - ML_BLOCK_SIZE - ML_FRAME_SIZE(%rax), %rsp
    jmp     martlet_exit_full

    .globl  ml_restart_stack
ml_restart_stack:
    mov     %rsp, %rax
    or      $((1 << ML_SLOT_SHIFT) - 1), %rax
    lea     1 - ML_BLOCK_SIZE - ML_FRAME_SIZE(%rax), %rsp
    mov     %rdi, %rax
    mov     %rsi, %rdi
    call    *%rax
    ud2

// ---------------------------------------------------------------------------------------------
// The gate: the only `syscall` instruction of the image. ml_gate(nr, a0..a5).
// ---------------------------------------------------------------------------------------------
    .globl  ml_gate
ml_gate:
    mov     %rdi, %rax
    mov     %rsi, %rdi
    mov     %rdx, %rsi
    mov     %rcx, %rdx
    mov     %r8,  %r10
    mov     %r9,  %r8
    mov     8(%rsp), %r9
ml_gate_instruction:
    syscall
    .globl  ml_gate_return
ml_gate_return:
    ret

// ml_exit_thread(uint32_t *release, int32_t status, bool whole_process): after the store the slot,
// and with it this stack, may belong to another thread.
    .globl  ml_exit_thread
ml_exit_thread:
    mov     $60, %eax
    mov     $231, %ecx
    test    %edx, %edx
    cmovnz  %ecx, %eax
    test    %rdi, %rdi
    jz      1f
    movl    $0, (%rdi)
1:  mov     %esi, %edi
    jmp     ml_gate_instruction

    .globl  ml_boot_switch
ml_boot_switch:                      // rdi: new stack, rsi: function
    mov     %rdi, %rsp
    xor     %ebp, %ebp
    call    *%rsi
    ud2

    .globl  _martlet_start
_martlet_start:
    xor     %ebp, %ebp
    mov     %rsp, %rdi
    and     $-16, %rsp
    call    ml_boot
    ud2

    .globl  ml_rdfsbase, ml_wrfsbase, ml_rdgsbase, ml_wrgsbase
ml_rdfsbase:  rdfsbase %rax
    ret
ml_wrfsbase:  wrfsbase %rdi
    ret
ml_rdgsbase:  rdgsbase %rax
    ret
ml_wrgsbase:  wrgsbase %rdi
    ret

// ---------------------------------------------------------------------------------------------
// Copies between the kernel and the guest. A fault at an instruction between ml_fixup_start and
// ml_fixup_end continues at ml_copy_fault (rcx: bytes left) or ml_word_fault (result -1).
// ---------------------------------------------------------------------------------------------
    .globl  ml_copy_user_once, ml_fixup_start, ml_fixup_middle, ml_fixup_end
    .p2align 4
ml_fixup_start:
ml_copy_user_once:
    mov     %rdx, %rcx
    rep movsb
ml_copy_fault:
    mov     %rcx, %rax
    ret

    .globl  ml_clear_user_once
ml_clear_user_once:
    mov     %rsi, %rcx
    xor     %eax, %eax
    rep stosb
    mov     %rcx, %rax
    ret

ml_fixup_middle:
    .globl  ml_user_load8, ml_user_load16, ml_user_load32, ml_user_load64
ml_user_load8:  movzbl (%rdi), %eax
    mov     %rax, (%rsi)
    xor     %eax, %eax
    ret
ml_user_load16: movzwl (%rdi), %eax
    mov     %rax, (%rsi)
    xor     %eax, %eax
    ret
ml_user_load32: mov    (%rdi), %eax
    mov     %rax, (%rsi)
    xor     %eax, %eax
    ret
ml_user_load64: mov    (%rdi), %rax
    mov     %rax, (%rsi)
    xor     %eax, %eax
    ret
    .globl  ml_user_store8, ml_user_store16, ml_user_store32, ml_user_store64
ml_user_store8:  mov   %sil, (%rdi)
    xor     %eax, %eax
    ret
ml_user_store16: mov   %si, (%rdi)
    xor     %eax, %eax
    ret
ml_user_store32: mov   %esi, (%rdi)
    xor     %eax, %eax
    ret
ml_user_store64: mov   %rsi, (%rdi)
    xor     %eax, %eax
    ret
    .globl  ml_user_cmpxchg
ml_user_cmpxchg:                      // rdi address, esi expected, edx desired, rcx *seen
    mov     %esi, %eax
    lock cmpxchg %edx, (%rdi)
    mov     %eax, (%rcx)
    xor     %eax, %eax
    ret
    .globl  ml_user_xsave, ml_user_xrstor
ml_user_xsave:                        // rdi area, rsi mask
    mov     %esi, %eax
    mov     %rsi, %rdx
    shr     $32, %rdx
    xsave64 (%rdi)
    xor     %eax, %eax
    ret
ml_user_xrstor:
    mov     %esi, %eax
    mov     %rsi, %rdx
    shr     $32, %rdx
    xrstor64 (%rdi)
    xor     %eax, %eax
    ret
ml_fixup_end:
    nop
    .globl  ml_word_fault
ml_word_fault:
    mov     $-1, %eax
    ret
    .globl  ml_copy_fault

    .globl  ml_kernel_xrstor             // trusted area: no fixup
ml_kernel_xrstor:
    mov     $-1, %eax
    mov     $-1, %edx
    xrstor64 (%rdi)
    ret
    .globl  ml_kernel_fxrstor
ml_kernel_fxrstor:
    fxrstor64 (%rdi)
    ret

// Reference counting. Swift objects are touched only under the kernel lock (docs/decisions.md), so the
// counts need no locked instructions. The last release goes the runtime's own way. Counts with all of the
// low 63 bits set are those of immortal objects.
//
// swift_retain is what the compiler's last passes still emit; the runtime's own, with a locked instruction, is weak.
    .globl  swift_nonatomic_retain, swift_nonatomic_release, swift_retain
    .p2align 4
swift_retain:
swift_nonatomic_retain:
    mov     %rdi, %rax
    test    %rdi, %rdi
    jle     1f
    mov     8(%rdi), %rcx
    lea     1(%rcx,%rcx), %rdx       // shifts the top bit out; an immortal count becomes all ones
    cmp     $-1, %rdx
    je      1f
    inc     %rcx
    mov     %rcx, 8(%rdi)
1:  ret
    .p2align 4
swift_nonatomic_release:
    test    %rdi, %rdi
    jle     1f
    mov     8(%rdi), %rcx
    lea     1(%rcx,%rcx), %rdx
    cmp     $-1, %rdx
    je      1f
    cmp     $3, %rdx                 // a count of one: this is the last reference
    je      swift_release
    dec     %rcx
    mov     %rcx, 8(%rdi)
1:  ret
    .globl  swift_nonatomic_retain_n, swift_nonatomic_release_n
swift_nonatomic_retain_n:
    mov     %rdi, %rax
    test    %rdi, %rdi
    jle     1f
    mov     8(%rdi), %rcx
    lea     1(%rcx,%rcx), %rdx
    cmp     $-1, %rdx
    je      1f
    mov     %esi, %esi
    add     %rsi, %rcx
    mov     %rcx, 8(%rdi)
1:  ret
swift_nonatomic_release_n:
    jmp     swift_release_n

// memset and friends, which the compiler calls. `rep` forms: no vector registers.
    .globl  memcpy, memmove, memset
    .p2align 4
memcpy:
    mov     %rdi, %rax
    mov     %rdx, %rcx
    rep movsb
    ret
memmove:
    mov     %rdi, %rax
    mov     %rdx, %rcx
    mov     %rdi, %r8
    sub     %rsi, %r8
    cmp     %rdx, %r8
    jb      1f
    rep movsb
    ret
1:  lea     -1(%rdi,%rdx), %rdi
    lea     -1(%rsi,%rdx), %rsi
    std
    rep movsb
    cld
    ret
memset:
    mov     %rdi, %r8
    mov     %esi, %eax
    mov     %rdx, %rcx
    rep stosb
    mov     %r8, %rax
    ret

    .section .note.GNU-stack, "", @progbits
#endif
