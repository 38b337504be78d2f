// sync: nothing is lost, and there is no way to fail.
#include "../common.h"

TEST {
    make_file("f", "kept");
    errno = 0;
    sync();
    SHOW(errno);
    SHOW(RAW(SYS_sync));
    char text[8];
    int fd = (int)MUST(open("f", O_RDONLY));
    SHOW(read(fd, text, sizeof text));
    show_text("text", text, 4);
}
