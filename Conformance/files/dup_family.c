// dup, dup2, dup3, F_DUPFD: numbers, flags, limits, errors.
#include "../common.h"

TEST {
    make_pattern("f", 50);
    SHOW(open("f", O_RDONLY));
    SHOW(dup(3));
    SHOW(dup(99));
    SHOW(dup(-1));
    SHOW(dup2(3, 10));
    SHOW(dup2(3, 3));
    SHOW(dup2(99, 3));
    SHOW(dup2(99, 99));
    SHOW(dup2(3, -1));
    SHOW(dup2(3, 1 << 30));
    SHOW(dup3(3, 3, 0));
    SHOW(dup3(3, 11, O_CLOEXEC));
    SHOW(fcntl(11, F_GETFD));
    SHOW(dup3(3, 12, O_NONBLOCK));
    SHOW(dup3(99, 12, 0));
    SHOW(dup3(3, -1, 0));
    SHOW(fcntl(3, F_DUPFD, 10));
    SHOW(fcntl(3, F_DUPFD, -1));
    SHOW(fcntl(3, F_DUPFD, 1 << 30));
    SHOW(fcntl(3, F_DUPFD_CLOEXEC, 20));
    SHOW(fcntl(20, F_GETFD));
    // closing what is in the way
    int ends[2];
    MUST(pipe(ends));
    T("pipe at %d %d", ends[0], ends[1]);
    SHOW(dup2(3, ends[1]));
    SHOW(read(ends[0], &(char){0}, 1));
    // the copies share offset and status flags
    SHOW(lseek(3, 10, SEEK_SET));
    SHOW(lseek(10, 0, SEEK_CUR));
    SHOW(fcntl(10, F_SETFL, O_APPEND));
    SHOW(fcntl(3, F_GETFL) & O_APPEND ? 1 : 0);
    struct rlimit old, limit = {15, 15};
    getrlimit(RLIMIT_NOFILE, &old);
    limit.rlim_max = old.rlim_max;
    MUST(setrlimit(RLIMIT_NOFILE, &limit));
    SHOW(dup2(3, 15));
    SHOW(dup3(3, 15, 0));
    SHOW(fcntl(3, F_DUPFD, 15));
    SHOW(dup2(3, 14));
    int count = 0;
    while (dup(3) >= 0) count++;
    T("%d more, then %s", count, errno_name(errno));
    SHOW(open("f", O_RDONLY));
    SHOW(fcntl(3, F_DUPFD, 3));
    SHOW(pipe(ends));
    SHOW(socket(AF_UNIX, SOCK_STREAM, 0));
    SHOW(eventfd(0, 0));
    SHOW(epoll_create1(0));
    // what is open above the limit stays usable
    SHOW(lseek(20, 0, SEEK_CUR));
    SHOW(close(20));
    SHOW(close(7));
    SHOW(pipe(ends));
    SHOW(dup(3));
}
