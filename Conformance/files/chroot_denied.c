// chroot without privilege, and its path errors.
#define CONF_AS_USER
#include "../common.h"

TEST {
    MUST(mkdir("d", 0755));
    make_file("f", "");
    SHOW(chroot("d"));
    SHOW(chroot("f"));
    SHOW(chroot("missing"));
    SHOW(chroot(BAD));
    SHOW(mknod("n", S_IFCHR | 0600, 0x103));
    SHOW(mknod("n", S_IFBLK | 0600, 0x800));
    SHOW(mknod("n", S_IFDIR | 0600, 0));
    SHOW(mknod("n", S_IFLNK | 0600, 0));
    SHOW(mknod("n", 0170000 | 0600, 0));
    SHOW(mknod("reg", S_IFREG | 0600, 0));
    SHOW(mknod("zero", 0600, 0));
    SHOW(mknod("fifo", S_IFIFO | 0600, 77));
    SHOW(mknod("sock", S_IFSOCK | 0600, 0));
    SHOW(mknod("fifo", S_IFIFO | 0600, 0));
    SHOW(mknod("missing/x", S_IFIFO | 0600, 0));
    SHOW(mknod(BAD, S_IFIFO | 0600, 0));
    show_stat("reg");
    show_stat("zero");
    show_stat("fifo");
    show_stat("sock");
    SHOW(open("sock", O_RDWR));
    SUCCEEDS(open("sock", O_PATH));
    SHOW(open("fifo", O_WRONLY | O_NONBLOCK));
}
