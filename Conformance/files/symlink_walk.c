// Walking through symbolic links: relative, absolute, chains, the limit of 40, loops.
#include "../common.h"

static int chain(int length, const char *target) {
    char from[32], to[32];
    for (int i = 0; i < length; i++) {
        snprintf(from, sizeof from, "c%d", i);
        if (i == length - 1) snprintf(to, sizeof to, "%s", target);
        else snprintf(to, sizeof to, "c%d", i + 1);
        unlink(from);
        MUST(symlink(to, from));
    }
    return 0;
}

TEST {
    struct stat status;
    make_file("f", "found");
    MUST(mkdir("d", 0755));
    make_file("d/g", "g in d");
    MUST(symlink("../f", "d/up"));
    MUST(symlink("d", "ld"));
    MUST(symlink("ld/up", "twice"));
    MUST(symlink("d/", "slash"));
    MUST(symlink(conf_dir, "absolute"));
    show_file("d/up");
    show_file("ld/up");
    show_file("ld/g");
    show_file("twice");
    show_file("slash");
    show_file("slash/g");
    show_file("absolute/absolute/d/../absolute/f");
    show_file("ld/../f");
    chain(40, "f");
    SHOWN("40 links", stat("c0", &status));
    SHOWN("40 links, lstat", lstat("c0", &status));
    chain(41, "f");
    SHOWN("41 links", stat("c0", &status));
    SHOWN("41 links from the second", stat("c1", &status));
    SHOWN("41 links, open", open("c0", O_RDONLY));
    SHOWN("41 links, open O_NOFOLLOW", open("c0", O_RDONLY | O_NOFOLLOW));
    char path[256] = "";
    for (int i = 0; i < 40; i++) strcat(path, "ld/../");
    strcat(path, "f");
    SHOWN("40 links in one path", stat(path, &status));
    char more[300];
    snprintf(more, sizeof more, "ld/../%s", path);
    SHOWN("41 links in one path", stat(more, &status));
    MUST(symlink("loop2", "loop1"));
    MUST(symlink("loop1", "loop2"));
    SHOW(stat("loop1", &status));
    SHOW(lstat("loop1", &status));
    SHOW(lstat("loop1/", &status));
    SHOW(open("loop1", O_CREAT | O_RDWR, 0644));
    SHOW(mkdir("loop1", 0755));
    SHOW(mkdir("loop1/x", 0755));
    SHOW(chdir("loop1"));
    SHOW(chmod("loop1", 0644));
    SHOW(access("loop1", F_OK));
    SHOW(truncate("loop1", 0));
    SHOW(execl("loop1", "x", NULL));
    SHOW(rename("loop1", "loop3"));
    SHOW(unlink("loop2"));
    SHOW(symlink("", "empty"));
    SHOW(symlink("d/nothing/here", "dangling"));
    SHOW(stat("dangling", &status));
    SHOW(mkdir("dangling", 0755));
    SHOW(open("dangling", O_CREAT | O_RDWR, 0644));
    MUST(symlink("fresh", "ld/make"));
    SUCCEEDS(open("d/make", O_CREAT | O_RDWR, 0644));
    show_dir("d");
}
