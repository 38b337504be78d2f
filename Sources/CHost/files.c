#include "CHost.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#ifndef SYS_fchmodat2
#define SYS_fchmodat2 452
#endif

/// "/proc/self/fd/N": the way to what an O_PATH descriptor stands for, where no call takes the descriptor itself.
static const char *fd_path(int fd, char buffer[32]) {
    snprintf(buffer, 32, "/proc/self/fd/%d", fd);
    return buffer;
}

int chost_stat(int dirfd, const char *name, struct chost_attributes *out) {
    struct statx x;
    int flags = AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_EMPTY_PATH;
    memset(out, 0, sizeof *out);
    if (statx(dirfd, name, flags, STATX_BASIC_STATS | STATX_BTIME, &x) == 0) {
        out->inode = x.stx_ino;
        out->device = makedev(x.stx_dev_major, x.stx_dev_minor);
        out->mode = x.stx_mode;
        out->links = x.stx_nlink;
        out->user = x.stx_uid;
        out->group = x.stx_gid;
        out->special_device = makedev(x.stx_rdev_major, x.stx_rdev_minor);
        out->length = x.stx_size;
        out->blocks = x.stx_blocks;
        out->block_size = x.stx_blksize;
        out->access_seconds = x.stx_atime.tv_sec;
        out->access_nanoseconds = x.stx_atime.tv_nsec;
        out->modify_seconds = x.stx_mtime.tv_sec;
        out->modify_nanoseconds = x.stx_mtime.tv_nsec;
        out->change_seconds = x.stx_ctime.tv_sec;
        out->change_nanoseconds = x.stx_ctime.tv_nsec;
        if (x.stx_mask & STATX_BTIME) {
            out->birth_seconds = x.stx_btime.tv_sec;
            out->birth_nanoseconds = x.stx_btime.tv_nsec;
        }
        return 0;
    }
    if (errno != ENOSYS && errno != EPERM) return -errno; // EPERM: refused by an old container profile
    struct stat s;
    if (fstatat(dirfd, name, &s, flags) < 0) return -errno;
    out->inode = s.st_ino;
    out->device = s.st_dev;
    out->mode = s.st_mode;
    out->links = (uint32_t)s.st_nlink;
    out->user = s.st_uid;
    out->group = s.st_gid;
    out->special_device = s.st_rdev;
    out->length = (uint64_t)s.st_size;
    out->blocks = (uint64_t)s.st_blocks;
    out->block_size = (uint32_t)s.st_blksize;
    out->access_seconds = s.st_atim.tv_sec;
    out->access_nanoseconds = (uint32_t)s.st_atim.tv_nsec;
    out->modify_seconds = s.st_mtim.tv_sec;
    out->modify_nanoseconds = (uint32_t)s.st_mtim.tv_nsec;
    out->change_seconds = s.st_ctim.tv_sec;
    out->change_nanoseconds = (uint32_t)s.st_ctim.tv_nsec;
    return 0;
}

int chost_statfs(int fd, uint64_t out[10]) {
    struct statfs s;
    if (fstatfs(fd, &s) < 0) return -errno;
    uint64_t values[10] = { (uint64_t)s.f_type, (uint64_t)s.f_bsize, s.f_blocks, s.f_bfree, s.f_bavail, s.f_files, s.f_ffree,
                            (uint64_t)s.f_namelen, (uint64_t)s.f_frsize, (uint64_t)s.f_flags };
    memcpy(out, values, sizeof values);
    return 0;
}

/// Encodes one entry. Returns its length, 0 if it does not fit, -ENOENT if it is gone.
static long encode_entry(int directory, const char *name, uint64_t cookie, uint8_t *out, size_t room) {
    struct chost_attributes attributes;
    int error = chost_stat(directory, name, &attributes);
    if (error == -ENOENT) return -ENOENT;
    if (error < 0) memset(&attributes, 0, sizeof attributes);
    char target[4096];
    ssize_t target_length = 0;
    if (S_ISLNK(attributes.mode)) target_length = readlinkat(directory, name, target, sizeof target);
    if (target_length < 0) target_length = 0;
    // MonitorProtocol's ListEntry.
    struct { uint32_t length; uint16_t name_length, target_length; uint64_t cookie; struct chost_attributes attributes; } head;
    _Static_assert(sizeof head == 144, "protocol layout");
    size_t name_length = strlen(name), used = sizeof head + name_length + (size_t)target_length, length = (used + 7) & ~(size_t)7;
    if (length > room) return 0;
    head.length = (uint32_t)length;
    head.name_length = (uint16_t)name_length;
    head.target_length = (uint16_t)target_length;
    head.cookie = cookie;
    head.attributes = attributes;
    memcpy(out, &head, sizeof head);
    memcpy(out + sizeof head, name, name_length);
    memcpy(out + sizeof head + name_length, target, (size_t)target_length);
    memset(out + used, 0, length - used);
    return (long)length;
}

