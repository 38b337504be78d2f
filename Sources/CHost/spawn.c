// From the monitor to the image: the child's way from clone(2) to execveat(2).
//
// The child shares our memory and we wait (as vfork does) until it has executed the image or failed, so that no page
// tables are copied and it can report through `struct chost_spawn`. It therefore touches nothing but its own
// stack and that structure.
//
// Each layer of isolation that the host refuses is left out and reported; the seccomp gate, which the image itself installs,
// is the one that always holds.
#include "CHost.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef SYS_close_range
#define SYS_close_range 436
#endif

// MonitorProtocol's Layers.
enum {
    LAYER_USER = 1 << 0, LAYER_PID = 1 << 1, LAYER_MOUNT = 1 << 2, LAYER_NETWORK = 1 << 3, LAYER_IPC = 1 << 4, LAYER_UTS = 1 << 5,
    LAYER_EMPTY_ROOT = 1 << 6, LAYER_NO_NEW_PRIVS = 1 << 7, LAYER_NO_CAPABILITIES = 1 << 8, LAYER_ADDRESSES_FIXED = 1 << 9,
};

static const struct { uint32_t layer; unsigned long flag; } namespaces[] = {
    { LAYER_USER, CLONE_NEWUSER }, { LAYER_PID, CLONE_NEWPID }, { LAYER_MOUNT, CLONE_NEWNS },
    { LAYER_NETWORK, CLONE_NEWNET }, { LAYER_IPC, CLONE_NEWIPC }, { LAYER_UTS, CLONE_NEWUTS },
};
enum { NAMESPACES = sizeof namespaces / sizeof *namespaces };

static unsigned long clone_flags(uint32_t layers) {
    unsigned long flags = 0;
    for (int i = 0; i < NAMESPACES; i++)
        if (layers & namespaces[i].layer) flags |= namespaces[i].flag;
    return flags;
}

struct child {
    struct chost_spawn *spawn;
    uid_t uid;
    gid_t gid;
    int error;
};

static bool write_file(const char *path, const char *text) {
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0) return false;
    ssize_t n = write(fd, text, strlen(text));
    close(fd);
    return n == (ssize_t)strlen(text);
}

/// Maps the caller's own ids to themselves.
static bool map_ids(uid_t uid, gid_t gid) {
    char line[48];
    write_file("/proc/self/setgroups", "deny");
    snprintf(line, sizeof line, "%u %u 1\n", uid, uid);
    if (!write_file("/proc/self/uid_map", line)) return false;
    snprintf(line, sizeof line, "%u %u 1\n", gid, gid);
    return write_file("/proc/self/gid_map", line);
}

/// Makes an empty, read-only file system the root and lets go of the host's mounts.
static bool empty_root(void) {
    static const char *const places[] = { "/tmp", "/proc", "/dev", "/mnt", "/usr", NULL };
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0) return false;
    const char *place = NULL;
    for (int i = 0; places[i] && !place; i++)
        if (mount("martlet", places[i], "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, "size=4k,nr_inodes=2,mode=0555") == 0) place = places[i];
    if (!place || chdir(place) < 0) return false;
    if (syscall(SYS_pivot_root, ".", ".") < 0) return false;
    if (umount2(".", MNT_DETACH) < 0) return false;
    if (mount(NULL, "/", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) < 0) return false;
    return chdir("/") == 0;
}

static bool drop_capabilities(void) {
    for (int i = 0; i < 64; i++)
        if (prctl(PR_CAPBSET_DROP, i, 0, 0, 0) < 0 && errno == EINVAL) break;
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3, .pid = 0 };
    struct __user_cap_data_struct none[2] = { 0 };
    if (syscall(SYS_capset, &header, none) < 0) return false;
    // With uid 0 an exec would give them back, unless the bounding set is empty or no_new_privs... so look at the set itself.
    return prctl(PR_CAPBSET_READ, CAP_SYS_ADMIN, 0, 0, 0) == 0 || getuid() != 0;
}

