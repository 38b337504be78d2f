// C shims for the monitor: what Swift cannot call (variadic functions, macros), cannot do safely (the code between
// clone and exec), or what glibc does not wrap everywhere. Nothing here decides anything about policy.
//
// Unless said otherwise a function returns 0 or more on success and -errno on failure.
#pragma once
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// -- memory shared with the sandbox: every access is atomic, for the other side may write at any time --

static inline uint32_t chost_load32(const void *p) { return __atomic_load_n((const uint32_t *)p, __ATOMIC_SEQ_CST); }
static inline uint64_t chost_load64(const void *p) { return __atomic_load_n((const uint64_t *)p, __ATOMIC_SEQ_CST); }
static inline void chost_store32(void *p, uint32_t v) { __atomic_store_n((uint32_t *)p, v, __ATOMIC_SEQ_CST); }
static inline void chost_store64(void *p, uint64_t v) { __atomic_store_n((uint64_t *)p, v, __ATOMIC_SEQ_CST); }
static inline uint32_t chost_exchange32(void *p, uint32_t v) { return __atomic_exchange_n((uint32_t *)p, v, __ATOMIC_SEQ_CST); }
static inline uint32_t chost_add32(void *p, uint32_t v) { return __atomic_fetch_add((uint32_t *)p, v, __ATOMIC_SEQ_CST); }
static inline uint64_t chost_or64(void *p, uint64_t v) { return __atomic_fetch_or((uint64_t *)p, v, __ATOMIC_SEQ_CST); }
static inline void chost_pause(void) { __builtin_ia32_pause(); }

/// Waits while the word holds `value` (shared futex). `timeout_ns` below 0: for ever.
int chost_futex_wait(void *word, uint32_t value, int64_t timeout_ns);
/// Wakes up to `count` waiters (shared futex).
int chost_futex_wake(void *word, int count);

// -- arena.c --

/// A memfd of `size` bytes, sealed against resizing. Returns the descriptor.
/// Whether /proc is what it should be.
bool chost_has_proc(void);
/// The bytes of address space that a process of ours may come to have: RLIMIT_AS.
uint64_t chost_address_limit(void);
/// The program's arguments, without reading /proc.
int chost_argument_count(void);
const char *chost_argument(int index);

int chost_arena_create(uint64_t size);

// -- descriptors.c --

/// Sends one message with one descriptor; never blocks.
int chost_send_descriptor(int socket, uint32_t kind, uint32_t number, int fd);
/// Takes one such message without waiting; returns the descriptor.
int chost_receive_descriptor(int socket, uint32_t *kind, uint32_t *number);
/// 1 if both descriptors are one open file description, 0 if not, -errno if the host does not tell.
int chost_same_description(int a, int b);
int chost_get_flags(int fd);
/// A pipe; both ends close on exec.
int chost_pipe(int ends[2]);
int chost_random(void *buffer, size_t size);
/// O_PATH, which Swift does not see.
enum { CHOST_O_PATH = 010000000 };
int chost_open(int dirfd, const char *path, int flags, mode_t mode);
/// Opens one component beneath `dirfd` by openat2(2) with RESOLVE_BENEATH|NO_MAGICLINKS|NO_SYMLINKS; where the
/// host has no openat2, by openat(2) with O_NOFOLLOW, which is as strict for a single component.
int chost_open_beneath(int dirfd, const char *name, int flags, mode_t mode);
/// The latter, for a name that is known to be one component.
int chost_open_component(int dirfd, const char *name, int flags, mode_t mode);
/// Whether openat2(2) is there.
bool chost_has_openat2(void);
static inline pid_t chost_siginfo_pid(const siginfo_t *info) { return info->si_pid; }
int chost_signalfd(const sigset_t *mask);
/// A descriptor that is readable when the process has ended.
int chost_pidfd_open(pid_t process);
/// An event counter, non-blocking.
int chost_eventfd(void);

// -- command.c --

/// A command to be started, with standard input from /dev/null.
struct chost_command {
    /// The first is the path of the program.
    char *const *arguments;
    char *const *variables;
    /// Where it starts; NULL for the caller's directory.
    const char *directory;
    /// Descriptors for its standard output and error.
    int output, errors;
};

/// Starts it in a process group of its own, with no signal blocked. It is killed when the calling *thread* ends.
/// Returns its process, or -errno.
pid_t chost_start_command(const struct chost_command *command);

// -- files.c --

/// Attributes in the format of MonitorProtocol's `Attributes`.
struct chost_attributes {
    uint64_t inode, device;
    uint32_t mode, links, user, group;
    uint64_t special_device, length, blocks;
    uint32_t block_size, reserved;
    int64_t access_seconds;
    uint32_t access_nanoseconds, reserved2;
    int64_t modify_seconds;
    uint32_t modify_nanoseconds, reserved3;
    int64_t change_seconds;
    uint32_t change_nanoseconds, reserved4;
    int64_t birth_seconds;
    uint32_t birth_nanoseconds, reserved5;
};
_Static_assert(sizeof(struct chost_attributes) == 128, "protocol layout");

