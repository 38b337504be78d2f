// getdents64(2): sizes that are not, and buffers that end early. Directories of /proc and their ends.
#include "../common.h"

static long list(int fd, void *buffer, unsigned long size) { return syscall(SYS_getdents64, fd, buffer, size); }

TEST {
    char name[16];
    for (int i = 0; i < 100; i++) {
        snprintf(name, sizeof name, "file%03d", i);
        close((int)MUST(creat(name, 0600)));
    }
    char *pages = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    MUST(mprotect(pages + 4096, 4096, PROT_NONE));
    int fd = (int)MUST(open(".", O_RDONLY | O_DIRECTORY));
    SHOW(list(fd, pages, 0x80000000u));
    SHOW(list(fd, pages, 0xffffffffu));
    CHECK(list(fd, pages, 4096) > 0);
    SHOW(lseek(fd, 0, SEEK_SET));
    // Only 256 bytes are there, whatever the size says: entries come as they fit, and none is lost.
    int entries = 0, bad = 0;
    long got;
    while ((got = list(fd, pages + 4096 - 256, 4096)) > 0) {
        if (got > 256) bad++;
        for (long at = 0; at < got; at += *(unsigned short *)(pages + 4096 - 256 + at + 16)) entries++;
    }
    SHOW(got);
    SHOW(entries);
    SHOW(bad);
    SHOW(lseek(fd, 0, SEEK_SET));
    SHOW(list(fd, pages + 4096, 4096));
    SHOW(list(fd, (void *)8, 4096));
    CHECK(list(fd, pages, 4096) > 0);

    static const char *const places[] = {"/proc", "/proc/self", "/proc/self/task", "/proc/self/fd", "/proc/self/ns", "/proc/sys", "/proc/sys/kernel", "/proc/net/", "/sys"};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        int place = (int)MUST(open(places[i], O_RDONLY | O_DIRECTORY));
        SHOWN(places[i], lseek(place, 0, SEEK_END));
        SHOWN(places[i], lseek(place, 5, SEEK_END));
        SHOWN(places[i], lseek(place, -5, SEEK_END));
        close(place);
    }
    SHOW(lseek((int)MUST(open("/dev/pts", O_RDONLY)), 0, SEEK_END));
    DIR *terminals = opendir("/dev/pts");
    bool hasMultiplexer = false;
    for (struct dirent *entry; terminals && (entry = readdir(terminals));) hasMultiplexer |= !strcmp(entry->d_name, "ptmx");
    CHECK(hasMultiplexer);
}