/// Limits of the host are no limits for the guest (its kernel keeps the guest's own), so take what we may.
static void set_limits(void) {
    for (int i = 0; i < 16; i++) {
        struct rlimit limit;
        if (i == RLIMIT_CORE || getrlimit(i, &limit) < 0 || limit.rlim_cur == limit.rlim_max) continue;
        if (i == RLIMIT_STACK) continue; // decides where mmap starts
        limit.rlim_cur = limit.rlim_max;
        setrlimit(i, &limit);
    }
    // No core file of what the guest had in memory. With a limit of 0 a host that pipes core files to a program (systemd-coredump, apport)
    // would still start it, as root, for each process that the filter kills, and give it the arena; 1 is the number that means "never".
    if (setrlimit(RLIMIT_CORE, &(struct rlimit){ 1, 1 }) < 0) setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
}

static void close_from(unsigned first) {
    if (syscall(SYS_close_range, first, ~0u, 0) == 0) return;
    // An older host, or a container profile that does not know the call. The list may shift under our hands, so read it until
    // there is nothing more to close.
    int list = open("/proc/self/fd", O_RDONLY | O_DIRECTORY);
    bool complete = list >= 0;
    for (bool closed = true; list >= 0 && closed;) {
        closed = false;
        char buffer[2048];
        long count;
        lseek(list, 0, SEEK_SET);
        while ((count = syscall(SYS_getdents64, list, buffer, sizeof buffer)) > 0) {
            for (long at = 0; at < count;) {
                const char *name = buffer + at + 19; // inode, offset, length and type come before it
                unsigned short length;
                memcpy(&length, buffer + at + 16, sizeof length);
                int fd = name[0] >= '0' && name[0] <= '9' ? atoi(name) : -1;
                if (fd >= (int)first && fd != list) {
                    close(fd);
                    closed = true;
                }
                at += length;
            }
        }
        if (count < 0) complete = false;
    }
    if (list >= 0) close(list);
    if (complete) return;
    struct rlimit limit;
    unsigned end = getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < 1u << 20 ? (unsigned)limit.rlim_cur : 1u << 20;
    for (unsigned fd = first; fd < end; fd++) close((int)fd);
}

static int fail(struct child *child, const char *step) {
    child->error = errno ? errno : EINVAL;
    child->spawn->step = step;
    _exit(125);
}

static int fail_descriptors(struct child *child) {
    if (errno == EINVAL) errno = EMFILE; // the number asked for is beyond the limit
    return fail(child, "cannot duplicate descriptors");
}

static int run_child(void *argument) {
    struct child *child = argument;
    struct chost_spawn *spawn = child->spawn;
    uint32_t layers = spawn->layers;

    // Descriptors first, by way of numbers that are not in the way of their final ones.
    int null = open("/dev/null", O_RDWR);
    if (null < 0) return fail(child, "cannot open /dev/null");
    int from[7] = { null, null, null, spawn->arena, spawn->socket, spawn->lifeline, spawn->image };
    for (int i = 3; i < 7; i++) {
        from[i] = fcntl(from[i], F_DUPFD_CLOEXEC, 16);
        if (from[i] < 0) return fail_descriptors(child);
    }
    from[0] = from[1] = from[2] = fcntl(null, F_DUPFD_CLOEXEC, 16);
    if (from[0] < 0) return fail_descriptors(child);

    for (int i = 0; i < 6; i++)
        if (dup2(from[i], i) < 0) return fail(child, "cannot place descriptors");
    if (dup3(from[6], 6, O_CLOEXEC) < 0) return fail(child, "cannot place descriptors");
    close_from(7);

    // Off the terminal, and a process group of our own by which everything can be ended.
    setsid();

    // Where the ids cannot be mapped (root without CAP_SETFCAP, as in a container) the namespace is as good without: the image
    // opens no files, so it does not matter that all belong to nobody.
    if (layers & LAYER_USER) map_ids(child->uid, child->gid);
    if (layers & LAYER_MOUNT) {
        if ((spawn->wanted & LAYER_EMPTY_ROOT) && empty_root()) layers |= LAYER_EMPTY_ROOT;
    }
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0) return fail(child, "cannot set no_new_privs");
    layers |= LAYER_NO_NEW_PRIVS;
    set_limits();
    if (drop_capabilities()) layers |= LAYER_NO_CAPABILITIES;
    int persona = personality(0xffffffff);
    if (persona >= 0 && personality((unsigned long)persona | ADDR_NO_RANDOMIZE) >= 0) layers |= LAYER_ADDRESSES_FIXED;
    umask(0);
    // Orphans come to init, as they do with a pid namespace.
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);

    // The lifeline: when the monitor dies, whatever it dies of, the pipe's last writer is gone and the host sends
    // SIGKILL to the whole process group; it works without a pid namespace and whoever forked whom.
    if (fcntl(5, F_SETOWN, -getpgrp()) < 0 || fcntl(5, F_SETSIG, SIGKILL) < 0 || fcntl(5, F_SETFL, O_ASYNC | O_NONBLOCK) < 0)
        return fail(child, "cannot set up the lifeline");
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0) return fail(child, "cannot set the parent-death signal");
    struct pollfd dead = { .fd = 5 };
    if (poll(&dead, 1, 0) != 0) _exit(125);

    struct sigaction standard = { .sa_handler = SIG_DFL };
    for (int i = 1; i <= 64; i++) sigaction(i, &standard, NULL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);

    spawn->layers = layers;
    if (spawn->layers_word) chost_store32(spawn->layers_word, layers);
    char *arguments[] = { "martlet-kernel", NULL }, *environment[] = { NULL };
    syscall(SYS_execveat, 6, "", arguments, environment, AT_EMPTY_PATH);
    return fail(child, "cannot execute the kernel image");
}

