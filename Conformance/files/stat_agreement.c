// stat, lstat, fstat, fstatat and statx tell the same.
#include "../common.h"

static void compare(const char *path, bool follow) {
    struct stat a, b, c;
    struct statx x;
    if (follow) MUST(stat(path, &a)); else MUST(lstat(path, &a));
    MUST(fstatat(AT_FDCWD, path, &b, follow ? 0 : AT_SYMLINK_NOFOLLOW));
    int fd = (int)MUST(open(path, O_PATH | (follow ? 0 : O_NOFOLLOW)));
    MUST(fstat(fd, &c));
    MUST(statx(AT_FDCWD, path, follow ? 0 : AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS, &x));
    T("%s: %s %04o", path, type_name(a.st_mode), a.st_mode & 07777);
    CHECK(memcmp(&a, &b, sizeof a) == 0);
    CHECK(memcmp(&a, &c, sizeof a) == 0);
    CHECK(x.stx_ino == a.st_ino && x.stx_mode == a.st_mode && x.stx_nlink == a.st_nlink);
    CHECK(x.stx_size == (uint64_t)a.st_size && x.stx_blocks == (uint64_t)a.st_blocks);
    CHECK(x.stx_uid == a.st_uid && x.stx_gid == a.st_gid && x.stx_blksize == (uint32_t)a.st_blksize);
    CHECK(x.stx_mtime.tv_sec == a.st_mtim.tv_sec && x.stx_mtime.tv_nsec == a.st_mtim.tv_nsec);
    CHECK(x.stx_ctime.tv_sec == a.st_ctim.tv_sec && x.stx_atime.tv_nsec == a.st_atim.tv_nsec);
    CHECK(((uint64_t)x.stx_dev_major << 8 | x.stx_dev_minor) == (uint64_t)((a.st_dev >> 8 & 0xfff) << 8 | (a.st_dev & 0xff)));
    close(fd);
}

TEST {
    make_pattern("f", 5000);
    MUST(mkdir("d", 0751));
    MUST(symlink("f", "l"));
    MUST(mkfifo("p", 0640));
    compare("f", true);
    compare("d", true);
    compare("l", true);
    compare("l", false);
    compare("p", true);
    compare(".", true);
    compare("/dev/null", true);
    compare("/", true);
    struct stat status;
    MUST(stat("f", &status));
    T("size %ld, mode %o, links %ld, owner is me %d", (long)status.st_size, status.st_mode, (long)status.st_nlink, status.st_uid == geteuid());
    CHECK(status.st_blocks * 512 >= 5000);
    MUST(stat("d", &status));
    T("directory links %ld", (long)status.st_nlink);
    MUST(lstat("l", &status));
    T("link %o size %ld", status.st_mode, (long)status.st_size);
    MUST(stat("/dev/null", &status));
    T("/dev/null %o, rdev %x", status.st_mode, (unsigned)status.st_rdev);
    MUST(stat("/dev/zero", &status));
    T("/dev/zero %o, rdev %x", status.st_mode, (unsigned)status.st_rdev);
    struct stat root, up;
    stat("/", &root);
    stat("/..", &up);
    CHECK(root.st_ino == up.st_ino && root.st_dev == up.st_dev);
    SHOW(stat("f", BAD));
    SHOW(stat("missing", BAD));
    SHOW(lstat(BAD, &status));
    SHOW(fstat(99, &status));
    SHOW(fstat(0, BAD));
}
