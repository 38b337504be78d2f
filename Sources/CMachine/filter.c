// The seccomp filter: the sandbox's wall. A call from anywhere but the gate traps to our kernel; a
// call from the gate must be on this list with harmless arguments, or the process is killed.
//
// The list must be safe under arbitrary arguments: a hostile guest may jump to the gate. docs/security.md
// goes through the entries one by one; Tests/GateTests runs this program over good and bad calls.
#include "CMachine.h"
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define LOAD_HIGH(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field) + 4)
// Where to go on: a number of instructions to skip.
#define IF_EQUAL(value, yes, no) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, yes, no)
#define IF_BITS(value, yes, no) BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, value, yes, no)
#define IF_ABOVE(value, yes, no) BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, value, yes, no)
#define RETURN(action) BPF_STMT(BPF_RET | BPF_K, action)
#define ALLOW(number) IF_EQUAL(number, 0, 1), RETURN(SECCOMP_RET_ALLOW)
// A call whose arguments are looked at by the `length` instructions that follow.
#define CALL(number, length) IF_EQUAL(number, 0, length)
#define ALLOW_OR_KILL RETURN(SECCOMP_RET_ALLOW), RETURN(SECCOMP_RET_KILL_PROCESS)

// VM, FS, FILES, SIGHAND, PARENT, THREAD, SYSVSEM, SETTLS, PARENT_SETTID, and SIGCHLD or nothing as the exit signal:
// no namespaces, no tracing, no descriptors of processes.
#define CLONE_ALLOWED 0x001d8f11u
// MAP_LOCKED, MAP_HUGETLB, MAP_GROWSDOWN: memory that the host could not take back, or that grows by itself.
#define MMAP_FORBIDDEN 0x00042100u

