// flags: -lrt
// POSIX message queues: order, limits, blocking, time limits, notification, polling, names.
#include "../tasks.h"
#include <mqueue.h>

static char name[64];
static volatile int lastValue, lastCode;
static void told(int number, siginfo_t *info, void *context) {
    (void)context;
    conf_caught[number]++;
    lastValue = info->si_value.sival_int;
    lastCode = info->si_code;
}

static void show_attr(const char *label, mqd_t q) {
    struct mq_attr a;
    if (mq_getattr(q, &a) < 0) { T("%s: %s", label, errno_name(errno)); return; }
    T("%s: flags %s, %ld of %ld messages of %ld", label, a.mq_flags & O_NONBLOCK ? "nonblock" : "-", a.mq_curmsgs, a.mq_maxmsg, a.mq_msgsize);
}

static long receive(mqd_t q, const char *label) {
    char text[9000];
    unsigned priority = 99;
    long result = mq_receive(q, text, sizeof text, &priority);
    if (result < 0) T("%s: %s", label, errno_name(errno));
    else T("%s: \"%.*s\" priority %u", label, (int)result, text, priority);
    return result;
}

TEST {
    snprintf(name, sizeof name, "/conf-%d", getpid());
    SHOW(mq_open(name, O_RDWR));
    SHOW(mq_open("/", O_RDWR | O_CREAT, 0600, NULL));
    SHOW(mq_open("/a/b", O_RDWR | O_CREAT, 0600, NULL));
    SHOW(mq_open("/..", O_RDWR | O_CREAT, 0600, NULL));
    SHOW(RAW(SYS_mq_open, BAD, O_RDWR, 0600, NULL));
    SHOW(RAW(SYS_mq_open, "x", O_RDWR | O_CREAT, 0600, BAD));
    char lengthy[300];
    memset(lengthy, 'n', sizeof lengthy);
    lengthy[0] = '/', lengthy[299] = 0;
    SHOW(mq_open(lengthy, O_RDWR | O_CREAT, 0600, NULL));
    struct mq_attr attr = {.mq_maxmsg = 0, .mq_msgsize = 10};
    SHOW(mq_open(name, O_RDWR | O_CREAT, 0600, &attr));
    attr = (struct mq_attr){.mq_maxmsg = 3, .mq_msgsize = 0};
    SHOW(mq_open(name, O_RDWR | O_CREAT, 0600, &attr));
    attr = (struct mq_attr){.mq_maxmsg = 70000, .mq_msgsize = 10};
    SHOW(mq_open(name, O_RDWR | O_CREAT, 0600, &attr));
    attr = (struct mq_attr){.mq_maxmsg = 3, .mq_msgsize = 16};
    mqd_t q = mq_open(name, O_RDWR | O_CREAT | O_EXCL, 0640, &attr);
    MUST(q);
    SHOW(mq_open(name, O_RDWR | O_CREAT | O_EXCL, 0640, &attr));
    show_attr("new", q);
    CHECK(fcntl(q, F_GETFD) == FD_CLOEXEC);
    SHOW(fcntl(q, F_GETFL));
    struct stat status;
    SHOW(fstat(q, &status));
    T("%s, mode %o, size %ld", type_name(status.st_mode), status.st_mode & 07777, (long)status.st_size);
    mqd_t reader = mq_open(name, O_RDONLY | O_NONBLOCK), writer = mq_open(name, O_WRONLY);
    SHOW(mq_send(reader, "x", 1, 0));
    receive(writer, "from the writer");
    receive(reader, "empty");

    // order
    SHOW(mq_send(q, "low", 3, 1));
    SHOW(mq_send(writer, "high", 4, 7));
    SHOW(mq_send(q, "low too", 7, 1));
    show_attr("full", reader);
    struct pollfd watched = {q, POLLIN | POLLOUT, 0};
    poll(&watched, 1, 0);
    T("full: %s", poll_names(watched.revents));
    SHOW(mq_send(q, "seventeen letters", 17, 0));
    SHOW(mq_send(q, "x", 1, 32768));
    struct timespec past = {1, 0}, wrong = {0, 2000000000}, soon;
    SHOW(mq_timedsend(q, "x", 1, 0, &past));
    SHOW(mq_timedsend(q, "x", 1, 0, &wrong));
    SHOW(RAW(SYS_mq_timedsend, q, BAD, 1, 0, NULL));
    clock_gettime(CLOCK_REALTIME, &soon);
    soon.tv_nsec += 30000000;
    if (soon.tv_nsec >= 1000000000) soon.tv_sec++, soon.tv_nsec -= 1000000000;
    SHOW(mq_timedsend(q, "x", 1, 0, &soon));
    char text[64];
    unsigned priority;
    SHOW(mq_receive(q, text, 15, &priority));
    show_read("text", q, 20);
    receive(q, "1");
    receive(q, "2");
    receive(q, "3");
    poll(&watched, 1, 0);
    T("empty: %s", poll_names(watched.revents));
    SHOW(mq_timedreceive(q, text, 64, NULL, &past));
    SHOW(mq_send(q, "", 0, 0));
    receive(q, "of no bytes");

    // waiting on both sides
    pid_t pid = SPAWN({ receive(q, "child got"); sleep_ms(30); receive(q, "then"); receive(q, "then"); receive(q, "then"); receive(q, "then"); });
    settle();
    for (int i = 0; i < 5; i++) {
        snprintf(text, sizeof text, "message %d", i);
        MUST(mq_send(q, text, strlen(text), 2));
    }
    reap("child", pid);

    // a signal interrupts
    on_signal(SIGALRM, told, 0);
    start_ticks(20);
    SHOW(mq_receive(q, text, sizeof text, NULL));
    stop_ticks();

    // notification: once, into an empty queue, when nobody waits
    on_signal(SIGUSR1, told, 0);
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1, .sigev_value.sival_int = 42};
    SHOW(mq_notify(q, &event));
    SHOW(mq_notify(reader, &event));
    pid = SPAWN({ SHOW(mq_notify(q, &event)); SHOW(mq_notify(q, NULL)); mq_close(q); });
    reap("another process", pid);
    show_read("text", q, 20);
    MUST(mq_send(q, "a", 1, 0));
    T("told %d, %s, value %d", conf_caught[SIGUSR1], code_name(SIGUSR1, lastCode), lastValue);
    MUST(mq_send(q, "b", 1, 0));
    T("told %d", conf_caught[SIGUSR1]);
    SHOW(mq_notify(q, &event));
    MUST(mq_send(q, "c", 1, 0)); // was not empty
    T("told %d", conf_caught[SIGUSR1]);
    receive(q, "a"), receive(q, "b"), receive(q, "c");
    SHOW(mq_notify(q, NULL));
    MUST(mq_send(q, "d", 1, 0));
    T("told %d", conf_caught[SIGUSR1]);
    receive(q, "d");
    SHOW(mq_notify(q, &event));
    mq_close(reader); // any descriptor of it
    SHOW(mq_notify(q, &event));
    event.sigev_notify = 77;
    SHOW(mq_notify(q, &event));
    event.sigev_notify = SIGEV_SIGNAL, event.sigev_signo = 99;
    SHOW(mq_notify(q, &event));
    SHOW(mq_notify(q, NULL));

    // flags
    attr.mq_flags = O_NONBLOCK;
    SHOW(mq_setattr(q, &attr, NULL));
    show_attr("set", q);
    attr.mq_flags = O_APPEND;
    SHOW(mq_setattr(q, &attr, NULL));
    receive(q, "nothing");
    SHOW(mq_setattr(0, &attr, NULL));
    SHOW(write(q, "x", 1));
    SHOW(lseek(q, 0, SEEK_SET));

    // the limit of a user
    struct rlimit limit = {1000, 1000};
    pid = SPAWN({
        MUST(setrlimit(RLIMIT_MSGQUEUE, &limit));
        SHOW(mq_open("/conf-too-much", O_RDWR | O_CREAT, 0600, NULL));
        attr = (struct mq_attr){.mq_maxmsg = 2, .mq_msgsize = 4};
        strcat(name, "-small");
        SUCCEEDS(mq_open(name, O_RDWR | O_CREAT, 0600, &attr));
        attr.mq_maxmsg = 8;
        strcat(name, "-too");
        SHOW(mq_open(name, O_RDWR | O_CREAT, 0600, &attr));
        name[strlen(name) - 4] = 0;
        SHOW(mq_unlink(name));
    });
    reap("limited", pid);

    SHOW(mq_unlink(name));
    SHOW(mq_unlink(name));
    SHOW(mq_open(name, O_RDWR));
    SHOW(mq_send(writer, "z", 1, 0));
    receive(q, "after the unlink");
}
