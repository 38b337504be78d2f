// fcntl(2) and ioctl(2) of files that know little: seals, hints, what a lease shows, unknown requests.
#include "../common.h"
#include <linux/random.h>

TEST {
    make_file("f", "");
    int file = (int)MUST(open("f", O_RDONLY)), epoll = (int)MUST(epoll_create1(0)), random = (int)MUST(open("/dev/urandom", O_RDONLY)), ends[2];
    MUST(pipe(ends));
    SHOW(fcntl(file, F_ADD_SEALS, 0));
    SHOW(fcntl(ends[0], F_ADD_SEALS, 0));
    SHOW(fcntl(ends[1], F_ADD_SEALS, 0));
    uint64_t hint = 2;
    SHOW(fcntl(file, F_SET_RW_HINT, &hint));
    SHOW(fcntl(file, F_SET_RW_HINT, NULL));
    SHOW(fcntl(file, F_GET_FILE_RW_HINT, &hint));
    SHOW(fcntl(file, F_SET_FILE_RW_HINT, &hint));
    hint = 77;
    SHOW(fcntl(file, F_SET_RW_HINT, &hint));
    SHOW(!!(fcntl(file, F_GETFL) & O_ASYNC));
    SHOW(fcntl(file, F_SETLEASE, F_RDLCK));
    SHOW(!!(fcntl(file, F_GETFL) & O_ASYNC));
    SHOW(fcntl(file, F_SETLEASE, F_UNLCK));
    SHOW(!!(fcntl(file, F_GETFL) & O_ASYNC));
    SHOW(ioctl(epoll, TIOCGWINSZ, &hint));
    SHOW(ioctl(epoll, 0x12345, NULL));
    SHOW(ioctl(random, TIOCGWINSZ, &hint));
    int count = 0;
    SHOW(ioctl(random, RNDGETENTCNT, &count));
    CHECK(count > 0);
    SHOW(ioctl(random, RNDGETENTCNT, NULL));
}
