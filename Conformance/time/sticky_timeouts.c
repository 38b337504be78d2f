// personality STICKY_TIMEOUTS: select, pselect and ppoll leave the time-out as it is.
#include "../common.h"
#include <poll.h>
#include <sys/personality.h>
#include <sys/select.h>
#include <sys/time.h>

static void on_alarm(int signal) { (void)signal; }

static void look(const char *when) {
    struct timeval time = {0, 3000};
    struct timespec first = {0, 3000000}, second = {0, 3000000};
    SHOW(RAW(SYS_select, 0, NULL, NULL, NULL, &time));
    SHOW(RAW(SYS_pselect6, 0, NULL, NULL, NULL, &first, NULL));
    SHOW(RAW(SYS_ppoll, NULL, 0, &second, NULL, 8));
    T("%s: %ld %ld %ld", when, (long)time.tv_usec, first.tv_nsec, second.tv_nsec);
}

TEST {
    look("usually");
    MUST(personality(STICKY_TIMEOUTS));
    look("sticky");
    // Then a handler ends the call even if it should be restarted.
    struct sigaction action = {.sa_handler = on_alarm, .sa_flags = SA_RESTART};
    MUST(sigaction(SIGALRM, &action, NULL));
    struct itimerval soon = {.it_value = {0, 5000}};
    MUST(setitimer(ITIMER_REAL, &soon, NULL));
    struct timeval time = {5, 0};
    SHOW(RAW(SYS_select, 0, NULL, NULL, NULL, &time));
    T("%ld s", (long)time.tv_sec);
}
