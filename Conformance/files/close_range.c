// close, close_range and its flags.
#include "../common.h"

#include <linux/close_range.h>

static void show_open(const char *label) {
    printf("%s:", label);
    for (int fd = 3; fd < 30; fd++) if (is_open(fd)) printf(" %d%s", fd, fcntl(fd, F_GETFD) ? "c" : "");
    printf("\n");
}
static void fill(void) {
    int fd = open(".", O_RDONLY);
    for (int i = 3; i < 20; i++) dup2(fd, i);
    if (fd >= 20) close(fd);
}

TEST {
    SHOW(close(3));
    SHOW(close(-1));
    SHOW(close(1 << 30));
    fill();
    show_open("filled");
    SHOW(close(7));
    SHOW(close(7));
    SHOW(dup(3));
    SHOW(close_range(5, 8, 0));
    show_open("5-8 closed");
    SHOW(close_range(10, 12, CLOSE_RANGE_CLOEXEC));
    show_open("10-12 marked");
    SHOW(close_range(15, ~0u, 0));
    show_open("from 15 closed");
    SHOW(close_range(9, 8, 0));
    SHOW(close_range(3, 4, 0x100));
    SHOW(close_range(100, 200, 0));
    SHOW(close_range(1u << 31, ~0u, 0));
    IN_CHILD("unshare", { SHOW(close_range(3, ~0u, CLOSE_RANGE_UNSHARE)); show_open("child"); });
    show_open("parent");
    SHOW(open(".", O_RDONLY));
    SHOW(open(".", O_RDONLY));
    SHOW(close_range(3, ~0u, 0));
    show_open("all closed");
}
