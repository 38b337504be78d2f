// seccomp_unotify(2): calls that another process decides on.
#include "../tasks.h"
#include <linux/filter.h>
#include <linux/seccomp.h>

#ifndef SECCOMP_IOCTL_NOTIF_SET_FLAGS
#define SECCOMP_IOCTL_NOTIF_SET_FLAGS _IOW('!', 4, uint64_t)
#endif

static long install(unsigned flags, long number, uint32_t action) {
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)number, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, action), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
    struct sock_fprog program = {4, code};
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
}

/// Sends a descriptor of this process to the other.
static void pass(int sock, int fd) {
    char control[CMSG_SPACE(sizeof(int))] __attribute__((aligned(8))) = {0}, byte = 0;
    struct iovec vector = {&byte, 1};
    struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    *CMSG_FIRSTHDR(&message) = (struct cmsghdr){.cmsg_len = CMSG_LEN(sizeof(int)), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
    memcpy(CMSG_DATA(CMSG_FIRSTHDR(&message)), &fd, sizeof fd);
    MUST(sendmsg(sock, &message, 0));
}
static int take(int sock) {
    char control[CMSG_SPACE(sizeof(int))] __attribute__((aligned(8))), byte;
    struct iovec vector = {&byte, 1};
    struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    MUST(recvmsg(sock, &message, 0));
    int fd;
    memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof fd);
    return fd;
}

static volatile sig_atomic_t handled;
static void handler(int number) { (void)number, handled++; }

/// The process whose calls of getppid and mkdir are decided on; prints what they returned.
static void target(int sock, unsigned flags) {
    MUST(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
    int listener = (int)MUST(install(SECCOMP_FILTER_FLAG_NEW_LISTENER | flags, SYS_getppid, SECCOMP_RET_USER_NOTIF));
    pass(sock, listener);
    close(listener);
}

static int pipes[2], sock[2];
/// What the target says.
static void said(const char *format, ...) {
    char text[200];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    MUST(write(pipes[1], text, strlen(text)));
}
static void hear(void) {
    char text[201];
    ssize_t length = MUST(read(pipes[0], text, 200));
    text[length] = 0;
    printf("target: %s\n", text);
}

static long call(void) {
    errno = 0;
    return syscall(SYS_getppid, 11, 22, 33, 44, 55, 66);
}

static const char *events(int fd) {
    struct pollfd entry = {fd, POLLIN | POLLOUT, 0};
    MUST(poll(&entry, 1, 0));
    return poll_names(entry.revents);
}

static int listener;
static pid_t child;
static struct seccomp_notif notice;
static void receive(void) {
    memset(&notice, 0, sizeof notice);
    long result = ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &notice);
    if (result < 0) { T("receive: %s", errno_name(errno)); return; }
    T("received: %s, flags %u, call %d, arch %x, arguments %llu %llu %llu %llu %llu %llu", (pid_t)notice.pid == child ? "the target" : "somebody", notice.flags,
      notice.data.nr, notice.data.arch, (unsigned long long)notice.data.args[0], (unsigned long long)notice.data.args[1], (unsigned long long)notice.data.args[2],
      (unsigned long long)notice.data.args[3], (unsigned long long)notice.data.args[4], (unsigned long long)notice.data.args[5]);
}
static long answer(int64_t value, int error, unsigned flags) {
    struct seccomp_notif_resp response = {.id = notice.id, .val = value, .error = error, .flags = flags};
    return ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &response);
}

static void start(void (*body)(void), unsigned flags) {
    MUST(pipe(pipes));
    MUST(socketpair(AF_UNIX, SOCK_STREAM, 0, sock));
    fflush(stdout);
    child = fork();
    if (child == 0) {
        target(sock[1], flags);
        body();
        _exit(0);
    }
    listener = take(sock[0]);
}
static void finish(void) {
    int status;
    MUST(waitpid(child, &status, 0));
    T("ended with %d", WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status));
    close(listener), close(sock[0]), close(sock[1]), close(pipes[0]), close(pipes[1]);
}

