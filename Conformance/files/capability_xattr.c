// The file capabilities of security.capability go when the file is written to, truncated or given away.
#include "../common.h"
#include <linux/capability.h>
#include <sys/xattr.h>

static void set_it(void) {
    struct vfs_cap_data data = {.magic_etc = VFS_CAP_REVISION_2, .data = {{.permitted = 1 << 10}}};
    MUST(setxattr("f", "security.capability", &data, sizeof data, 0));
}
static void show_it(const char *label) {
    char value[64];
    SHOWN(label, getxattr("f", "security.capability", value, sizeof value));
}

TEST {
    if (geteuid()) SKIP("must be root");
    int fd = (int)MUST(open("f", O_RDWR | O_CREAT, 0755));
    MUST(write(fd, "text", 4));
    struct vfs_cap_data data = {.magic_etc = VFS_CAP_REVISION_2, .data = {{.permitted = 1 << 10}}};
    if (setxattr("f", "security.capability", &data, sizeof data, 0) && errno != 0) SKIP("no file capabilities here");
    show_it("set");
    MUST(chmod("f", 0700));
    show_it("after chmod");
    MUST(chown("f", 1, -1));
    show_it("after chown");
    set_it();
    MUST(chown("f", -1, -1));
    show_it("after a chown that changes nothing");
    set_it();
    MUST(pwrite(fd, "x", 1, 0));
    show_it("after a write");
    set_it();
    MUST(ftruncate(fd, 2));
    show_it("after ftruncate");
    set_it();
    MUST(truncate("f", 1));
    show_it("after truncate");
    set_it();
    close((int)MUST(open("f", O_WRONLY | O_TRUNC)));
    show_it("after O_TRUNC");
}
