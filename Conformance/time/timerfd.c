// timerfd: expirations, blocking, poll, absolute times, errors.
#include "../tasks.h"

TEST {
    int fd = (int)MUST(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC));
    uint64_t ticks = 0;
    struct itimerspec set = {{0, 0}, {0, 10000000}}, now;
    SHOW(fcntl(fd, F_GETFD));
    SHOW(read(fd, &ticks, 8));
    SHOW(timerfd_gettime(fd, &now));
    T("%ld %ld", (long)now.it_value.tv_sec, now.it_value.tv_nsec);
    SHOW(timerfd_settime(fd, 0, &set, NULL));
    struct pollfd poller = {fd, POLLIN | POLLOUT, 0};
    SHOW(poll(&poller, 1, 2000));
    T("events %s", poll_names(poller.revents));
    SHOW(read(fd, &ticks, 8));
    SHOW(ticks);
    SHOW(read(fd, &ticks, 8));
    set.it_interval.tv_nsec = 5000000;
    SHOW(timerfd_settime(fd, 0, &set, NULL));
    sleep_ms(50);
    SHOW(read(fd, &ticks, 8));
    CHECK(ticks >= 7 && ticks < 400);
    timerfd_gettime(fd, &now);
    CHECK(now.it_interval.tv_nsec == 5000000 && now.it_value.tv_nsec > 0 && now.it_value.tv_nsec <= 5000000);
    sleep_ms(10);
    SHOW(timerfd_settime(fd, 0, &(struct itimerspec){{0, 0}, {0, 0}}, &now)); // forgets what was there
    SHOW(read(fd, &ticks, 8));
    SHOW(read(fd, &ticks, 7));
    SHOW(write(fd, &ticks, 8));
    SHOW(lseek(fd, 0, SEEK_SET));
    SHOW(pread(fd, &ticks, 8, 0));

    int blocking = (int)MUST(timerfd_create(CLOCK_REALTIME, 0));
    clock_gettime(CLOCK_REALTIME, &set.it_value);
    set.it_value.tv_nsec += 20000000;
    if (set.it_value.tv_nsec >= 1000000000) set.it_value.tv_nsec -= 1000000000, set.it_value.tv_sec++;
    set.it_interval = (struct timespec){0, 0};
    SHOW(timerfd_settime(blocking, TFD_TIMER_ABSTIME, &set, NULL));
    long start = now_ms();
    SHOW(read(blocking, &ticks, 8));
    CHECK(now_ms() - start >= 18);
    SHOW(ticks);
    SHOW(timerfd_settime(blocking, TFD_TIMER_ABSTIME, &set, NULL)); // the past
    SHOW(read(blocking, &ticks, 8));
    SHOW(timerfd_settime(blocking, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &set, NULL));

    SHOW(timerfd_create(77, 0));
    SHOW(timerfd_create(CLOCK_PROCESS_CPUTIME_ID, 0));
    SHOW(timerfd_create(CLOCK_MONOTONIC, 1));
    SUCCEEDS(timerfd_create(CLOCK_BOOTTIME, 0));
    set.it_value.tv_nsec = 1000000000;
    SHOW(timerfd_settime(fd, 0, &set, NULL));
    set.it_value = (struct timespec){0, 1};
    SHOW(timerfd_settime(fd, 8, &set, NULL));
    SHOW(timerfd_settime(1, 0, &set, NULL));
    SHOW(timerfd_settime(99, 0, &set, NULL));
    SHOW(timerfd_gettime(1, &now));
    SHOW(RAW(SYS_timerfd_settime, fd, 0, BAD, NULL));
    SHOW(RAW(SYS_timerfd_gettime, fd, BAD));

    // Shared by a fork; in an epoll set with an edge for each expiration.
    set.it_value = (struct timespec){0, 10000000};
    MUST(timerfd_settime(blocking, 0, &set, NULL));
    IN_CHILD("child", SHOW(read(blocking, &ticks, 8)));
    fcntl(blocking, F_SETFL, O_NONBLOCK);
    SHOW(read(blocking, &ticks, 8));
    int epoll = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN | EPOLLET};
    MUST(epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event));
    set.it_interval.tv_nsec = 10000000;
    MUST(timerfd_settime(fd, 0, &set, NULL));
    SHOW(epoll_wait(epoll, &event, 1, 1000));
    SHOW(epoll_wait(epoll, &event, 1, 40)); // nobody has read: the timer rests
    count_signal(SIGALRM, 0);
    start_ticks(10);
    set = (struct itimerspec){{0, 0}, {20, 0}};
    MUST(timerfd_settime(blocking, 0, &set, NULL));
    fcntl(blocking, F_SETFL, 0);
    SHOW(read(blocking, &ticks, 8));
    stop_ticks();
}
