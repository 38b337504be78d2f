// #! lines: arguments, blanks, nesting, length, missing interpreters.
// flags: -Wno-format-truncation
#define CONF_AS_USER
#include "../tasks.h"

static void script(const char *name, const char *text) {
    make_file(name, text);
    MUST(chmod(name, 0755));
}
static void run(const char *name) {
    fflush(stdout);
    pid_t pid = fork_child();
    if (pid == 0) {
        execve(name, (char *[]){"argv0", "first", "second", NULL}, (char *[]){"A=1", NULL});
        T("%s: %s", name, errno_name(errno));
        child_exit(99);
    }
    reap(name, pid);
}

TEST {
    if (conf_argc > 1) {
        for (int i = 1; i < conf_argc; i++) {
            // Paths and long arguments depend on where the programs lie: shortened.
            const char *slash = strrchr(conf_argv[i], '/');
            if (!strncmp(conf_argv[i], "yx", 2)) T("  argument %d: yx...", i);
            else T("  argument %d: [%s]", i, slash && conf_argv[i][0] == '/' ? slash + 1 : conf_argv[i]);
        }
        T("  argv[0] is the interpreter: %s", !strcmp(conf_argv[0], conf_self) ? "yes" : conf_argv[0]);
        exit(7);
    }
    char text[1024];
#define SCRIPT(name, ...) (snprintf(text, sizeof text, __VA_ARGS__), script(name, text))
    SCRIPT("plain", "#!%s\n", conf_self);
    SCRIPT("argument", "#!%s one\n", conf_self);
    SCRIPT("arguments", "#!%s one two  three\n", conf_self);
    SCRIPT("blanks", "#! \t %s \t one two \t \n", conf_self);
    SCRIPT("no-newline", "#!%s one", conf_self);
    SCRIPT("carriage-return", "#!%s one\r\n", conf_self);
    SCRIPT("only-space", "#!%s   \n", conf_self);
    script("nothing", "#!\n");
    script("blank", "#!   \n");
    script("missing", "#!/nonexistent/interpreter\n");
    script("directory", "#!/tmp\n");
    script("relative", "#!./plain-copy\n");
    script("hash-only", "#");
    script("space-first", " #!/bin/sh\n");
    run("./plain");
    run("./argument");
    run("./arguments");
    run("./blanks");
    run("./no-newline");
    run("./carriage-return");
    run("./only-space");
    run("./nothing");
    run("./blank");
    run("./missing");
    run("./directory");
    run("./relative");
    MUST(symlink(conf_self, "plain-copy"));
    run("./relative");
    run("./hash-only");
    run("./space-first");

    // Nesting: up to five of them.
    char name[16];
    SCRIPT("nest1", "#!%s a\n", conf_self);
    for (int i = 2; i <= 7; i++) {
        snprintf(name, sizeof name, "nest%d", i);
        SCRIPT(name, "#!%s/nest%d %c\n", conf_dir, i - 1, 'a' + i - 1);
    }
    for (int i = 2; i <= 7; i++) {
        snprintf(name, sizeof name, "./nest%d", i);
        run(name);
    }
    SCRIPT("self", "#!%s/self\n", conf_dir);
    run("./self");

    // The line's length: 256 bytes are looked at.
    char line[600];
    static const int lengths[] = {250, 254, 255, 256, 257, 300};
    for (int i = 0; i < 6; i++) {
        memset(line, 'x', sizeof line);
        int used = snprintf(line, sizeof line, "#!%s ", conf_self);
        line[used] = 'y';
        line[lengths[i] - 1] = '\n'; // the line takes this many bytes
        line[lengths[i]] = 0;
        script("long", line);
        T("length %d", lengths[i]);
        fflush(stdout);
        pid_t pid = fork_child();
        if (pid == 0) {
            execl("./long", "long", NULL);
            T("%s", errno_name(errno));
            child_exit(99);
        }
        // The argument holds as much of the line as was looked at, which depends on this program's path.
        reap("long", pid);
        memset(line, 0, sizeof line);
    }
    for (int i = 0; i < 2; i++) {
        // An interpreter's name that goes beyond it is cut off? No: refused.
        memset(line, '/', sizeof line);
        memcpy(line, "#!", 2);
        int size = i ? 300 : 200;
        strcpy(line + size, "/bin/true\n");
        script("deep", line);
        run("./deep");
    }
    // Not readable, but executable: a script's interpreter cannot open it.
    SCRIPT("unreadable", "#!/bin/cat\n");
    MUST(chmod("unreadable", 0111));
    freopen("/dev/null", "w", stderr);
    run("./unreadable");
    // The set-user-id bit of a script does nothing; the name of the task is the script's.
    script("comm", "#!/bin/sh\nread name < /proc/$$/comm\necho $name\n");
    MUST(chmod("comm", 04755));
    run("./comm");
}
