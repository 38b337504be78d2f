// getdents64: names, types, record layout, small buffers, end.
#include "../common.h"

struct entry64 { uint64_t ino; int64_t off; unsigned short reclen; unsigned char type; char name[]; };

TEST {
    MUST(mkdir("d", 0755));
    make_file("d/regular", "");
    MUST(mkdir("d/directory", 0755));
    MUST(symlink("x", "d/symlink"));
    MUST(mkfifo("d/fifo", 0644));
    make_file("d/a", "");
    make_file("d/a rather long name with spaces and \xff bytes", "");
    int s = socket(AF_UNIX, SOCK_STREAM, 0);
    struct sockaddr_un address = {AF_UNIX, "d/socket"};
    MUST(bind(s, (struct sockaddr *)&address, sizeof address));
    close(s);
    int fd = (int)MUST(open("d", O_RDONLY | O_DIRECTORY));
    char buffer[4096], *lines[32];
    int count = 0, dots = 0;
    long got;
    while ((got = RAW(SYS_getdents64, fd, buffer, sizeof buffer)) > 0) {
        for (long at = 0; at < got;) {
            struct entry64 *entry = (struct entry64 *)(buffer + at);
            struct stat status;
            char line[300];
            fstatat(fd, entry->name, &status, AT_SYMLINK_NOFOLLOW);
            snprintf(line, sizeof line, "%s: %s, record %d, aligned %d, inode agrees %d", entry->name, dtype_name(entry->type),
                     entry->reclen, entry->reclen % 8 == 0 && entry->off != 0, status.st_ino == entry->ino || entry->type == DT_DIR); // overlayfs may differ for directories
            if (!strcmp(entry->name, ".") || !strcmp(entry->name, "..")) dots++;
            lines[count++] = strdup(line);
            at += entry->reclen;
        }
    }
    qsort(lines, (size_t)count, sizeof *lines, conf_compare);
    for (int i = 0; i < count; i++) T("%s", lines[i]);
    CHECK(dots == 2);
    SHOWN("at the end", got);
    SHOWN("again at the end", RAW(SYS_getdents64, fd, buffer, sizeof buffer));
    SHOW(lseek(fd, 0, SEEK_SET));
    SHOW(RAW(SYS_getdents64, fd, buffer, 10));
    SHOW(RAW(SYS_getdents64, fd, buffer, 0));
    SHOW(RAW(SYS_getdents64, fd, BAD, 4096));
    // one record at a time
    int singles = 0;
    while ((got = RAW(SYS_getdents64, fd, buffer, 80)) > 0)
        for (long at = 0; at < got; at += ((struct entry64 *)(buffer + at))->reclen) singles++;
    T("with a small buffer: %d, then %s", singles, got < 0 ? errno_name(errno) : "the end");
    SHOW(RAW(SYS_getdents64, 99, buffer, sizeof buffer));
    SHOW(RAW(SYS_getdents64, open("d/a", O_RDONLY), buffer, sizeof buffer));
    SHOW(RAW(SYS_getdents64, eventfd(0, 0), buffer, sizeof buffer));
    // The old call: the type is the last byte of the record.
    SHOW(lseek(fd, 0, SEEK_SET));
    got = RAW(SYS_getdents, fd, buffer, sizeof buffer);
    int types = 0, names = 0;
    for (long at = 0; at < got;) {
        unsigned short reclen = *(unsigned short *)(buffer + at + 16);
        names++;
        if (!strcmp(buffer + at + 18, "regular") && buffer[at + reclen - 1] == DT_REG) types++;
        if (!strcmp(buffer + at + 18, "symlink") && buffer[at + reclen - 1] == DT_LNK) types++;
        at += reclen;
    }
    T("getdents: %d names, %d types right", names, types);
}
