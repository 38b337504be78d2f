// O_TRUNC: what it empties, and when it is refused.
#include "../common.h"

TEST {
    make_file("f", "0123456789");
    struct stat before, after;
    MUST(stat("f", &before));
    settle();
    int fd = (int)SHOW(open("f", O_WRONLY | O_TRUNC));
    MUST(stat("f", &after));
    CHECK(after.st_size == 0);
    CHECK(compare_times(after.st_mtim, before.st_mtim) > 0);
    CHECK(compare_times(after.st_ctim, before.st_ctim) > 0);
    SHOW(write(fd, "xyz", 3));
    // A second opening's O_TRUNC leaves the first one's offset alone: the next write makes a hole.
    int other = (int)SHOW(open("f", O_WRONLY | O_TRUNC));
    SHOW(write(fd, "!", 1));
    close(other);
    close(fd);
    show_file("f");
    // On Linux O_TRUNC works with O_RDONLY too.
    fd = (int)SHOW(open("f", O_RDONLY | O_TRUNC));
    show_stat("f");
    close(fd);
    MUST(mkdir("d", 0755));
    SHOW(open("d", O_RDONLY | O_TRUNC));
    SHOW(open("d", O_WRONLY | O_TRUNC));
    SHOW(open("d", O_RDONLY | O_TRUNC | O_DIRECTORY));
    // With O_PATH the flag is ignored.
    make_file("g", "data");
    SUCCEEDS(open("g", O_PATH | O_TRUNC));
    show_stat("g");
    // mode 0 given by the creating call does not matter to that call itself
    fd = (int)SUCCEEDS(open("h", O_RDWR | O_CREAT | O_TRUNC, 0));
    SHOW(write(fd, "abc", 3));
    show_stat("h");
}
