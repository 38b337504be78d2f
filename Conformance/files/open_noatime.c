// O_NOATIME is for the owner only.
#define CONF_AS_USER
#include "../common.h"

TEST {
    make_file("f", "x");
    SUCCEEDS(open("f", O_RDONLY | O_NOATIME));
    // A file of root's, readable by all. The caller is never root here.
    SHOW(open("/etc/passwd", O_RDONLY | O_NOATIME));
    int fd = (int)SUCCEEDS(open("/etc/passwd", O_RDONLY));
    SHOW(fcntl(fd, F_SETFL, O_NOATIME));
    fd = (int)MUST(open("f", O_RDONLY));
    SHOW(fcntl(fd, F_SETFL, O_NOATIME));
    SHOW(fcntl(fd, F_GETFL) & O_NOATIME ? 1 : 0);
}
