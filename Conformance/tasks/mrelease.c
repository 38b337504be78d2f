// process_mrelease and process_madvise: what one process does to another's memory by a pidfd.
#include "../tasks.h"
#ifndef SYS_process_mrelease
#define SYS_process_mrelease 448
#endif

TEST {
    if (RAW(SYS_process_mrelease, -1, 0) < 0 && errno == ENOSYS) SKIP("this kernel has no process_mrelease");
    int self = (int)MUST(RAW(SYS_pidfd_open, getpid(), 0));
    SHOW(RAW(SYS_process_mrelease, -1, 0));
    SHOW(RAW(SYS_process_mrelease, 0, 0));
    SHOW(RAW(SYS_process_mrelease, self, 1));
    SHOW(RAW(SYS_process_mrelease, self, 0)); // it is not about to end
    pid_t child = fork();
    if (child == 0) {
        pause();
        _exit(0);
    }
    int fd = (int)MUST(RAW(SYS_pidfd_open, child, 0));
    SHOW(RAW(SYS_process_mrelease, fd, 0));
    kill(child, SIGKILL);
    siginfo_t info;
    MUST(waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT));
    SHOW(RAW(SYS_process_mrelease, fd, 0)); // nothing is left
    waitpid(child, NULL, 0);
    SHOW(RAW(SYS_process_mrelease, fd, 0));

    char *page = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    struct iovec part = {page, 8192}, hole = {page, 16384}, none = {NULL, 0}, odd = {page + 1, 4096};
    memset(page, 'x', 8192);
    SHOW(RAW(SYS_process_madvise, self, &part, 1, MADV_COLD, 0));
    SHOW(RAW(SYS_process_madvise, self, &part, 1, MADV_PAGEOUT, 0));
    SHOW(RAW(SYS_process_madvise, self, &part, 1, MADV_WILLNEED, 0));
    SHOW(page[5000]);
    SHOW(RAW(SYS_process_madvise, self, &none, 1, MADV_COLD, 0));
    SHOW(RAW(SYS_process_madvise, self, &odd, 1, MADV_COLD, 0));
    SHOW(RAW(SYS_process_madvise, self, &part, 0, MADV_COLD, 0));
    SHOW(RAW(SYS_process_madvise, self, &part, 1025, MADV_COLD, 0));
    SHOW(RAW(SYS_process_madvise, self, &part, 1, MADV_COLD, 1));
    SHOW(RAW(SYS_process_madvise, self, &part, 1, 12345, 0));
    SHOW(RAW(SYS_process_madvise, self, BAD, 1, MADV_COLD, 0));
    SHOW(RAW(SYS_process_madvise, -1, &part, 1, MADV_COLD, 0));
    SHOW(RAW(SYS_process_madvise, 0, &part, 1, MADV_COLD, 0));
    (void)hole;
}
