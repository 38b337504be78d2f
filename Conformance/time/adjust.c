// adjtimex and clock_adjtime by who may not set the clock.
#define CONF_AS_USER
#include "../common.h"
#include <sys/timex.h>

static void show(const char *label, long state, const struct timex *time) {
    T("%s: %s", label, state < 0 ? errno_name(errno) : state <= TIME_ERROR ? "a state" : "?");
    if (state < 0) return;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    CHECK(time->tick >= 9000 && time->tick <= 11000);
    CHECK(time->time.tv_sec <= now.tv_sec && now.tv_sec - time->time.tv_sec <= 1);
    CHECK(time->time.tv_usec >= 0 && time->time.tv_usec < (time->status & STA_NANO ? 1000000000 : 1000000));
    CHECK(time->precision >= 1 && time->tolerance > 0);
    CHECK((state == TIME_ERROR) == !!(time->status & (STA_UNSYNC | STA_CLOCKERR)) || state < TIME_ERROR);
}

TEST {
    struct timex time = {0};
    show("adjtimex", RAW(SYS_adjtimex, &time), &time);
    time = (struct timex){0};
    show("clock_adjtime", RAW(SYS_clock_adjtime, CLOCK_REALTIME, &time), &time);
    static const struct { const char *name; unsigned modes; } modes[] = {
        {"an offset", ADJ_OFFSET}, {"a frequency", ADJ_FREQUENCY}, {"a status", ADJ_STATUS}, {"a tick", ADJ_TICK}, {"the time", ADJ_SETOFFSET},
        {"a single shot", ADJ_OFFSET_SINGLESHOT}, {"what a single shot has left", ADJ_OFFSET_SS_READ},
    };
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        time = (struct timex){.modes = modes[i].modes, .tick = 10000};
        SHOWN(modes[i].name, RAW(SYS_adjtimex, &time) < 0 ? -1 : 0);
    }
    time = (struct timex){0};
    SHOW(RAW(SYS_clock_adjtime, CLOCK_MONOTONIC, &time));
    SHOW(RAW(SYS_clock_adjtime, 99, &time));
    SHOW(RAW(SYS_clock_adjtime, CLOCK_REALTIME, BAD));
    SHOW(RAW(SYS_clock_adjtime, 99, BAD));
    SHOW(RAW(SYS_adjtimex, BAD));
}
