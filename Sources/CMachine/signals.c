// Host signals: what interrupted what. Kernel code that was interrupted goes on (or continues at the
// fixup of a faulting copy, or is rewound to the check at the exit); guest code enters the kernel.
#define _GNU_SOURCE
#if MARTLET_IMAGE
#include "internal.h"
#include <signal.h>
#include <ucontext.h>

typedef struct { uint64_t handler, flags, restorer, mask; } kernel_sigaction;

void ml_install_handlers(void) {
    static const uint8_t numbers[] = { SIGSYS, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, ML_SIGURG };
    kernel_sigaction action = {
        (uint64_t)ml_signal_entry,
        // SA_SIGINFO | SA_ONSTACK | SA_NODEFER | SA_RESTORER: no signal is ever blocked, because
        // guest entries never return through sigreturn.
        4 | 0x08000000 | 0x40000000 | 0x04000000,
        (uint64_t)ml_signal_restorer, 0,
    };
    for (unsigned i = 0; i < sizeof numbers; i++)
        if (ml_gate(NR_rt_sigaction, numbers[i], (int64_t)&action, 0, 8, 0, 0) != 0)
            ml_panic("rt_sigaction", numbers[i]);
}

static bool in_kernel(uint64_t rip) {
    // The image's text; no guest can map anything in this range.
    return rip >= ML_KERNEL_START && rip < ML_ARENA;
}

static void restore_vector_state(void *fpstate) {
    if (!fpstate) return;
    const uint32_t *software = (const uint32_t *)((char *)fpstate + 464);
    if (software[0] == 0x46505853u) // FP_XSTATE_MAGIC1
        ml_kernel_xrstor(fpstate);
    else
        ml_kernel_fxrstor(fpstate);
}

static int handle(ml_block *block, int signo, siginfo_t *info, ucontext_t *context) {
    greg_t *regs = context->uc_mcontext.gregs;
    uint64_t rip = (uint64_t)regs[REG_RIP];

    if (in_kernel(rip)) {
        if (rip >= (uint64_t)martlet_exit_window_start && rip < (uint64_t)martlet_exit_window_end) {
            // Registers that the exit has restored so far are restored again from the frame. Those
            // that the fast exit leaves alone are as they were, in the frame as well.
            if (signo == SIGSEGV) {
                // The guest asked for a place that the processor refuses to go to. Its registers are all in the
                // frame: there it is told of a general protection fault.
                restore_vector_state(context->uc_mcontext.fpregs);
                ml_frame_of(block)->orig_rax = ~0ull;
                block->entry_kind = ML_ENTRY_TRAP;
                block->trap.signo = SIGSEGV;
                block->trap.code = 128; // SI_KERNEL
                block->trap.trapno = 13;
                block->trap.error = 0;
                block->trap.address = 0;
                return 1;
            }
            if (signo != ML_SIGURG) ml_panic("fault while leaving the kernel", rip);
            regs[REG_RSP] = (greg_t)(uint64_t)ml_frame_of(block);
            regs[REG_RIP] = (greg_t)(uint64_t)martlet_exit_full;
            return 0;
        }
        if (signo == ML_SIGURG) return 0;
        if (signo == SIGTRAP && rip == (uint64_t)martlet_entry) {
            // The guest single-steps and has arrived by a trampoline: let it execute the `syscall` that the site
            // still has, which is trapped with the flags as they are.
            regs[REG_RIP] = regs[REG_R11] - 2;
            return 0;
        }
        if ((signo == SIGSEGV || signo == SIGBUS) && rip >= (uint64_t)ml_fixup_start && rip < (uint64_t)ml_fixup_end) {
            regs[REG_RIP] = (greg_t)(uint64_t)(rip < (uint64_t)ml_fixup_middle ? ml_copy_fault : ml_word_fault);
            return 0;
        }
        if (signo == SIGBUS && regs[REG_EFL] & 0x40000) {
            // An alignment fault that a guest has switched on before a patched call: again, without it.
            regs[REG_EFL] &= ~0x40000ll;
            return 0;
        }
        ml_panic(signo == SIGILL ? "trap in the kernel" : signo == SIGSYS ? "gate refused"
                 : "fault in the kernel", rip);
    }

    if ((uint64_t)regs[REG_RSP] - ((uint64_t)block & ~((1ull << ML_SLOT_SHIFT) - 1)) < (1ull << ML_SLOT_SHIFT)) {
        // The kernel was in the vDSO. Where the host has no clock that user code can read, the vDSO
        // makes a call, from a place that the filter does not know.
        if (signo == ML_SIGURG) return 0;
        if (signo != SIGSYS || rip < ml_info.vdso_base || rip >= ml_info.vdso_end)
            ml_panic("fault on the kernel stack", rip);
        regs[REG_RAX] = ml_gate(NR_clock_gettime, regs[REG_RDI], regs[REG_RSI], 0, 0, 0, 0);
        return 0;
    }

    ml_frame *frame = ml_frame_of(block);
    frame->r15 = regs[REG_R15]; frame->r14 = regs[REG_R14]; frame->r13 = regs[REG_R13];
    frame->r12 = regs[REG_R12]; frame->rbp = regs[REG_RBP]; frame->rbx = regs[REG_RBX];
    frame->r11 = regs[REG_R11]; frame->r10 = regs[REG_R10]; frame->r9 = regs[REG_R9];
    frame->r8 = regs[REG_R8];   frame->rax = regs[REG_RAX]; frame->rcx = regs[REG_RCX];
    frame->rdx = regs[REG_RDX]; frame->rsi = regs[REG_RSI]; frame->rdi = regs[REG_RDI];
    frame->orig_rax = ~0ull;
    frame->rip = rip;
    frame->cs = 0x33;
    frame->ss = 0x2b;
    frame->rflags = regs[REG_EFL];
    frame->rsp = regs[REG_RSP];
    block->entry_kind = ML_ENTRY_TRAP;
    block->trap.signo = signo;
    block->trap.code = info->si_code;
    block->trap.trapno = regs[REG_TRAPNO];
    block->trap.error = regs[REG_ERR];
    if (signo == SIGSYS) {
        block->trap.address = (uint64_t)info->si_call_addr;
        block->trap.syscall_arch = info->si_arch;
        frame->orig_rax = (uint64_t)info->si_syscall;
    } else {
        block->trap.address = (uint64_t)info->si_addr;
    }
    restore_vector_state(context->uc_mcontext.fpregs);
    return 1;
}

/// Returns 0 to go back through sigreturn, 1 to enter the kernel from the guest.
int ml_host_signal(int signo, siginfo_t *info, ucontext_t *context) {
    ml_block *block = ml_current();
    int entered = handle(block, signo, info, context);
    // The next kick may come. As late as possible, so that it hardly ever finds this one's frame on the stack; before the
    // look at the work that follows either way.
    if (signo == ML_SIGURG) __atomic_exchange_n(&block->kicked, 0, __ATOMIC_SEQ_CST);
    return entered;
}
#endif
