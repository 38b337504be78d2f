// Files of /proc about a process's memory that were opened before it executed a program: they show nothing of the new one.
#include "../tasks.h"

static const char *const names[] = {"mem", "maps", "smaps", "environ", "pagemap"};
static char secret[] = "secret";

static void try_all(const char *when, const int *files) {
    for (int i = 0; i < 5; i++) {
        char path[32], buffer[8] = "";
        snprintf(path, sizeof path, "/proc/self/%s", names[i]);
        long offset = i == 0 ? (long)secret : i == 4 ? (long)secret / 4096 * 8 : 0;
        long got = pread(files[i], buffer, 8, offset);
        T("%s %s: %ld%s", when, names[i], got, got < 0 ? strerrorname_np(errno) : i == 0 && !memcmp(buffer, secret, 7) ? " the secret" : "");
    }
}

TEST {
    int files[5];
    if (conf_argc > 1) {
        for (int i = 0; i < 5; i++) files[i] = 10 + i;
        try_all("after exec,", files);
        for (int i = 0; i < 5; i++) {
            char path[32];
            snprintf(path, sizeof path, "/proc/self/%s", names[i]);
            files[i] = (int)MUST(open(path, O_RDONLY));
        }
        try_all("opened anew,", files);
        T("write: %ld", (long)pwrite(15, "x", 1, (long)secret));
        T("still %s", secret);
        return;
    }
    for (int i = 0; i < 5; i++) {
        char path[32];
        snprintf(path, sizeof path, "/proc/self/%s", names[i]);
        files[i] = (int)MUST(dup2((int)MUST(open(path, O_RDONLY)), 10 + i));
    }
    MUST(dup2((int)MUST(open("/proc/self/mem", O_RDWR)), 15));
    try_all("before,", files);
    pid_t child = fork(); // it reads the parent's, not its own
    if (child == 0) {
        strcpy(secret, "hidden");
        try_all("in the child,", files);
        _exit(0);
    }
    waitpid(child, NULL, 0);
    fflush(stdout);
    EXEC_SELF("again");
}
