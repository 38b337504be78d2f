#include "CHost.h"
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

#ifndef SYS_close_range
#define SYS_close_range 436
#endif
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif

int chost_seccomp_mode(void) {
    int mode = prctl(PR_GET_SECCOMP);
    return mode < 0 ? -errno : mode;
}

bool chost_has_proc(void) {
    struct statfs fs;
    return statfs("/proc", &fs) == 0 && fs.f_type == 0x9fa0;
}

uint64_t chost_address_limit(void) {
    struct rlimit limit;
    return getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_max != RLIM_INFINITY ? limit.rlim_max : UINT64_MAX;
}

uint32_t chost_facts(void) {
    uint32_t facts = 0;
    uint32_t action = SECCOMP_RET_TRAP;
    if (prctl(PR_GET_SECCOMP) >= 0) facts |= CHOST_SECCOMP;
    if (syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0) facts |= CHOST_SECCOMP_TRAP;
    if (getauxval(AT_HWCAP2) & 2) facts |= CHOST_FSGSBASE;
    int memfd = (int)syscall(SYS_memfd_create, "martlet-doctor", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (memfd >= 0) {
        facts |= CHOST_MEMFD;
        close(memfd);
    }
    if (chost_has_openat2()) facts |= CHOST_OPENAT2;
    struct statfs fs;
    if (statfs("/sys/fs/cgroup", &fs) == 0 && fs.f_type == 0x63677270) facts |= CHOST_CGROUP2;
    if (chost_has_proc()) facts |= CHOST_PROC;
    int pidfd = (int)syscall(SYS_pidfd_open, getpid(), 0);
    if (pidfd >= 0) {
        facts |= CHOST_PIDFD;
        close(pidfd);
    }
    if (syscall(SYS_close_range, ~0u, ~0u, 0) == 0) facts |= CHOST_CLOSE_RANGE;
    if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) >= 0) facts |= CHOST_NO_NEW_PRIVS;
    if (syscall(SYS_execveat, -1, "", NULL, NULL, AT_EMPTY_PATH) < 0 && errno != ENOSYS && errno != EPERM) facts |= CHOST_EXECVEAT;
    void *where = mmap((void *)0x701000000000, 64ul << 30, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
    if (where == (void *)0x701000000000) {
        facts |= CHOST_ARENA_MAPS;
        munmap(where, 64ul << 30);
    } else if (where != MAP_FAILED) {
        munmap(where, 64ul << 30);
    }
    return facts;
}

uint64_t chost_ignored_signals(void) {
    uint64_t set = 0;
    for (int i = 1; i <= 64; i++) {
        struct sigaction action;
        if (sigaction(i, NULL, &action) == 0 && action.sa_handler == SIG_IGN) set |= 1ull << (i - 1);
    }
    return set;
}

uint64_t chost_monotonic_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

int chost_set_subreaper(bool on) {
    return prctl(PR_SET_CHILD_SUBREAPER, on, 0, 0, 0) < 0 ? -errno : 0;
}

uint64_t chost_raise_descriptor_limit(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0) return 1024;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    getrlimit(RLIMIT_NOFILE, &limit);
    return limit.rlim_cur;
}

void chost_resource_limits(uint64_t out[32]) {
    for (int i = 0; i < 16; i++) {
        struct rlimit limit = { RLIM_INFINITY, RLIM_INFINITY };
        getrlimit(i, &limit);
        out[2 * i] = limit.rlim_cur;
        out[2 * i + 1] = limit.rlim_max;
    }
}

uint64_t chost_physical_memory(void) {
    struct sysinfo info;
    if (sysinfo(&info) < 0) return 0;
    return (uint64_t)info.totalram * info.mem_unit;
}

int chost_processors(uint64_t *words, int count) {
    memset(words, 0, (size_t)count * 8);
    long n = syscall(SYS_sched_getaffinity, 0, (size_t)count * 8, words);
    if (n < 0) return -errno;
    return (int)(n / 8);
}

int chost_nice(void) {
    return getpriority(PRIO_PROCESS, 0);
}
