// Programs of all makes: dynamic, by the dynamic linker, scripts, long chains, in a directory that was removed, unlinked.
// flags: -Wno-format-truncation
#include "../tasks.h"

TEST {
    if (conf_argc > 2) { // a chain: counts down
        int left = atoi(conf_argv[2]);
        if (left == 0) exit(42);
        char text[16];
        snprintf(text, sizeof text, "%d", left - 1);
        EXEC_SELF("chain", text);
        exit(1);
    }
    if (conf_argc > 1) {
        char text[PATH_MAX] = "", name[16] = "";
        prctl(PR_GET_NAME, name);
        T("argv[0] %s, comm %s", strrchr(conf_argv[0], '/') ? "a path" : conf_argv[0], name);
        readlink("/proc/self/exe", text, sizeof text - 1);
        T("exe %s", strrchr(text, '/') ? strrchr(text, '/') + 1 : text);
        exit(7);
    }
    IN_CHILD("chain of 30", EXEC_SELF("chain", "30"));
    IN_CHILD("another argv[0]", execl(conf_self, "other name", "x", NULL));
    MUST(symlink(conf_self, "a-link-with-a-long-name"));
    IN_CHILD("link", execl("./a-link-with-a-long-name", "link", "x", NULL));
    IN_CHILD("dynamic linker", execl("/lib64/ld-linux-x86-64.so.2", "ld", conf_self, "x", NULL));
    IN_CHILD("execlp", execlp("sh", "sh", "-c", "exit 12", NULL));
    IN_CHILD("execvp of a script without #!", {
        make_file("bare", "exit 13\n");
        MUST(chmod("bare", 0755));
        char path[PATH_MAX];
        snprintf(path, sizeof path, "%s/bare", conf_dir);
        execlp(path, "bare", NULL); // the C library tries the shell
    });
    // A copy, unlinked while it runs.
    int in = (int)MUST(open(conf_self, O_RDONLY)), out = (int)MUST(open("copy", O_WRONLY | O_CREAT, 0755));
    static char block[1 << 16];
    ssize_t got;
    while ((got = read(in, block, sizeof block)) > 0) MUST(write(out, block, (size_t)got));
    close(out);
    close(in);
    IN_CHILD("copy", execl("./copy", "copy", "x", NULL));
    MUST(rename("copy", "moved"));
    IN_CHILD("moved", execl("./moved", "moved", "x", NULL));
    struct gate gate = make_gate();
    pid_t pid = SPAWN({ gate_wait(gate); execl("./moved", "moved", "x", NULL); _exit(errno == ENOENT ? 2 : 3); });
    MUST(unlink("moved"));
    gate_open(gate);
    reap("unlinked before", pid);
    // 40 processes at once.
    pid_t pids[40];
    int bad = 0, status;
    for (int i = 0; i < 40; i++) {
        fflush(stdout);
        pids[i] = vfork();
        if (pids[i] == 0) {
            execl("/bin/sh", "sh", "-c", "exit 6", NULL);
            _exit(1);
        }
    }
    for (int i = 0; i < 40; i++) bad += waitpid(pids[i], &status, 0) != pids[i] || WEXITSTATUS(status) != 6;
    SHOW(bad);
    // In a directory that is gone.
    MUST(mkdir("gone", 0755));
    MUST(chdir("gone"));
    MUST(rmdir("../gone"));
    IN_CHILD("nowhere", execl("/bin/sh", "sh", "-c", "exit 8", NULL));
    IN_CHILD("nowhere, relative", execl("./x", "x", NULL); T("%s", errno_name(errno)));
}
