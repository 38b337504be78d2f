// /proc/self/fd and /dev/fd: link texts by kind, opening through them.
#include "../common.h"

static void show_link(const char *label, int fd) {
    char path[64], target[PATH_MAX];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(path, target, sizeof target - 1);
    if (length < 0) { T("%s: %s", label, errno_name(errno)); return; }
    target[length] = 0;
    // numbers are not told
    char *digit = strpbrk(target, "0123456789");
    if (strchr(target, '[') && digit) *digit = 0;
    if (!strncmp(target, conf_dir, strlen(conf_dir))) T("%s: <dir>%s", label, target + strlen(conf_dir));
    else T("%s: %s", label, target);
}

TEST {
    make_pattern("f", 100);
    MUST(symlink("f", "l"));
    MUST(mkfifo("p", 0600));
    int fd = (int)MUST(open("l", O_RDWR)), ends[2], pair[2];
    MUST(pipe(ends));
    MUST(socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
    show_link("file", fd);
    show_link("directory", open(".", O_RDONLY));
    show_link("link itself", open("l", O_PATH | O_NOFOLLOW));
    show_link("fifo", open("p", O_RDWR));
    show_link("pipe", ends[0]);
    show_link("socket", pair[0]);
    show_link("eventfd", eventfd(0, 0));
    show_link("epoll", epoll_create1(0));
    show_link("timerfd", timerfd_create(CLOCK_MONOTONIC, 0));
    show_link("memfd", memfd_create("name", 0));
    show_link("/dev/null", open("/dev/null", O_RDONLY));
    show_link("closed", 200);
    MUST(rename("f", "moved"));
    show_link("moved file", fd);
    char path[64];
    lseek(fd, 5, SEEK_SET);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    // a fresh opening with its own offset
    int again = (int)MUST(open(path, O_RDONLY));
    SHOW(lseek(again, 0, SEEK_CUR));
    SHOW(write(again, "x", 1));
    snprintf(path, sizeof path, "/dev/fd/%d", fd);
    again = (int)MUST(open(path, O_RDONLY));
    show_read("through /dev/fd", again, 5);
    // a pipe's end opened again through the link; a socket cannot be
    snprintf(path, sizeof path, "/proc/self/fd/%d", ends[0]);
    int write_end = (int)MUST(open(path, O_WRONLY));
    SHOW(write(write_end, "abc", 3));
    show_read("pipe", ends[0], 10);
    snprintf(path, sizeof path, "/proc/self/fd/%d", pair[0]);
    SHOWN("open of a socket", open(path, O_RDWR));
    SHOW(open("/proc/self/fd/200", O_RDONLY));
    SHOW(open("/proc/self/fd/nonsense", O_RDONLY));
    SHOW(open("/proc/self/fd/01", O_RDONLY));
    struct stat a, b;
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    stat(path, &a);
    fstat(fd, &b);
    CHECK(a.st_ino == b.st_ino && a.st_dev == b.st_dev);
    lstat(path, &a);
    T("the link itself: %o", a.st_mode);
    lstat((snprintf(path, sizeof path, "/proc/self/fd/%d", ends[0]), path), &a);
    T("of a read end: %o", a.st_mode);
    DIR *dir = opendir("/proc/self/fd");
    int count = 0, own = dirfd(dir);
    for (struct dirent *e; (e = readdir(dir));) count += e->d_name[0] != '.' && atoi(e->d_name) != own;
    int open_count = 0;
    for (int i = 0; i < 256; i++) open_count += i != own && is_open(i);
    CHECK(count == open_count);
}
