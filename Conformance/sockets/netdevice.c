// ioctls about network devices on sockets of any family: what is asked of devices that are not there.
#include "../common.h"
#include <net/if.h>

TEST {
    int fd = (int)MUST(socket(AF_UNIX, SOCK_STREAM, 0));
    static const struct { const char *name; unsigned long request; } all[] = {
        {"index", SIOCGIFINDEX}, {"flags", SIOCGIFFLAGS}, {"metric", SIOCGIFMETRIC}, {"mtu", SIOCGIFMTU}, {"address", SIOCGIFHWADDR},
        {"queue", SIOCGIFTXQLEN}, {"map", SIOCGIFMAP},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        struct ifreq request = {.ifr_name = "nothere0"};
        SHOWN(all[i].name, ioctl(fd, all[i].request, &request));
    }
    struct ifreq request = {.ifr_ifindex = 1 << 30};
    SHOW(ioctl(fd, SIOCGIFNAME, &request));
    SHOW(ioctl(fd, SIOCGIFINDEX, BAD));
    SHOW(ioctl(fd, SIOCGIFNAME, BAD));
    char room[10];
    struct ifconf list = {.ifc_len = 10, .ifc_buf = room}; // less than one entry
    SHOW(ioctl(fd, SIOCGIFCONF, &list));
    SHOW(list.ifc_len);
    SHOW(ioctl(fd, SIOCGIFCONF, BAD));
}
