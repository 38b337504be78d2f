// memfd_create and its seals.
#include "../common.h"

TEST {
    int fd = (int)MUST(memfd_create("name", MFD_ALLOW_SEALING | MFD_CLOEXEC));
    struct stat status;
    fstat(fd, &status);
    T("%o links %ld size %ld", status.st_mode, (long)status.st_nlink, (long)status.st_size);
    SHOW(fcntl(fd, F_GETFD));
    SHOW(fcntl(fd, F_GET_SEALS));
    SHOW(write(fd, "0123456789", 10));
    SHOW(fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK));
    SHOW(ftruncate(fd, 5));
    SHOW(ftruncate(fd, 20));
    SHOW(fcntl(fd, F_ADD_SEALS, F_SEAL_GROW));
    SHOW(ftruncate(fd, 30));
    SHOW(pwrite(fd, "abc", 3, 0));
    SHOW(pwrite(fd, "abc", 3, 18));
    SHOW(pwrite(fd, "abc", 3, 20));
    SHOW(fallocate(fd, 0, 0, 100));
    char *map = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    SHOW(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE));
    munmap(map, 4096);
    SHOW(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE));
    SHOW(write(fd, "x", 1));
    SHOW(fallocate(fd, 3, 0, 4096));
    CHECK(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) == MAP_FAILED && errno == EPERM);
    CHECK(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0) != MAP_FAILED);
    map = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
    CHECK(map != MAP_FAILED);
    if (map != MAP_FAILED) SHOW(mprotect(map, 4096, PROT_READ | PROT_WRITE));
    SHOW(fcntl(fd, F_GET_SEALS));
    SHOW(fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL));
    SHOW(fcntl(fd, F_ADD_SEALS, F_SEAL_GROW));
    SHOW(fcntl(fd, F_GET_SEALS));
    int plain = (int)MUST(memfd_create("plain", 0));
    SHOW(fcntl(plain, F_GET_SEALS));
    SHOW(fcntl(plain, F_ADD_SEALS, F_SEAL_GROW));
    int future = (int)MUST(memfd_create("f", MFD_ALLOW_SEALING));
    MUST(ftruncate(future, 4096));
    map = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, future, 0);
    SHOW(fcntl(future, F_ADD_SEALS, F_SEAL_FUTURE_WRITE));
    map[0] = 'm';
    SHOW(write(future, "x", 1));
    SHOW(fcntl(future, F_ADD_SEALS, 0x1000));
    SHOW(memfd_create("x", 0x8000));
    SHOW(memfd_create(BAD, 0));
    char name[260];
    memset(name, 'n', sizeof name);
    name[249] = 0;
    SUCCEEDSN("name of 249", memfd_create(name, 0));
    name[249] = 'n'; name[250] = 0;
    SUCCEEDSN("name of 250", memfd_create(name, 0));
    // read only reopening does not add seals
    char path[64];
    int seal = (int)MUST(memfd_create("s", MFD_ALLOW_SEALING));
    snprintf(path, sizeof path, "/proc/self/fd/%d", seal);
    int reader = (int)MUST(open(path, O_RDONLY));
    SHOW(fcntl(reader, F_ADD_SEALS, F_SEAL_GROW));
}