enum { STACK_SIZE = 128 << 10 };

static pid_t spawn_with(struct chost_spawn *spawn, uint32_t layers, void *stack, int *error) {
    struct child child = { .spawn = spawn, .uid = geteuid(), .gid = getegid() };
    sigset_t all, old;
    spawn->layers = layers;
    spawn->step = NULL;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &old);
    pid_t pid = clone(run_child, (char *)stack + STACK_SIZE, (int)(clone_flags(layers) | CLONE_VM | CLONE_VFORK | SIGCHLD), &child);
    int failed = errno;
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    if (pid < 0) {
        *error = failed;
        spawn->step = "cannot start a process";
        return -1;
    }
    if (child.error) {
        int status;
        while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {}
        *error = child.error;
        return -1;
    }
    *error = 0;
    return pid;
}

static int probe_child(void *argument) {
    (void)argument;
    _exit(0);
}

static bool may_clone(uint32_t layers, void *stack) {
    pid_t pid = clone(probe_child, (char *)stack + STACK_SIZE, (int)(clone_flags(layers) | CLONE_VM | CLONE_VFORK | SIGCHLD), NULL);
    if (pid < 0) return false;
    int status;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {}
    return true;
}

static void *stack_create(void) {
    void *stack = mmap(NULL, STACK_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    return stack == MAP_FAILED ? NULL : stack;
}

static uint32_t probe(uint32_t wanted, void *stack) {
    uint32_t granted = 0;
    for (int i = 0; i < NAMESPACES; i++)
        if ((wanted & namespaces[i].layer) && may_clone(granted | namespaces[i].layer, stack)) granted |= namespaces[i].layer;
    return granted;
}

uint32_t chost_probe_layers(uint32_t wanted) {
    void *stack = stack_create();
    if (!stack) return 0;
    uint32_t granted = probe(wanted, stack);
    munmap(stack, STACK_SIZE);
    return granted;
}

pid_t chost_spawn_init(struct chost_spawn *spawn) {
    uint32_t all = 0;
    for (int i = 0; i < NAMESPACES; i++) all |= namespaces[i].layer;
    void *stack = stack_create();
    if (!stack) return -ENOMEM;
    int error = 0;
    uint32_t layers = spawn->wanted & all;
    pid_t pid = spawn_with(spawn, layers, stack, &error);
    if (pid < 0 && spawn->step && error != ENOMEM) {
        // Some namespace is refused: find out which, one by one.
        layers = probe(layers, stack);
        pid = spawn_with(spawn, layers, stack, &error);
        if (pid < 0 && layers != 0) pid = spawn_with(spawn, 0, stack, &error);
    }
    munmap(stack, STACK_SIZE);
    return pid < 0 ? -error : pid;
}
