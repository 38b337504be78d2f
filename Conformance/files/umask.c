// umask: returned value, effect on every kind of creation, inheritance.
#include "../common.h"

static void mode(const char *path) {
    struct stat status;
    if (lstat(path, &status) == 0) T("%s: %04o", path, status.st_mode & 07777);
}

TEST {
    SHOW(umask(027));
    SHOW(umask(0777));
    SHOW(umask(07777));
    SHOW(umask(~0u));
    SHOW(umask(0));
    mode_t masks[] = {0, 022, 077, 0777, 0123};
    for (int i = 0; i < 5; i++) {
        T("mask %03o", masks[i]);
        umask(masks[i]);
        char name[8];
        close(open("f", O_CREAT | O_RDWR, 0666));
        mode("f");
        unlink("f");
        close(open("f", O_CREAT | O_RDWR, 07777));
        mode("f");
        mkdir("d", 0777);
        mode("d");
        mkfifo("p", 0666);
        mode("p");
        mknod("n", S_IFREG | 0666, 0);
        mode("n");
        int s = socket(AF_UNIX, SOCK_STREAM, 0);
        struct sockaddr_un address = {AF_UNIX, "s"};
        bind(s, (struct sockaddr *)&address, sizeof address);
        mode("s");
        close(s);
        chmod("n", 0666);
        mode("n");
        for (const char *c = "dfpns"; *c; c++) { snprintf(name, 8, "%c", *c); if (unlink(name)) rmdir(name); }
    }
    umask(026);
    IN_CHILD("child", { T("%03o", umask(0)); });
    T("parent %03o", umask(0));
}
