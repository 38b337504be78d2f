// O_TRUNC needs write permission.
#define CONF_AS_USER
#include "../common.h"

TEST {
    make_file("f", "data");
    MUST(chmod("f", 0444));
    SHOW(open("f", O_RDONLY | O_TRUNC));
    SHOW(open("f", O_RDWR | O_TRUNC));
    SHOW(open("f", O_RDONLY | O_TRUNC | O_CREAT, 0666));
    SHOW(truncate("f", 0));
    show_stat("f");
    MUST(chmod("f", 0200));
    SHOW(open("f", O_RDONLY));
    SHOW(open("f", O_RDWR));
    SHOW(open("f", O_WRONLY));
    MUST(chmod("f", 0000));
    SHOW(open("f", O_PATH) >= 0);
    SHOW(open("f", O_RDONLY));
    SHOW(open("f", O_WRONLY | O_APPEND));
    SHOW(chmod("f", 0644));
    SUCCEEDS(open("f", O_RDWR));
    MUST(mkdir("d", 0755));
    make_file("d/f", "");
    MUST(chmod("d", 0444));
    SHOW(open("d/f", O_RDONLY));
    SHOW(open("d/missing", O_RDONLY));
    SHOW(open("d/new", O_RDWR | O_CREAT, 0644));
    SHOW(stat("d/f", &(struct stat){0}));
    show_dir("d");
    MUST(chmod("d", 0111));
    SUCCEEDS(open("d/f", O_RDONLY));
    SHOW(open("d", O_RDONLY));
    SHOW(open("d/new", O_RDWR | O_CREAT, 0644));
    SHOW(open("d/f", O_RDWR | O_CREAT | O_EXCL, 0644));
    SHOW(unlink("d/f"));
    SHOW(unlink("d/missing"));
    SHOW(mkdir("d/sub", 0755));
    SHOW(rmdir("d/f"));
    SHOW(rename("d/f", "g"));
    SHOW(rename("f", "d/g"));
    SHOW(link("f", "d/g"));
    SHOW(symlink("f", "d/g"));
    MUST(chmod("d", 0333));
    SHOW(mkdir("d/sub", 0755));
    SHOW(rename("d/f", "d/g"));
    SHOW(unlink("d/g"));
}
