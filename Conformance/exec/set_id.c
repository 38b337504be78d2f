// What executing a set-user-id program does to ids and capabilities: ambient ones, a shared working directory, SECBIT_NOROOT.
#include "../tasks.h"
#include <linux/securebits.h>

static void show_state(const char *label) {
    static const char *const names[] = {"CapInh:", "CapPrm:", "CapEff:", "CapAmb:"};
    char text[4096] = "";
    int fd = (int)MUST(open("/proc/thread-self/status", O_RDONLY));
    MUST(read(fd, text, sizeof text - 1));
    close(fd);
    printf("%s: uid %d euid %d gid %d egid %d;", label, (int)getuid(), (int)geteuid(), (int)getgid(), (int)getegid());
    for (size_t i = 0; i < 4; i++) {
        char *line = strstr(text, names[i]);
        unsigned long set = line ? strtoul(line + 7, NULL, 16) : 0;
        printf(" %s %s", names[i], set == 0 ? "none" : set == 1UL << 10 ? "bind" : set == (1UL << 10 | 1UL << 7) ? "bind, setuid" : "many");
    }
    printf("\n");
}

static void set_capabilities(uint64_t effective, uint64_t permitted, uint64_t inheritable) {
    struct { uint32_t version; int pid; } header = {0x20080522, 0};
    uint32_t data[6] = {(uint32_t)effective, (uint32_t)permitted, (uint32_t)inheritable, (uint32_t)(effective >> 32), (uint32_t)(permitted >> 32), (uint32_t)(inheritable >> 32)};
    MUST(syscall(SYS_capset, &header, data));
}

static void copy_self(const char *name, mode_t mode, uid_t uid, gid_t gid) {
    static char data[1 << 20];
    int from = (int)MUST(open(conf_self, O_RDONLY)), to = (int)MUST(creat(name, 0755));
    ssize_t got;
    while ((got = read(from, data, sizeof data)) > 0) MUST(write(to, data, (size_t)got));
    close(from), close(to);
    MUST(chown(name, uid, gid));
    MUST(chmod(name, mode));
}
#define RUN(file, label) execv(file, (char *[]){(char *)file, (char *)label, NULL}), _exit(1)

static int share_directory(void *unused) { (void)unused; pause(); return 0; }

TEST {
    if (conf_argc > 1) { show_state(conf_argv[1]); return; }
    if (geteuid()) SKIP("must be root");
    MUST(chmod(".", 0755));
    copy_self("plain", 0755, 0, 0);
    copy_self("to_user", 04755, 5000, 5000);
    copy_self("to_root", 04755, 0, 0);
    copy_self("to_group", 02755, 0, 5000);
    IN_CHILD("root, plain", { RUN("./plain", "root, plain"); });
    IN_CHILD("root, set-user-id to a user", { RUN("./to_user", "root, set-user-id to a user"); });
    IN_CHILD("user, set-user-id to root", { drop_root(); RUN("./to_root", "user, set-user-id to root"); });
    IN_CHILD("user, set-group-id", { drop_root(); RUN("./to_group", "user, set-group-id"); });
    IN_CHILD("SECBIT_NOROOT", { MUST(prctl(PR_SET_SECUREBITS, SECBIT_NOROOT)); RUN("./plain", "SECBIT_NOROOT"); });
    for (int set = 0; set < 2; set++) {
        IN_CHILD("ambient", {
            uint64_t bind = 1 << 10;
            MUST(prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP));
            MUST(setresuid(7000, 7000, 7000));
            set_capabilities(bind, bind, bind);
            MUST(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, 10, 0, 0));
            show_state("with an ambient capability");
            if (set) RUN("./to_user", "ambient, set-user-id"); else RUN("./plain", "ambient, plain");
        });
    }
    IN_CHILD("keeping capabilities", {
        set_capabilities(1 << 10 | 1 << 7, 1 << 10 | 1 << 7, 1 << 10);
        MUST(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, 10, 0, 0));
        MUST(prctl(PR_SET_KEEPCAPS, 1));
        MUST(setuid(7000));
        show_state("after setuid with PR_SET_KEEPCAPS");
    });
    // Another process could change the working directory of a program with more rights: it gets none.
    IN_CHILD("shared directory", {
        drop_root();
        static char stack[65536];
        pid_t other = (pid_t)MUST(clone(share_directory, stack + sizeof stack, CLONE_FS | SIGCHLD, NULL));
        pid_t pid = SPAWN({ RUN("./to_root", "not shared"); });
        reap("not shared", pid);
        pid = (pid_t)syscall(SYS_clone, CLONE_FS | SIGCHLD, NULL, NULL, NULL, 0);
        if (!pid) RUN("./to_root", "shared");
        reap("shared", pid);
        kill(other, SIGKILL);
        waitpid(other, NULL, 0);
    });
}
