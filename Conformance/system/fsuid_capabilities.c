// setfsuid(2): the capabilities about files go and come with file user 0, the others stay.
#include "../tasks.h"
#include <sys/fsuid.h>

static void show_effective(const char *label) {
    static const struct { int number; const char *name; } known[] = {
        {0, "CHOWN"}, {1, "DAC_OVERRIDE"}, {2, "DAC_READ_SEARCH"}, {3, "FOWNER"}, {4, "FSETID"}, {5, "KILL"}, {7, "SETUID"}, {27, "MKNOD"}};
    char text[4096] = "";
    int fd = (int)MUST(open("/proc/thread-self/status", O_RDONLY));
    MUST(read(fd, text, sizeof text - 1));
    close(fd);
    char *line = strstr(text, "CapEff:");
    unsigned long set = line ? strtoul(line + 7, NULL, 16) : 0;
    printf("%s:", label);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) if (set >> known[i].number & 1) printf(" %s", known[i].name);
    printf("\n");
}

TEST {
    if (geteuid()) SKIP("must be root");
    int fd = (int)MUST(creat("secret", 0600));
    close(fd);
    show_effective("root");
    setfsuid(65534);
    show_effective("file user 65534");
    SHOW(open("secret", O_RDONLY));
    SHOW(chown("secret", 1, 1));
    setfsuid(65533);
    show_effective("file user 65533");
    setfsuid(0);
    show_effective("root again");
    SUCCEEDS(open("secret", O_RDONLY));
}
