// A tree deeper than PATH_MAX: made, walked and removed through descriptors.
#include "../common.h"

TEST {
    char name[201];
    memset(name, 'd', 200);
    name[200] = 0;
    int depth = 0, fd = (int)MUST(open(".", O_RDONLY | O_DIRECTORY));
    while (depth < 30) {
        MUST(mkdirat(fd, name, 0755));
        int next = (int)MUST(openat(fd, name, O_RDONLY | O_DIRECTORY));
        close(fd);
        fd = next;
        depth++;
    }
    T("depth %d", depth);
    SHOW(fchdir(fd));
    static char path[3 * PATH_MAX];
    SHOW(RAW(SYS_getcwd, path, PATH_MAX));
    long length = RAW(SYS_getcwd, path, sizeof path);
    T("with a larger buffer: %s", length < 0 ? errno_name(errno) : "it fits");
    make_file("bottom", "reached");
    show_file("bottom");
    show_file("./bottom");
    // up and down again by relative steps
    int levels = 0;
    struct stat here, top;
    stat(conf_dir, &top);
    while (stat(".", &here) == 0 && here.st_ino != top.st_ino && levels < 100) { MUST(chdir("..")); levels++; }
    T("levels up: %d", levels);
    path[0] = 0;
    int fit = 0;
    while (strlen(path) + 202 < PATH_MAX) { strcat(path, name); strcat(path, "/"); fit++; }
    T("fit into a path: %d", fit);
    SHOWN("access", access(path, F_OK));
    strcat(path, name);
    SHOWN("one more", access(path, F_OK));
    SHOWN("rename of the top", rename(name, "short"));
    show_dir(".");
    fchdir(fd);
    show_file("bottom");
    MUST(unlink("bottom"));
    for (int i = 0; i < 30; i++) { MUST(chdir("..")); MUST(rmdir(i < 29 ? name : "short")); }
    show_dir(".");
}
