// Coroutines: makecontext and swapcontext, with calls and signals on stacks of their own.
#include "../tasks.h"
#include <ucontext.h>

static ucontext_t mainContext, contexts[3];
static char log_[64];
static volatile int handled;
static void handler(int number) { (void)number; handled++; }
static void body(int index) {
    for (int i = 0; i < 3; i++) {
        log_[strlen(log_)] = (char)('A' + index);
        raise(SIGUSR1);
        getppid();
        swapcontext(&contexts[index], index == 2 ? &mainContext : &contexts[index + 1]);
    }
}

TEST {
    signal(SIGUSR1, handler);
    BLOCK(SIGTERM);
    for (int i = 0; i < 3; i++) {
        getcontext(&contexts[i]);
        contexts[i].uc_stack.ss_sp = new_pages(16);
        contexts[i].uc_stack.ss_size = 16 * PAGE;
        contexts[i].uc_link = i == 2 ? &mainContext : &contexts[i + 1];
        if (i == 1) sigaddset(&contexts[i].uc_sigmask, SIGHUP);
        makecontext(&contexts[i], (void (*)(void))body, 1, i);
    }
    for (int i = 0; i < 4; i++) swapcontext(&mainContext, &contexts[0]);
    T("%s, handled %d", log_, handled);
    sigset_t mask;
    sigprocmask(SIG_SETMASK, NULL, &mask);
    T("mask %s", set_names(&mask));
    // setjmp and longjmp out of a handler on an alternate stack.
    static sigjmp_buf back;
    void jumps(int number) { (void)number; siglongjmp(back, 1); }
    stack_t stack = {.ss_sp = new_pages(16), .ss_size = 16 * PAGE};
    sigaltstack(&stack, NULL);
    struct sigaction action = {.sa_handler = jumps, .sa_flags = SA_ONSTACK};
    sigaction(SIGUSR2, &action, NULL);
    for (volatile int i = 0; i < 3; i++)
        if (sigsetjmp(back, 1) == 0) raise(SIGUSR2);
        else T("jumped back");
    stack_t now;
    sigaltstack(NULL, &now);
    T("alternate stack flags %d", now.ss_flags);
}