static void several_calls(void) {
    for (int i = 0; i < 5; i++) {
        long result = call();
        said("call %d: %ld %s", i, result == getpid() ? -99 : result, errno ? errno_name(errno) : "");
    }
}
static void descriptors(void) {
    long fd = call();
    said("descriptor %ld, reads %s, close-on-exec %d", fd, fcntl((int)fd, F_GETFL) >= 0 ? "ok" : errno_name(errno), fcntl((int)fd, F_GETFD));
    fd = call();
    said("given %ld, at 50 %s, close-on-exec %d", fd, fcntl(50, F_GETFL) >= 0 ? "ok" : errno_name(errno), fcntl(50, F_GETFD));
}
static void interrupted(void) {
    struct sigaction action = {.sa_handler = handler};
    sigaction(SIGUSR1, &action, NULL);
    action.sa_flags = SA_RESTART;
    sigaction(SIGUSR2, &action, NULL);
    for (int i = 0; i < 2; i++) {
        long result = call();
        said("%ld %s, handlers %d", result, errno ? errno_name(errno) : "", (int)handled);
    }
}
static void waits(void) {
    call();
    said("never");
}
static void one_call(void) {
    long result = call();
    said("%ld %s", result, errno_name(errno));
}
static void inherits(void) {
    pid_t pid = fork();
    if (pid == 0) {
        long result = call();
        said("grandchild: %ld %s", result, errno ? errno_name(errno) : "");
        _exit(0);
    }
    waitpid(pid, NULL, 0);
}
static void no_listener(void) {
    char byte;
    MUST(read(sock[1], &byte, 1));
    long result = call();
    said("without a listener: %ld %s", result, errno_name(errno));
}

