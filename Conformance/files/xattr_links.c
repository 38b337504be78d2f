// Extended attributes of links, and the calls that are relative to a directory.
#include "../common.h"

#include <sys/xattr.h>
#ifndef SYS_setxattrat
#define SYS_setxattrat 463
#define SYS_getxattrat 464
#define SYS_listxattrat 465
#define SYS_removexattrat 466
#endif
struct arguments { uint64_t value; uint32_t size, flags; };

static bool has(const char *names, long length, const char *name) {
    for (long i = 0; i < length; i += (long)strlen(names + i) + 1)
        if (!strcmp(names + i, name)) return true;
    return false;
}

static long set_at(int dir, const char *path, unsigned flags, const char *name, const char *value, unsigned how, size_t size) {
    struct arguments arguments = {(uint64_t)(uintptr_t)value, value ? (uint32_t)strlen(value) : 0, how};
    return RAW(SYS_setxattrat, dir, path, flags, name, &arguments, size);
}
static long get_at(int dir, const char *path, unsigned flags, const char *name, char *value, unsigned limit) {
    struct arguments arguments = {(uint64_t)(uintptr_t)value, limit, 0};
    return RAW(SYS_getxattrat, dir, path, flags, name, &arguments, sizeof arguments);
}

TEST {
    make_file("f", "");
    if (setxattr("f", "user.a", "1", 1, 0) < 0 && (errno == EOPNOTSUPP || errno == ENOSYS)) SKIP("no extended attributes here");
    MUST(symlink("f", "link"));
    MUST(symlink("missing", "dangling"));
    char names[4096], value[64];
    FACT("through the link", has(names, listxattr("link", names, sizeof names), "user.a"));
    FACT("of the link itself", has(names, llistxattr("link", names, sizeof names), "user.a"));
    FACT("of a file", has(names, llistxattr("f", names, sizeof names), "user.a"));
    SHOW(llistxattr("missing", names, sizeof names));
    SHOW(listxattr("dangling", names, sizeof names));
    FACT("a dangling link has a list", llistxattr("dangling", names, sizeof names) >= 0);
    SHOW(lsetxattr("link", "user.b", "2", 1, 0)); // links have none of the user's
    SHOW(lgetxattr("link", "user.a", value, sizeof value));
    SHOW(lremovexattr("link", "user.a"));
    SHOW(lremovexattr("missing", "user.a"));
    SHOW(lremovexattr("f", "user.none"));
    SHOW(lremovexattr("f", "wrong.a"));
    SHOW(lremovexattr("f", ""));
    SHOW(lremovexattr("f", BAD));
    SHOW(lremovexattr("f", "user.a"));
    SHOW(lgetxattr("f", "user.a", value, sizeof value));

    if (set_at(-1, "f", 0, "user.a", "1", 0, 16) < 0 && errno == ENOSYS) return;
    MUST(mkdir("d", 0755));
    make_file("d/g", "");
    int dir = (int)MUST(open("d", O_RDONLY | O_DIRECTORY)), file = (int)MUST(open("d/g", O_RDONLY));
    SHOW(set_at(dir, "g", 0, "user.a", "hello", 0, 16));
    SHOW(get_at(dir, "g", 0, "user.a", value, sizeof value));
    show_text("value", value, 5);
    SHOW(get_at(file, "", AT_EMPTY_PATH, "user.a", value, sizeof value));
    SHOW(get_at(file, NULL, AT_EMPTY_PATH, "user.a", value, sizeof value));
    SHOW(get_at(file, "", 0, "user.a", value, sizeof value));
    SHOW(get_at(dir, "g", 0, "user.a", value, 2));
    SHOW(get_at(dir, "g", 0, "user.a", NULL, 0));
    SHOW(get_at(dir, "g", 0, "user.none", value, sizeof value));
    SHOW(get_at(AT_FDCWD, "link", 0, "user.a", value, sizeof value));
    SHOW(get_at(99, "g", 0, "user.a", value, sizeof value));
    SHOW(get_at(dir, "g", 0x8000000, "user.a", value, sizeof value));
    SHOW(set_at(AT_FDCWD, "link", AT_SYMLINK_NOFOLLOW, "user.a", "x", 0, 16));
    SHOW(set_at(AT_FDCWD, "link", 0, "user.c", "x", 0, 16));
    SHOW(get_at(AT_FDCWD, "f", 0, "user.c", value, sizeof value));
    SHOW(set_at(dir, "g", 0, "user.a", "x", XATTR_CREATE, 16));
    SHOW(set_at(dir, "g", 0, "user.b", "x", XATTR_REPLACE, 16));
    SHOW(set_at(dir, "g", 0, "user.b", "x", 99, 16));
    SHOW(set_at(dir, "g", 0x8000000, "user.b", "x", 0, 16));
    SHOW(set_at(dir, "g", 0, "user.b", "x", 0, 15));
    SHOW(set_at(dir, "g", 0, "user.b", "x", 0, 5000));
    SHOW(RAW(SYS_setxattrat, dir, "g", 0, "user.b", BAD, 16));
    long length = RAW(SYS_listxattrat, dir, "g", 0, names, sizeof names);
    FACT("the list has it", has(names, length, "user.a"));
    SHOW(RAW(SYS_listxattrat, dir, "missing", 0, names, sizeof names));
    SHOW(RAW(SYS_listxattrat, dir, "g", 0x8000000, names, sizeof names));
    SHOW(RAW(SYS_removexattrat, dir, "g", 0, "user.a"));
    SHOW(RAW(SYS_removexattrat, dir, "g", 0, "user.a"));
    SHOW(RAW(SYS_removexattrat, dir, "g", 0x8000000, "user.a"));
    SHOW(RAW(SYS_removexattrat, AT_FDCWD, "link", AT_SYMLINK_NOFOLLOW, "user.c"));
    SHOW(RAW(SYS_removexattrat, AT_FDCWD, "link", 0, "user.c"));
}
