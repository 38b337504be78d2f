// The calls that nobody makes himself: rt_sigreturn from a restorer of one's own, restart_syscall after a stop; and signalfd without flags.
#include "../tasks.h"

static volatile int handled, restored;

__asm__(".globl conf_restorer\nconf_restorer:\n\tincl conf_restored(%rip)\n\tmovl $15, %eax\n\tsyscall\n\thlt\n");
extern void conf_restorer(void);
int conf_restored;
_Static_assert(SYS_rt_sigreturn == 15, "the number above");

static void handler(int number) { handled += number == SIGUSR1; }

TEST {
    struct { void (*handler)(int); unsigned long flags; void (*restorer)(void); uint64_t mask; } action = {handler, 0x04000000, conf_restorer, 1ul << (SIGUSR2 - 1)};
    SHOW(RAW(SYS_rt_sigaction, SIGUSR1, &action, NULL, 8));
    raise(SIGUSR1);
    raise(SIGUSR1);
    SHOW(handled);
    SHOW(conf_restored);
    sigset_t now;
    sigprocmask(SIG_BLOCK, NULL, &now);
    SHOW(sigismember(&now, SIGUSR2)); // the mask is back

    SHOW(RAW(SYS_restart_syscall)); // there is nothing to restart
    // Stopped and continued, a sleep goes on by restart_syscall: no less time, and no EINTR.
    pid_t child = fork();
    if (child == 0) {
        long start = now_ms();
        struct timespec time = {0, 80000000};
        long result = RAW(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, &time, NULL);
        _exit(result == 0 && now_ms() - start >= 80 ? 0 : 1);
    }
    sleep_ms(20);
    kill(child, SIGSTOP);
    int status;
    waitpid(child, &status, WUNTRACED);
    SHOW(WIFSTOPPED(status));
    kill(child, SIGCONT);
    waitpid(child, &status, 0);
    SHOW(WEXITSTATUS(status));

    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR2);
    sigprocmask(SIG_BLOCK, &set, NULL);
    int fd = (int)MUST(RAW(SYS_signalfd, -1, &set, 8));
    SHOW(fcntl(fd, F_GETFD));
    T("flags %#x", fcntl(fd, F_GETFL) & ~0100000);
    raise(SIGUSR2);
    struct signalfd_siginfo info;
    SHOW(read(fd, &info, sizeof info));
    SHOW(info.ssi_signo == SIGUSR2);
    SHOW(RAW(SYS_signalfd, -1, &set, 7));
    SHOW(RAW(SYS_signalfd, -1, BAD, 8));
    SHOW(RAW(SYS_signalfd, 0, &set, 8) == -1); // no such file
    SHOW(RAW(SYS_signalfd, fd, &set, 8) == fd);
}
