// memfd: shared memory passed between processes, seals, names.
#include "../tasks.h"

TEST {
    SHOW(memfd_create("name", 0x1000));
    SHOW(RAW(SYS_memfd_create, BAD, 0));
    SHOW(RAW(SYS_memfd_create, "huge", 4 | 12 << 26)); // MFD_HUGETLB with a size that no machine has
    SHOW(RAW(SYS_memfd_create, "huge", 4 | 31u << 26));
    char name[300];
    memset(name, 'n', sizeof name);
    name[249] = 0;
    SUCCEEDS(memfd_create(name, 0));
    name[249] = 'n';
    name[250] = 0;
    SHOW(memfd_create(name, 0));
    int fd = (int)MUST(memfd_create("area", MFD_CLOEXEC | MFD_ALLOW_SEALING));
    SHOW(fcntl(fd, F_GETFD));
    SHOW((fcntl(fd, F_GETFL) & O_ACCMODE) == O_RDWR);
    char path[64], target[128] = "";
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    MUST(readlink(path, target, sizeof target - 1));
    T("%s", target);
    struct stat status;
    MUST(fstat(fd, &status));
    T("mode %o, links %lu, size %ld", status.st_mode, (unsigned long)status.st_nlink, (long)status.st_size);
    MUST(ftruncate(fd, 2 * PAGE));
    char *map = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    show_maps("mapped", map, 2 * PAGE);
    strcpy(map, "shared memory");

    // Handed to a process that is no child: over a socket.
    int pair[2];
    MUST(socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
    struct gate sent = make_gate();
    pid_t receiver = SPAWN({
        gate_wait(sent);
        munmap(map, 2 * PAGE);
        close(fd);
        char byte, control[CMSG_SPACE(sizeof(int))];
        struct iovec vector = {&byte, 1};
        struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
        MUST(recvmsg(pair[1], &message, 0));
        int got;
        memcpy(&got, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof got);
        char *mine = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, got, 0);
        T("receiver reads %s", mine);
        strcpy(mine + PAGE, "answer");
    });
    IN_CHILD("sender", {
        char byte = 'x', control[CMSG_SPACE(sizeof(int))];
        struct iovec vector = {&byte, 1};
        struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
        struct cmsghdr *header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET, header->cmsg_type = SCM_RIGHTS, header->cmsg_len = CMSG_LEN(sizeof(int));
        memcpy(CMSG_DATA(header), &fd, sizeof fd);
        MUST(sendmsg(pair[0], &message, 0));
    });
    gate_open(sent);
    reap("receiver", receiver);
    T("back: %s", map + PAGE);

    // Reopened through /proc: a description of its own.
    int again = (int)MUST(open(path, O_RDONLY));
    char text[32] = "";
    SHOW(read(again, text, 6));
    SHOW(lseek(fd, 0, SEEK_CUR));
    SHOW(write(again, "x", 1));

    SHOW(fcntl(fd, F_GET_SEALS));
    SHOW(fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK));
    SHOW(ftruncate(fd, PAGE));
    SHOW(ftruncate(fd, 3 * PAGE));
    SHOW(fcntl(fd, F_ADD_SEALS, F_SEAL_GROW));
    SHOW(ftruncate(fd, 4 * PAGE));
    SHOW(pwrite(fd, "x", 1, 3 * PAGE));
    SHOW(pwrite(fd, "x", 1, 0));
    SHOW(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE)); // mapped writable
    munmap(map, 2 * PAGE);
    SHOW(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE));
    SHOW(write(fd, "x", 1));
    MAPS(mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
    char *readOnly = MAPS(mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 0));
    SHOW(mprotect(readOnly, PAGE, PROT_READ | PROT_WRITE));
    MAPS(mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0));
    SHOW(fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL));
    SHOW(fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK));
    SHOW(fcntl(fd, F_GET_SEALS));
    SHOW(fcntl(fd, F_ADD_SEALS, 0x1000));
    int plain = (int)MUST(memfd_create("plain", 0));
    SHOW(fcntl(plain, F_GET_SEALS));
    SHOW(fcntl(plain, F_ADD_SEALS, F_SEAL_WRITE));
    SHOW(fcntl(1, F_GET_SEALS));
}
