// A directory with a thousand names: found, counted, removed.
#include "../common.h"

TEST {
    MUST(mkdir("d", 0755));
    char name[64];
    enum { COUNT = 1000 };
    int fd = (int)MUST(open("d", O_RDONLY | O_DIRECTORY));
    for (int i = 0; i < COUNT; i++) {
        snprintf(name, sizeof name, "a name of some length, number %d", i);
        if (i % 10 == 0) MUST(symlinkat("x", fd, name));
        else MUST(mknodat(fd, name, S_IFREG | 0644, 0));
    }
    static bool seen[COUNT];
    int count = 0, twice = 0, links = 0, calls = 0;
    char buffer[8192];
    for (long got; (got = RAW(SYS_getdents64, fd, buffer, sizeof buffer)) > 0; calls++)
        for (long at = 0; at < got; at += *(unsigned short *)(buffer + at + 16)) {
            const char *entry = buffer + at + 19;
            if (entry[0] == '.') continue;
            int number = atoi(strrchr(entry, ' '));
            if (seen[number]) twice++;
            seen[number] = true;
            links += buffer[at + 18] == DT_LNK;
            count++;
        }
    T("%d names, %d twice, %d links", count, twice, links);
    CHECK(calls > 5);
    int wrong = 0;
    struct stat status;
    for (int i = 0; i < COUNT; i += 7) {
        snprintf(name, sizeof name, "a name of some length, number %d", i);
        wrong += fstatat(fd, name, &status, AT_SYMLINK_NOFOLLOW) != 0;
        snprintf(name, sizeof name, "a name of some length, number %d", i + COUNT);
        wrong += fstatat(fd, name, &status, AT_SYMLINK_NOFOLLOW) == 0;
    }
    T("wrong lookups %d", wrong);
    SHOW(rmdir("d"));
    for (int i = 0; i < COUNT; i++) {
        snprintf(name, sizeof name, "a name of some length, number %d", i);
        MUST(unlinkat(fd, name, 0));
    }
    show_dir("d");
    SHOW(rmdir("d"));
}
