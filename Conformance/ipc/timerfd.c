// timerfd: one shot, interval, absolute, counts, gettime, changes, errors.
#include "../common.h"

static uint64_t expirations(int fd) {
    uint64_t count = 0;
    return read(fd, &count, 8) == 8 ? count : 0;
}
static struct itimerspec ms(long first, long interval) {
    return (struct itimerspec){{interval / 1000, interval % 1000 * 1000000}, {first / 1000, first % 1000 * 1000000}};
}

TEST {
    int fd = (int)SHOW(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK));
    struct itimerspec now, set = ms(20, 0);
    SHOW(timerfd_gettime(fd, &now));
    CHECK(now.it_value.tv_sec == 0 && now.it_value.tv_nsec == 0);
    SHOW(read(fd, &now, 8));
    long start = now_ms();
    SHOW(timerfd_settime(fd, 0, &set, NULL));
    SHOW(read(fd, &now, 8));
    SHOW(timerfd_gettime(fd, &now));
    CHECK(now.it_value.tv_nsec > 0 && now.it_value.tv_nsec <= 20000000 && now.it_interval.tv_nsec == 0);
    SHOW(poll(&(struct pollfd){fd, POLLIN, 0}, 1, 1000));
    CHECK(now_ms() - start >= 19);
    CHECK(expirations(fd) == 1);
    SHOW(read(fd, &now, 8));
    SHOW(timerfd_gettime(fd, &now));
    CHECK(now.it_value.tv_nsec == 0);
    // an interval adds up
    set = ms(5, 10);
    SHOW(timerfd_settime(fd, 0, &set, NULL));
    sleep_ms(50);
    uint64_t count = expirations(fd);
    CHECK(count >= 5);
    SHOW(timerfd_gettime(fd, &now));
    CHECK(now.it_interval.tv_nsec == 10000000 && now.it_value.tv_nsec <= 10000000);
    // setting returns the old one and clears what had expired
    sleep_ms(12);
    set = ms(500, 0);
    struct itimerspec old;
    SHOW(timerfd_settime(fd, 0, &set, &old));
    CHECK(old.it_interval.tv_nsec == 10000000);
    SHOW(read(fd, &now, 8));
    set = ms(0, 10);
    SHOW(timerfd_settime(fd, 0, &set, &old));
    CHECK(old.it_value.tv_nsec > 0 && old.it_interval.tv_nsec == 0);
    SHOW(timerfd_gettime(fd, &now));
    T("disarmed: %d", now.it_value.tv_nsec == 0);
    // absolute, also in the past
    clock_gettime(CLOCK_MONOTONIC, &set.it_value);
    set.it_interval = (struct timespec){0, 0};
    SHOW(timerfd_settime(fd, TFD_TIMER_ABSTIME, &set, NULL));
    sleep_ms(2);
    CHECK(expirations(fd) == 1);
    set.it_value.tv_sec -= 1;
    set.it_interval.tv_nsec = 100000000;
    SHOW(timerfd_settime(fd, TFD_TIMER_ABSTIME, &set, NULL));
    sleep_ms(2);
    count = expirations(fd);
    CHECK(count >= 10 && count <= 15);
    int real = (int)SUCCEEDS(timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK | TFD_CLOEXEC));
    SHOW(timerfd_settime(real, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &(struct itimerspec){.it_value = {1, 0}}, NULL));
    sleep_ms(2);
    CHECK(expirations(real) == 1);
    SUCCEEDS(timerfd_create(CLOCK_BOOTTIME, 0));
    SHOW(timerfd_create(CLOCK_PROCESS_CPUTIME_ID, 0));
    SHOW(timerfd_create(77, 0));
    SHOW(timerfd_create(CLOCK_MONOTONIC, 0x10));
    SHOW(timerfd_settime(fd, 0x10, &set, NULL));
    SHOW(timerfd_settime(fd, 0, BAD, NULL));
    SHOW(timerfd_settime(0, 0, &set, NULL));
    SHOW(timerfd_settime(99, 0, &set, NULL));
    SHOW(timerfd_gettime(fd, BAD));
    SHOW(timerfd_gettime(0, &now));
    set = (struct itimerspec){{0, 0}, {0, 1000000000}};
    SHOW(timerfd_settime(fd, 0, &set, NULL));
    set = (struct itimerspec){{0, 0}, {-1, 0}};
    SHOW(timerfd_settime(fd, 0, &set, NULL));
    set = (struct itimerspec){{0, -1}, {1, 0}};
    SHOW(timerfd_settime(fd, 0, &set, NULL));
    SHOW(read(fd, &count, 7));
    SHOW(write(fd, &count, 8));
    // blocking read
    int blocking = (int)MUST(timerfd_create(CLOCK_MONOTONIC, 0));
    set = ms(15, 0);
    MUST(timerfd_settime(blocking, 0, &set, NULL));
    CHECK(expirations(blocking) == 1);
    // a child shares it
    MUST(timerfd_settime(blocking, 0, &set, NULL));
    IN_CHILD("child", { CHECK(expirations(blocking) == 1); });
    fcntl(blocking, F_SETFL, O_NONBLOCK);
    SHOW(read(blocking, &count, 8));
}
