// ioctl: FICLONE, FICLONERANGE, FIDEDUPERANGE, FIEMAP and FIBMAP, on files whose blocks cannot be shared.
#include "../common.h"
#include <linux/fiemap.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

TEST {
    int from = (int)MUST(memfd_create("from", 0)), to = (int)MUST(memfd_create("to", 0)), ends[2];
    MUST(pipe(ends));
    MUST(write(from, "abc", 3));
    char name[64];
    snprintf(name, sizeof name, "/proc/self/fd/%d", from);
    int reader = (int)MUST(open(name, O_RDONLY)), appender = (int)MUST(open(name, O_WRONLY | O_APPEND));
    int device = (int)MUST(open("/dev/null", O_RDWR)), directory = (int)MUST(open("/proc", O_RDONLY));
    SHOW(ioctl(to, FICLONE, from));
    SHOW(ioctl(to, FICLONE, to));
    SHOW(ioctl(to, FICLONE, -1));
    SHOW(ioctl(to, FICLONE, device));
    SHOW(ioctl(to, FICLONE, ends[0]));
    SHOW(ioctl(to, FICLONE, directory));
    SHOW(ioctl(to, FICLONE, appender)); // cannot be read
    SHOW(ioctl(reader, FICLONE, to)); // cannot be written
    SHOW(ioctl(appender, FICLONE, to));
    SHOW(ioctl(ends[1], FICLONE, from));
    SHOW(ioctl(ends[1], FICLONE, ends[0]));
    SHOW(ioctl(999, FICLONE, from));
    struct file_clone_range range = {.src_fd = from};
    SHOW(ioctl(to, FICLONERANGE, &range));
    SHOW(ioctl(to, FICLONERANGE, NULL));
    range.src_fd = -1;
    SHOW(ioctl(to, FICLONERANGE, &range));
    range.src_fd = device;
    SHOW(ioctl(to, FICLONERANGE, &range));

    static union { struct file_dedupe_range head; char bytes[8192]; } same;
    same.head.dest_count = 1;
    same.head.src_length = 4096;
    same.head.info[0].dest_fd = to;
    SHOW(ioctl(from, FIDEDUPERANGE, &same));
    SHOW(same.head.info[0].status);
    SHOW(ioctl(from, FIDEDUPERANGE, NULL));
    SHOW(ioctl(appender, FIDEDUPERANGE, &same));
    SHOW(ioctl(ends[0], FIDEDUPERANGE, &same));
    SHOW(ioctl(directory, FIDEDUPERANGE, &same));
    same.head.reserved1 = 1;
    SHOW(ioctl(from, FIDEDUPERANGE, &same));
    same.head.reserved1 = 0;
    same.head.reserved2 = 1;
    SHOW(ioctl(directory, FIDEDUPERANGE, &same));
    same.head.reserved2 = 0;
    same.head.dest_count = 127;
    SHOW(ioctl(from, FIDEDUPERANGE, &same));
    same.head.dest_count = 128;
    SHOW(ioctl(from, FIDEDUPERANGE, &same));

    struct fiemap map = {0};
    SHOW(ioctl(from, FS_IOC_FIEMAP, &map));
    SHOW(ioctl(from, FS_IOC_FIEMAP, NULL));
    SHOW(ioctl(ends[0], FS_IOC_FIEMAP, &map));
    SHOW(ioctl(device, FS_IOC_FIEMAP, &map));
    int block = 0;
    SHOW(ioctl(from, FIBMAP, &block));
    SHOW(ioctl(ends[0], FIBMAP, &block));
    SHOW(ioctl(directory, FIBMAP, &block));
}
