// Starts a command that ends with its starter: posix_spawn(3) has no way to ask for the parent-death signal.
//
// vfork(2), as posix_spawn does, because a copy of a large process's page tables takes longer than many a command runs. The child
// shares memory with the thread that waits for it, so it only makes system calls until it becomes the command.
#include "CHost.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <pthread.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/// In the child. Returns only if the command cannot be executed.
static void become(const struct chost_command *command, pid_t parent) {
    // A handler of ours must not run in here when the signals are let through; ignored ones are ignored for our reasons only
    // where it is SIGPIPE.
    for (int number = 1; number < NSIG; number++) {
        struct sigaction action;
        if (sigaction(number, NULL, &action) < 0) continue;
        if (action.sa_handler == SIG_DFL || (action.sa_handler == SIG_IGN && number != SIGPIPE)) continue;
        action.sa_handler = SIG_DFL;
        action.sa_flags = 0;
        sigaction(number, &action, NULL);
    }
    if (setpgid(0, 0) < 0) return;
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0) return;
    // It may have died before that.
    if (getppid() != parent) _exit(127);
    // Where a standard descriptor of ours is closed, a pipe may have its number.
    int output = fcntl(command->output, F_DUPFD_CLOEXEC, 3), errors = fcntl(command->errors, F_DUPFD_CLOEXEC, 3);
    int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (output < 0 || errors < 0 || null < 0) return;
    if (null == 0 ? fcntl(0, F_SETFD, 0) < 0 : dup2(null, 0) < 0) return;
    if (dup2(output, 1) < 0 || dup2(errors, 2) < 0) return;
    if (command->directory && chdir(command->directory) < 0) return;
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    execve(command->arguments[0], command->arguments, command->variables);
}

pid_t chost_start_command(const struct chost_command *command) {
    sigset_t all, old;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &old);
    pid_t parent = getpid();
    volatile int failure = 0;
    pid_t child = vfork();
    if (child == 0) {
        become(command, parent);
        failure = errno;
        _exit(127);
    }
    if (child < 0) failure = errno;
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    if (failure == 0) return child;
    if (child > 0) while (waitpid(child, NULL, 0) < 0 && errno == EINTR) {}
    return -failure;
}
