// inotify: what the execution of a file, splice and tee tell its watchers.
#include "../tasks.h"
#include <sys/inotify.h>

static int queue;

static void events(const char *after) {
    static char buffer[8192] __attribute__((aligned(8)));
    long got = read(queue, buffer, sizeof buffer);
    printf("%s:", after);
    for (long at = 0; at < got;) {
        struct inotify_event *event = (void *)(buffer + at);
        static const struct { uint32_t bit; const char *name; } names[] = {
            {IN_ACCESS, "access"}, {IN_MODIFY, "modify"}, {IN_CLOSE_WRITE, "close_write"}, {IN_CLOSE_NOWRITE, "close"}, {IN_OPEN, "open"}, {IN_ATTRIB, "attributes"},
        };
        for (int i = 0; i < 6; i++)
            if (event->mask & names[i].bit) printf(" %s", names[i].name);
        at += (long)sizeof *event + event->len;
    }
    printf("\n");
}

static void run(const char *path) {
    pid_t child = fork();
    if (child == 0) {
        execl(path, path, NULL);
        _exit(9);
    }
    int status;
    waitpid(child, &status, 0);
    T("status %d", WEXITSTATUS(status));
}

TEST {
    if (conf_argc > 1) return;
    queue = (int)MUST(inotify_init1(IN_NONBLOCK));
    make_file("script", "#!/bin/true\n");
    chmod("script", 0755);
    MUST(inotify_add_watch(queue, "script", IN_ALL_EVENTS));
    run("./script");
    events("a script");
    make_file("wrong", "#!/no/such\n");
    chmod("wrong", 0755);
    MUST(inotify_add_watch(queue, "wrong", IN_ALL_EVENTS));
    run("./wrong");
    events("a script without an interpreter");
    make_file("text", "neither\n");
    chmod("text", 0755);
    MUST(inotify_add_watch(queue, "text", IN_ALL_EVENTS));
    run("./text");
    events("no program");
    chmod("text", 0644);
    events("chmod");
    run("./text");
    events("may not be executed");

    make_file("data", "abcdefgh");
    int fd = (int)MUST(open("data", O_RDWR)), ends[2], more[2];
    MUST(pipe(ends)), MUST(pipe(more));
    MUST(inotify_add_watch(queue, "data", IN_ALL_EVENTS));
    SHOW(splice(fd, NULL, ends[1], NULL, 4, 0));
    events("splice from it");
    SHOW(splice(ends[0], NULL, fd, NULL, 4, 0));
    events("splice to it");
    SHOW(splice(ends[0], NULL, fd, NULL, 4, SPLICE_F_NONBLOCK));
    events("nothing");
    MUST(write(ends[1], "x", 1));
    SHOW(tee(ends[0], more[1], 1, 0));
    SHOW(splice(more[0], NULL, fd, &(loff_t){0}, 1, 0));
    events("splice at an offset");
}
