// readv, writev, preadv2, pwritev2: counts, order, limits and flags.
#include "../common.h"

TEST {
    int fd = (int)MUST(open("f", O_RDWR | O_CREAT, 0644));
    struct iovec out[4] = {{"abc", 3}, {NULL, 0}, {"defgh", 5}, {"i", 1}};
    SHOW(writev(fd, out, 4));
    SHOW(writev(fd, out, 0));
    SHOW(lseek(fd, 0, SEEK_CUR));
    show_file("f");
    char a[4] = "", b[4] = "", c[16] = "";
    struct iovec in[3] = {{a, 2}, {b, 3}, {c, 15}};
    SHOW(lseek(fd, 0, SEEK_SET));
    SHOW(readv(fd, in, 3));
    T("%s %s %s", a, b, c);
    SHOW(readv(fd, in, 3));
    SHOW(preadv(fd, in, 2, 4));
    T("%s %s", a, b);
    SHOW(lseek(fd, 0, SEEK_CUR));
    SHOW(pwritev(fd, out, 1, 20));
    show_file("f");
    SHOW(preadv(fd, in, 2, -1));
    SHOW(preadv2(fd, in, 2, 0, 0));
    SHOW(lseek(fd, 0, SEEK_SET));
    SHOW(preadv2(fd, in, 2, -1, 0));
    SHOW(lseek(fd, 0, SEEK_CUR));
    SHOW(pwritev2(fd, out, 1, -1, RWF_DSYNC));
    SHOW(pwritev2(fd, out, 1, 0, RWF_SYNC | RWF_HIPRI));
    SHOW(pwritev2(fd, out, 1, 0, 0x40000000));
    SHOW(preadv2(fd, in, 1, 0, 0x40000000));
    SHOW(preadv2(fd, in, 1, -2, 0));
    SHOW(RAW(SYS_readv, fd, in, -1L));
    SHOW(RAW(SYS_writev, fd, out, 1025));
    SHOW(readv(fd, BAD, 1));
    SHOW(readv(99, BAD, 1));
    SHOW(RAW(SYS_readv, 99, in, -1L));
    static struct iovec many[1024];
    static char bytes[1024];
    for (int i = 0; i < 1024; i++) { bytes[i] = (char)('a' + i % 26); many[i] = (struct iovec){bytes + i, 1}; }
    SHOW(pwritev(fd, many, 1024, 0));
    struct iovec negative[2] = {{a, 1}, {b, (size_t)-1}};
    SHOW(readv(fd, negative, 2));
    struct iovec huge[2] = {{a, 1}, {b, 1ul << 62}};
    SHOW(writev(open("/dev/null", O_WRONLY), huge, 1));
    int ends[2];
    MUST(pipe(ends));
    SHOW(writev(ends[1], out, 4));
    SHOW(readv(ends[0], in, 3));
    T("%s %s %.4s", a, b, c);
    SHOW(preadv(ends[0], in, 1, 0));
    SHOW(preadv2(ends[0], in, 1, -1, RWF_NOWAIT));
    write(ends[1], "!", 1);
    SHOW(preadv2(ends[0], in, 1, -1, 0));
}
