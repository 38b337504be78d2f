// Much data through a stream in both directions at once, in odd sizes.
#include "../common.h"
#include "../unix_helpers.h"

TEST {
    enum { SIZE = 1500000 };
    int s[2];
    MUST(socketpair(AF_UNIX, SOCK_STREAM, 0, s));
    pid_t child = SPAWN({
        // sends back each byte plus one
        static unsigned char part[7001];
        close(s[0]);
        for (long got; (got = read(s[1], part, sizeof part)) > 0;) {
            for (long i = 0; i < got; i++) part[i]++;
            for (long done = 0; done < got;) {
                long put = write(s[1], part + done, (size_t)(got - done));
                if (put <= 0) child_exit(1);
                done += put;
            }
        }
    });
    close(s[1]);
    fcntl(s[0], F_SETFL, O_NONBLOCK);
    static unsigned char out[9973], in[12345];
    long sent = 0, received = 0, wrong = 0;
    while (received < SIZE) {
        struct pollfd p = {s[0], (short)(POLLIN | (sent < SIZE ? POLLOUT : 0)), 0};
        poll(&p, 1, 5000);
        if (p.revents & POLLOUT) {
            long part = SIZE - sent < (long)sizeof out ? SIZE - sent : (long)sizeof out;
            for (long i = 0; i < part; i++) out[i] = (unsigned char)((sent + i) * 13 >> 3);
            long put = write(s[0], out, (size_t)part);
            if (put > 0) sent += put;
            else if (errno != EAGAIN) break;
            if (sent == SIZE) shutdown(s[0], SHUT_WR);
        }
        if (p.revents & POLLIN) {
            long got = read(s[0], in, sizeof in);
            if (got <= 0) break;
            for (long i = 0; i < got; i++) wrong += in[i] != (unsigned char)(((received + i) * 13 >> 3) + 1);
            received += got;
        }
    }
    T("sent %ld, received %ld, wrong %ld", sent, received, wrong);
    fcntl(s[0], F_SETFL, 0);
    SHOW(read(s[0], in, 1));
    reap("child", child);
}
