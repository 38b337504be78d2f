// seccomp(2): what filters are taken, what their actions do, who inherits them; strict mode.
#include "../tasks.h"
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>

#define NUMBER (offsetof(struct seccomp_data, nr))
#define ARGUMENT(n) (offsetof(struct seccomp_data, args) + 8 * (n))
#define FILTER(name, ...) \
    struct sock_filter name##_code[] = {__VA_ARGS__}; \
    struct sock_fprog name = {sizeof name##_code / sizeof *name##_code, name##_code}

static long install(struct sock_fprog *program) { return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, program); }

/// Takes `action` for one call, and allows the others.
static long filter_call(long number, uint32_t action) {
    FILTER(program, BPF_STMT(BPF_LD | BPF_W | BPF_ABS, NUMBER), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)number, 0, 1),
           BPF_STMT(BPF_RET | BPF_K, action), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
    return install(&program);
}
static void show_status(void) {
    char text[4096] = "";
    int fd = (int)MUST(open("/proc/thread-self/status", O_RDONLY));
    MUST(read(fd, text, sizeof text - 1));
    close(fd);
    char *line = strstr(text, "Seccomp:");
    if (line) printf("%.*s\n", (int)strcspn(line, "\n"), line);
    if (line && (line = strstr(line, "Seccomp_filters:"))) printf("%.*s\n", (int)strcspn(line, "\n"), line);
}
static void on_sys(int number, siginfo_t *info, void *context) {
    ucontext_t *state = context;
    T("%s code %d errno %d syscall %d arch %#x rax %lld", signal_name(number), info->si_code, info->si_errno, info->si_syscall, info->si_arch,
      (long long)state->uc_mcontext.gregs[REG_RAX]);
    CHECKN("the address is that of the call", info->si_call_addr == (void *)state->uc_mcontext.gregs[REG_RIP]);
    state->uc_mcontext.gregs[REG_RAX] = 1234;
}
#define REFUSED(...) do { FILTER(bad, __VA_ARGS__); SHOWN(#__VA_ARGS__, install(&bad)); } while (0)

static void *other_thread(void *gate) {
    gate_wait(*(struct gate *)gate);
    SHOWN("getppid of the other thread", syscall(SYS_getppid));
    return NULL;
}

