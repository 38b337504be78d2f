// O_NOFOLLOW: the last component only.
#include "../common.h"

TEST {
    make_file("f", "hello");
    MUST(mkdir("d", 0755));
    make_file("d/f", "below");
    MUST(symlink("f", "lf"));
    MUST(symlink("d", "ld"));
    MUST(symlink("missing", "lm"));
    MUST(symlink("self", "self"));
    SUCCEEDS(open("f", O_RDONLY | O_NOFOLLOW));
    SHOW(open("lf", O_RDONLY | O_NOFOLLOW));
    SHOW(open("ld", O_RDONLY | O_NOFOLLOW));
    SHOW(open("ld", O_RDONLY | O_NOFOLLOW | O_DIRECTORY));
    SUCCEEDS(open("ld/", O_RDONLY | O_NOFOLLOW));
    SUCCEEDS(open("ld/.", O_RDONLY | O_NOFOLLOW));
    SUCCEEDS(open("ld/f", O_RDONLY | O_NOFOLLOW));
    SHOW(open("lm", O_RDONLY | O_NOFOLLOW));
    SHOW(open("lm", O_RDWR | O_NOFOLLOW | O_CREAT, 0644));
    SHOW(open("lf", O_RDWR | O_NOFOLLOW | O_CREAT, 0644));
    SHOW(open("lf", O_RDWR | O_NOFOLLOW | O_TRUNC));
    SHOW(open("self", O_RDONLY));
    SHOW(open("self", O_RDONLY | O_NOFOLLOW));
    SHOW(open("self/x", O_RDONLY));
    int fd = (int)SUCCEEDS(open("lf", O_PATH | O_NOFOLLOW));
    struct stat status;
    SHOW(fstat(fd, &status));
    T("%s of size %ld", type_name(status.st_mode), (long)status.st_size);
    char target[10] = "";
    show_text("readlinkat(link fd, \"\")", target, readlinkat(fd, "", target, sizeof target));
    SHOW(read(fd, target, 1));
    show_file("f");
    FACT("missing was made", exists("missing"));
}
