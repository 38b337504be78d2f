// The address that a handler is told lies in the program or one of its libraries, wherever the signal came: between two calls, or in what
// the sandbox has made of a call.
// flags: -static
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <ucontext.h>
#include <unistd.h>

extern char __executable_start, etext;
static volatile int seen, outside;

static void on_signal(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)info;
    greg_t place = ((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP];
    seen++;
    outside += place < (greg_t)&__executable_start || place >= (greg_t)&etext;
}

int main(void) {
    struct sigaction action = { .sa_sigaction = on_signal, .sa_flags = SA_SIGINFO | SA_RESTART };
    sigaction(SIGALRM, &action, NULL);
    struct itimerval often = { { 0, 100 }, { 0, 100 } }, never = { { 0, 0 }, { 0, 0 } };
    setitimer(ITIMER_REAL, &often, NULL);
    long wrong = 0, pid = getpid();
    while (seen < 1500) {
        for (int i = 0; i < 50; i++) wrong += syscall(SYS_getpid) != pid, wrong += getpid() != pid;
    }
    setitimer(ITIMER_REAL, &never, NULL);
    printf("outside %d, wrong %ld\n", outside, wrong);
}
