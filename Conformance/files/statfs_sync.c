// statfs, fstatfs, statvfs facts; sync, syncfs, fsync, fdatasync, sync_file_range.
#include "../common.h"

#include <sys/statfs.h>

TEST {
    struct statfs a, b;
    make_file("f", "data");
    int fd = (int)MUST(open("f", O_RDWR)), reader = (int)MUST(open("f", O_RDONLY)), ends[2];
    SHOW(statfs(".", &a));
    SHOW(fstatfs(fd, &b));
    CHECK(a.f_type == b.f_type && a.f_bsize == b.f_bsize && a.f_blocks == b.f_blocks);
    CHECK(a.f_bsize >= 512 && a.f_bfree <= a.f_blocks && a.f_bavail <= a.f_bfree);
    CHECK(a.f_namelen == 255);
    CHECK(a.f_frsize > 0 && a.f_frsize <= a.f_bsize);
    SHOW(statfs("missing", &a));
    SHOW(statfs("f/x", &a));
    SHOW(statfs(".", BAD));
    SHOW(fstatfs(99, &a));
    SHOW(statfs("/proc", &a));
    T("/proc is of type 0x%lx", (long)a.f_type);
    MUST(pipe(ends));
    SHOW(fstatfs(ends[0], &a));
    T("a pipe is of type 0x%lx", (long)a.f_type);
    SHOW(fstatfs(socket(AF_UNIX, SOCK_STREAM, 0), &a));
    T("a socket is of type 0x%lx", (long)a.f_type);
    SHOW(fsync(fd));
    SHOW(fdatasync(fd));
    SHOW(fsync(reader));
    SHOW(fsync(99));
    SHOW(fsync(ends[0]));
    SHOW(fdatasync(ends[1]));
    SHOW(fsync(open("/dev/null", O_RDWR)));
    SHOW(fsync(eventfd(0, 0)));
    SHOW(syncfs(fd));
    SHOW(syncfs(99));
    SHOW(sync_file_range(fd, 0, 0, SYNC_FILE_RANGE_WRITE));
    SHOW(sync_file_range(fd, -1, 0, 0));
    SHOW(sync_file_range(fd, 0, 0, 0x100));
    SHOW(sync_file_range(ends[0], 0, 0, 0));
    SHOW(sync_file_range(99, 0, 0, 0));
}
