// Declarations shared by the C and assembly files of the image; not visible to Swift.
#ifndef ML_INTERNAL_H
#define ML_INTERNAL_H
#include "CMachine.h"

#define NR_mmap 9
#define NR_mprotect 10
#define NR_munmap 11
#define NR_rt_sigaction 13
#define NR_madvise 28
#define NR_gettid 186
#define NR_tkill 200
#define NR_recvmsg 47
#define NR_clone 56
#define NR_exit_group 231
#define NR_getppid 110
#define NR_prctl 157
#define NR_sigaltstack 131
#define NR_sched_yield 24
#define NR_futex 202
#define NR_clock_gettime 228

#define ML_SIGURG 23

extern ml_machine ml_info;
extern int (*ml_vdso_clock_gettime)(int32_t, void *);
void ml_install_handlers(void);
extern char martlet_entry[], ml_gate_return[], martlet_exit_window_start[], martlet_exit_window_end[], martlet_exit_full[];
extern char ml_fixup_start[], ml_fixup_middle[], ml_fixup_end[], ml_copy_fault[], ml_word_fault[];
extern char ml_signal_entry[], ml_signal_restorer[], ml_child_start[];
extern const char __ehdr_start[];
void ml_kernel_xrstor(void *area);
void ml_kernel_fxrstor(void *area);
void ml_boot_switch(void *stack, void (*function)(void)) __attribute__((noreturn));
#endif
