// Opening a FIFO: who waits for whom, O_NONBLOCK, ENXIO, O_RDWR.
#include "../common.h"

TEST {
    char data[16];
    MUST(mkfifo("p", 0644));
    SHOW(mkfifo("p", 0644));
    SHOW(open("p", O_WRONLY | O_NONBLOCK));
    int reader = (int)SHOW(open("p", O_RDONLY | O_NONBLOCK));
    SHOW(read(reader, data, 1));
    int writer = (int)SHOW(open("p", O_WRONLY | O_NONBLOCK));
    SHOW(read(reader, data, 1));
    SHOW(write(writer, "abc", 3));
    show_read("data", reader, 10);
    write(writer, "left", 4);
    close(writer);
    show_read("left over", reader, 10);
    show_read("end", reader, 10);
    // a new writer revives it
    writer = (int)MUST(open("p", O_WRONLY));
    SHOW(read(reader, data, 1));
    close(reader);
    signal(SIGPIPE, SIG_IGN);
    SHOW(write(writer, "x", 1));
    close(writer);
    // both ends in one descriptor
    int both = (int)SHOW(open("p", O_RDWR | O_NONBLOCK));
    SHOW(write(both, "self", 4));
    show_read("self", both, 10);
    SHOW(read(both, data, 1));
    close(both);
    // blocking opens meet
    pid_t child = SPAWN({ int fd = open("p", O_RDONLY); show_read("child", fd, 16); show_read("child", fd, 16); });
    writer = (int)MUST(open("p", O_WRONLY));
    MUST(write(writer, "met", 3));
    close(writer);
    reap("reader", child);
    child = SPAWN({ int fd = open("p", O_WRONLY); settle(); write(fd, "back", 4); });
    reader = (int)MUST(open("p", O_RDONLY));
    show_read("parent", reader, 16);
    reap("writer", child);
    close(reader);
    // interrupted
    count_signal(SIGALRM, 0);
    ualarm(20000, 20000);
    SHOW(open("p", O_RDONLY));
    ualarm(20000, 20000);
    SHOW(open("p", O_WRONLY));
    ualarm(0, 0);
    // what was written is gone when everybody closed
    both = (int)MUST(open("p", O_RDWR));
    write(both, "lost", 4);
    close(both);
    reader = (int)MUST(open("p", O_RDONLY | O_NONBLOCK));
    SHOW(read(reader, data, 10));
    // two names, one pipe; the name may go
    MUST(link("p", "q"));
    writer = (int)MUST(open("q", O_WRONLY));
    MUST(unlink("p"));
    MUST(unlink("q"));
    SHOW(write(writer, "unnamed", 7));
    show_read("unnamed", reader, 10);
    SHOW(lseek(reader, 0, SEEK_SET));
    SHOW(mkfifo("missing/p", 0644));
    SHOW(mkfifo("", 0644));
}
