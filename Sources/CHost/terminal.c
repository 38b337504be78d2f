#include "CHost.h"
#include <errno.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

int chost_window_size(int fd, struct chost_window *out) {
    struct winsize w;
    if (ioctl(fd, TIOCGWINSZ, &w) < 0) return -errno;
    *out = (struct chost_window){ .rows = w.ws_row, .columns = w.ws_col, .x = w.ws_xpixel, .y = w.ws_ypixel };
    return 0;
}

static struct termios saved;
static volatile int raw_fd = -1;

static const int crash_signals[] = { SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGABRT, SIGFPE, SIGSYS };

static void crashed(int signal_number) {
    (void)signal_number;
    // SA_RESETHAND: returning to the faulting instruction, or the second raise of abort(3), ends the process.
    chost_terminal_restore();
    raise(signal_number);
}

int chost_terminal_raw(int fd) {
    struct termios raw;
    if (tcgetattr(fd, &raw) < 0) return -errno;
    if (raw_fd < 0) saved = raw;
    cfmakeraw(&raw);
    if (tcsetattr(fd, TCSADRAIN, &raw) < 0) return -errno;
    if (raw_fd < 0) {
        struct sigaction action = { .sa_handler = crashed, .sa_flags = SA_RESETHAND };
        sigemptyset(&action.sa_mask);
        for (size_t i = 0; i < sizeof crash_signals / sizeof *crash_signals; i++) sigaction(crash_signals[i], &action, NULL);
    }
    raw_fd = fd;
    return 0;
}

void chost_terminal_restore(void) {
    int fd = raw_fd;
    if (fd < 0) return;
    raw_fd = -1;
    // From the background this would stop us; the shell that put us there restores its own modes anyway.
    sigset_t ttou, old;
    sigemptyset(&ttou);
    sigaddset(&ttou, SIGTTOU);
    pthread_sigmask(SIG_BLOCK, &ttou, &old);
    tcsetattr(fd, TCSADRAIN, &saved);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
}
