// Extended attributes of the user namespace.
#include "../common.h"

#include <sys/xattr.h>

static int by_name(const void *a, const void *b) { return strcmp(a, b); }
static void list(const char *path) {
    char names[4096], sorted[16][64];
    long length = listxattr(path, names, sizeof names), count = 0;
    if (length < 0) { T("list: %s", errno_name(errno)); return; }
    for (long i = 0; i < length && count < 16; i += (long)strlen(names + i) + 1)
        if (!strncmp(names + i, "user.", 5)) snprintf(sorted[count++], 64, "%.60s", names + i);
    qsort(sorted, (size_t)count, 64, by_name);
    printf("%s:", path);
    for (long i = 0; i < count; i++) printf(" %s", sorted[i]);
    printf("\n");
}

TEST {
    make_file("f", "");
    if (setxattr("f", "user.probe", "x", 1, 0) < 0 && (errno == EOPNOTSUPP || errno == ENOSYS)) SKIP("no extended attributes here");
    removexattr("f", "user.probe");
    char value[100];
    static char large[70000];
    SHOW(setxattr("f", "user.a", "hello", 5, 0));
    SHOW(getxattr("f", "user.a", value, 100));
    show_text("value", value, 5);
    SHOW(getxattr("f", "user.a", NULL, 0));
    SHOW(getxattr("f", "user.a", value, 3));
    SHOW(getxattr("f", "user.a", BAD, 100));
    SHOW(getxattr("f", "user.none", value, 100));
    SHOW(setxattr("f", "user.a", "x", 1, XATTR_CREATE));
    SHOW(setxattr("f", "user.b", "x", 1, XATTR_REPLACE));
    SHOW(setxattr("f", "user.b", "bb", 2, XATTR_CREATE));
    SHOW(setxattr("f", "user.b", "ccc", 3, XATTR_REPLACE));
    SHOW(setxattr("f", "user.c", "", 0, 0));
    SHOW(getxattr("f", "user.c", value, 100));
    list("f");
    SHOW(listxattr("f", value, 1));
    SHOW(removexattr("f", "user.a"));
    SHOW(removexattr("f", "user.a"));
    list("f");
    SHOW(setxattr("f", "user.", "x", 1, 0));
    SHOW(setxattr("f", "", "x", 1, 0));
    SHOW(setxattr("f", "nonsense", "x", 1, 0));
    SHOW(setxattr("f", "nonsense.x", "x", 1, 0));
    SHOW(setxattr("f", "user.d", "x", 1, 7));
    SHOW(setxattr("f", "user.d", large, sizeof large, 0));
    SHOW(setxattr("f", "user.d", BAD, 5, 0));
    char name[300] = "user.";
    memset(name + 5, 'n', 251);
    SHOWN("name of 256", setxattr("f", name, "x", 1, 0));
    SHOW(setxattr("missing", "user.a", "x", 1, 0));
    SHOW(getxattr("missing", "user.a", value, 1));
    MUST(symlink("f", "l"));
    SHOW(lsetxattr("l", "user.a", "x", 1, 0));
    SHOW(lgetxattr("l", "user.a", value, 100));
    SHOW(getxattr("l", "user.b", value, 100));
    MUST(mkfifo("p", 0600));
    SHOW(setxattr("p", "user.a", "x", 1, 0));
    MUST(mkdir("d", 0755));
    SHOW(setxattr("d", "user.a", "dir", 3, 0));
    int fd = (int)MUST(open("f", O_RDONLY));
    SHOW(fsetxattr(fd, "user.e", "x", 1, 0));
    SHOW(fgetxattr(fd, "user.e", value, 100));
    SHOW(flistxattr(fd, NULL, 0) > 0);
    SHOW(fremovexattr(fd, "user.e"));
    SHOW(fsetxattr(99, "user.e", "x", 1, 0));
    // they follow the inode
    MUST(link("f", "g"));
    MUST(rename("f", "h"));
    list("g");
    struct stat before, after;
    stat("h", &before);
    settle();
    setxattr("h", "user.z", "z", 1, 0);
    stat("h", &after);
    CHECK(compare_times(after.st_ctim, before.st_ctim) > 0 && compare_times(after.st_mtim, before.st_mtim) == 0);
}
