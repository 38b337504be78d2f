// File mappings and read/write see one content; private ones copy on write.
#include "../tasks.h"

TEST {
    make_pattern("file", 3 * PAGE);
    int fd = (int)MUST(open("file", O_RDWR));
    char *one = mmap(NULL, 3 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    char *two = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, PAGE);
    char *private = mmap(NULL, 3 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    char text[8] = "";
    memcpy(one + PAGE, "MAPPED1", 7);
    T("other mapping %.7s", two);
    MUST(pread(fd, text, 7, PAGE));
    T("pread %s", text);
    T("private, untouched page %.7s", private + PAGE);
    MUST(pwrite(fd, "WRITTEN", 7, PAGE));
    T("after pwrite %.7s %.7s %.7s", one + PAGE, two, private + PAGE);
    memcpy(private + PAGE, "PRIVATE", 7);
    T("private written %.7s %.7s", one + PAGE, private + PAGE);
    MUST(pwrite(fd, "again", 5, PAGE));
    T("%.7s %.7s", one + PAGE, private + PAGE);

    IN_CHILD("child", {
        memcpy(one, "child", 5);
        memcpy(private, "child", 5);
        T("in the child %.5s %.5s", one, private);
    });
    T("%.5s, private %.5s", one, private);
    int again = (int)MUST(open("file", O_RDONLY));
    MUST(read(again, text, 5));
    T("through another descriptor %.5s", text);

    // The tail of the last page: kept out of the file.
    MUST(ftruncate(fd, 2 * PAGE + 10));
    memcpy(one + 2 * PAGE + 8, "0123456789", 10);
    struct stat status;
    fstat(fd, &status);
    CHECK(status.st_size == 2 * PAGE + 10);
    SHOW(pread(fd, text, 7, 2 * PAGE + 8));
    MUST(ftruncate(fd, 3 * PAGE));
    T("after truncation and growth: %d %d", one[2 * PAGE + 9], one[2 * PAGE + 500]);
    MUST(ftruncate(fd, 0));
    PROBE("truncated to nothing", one, PEEK(one));
    PROBE("private copy of it", private + PAGE, PEEK(private + PAGE)); // gone with the file's page
    MUST(ftruncate(fd, PAGE));
    SHOW(one[0]);
    SHOW(msync(one, PAGE, MS_SYNC));
    SHOW(msync(one, PAGE, MS_ASYNC));
    SHOW(msync(one, 3 * PAGE, MS_SYNC | MS_INVALIDATE));
    SHOW(msync(one, PAGE, MS_SYNC | MS_ASYNC));
    SHOW(msync(one, PAGE, 8));
    SHOW(msync(one + 1, PAGE, MS_SYNC));
    SHOW(msync(one, 0, MS_SYNC));
    munmap(two, PAGE);
    SHOW(msync(two, PAGE, MS_SYNC));
    SHOW(msync(private, PAGE, MS_SYNC));

    // Renamed, unlinked, replaced: the mapping keeps the old inode.
    strcpy(one, "old inode");
    make_file("new", "new inode");
    MUST(rename("new", "file"));
    T("%s", one);
    show_file("file");
    // A read into the mapping of the same file.
    MUST(pwrite(fd, "0123456789", 10, 0));
    SHOW(pread(fd, one + 2, 5, 0));
    show_text("moved within itself", one, 10);
}
