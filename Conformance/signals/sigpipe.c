// SIGPIPE: pipes and sockets without a reader; who gets it; MSG_NOSIGNAL; ignored.
#include "../tasks.h"

static siginfo_t caught;
static volatile int count;
static volatile pid_t receiver;
static void handler(int number, siginfo_t *info, void *context) {
    (void)number, (void)context;
    caught = *info;
    count++;
    receiver = gettid();
}
static int ends[2], pair[2];
static void *writes(void *argument) {
    SHOW(write(ends[1], "x", 1));
    CHECK(receiver == gettid());
    return argument;
}

TEST {
    MUST(pipe(ends));
    close(ends[0]);
    MUST(socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
    close(pair[0]);
    IN_CHILD("pipe", (void)!write(ends[1], "x", 1); _exit(1));
    IN_CHILD("socket", (void)!write(pair[1], "x", 1); _exit(1));
    IN_CHILD("ignored", signal(SIGPIPE, SIG_IGN); SHOW(write(ends[1], "x", 1)));
    IN_CHILD("blocked", BLOCK(SIGPIPE); SHOW(write(ends[1], "x", 1)); sigset_t set; sigpending(&set); T("pending %s", set_names(&set)));
    on_signal(SIGPIPE, handler, SA_RESTART);
    SHOW(write(ends[1], "x", 1));
    T("%d, code %s", count, code_name(SIGPIPE, caught.si_code));
    SHOW(write(ends[1], "", 0)); // nothing to write: no error
    SHOW(count);
    SHOW(writev(ends[1], (struct iovec[]){{"a", 1}, {"b", 1}}, 2));
    SHOW(count);
    SHOW(send(pair[1], "x", 1, MSG_NOSIGNAL));
    SHOW(count);
    SHOW(send(pair[1], "x", 1, 0));
    SHOW(count);
    struct msghdr message = {.msg_iov = &(struct iovec){"a", 1}, .msg_iovlen = 1};
    SHOW(sendmsg(pair[1], &message, 0));
    SHOW(count);
    int datagram[2];
    MUST(socketpair(AF_UNIX, SOCK_DGRAM, 0, datagram));
    close(datagram[0]);
    SHOW(send(datagram[1], "x", 1, 0)); // an error, but no signal
    SHOW(count);
    int half[2];
    MUST(socketpair(AF_UNIX, SOCK_STREAM, 0, half));
    MUST(shutdown(half[1], SHUT_WR));
    SHOW(write(half[1], "x", 1));
    SHOW(count);
    count = 0;
    pthread_t thread;
    pthread_create(&thread, NULL, writes, NULL);
    pthread_join(thread, NULL);
    SHOW(count);
    struct pollfd poller = {ends[1], POLLOUT, 0};
    SHOW(poll(&poller, 1, 0));
    T("events %s", poll_names(poller.revents));
    // The classic: the reader of a pipeline leaves.
    int status = system("sh -c 'while :; do echo y || exit 9; done' 2>/dev/null | head -n 2");
    SHOW(WEXITSTATUS(status));
}
