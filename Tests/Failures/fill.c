// Writes through a mapping of a file until the disk is full: tells by which signal the program learns of it.
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

enum { length = 1 << 20 };
static char *start;

static void fault(int signal, siginfo_t *info, void *context) {
    (void)context;
    char *at = info->si_addr;
    printf("signal %d code %d %s\n", signal, info->si_code, at >= start && at < start + length ? "in the mapping" : "elsewhere");
    fflush(stdout);
    _exit(0);
}

int main(int count, char **words) {
    if (count < 2) return 2;
    int file = open(words[1], O_RDWR | O_CREAT | O_TRUNC, 0600);
    if (file < 0 || ftruncate(file, length) < 0) return 3;
    start = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (start == MAP_FAILED) return 4;
    struct sigaction action = {.sa_sigaction = fault, .sa_flags = SA_SIGINFO};
    sigaction(SIGBUS, &action, NULL);
    sigaction(SIGSEGV, &action, NULL);
    for (int at = 0; at < length; at += 4096) start[at] = 1;
    puts("all written");
    return 0;
}
