// O_APPEND: every write goes to the end, pwrite too; the flag can be set later.
#include "../common.h"

TEST {
    make_file("f", "12345");
    int fd = (int)MUST(open("f", O_RDWR | O_APPEND));
    SHOW(lseek(fd, 0, SEEK_CUR));
    SHOW(write(fd, "abc", 3));
    SHOW(lseek(fd, 0, SEEK_CUR));
    SHOW(lseek(fd, 1, SEEK_SET));
    SHOW(write(fd, "DEF", 3));
    SHOW(lseek(fd, 0, SEEK_CUR));
    // Linux appends even with pwrite.
    SHOW(pwrite(fd, "xy", 2, 0));
    SHOW(lseek(fd, 0, SEEK_CUR));
    show_file("f");
    SHOW(ftruncate(fd, 2));
    SHOW(write(fd, "Z", 1));
    show_file("f");
    SHOW(lseek(fd, 0, SEEK_SET));
    show_read("read", fd, 10);
    SHOW(fcntl(fd, F_SETFL, 0));
    SHOW(lseek(fd, 0, SEEK_SET));
    SHOW(write(fd, "_", 1));
    show_file("f");
    SHOW(fcntl(fd, F_SETFL, O_APPEND));
    SHOW(write(fd, "+", 1));
    show_file("f");
    // Two openings, both append.
    int other = (int)MUST(open("f", O_WRONLY | O_APPEND));
    write(fd, "a", 1); write(other, "b", 1); write(fd, "c", 1); write(other, "d", 1);
    show_file("f");
    struct iovec part = {"RW", 2};
    // RWF_APPEND appends without the flag and does not touch the offset... unless the offset is used.
    int plain = (int)MUST(open("f", O_RDWR));
    SHOW(pwritev2(plain, &part, 1, 0, RWF_APPEND));
    SHOW(lseek(plain, 0, SEEK_CUR));
    SHOW(pwritev2(plain, &part, 1, -1, RWF_APPEND));
    show_file("f");
    IN_CHILD("appenders", {
        for (int i = 0; i < 4; i++) SPAWN({ for (int j = 0; j < 50; j++) write(fd, "0123456789", 10); });
        while (wait(NULL) > 0) {}
    });
    FACT("nothing was lost", lseek(fd, 0, SEEK_END) % 10 == lseek(plain, 0, SEEK_CUR) % 10);
    T("grown by %ld", (long)(lseek(fd, 0, SEEK_END) - lseek(plain, 0, SEEK_CUR)));
}
