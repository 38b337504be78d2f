// As many processes as the first argument says, which are in the kernel most of the time: with `calls` in short calls, with `pipe` in copies to
// and from one pipe, which all of them share. When the host kills some, the others are ended too, and then what they shared has to work.
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
static char data[1 << 20];
int main(int argc, char **argv) {
    int count = argc > 1 ? atoi(argv[1]) : 1, ends[2];
    int pipes = argc > 2 && strcmp(argv[2], "pipe") == 0;
    pid_t children[64];
    if (pipe(ends) || count > 64) return 2;
    fcntl(ends[0], F_SETPIPE_SZ, sizeof data);
    memset(data, 1, sizeof data);
    for (int i = 0; i < count; i++)
        if ((children[i] = fork()) == 0)
            for (;;) {
                if (!pipes) close(dup(0));
                else if (i % 2 ? write(ends[1], data, sizeof data) : read(ends[0], data, sizeof data)) {}
            }
    puts("started");
    fflush(stdout);
    wait(NULL);
    for (int i = 0; i < count; i++) kill(children[i], SIGKILL);
    while (wait(NULL) > 0) {}
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    while (pipes && read(ends[0], data, sizeof data) > 0) {}
    if (pipes) return write(ends[1], data, 5000) == 5000 && read(ends[0], data, 5000) == 5000 ? 0 : 1;
    return 0;
}
