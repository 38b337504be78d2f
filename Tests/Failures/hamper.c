// Runs a command on a host that is not as it should be.
//
//   hamper [what...] -- command...
//
//   no=CALL[,ERRNO]   the call fails (default: ENOSYS, as on an older host)
//   limit=NAME,VALUE  a resource limit: nofile, nproc, as, fsize, core, memlock, stack
//   close=N           descriptor N is closed
//   mask=SIGNAL       the signal is blocked; ignore=SIGNAL: ignored
#define _GNU_SOURCE
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

static const struct { const char *name; long number; } calls[] = {
#define CALL(name) { #name, SYS_##name }
    CALL(clone3), CALL(statx), CALL(openat2), CALL(close_range), CALL(pidfd_open), CALL(pidfd_send_signal), CALL(execveat), CALL(memfd_create),
    CALL(seccomp), CALL(prctl), CALL(kcmp), CALL(personality), CALL(unshare), CALL(mount), CALL(rseq), CALL(membarrier), CALL(getrandom),
    CALL(eventfd2), CALL(signalfd4), CALL(renameat2), CALL(copy_file_range), CALL(faccessat2), CALL(mmap), CALL(socketpair), CALL(pipe2),
    CALL(clone), CALL(ftruncate), CALL(fallocate), CALL(futex), CALL(ppoll), CALL(getdents64), CALL(fcntl), CALL(prlimit64), CALL(setsid),
    CALL(sendmsg), CALL(waitid), CALL(preadv2), CALL(pwritev2), CALL(process_madvise), CALL(faccessat), CALL(sched_getaffinity), CALL(capset),
    CALL(fsync), CALL(poll), CALL(epoll_create1), CALL(timerfd_create), CALL(madvise), CALL(set_robust_list), CALL(kill), CALL(dup3),
};
static const struct { const char *name; int number; } errors[] = {
    { "ENOSYS", ENOSYS }, { "EPERM", EPERM }, { "EACCES", EACCES }, { "EINVAL", EINVAL }, { "ENOMEM", ENOMEM }, { "ENOSPC", ENOSPC }, { "EMFILE", EMFILE },
    { "EAGAIN", EAGAIN }, { "EIO", EIO }, { "ENFILE", ENFILE },
};
static const struct { const char *name; int number; } limits[] = {
    { "nofile", RLIMIT_NOFILE }, { "nproc", RLIMIT_NPROC }, { "as", RLIMIT_AS }, { "fsize", RLIMIT_FSIZE }, { "core", RLIMIT_CORE },
    { "memlock", RLIMIT_MEMLOCK }, { "stack", RLIMIT_STACK }, { "data", RLIMIT_DATA },
};

static void die(const char *what, const char *detail) {
    fprintf(stderr, "hamper: %s %s: %s\n", what, detail, strerror(errno));
    exit(99);
}

#define FIND(table, text) ({ long found_ = -1; \
    for (size_t i_ = 0; i_ < sizeof table / sizeof *table; i_++) if (strcmp(table[i_].name, text) == 0) found_ = table[i_].number; \
    if (found_ < 0) { errno = EINVAL; die("what is", text); } found_; })

int main(int argc, char **argv) {
    struct sock_filter filter[256] = { BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)) };
    unsigned length = 1;
    int at = 1;
    for (; at < argc && strcmp(argv[at], "--") != 0; at++) {
        char *value = strchr(argv[at], '=');
        if (!value) { errno = EINVAL; die("what is", argv[at]); }
        *value++ = 0;
        char *second = strchr(value, ',');
        if (second) *second++ = 0;
        if (strcmp(argv[at], "no") == 0) {
            filter[length++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)FIND(calls, value), 0, 1);
            filter[length++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned)(second ? FIND(errors, second) : ENOSYS));
        } else if (strcmp(argv[at], "limit") == 0) {
            rlim_t n = strtoull(second ? second : "0", NULL, 0);
            if (setrlimit((int)FIND(limits, value), &(struct rlimit){ n, n }) < 0) die("setrlimit", value);
        } else if (strcmp(argv[at], "close") == 0) close(atoi(value));
        else if (strcmp(argv[at], "mask") == 0) {
            sigset_t set;
            sigemptyset(&set);
            sigaddset(&set, atoi(value));
            sigprocmask(SIG_BLOCK, &set, NULL);
        } else if (strcmp(argv[at], "ignore") == 0) signal(atoi(value), SIG_IGN);
        else { errno = EINVAL; die("what is", argv[at]); }
    }
    if (at + 1 >= argc) { errno = EINVAL; die("no", "command"); }
    if (length > 1) {
        filter[length++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
        struct sock_fprog program = { (unsigned short)length, filter };
        if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0) die("prctl", "no_new_privs");
        if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) < 0) die("prctl", "seccomp");
    }
    execvp(argv[at + 1], argv + at + 1);
    die("execvp", argv[at + 1]);
}