uint32_t ml_filter(ml_filter_instruction *out, uint64_t gate) {
    const struct sock_filter filter[] = {
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

        // futex: only wait, wake and wait-bitset with a monotonic clock. No requeue, no priority inheritance, which
        // would look up other tasks by number.
        CALL(202, 6),
        LOAD(args[1]),
        IF_EQUAL(0, 2, 0),
        IF_EQUAL(1, 1, 0),
        IF_EQUAL(9, 0, 1),
        ALLOW_OR_KILL,

        // mmap: of the descriptors that the monitor passed, as they were opened. No shared memory without a file: the host counts it
        // for no process, so that it would be beyond --memory. (The kernel's shared memory is the arena's.)
        CALL(9, 6),
        LOAD(args[3]),
        IF_BITS(MMAP_FORBIDDEN, 3, 0),
        IF_BITS(0x20 /* MAP_ANONYMOUS */, 0, 1),
        IF_BITS(0x01 /* MAP_SHARED, MAP_SHARED_VALIDATE */, 1, 0),
        ALLOW_OR_KILL,
        ALLOW(11),   // munmap
        ALLOW(10),   // mprotect
        ALLOW(25),   // mremap
        // madvise: up to MADV_COLLAPSE without MADV_MERGEABLE (pages shared with other programs of the host tell of
        // them by their timing), MADV_GUARD_INSTALL and _REMOVE. No memory errors on demand (100, 101).
        CALL(28, 7),
        LOAD(args[2]),
        IF_EQUAL(12, 4, 0),
        IF_EQUAL(102, 2, 0),
        IF_EQUAL(103, 1, 0),
        IF_ABOVE(25, 1, 0),
        ALLOW_OR_KILL,
        ALLOW(26),   // msync
        ALLOW(27),   // mincore
        ALLOW(15),   // rt_sigreturn
        ALLOW(219),  // restart_syscall: how the host goes on with a timed futex wait after SIGSTOP, SIGCONT or a freezer
        ALLOW(60),   // exit
        ALLOW(231),  // exit_group
        ALLOW(61),   // wait4
        ALLOW(131),  // sigaltstack
        ALLOW(228),  // clock_gettime
        ALLOW(24),   // sched_yield
        ALLOW(98),   // getrusage

        // Files: the monitor decides what is passed, and whether it can be written.
        ALLOW(17),   // pread64
        ALLOW(18),   // pwrite64
        ALLOW(77),   // ftruncate; the arena is sealed against it
        ALLOW(285),  // fallocate; the same
        ALLOW(74),   // fsync
        // close: not the arena, the monitor's socket or the lifeline, which ends the sandbox with the monitor.
        CALL(3, 4),
        LOAD(args[0]),
        IF_ABOVE(5, 0, 1),
        ALLOW_OR_KILL,
        // recvmsg: only of the monitor's socket.
        CALL(47, 4),
        LOAD(args[0]),
        IF_EQUAL(ML_SOCKET_FD, 0, 1),
        ALLOW_OR_KILL,

        // membarrier: the classic commands, no flags.
        CALL(324, 6),
        LOAD(args[0]),
        IF_BITS(~0x7fu, 3, 0),
        LOAD(args[1]),
        IF_EQUAL(0, 0, 1),
        ALLOW_OR_KILL,
        CALL(56, 4), // clone
        LOAD(args[0]),
        IF_BITS(~CLONE_ALLOWED, 1, 0),
        ALLOW_OR_KILL,
        // tkill: only SIGURG, whose default action is to be ignored.
        CALL(200, 4),
        LOAD(args[1]),
        IF_EQUAL(23, 0, 1),
        ALLOW_OR_KILL,
        // prctl: only PR_SET_PDEATHSIG with SIGKILL.
        CALL(157, 6),
        LOAD(args[0]),
        IF_EQUAL(1, 0, 3),
        LOAD(args[1]),
        IF_EQUAL(9, 0, 1),
        ALLOW_OR_KILL,
        // sched_setaffinity: only of the calling thread.
        CALL(203, 4),
        LOAD(args[0]),
        IF_EQUAL(0, 0, 1),
        ALLOW_OR_KILL,
        RETURN(SECCOMP_RET_KILL_PROCESS),
    };
    const uint32_t count = sizeof filter / sizeof filter[0];
    _Static_assert(sizeof filter / sizeof filter[0] <= ML_FILTER_MAX, "ML_FILTER_MAX is too small");
    _Static_assert(sizeof(ml_filter_instruction) == sizeof(struct sock_filter), "the host's structure");
    for (uint32_t i = 0; i < count; i++)
        out[i] = (ml_filter_instruction){ filter[i].code, filter[i].jt, filter[i].jf, filter[i].k };
    return count;
}

#if MARTLET_IMAGE
#include "internal.h"

void ml_install_filter(void) {
    ml_filter_instruction filter[ML_FILTER_MAX];
    struct { uint16_t length; ml_filter_instruction *filter; } program;
    program.length = (uint16_t)ml_filter(filter, (uint64_t)ml_gate_return);
    program.filter = filter;
    // Where the monitor could not set the limit that turns off core files for good (spawn.c), the processes are made such as have none.
    struct { uint64_t soft, hard; } core = { 0, 0 };
    ml_gate(302 /* prlimit64 */, 0, 4 /* RLIMIT_CORE */, 0, (int64_t)&core, 0, 0);
    if (core.soft != 1) ml_gate(NR_prctl, 4 /* PR_SET_DUMPABLE */, 0, 0, 0, 0, 0);
    int64_t error = ml_gate(NR_prctl, 38 /* PR_SET_NO_NEW_PRIVS */, 1, 0, 0, 0, 0);
    if (error != 0) ml_refuse("the host does not let the sandbox give up privileges", (uint32_t)-error);
    // Waits of threads are the host's, which by default may end 50 microseconds late to save wake-ups. Inherited by all threads; if it is
    // refused, timers are less exact.
    ml_gate(NR_prctl, 29 /* PR_SET_TIMERSLACK */, 1, 0, 0, 0, 0);
    // seccomp(SECCOMP_SET_MODE_FILTER, 0, &program)
    error = ml_gate(317, 1, 0, (int64_t)&program, 0, 0, 0);
    if (error != 0) ml_refuse("the host refuses the system call filter, without which nothing runs", (uint32_t)-error);
}
#endif
