// vmsplice of more than fits into the pipe: it gives what there is room for, and does not wait for more.
#include "../common.h"

TEST {
    int ends[2];
    MUST(pipe(ends));
    char *data = mmap(NULL, 131072, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (int i = 0; i < 131072; i++) data[i] = (char)(i / 4096 + 'A');
    struct iovec whole = {data, 131072}, halves[2] = {{data, 4096}, {data + 8192, 122880}};
    SHOW(vmsplice(ends[1], &whole, 1, 0));
    SHOW(vmsplice(ends[1], &whole, 1, SPLICE_F_NONBLOCK));
    static char back[131072];
    SHOW(read(ends[0], back, 8192));
    CHECK(!memcmp(back, data, 8192));
    SHOW(vmsplice(ends[1], halves, 2, 0));
    SHOW(read(ends[0], back, sizeof back));
    CHECK(back[0] == 'C' && back[57343] == 'P' && back[57344] == 'A' && back[61440] == 'C');
    SHOW(vmsplice(ends[1], halves, 2, SPLICE_F_NONBLOCK));
    close(ends[0]);
    signal(SIGPIPE, SIG_IGN);
    SHOW(vmsplice(ends[1], &whole, 1, 0));
}
