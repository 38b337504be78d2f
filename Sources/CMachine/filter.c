// The seccomp filter: the sandbox's wall. A call from anywhere but the gate traps to our kernel; a
// call from the gate must be on this list with harmless arguments, or the process is killed.
//
// The list must be safe under arbitrary arguments: a hostile guest may jump to the gate.
#if MARTLET_IMAGE
#include "internal.h"
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <linux/audit.h>
#include <stddef.h>

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define LOAD_HIGH(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field) + 4)
#define IF_EQUAL(value, yes, no) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, yes, no)
#define IF_BITS(value, yes, no) BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, value, yes, no)
#define RETURN(action) BPF_STMT(BPF_RET | BPF_K, action)
#define ALLOW(number) IF_EQUAL(number, 0, 1), RETURN(SECCOMP_RET_ALLOW)

// Flags that make new namespaces, trace, or share what must not be shared.
#define CLONE_FORBIDDEN 0x7E022080u // NEWUSER|NEWPID|NEWNET|NEWIPC|NEWUTS|NEWCGROUP|NEWNS|PTRACE|NEWTIME

void ml_install_filter(void) {
    uint64_t gate = (uint64_t)ml_gate_return;
    struct sock_filter filter[] = {
        // Wrong place: trap. (The instruction pointer is that of the next instruction.)
        LOAD(instruction_pointer),
        IF_EQUAL((uint32_t)gate, 0, 2),
        LOAD_HIGH(instruction_pointer),
        IF_EQUAL((uint32_t)(gate >> 32), 1, 0),
        RETURN(SECCOMP_RET_TRAP),
        LOAD(arch),
        IF_EQUAL(AUDIT_ARCH_X86_64, 1, 0),
        RETURN(SECCOMP_RET_KILL_PROCESS),
        LOAD(nr),
        ALLOW(202),  // futex
        ALLOW(9),    // mmap: only descriptors that the monitor passed
        ALLOW(11),   // munmap
        ALLOW(10),   // mprotect
        ALLOW(25),   // mremap
        ALLOW(28),   // madvise
        ALLOW(26),   // msync
        ALLOW(15),   // rt_sigreturn
        ALLOW(60),   // exit
        ALLOW(231),  // exit_group
        ALLOW(17),   // pread64
        ALLOW(18),   // pwrite64
        ALLOW(61),   // wait4
        ALLOW(131),  // sigaltstack
        ALLOW(228),  // clock_gettime
        ALLOW(24),   // sched_yield
        ALLOW(27),   // mincore
        ALLOW(3),    // close
        ALLOW(47),   // recvmsg: only the monitor's socket is there
        ALLOW(77),   // ftruncate
        ALLOW(285),  // fallocate
        ALLOW(74),   // fsync
        ALLOW(75),   // fdatasync
        ALLOW(98),   // getrusage
        ALLOW(186),  // gettid
        ALLOW(110),  // getppid
        ALLOW(324),  // membarrier
        // clone: no new namespaces.
        IF_EQUAL(56, 0, 4),
        LOAD(args[0]),
        IF_BITS(CLONE_FORBIDDEN, 0, 1),
        RETURN(SECCOMP_RET_KILL_PROCESS),
        RETURN(SECCOMP_RET_ALLOW),
        // tkill: only SIGURG, whose default action is to be ignored.
        IF_EQUAL(200, 0, 4),
        LOAD(args[1]),
        IF_EQUAL(ML_SIGURG, 0, 1),
        RETURN(SECCOMP_RET_ALLOW),
        RETURN(SECCOMP_RET_KILL_PROCESS),
        // prctl: only PR_SET_PDEATHSIG with SIGKILL.
        IF_EQUAL(157, 0, 6),
        LOAD(args[0]),
        IF_EQUAL(1, 0, 3),
        LOAD(args[1]),
        IF_EQUAL(9, 0, 1),
        RETURN(SECCOMP_RET_ALLOW),
        RETURN(SECCOMP_RET_KILL_PROCESS),
        RETURN(SECCOMP_RET_KILL_PROCESS),
    };
    struct sock_fprog program = { sizeof filter / sizeof filter[0], filter };
    if (ml_gate(NR_prctl, 38 /* PR_SET_NO_NEW_PRIVS */, 1, 0, 0, 0, 0) != 0)
        ml_panic("no_new_privs refused", 0);
    // seccomp(SECCOMP_SET_MODE_FILTER, 0, &program)
    int64_t error = ml_gate(317, 1, 0, (int64_t)&program, 0, 0, 0);
    if (error != 0) ml_panic("seccomp refused: no filter, no run", (uint64_t)-error);
}
#endif
