// chown by the owner: what is allowed, and that it clears set-user-id.
#define CONF_AS_USER
#include "../common.h"

static void mode(const char *path) {
    struct stat status;
    lstat(path, &status);
    T("%s: %04o, mine %d %d", path, status.st_mode & 07777, status.st_uid == geteuid(), status.st_gid == getegid());
}

TEST {
    uid_t me = geteuid();
    gid_t mine = getegid();
    make_file("f", "text");
    MUST(mkdir("d", 0755));
    MUST(symlink("f", "l"));
    SHOW(chown("f", -1, -1));
    SHOW(chown("f", me, -1));
    SHOW(chown("f", -1, mine));
    SHOW(chown("f", 0, -1));
    SHOW(chown("f", -1, 0));
    SHOW(chown("f", me + 1, mine));
    SHOW(chown("/", -1, -1));
    SHOW(chown("/", me, -1));
    SHOW(chown("missing", me, -1));
    SHOW(lchown("l", me, mine));
    SHOW(lchown("l", 0, 0));
    SHOW(fchownat(AT_FDCWD, "l", me, mine, AT_SYMLINK_NOFOLLOW));
    SHOW(fchownat(AT_FDCWD, "f", me, mine, 0x10000));
    int fd = (int)MUST(open("f", O_RDWR));
    SHOW(fchown(fd, me, mine));
    SHOW(fchown(99, me, mine));
    SHOW(fchownat(fd, "", me, mine, AT_EMPTY_PATH));
    SHOW(chmod("f", 06755));
    mode("f");
    SHOW(chown("f", -1, -1));
    mode("f");
    SHOW(chmod("f", 06755));
    SHOW(chown("f", me, mine));
    mode("f");
    // without group execute the set-group-id bit is not a privilege and stays
    SHOW(chmod("f", 06745));
    SHOW(chown("f", me, mine));
    mode("f");
    SHOW(chmod("d", 06755));
    SHOW(chown("d", me, mine));
    mode("d");
    // writing and truncating clear the bits as well
    SHOW(chmod("f", 06755));
    SHOW(write(fd, "x", 1));
    mode("f");
    SHOW(chmod("f", 06755));
    SHOW(ftruncate(fd, 2));
    mode("f");
    SHOW(chmod("f", 06755));
    SHOW(truncate("f", 1));
    mode("f");
    SHOW(chmod("f", 02745));
    SHOW(write(fd, "x", 1));
    mode("f");
    SHOW(chmod("/", 0777));
    SHOW(chmod("/etc/passwd", 0777));
    SHOW(utimensat(AT_FDCWD, "/etc/passwd", NULL, 0));
}
