// Signal masks, dispositions and pending signals over fork, exec and in new threads.
#include "../tasks.h"

static void show(const char *label) {
    sigset_t mask, pending;
    pthread_sigmask(SIG_SETMASK, NULL, &mask);
    sigpending(&pending);
    T("%s: blocked %s, pending %s", label, set_names(&mask), set_names(&pending));
}
static void *body(void *argument) { show("thread"); return argument; }
static const char *disposition(int number) {
    struct sigaction action;
    sigaction(number, NULL, &action);
    return action.sa_handler == SIG_DFL ? "default" : action.sa_handler == SIG_IGN ? "ignored" : "handled";
}

TEST {
    if (conf_argc > 1) {
        show("executed");
        T("USR1 %s, USR2 %s, CHLD %s, PIPE %s, RTMIN+1 %s", disposition(SIGUSR1), disposition(SIGUSR2), disposition(SIGCHLD), disposition(SIGPIPE), disposition(SIGRTMIN + 1));
        struct sigaction action;
        sigaction(SIGUSR1, NULL, &action);
        T("flags %#x, mask %s", action.sa_flags, set_names(&action.sa_mask));
        stack_t stack;
        sigaltstack(NULL, &stack);
        T("alternate stack %#x", stack.ss_flags);
        exit(5);
    }
    struct sigaction action = {.sa_handler = conf_count_signal, .sa_flags = SA_RESTART | SA_NODEFER, .sa_mask = SIGSET(SIGHUP)};
    sigaction(SIGUSR1, &action, NULL);
    signal(SIGUSR2, SIG_IGN);
    signal(SIGCHLD, SIG_IGN);
    signal(SIGCHLD, SIG_DFL);
    signal(SIGPIPE, SIG_IGN);
    count_signal(SIGRTMIN + 1, 0);
    BLOCK(SIGTERM, SIGRTMIN, SIGALRM);
    raise(SIGTERM);
    kill(getpid(), SIGRTMIN);
    kill(getpid(), SIGRTMIN);
    show("main");
    IN_CHILD("fork", show("forked"));
    pthread_t thread;
    pthread_create(&thread, NULL, body, NULL); // the process's pending ones are everyone's, the thread's are not
    pthread_join(thread, NULL);
    stack_t stack = {.ss_sp = new_pages(4), .ss_size = 4 * PAGE};
    MUST(sigaltstack(&stack, NULL));
    IN_CHILD("fork and exec", EXEC_SELF("x"));
    IN_CHILD("pending over exec", raise(SIGTERM); kill(getpid(), SIGALRM); EXEC_SELF("x"));
    IN_CHILD("clear handlers", {
        pid_t pid = (pid_t)CLONE3(.flags = CLONE_CLEAR_SIGHAND, .exit_signal = SIGCHLD);
        if (pid == 0) {
            T("USR1 %s, USR2 %s", disposition(SIGUSR1), disposition(SIGUSR2));
            child_exit(0);
        }
        reap("cleared", pid);
    });
    IN_CHILD("mask of a handler over exec", {
        void handler(int number) { (void)number; EXEC_SELF("x"); }
        action = (struct sigaction){.sa_handler = handler, .sa_mask = SIGSET(SIGHUP)};
        sigaction(SIGUSR1, &action, NULL);
        raise(SIGUSR1);
    });
}
