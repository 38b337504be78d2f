// What the record lock programs share: setting a lock and telling what stands in the way.
#ifndef CONFORMANCE_LOCK_HELPERS_H
#define CONFORMANCE_LOCK_HELPERS_H

/// Sets a lock of this type on a range with this fcntl command. As fcntl.
CONF_FN int lock(int fd, int command, int type, long start, long length) {
    struct flock range = {.l_type = (short)type, .l_whence = SEEK_SET, .l_start = start, .l_len = length};
    return fcntl(fd, command, &range);
}

/// Prints what F_GETLK (or F_OFD_GETLK) answers; the owner as "parent", "self", "none" or "open file".
CONF_FN void show_conflict(int fd, int command, int type, long start, long length) {
    struct flock range = {.l_type = (short)type, .l_whence = SEEK_SET, .l_start = start, .l_len = length};
    if (fcntl(fd, command, &range) < 0) { T("get %ld+%ld: %s", start, length, errno_name(errno)); return; }
    if (range.l_type == F_UNLCK) { T("get %ld+%ld: free", start, length); return; }
    T("get %ld+%ld: %s lock at %ld+%ld by %s", start, length, range.l_type == F_RDLCK ? "read" : "write", (long)range.l_start, (long)range.l_len,
      range.l_pid == getppid() ? "parent" : range.l_pid == getpid() ? "self" : range.l_pid == -1 ? "open file" : "another");
}
#endif
