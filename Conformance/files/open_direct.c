// O_DIRECT where there is no data on a device: open(2) and F_SETFL.
#include "../common.h"

TEST {
    MUST(mkfifo("fifo", 0600));
    SHOW(open("fifo", O_RDWR | O_DIRECT));
    SHOW(open(".", O_RDONLY | O_DIRECT));
    SHOW(open("/dev/null", O_RDWR | O_DIRECT));
    SHOW(open("/dev/zero", O_RDONLY | O_DIRECT));
    SHOW(open("/dev/ptmx", O_RDWR | O_DIRECT));
    SHOW(open("/proc/self/stat", O_RDONLY | O_DIRECT));
    SHOW(open("/proc/self", O_RDONLY | O_DIRECT));
    SHOW(open("/proc/sys/kernel/hostname", O_RDONLY | O_DIRECT));
    SHOW(open("/sys/kernel", O_RDONLY | O_DIRECT));
    SUCCEEDS(open("f", O_RDWR | O_CREAT | O_DIRECT, 0600));
    int fd = (int)MUST(open(".", O_RDONLY));
    SHOW(fcntl(fd, F_SETFL, O_DIRECT));
    fd = (int)MUST(open("/proc/self/stat", O_RDONLY));
    SHOW(fcntl(fd, F_SETFL, O_DIRECT));
    fd = (int)MUST(open("fifo", O_RDWR));
    SHOW(fcntl(fd, F_SETFL, O_DIRECT));
}
