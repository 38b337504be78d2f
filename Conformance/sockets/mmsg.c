// sendmmsg and recvmmsg.
#include "../common.h"
#include "../unix_helpers.h"

TEST {
    int s[2];
    char buffers[5][16];
    struct iovec out[5] = {{"a", 1}, {"bb", 2}, {"ccc", 3}, {"", 0}, {"eeeee", 5}}, in[5];
    struct mmsghdr send[5], receive[5];
    memset(send, 0, sizeof send);
    memset(receive, 0, sizeof receive);
    for (int i = 0; i < 5; i++) {
        in[i] = (struct iovec){buffers[i], 4};
        send[i].msg_hdr.msg_iov = &out[i];
        send[i].msg_hdr.msg_iovlen = 1;
        receive[i].msg_hdr.msg_iov = &in[i];
        receive[i].msg_hdr.msg_iovlen = 1;
    }
    MUST(socketpair(AF_UNIX, SOCK_DGRAM, 0, s));
    SHOW(sendmmsg(s[0], send, 5, 0));
    T("%u %u %u %u %u", send[0].msg_len, send[1].msg_len, send[2].msg_len, send[3].msg_len, send[4].msg_len);
    SHOW(recvmmsg(s[1], receive, 3, 0, NULL));
    for (int i = 0; i < 3; i++) T("%u %.*s", receive[i].msg_len, (int)receive[i].msg_len, buffers[i]);
    SHOW(recvmmsg(s[1], receive, 5, MSG_DONTWAIT, NULL));
    for (int i = 0; i < 2; i++) T("%u %.*s flags %s", receive[i].msg_len, (int)receive[i].msg_len, buffers[i], msg_names(receive[i].msg_hdr.msg_flags));
    SHOW(recvmmsg(s[1], receive, 5, MSG_DONTWAIT, NULL));
    SHOW(sendmmsg(s[0], send, 0, 0));
    SHOW(recvmmsg(s[1], receive, 0, MSG_DONTWAIT, NULL));
    sendmmsg(s[0], send, 2, 0);
    SHOW(recvmmsg(s[1], receive, 5, MSG_WAITFORONE, NULL));
    struct timespec t = {0, 10000000};
    sendmmsg(s[0], send, 1, 0);
    SHOW(recvmmsg(s[1], receive, 1, 0, &t));
    t.tv_nsec = -1;
    SHOW(recvmmsg(s[1], receive, 1, 0, &t));
    send[1].msg_hdr.msg_iov = BAD;
    SHOW(sendmmsg(s[0], send, 5, 0));
    SHOW(sendmmsg(s[0], send + 1, 3, 0));
    SHOW(sendmmsg(s[0], BAD, 1, 0));
    SHOW(recvmmsg(s[1], BAD, 1, 0, NULL));
    SHOW(sendmmsg(99, send, 1, 0));
    SHOW(sendmmsg(0, send, 1, 0));
    // a failure after the first messages is told by their count
    MUST(socketpair(AF_UNIX, SOCK_STREAM, 0, s));
    send[1].msg_hdr.msg_iov = &out[1];
    SHOW(sendmmsg(s[0], send, 3, 0));
    in[0].iov_len = 16;
    SHOW(recvmmsg(s[1], receive, 1, 0, NULL));
    T("%u %.*s", receive[0].msg_len, (int)receive[0].msg_len, buffers[0]);
}
