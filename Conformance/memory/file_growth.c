// A file that has grown since it was mapped: the kernel's own copies reach its new pages as the program does.
#include "../common.h"

enum { PAGE = 4096 };

static void copies(const char *what, int flags) {
    T("-- %s", what);
    int fd = (int)MUST(open("f", O_RDWR | O_CREAT | O_TRUNC, 0644)), ends[2];
    int zero = (int)MUST(open("/dev/zero", O_RDONLY)), null = (int)MUST(open("/dev/null", O_WRONLY));
    MUST(pipe(ends));
    MUST(write(fd, "x", 1));
    char *map = mmap(NULL, 8 * PAGE, PROT_READ | PROT_WRITE, flags, fd, 0);
    CHECK(map != MAP_FAILED);
    SHOW(read(zero, map + PAGE, 10));
    SHOW(write(ends[1], map + PAGE, 10));
    MUST(ftruncate(fd, 3 * PAGE));
    SHOW(read(zero, map + PAGE, 10));
    SHOW(write(ends[1], map + 2 * PAGE, 10));
    SHOW(read(ends[0], map + 2 * PAGE - 5, 10));
    // by writing
    MUST(pwrite(fd, "grown", 5, 4 * PAGE - 5));
    SHOW(write(ends[1], map + 4 * PAGE - 5, 5));
    char text[8] = "";
    MUST(read(ends[0], text, 5));
    T("%s", text);
    // structures, strings and vectors
    MUST(ftruncate(fd, 6 * PAGE));
    SHOW(fstat(fd, (struct stat *)(map + 4 * PAGE)));
    MUST(pwrite(fd, "missing", 8, 5 * PAGE));
    SHOW(open(map + 5 * PAGE, O_RDONLY));
    MUST(ftruncate(fd, 7 * PAGE));
    struct iovec vector = {map + 6 * PAGE, PAGE};
    SHOW(readv(zero, &vector, 1));
    SHOW(read(zero, map + 5 * PAGE, 3 * PAGE) == 2 * PAGE);
    SHOW(write(null, map, 8 * PAGE));
    SHOW(read(zero, map + 7 * PAGE, 1));
    // and back
    MUST(ftruncate(fd, PAGE));
    SHOW(read(zero, map + PAGE, 1));
    SHOW(read(zero, map, 1));
    MUST(munmap(map, 8 * PAGE));
    close(fd), close(zero), close(null), close(ends[0]), close(ends[1]);
}

TEST {
    copies("shared", MAP_SHARED);
    copies("private", MAP_PRIVATE);
    // of the program itself: a file's mapping that another process makes grow
    int fd = (int)MUST(open("g", O_RDWR | O_CREAT, 0644)), zero = (int)MUST(open("/dev/zero", O_RDONLY));
    char *map = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    SHOW(read(zero, map, 1));
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) _exit(ftruncate(fd, 2 * PAGE) != 0);
    MUST(waitpid(child, NULL, 0));
    SHOW(read(zero, map + PAGE, 1));
}
