// ioctl PIDFD_GET_INFO: who a process is, and how one that is gone has ended.
#include "../tasks.h"
#include <sys/ioctl.h>

struct info {
    uint64_t mask, cgroup;
    uint32_t pid, tgid, ppid, ids[8];
    int32_t exit_code;
    uint32_t core_mask, core_signal;
    uint64_t beyond[2];
};
#define GET_INFO(size) _IOC(_IOC_READ | _IOC_WRITE, 0xff, 11, size)

static int sizes_end;

static void ask(const char *label, int fd, uint64_t mask, unsigned size) {
    struct info info;
    memset(&info, 0xaa, sizeof info);
    info.mask = mask;
    int result = ioctl(fd, GET_INFO(size), &info);
    if (result < 0) {
        T("%s, %u bytes: %s", label, size, errno_name(errno));
        return;
    }
    // Newer kernels may know more.
    T("%s, %u bytes: mask %llx exit %x", label, size, (unsigned long long)(info.mask & 0x1f), info.exit_code);
    if (info.mask & 1) T("self %d leader %d parent %d", info.pid == (uint32_t)gettid(), info.tgid == (uint32_t)getpid(), info.ppid == (uint32_t)getppid());
    for (int i = 0; i < 8; i++) if (info.mask & 2 && info.ids[i] != (i % 2 ? getegid() : geteuid())) T("id %d differs", i);
    T("core %x, beyond %llx", size >= 72 ? info.core_mask : 0, (unsigned long long)info.beyond[1]);
    sizes_end = result;
}

static int ended(int how) {
    pid_t child = fork();
    if (child == 0) {
        if (how < 0) raise(-how);
        _exit(how);
    }
    int fd = (int)MUST(syscall(SYS_pidfd_open, child, 0));
    siginfo_t info;
    MUST(waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT));
    struct info zombie = {.mask = 8};
    int result = ioctl(fd, GET_INFO(64), &zombie);
    T("zombie: %d, mask %llx, pid %d", result, (unsigned long long)zombie.mask & 0x1f, zombie.pid == (uint32_t)child);
    waitpid(child, NULL, 0);
    return fd;
}

TEST {
    int self = (int)MUST(syscall(SYS_pidfd_open, getpid(), 0));
    struct info probe = {0};
    if (ioctl(self, GET_INFO(64), &probe) < 0 && errno == ENOTTY) SKIP("this kernel has no PIDFD_GET_INFO");
    static const unsigned sizes[] = {60, 64, 68, 72, 88};
    for (int i = 0; i < 5; i++) ask("nothing", self, 0, sizes[i]);
    ask("everything", self, 0x1f, 88);
    ask("exit", self, 8, 64);
    SHOW(ioctl(self, GET_INFO(64), NULL));
    SHOW(ioctl(self, GET_INFO(64), BAD));
    SHOW(ioctl(self, _IOC(_IOC_READ, 0xff, 11, 64), &probe));
    SHOW(ioctl(0, GET_INFO(64), &probe));
    static const int ways[] = {0, 7, -SIGKILL, -SIGTERM};
    for (int i = 0; i < 4; i++) {
        int fd = ended(ways[i]);
        ask("gone", fd, 0, 64);
        ask("gone, exit", fd, 8, 64);
        ask("gone, all", fd, 0x1f, 72);
        close(fd);
    }
}
