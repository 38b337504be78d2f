// What is made in a directory with a default access control list.
#include "../common.h"
#include "../acl_helpers.h"

static void make_all(const char *what) {
    static int turn;
    char path[64];
    printf("-- %s\n", what);
    turn++;
#define NAMED(kind) (snprintf(path, sizeof path, "d/" kind "%d", turn), path)
    close((int)MUST(open(NAMED("open"), O_CREAT | O_WRONLY, 0666))), acl_show(path);
    close((int)MUST(open(NAMED("closed"), O_CREAT | O_WRONLY, 0600))), acl_show(path);
    close((int)MUST(open(NAMED("executable"), O_CREAT | O_WRONLY, 04777))), acl_show(path);
    MUST(mkdir(NAMED("directory"), 0777)), acl_show(path);
    MUST(mkdir(NAMED("private"), 0700)), acl_show(path);
    MUST(mknod(NAMED("node"), S_IFREG | 0666, 0)), acl_show(path);
    MUST(mkfifo(NAMED("fifo"), 0620)), acl_show(path);
    MUST(symlink("target", NAMED("symlink"))), acl_show(path);
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    int sock = (int)MUST(socket(AF_UNIX, SOCK_STREAM, 0));
    strcpy(name.sun_path, NAMED("socket"));
    MUST(bind(sock, (struct sockaddr *)&name, sizeof name));
    close(sock), acl_show(path);
    int fd = open("d", O_TMPFILE | O_RDWR, 0666);
    if (fd < 0) return;
    char link_path[64];
    snprintf(link_path, sizeof link_path, "/proc/self/fd/%d", fd);
    MUST(linkat(AT_FDCWD, link_path, AT_FDCWD, NAMED("temporary"), AT_SYMLINK_FOLLOW));
    close(fd), acl_show(path);
}

TEST {
    NEED_ACLS();
    MUST(mkdir("d", 0755));
    umask(027);
    make_all("no list, umask 027");
    SHOW(acl_set("d", DEFAULT_LIST, "u::rwx u:501:rwx g::r-x m::rwx o::---"));
    make_all("a list: the umask does not count");
    umask(0777);
    SHOW(acl_set("d", DEFAULT_LIST, "u::rw- g::rwx o::r--"));
    make_all("a list without names");
    SHOW(acl_set("d", DEFAULT_LIST, "u::rwx g::rw- g:77:rwx m::r-x o::--x"));
    SHOW(acl_set("d", ACCESS_LIST, "u::rwx g::rwx g:77:r-x m::rwx o::--x"));
    make_all("a narrow mask, and a list of its own");
    MUST(chmod("d", 02775));
    make_all("with set-group-id");
    // further down
    SHOW(mkdir("d/down", 0777));
    SHOW(mkdir("d/down/deeper", 0770));
    close((int)MUST(open("d/down/deeper/file", O_CREAT | O_WRONLY, 0666)));
    acl_show("d/down");
    acl_show("d/down/deeper");
    acl_show("d/down/deeper/file");
    // what is moved in keeps its own
    umask(022);
    make_file("outside", "");
    MUST(rename("outside", "d/moved"));
    acl_show("d/moved");
    SHOW(removexattr("d", DEFAULT_LIST));
    close((int)MUST(open("d/after", O_CREAT | O_WRONLY, 0666)));
    acl_show("d/after");
}