TEST {
    uint32_t action = SECCOMP_RET_USER_NOTIF;
    if (syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) < 0) SKIP("no listeners here");
    struct seccomp_notif_sizes sizes;
    SHOW(syscall(SYS_seccomp, SECCOMP_GET_NOTIF_SIZES, 0, &sizes));
    T("%u %u %u", sizes.seccomp_notif, sizes.seccomp_notif_resp, sizes.seccomp_data);
    SHOW(syscall(SYS_seccomp, SECCOMP_GET_NOTIF_SIZES, 1, &sizes));
    SHOW(syscall(SYS_seccomp, SECCOMP_GET_NOTIF_SIZES, 0, BAD));
    IN_CHILD("setting up", {
        MUST(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
        SHOW(install(SECCOMP_FILTER_FLAG_NEW_LISTENER | SECCOMP_FILTER_FLAG_TSYNC, SYS_getppid, SECCOMP_RET_USER_NOTIF));
        SHOW(install(SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV, SYS_getppid, SECCOMP_RET_USER_NOTIF));
        SHOW(install(0, SYS_getsid, SECCOMP_RET_USER_NOTIF));
        SHOW(syscall(SYS_getsid, 0));
        int first = (int)MUST(install(SECCOMP_FILTER_FLAG_NEW_LISTENER, SYS_getppid, SECCOMP_RET_USER_NOTIF));
        SHOW(fcntl(first, F_GETFD));
        SHOW(fcntl(first, F_GETFL) & O_ACCMODE);
        int free_one = dup(0);
        close(free_one);
        SHOW(install(SECCOMP_FILTER_FLAG_NEW_LISTENER, SYS_getppid, SECCOMP_RET_USER_NOTIF));
        CHECK(dup(0) == free_one);
        char text[100] = "";
        char path[64];
        snprintf(path, sizeof path, "/proc/self/fd/%d", first);
        MUST(readlink(path, text, sizeof text - 1));
        T("%s, polls %s", text, events(first));
        SHOW(read(first, text, 10));
        SHOW(write(first, text, 10));
        SHOW(ioctl(first, SECCOMP_IOCTL_NOTIF_SET_FLAGS, 1));
        SHOW(ioctl(first, SECCOMP_IOCTL_NOTIF_SET_FLAGS, 2));
        SHOW(ioctl(first, 0x5401, NULL));
        memset(&notice, 1, sizeof notice);
        SHOW(ioctl(first, SECCOMP_IOCTL_NOTIF_RECV, &notice));
        SHOW(ioctl(first, SECCOMP_IOCTL_NOTIF_RECV, BAD));
        SHOW(ioctl(first, SECCOMP_IOCTL_NOTIF_SEND, BAD));
        close(first);
        SHOW(syscall(SYS_getppid));
        SHOW(install(SECCOMP_FILTER_FLAG_NEW_LISTENER | SECCOMP_FILTER_FLAG_TSYNC | SECCOMP_FILTER_FLAG_TSYNC_ESRCH, SYS_getpgrp, SECCOMP_RET_USER_NOTIF) >= 0);
    });

    T("-- answers");
    start(several_calls, 0);
    receive();
    T("polls %s", events(listener));
    struct seccomp_notif_resp response = {.id = notice.id + 1};
    SHOW(ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &response));
    SHOW(answer(0, 0, 2));
    SHOW(answer(1, 0, SECCOMP_USER_NOTIF_FLAG_CONTINUE));
    SHOW(answer(0, -1, SECCOMP_USER_NOTIF_FLAG_CONTINUE));
    uint64_t id = notice.id;
    SHOW(ioctl(listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &id));
    SHOW(answer(4711, 0, 0));
    hear();
    SHOW(ioctl(listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &id));
    receive();
    CHECK(notice.id != id);
    SHOW(answer(0, -EPERM, 0));
    hear();
    receive();
    SHOW(answer(77, -EXDEV, 0));
    hear();
    receive();
    SHOW(answer(-5, 0, 0));
    hear();
    receive();
    SHOW(answer(0, 0, SECCOMP_USER_NOTIF_FLAG_CONTINUE));
    char line[200] = "";
    MUST(read(pipes[0], line, sizeof line - 1));
    int parent;
    CHECK(sscanf(line, "call 4: %d", &parent) == 1 && parent == getpid());
    // all tasks with the filter are gone
    siginfo_t info;
    MUST(waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT));
    int status;
    MUST(waitpid(child, &status, 0));
    struct pollfd entry = {listener, POLLIN, 0};
    SHOW(poll(&entry, 1, 5000));
    T("polls %s", poll_names(entry.revents));
    memset(&notice, 0, sizeof notice);
    SHOW(ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &notice));
    close(listener), close(sock[0]), close(sock[1]), close(pipes[0]), close(pipes[1]);

    T("-- descriptors");
    start(descriptors, 0);
    receive();
    int file = (int)MUST(open("/dev/null", O_RDONLY));
    struct seccomp_notif_addfd add = {.id = notice.id + 1, .srcfd = (uint32_t)file};
    SHOW(ioctl(listener, SECCOMP_IOCTL_NOTIF_ADDFD, &add));
    add.id = notice.id;
    add.newfd = 9;
    SHOW(ioctl(listener, SECCOMP_IOCTL_NOTIF_ADDFD, &add));
    add.newfd = 0;
    add.flags = 4;
    SHOW(ioctl(listener, SECCOMP_IOCTL_NOTIF_ADDFD, &add));
    add.flags = 0;
    add.newfd_flags = O_NONBLOCK;
    SHOW(ioctl(listener, SECCOMP_IOCTL_NOTIF_ADDFD, &add));
    add.newfd_flags = O_CLOEXEC;
    add.srcfd = 99;
    SHOW(ioctl(listener, SECCOMP_IOCTL_NOTIF_ADDFD, &add));
    add.srcfd = (uint32_t)file;
    long there = ioctl(listener, SECCOMP_IOCTL_NOTIF_ADDFD, &add);
    CHECK(there > 2);
    SHOW(answer(there, 0, 0) * 0);
    hear();
    receive();
    add = (struct seccomp_notif_addfd){.id = notice.id, .srcfd = (uint32_t)file, .newfd = 50, .flags = SECCOMP_ADDFD_FLAG_SETFD | SECCOMP_ADDFD_FLAG_SEND};
    SHOW(ioctl(listener, SECCOMP_IOCTL_NOTIF_ADDFD, &add));
    hear();
    close(file);
    finish();

    T("-- signals");
    start(interrupted, 0);
    receive();
    id = notice.id;
    MUST(kill(child, SIGUSR1));
    hear();
    SHOW(ioctl(listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &id));
    SHOW(answer(1, 0, 0));
    receive();
    id = notice.id;
    MUST(kill(child, SIGUSR2));
    // it starts again, as another request
    receive();
    CHECK(notice.id != id);
    SHOW(answer(2, 0, 0));
    hear();
    finish();
    start(interrupted, SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV);
    receive();
    MUST(kill(child, SIGUSR1));
    settle();
    SHOW(ioctl(listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &notice.id));
    SHOW(answer(3, 0, 0));
    hear();
    receive();
    SHOW(answer(4, 0, 0));
    hear();
    finish();
    start(waits, SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV);
    receive();
    MUST(kill(child, SIGKILL));
    finish();
    start(waits, 0);
    entry = (struct pollfd){listener, POLLIN, 0};
    SHOW(poll(&entry, 1, 5000));
    MUST(kill(child, SIGKILL));
    finish();

    T("-- others");
    start(inherits, 0);
    memset(&notice, 0, sizeof notice);
    MUST(ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &notice));
    CHECK((pid_t)notice.pid != child && (pid_t)notice.pid != getpid());
    SHOW(answer(8, 0, 0));
    hear();
    finish();
    start(no_listener, 0);
    close(listener);
    MUST(write(sock[0], "x", 1));
    hear();
    listener = dup(0);
    finish();
    start(one_call, 0);
    receive();
    close(listener); // while it waits
    hear();
    listener = dup(0);
    finish();
}
