// Standard output that is a file: its size, its number, its name, its flags.
#include "../common.h"

TEST {
    struct stat first, second, named;
    MUST(fstat(1, &first));
    if (!S_ISREG(first.st_mode)) SKIP("standard output is no file");
    CHECK(first.st_size >= 0 && first.st_ino > 3 && first.st_blksize > 0);
    fflush(stdout);
    long before = (long)lseek(1, 0, SEEK_END);
    MUST(write(1, "written\n", 8));
    MUST(fstat(1, &second));
    T("grown by %ld, same number %d", (long)second.st_size - before, first.st_ino == second.st_ino);
    T("position %ld", (long)lseek(1, 0, SEEK_CUR) - before);
    SHOW(fcntl(1, F_GETFL) & (O_ACCMODE | O_APPEND));
    char path[4096] = "";
    SHOW(readlink("/proc/self/fd/1", path, sizeof path - 1) > 0);
    FACT("absolute", path[0] == '/');
    SHOW(stat(path, &named));
    FACT("leads to the file", named.st_ino == first.st_ino && S_ISREG(named.st_mode));
    MUST(stat("/proc/self/fd/1", &named));
    FACT("as the link does", named.st_ino == first.st_ino && named.st_dev == first.st_dev && named.st_size >= second.st_size);
    MUST(stat("/dev/stdout", &named));
    FACT("and that of /dev", named.st_ino == first.st_ino);
    SHOW(read(1, path, 1));
    SHOW(open("/proc/self/fd/1", O_WRONLY | O_APPEND) >= 0);
}
