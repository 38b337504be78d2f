// Opening a pty: lock, name, number, modes of the node, who sees what before.
#include "../common.h"
#include "../pty_helpers.h"

TEST {
    int master = (int)MUST(open("/dev/ptmx", O_RDWR | O_NOCTTY)), number = -1, lock = -1;
    SHOW(isatty(master));
    SHOW(ioctl(master, TIOCGPTN, &number));
    CHECK(number >= 0);
    char name[64], expected[64];
    snprintf(expected, sizeof expected, "/dev/pts/%d", number);
    SHOW(ptsname_r(master, name, sizeof name));
    CHECK(strcmp(name, expected) == 0);
    SHOWN("open while locked", open(name, O_RDWR | O_NOCTTY));
    SHOW(ioctl(master, TIOCGPTLCK, &lock));
    T("lock %d", lock);
    SHOW(unlockpt(master));
    SHOW(ioctl(master, TIOCGPTLCK, &lock));
    T("lock %d", lock);
    int slave = (int)SUCCEEDSN("open", open(name, O_RDWR | O_NOCTTY));
    SHOW(isatty(slave));
    SHOW(ioctl(slave, TIOCGPTN, &number));
    struct stat status, other;
    MUST(fstat(slave, &status));
    T("%s, major %u, minor is the number %d, mine %d", type_name(status.st_mode), (unsigned)(status.st_rdev >> 8 & 0xfff), (int)(status.st_rdev & 0xff) == number,
      status.st_uid == geteuid());
    MUST(stat(name, &other));
    CHECK(other.st_ino == status.st_ino && other.st_rdev == status.st_rdev);
    MUST(stat("/dev/ptmx", &other));
    T("ptmx %x", (unsigned)other.st_rdev);
    int peer = (int)SUCCEEDS(ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC));
    if (peer >= 0) { SHOW(fcntl(peer, F_GETFD)); SHOW(isatty(peer)); }
    char text[64], path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", slave);
    ssize_t length = readlink(path, text, sizeof text - 1);
    text[length < 0 ? 0 : length] = 0;
    CHECK(strcmp(text, name) == 0);
    char slaveName[64] = "";
    SHOW(ttyname_r(slave, slaveName, sizeof slaveName));
    CHECK(strcmp(slaveName, name) == 0);
    int second = (int)MUST(posix_openpt(O_RDWR | O_NOCTTY)), secondNumber = -1;
    ioctl(second, TIOCGPTN, &secondNumber);
    CHECK(secondNumber != number);
    SHOW(lseek(slave, 0, SEEK_SET));
    SHOW(ftruncate(slave, 0));
    SHOW(ioctl(slave, TIOCGPTN, BAD));
    SHOW(ioctl(master, TIOCGPTN, BAD));
    SHOW(ioctl(slave, 0x5499, 0));
    if (peer >= 0) close(peer);
    close(master);
    // the open slave keeps the number from being used again meanwhile
    SHOWN("open after the master closed", open(name, O_RDWR | O_NOCTTY));
    SHOW(access(name, F_OK));
}
