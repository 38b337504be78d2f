// Faults that cannot be handled: blocked, ignored, nested, in a handler; and what SIGSEGV from kill does.
#include "../tasks.h"

// A compiler may know the result of 1 / 0.
#define DIVIDE() __asm__ volatile("xor %%edx, %%edx\n xor %%ecx, %%ecx\n mov $1, %%eax\n idiv %%ecx" ::: "rax", "rcx", "rdx", "cc")

static volatile int depth;
static void nest(int number, siginfo_t *info, void *context) {
    (void)info, (void)context;
    if (++depth == 3) {
        T("nested %d deep in %s", depth, signal_name(number));
        fflush(stdout);
        _exit(3);
    }
    POKE(conf_bad, 1);
}
static void divides(int number, siginfo_t *info, void *context) {
    (void)info, (void)context, (void)number;
    T("in the SIGSEGV handler");
    DIVIDE();
}
static void returns(int number, siginfo_t *info, void *context) {
    (void)info, (void)context;
    if (++depth > 5) {
        T("%s five times", signal_name(number));
        fflush(stdout);
        _exit(4);
    }
}

TEST {
    IN_CHILD("default", POKE(conf_bad, 1));
    IN_CHILD("blocked", BLOCK(SIGSEGV); POKE(conf_bad, 1));
    IN_CHILD("ignored", signal(SIGSEGV, SIG_IGN); POKE(conf_bad, 1));
    IN_CHILD("blocked with handler", BLOCK(SIGSEGV); on_signal(SIGSEGV, returns, 0); POKE(conf_bad, 1));
    IN_CHILD("in its handler", on_signal(SIGSEGV, nest, 0); POKE(conf_bad, 1));
    IN_CHILD("in its handler with SA_NODEFER", on_signal(SIGSEGV, nest, SA_NODEFER); POKE(conf_bad, 1));
    IN_CHILD("another in its handler", on_signal(SIGSEGV, divides, 0); POKE(conf_bad, 1));
    IN_CHILD("another, handled", on_signal(SIGSEGV, divides, 0); on_signal(SIGFPE, returns, 0); POKE(conf_bad, 1));
    IN_CHILD("handler returns: again", on_signal(SIGSEGV, returns, 0); POKE(conf_bad, 1));
    IN_CHILD("reset by SA_RESETHAND", on_signal(SIGSEGV, returns, (int)SA_RESETHAND); POKE(conf_bad, 1));
    IN_CHILD("ignored, sent", signal(SIGSEGV, SIG_IGN); kill(getpid(), SIGSEGV); _exit(5));
    IN_CHILD("blocked, sent", BLOCK(SIGSEGV); kill(getpid(), SIGSEGV); _exit(6));
    IN_CHILD("illegal, ignored", signal(SIGILL, SIG_IGN); __asm__ volatile("ud2"); _exit(7));
    IN_CHILD("trap, ignored", signal(SIGTRAP, SIG_IGN); __asm__ volatile("int3"); _exit(8));
    IN_CHILD("trap, blocked", BLOCK(SIGTRAP); __asm__ volatile("int3"); _exit(9));
    IN_CHILD("division, default", DIVIDE());
    IN_CHILD("no stack", __asm__ volatile("xor %esp, %esp\n push %rax"));
    IN_CHILD("no stack with handler", on_signal(SIGSEGV, returns, 0); __asm__ volatile("mov $4096, %esp\n push %rax"));
    IN_CHILD("handler is no code", {
        struct sigaction action = {.sa_handler = (void (*)(int))conf_bad};
        sigaction(SIGUSR1, &action, NULL);
        raise(SIGUSR1);
    });
    make_file("file", "x");
    int fd = (int)MUST(open("file", O_RDWR));
    char *map = mmap(NULL, 2 * PAGE, PROT_READ, MAP_SHARED, fd, 0);
    IN_CHILD("bus error", _exit(PEEK(map + PAGE)));
}
