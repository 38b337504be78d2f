// How much memory the sandbox uses, seen from outside.
#include "CHost.h"
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/// Page tables that any program has, and what a thread costs the host, in bytes.
enum { USUAL_TABLES = 1 << 20, THREAD_COST = 24 << 10 };

/// The first bytes of /proc/PID/NAME as a string; -1 if there is none.
static ssize_t read_proc(pid_t process, const char *name, char *buffer, size_t size) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/%s", (int)process, name);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return -1;
    size_t used = 0;
    while (used + 1 < size) {
        ssize_t n = read(fd, buffer + used, size - 1 - used);
        if (n <= 0) break;
        used += (size_t)n;
    }
    close(fd);
    buffer[used] = 0;
    return (ssize_t)used;
}

/// The host's processes whose parent, or whose process group, has that number; 0: whichever.
static int scan(pid_t parent, pid_t group, pid_t *out, int capacity) {
    DIR *proc = opendir("/proc");
    if (!proc) return -errno;
    int count = 0;
    struct dirent *entry;
    while (count < capacity && (entry = readdir(proc))) {
        if (!isdigit((unsigned char)entry->d_name[0])) continue;
        pid_t process = (pid_t)atoi(entry->d_name);
        char text[512];
        if (read_proc(process, "stat", text, sizeof text) <= 0) continue;
        // The name, in parentheses, may hold anything.
        const char *rest = strrchr(text, ')');
        char state;
        int its_parent, its_group;
        if (!rest || sscanf(rest + 1, " %c %d %d", &state, &its_parent, &its_group) != 3) continue;
        if ((parent == 0 || its_parent == parent) && (group == 0 || its_group == group)) out[count++] = process;
    }
    closedir(proc);
    return count;
}

int chost_children(pid_t parent, pid_t *out, int capacity) {
    char name[32];
    // 8,192 processes with numbers of up to seven digits.
    static _Thread_local char text[1 << 16];
    snprintf(name, sizeof name, "task/%d/children", (int)parent);
    if (read_proc(parent, name, text, sizeof text) < 0) return scan(parent, 0, out, capacity); // no CONFIG_PROC_CHILDREN
    int count = 0;
    for (char *at = text; count < capacity;) {
        char *end;
        long number = strtol(at, &end, 10);
        if (end == at) return count;
        if (number > 0) out[count++] = (pid_t)number;
        at = end;
    }
    return count;
}

int chost_group_members(pid_t group, pid_t *out, int capacity) { return scan(0, group, out, capacity); }

/// The number behind a name at the beginning of a line; 0 if there is none.
static int64_t field(const char *text, const char *name) {
    const char *line = strstr(text, name);
    return line ? atoll(line + strlen(name)) : 0;
}

int64_t chost_kernel_memory(pid_t process) {
    char text[4096];
    if (read_proc(process, "status", text, sizeof text) <= 0) return -1;
    int64_t tables = field(text, "\nVmPTE:") * 1024 - USUAL_TABLES, threads = field(text, "\nThreads:") - 1;
    return (tables > 0 ? tables : 0) + (threads > 0 ? threads * THREAD_COST : 0);
}

int64_t chost_private_memory(pid_t process) {
    char text[128];
    long long size, resident, shared;
    if (read_proc(process, "statm", text, sizeof text) <= 0 || sscanf(text, "%lld %lld %lld", &size, &resident, &shared) != 3) return -1;
    return resident > shared ? (resident - shared) * sysconf(_SC_PAGESIZE) : 0;
}

int64_t chost_private_share(pid_t process) {
    char text[2048];
    if (read_proc(process, "smaps_rollup", text, sizeof text) <= 0) return -1;
    const char *anonymous = strstr(text, "\nPss_Anon:"), *swapped = strstr(text, "\nSwapPss:");
    if (!anonymous) return -1;
    long long sum = atoll(anonymous + strlen("\nPss_Anon:"));
    if (swapped) sum += atoll(swapped + strlen("\nSwapPss:"));
    return sum * 1024;
}

pid_t chost_inner_pid(pid_t process) {
    char text[4096];
    if (read_proc(process, "status", text, sizeof text) <= 0) return process;
    const char *line = strstr(text, "\nNSpid:");
    if (!line) return process;
    // The numbers from the outermost namespace to the process's own.
    pid_t last = process;
    for (const char *at = line + strlen("\nNSpid:"); *at && *at != '\n';) {
        if (isdigit((unsigned char)*at)) {
            last = (pid_t)atoi(at);
            while (isdigit((unsigned char)*at)) at++;
        } else {
            at++;
        }
    }
    return last;
}

int64_t chost_allocated_bytes(int fd) {
    struct stat s;
    return fstat(fd, &s) < 0 ? -errno : (int64_t)s.st_blocks * 512;
}
