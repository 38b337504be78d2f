// The little of /sys and /dev that programs look at.
#include "../tasks.h"

static void type(const char *path) {
    struct stat status;
    if (stat(path, &status) < 0) T("%s: %s", path, errno_name(errno));
    else if (S_ISCHR(status.st_mode)) T("%s: %s %u:%u", path, type_name(status.st_mode), (unsigned)(status.st_rdev >> 8), (unsigned)(status.st_rdev & 255));
    else T("%s: %s", path, type_name(status.st_mode));
}

TEST {
    type("/sys");
    type("/sys/devices/system/cpu");
    type("/sys/devices/system/cpu/online");
    type("/sys/devices/system/cpu/cpu0");
    char text[256] = "";
    int fd = (int)MUST(open("/sys/devices/system/cpu/online", O_RDONLY));
    MUST(read(fd, text, sizeof text - 1));
    int first = -1, last = -1;
    int got = sscanf(text, "%d-%d", &first, &last);
    if (got == 1) last = first;
    CHECK(first == 0 && last + 1 >= sysconf(_SC_NPROCESSORS_ONLN));
    fd = (int)MUST(open("/sys/devices/system/cpu/possible", O_RDONLY));
    SHOW(read(fd, text, sizeof text) > 0);
    type("/dev/null");
    type("/dev/zero");
    type("/dev/full");
    type("/dev/random");
    type("/dev/urandom");
    type("/dev/tty");
    type("/dev/fd");
    type("/dev/stdin");
    type("/dev/shm");
    type("/dev/ptmx");
    type("/dev/nothing");
    fd = (int)MUST(open("/dev/full", O_RDWR));
    SHOW(write(fd, "x", 1));
    SHOW(read(fd, text, 5));
    SHOW(text[0]);
    fd = (int)MUST(open("/dev/null", O_RDWR));
    SHOW(write(fd, text, 100));
    SHOW(read(fd, text, 100));
    fd = (int)MUST(open("/dev/zero", O_RDWR));
    text[5] = 1;
    SHOW(read(fd, text, 100));
    SHOW(text[5]);
    SHOW(write(fd, text, 100));
    SHOW(mkdir("/sys/new", 0755) < 0);
}
