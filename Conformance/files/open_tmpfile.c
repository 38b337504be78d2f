// O_TMPFILE: a file without a name, and giving it one.
#include "../common.h"

TEST {
    struct stat status;
    int fd = open(".", O_TMPFILE | O_RDWR, 0640);
    if (fd < 0 && errno == EOPNOTSUPP) SKIP("the file system has no O_TMPFILE");
    show_dir(".");
    SHOW(fstat(fd, &status));
    T("%s, mode %04o, links %d", type_name(status.st_mode), status.st_mode & 07777, (int)status.st_nlink);
    SHOW(write(fd, "secret", 6));
    SHOW(pread(fd, (char[8]){0}, 8, 0));
    char name[32];
    snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    SHOWN("link through /proc/self/fd", linkat(AT_FDCWD, name, AT_FDCWD, "named", AT_SYMLINK_FOLLOW));
    show_stat("named");
    show_file("named");
    SHOWN("link again", linkat(AT_FDCWD, name, AT_FDCWD, "twice", AT_SYMLINK_FOLLOW));
    show_stat("named");
    // With O_EXCL it can never be linked.
    int secret = (int)SUCCEEDS(open(".", O_TMPFILE | O_WRONLY | O_EXCL, 0600));
    snprintf(name, sizeof name, "/proc/self/fd/%d", secret);
    SHOWN("link of an O_EXCL one", linkat(AT_FDCWD, name, AT_FDCWD, "never", AT_SYMLINK_FOLLOW));
    SHOW(open(".", O_TMPFILE | O_RDONLY, 0600));
    SHOW(open("named", O_TMPFILE | O_RDWR, 0600));
    SHOW(open("missing", O_TMPFILE | O_RDWR, 0600));
    SHOW(open(".", O_TMPFILE | O_RDWR | O_CREAT, 0600));
    SHOW(open(".", (O_TMPFILE & ~O_DIRECTORY) | O_RDWR, 0600));
    SUCCEEDS(open(".", O_TMPFILE | O_RDWR | O_TRUNC, 0600));
    MUST(umask(077));
    fd = (int)SUCCEEDS(open(".", O_TMPFILE | O_RDWR, 0666));
    fstat(fd, &status);
    T("mode %04o", status.st_mode & 07777);
    show_dir(".");
}
