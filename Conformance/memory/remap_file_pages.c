// remap_file_pages: the pages of a shared mapping in another order.
#include "../common.h"

static char *map;

static void order(const char *when) {
    T("%s: %c%c%c%c", when, map[0], map[4096], map[8192], map[12288]);
}

TEST {
    int fd = (int)MUST(open("f", O_RDWR | O_CREAT, 0644));
    for (int i = 0; i < 4; i++) {
        char page[4096];
        memset(page, 'a' + i, 4096);
        MUST(write(fd, page, 4096));
    }
    map = mmap(NULL, 16384, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    order("at first");
    SHOW(RAW(SYS_remap_file_pages, map, 4096, 0, 3, 0));
    order("the last page first");
    SHOW(RAW(SYS_remap_file_pages, map + 4096, 8192, 0, 0, 0));
    order("two at once");
    map[0] = 'X'; // is written to the fourth page of the file
    char byte;
    MUST(pread(fd, &byte, 1, 12288));
    SHOW(byte);
    SHOW(RAW(SYS_remap_file_pages, map, 4096, PROT_READ, 0, 0)); // must be 0
    SHOW(RAW(SYS_remap_file_pages, map, 0, 0, 0, 0));
    SHOW(RAW(SYS_remap_file_pages, map + 1, 4096, 0, 1, 0)); // rounded
    order("rounded");
    SHOW(RAW(SYS_remap_file_pages, BAD, 4096, 0, 0, 0));
    SHOW(RAW(SYS_remap_file_pages, map, 4096, 0, -1, 0));
    char *mine = mmap(NULL, 8192, PROT_READ, MAP_PRIVATE, fd, 0);
    SHOW(RAW(SYS_remap_file_pages, mine, 4096, 0, 1, 0)); // not shared

    // Shared memory without a name is a file too.
    map = mmap(NULL, 16384, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    for (int i = 0; i < 4; i++) map[4096 * i] = (char)('a' + i);
    SHOW(RAW(SYS_remap_file_pages, map, 4096, 0, 3, 0));
    order("nameless, the last page first");
    SHOW(RAW(SYS_remap_file_pages, map + 4096, 8192, 0, 0, 0));
    order("two at once");
    map[0] = 'Y';
    order("written");
    pid_t child = fork();
    if (child == 0) {
        map[4096] = 'Z';
        SHOW(RAW(SYS_remap_file_pages, map, 4096, 0, 2, 0));
        order("in a child");
        _exit(0);
    }
    waitpid(child, NULL, 0);
    order("after it");
    SHOW(RAW(SYS_remap_file_pages, map, 16384, 0, 0, 0)); // areas that do not continue each other
    order("all in order");
    char *private = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    SHOW(RAW(SYS_remap_file_pages, private, 4096, 0, 0, 0));
}
