// What the Unix socket programs share: addresses, listening and connecting, passing descriptors.
#ifndef CONFORMANCE_UNIX_HELPERS_H
#define CONFORMANCE_UNIX_HELPERS_H

/// Fills an address; a leading '@' means the abstract name space. Gives its exact length.
CONF_FN socklen_t unix_address(struct sockaddr_un *address, const char *name) {
    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    memcpy(address->sun_path, name, strlen(name));
    if (name[0] == '@') {
        address->sun_path[0] = 0;
        return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(name));
    }
    return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(name) + 1);
}
/// A name in the abstract space that no other run has: "@<dir>/name".
CONF_FN const char *abstract(const char *name) {
    static char text[108];
    snprintf(text, sizeof text, "@conf%s/%s", strrchr(conf_dir, '/'), name);
    return text;
}
CONF_FN int unix_bind(int fd, const char *name) {
    struct sockaddr_un address;
    socklen_t length = unix_address(&address, name);
    return bind(fd, (struct sockaddr *)&address, length);
}
CONF_FN int unix_connect(int fd, const char *name) {
    struct sockaddr_un address;
    socklen_t length = unix_address(&address, name);
    return connect(fd, (struct sockaddr *)&address, length);
}
/// A bound, listening socket.
CONF_FN int unix_listen(int type, const char *name, int backlog) {
    int fd = (int)MUST(socket(AF_UNIX, type, 0));
    MUST(unix_bind(fd, name));
    MUST(listen(fd, backlog));
    return fd;
}
/// Prints an address as the calls give it.
CONF_FN void show_address(const char *label, const struct sockaddr_un *address, socklen_t length) {
    if (length <= offsetof(struct sockaddr_un, sun_path)) { T("%s: unnamed, length %u, family %d", label, length, length >= 2 ? address->sun_family : -1); return; }
    size_t rest = length - offsetof(struct sockaddr_un, sun_path);
    if (address->sun_path[0]) T("%s: path %.*s, length %u", label, (int)rest, address->sun_path, length);
    else {
        const char *slash = memrchr(address->sun_path, '/', rest);
        if (slash) T("%s: abstract .../%.*s", label, (int)(address->sun_path + rest - slash - 1), slash + 1);
        else T("%s: abstract of %zu bytes", label, rest - 1);
    }
}
CONF_FN void show_name(const char *label, int fd) {
    struct sockaddr_un address = {0};
    socklen_t length = sizeof address;
    if (getsockname(fd, (struct sockaddr *)&address, &length)) T("%s: %s", label, errno_name(errno));
    else show_address(label, &address, length);
}
CONF_FN void show_peer(const char *label, int fd) {
    struct sockaddr_un address = {0};
    socklen_t length = sizeof address;
    if (getpeername(fd, (struct sockaddr *)&address, &length)) T("%s: %s", label, errno_name(errno));
    else show_address(label, &address, length);
}
/// Sends text with descriptors. As sendmsg.
CONF_FN long send_fds(int fd, const char *text, const int *fds, int count) {
    static char control[CMSG_SPACE(sizeof(int) * 300)] __attribute__((aligned(8)));
    struct iovec part = {(void *)(uintptr_t)text, strlen(text)};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = CMSG_SPACE(sizeof(int) * (size_t)count)};
    struct cmsghdr *header = (struct cmsghdr *)control;
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int) * (size_t)count);
    memcpy(CMSG_DATA(header), fds, sizeof(int) * (size_t)count);
    return sendmsg(fd, &message, MSG_NOSIGNAL);
}
CONF_FN const char *msg_names(int flags) {
    static const struct conf_bit bits[] = {{MSG_TRUNC, "TRUNC"}, {MSG_CTRUNC, "CTRUNC"}, {MSG_EOR, "EOR"}, {MSG_CMSG_CLOEXEC, "CMSG_CLOEXEC"}, {MSG_OOB, "OOB"}};
    return bit_names((unsigned)flags, bits, 5);
}
/// Receives with room for this many bytes of control data; prints data, flags and how many descriptors came,
/// which are put into `fds` (300 places). Gives their number, or -1.
CONF_FN int receive_fds(const char *label, int fd, size_t room, size_t controlRoom, int flags, int *fds) {
    static char data[4096], control[CMSG_SPACE(sizeof(int) * 300)] __attribute__((aligned(8)));
    struct iovec part = {data, room};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = controlRoom};
    long got = recvmsg(fd, &message, flags);
    show_text(label, data, got);
    if (got < 0) return -1;
    int count = 0;
    for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header; header = CMSG_NXTHDR(&message, header)) {
        if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
        int here = (int)((header->cmsg_len - CMSG_LEN(0)) / sizeof(int));
        memcpy(fds + count, CMSG_DATA(header), sizeof(int) * (size_t)here);
        count += here;
    }
    T("  flags %s, descriptors %d", msg_names(message.msg_flags), count);
    return count;
}
#endif
