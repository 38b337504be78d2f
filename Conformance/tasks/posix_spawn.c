// posix_spawn with its file actions and attributes.
#include "../tasks.h"

extern char **environ;

static void start(const char *label, const char *path, posix_spawn_file_actions_t *actions, posix_spawnattr_t *attributes, char *argument) {
    pid_t pid = -1;
    fflush(stdout);
    int result = posix_spawn(&pid, path, actions, attributes, (char *[]){(char *)path, argument, NULL}, environ);
    if (result) T("%s: %s", label, errno_name(result));
    else reap(label, pid);
}

TEST {
    if (conf_argc > 1) {
        char *what = conf_argv[1];
        sigset_t mask;
        if (!strcmp(what, "write")) T("spawned writes");
        if (!strcmp(what, "group")) CHECK(getpgrp() == getpid());
        if (!strcmp(what, "session")) CHECK(getsid(0) == getpid());
        if (!strcmp(what, "mask")) {
            sigprocmask(SIG_SETMASK, NULL, &mask);
            T("mask %s", set_names(&mask));
        }
        if (!strcmp(what, "default")) {
            struct sigaction first, second;
            sigaction(SIGUSR1, NULL, &first);
            sigaction(SIGUSR2, NULL, &second);
            T("USR1 %s, USR2 %s", first.sa_handler == SIG_DFL ? "default" : "ignored", second.sa_handler == SIG_DFL ? "default" : "ignored");
        }
        if (!strcmp(what, "files")) {
            T("7 %s, 8 %s, 9 %s", is_open(7) ? "open" : "closed", is_open(8) ? "open" : "closed", is_open(9) ? "open" : "closed");
            show_read("from 7", 7, 100);
        }
        exit(conf_failures ? 1 : 21);
    }
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    start("plain", conf_self, NULL, NULL, "write");
    start("missing", "./missing", NULL, NULL, "write");
    make_file("plain", "text");
    start("not executable", "./plain", NULL, NULL, "write");

    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 1, "output", O_WRONLY | O_CREAT, 0600);
    start("to a file", conf_self, &actions, NULL, "write");
    show_file("output");
    posix_spawn_file_actions_destroy(&actions);

    MUST(open("output", O_RDONLY));
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, 3, 7);
    posix_spawn_file_actions_adddup2(&actions, 7, 8);
    posix_spawn_file_actions_addclose(&actions, 8);
    posix_spawn_file_actions_addchdir_np(&actions, "/");
    start("dup and close", conf_self, &actions, NULL, "files");
    posix_spawn_file_actions_addopen(&actions, 9, "missing", O_RDONLY, 0);
    start("failing open", conf_self, &actions, NULL, "files");
    posix_spawn_file_actions_destroy(&actions);

    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    start("process group", conf_self, NULL, &attributes, "group");
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);
    start("session", conf_self, NULL, &attributes, "session");

    sigset_t mask = SIGSET(SIGUSR1, SIGTERM);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    posix_spawnattr_setsigmask(&attributes, &mask);
    start("mask", conf_self, NULL, &attributes, "mask");

    signal(SIGUSR1, SIG_IGN);
    signal(SIGUSR2, SIG_IGN);
    start("inherited ignores", conf_self, NULL, NULL, "default");
    mask = SIGSET(SIGUSR1);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setsigdefault(&attributes, &mask);
    start("made default", conf_self, NULL, &attributes, "default");
    posix_spawnattr_destroy(&attributes);

    pid_t pid;
    fflush(stdout);
    int result = posix_spawnp(&pid, "sh", NULL, NULL, (char *[]){"sh", "-c", "exit 22", NULL}, environ);
    T("posix_spawnp: %d", result);
    reap("sh", pid);
    SHOW(system("exit 23") >> 8);
    FILE *stream = popen("echo from the pipe; exit 24", "r");
    char line[100] = "";
    if (fgets(line, sizeof line, stream)) printf("%s", line);
    SHOW(pclose(stream) >> 8);
}
