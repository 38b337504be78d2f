// kcmp: what two tasks share.
#include "../tasks.h"
#include <linux/kcmp.h>

static long compare(pid_t a, pid_t b, int type, unsigned long x, unsigned long y) { return RAW(SYS_kcmp, a, b, type, x, y); }

/// Different objects are ordered somehow; which way is nobody's business.
static void same(const char *label, long result) {
    T("%s: %s", label, result < 0 ? errno_name(errno) : result == 0 ? "the same" : result == 1 || result == 2 ? "different" : "?");
}

static int wait_here(void *fd) {
    char byte;
    (void)!read(*(int *)fd, &byte, 1);
    return 0;
}

TEST {
    pid_t me = getpid();
    if (compare(me, me, KCMP_VM, 0, 0) < 0 && errno == ENOSYS) SKIP("this kernel has no kcmp");
    static const int types[] = {KCMP_VM, KCMP_FILES, KCMP_FS, KCMP_SIGHAND, KCMP_IO, KCMP_SYSVSEM};
    static const char *const names[] = {"memory", "descriptors", "directories", "handlers", "io", "semaphores"};
    for (int i = 0; i < 6; i++) SHOWN(names[i], compare(me, me, types[i], 0, 0));
    int a = (int)MUST(open("/dev/null", O_RDONLY)), b = dup(a), c = (int)MUST(open("/dev/null", O_RDONLY));
    same("a descriptor and itself", compare(me, me, KCMP_FILE, (unsigned long)a, (unsigned long)a));
    same("and its copy", compare(me, me, KCMP_FILE, (unsigned long)a, (unsigned long)b));
    same("and another opening", compare(me, me, KCMP_FILE, (unsigned long)a, (unsigned long)c));
    long one = compare(me, me, KCMP_FILE, (unsigned long)a, (unsigned long)c), other = compare(me, me, KCMP_FILE, (unsigned long)c, (unsigned long)a);
    CHECK(one + other == 3); // an order: less one way, greater the other
    same("no descriptor", compare(me, me, KCMP_FILE, (unsigned long)a, 999));
    same("a number beyond", compare(me, me, KCMP_FILE, 1ul << 40, (unsigned long)a));
    same("an unknown kind", compare(me, me, 99, 0, 0));
    same("a negative kind", compare(me, me, -1, 0, 0));
    same("nobody", compare(me, 99999999, KCMP_VM, 0, 0));
    same("nobody first", compare(99999999, me, KCMP_VM, 0, 0));

    static const struct { const char *name; int flags; } kinds[] = {
        {"fork", 0}, {"CLONE_VM", CLONE_VM}, {"CLONE_FILES", CLONE_FILES}, {"CLONE_FS", CLONE_FS}, {"CLONE_VM|CLONE_SIGHAND", CLONE_VM | CLONE_SIGHAND},
    };
    static char stack[65536] __attribute__((aligned(16)));
    for (int kind = 0; kind < 5; kind++) {
        int ends[2];
        MUST(pipe(ends));
        pid_t child = (pid_t)MUST(clone(wait_here, stack + sizeof stack, kinds[kind].flags | SIGCHLD, &ends[0]));
        T("%s", kinds[kind].name);
        for (int i = 0; i < 4; i++) same(names[i], compare(me, child, types[i], 0, 0));
        same("a descriptor", compare(me, child, KCMP_FILE, (unsigned long)a, (unsigned long)a));
        MUST(write(ends[1], "x", 1));
        waitpid(child, NULL, 0);
        close(ends[0]), close(ends[1]);
    }
}
