// Who gets access by an access control list: owner, named users and groups, mask, others; capabilities.
#include "../common.h"
#include "../acl_helpers.h"
#include <sys/fsuid.h>

/// What a user in a group (and one more) may do with f and d, without capabilities.
static void as(unsigned uid, unsigned gid, unsigned other) {
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        gid_t others[] = {other};
        MUST(setgroups(other ? 1 : 0, others));
        MUST(setresgid(gid, gid, gid));
        MUST(setresuid(uid, uid, uid));
        printf("  %u %u,%u:", uid, gid, other);
        static const int modes[] = {R_OK, W_OK, X_OK, R_OK | W_OK, R_OK | X_OK, W_OK | X_OK};
        static const char *const names[] = {"r", "w", "x", "rw", "rx", "wx"};
        for (int i = 0; i < 6; i++)
            if (faccessat(AT_FDCWD, "f", modes[i], AT_EACCESS) == 0) printf(" %s", names[i]);
        printf("; open");
        int fd = open("f", O_RDONLY);
        if (fd >= 0) printf(" r"), close(fd);
        fd = open("f", O_WRONLY);
        if (fd >= 0) printf(" w"), close(fd);
        if ((fd = open("f", O_RDWR)) >= 0) printf(" rw"), close(fd);
        printf("; d");
        struct stat status;
        if (stat("d/file", &status) == 0) printf(" search");
        if ((fd = open("d", O_RDONLY)) >= 0) printf(" list"), close(fd);
        if (mkdir("d/new", 0777) == 0) printf(" make"), rmdir("d/new");
        printf("; set %s\n", acl_set("f", ACCESS_LIST, "u::rw- g::r-- o::r--") < 0 ? errno_name(errno) : "ok");
        fflush(stdout);
        _exit(0);
    }
    waitpid(child, NULL, 0);
}

static void all(const char *text) {
    printf("%s\n", text);
    struct acl_value list;
    size_t size = acl_parse(text, &list);
    MUST(setxattr("d", ACCESS_LIST, &list, size, 0));
    static const unsigned users[][3] = {{500, 60, 0}, {501, 60, 0}, {501, 50, 0}, {502, 50, 0}, {502, 60, 50}, {502, 61, 0}, {502, 61, 62}, {502, 62, 50}, {502, 63, 0}, {0, 0, 0}};
    for (size_t i = 0; i < sizeof users / sizeof *users; i++) {
        // somebody may have changed it
        MUST(chown("f", 500, 50));
        MUST(setxattr("f", ACCESS_LIST, &list, size, 0));
        as(users[i][0], users[i][1], users[i][2]);
    }
}

TEST {
    if (geteuid()) SKIP("must be root");
    NEED_ACLS();
    MUST(chmod(".", 0755));
    make_file("f", "text");
    MUST(chown("f", 500, 50));
    MUST(mkdir("d", 0700));
    make_file("d/file", "");
    MUST(chown("d", 500, 50));
    all("u::rwx g::r-x o::--x");
    all("u::--- u:501:rwx g::r-- m::rwx o::rw-");
    all("u::rwx u:501:rwx g::rwx m::r-x o::-wx");
    all("u::rwx u:501:--- g::--- g:61:rw- g:62:--x m::rwx o::rwx");
    all("u::r-- u:501:rw- u:501:rwx g::r-- g:61:-w- g:62:rwx m::rw- o::r--");
    // an empty mask: the list is not looked at
    all("u::rwx u:501:rwx g::rwx g:61:rwx m::--- o::r-x");
    all("u::rwx g::rwx m::r-- o::---");
    // the bits for everybody are not the last word
    all("u::rwx u:501:--- g::rwx m::rwx o::rwx");
    // taken back
    MUST(removexattr("f", ACCESS_LIST));
    as(501, 60, 0);
    // of somebody else's file, and with the capability of an owner
    MUST(chown("f", 500, 50));
    SHOW(acl_set("f", ACCESS_LIST, "u::rw- u:501:rw- g::r-- m::rw- o::---"));
    SHOW(removexattr("f", ACCESS_LIST));
    pid_t child = fork();
    if (child == 0) {
        setfsuid(501);
        SHOW(acl_set("f", ACCESS_LIST, "u::rw- u:501:rw- g::r-- m::rw- o::---"));
        SHOW(removexattr("f", ACCESS_LIST));
        SHOW(setxattr("f", DEFAULT_LIST, "", 0, 0));
        char value[100];
        SHOW(getxattr("f", ACCESS_LIST, value, sizeof value));
        // the value is looked at before the owner
        SHOW(setxattr("f", ACCESS_LIST, "x", 1, 0));
        SHOW(acl_set("f", ACCESS_LIST, "u::rw- g::r--"));
        fflush(stdout);
        _exit(0);
    }
    waitpid(child, NULL, 0);
    // set-group-id goes when its group is not the changer's
    MUST(chmod("f", 02755));
    child = fork();
    if (child == 0) {
        MUST(setgroups(0, NULL));
        MUST(setresgid(60, 60, 60));
        MUST(setresuid(500, 500, 500));
        acl_show("f");
        SHOW(acl_set("f", ACCESS_LIST, "u::rwx u:501:rw- g::r-x m::r-x o::---"));
        acl_show("f");
        fflush(stdout);
        _exit(0);
    }
    waitpid(child, NULL, 0);
    MUST(chmod("f", 02755));
    SHOW(removexattr("f", ACCESS_LIST));
    acl_show("f");
}
