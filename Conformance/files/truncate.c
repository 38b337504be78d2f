// truncate and ftruncate: sizes, holes, offsets, errors.
#include "../common.h"

TEST {
    make_pattern("f", 100);
    SHOW(truncate("f", 10));
    show_file("f");
    SHOW(truncate("f", 20));
    show_file("f");
    SHOW(truncate("f", 20));
    SHOW(truncate("f", -1));
    SHOW(truncate("missing", 0));
    SHOW(truncate("", 0));
    SHOW(truncate(".", 0));
    SHOW(truncate("f/x", 0));
    SHOW(truncate(BAD, 0));
    MUST(mkfifo("p", 0644));
    SHOW(truncate("p", 0));
    SHOW(truncate("/dev/null", 0));
    MUST(symlink("f", "l"));
    SHOW(truncate("l", 5));
    show_stat("f");
    int fd = (int)MUST(open("f", O_RDWR)), reader = (int)MUST(open("f", O_RDONLY)), ends[2];
    SHOW(lseek(fd, 100, SEEK_SET));
    SHOW(ftruncate(fd, 3));
    SHOW(lseek(fd, 0, SEEK_CUR));
    SHOW(read(fd, &(char){0}, 1));
    SHOW(ftruncate(reader, 0));
    SHOW(ftruncate(99, 0));
    SHOW(ftruncate(99, -1));
    SHOW(ftruncate(fd, -1));
    MUST(pipe(ends));
    SHOW(ftruncate(ends[1], 0));
    SHOW(ftruncate(open("/dev/null", O_RDWR), 0));
    SHOW(ftruncate(open(".", O_RDONLY), 0));
    // times: a real change touches both, the same size with ftruncate too
    struct stat before, after;
    fstat(fd, &before);
    settle();
    SHOW(ftruncate(fd, 3));
    fstat(fd, &after);
    FACT("ftruncate to the same size changes mtime", compare_times(after.st_mtim, before.st_mtim) > 0);
    settle();
    SHOW(ftruncate(fd, 2));
    fstat(fd, &before);
    CHECK(compare_times(before.st_mtim, after.st_mtim) > 0 && compare_times(before.st_ctim, after.st_ctim) > 0);
    // the file size limit
    IN_CHILD("limit, signal", { setrlimit(RLIMIT_FSIZE, &(struct rlimit){1000, 1000}); ftruncate(fd, 2000); });
    IN_CHILD("limit, ignored", {
        signal(SIGXFSZ, SIG_IGN);
        setrlimit(RLIMIT_FSIZE, &(struct rlimit){1000, 1000});
        SHOW(ftruncate(fd, 1000));
        SHOW(ftruncate(fd, 1001));
        SHOW(pwrite(fd, "abcdef", 6, 997));
        SHOW(pwrite(fd, "abcdef", 6, 1000));
        SHOW(truncate("f", 5000));
    });
    show_stat("f");
}
