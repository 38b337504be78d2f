// openat2 and its RESOLVE_ flags.
#include "../common.h"

#include <linux/openat2.h>

static long o2(int dir, const char *path, uint64_t flags, uint64_t mode, uint64_t resolve) {
    struct open_how how = {.flags = flags, .mode = mode, .resolve = resolve};
    return RAW(SYS_openat2, dir, path, &how, sizeof how);
}

TEST {
    MUST(mkdir("d", 0755));
    MUST(mkdir("d/e", 0755));
    make_file("d/f", "");
    make_file("out", "");
    MUST(symlink("f", "d/in"));
    MUST(symlink("../out", "d/up"));
    MUST(symlink("/", "d/root"));
    MUST(symlink("e", "d/le"));
    int d = (int)MUST(open("d", O_PATH));
    SUCCEEDS(o2(d, "f", O_RDONLY, 0, 0));
    SUCCEEDS(o2(d, "../out", O_RDONLY, 0, 0));
    T("RESOLVE_BENEATH");
    SUCCEEDS(o2(d, "f", O_RDONLY, 0, RESOLVE_BENEATH));
    SUCCEEDS(o2(d, "e/../f", O_RDONLY, 0, RESOLVE_BENEATH));
    SUCCEEDS(o2(d, "in", O_RDONLY, 0, RESOLVE_BENEATH));
    SUCCEEDS(o2(d, "..", O_RDONLY, 0, RESOLVE_BENEATH));
    SUCCEEDS(o2(d, "../d/f", O_RDONLY, 0, RESOLVE_BENEATH));
    SUCCEEDS(o2(d, "up", O_RDONLY, 0, RESOLVE_BENEATH));
    SUCCEEDS(o2(d, "root", O_RDONLY, 0, RESOLVE_BENEATH));
    SUCCEEDS(o2(d, "/", O_RDONLY, 0, RESOLVE_BENEATH));
    SUCCEEDS(o2(d, "new", O_RDWR | O_CREAT, 0644, RESOLVE_BENEATH));
    T("RESOLVE_IN_ROOT");
    SUCCEEDS(o2(d, "/f", O_RDONLY, 0, RESOLVE_IN_ROOT));
    SUCCEEDS(o2(d, "../../f", O_RDONLY, 0, RESOLVE_IN_ROOT));
    SUCCEEDS(o2(d, "root/f", O_RDONLY, 0, RESOLVE_IN_ROOT));
    SUCCEEDS(o2(d, "up", O_RDONLY, 0, RESOLVE_IN_ROOT));
    SUCCEEDS(o2(d, "/e/../../../f", O_RDONLY, 0, RESOLVE_IN_ROOT));
    T("RESOLVE_NO_SYMLINKS");
    SUCCEEDS(o2(d, "f", O_RDONLY, 0, RESOLVE_NO_SYMLINKS));
    SUCCEEDS(o2(d, "in", O_RDONLY, 0, RESOLVE_NO_SYMLINKS));
    SUCCEEDS(o2(d, "le/", O_RDONLY, 0, RESOLVE_NO_SYMLINKS));
    SUCCEEDS(o2(d, "in", O_PATH | O_NOFOLLOW, 0, RESOLVE_NO_SYMLINKS));
    T("RESOLVE_NO_MAGICLINKS");
    SUCCEEDS(o2(d, "in", O_RDONLY, 0, RESOLVE_NO_MAGICLINKS));
    SUCCEEDS(o2(d, "/proc/self/cwd", O_RDONLY, 0, RESOLVE_NO_MAGICLINKS));
    SUCCEEDS(o2(d, "/proc/self/cwd", O_RDONLY, 0, 0));
    T("RESOLVE_NO_XDEV");
    SUCCEEDS(o2(d, "f", O_RDONLY, 0, RESOLVE_NO_XDEV));
    SUCCEEDS(o2(AT_FDCWD, "/proc/version", O_RDONLY, 0, RESOLVE_NO_XDEV));
    T("bad arguments");
    SUCCEEDS(o2(d, "f", O_RDONLY, 0, RESOLVE_BENEATH | RESOLVE_IN_ROOT));
    SUCCEEDS(o2(d, "f", O_RDONLY, 0, 0x1000));
    SUCCEEDS(o2(d, "f", O_RDONLY, 0644, 0));
    SUCCEEDS(o2(d, "f", O_RDONLY | O_CREAT, 010644, 0));
    SUCCEEDS(o2(d, "f", 1ull << 40, 0, 0));
    SUCCEEDS(o2(d, "f", O_PATH | O_RDWR, 0, 0));
    SUCCEEDS(o2(d, "f", O_PATH | O_CLOEXEC, 0, 0));
    SUCCEEDS(o2(d, "f", O_RDONLY | 0x20000000, 0, 0));
    SUCCEEDS(o2(99, "f", O_RDONLY, 0, 0));
    struct { struct open_how how; uint64_t more; } big = {.how.flags = O_RDONLY};
    SUCCEEDS(RAW(SYS_openat2, d, "f", &big, sizeof big));
    big.more = 1;
    SUCCEEDS(RAW(SYS_openat2, d, "f", &big, sizeof big));
    SUCCEEDS(RAW(SYS_openat2, d, "f", &big, 8));
    SUCCEEDS(RAW(SYS_openat2, d, "f", &big, 1 << 20));
    SUCCEEDS(RAW(SYS_openat2, d, "f", BAD, sizeof(struct open_how)));
}
