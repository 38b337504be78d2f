// Reads and writes around page boundaries keep every byte.
#include "../common.h"

TEST {
    int fd = (int)MUST(open("f", O_RDWR | O_CREAT, 0644));
    enum { SIZE = 5 * 4096 + 123 };
    static unsigned char model[SIZE], data[SIZE + 100];
    unsigned state = 12345;
    int wrong = 0;
    for (int round = 0; round < 600; round++) {
        state = state * 1103515245 + 12345;
        unsigned at = (state >> 8) % SIZE, length = (state >> 20) % 9000;
        if (round % 3 == 0) at = at / 4096 * 4096 - (at >= 4096 ? round % 5 : 0);
        if (at + length > SIZE) length = SIZE - at;
        switch (round % 4) {
        case 0: case 1:
            for (unsigned i = 0; i < length; i++) model[at + i] = (unsigned char)(round + i * 7);
            wrong += pwrite(fd, model + at, length, at) != (long)length;
            break;
        case 2: {
            unsigned half = length / 2;
            struct iovec parts[2] = {{data, half}, {data + half, length - half}};
            for (unsigned i = 0; i < length; i++) data[i] = model[at + i] = (unsigned char)(round * 3 + i);
            wrong += pwritev(fd, parts, 2, at) != (long)length;
            break;
        }
        case 3: {
            memset(data, 0xee, sizeof data);
            long got = pread(fd, data, length, at);
            struct stat status;
            fstat(fd, &status);
            long expected = status.st_size <= at ? 0 : status.st_size - at < length ? status.st_size - at : length;
            wrong += got != expected || memcmp(data, model + at, (size_t)expected) != 0;
            wrong += data[got] != 0xee;
            break;
        }
        }
        if (round % 50 == 49) {
            unsigned cut = (state >> 4) % SIZE;
            MUST(ftruncate(fd, cut));
            memset(model + cut, 0, SIZE - cut);
        }
    }
    T("wrong: %d", wrong);
    MUST(ftruncate(fd, SIZE));
    SHOW(pread(fd, data, SIZE, 0));
    CHECK(memcmp(data, model, SIZE) == 0);
    CHECK(lseek(fd, 0, SEEK_END) == SIZE);
}
