// getrandom, /dev/urandom and their likes.
#include "../tasks.h"
#include <sys/random.h>

static bool varied(const unsigned char *data, size_t size) {
    int seen[256] = {0}, kinds = 0;
    for (size_t i = 0; i < size; i++) kinds += !seen[data[i]]++;
    return kinds > 100;
}

TEST {
    static unsigned char a[1024], b[1024], big[1 << 17];
    SHOW(getrandom(a, sizeof a, 0));
    SHOW(getrandom(b, sizeof b, GRND_NONBLOCK));
    CHECK(varied(a, sizeof a) && varied(b, sizeof b) && memcmp(a, b, sizeof a));
    SHOW(getrandom(a, 16, GRND_RANDOM));
    SHOW(getrandom(a, 16, 4)); // GRND_INSECURE
    SHOW(getrandom(a, 16, GRND_RANDOM | 4));
    SHOW(getrandom(a, 16, 8));
    SHOW(getrandom(a, 0, 0));
    SHOW(RAW(SYS_getrandom, BAD, 16, 0));
    SHOW(getrandom(big, sizeof big, 0));
    IN_CHILD("child's differ", MUST(getrandom(b, 16, 0)); MUST(getrandom(a, 16, 0)); CHECK(memcmp(a, b, 16)));
    static const char *names[] = {"/dev/urandom", "/dev/random"};
    for (int i = 0; i < 2; i++) {
        int fd = (int)MUST(open(names[i], O_RDONLY));
        memset(a, 0, sizeof a);
        SHOW(read(fd, a, sizeof a));
        CHECK(varied(a, sizeof a));
        SHOW(lseek(fd, 5, SEEK_SET) >= 0);
        struct pollfd poller = {fd, POLLIN, 0};
        SHOW(poll(&poller, 1, 0));
        struct stat status;
        fstat(fd, &status);
        CHECK(S_ISCHR(status.st_mode));
        close(fd);
    }
    int fd = (int)MUST(open("/proc/sys/kernel/random/uuid", O_RDONLY));
    char first[64] = "", second[64] = "";
    SHOW(read(fd, first, 63));
    fd = (int)MUST(open("/proc/sys/kernel/random/uuid", O_RDONLY));
    SHOW(read(fd, second, 63));
    CHECK(first[8] == '-' && first[13] == '-' && first[36] == '\n' && strcmp(first, second));
    fd = (int)MUST(open("/proc/sys/kernel/random/boot_id", O_RDONLY));
    SHOW(read(fd, first, 63));
}
