// poll and epoll bits of pipe ends in every state.
#include "../common.h"

static int p[2];
static void show(const char *label) {
    struct pollfd fds[2] = {{p[0], POLLIN | POLLOUT | POLLPRI | POLLRDHUP | POLLRDNORM, 0}, {p[1], POLLIN | POLLOUT | POLLWRNORM | POLLRDHUP, 0}};
    int ready = poll(fds, 2, 0);
    T("%s: %d, read end %s, write end %s", label, ready, poll_names(fds[0].revents), poll_names(fds[1].revents));
}

TEST {
    static char block[65536];
    MUST(pipe2(p, O_NONBLOCK));
    show("empty");
    write(p[1], "x", 1);
    show("one byte");
    SHOW(write(p[1], block, 60000));
    show("60001 bytes");
    while (write(p[1], block, 4096) > 0) {}
    show("nearly full");
    while (write(p[1], block, 1) > 0) {}
    show("full");
    read(p[0], block, 1);
    show("one byte of a page read");
    read(p[0], block, 4096);
    show("a page read");
    while (read(p[0], block, sizeof block) > 0) {}
    show("empty again");
    int end = p[1];
    write(p[1], "x", 1);
    close(p[1]);
    p[1] = -1;
    show("writer closed, data left");
    read(p[0], block, 1);
    show("writer closed, empty");
    close(p[0]);
    p[0] = end;
    show("closed number");
    MUST(pipe2(p, O_NONBLOCK));
    close(p[0]);
    p[0] = -1;
    show("reader closed");
    close(p[1]);
    MUST(pipe2(p, O_NONBLOCK));
    while (write(p[1], block, 4096) > 0) {}
    close(p[0]);
    p[0] = -1;
    show("reader closed, full");
    // fifos: a reader that never had a writer shows no hangup
    MUST(mkfifo("f", 0600));
    p[0] = (int)MUST(open("f", O_RDONLY | O_NONBLOCK));
    p[1] = -1;
    show("fifo without a writer yet");
    p[1] = (int)MUST(open("f", O_WRONLY));
    show("fifo with a writer");
    close(p[1]);
    p[1] = -1;
    show("fifo, writer gone");
    p[1] = (int)MUST(open("f", O_WRONLY));
    show("fifo, new writer");
    p[0] = p[1] = (int)MUST(open("f", O_RDWR | O_NONBLOCK));
    show("fifo, both ways");
}