int chost_list(int listing, uint8_t *out, size_t room, struct chost_listing *state) {
    if (state->cookie != 0 && lseek(listing, (off_t)state->cookie, SEEK_SET) < 0) return -errno;
    state->used = state->count = 0;
    state->at_end = false;
    char buffer[32768];
    for (;;) {
        long count = syscall(SYS_getdents64, listing, buffer, sizeof buffer);
        if (count < 0) return -errno;
        if (count == 0) {
            state->at_end = true;
            return 0;
        }
        // struct linux_dirent64: u64 inode, u64 offset, u16 length, u8 type, name with NUL
        for (long at = 0; at + 19 < count;) {
            uint64_t next;
            uint16_t length;
            memcpy(&next, buffer + at + 8, sizeof next);
            memcpy(&length, buffer + at + 16, sizeof length);
            if (length <= 19 || at + length > count) return -EIO;
            const char *name = buffer + at + 19;
            bool passed_over = strcmp(name, ".") == 0 || strcmp(name, "..") == 0 || strlen(name) > 255;
            long entry = passed_over ? -ENOENT : encode_entry(listing, name, next, out + state->used, room - state->used);
            if (entry == 0) return 0;
            if (entry > 0) {
                state->used += (size_t)entry;
                state->count++;
            }
            state->cookie = next;
            at += length;
        }
    }
}

int chost_renameat2(int olddir, const char *old, int newdir, const char *new_name, unsigned flags) {
    long r = flags == 0 ? renameat(olddir, old, newdir, new_name)
                        : syscall(SYS_renameat2, olddir, old, newdir, new_name, flags);
    return r < 0 ? -errno : 0;
}

int chost_chmod(int fd, mode_t mode) {
    if (syscall(SYS_fchmodat2, fd, "", mode, AT_EMPTY_PATH) == 0) return 0;
    if (errno != ENOSYS && errno != EPERM) return -errno;
    char path[32];
    return chmod(fd_path(fd, path), mode) < 0 ? -errno : 0;
}

int chost_chown(int fd, uid_t user, gid_t group) {
    return fchownat(fd, "", user, group, AT_EMPTY_PATH) < 0 ? -errno : 0;
}

int chost_utimens(int fd, int64_t atime, uint32_t atime_ns, int64_t mtime, uint32_t mtime_ns) {
    struct timespec times[2] = { { .tv_sec = atime, .tv_nsec = atime_ns }, { .tv_sec = mtime, .tv_nsec = mtime_ns } };
    if (utimensat(fd, "", times, AT_EMPTY_PATH) == 0) return 0;
    if (errno != EINVAL && errno != ENOENT) return -errno; // before Linux 5.8 the flag is not known
    char path[32];
    return utimensat(AT_FDCWD, fd_path(fd, path), times, 0) < 0 ? -errno : 0;
}

int chost_link(int fd, int newdir, const char *name) {
    char path[32];
    return linkat(AT_FDCWD, fd_path(fd, path), newdir, name, AT_SYMLINK_FOLLOW) < 0 ? -errno : 0;
}

int chost_reopen(int fd, int flags) {
    char path[32];
    int r = open(fd_path(fd, path), flags | O_CLOEXEC | O_NOCTTY);
    return r < 0 ? -errno : r;
}

long chost_getxattr(int fd, const char *name, void *value, size_t size) {
    char path[32];
    long n = getxattr(fd_path(fd, path), name, value, size);
    return n < 0 ? -errno : n;
}

long chost_listxattr(int fd, void *list, size_t size) {
    char path[32];
    long n = listxattr(fd_path(fd, path), list, size);
    return n < 0 ? -errno : n;
}

int chost_setxattr(int fd, const char *name, const void *value, size_t size, int flags) {
    char path[32];
    return setxattr(fd_path(fd, path), name, value, size, flags) < 0 ? -errno : 0;
}

int chost_removexattr(int fd, const char *name) {
    char path[32];
    return removexattr(fd_path(fd, path), name) < 0 ? -errno : 0;
}
