// O_CREAT with O_EXCL: refuses whatever is there, also a dangling link.
#include "../common.h"

TEST {
    SHOW(open("f", O_CREAT | O_EXCL | O_RDWR, 0600));
    SHOW(open("f", O_CREAT | O_EXCL | O_RDWR, 0600));
    MUST(symlink("nowhere", "dangling"));
    SHOW(open("dangling", O_CREAT | O_EXCL | O_RDWR, 0600));
    SHOW(open("dangling", O_RDWR));
    SHOW(open("dangling", O_CREAT | O_RDWR, 0600));
    CHECK(exists("nowhere"));
    MUST(mkdir("d", 0755));
    SHOW(open("d", O_CREAT | O_EXCL | O_RDWR, 0600));
    SHOW(open("d", O_CREAT | O_RDWR, 0600));
    SHOW(open("d", O_CREAT | O_RDONLY, 0600));
    SHOW(open("d/", O_CREAT | O_EXCL | O_RDWR, 0600));
    SHOW(open("new/", O_CREAT | O_RDWR, 0600));
    SHOW(open("f/", O_CREAT | O_RDWR, 0600));
    SHOW(open("f/", O_RDONLY));
    SHOW(open(".", O_CREAT | O_EXCL, 0600));
    SHOW(open("..", O_CREAT, 0600));
    SHOW(open("d/..", O_CREAT, 0600));
    // O_EXCL without O_CREAT means nothing for a regular file.
    SUCCEEDS(open("f", O_EXCL | O_RDWR));
    show_dir(".");
}
