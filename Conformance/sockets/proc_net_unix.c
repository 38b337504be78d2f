// /proc/net/unix: the lines of this program's sockets.
#include "../common.h"
#include "../unix_helpers.h"

/// Prints the columns of the lines whose name or inode is this one, without what differs from run to run.
static void show_lines(const char *label, unsigned long inode, const char *name) {
    char line[512];
    FILE *file = fopen("/proc/net/unix", "r");
    if (!file) { T("%s", errno_name(errno)); return; }
    MUST(fgets(line, sizeof line, file) ? 0 : -1);
    while (fgets(line, sizeof line, file)) {
        unsigned references, protocol, flags, type, state;
        unsigned long number;
        char path[256] = "";
        if (sscanf(line, "%*[^:]: %X %X %X %X %X %lu %255s", &references, &protocol, &flags, &type, &state, &number, path) < 6) continue;
        if (number != inode && !(name && !strcmp(path, name))) continue;
        T("%s: protocol %u flags %#x type %u state %u inode %s name %s", label, protocol, flags, type, state, number == inode ? "as expected" : number ? "other" : "0", *path ? path : "none");
    }
    fclose(file);
}
static unsigned long inode_of(int fd) {
    struct stat status;
    MUST(fstat(fd, &status));
    return status.st_ino;
}

TEST {
    int pair[2];
    MUST(socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
    show_lines("pair", inode_of(pair[0]), NULL);
    MUST(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair));
    show_lines("packets", inode_of(pair[1]), NULL);
    int plain = (int)MUST(socket(AF_UNIX, SOCK_STREAM, 0));
    show_lines("new", inode_of(plain), NULL);
    struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "name"};
    MUST(bind(plain, (void *)&address, sizeof address));
    show_lines("bound", inode_of(plain), NULL);
    MUST(listen(plain, 5));
    show_lines("listening", inode_of(plain), NULL);
    int client = (int)MUST(socket(AF_UNIX, SOCK_STREAM, 0));
    MUST(connect(client, (void *)&address, sizeof address));
    show_lines("client", inode_of(client), NULL);
    int server = (int)MUST(accept(plain, NULL, NULL));
    show_lines("accepted", inode_of(server), NULL);
    int datagrams = (int)MUST(socket(AF_UNIX, SOCK_DGRAM, 0));
    show_lines("datagrams", inode_of(datagrams), NULL);
    struct sockaddr_un abstract = {.sun_family = AF_UNIX};
    memcpy(abstract.sun_path + 1, "conformance", 11);
    abstract.sun_path[13] = 'x';
    MUST(bind(datagrams, (void *)&abstract, (socklen_t)offsetof(struct sockaddr_un, sun_path) + 14));
    show_lines("abstract", inode_of(datagrams), NULL);
    close(server);
    show_lines("hung up", inode_of(client), NULL);
}
