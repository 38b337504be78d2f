// O_DIRECTORY, and opening directories.
#include "../common.h"

TEST {
    make_file("f", "");
    MUST(mkdir("d", 0755));
    MUST(symlink("d", "ld"));
    MUST(symlink("f", "lf"));
    MUST(mkfifo("p", 0644));
    SUCCEEDS(open("d", O_RDONLY | O_DIRECTORY));
    SUCCEEDS(open("d/", O_RDONLY | O_DIRECTORY));
    SUCCEEDS(open("d/.", O_RDONLY));
    SUCCEEDS(open("ld", O_RDONLY | O_DIRECTORY));
    SUCCEEDS(open("ld/", O_RDONLY | O_NOFOLLOW));
    SHOW(open("f", O_RDONLY | O_DIRECTORY));
    SHOW(open("lf", O_RDONLY | O_DIRECTORY));
    SHOW(open("p", O_RDONLY | O_DIRECTORY));
    SHOW(open("missing", O_RDONLY | O_DIRECTORY));
    SHOW(open("d", O_WRONLY));
    SHOW(open("d", O_RDWR));
    SHOW(open("d", O_RDWR | O_DIRECTORY));
    SHOW(open("new", O_RDONLY | O_DIRECTORY | O_CREAT, 0755));
    SHOW(open("d", O_RDONLY | O_DIRECTORY | O_CREAT, 0755));
    FACT("made", exists("new"));
    int fd = (int)MUST(open("d", O_RDONLY));
    char byte;
    SHOW(read(fd, &byte, 1));
    SHOW(pread(fd, &byte, 1, 0));
    SHOW(read(fd, BAD, 1));
    SHOW(read(fd, &byte, 0));
    SHOW(write(fd, "x", 1));
    SHOW(ftruncate(fd, 0));
    SHOW(fsync(fd));
    SHOW(fdatasync(fd));
    SHOW(truncate("d", 0));
    SHOW(ioctl(fd, TCGETS, BAD));
    CHECK(mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, fd, 0) == MAP_FAILED);
    T("mmap of a directory: %s", errno_name(errno));
    SHOW(fcntl(fd, F_GETFL) & (O_ACCMODE | O_DIRECTORY | O_APPEND));
}