/// statx(2), or fstatat(2) where it is missing. An empty name means `dirfd` itself.
int chost_stat(int dirfd, const char *name, struct chost_attributes *out);
/// fstatfs(2) in the format of MonitorProtocol's `FileSystemStatus`.
int chost_statfs(int fd, uint64_t out[10]);
/// Appends the entries of the directory open as `listing` to `out`, while they fit into `room` bytes, in the format of
/// MonitorProtocol's `ListEntry`; `.` and `..` are left out. Starts after the entry with `*cookie` (0: at the first) and
/// sets it to that of the last entry passed.
struct chost_listing {
    /// In and out.
    uint64_t cookie;
    /// Out: bytes and entries appended, and whether the directory's end was reached.
    size_t used;
    uint32_t count;
    bool at_end;
};
int chost_list(int listing, uint8_t *out, size_t room, struct chost_listing *state);
int chost_renameat2(int olddir, const char *old, int newdir, const char *new_name, unsigned flags);
/// chmod of what an O_PATH descriptor stands for.
int chost_chmod(int fd, mode_t mode);
/// utimensat of what an O_PATH descriptor stands for.
int chost_utimens(int fd, int64_t atime, uint32_t atime_ns, int64_t mtime, uint32_t mtime_ns);
/// chown of what an O_PATH descriptor stands for.
int chost_chown(int fd, uid_t user, gid_t group);
/// A new hard link to what an O_PATH descriptor stands for.
int chost_link(int fd, int newdir, const char *name);
/// Opens anew the regular file behind an O_PATH descriptor.
int chost_reopen(int fd, int flags);
long chost_getxattr(int fd, const char *name, void *value, size_t size);
long chost_listxattr(int fd, void *list, size_t size);
int chost_setxattr(int fd, const char *name, const void *value, size_t size, int flags);
int chost_removexattr(int fd, const char *name);

// -- terminal.c --

struct chost_window { uint16_t rows, columns, x, y; };
int chost_window_size(int fd, struct chost_window *out);
/// Puts the terminal in raw mode; its old state is kept, and restored also when the monitor crashes.
int chost_terminal_raw(int fd);
/// Undoes chost_terminal_raw; harmless when it is not in effect. Async-signal-safe.
void chost_terminal_restore(void);

// -- spawn.c --

/// How to start the image, and what came of it.
struct chost_spawn {
    /// In: image file, arena, our end's peer of the descriptor socket, read end of the lifeline pipe.
    int image, arena, socket, lifeline;
    /// In: MonitorProtocol's `Layers` that may be tried.
    uint32_t wanted;
    /// In: where the image will look for the layers that are on; set before it starts.
    uint32_t *layers_word;
    /// Out: layers that are on.
    uint32_t layers;
    /// Out, on failure: what was being done.
    const char *step;
};
/// Starts init: namespaces, empty root, no privileges, then the image. Blocks until the image was executed or failed.
/// Returns init's process id or -errno.
pid_t chost_spawn_init(struct chost_spawn *spawn);
/// Which of the namespace layers in `wanted` this process may create.
uint32_t chost_probe_layers(uint32_t wanted);

// -- memory.c --

/// The children of a single-threaded process, or of a process's first thread; returns how many.
int chost_children(pid_t parent, pid_t *out, int capacity);
/// The processes of a process group, found among all of the host; returns how many.
int chost_group_members(pid_t group, pid_t *out, int capacity);
/// Bytes of the host kernel's own memory that the process takes unusually much of: page tables, threads; -1 if it is gone.
int64_t chost_kernel_memory(pid_t process);
/// Bytes of memory that belongs to the process, pages it shares with a forked one counted fully; -1 if it is gone.
int64_t chost_private_memory(pid_t process);
/// The same with what is swapped out, and of shared pages the process's share. Takes long for big processes; -1 if the host does not tell.
int64_t chost_private_share(pid_t process);
/// The process's number in its own pid namespace.
pid_t chost_inner_pid(pid_t process);
/// Memory behind a memfd.
int64_t chost_allocated_bytes(int fd);

// -- facts.c --

/// Bit set of facts about the host for `martlet doctor`.
enum {
    CHOST_SECCOMP = 1, CHOST_SECCOMP_TRAP = 2, CHOST_FSGSBASE = 4, CHOST_MEMFD = 8, CHOST_OPENAT2 = 16,
    CHOST_CGROUP2 = 32, CHOST_PIDFD = 64, CHOST_CLOSE_RANGE = 128, CHOST_NO_NEW_PRIVS = 256, CHOST_PROC = 512,
    CHOST_EXECVEAT = 1024, CHOST_ARENA_MAPS = 2048,
};
uint32_t chost_facts(void);
/// Seccomp mode this process is already under: 0 none, 2 filter; -errno.
int chost_seccomp_mode(void);
/// Bit n-1: signal n is ignored.
uint64_t chost_ignored_signals(void);
uint64_t chost_monotonic_ns(void);
int chost_set_subreaper(bool on);
/// Raises the soft limit of open descriptors to the hard limit and returns it.
uint64_t chost_raise_descriptor_limit(void);
/// Soft and hard limits, 16 pairs, indexed by RLIMIT_ number.
void chost_resource_limits(uint64_t out[32]);
uint64_t chost_physical_memory(void);
/// Bits of the processors in the affinity mask; returns how many words were filled.
int chost_processors(uint64_t *words, int count);
int chost_nice(void);
