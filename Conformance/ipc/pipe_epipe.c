// Writing without a reader: EPIPE and SIGPIPE, also in the middle of a write.
#include "../common.h"

TEST {
    int p[2];
    static char block[100000];
    MUST(pipe(p));
    IN_CHILD("default", { close(p[0]); int own[2]; MUST(pipe(own)); close(own[0]); write(own[1], "x", 1); T("not reached"); });
    MUST(pipe(p));
    close(p[0]);
    signal(SIGPIPE, SIG_IGN);
    SHOW(write(p[1], "x", 1));
    SHOW(write(p[1], "", 0));
    SHOW(writev(p[1], (struct iovec[]){{"a", 1}}, 1));
    count_signal(SIGPIPE, 0);
    SHOW(write(p[1], "x", 1));
    T("signals: %d", conf_caught[SIGPIPE]);
    SHOW(write(p[1], BAD, 1));
    T("signals: %d", conf_caught[SIGPIPE]);
    // the reader goes while a writer waits: what was taken counts, the next write fails
    MUST(pipe(p));
    struct gate gate = make_gate();
    pid_t reader = SPAWN({ close(p[1]); gate_open(gate); settle(); read(p[0], block, 4096); settle(); });
    close(p[0]);
    gate_wait(gate);
    long got = write(p[1], block, sizeof block);
    CHECK(got >= 65536 && got < (long)sizeof block);
    SHOW(write(p[1], block, 1));
    reap("reader", reader);
    T("signals at least two: %d", conf_caught[SIGPIPE] >= 2);
    // a blocked writer is interrupted: partial count, or EINTR with nothing written
    MUST(pipe(p));
    count_signal(SIGALRM, 0);
    ualarm(20000, 20000);
    SHOW(write(p[1], block, sizeof block));
    ualarm(20000, 20000);
    SHOW(write(p[1], block, 10));
    // and a blocked reader
    MUST(pipe(p));
    ualarm(20000, 20000);
    SHOW(read(p[0], block, 10));
    // with SA_RESTART it goes on
    count_signal(SIGALRM, SA_RESTART);
    pid_t writer = SPAWN({ sleep_ms(60); write(p[1], "later", 5); });
    ualarm(20000, 20000);
    show_read("restarted", p[0], 10);
    reap("writer", writer);
}
