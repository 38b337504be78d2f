// Files that are removed while open: data, size, /proc/self/fd, link count.
#include "../common.h"

TEST {
    make_file("f", "still here");
    int fd = (int)MUST(open("f", O_RDWR));
    SHOW(unlink("f"));
    struct stat status;
    fstat(fd, &status);
    T("links %ld, size %ld", (long)status.st_nlink, (long)status.st_size);
    show_read("read", fd, 20);
    SHOW(write(fd, ", longer", 8));
    SHOW(ftruncate(fd, 12));
    SHOW(fchmod(fd, 0600));
    fstat(fd, &status);
    T("mode %o size %ld", status.st_mode, (long)status.st_size);
    char path[64], target[PATH_MAX];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(path, target, sizeof target - 1);
    target[length < 0 ? 0 : length] = 0;
    T("its name ends with: %s", strrchr(target, '/') ? strrchr(target, '/') : target);
    int again = open(path, O_RDONLY);
    show_read("opened again", again, 20);
    CHECK(fstat(again, &status) == 0 && status.st_nlink == 0);
    char *map = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    close(again);
    show_text("mapping", map, 12);
    make_file("f", "new one");
    show_text("mapping", map, 12);
    show_file("f");
    // renamed over
    fd = (int)MUST(open("f", O_RDONLY));
    make_file("g", "replacement");
    MUST(rename("g", "f"));
    show_read("old", fd, 20);
    show_file("f");
    // an executable in use
    IN_CHILD("child keeps it", { MUST(unlink("f")); show_dir("."); });
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    length = readlink(path, target, sizeof target - 1);
    target[length < 0 ? 0 : length] = 0;
    T("its name ends with: %s", strrchr(target, '/') ? strrchr(target, '/') : target);
}
