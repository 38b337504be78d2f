// sigaltstack: sizes, flags, use by SA_ONSTACK handlers, EPERM while on it, SS_AUTODISARM.
#include "../tasks.h"
#ifndef SS_AUTODISARM
#define SS_AUTODISARM (1U << 31)
#endif

static char *stack;
static size_t size = 16 * PAGE;
static bool on(void *where) { return (char *)where >= stack && (char *)where < stack + size; }
static const char *state(void) {
    static char text[64];
    stack_t now;
    sigaltstack(NULL, &now);
    snprintf(text, sizeof text, "flags %#x, size %s", now.ss_flags, now.ss_size == size ? "whole" : now.ss_size == 0 ? "0" : "other");
    return text;
}
static void handler(int number, siginfo_t *info, void *context) {
    int local;
    ucontext_t *uc = context;
    (void)info;
    T("%s on the alternate stack: %s; %s", signal_name(number), on(&local) ? "yes" : "no", state());
    T("context: flags %#x, size %s", uc->uc_stack.ss_flags, uc->uc_stack.ss_size == size ? "whole" : "other");
    if (number == SIGUSR1) {
        stack_t other = {.ss_sp = stack, .ss_size = size};
        SHOW(sigaltstack(&other, NULL));
        other.ss_flags = SS_DISABLE;
        SHOW(sigaltstack(&other, NULL));
        raise(SIGUSR2); // stays on it
    }
}
static void overflow(int number, siginfo_t *info, void *context) {
    int local;
    (void)info, (void)context;
    T("%s after the overflow, on the alternate stack: %s", signal_name(number), on(&local) ? "yes" : "no");
    fflush(stdout);
    _exit(3);
}
static __attribute__((noinline)) int recurse(volatile int *n) {
    volatile char block[1000];
    block[0] = block[1] = block[2] = block[3] = 0;
    return *n == 1000000 ? 0 : recurse((volatile int *)&block) + block[1];
}

TEST {
    stack = new_pages(16);
    stack_t wanted = {.ss_sp = stack, .ss_size = size}, old;
    SHOW(sigaltstack(NULL, &old));
    T("at first: flags %#x", old.ss_flags);
    on_signal(SIGUSR1, handler, SA_ONSTACK);
    raise(SIGWINCH);
    wanted.ss_size = 2047;
    SHOW(sigaltstack(&wanted, NULL));
    wanted.ss_size = size;
    wanted.ss_flags = 4;
    SHOW(sigaltstack(&wanted, NULL));
    wanted.ss_flags = SS_ONSTACK; // has always been accepted
    SHOW(sigaltstack(&wanted, NULL));
    wanted.ss_flags = 0;
    SHOW(sigaltstack(&wanted, &old));
    T("set: %s", state());
    SHOW(RAW(SYS_sigaltstack, BAD, NULL));
    SHOW(RAW(SYS_sigaltstack, NULL, BAD));
    on_signal(SIGUSR2, handler, SA_ONSTACK);
    raise(SIGUSR1);
    T("after: %s", state());
    on_signal(SIGUSR1, handler, 0);
    on_signal(SIGUSR2, handler, 0);
    raise(SIGUSR2);

    // Disarmed while the handler runs, armed again after.
    wanted.ss_flags = (int)SS_AUTODISARM;
    SHOW(sigaltstack(&wanted, NULL));
    T("autodisarm: %s", state());
    on_signal(SIGUSR1, handler, SA_ONSTACK);
    on_signal(SIGUSR2, handler, 0);
    raise(SIGUSR1);
    T("after: %s", state());
    wanted.ss_flags = SS_DISABLE;
    SHOW(sigaltstack(&wanted, NULL));
    T("disabled: %s", state());
    on_signal(SIGUSR2, handler, SA_ONSTACK);
    raise(SIGUSR2);

    wanted.ss_flags = 0;
    MUST(sigaltstack(&wanted, NULL));
    IN_CHILD("inherited by fork", T("%s", state()));
    static volatile bool inThread;
    void *body(void *argument) {
        stack_t mine;
        sigaltstack(NULL, &mine);
        inThread = mine.ss_flags == SS_DISABLE;
        return argument;
    }
    pthread_t thread;
    pthread_create(&thread, NULL, body, NULL);
    pthread_join(thread, NULL);
    SHOW(inThread);

    IN_CHILD("stack overflow", {
        struct rlimit limit = {1 << 20, 1 << 20};
        setrlimit(RLIMIT_STACK, &limit);
        on_signal(SIGSEGV, overflow, SA_ONSTACK);
        int zero = 0;
        recurse(&zero);
    });
    IN_CHILD("stack overflow without", {
        struct rlimit limit = {1 << 20, 1 << 20};
        setrlimit(RLIMIT_STACK, &limit);
        on_signal(SIGSEGV, overflow, 0); // no room for the frame
        int zero = 0;
        recurse(&zero);
    });
    IN_CHILD("alternate stack not mapped", {
        munmap(stack, size);
        on_signal(SIGUSR1, handler, SA_ONSTACK);
        raise(SIGUSR1);
    });
    IN_CHILD("alternate stack too small in effect", {
        wanted.ss_size = 2048;
        if (sigaltstack(&wanted, NULL) < 0) raise(SIGSEGV); // newer processors need more: refused at once
        raise(SIGUSR1);
        raise(SIGSEGV);
    });
}
