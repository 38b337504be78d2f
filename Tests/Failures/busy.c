// As many processes as the argument says, all of them in the kernel most of the time, until the host kills them. Status 0 if
// each was told to have been killed.
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
int main(int argc, char **argv) {
    int count = argc > 1 ? atoi(argv[1]) : 1, killed = 0, status;
    for (int i = 0; i < count; i++)
        if (fork() == 0) for (;;) close(dup(0));
    puts("started");
    fflush(stdout);
    while (wait(&status) > 0) killed += WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
    return killed == count ? 0 : 1;
}
