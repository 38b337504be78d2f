// Access control lists as extended attributes: values, errors, and what they and the mode do to each other.
#include "../common.h"
#include "../acl_helpers.h"

static void names(const char *path) {
    char list[4096];
    long length = llistxattr(path, list, sizeof list);
    printf("%s:", path);
    for (int which = 0; which < 2; which++) {
        const char *name = which ? DEFAULT_LIST : ACCESS_LIST;
        for (long i = 0; i < length; i += (long)strlen(list + i) + 1)
            if (!strcmp(list + i, name)) printf(" %s", name);
    }
    printf("\n");
}

#define SET(path, text) SHOWN(text, acl_set(path, ACCESS_LIST, text)); acl_show(path)

static long raw(const char *path, uint32_t version, const void *entries, size_t size) {
    char value[256];
    memcpy(value, &version, 4);
    memcpy(value + 4, entries, size);
    return setxattr(path, ACCESS_LIST, value, 4 + size, 0);
}

TEST {
    NEED_ACLS();
    make_file("f", "text");
    MUST(mkdir("d", 0755));
    MUST(symlink("f", "l"));
    MUST(mkfifo("p", 0640));
    char value[512];
    struct acl_value list;

    SHOW(getxattr("f", ACCESS_LIST, value, sizeof value));
    SHOW(getxattr("f", DEFAULT_LIST, value, sizeof value));
    SHOW(removexattr("f", ACCESS_LIST));
    SHOW(removexattr("f", DEFAULT_LIST));
    SHOW(removexattr("d", DEFAULT_LIST));
    SHOW(getxattr("l", ACCESS_LIST, value, sizeof value));
    SHOW(lgetxattr("l", ACCESS_LIST, value, sizeof value));
    SHOW(lsetxattr("l", ACCESS_LIST, &list, acl_parse("u::rwx g::r-x o::r--", &list), 0));
    SHOW(lremovexattr("l", ACCESS_LIST));

    // what is no more than a mode becomes one
    SET("f", "u::rwx g::r-x o::--x");
    names("f");
    SET("f", "u::rw- u:501:rw- g::r-- m::rw- o::---");
    names("f");
    SHOW(getxattr("f", ACCESS_LIST, NULL, 0));
    SHOW(getxattr("f", ACCESS_LIST, value, 43));
    SHOW(getxattr("f", ACCESS_LIST, value, 44));
    SHOW(setxattr("f", ACCESS_LIST, &list, acl_parse("u::rw- u:502:rw- u:501:r-- g::r-- m::rwx o::---", &list), XATTR_CREATE));
    acl_show("f");
    SHOW(setxattr("p", ACCESS_LIST, &list, acl_parse("u::rw- g::r-- g:77:rw- m::r-- o::---", &list), XATTR_REPLACE));
    acl_show("p");
    SET("f", "u::rwx g::rwx m::r-- o::---");
    // removing leaves the mode
    SHOW(removexattr("f", ACCESS_LIST));
    acl_show("f");
    names("f");

    // chmod changes owner, mask and others; the group's entry only without a mask
    SET("f", "u::rw- u:501:rwx g::rw- m::rw- o::r--");
    SHOW(chmod("f", 0751));
    acl_show("f");
    SHOW(chmod("f", 04700));
    acl_show("f");
    int fd = (int)MUST(open("f", O_RDWR));
    SHOW(fchmod(fd, 0664));
    acl_show("f");
    MUST(chmod("f", 06775));
    SET("f", "u::rwx u:501:r-- g::r-x m::r-x o::---");
    SHOW(fsetxattr(fd, ACCESS_LIST, &list, acl_parse("u::r-- g::--- o::---", &list), 0));
    acl_show("f");
    close(fd);

    // an empty value and one without entries take the list away
    SET("f", "u::rw- u:501:rw- g::r-- m::rw- o::---");
    SHOW(setxattr("f", ACCESS_LIST, "", 0, 0));
    acl_show("f");
    SET("f", "u::rw- u:501:rw- g::r-- m::rw- o::---");
    SHOW(raw("f", 2, "", 0));
    acl_show("f");

    // what is not a list
    SHOW(setxattr("f", ACCESS_LIST, "\2\0\0", 3, 0));
    SHOW(raw("f", 1, "", 0));
    SHOW(raw("f", 3, "\1\0\6\0", 4));
    SHOW(raw("f", 2, "\1\0\6\0", 4));
    SHOW(raw("f", 2, "\1\0\6\0\0\0\0", 7));
    SHOW(raw("f", 2, "\1\0\6\0\0\0\0\0\4\0\4\0\0\0\0\0\x20\0\4\0\0\0\0", 24));
    acl_show("f");
    SHOW(raw("f", 2, "\1\0\x0e\0\0\0\0\0\4\0\4\0\0\0\0\0\x20\0\4\0\0\0\0", 24));
    SHOW(raw("f", 2, "\1\0\6\1\0\0\0\0\4\0\4\0\0\0\0\0\x20\0\4\0\0\0\0", 24));
    SHOW(raw("f", 2, "\3\0\6\0\0\0\0\0\4\0\4\0\0\0\0\0\x20\0\4\0\0\0\0", 24));
    SHOW(raw("f", 2, "\x40\0\6\0\0\0\0\0\4\0\4\0\0\0\0\0\x20\0\4\0\0\0\0", 24));
    SHOW(raw("f", 2, "\2\0\6\0\0\0\0", 8));
    SHOW(raw("f", 2, "\1\0\6\0\0\0\0\0\2\0\6\0\377\377\377\377\4\0\4\0\0\0\0\0\x10\0\4\0\0\0\0\0\x20\0\4\0\0\0\0", 40));
    static const char *const bad[] = {
        "u::rw-", "u::rw- g::r--", "g::r-- u::rw- o::r--", "u::rw- g::r-- o::r-- m::r--", "u::rw- u:1:r-- g::r-- o::r--", "u::rw- g::r-- g:1:r-- o::r--",
        "u::rw- g:1:r-- g::r-- m::r-- o::r--", "u::rw- g::r-- u:1:r-- m::r-- o::r--", "u::rw- u::rw- g::r-- o::r--", "u::rw- g::r-- g::r-- o::r--",
        "u::rw- g::r-- m::r-- m::r-- o::r--", "u::rw- g::r-- o::r-- o::r--", "m::r-- o::r--",
        // twice the same name is no mistake
        "u::rw- u:1:r-- u:1:-w- g::r-- m::r-- o::r--",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) SHOWN(bad[i], acl_set("f", ACCESS_LIST, bad[i]));
    acl_show("f");
    SHOW(setxattr("f", ACCESS_LIST, value, sizeof value, 8));
    SHOW(setxattr("f", ACCESS_LIST, BAD, 28, 0));
    SHOW(setxattr("f", "system.posix_acl_", "x", 1, 0));
    SHOW(setxattr("f", "system.posix_acl_accessx", "x", 1, 0));
    SHOW(getxattr("f", "system.posix_acl_accessx", value, 1));
    SHOW(removexattr("f", "system.posix_acl_accessx"));

    // the list of a directory for what is made in it
    SHOW(acl_set("f", DEFAULT_LIST, "u::rw- g::r-- o::r--"));
    SHOW(acl_set("f", DEFAULT_LIST, "u::rw- g::r--"));
    SHOW(setxattr("f", DEFAULT_LIST, "", 0, 0));
    SHOW(setxattr("p", DEFAULT_LIST, "\2\0\0\0", 4, 0));
    SHOW(acl_set("d", DEFAULT_LIST, "u::rw- g::r--"));
    SHOW(acl_set("d", DEFAULT_LIST, "u::rwx g::r-x o::---"));
    acl_show("d");
    names("d");
    SHOW(acl_set("d", ACCESS_LIST, "u::rwx u:501:rwx g::r-x m::rwx o::---"));
    acl_show("d");
    names("d");
    SHOW(chmod("d", 0711));
    acl_show("d");
    SHOW(removexattr("d", DEFAULT_LIST));
    SHOW(removexattr("d", DEFAULT_LIST));
    acl_show("d");

    // the change time moves, the modification time does not
    struct stat before, after;
    stat("d", &before);
    settle();
    acl_set("d", DEFAULT_LIST, "u::rwx g::r-x o::---");
    stat("d", &after);
    CHECK(compare_times(after.st_ctim, before.st_ctim) > 0 && compare_times(after.st_mtim, before.st_mtim) == 0);
    stat("d", &before);
    settle();
    removexattr("d", ACCESS_LIST);
    stat("d", &after);
    CHECK(compare_times(after.st_ctim, before.st_ctim) > 0);
    // not where there are none
    SHOW(getxattr("/proc/self/status", ACCESS_LIST, value, sizeof value));
    int ends[2];
    MUST(pipe(ends));
    SHOW(fgetxattr(ends[0], ACCESS_LIST, value, sizeof value));
    SHOW(fsetxattr(ends[0], ACCESS_LIST, &list, acl_parse("u::rwx g::r-x o::r--", &list), 0));
    // names and lists go together with the file
    acl_set("f", ACCESS_LIST, "u::rw- u:501:rw- g::r-- m::rw- o::---");
    MUST(link("f", "g"));
    MUST(rename("f", "h"));
    acl_show("g");
    acl_show("h");
}
