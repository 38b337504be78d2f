// Removing and making files while listing: nothing else is missed or told twice.
#include "../common.h"

TEST {
    MUST(mkdir("d", 0755));
    char name[64];
    for (int i = 0; i < 300; i++) {
        snprintf(name, sizeof name, "d/file%03d", i);
        make_file(name, "");
    }
    // delete each name as it comes
    int fd = (int)MUST(open("d", O_RDONLY | O_DIRECTORY)), deleted = 0, failed = 0;
    char buffer[512];
    long got;
    while ((got = RAW(SYS_getdents64, fd, buffer, sizeof buffer)) > 0)
        for (long at = 0; at < got; at += *(unsigned short *)(buffer + at + 16)) {
            char *entry = buffer + at + 19;
            if (entry[0] == '.') continue;
            if (unlinkat(fd, entry, 0) == 0) deleted++; else failed++;
        }
    T("deleted %d, failed %d", deleted, failed);
    show_dir("d");
    SHOW(rmdir("d"));
    SHOWN("listing a removed directory", RAW(SYS_getdents64, fd, buffer, sizeof buffer));
    SHOW(lseek(fd, 0, SEEK_SET));
    got = RAW(SYS_getdents64, fd, buffer, sizeof buffer);
    T("from the start: %s", got < 0 ? errno_name(errno) : got == 0 ? "end" : "entries");
    // those that stay are seen exactly once, whatever goes and comes
    MUST(mkdir("e", 0755));
    for (int i = 0; i < 100; i++) {
        snprintf(name, sizeof name, "e/stay%03d", i);
        make_file(name, "");
        snprintf(name, sizeof name, "e/go%03d", i);
        make_file(name, "");
    }
    fd = (int)MUST(open("e", O_RDONLY | O_DIRECTORY));
    int seen[100] = {0}, round = 0;
    while ((got = RAW(SYS_getdents64, fd, buffer, sizeof buffer)) > 0) {
        for (long at = 0; at < got; at += *(unsigned short *)(buffer + at + 16)) {
            char *entry = buffer + at + 19;
            if (!strncmp(entry, "stay", 4)) seen[atoi(entry + 4)]++;
        }
        for (int i = 0; i < 5 && round * 5 + i < 100; i++) {
            snprintf(name, sizeof name, "e/go%03d", round * 5 + i);
            unlink(name);
        }
        round++;
    }
    int once = 0;
    for (int i = 0; i < 100; i++) once += seen[i] == 1;
    T("seen exactly once: %d", once);
}
