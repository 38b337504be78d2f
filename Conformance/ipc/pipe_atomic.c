// Writes of at most PIPE_BUF bytes from several processes do not mix.
#include "../common.h"

TEST {
    int p[2];
    MUST(pipe(p));
    for (int i = 0; i < 4; i++) {
        SPAWN({
            char record[512];
            memset(record, 'A' + i, sizeof record);
            for (int j = 0; j < 40; j++) if (write(p[1], record, sizeof record) != sizeof record) child_exit(9);
        });
    }
    close(p[1]);
    char record[512];
    int counts[4] = {0}, mixed = 0, fill = 0;
    for (long got; (got = read(p[0], record + fill, sizeof record - (size_t)fill)) > 0;) {
        fill += (int)got;
        if (fill < (int)sizeof record) continue;
        fill = 0;
        for (size_t i = 1; i < sizeof record; i++) mixed += record[i] != record[0];
        counts[record[0] - 'A']++;
    }
    T("%d %d %d %d, mixed %d, rest %d", counts[0], counts[1], counts[2], counts[3], mixed, fill);
    int status;
    while (wait(&status) > 0) CHECK(status == 0);
    // large writes block in the middle and arrive whole
    MUST(pipe(p));
    enum { SIZE = 300000 };
    static unsigned char data[SIZE];
    pid_t writer = SPAWN({
        for (int i = 0; i < SIZE; i++) data[i] = (unsigned char)(i * 31);
        T("written: %ld", (long)write(p[1], data, SIZE));
    });
    close(p[1]);
    int at = 0, wrong = 0;
    unsigned char part[1777];
    for (long got; (got = read(p[0], part, sizeof part)) > 0; at += (int)got)
        for (long i = 0; i < got; i++) wrong += part[i] != (unsigned char)((at + i) * 31);
    reap("writer", writer);
    T("read %d, wrong %d", at, wrong);
}
