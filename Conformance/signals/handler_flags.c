// SA_NODEFER, SA_RESETHAND, sa_mask, SA_SIGINFO and what is blocked while a handler runs.
#include "../tasks.h"

static volatile int depth, deepest, runs;
static char order[64];
static sigset_t inside;
static void nested(int number) {
    depth++;
    runs++;
    if (depth > deepest) deepest = depth;
    if (runs < 3) raise(number);
    depth--;
}
static void note(int number, siginfo_t *info, void *context) {
    (void)context;
    sigprocmask(SIG_SETMASK, NULL, &inside);
    sprintf(order + strlen(order), "%d(", number);
    if (number == SIGUSR1) {
        raise(SIGUSR2);
        raise(SIGTERM);
        raise(SIGUSR1);
    }
    sprintf(order + strlen(order), "%d)", info->si_signo);
}
static void install(int number, int flags, sigset_t mask) {
    struct sigaction action = {.sa_sigaction = note, .sa_flags = flags | SA_SIGINFO, .sa_mask = mask};
    MUST(sigaction(number, &action, NULL));
}

TEST {
    for (int flags = 0; flags < 2; flags++) {
        struct sigaction action = {.sa_handler = nested, .sa_flags = flags ? SA_NODEFER : 0};
        MUST(sigaction(SIGUSR1, &action, NULL));
        depth = deepest = runs = 0;
        raise(SIGUSR1);
        T("%s: runs %d, deepest %d", flags ? "SA_NODEFER" : "deferred", runs, deepest);
    }
    struct sigaction action = {.sa_handler = nested, .sa_flags = SA_RESETHAND}, now;
    MUST(sigaction(SIGUSR1, &action, NULL));
    runs = 2;
    raise(SIGUSR1);
    sigaction(SIGUSR1, NULL, &now);
    T("SA_RESETHAND: %s, flags %#x", now.sa_handler == SIG_DFL ? "default" : "handler", (unsigned)now.sa_flags & ~0x04000000U);
    IN_CHILD("second time", raise(SIGUSR1));
    IN_CHILD("SA_RESETHAND alone does not defer less", {
        action.sa_flags = SA_RESETHAND;
        MUST(sigaction(SIGUSR1, &action, NULL));
        runs = deepest = 0;
        raise(SIGUSR1); // its own raise kills it once the handler has returned
        _exit(1);
    });

    sigset_t none, mask = SIGSET(SIGTERM);
    sigemptyset(&none);
    install(SIGUSR1, 0, none);
    install(SIGUSR2, 0, none);
    install(SIGTERM, 0, none);
    IN_CHILD("own signal waits", alarm(0); order[0] = 0; install(SIGUSR1, SA_RESETHAND, mask); raise(SIGUSR1); _exit(1));
    install(SIGUSR1, 0, mask);
    // USR2 comes inside, TERM waits for the end of the handler: USR1 again would loop, so it resets itself.
    order[0] = 0;
    install(SIGUSR1, SA_NODEFER | SA_RESETHAND, mask);
    IN_CHILD("nodefer and reset", raise(SIGUSR1); _exit(1));

    // What is blocked inside.
    install(SIGUSR2, 0, SIGSET(SIGTERM, SIGHUP));
    BLOCK(SIGWINCH);
    raise(SIGUSR2);
    T("inside: %s", set_names(&inside));
    sigset_t after;
    sigprocmask(SIG_SETMASK, NULL, &after);
    T("after: %s", set_names(&after));
    install(SIGUSR2, SA_NODEFER, none);
    raise(SIGUSR2);
    T("inside: %s", set_names(&inside));

    // Several pending at once: each handler is set up before the next, so the last set up runs first.
    order[0] = 0;
    install(SIGUSR2, 0, none);
    install(SIGTERM, 0, none);
    install(SIGHUP, 0, none);
    BLOCK(SIGUSR2, SIGTERM, SIGHUP);
    raise(SIGTERM);
    raise(SIGUSR2);
    raise(SIGHUP);
    UNBLOCK(SIGUSR2, SIGTERM, SIGHUP);
    T("order %s", order);
    order[0] = 0;
    sigset_t all;
    sigfillset(&all);
    install(SIGUSR2, 0, all);
    install(SIGTERM, 0, all);
    install(SIGHUP, 0, all);
    BLOCK(SIGUSR2, SIGTERM, SIGHUP);
    raise(SIGTERM);
    raise(SIGUSR2);
    raise(SIGHUP);
    UNBLOCK(SIGUSR2, SIGTERM, SIGHUP);
    T("order with all blocked inside %s", order);
    // The faults come before others.
    order[0] = 0;
    install(SIGSEGV, 0, all);
    BLOCK(SIGHUP, SIGSEGV);
    raise(SIGHUP);
    raise(SIGSEGV);
    UNBLOCK(SIGHUP, SIGSEGV);
    T("order %s", order);
}
