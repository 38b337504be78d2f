// Flags of files as chattr(1) sets them: ioctls, file_getattr and file_setattr, statx, and what immutable and append-only files refuse.
#include "../common.h"
#include <linux/fs.h>
#include <sys/xattr.h>

#ifndef SYS_file_getattr
#define SYS_file_getattr 468
#define SYS_file_setattr 469
#endif
struct attributes { uint64_t flags; uint32_t extent, extents, project, copy; };

static int set(const char *path, unsigned flags) {
    int fd = open(path, O_RDONLY | O_NONBLOCK);
    int result = ioctl(fd, FS_IOC_SETFLAGS, &flags);
    int error = errno;
    close(fd);
    errno = error;
    return result;
}
static unsigned get(const char *path) {
    unsigned flags = 0;
    int fd = open(path, O_RDONLY | O_NONBLOCK);
    if (ioctl(fd, FS_IOC_GETFLAGS, &flags) < 0) flags = 0xffffffff;
    close(fd);
    return flags & (FS_IMMUTABLE_FL | FS_APPEND_FL | FS_NODUMP_FL | FS_NOATIME_FL);
}
static void told(const char *path) {
    struct statx status;
    MUST(statx(AT_FDCWD, path, 0, STATX_BASIC_STATS, &status));
    T("%s: flags %x, statx %x of %x", path, get(path), (unsigned)status.stx_attributes & 0x70, (unsigned)status.stx_attributes_mask & 0x70);
}

static void refusals(int before) {
    struct timespec old[2] = {{1, 0}, {1, 0}};
    char value[8] = "x";
    SHOW(open("f", O_WRONLY));
    SHOW(open("f", O_RDWR | O_TRUNC));
    SHOW(open("f", O_RDONLY | O_TRUNC));
    int fd = open("f", O_WRONLY | O_APPEND);
    SHOWN("open to append", fd < 0 ? -1 : 0);
    if (fd >= 0) {
        SHOW(write(fd, "more", 4));
        SHOW(ftruncate(fd, 1));
        SHOW(fcntl(fd, F_SETFL, 0));
        SHOW(fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 1));
        close(fd);
    }
    SHOW(open("f", O_WRONLY | O_APPEND | O_TRUNC));
    if (get("f") & FS_APPEND_FL) SHOW(mmap(NULL, 4096, PROT_READ, MAP_SHARED, before, 0) == MAP_FAILED ? -1 : 0);
    SHOW(truncate("f", 1));
    SHOW(chmod("f", 0600));
    SHOW(chown("f", geteuid(), -1));
    SHOW(utimensat(AT_FDCWD, "f", NULL, 0));
    SHOW(utimensat(AT_FDCWD, "f", old, 0));
    SHOW(setxattr("f", "user.a", value, 1, 0));
    SHOW(setxattr("f", "system.posix_acl_access", "", 0, 0));
    SHOW(access("f", W_OK));
    SHOW(access("f", R_OK));
    SHOW(link("f", "g"));
    SHOW(rename("f", "g"));
    SHOW(rename("other", "f"));
    SHOW(unlink("f"));
}

