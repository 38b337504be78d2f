// RLIMIT_NOFILE and RLIMIT_FSIZE at work.
#include "../tasks.h"

static void file_size(void) {
    struct rlimit limit;
    int fd, ends[2];
    count_signal(SIGXFSZ, 0);
    limit = (struct rlimit){100, 1000};
    MUST(setrlimit(RLIMIT_FSIZE, &limit));
    char data[200];
    memset(data, 'x', sizeof data);
    fd = (int)MUST(open("file", O_RDWR | O_CREAT, 0600));
    SHOW(write(fd, data, 60));
    SHOW(write(fd, data, 60));
    SHOW(conf_caught[SIGXFSZ]);
    SHOW(write(fd, data, 1));
    SHOW(conf_caught[SIGXFSZ]);
    SHOW(write(fd, data, 0));
    SHOW(pwrite(fd, data, 10, 50));
    SHOW(pwrite(fd, data, 10, 95));
    SHOW(pwrite(fd, data, 10, 100));
    SHOW(ftruncate(fd, 100));
    SHOW(ftruncate(fd, 101));
    SHOW(ftruncate(fd, 50));
    SHOW(conf_caught[SIGXFSZ]);
    SHOW(fallocate(fd, 0, 0, 200));
    SHOW(conf_caught[SIGXFSZ]);
    SHOW(lseek(fd, 500, SEEK_SET));
    SHOW(write(fd, data, 1));
    limit.rlim_cur = 0;
    MUST(setrlimit(RLIMIT_FSIZE, &limit));
    SHOW(pwrite(fd, data, 1, 0));
    show_stat("file");
    // Only regular files are limited.
    MUST(pipe(ends));
    SHOW(write(ends[1], data, 200));
    IN_CHILD("default action", {
        // Keeps its output to itself: that may be a file.
        signal(SIGXFSZ, SIG_DFL);
        write(fd, data, 1);
        _exit(1);
    });
    signal(SIGXFSZ, SIG_IGN);
    SHOW(write(fd, data, 1));
    fflush(stdout);
}

TEST {
    struct rlimit limit = {10, 20};
    MUST(setrlimit(RLIMIT_NOFILE, &limit));
    int fd = -1, count = 0;
    while ((fd = dup(1)) >= 0) count++;
    T("%d more, then %s", count, errno_name(errno));
    int ends[2];
    SHOW(open("/dev/null", O_RDONLY));
    SHOW(pipe(ends));
    SHOW(socket(AF_UNIX, SOCK_STREAM, 0));
    SHOW(dup2(1, 10));
    SHOW(dup2(1, 9));
    SHOW(dup3(1, 15, 0));
    SHOW(fcntl(1, F_DUPFD, 10));
    SHOW(fcntl(1, F_DUPFD, 9));
    SHOW(eventfd(0, 0));
    SHOW(epoll_create1(0));
    close(9);
    SHOW(pipe(ends)); // takes two
    SHOW(fcntl(1, F_DUPFD, 3));
    SHOW(socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
    // A lower limit leaves the higher descriptors alone.
    limit.rlim_cur = 5;
    MUST(setrlimit(RLIMIT_NOFILE, &limit));
    SHOW(is_open(8));
    SHOW(write(8, "", 0));
    close(8);
    SHOW(dup(1));
    close(3);
    SHOW(dup(1));
    struct pollfd polls[6] = {{-1, 0, 0}, {-1, 0, 0}, {-1, 0, 0}, {-1, 0, 0}, {-1, 0, 0}, {-1, 0, 0}};
    SHOW(poll(polls, 5, 0));
    SHOW(poll(polls, 6, 0));
    for (int i = 3; i < 10; i++) close(i);

    limit.rlim_cur = 20;
    MUST(setrlimit(RLIMIT_NOFILE, &limit));
    IN_PIPED_CHILD("limited file size", file_size());
}
