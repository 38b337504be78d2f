// sendfile: between files, to pipes and sockets, offsets, errors.
#include "../common.h"

#include <sys/sendfile.h>

TEST {
    make_pattern("a", 1000);
    make_file("b", "");
    int a = (int)MUST(open("a", O_RDONLY)), b = (int)MUST(open("b", O_RDWR)), ends[2], pair[2];
    off_t offset = 50;
    SHOW(sendfile(b, a, NULL, 10));
    SHOW(lseek(a, 0, SEEK_CUR));
    SHOW(sendfile(b, a, &offset, 10));
    T("offset %ld", (long)offset);
    SHOW(lseek(a, 0, SEEK_CUR));
    show_file("b");
    MUST(pipe(ends));
    SHOW(sendfile(ends[1], a, &offset, 5));
    show_read("pipe", ends[0], 20);
    MUST(socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
    SHOW(sendfile(pair[0], a, NULL, 7));
    show_read("socket", pair[1], 20);
    offset = 995;
    SHOW(sendfile(ends[1], a, &offset, 100));
    SHOW(sendfile(ends[1], a, &offset, 100));
    offset = 2000;
    SHOW(sendfile(ends[1], a, &offset, 100));
    offset = -1;
    SHOW(sendfile(ends[1], a, &offset, 100));
    offset = 0;
    SHOW(sendfile(ends[1], a, &offset, 0));
    SHOW(sendfile(99, a, NULL, 1));
    SHOW(sendfile(b, 99, NULL, 1));
    SHOW(sendfile(a, b, NULL, 1));
    SHOW(sendfile(b, a, BAD, 1));
    SHOW(sendfile(b, ends[0], NULL, 1));
    SHOW(sendfile(b, pair[0], NULL, 1));
    SHOW(sendfile(ends[0], a, NULL, 1));
    SHOW(sendfile(b, open(".", O_RDONLY), NULL, 1));
    SHOW(sendfile(open("b", O_WRONLY | O_APPEND), a, NULL, 1));
    fcntl(ends[1], F_SETFL, O_NONBLOCK);
    fcntl(ends[1], F_SETPIPE_SZ, 4096);
    while (read(ends[0], (char[64]){0}, 64) == 64) {}
    make_pattern("big", 100000);
    int big = (int)MUST(open("big", O_RDONLY));
    long got = sendfile(ends[1], big, NULL, 100000);
    CHECK(got > 0 && got <= 4096);
    CHECK(lseek(big, 0, SEEK_CUR) == got);
    SHOW(sendfile(ends[1], big, NULL, 100000));
    SHOW(sendfile(open("/dev/null", O_WRONLY), big, NULL, 50));
}
