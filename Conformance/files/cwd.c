// chdir, fchdir, getcwd; a current directory that is removed.
#include "../common.h"

TEST {
    char path[PATH_MAX], small[4];
    MUST(mkdir("d", 0755));
    MUST(mkdir("d/e", 0755));
    make_file("f", "");
    MUST(symlink("d/e", "l"));
    size_t base = strlen(conf_dir);
    CHECK(getcwd(path, sizeof path) && !strcmp(path, conf_dir));
    SHOW(chdir("d"));
    T("%s", getcwd(path, sizeof path) + base);
    SHOW(chdir("../l"));
    T("%s", getcwd(path, sizeof path) + base);
    SHOW(chdir(".."));
    T("%s", getcwd(path, sizeof path) + base);
    SHOW(chdir(conf_dir));
    SHOW(chdir("missing"));
    SHOW(chdir("f"));
    SHOW(chdir("f/"));
    SHOW(chdir(""));
    SHOW(chdir(BAD));
    int d = (int)MUST(open("d", O_RDONLY)), f = (int)MUST(open("f", O_RDONLY));
    SHOW(fchdir(d));
    T("%s", getcwd(path, sizeof path) + base);
    SHOW(fchdir(f));
    SHOW(fchdir(99));
    // the result counts the terminator
    CHECK(RAW(SYS_getcwd, path, sizeof path) == (long)strlen(path) + 1);
    SHOW(RAW(SYS_getcwd, small, sizeof small));
    SHOW(RAW(SYS_getcwd, path, strlen(path)));
    SHOW(RAW(SYS_getcwd, path, 0));
    SHOW(RAW(SYS_getcwd, BAD, sizeof path));
    // renamed under us
    MUST(chdir("e"));
    MUST(renameat(d, "e", d, "E"));
    T("%s", getcwd(path, sizeof path) + base);
    // removed under us
    MUST(unlinkat(d, "E", AT_REMOVEDIR));
    SHOW(RAW(SYS_getcwd, path, sizeof path));
    SHOW(open("x", O_CREAT | O_RDWR, 0644));
    SHOW(mkdir("x", 0755));
    SHOW(access(".", F_OK));
    SHOW(access("..", F_OK));
    SHOW(access("x", F_OK));
    SHOW(access("../../f", F_OK));
    ssize_t length = readlink("/proc/self/cwd", path, sizeof path - 1);
    if (length > 0) { path[length] = 0; T("%s", path + base); }
    SHOW(chdir("."));
    SHOW(rmdir("../E"));
    SHOW(chdir(".."));
    T("%s", getcwd(path, sizeof path) + base);
    // a child's directory is its own, a thread's is shared
    IN_CHILD("child", { chdir("/"); T("%s", getcwd(path, sizeof path)); });
    T("%s", getcwd(path, sizeof path) + base);
}