TEST {
    make_file("f", "text");
    make_file("other", "text");
    MUST(mkdir("d", 0755));
    make_file("d/inside", "");
    MUST(mkfifo("p", 0644));
    MUST(symlink("f", "l"));
    int fd = (int)MUST(open("f", O_RDWR));
    int flags = 0;
    if (ioctl(fd, FS_IOC_GETFLAGS, &flags) < 0) SKIP("no flags here");
    flags = FS_IMMUTABLE_FL;
    if (geteuid() || ioctl(fd, FS_IOC_SETFLAGS, &flags) < 0) SKIP("may not set flags");
    flags = 0;
    MUST(ioctl(fd, FS_IOC_SETFLAGS, &flags));
    int fifo = (int)MUST(open("p", O_RDWR)), path = (int)MUST(open("f", O_PATH)), null = (int)MUST(open("/dev/null", O_RDWR));
    SHOW(ioctl(fifo, FS_IOC_GETFLAGS, &flags));
    SHOW(ioctl(fifo, FS_IOC_SETFLAGS, &flags));
    SHOW(ioctl(fifo, FS_IOC_SETFLAGS, BAD));
    SHOW(ioctl(path, FS_IOC_GETFLAGS, &flags));
    SHOW(ioctl(null, FS_IOC_GETFLAGS, &flags));
    SHOW(ioctl(fd, FS_IOC_GETFLAGS, BAD));
    SHOW(ioctl(fd, FS_IOC_SETFLAGS, BAD));
    SHOW(ioctl(fd, FS_IOC_FSGETXATTR, BAD));
    SHOW(ioctl(fd, FS_IOC_FSSETXATTR, BAD));
    told("f");
    SHOW(set("f", FS_NODUMP_FL | FS_NOATIME_FL));
    told("f");
    struct fsxattr extended = {0};
    SHOW(ioctl(fd, FS_IOC_FSGETXATTR, &extended));
    T("extended %x", extended.fsx_xflags & 0xff);
    memset(&extended, 0, sizeof extended);
    extended.fsx_xflags = FS_XFLAG_NODUMP;
    SHOW(ioctl(fd, FS_IOC_FSSETXATTR, &extended));
    told("f");
    extended.fsx_xflags = 0x40000;
    SHOW(ioctl(fd, FS_IOC_FSSETXATTR, &extended));
    extended.fsx_xflags = FS_XFLAG_EXTSZINHERIT;
    SHOW(ioctl(fd, FS_IOC_FSSETXATTR, &extended));
    extended.fsx_xflags = FS_XFLAG_HASATTR | FS_XFLAG_PREALLOC;
    SHOW(ioctl(fd, FS_IOC_FSSETXATTR, &extended));
    told("f");
    extended.fsx_xflags = 0;
    extended.fsx_projid = 0xffffffff;
    SHOW(ioctl(fd, FS_IOC_FSSETXATTR, &extended));
    struct stat first, second;
    stat("f", &first);
    settle();
    SHOW(set("f", FS_NODUMP_FL));
    stat("f", &second);
    CHECK(compare_times(second.st_ctim, first.st_ctim) > 0 && compare_times(second.st_mtim, first.st_mtim) == 0);

    // by path
    struct { struct attributes known; uint64_t more[4]; } attributes;
    memset(&attributes, 0xff, sizeof attributes);
    if (syscall(SYS_file_getattr, AT_FDCWD, "f", &attributes, 24, 0) == 0 || errno != ENOSYS) {
        T("%llx", (unsigned long long)attributes.known.flags & 0xff);
        CHECK(attributes.known.extents == 0 && attributes.more[0] == ~0ull);
        SHOW(syscall(SYS_file_getattr, AT_FDCWD, "f", &attributes, 32, 0));
        CHECK(attributes.more[0] == 0 && attributes.more[1] == ~0ull);
        SHOW(syscall(SYS_file_getattr, AT_FDCWD, "f", &attributes, 23, 0));
        SHOW(syscall(SYS_file_getattr, AT_FDCWD, "f", &attributes, 4097, 0));
        SHOW(syscall(SYS_file_getattr, AT_FDCWD, "f", BAD, 24, 0));
        SHOW(syscall(SYS_file_getattr, AT_FDCWD, "f", &attributes, 24, 1));
        SHOW(syscall(SYS_file_getattr, AT_FDCWD, "missing", &attributes, 24, 0));
        SHOW(syscall(SYS_file_getattr, AT_FDCWD, "", &attributes, 24, 0));
        SHOW(syscall(SYS_file_getattr, AT_FDCWD, "p", &attributes, 24, 0));
        SHOW(syscall(SYS_file_getattr, AT_FDCWD, "l", &attributes, 24, AT_SYMLINK_NOFOLLOW));
        SHOW(syscall(SYS_file_getattr, AT_FDCWD, "l", &attributes, 24, 0));
        SHOW(syscall(SYS_file_getattr, path, "", &attributes, 24, AT_EMPTY_PATH));
        SHOW(syscall(SYS_file_getattr, fd, NULL, &attributes, 24, AT_EMPTY_PATH));
        memset(&attributes, 0, sizeof attributes);
        attributes.known.flags = FS_XFLAG_NOATIME;
        SHOW(syscall(SYS_file_setattr, AT_FDCWD, "f", &attributes, 24, 0));
        told("f");
        SHOW(syscall(SYS_file_setattr, AT_FDCWD, "p", &attributes, 24, 0));
        SHOW(syscall(SYS_file_setattr, AT_FDCWD, "f", &attributes, 56, 0));
        attributes.more[1] = 1;
        SHOW(syscall(SYS_file_setattr, AT_FDCWD, "f", &attributes, 56, 0));
        SHOW(syscall(SYS_file_setattr, AT_FDCWD, "f", &attributes, 20, 0));
        SHOW(syscall(SYS_file_setattr, AT_FDCWD, "f", BAD, 24, 0));
        attributes.known.flags = 0x40000;
        SHOW(syscall(SYS_file_setattr, AT_FDCWD, "f", &attributes, 24, 0));
        attributes.known.flags = 1ull << 32;
        SHOW(syscall(SYS_file_setattr, AT_FDCWD, "f", &attributes, 24, 0));
        attributes.known.flags = 0;
        SHOW(syscall(SYS_file_setattr, AT_FDCWD, "f", &attributes, 24, AT_NO_AUTOMOUNT));
        SHOW(syscall(SYS_file_setattr, AT_FDCWD, "missing", &attributes, 24, 0));
        SHOW(syscall(SYS_file_setattr, AT_FDCWD, "f", &attributes, 24, 0));
        told("f");
    }

    T("-- immutable");
    MUST(set("f", FS_IMMUTABLE_FL));
    told("f");
    refusals(fd);
    MUST(set("f", 0));
    T("-- append-only");
    MUST(set("f", FS_APPEND_FL));
    told("f");
    refusals(fd);
    MUST(set("f", 0));
    char data[16] = "";
    MUST(pread(fd, data, sizeof data, 0));
    show_text("contents", data, strlen(data));

    T("-- directories");
    MUST(set("d", FS_APPEND_FL));
    told("d");
    SHOW(creat("d/new", 0644) >= 0 ? 0 : -1);
    SHOW(unlink("d/new"));
    SHOW(rename("d/new", "d/newer"));
    SHOW(rmdir("d"));
    MUST(set("d", FS_IMMUTABLE_FL));
    SHOW(mkdir("d/sub", 0755));
    SHOW(unlink("d/inside"));
    SHOW(open("d/inside", O_WRONLY) >= 0 ? 0 : -1);
    SHOW(rename("d", "e"));
    MUST(set("d", 0));
    SHOW(unlink("d/new"));

    // another user
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        MUST(setresuid(12345, 12345, 12345));
        SHOW(set("f", FS_NODUMP_FL));
        SHOW((int)get("f"));
        fflush(stdout);
        _exit(0);
    }
    waitpid(child, NULL, 0);
    child = fork();
    if (child == 0) {
        MUST(chmod(".", 0755));
        MUST(chown("f", 12345, -1));
        MUST(setresuid(12345, 12345, 12345));
        SHOW(set("f", FS_NODUMP_FL));
        SHOW(set("f", FS_IMMUTABLE_FL));
        SHOW(set("f", FS_APPEND_FL | FS_NODUMP_FL));
        told("f");
        fflush(stdout);
        _exit(0);
    }
    waitpid(child, NULL, 0);
}