TEST {
    struct rlimit no_core = {0, 0};
    setrlimit(RLIMIT_CORE, &no_core);
    if (conf_argc > 1) { SHOWN("getppid after exec", syscall(SYS_getppid)); show_status(); return; }
    uint32_t action = SECCOMP_RET_ERRNO;
    SHOW(RAW(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action));
    action = 0x12340000;
    SHOW(RAW(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action));
    SHOW(RAW(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, NULL));
    SHOW(RAW(SYS_seccomp, SECCOMP_SET_MODE_STRICT, 1, NULL));
    SHOW(RAW(SYS_seccomp, 99, 0, NULL));
    IN_CHILD("without privileges", { drop_root(); SHOW(filter_call(SYS_getppid, SECCOMP_RET_ALLOW)); });
    MUST(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));

    // Programs that are not valid.
    FILTER(empty, BPF_STMT(BPF_RET | BPF_K, 0));
    empty.len = 0;
    SHOW(install(&empty));
    empty.len = 4097;
    SHOW(install(&empty));
    empty.len = 1, empty.filter = BAD;
    SHOW(install(&empty));
    REFUSED(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0));
    REFUSED(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 1), BPF_STMT(BPF_RET | BPF_K, 0));
    REFUSED(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 64), BPF_STMT(BPF_RET | BPF_K, 0));
    REFUSED(BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 0), BPF_STMT(BPF_RET | BPF_K, 0));
    REFUSED(BPF_STMT(BPF_JMP | BPF_JA, 1), BPF_STMT(BPF_RET | BPF_K, 0));
    REFUSED(BPF_JUMP(BPF_JMP | BPF_JEQ, 0, 0, 1), BPF_STMT(BPF_RET | BPF_K, 0));
    REFUSED(BPF_STMT(BPF_ALU | BPF_DIV | BPF_K, 0), BPF_STMT(BPF_RET | BPF_K, 0));
    REFUSED(BPF_STMT(BPF_ALU | BPF_LSH | BPF_K, 32), BPF_STMT(BPF_RET | BPF_K, 0));
    REFUSED(BPF_STMT(BPF_ST, 16), BPF_STMT(BPF_RET | BPF_K, 0));
    REFUSED(BPF_STMT(BPF_LD | BPF_MEM, 3), BPF_STMT(BPF_RET | BPF_K, 0));
    REFUSED(BPF_JUMP(BPF_JMP | BPF_JEQ, 0, 0, 1), BPF_STMT(BPF_ST, 3), BPF_STMT(BPF_LD | BPF_MEM, 3), BPF_STMT(BPF_RET | BPF_K, 0));
    REFUSED(BPF_STMT(BPF_ALU | BPF_MOD | BPF_K, 3), BPF_STMT(BPF_RET | BPF_K, 0));

    IN_CHILD("errno", {
        SHOW(filter_call(SYS_getppid, SECCOMP_RET_ERRNO | ENOTTY));
        SHOW(RAW(SYS_getppid));
        SHOW(prctl(PR_GET_SECCOMP));
        show_status();
        // The least permissive wins; of equal actions the newest.
        SHOW(filter_call(SYS_getppid, SECCOMP_RET_ERRNO | EXDEV));
        SHOW(RAW(SYS_getppid));
        SHOW(filter_call(SYS_getppid, SECCOMP_RET_ALLOW));
        SHOW(RAW(SYS_getppid));
        SHOW(filter_call(SYS_getppid, SECCOMP_RET_ERRNO));
        SHOW(RAW(SYS_getppid));
        SHOW(filter_call(SYS_getuid, SECCOMP_RET_ERRNO | 5000));
        errno = 0;
        SHOW(RAW(SYS_getuid) == -4095 || errno == 4095);
        SHOW(filter_call(SYS_getgid, SECCOMP_RET_TRACE | 7));
        SHOW(RAW(SYS_getgid));
        SHOW(filter_call(SYS_sched_yield, SECCOMP_RET_LOG));
        SHOW(RAW(SYS_sched_yield));
        SHOW(prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT));
        show_status();
        pid_t pid = SPAWN({ SHOWN("getppid of a child", RAW(SYS_getppid)); EXEC_SELF("again"); });
        reap("child", pid);
    });
    IN_CHILD("trap", {
        on_signal(SIGSYS, on_sys, 0);
        SHOW(filter_call(SYS_getppid, SECCOMP_RET_TRAP | 42));
        SHOW(RAW(SYS_getppid));
        SHOW(RAW(SYS_getppid));
    });
    IN_CHILD("trap without a handler", { filter_call(SYS_getppid, SECCOMP_RET_TRAP); syscall(SYS_getppid); T("not reached"); });
    IN_CHILD("trap, ignored", { signal(SIGSYS, SIG_IGN); filter_call(SYS_getppid, SECCOMP_RET_TRAP); syscall(SYS_getppid); T("not reached"); });
    IN_CHILD("kill process", { on_signal(SIGSYS, on_sys, 0); filter_call(SYS_getppid, SECCOMP_RET_KILL_PROCESS); syscall(SYS_getppid); T("not reached"); });
    IN_CHILD("kill thread", { filter_call(SYS_getppid, SECCOMP_RET_KILL_THREAD); syscall(SYS_getppid); T("not reached"); });
    IN_CHILD("an action there is not", { filter_call(SYS_getppid, 0x12340000); syscall(SYS_getppid); T("not reached"); });
    IN_CHILD("arguments", {
        // dup2(a, b): the error is 1 + (a * 2 ^ b & 15), through scratch memory and the index register.
        FILTER(program, BPF_STMT(BPF_LD | BPF_W | BPF_ABS, NUMBER), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_dup2, 1, 0), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
               BPF_STMT(BPF_LD | BPF_W | BPF_ABS, ARGUMENT(0)), BPF_STMT(BPF_ALU | BPF_MUL | BPF_K, 2), BPF_STMT(BPF_ST, 15),
               BPF_STMT(BPF_LD | BPF_W | BPF_ABS, ARGUMENT(1)), BPF_STMT(BPF_MISC | BPF_TAX, 0), BPF_STMT(BPF_LD | BPF_MEM, 15),
               BPF_STMT(BPF_ALU | BPF_XOR | BPF_X, 0), BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 15), BPF_STMT(BPF_ALU | BPF_ADD | BPF_K, 1),
               BPF_STMT(BPF_ALU | BPF_OR | BPF_K, SECCOMP_RET_ERRNO), BPF_STMT(BPF_RET | BPF_A, 0));
        SHOW(install(&program));
        for (int i = 1; i < 6; i++) SHOW(dup2(i * 3, i));
        SHOW(dup2(0x7fffffff, 0x7ffffff0));
    });
    IN_CHILD("the other thread", {
        struct gate gate = make_gate();
        pthread_t thread;
        pthread_create(&thread, NULL, other_thread, &gate);
        SHOW(filter_call(SYS_getppid, SECCOMP_RET_ERRNO | EXDEV));
        FILTER(allow, BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
        SHOW(RAW(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &allow));
        gate_open(gate);
        pthread_join(thread, NULL);
    });
    IN_CHILD("strict", { SHOW(prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT)); write(1, "written\n", 8); syscall(SYS_getpid); write(1, "not reached\n", 12); });
    IN_CHILD("strict, exit", { SHOW(RAW(SYS_seccomp, SECCOMP_SET_MODE_STRICT, 0, NULL)); syscall(SYS_exit, 5); });
}
