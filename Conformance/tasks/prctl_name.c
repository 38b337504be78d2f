// The name of a task: PR_SET_NAME, PR_GET_NAME, /proc/self/comm.
#include "../tasks.h"

static void show_comm(const char *path) {
    char text[64] = "";
    int fd = open(path, O_RDONLY);
    ssize_t got = read(fd, text, sizeof text - 1);
    close(fd);
    show_text("comm", text, got);
}
static void *other(void *argument) {
    char name[16];
    prctl(PR_GET_NAME, name);
    T("thread starts as %s", name);
    prctl(PR_SET_NAME, "second");
    show_comm("/proc/thread-self/comm");
    show_comm("/proc/self/comm");
    return argument;
}

TEST {
    char name[20] = "???????????????????";
    SHOW(prctl(PR_GET_NAME, name));
    T("%s", name);
    SHOW(prctl(PR_SET_NAME, "a name that is far too long"));
    memset(name, '?', sizeof name);
    SHOW(prctl(PR_GET_NAME, name));
    hexdump("name", name, sizeof name);
    show_comm("/proc/self/comm");
    SHOW(prctl(PR_SET_NAME, ""));
    show_comm("/proc/self/comm");
    SHOW(prctl(PR_SET_NAME, "new\nline \\ \x01"));
    show_comm("/proc/self/comm");
    SHOW(prctl(PR_SET_NAME, BAD));
    SHOW(prctl(PR_GET_NAME, BAD));
    char *end = new_pages(2) + PAGE;
    MUST(munmap(end, PAGE));
    memcpy(end - 4, "abcd", 4); // no end before the hole
    SHOW(prctl(PR_SET_NAME, end - 4));
    memcpy(end - 16, "0123456789abcdef", 16);
    SHOW(prctl(PR_SET_NAME, end - 16));
    show_comm("/proc/self/comm");

    prctl(PR_SET_NAME, "first");
    pthread_t thread;
    pthread_create(&thread, NULL, other, NULL);
    pthread_join(thread, NULL);
    show_comm("/proc/self/comm");
    IN_CHILD("inherited", show_comm("/proc/self/comm"));

    // Written through /proc.
    int fd = (int)MUST(open("/proc/self/comm", O_RDWR));
    SHOW(write(fd, "written to comm, long\n", 22));
    show_comm("/proc/self/comm");
    SHOW(pwrite(fd, "x", 1, 0));
    show_comm("/proc/self/comm");
    char text[512];
    int stat = (int)MUST(open("/proc/self/stat", O_RDONLY));
    prctl(PR_SET_NAME, "odd) (name");
    text[read(stat, text, sizeof text - 1)] = 0;
    *strrchr(text, ')') = 0;
    T("stat: %s", strchr(text, '('));
}
