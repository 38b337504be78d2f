// open: a missing file, and the steps of making one.
#include "../common.h"

TEST {
    SHOW(open("missing", O_RDONLY));
    SHOW(open("", O_RDONLY));
    SHOW(open("missing/below", O_RDONLY | O_CREAT, 0644));
    SHOW(open(BAD, O_RDONLY));
    int fd = (int)MUST(open("f", O_WRONLY | O_CREAT, 0666));
    CHECK(fd == 3);
    SHOW(write(fd, "abc", 3));
    SHOW(read(fd, &(char){0}, 1));
    SHOW(close(fd));
    SHOW(close(fd));
    show_stat("f");
    show_file("f");
    show_dir(".");
    IN_CHILD("child", { SHOW(open("f", O_RDONLY)); raise(SIGKILL); });
}
