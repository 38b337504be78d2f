// inotify events of copies within the kernel, and of programs that are executed.
#include "../common.h"
#include "../inotify_helpers.h"
#include <sys/sendfile.h>

TEST {
    if (conf_argc > 1) _exit(7);
    static char data[8192];
    memset(data, 'x', sizeof data);
    make_file("from", "0123456789abcdefghij");
    make_file("to", "");
    int watch = (int)MUST(inotify_init1(IN_NONBLOCK));
    int from = (int)MUST(open("from", O_RDONLY)), to = (int)MUST(open("to", O_RDWR)), pipes[2], others[2], pair[2];
    MUST(pipe(pipes));
    MUST(pipe(others));
    MUST(socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
    MUST(inotify_add_watch(watch, "from", IN_ALL_EVENTS));
    MUST(inotify_add_watch(watch, "to", IN_ALL_EVENTS));
#define SEE(e) SHOW(e); show_events("  events", watch)
    off_t offset = 0;
    SEE(sendfile(to, from, NULL, 4));
    SEE(sendfile(to, from, &offset, 4));
    SEE(sendfile(pair[0], from, &offset, 4));
    SEE(sendfile(pipes[1], from, &offset, 4));
    SEE(sendfile(to, from, NULL, 0));
    offset = 100;
    SEE(sendfile(to, from, &offset, 4));
    offset = 0;
    SEE(splice(from, &offset, pipes[1], NULL, 4, 0));
    SEE(splice(pipes[0], NULL, to, NULL, 8, 0));
    offset = 100;
    SEE(splice(from, &offset, pipes[1], NULL, 4, SPLICE_F_NONBLOCK));
    SEE(splice(pipes[0], NULL, to, NULL, 8, SPLICE_F_NONBLOCK));
    MUST(write(pipes[1], "pipe", 4));
    SEE(tee(pipes[0], others[1], 4, 0));
    SEE(splice(pipes[0], NULL, others[1], NULL, 4, 0));
    offset = 0;
    SEE(copy_file_range(from, &offset, to, NULL, 4, 0));
    offset = 100;
    SEE(copy_file_range(from, &offset, to, NULL, 4, 0));
    struct iovec vector = {data, 4};
    SEE(pwritev(to, &vector, 1, 0));
    SEE(preadv(from, &vector, 1, 0));
    SEE(readv(from, &vector, 1));
    SEE(pread(from, data, 0, 0));
    SEE(write(to, data, 0));
    SEE(fallocate(to, 0, 0, 100));
    SEE(ftruncate(to, 50));
    SEE((long)(intptr_t)mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, from, 0) == -1);
    SEE(readahead(from, 0, 4096));
    SEE(posix_fadvise(from, 0, 0, POSIX_FADV_WILLNEED));
    // a FIFO and a terminal-like descriptor have events too
    MUST(mkfifo("fifo", 0600));
    int fifo = (int)MUST(open("fifo", O_RDWR));
    MUST(inotify_add_watch(watch, "fifo", IN_ALL_EVENTS));
    SEE(write(fifo, "fifo", 4));
    offset = 0;
    SEE(splice(fifo, NULL, others[1], NULL, 2, 0));
    SEE(splice(from, &offset, fifo, NULL, 4, 0));
    SEE(read(fifo, data, 4));

    // programs: the file and a script's interpreter are opened, and read
    char self[4096];
    ssize_t length = MUST(readlink("/proc/self/exe", self, sizeof self - 1));
    self[length] = 0;
    int source = (int)MUST(open(self, O_RDONLY)), program = (int)MUST(open("program", O_WRONLY | O_CREAT, 0755));
    while ((length = read(source, data, sizeof data)) > 0) MUST(write(program, data, (size_t)length));
    close(program);
    program = (int)MUST(open("script", O_WRONLY | O_CREAT, 0755));
    MUST(write(program, "#!./program x\n", 14));
    close(program);
    close(watch);
    watch = (int)MUST(inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
    MUST(inotify_add_watch(watch, "program", IN_OPEN));
    MUST(inotify_add_watch(watch, "script", IN_OPEN));
    fflush(stdout);
    for (int which = 0; which < 2; which++) {
        pid_t child = fork();
        if (child == 0) {
            execl(which ? "./script" : "./program", "program", "x", NULL);
            _exit(99);
        }
        int status;
        MUST(waitpid(child, &status, 0));
        T("%s ended with %d", which ? "script" : "program", WEXITSTATUS(status));
        show_events("  events", watch);
    }
}
