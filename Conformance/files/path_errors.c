// ENOTDIR, ENAMETOOLONG, empty paths, trailing slashes, dot and dotdot in every position.
#include "../common.h"

static void try(const char *path) {
    struct stat status;
    int result = stat(path, &status);
    T("stat %s: %s", path, result < 0 ? errno_name(errno) : type_name(status.st_mode));
}

TEST {
    MUST(mkdir("d", 0755));
    MUST(mkdir("d/e", 0755));
    make_file("f", "");
    make_file("d/f", "");
    const char *paths[] = {"", ".", "..", "/", "//", "/..", "/../..", "./", "./.", "d/", "d//", "d/.", "d/./", "d/..", "d/../", "d//e",
        "d/e/../../f", "./././d/./e/.", "f", "f/", "f//", "f/.", "f/..", "f/x", "f/./x", "d/f/", "missing", "missing/", "missing/.",
        "missing/..", "missing/../f", "d/missing/../f", "f/../f", "...", "d/...", " ", "d /"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) try(paths[i]);
    char name[300], *path = malloc(5000);
    memset(name, 'n', sizeof name);
    for (int length = 254; length <= 257; length++) {
        name[length] = 0;
        int fd = open(name, O_CREAT | O_RDWR, 0644);
        T("name of %d: %s", length, fd < 0 ? errno_name(errno) : "made");
        if (fd >= 0) unlink(name);
        struct stat status;
        T("  stat: %s", stat(name, &status) < 0 ? errno_name(errno) : "there");
        T("  mkdir: %s", mkdir(name, 0755) < 0 ? errno_name(errno) : "made");
        rmdir(name);
        T("  symlink: %s", symlink("x", name) < 0 ? errno_name(errno) : "made");
        unlink(name);
        name[length] = 'n';
    }
    name[256] = 0;
    snprintf(path, 5000, "missing/%s", name);
    T("long below missing: %s", access(path, F_OK) ? errno_name(errno) : "there");
    snprintf(path, 5000, "f/%s", name);
    T("long below a file: %s", access(path, F_OK) ? errno_name(errno) : "there");
    // A path of 4095 bytes passes, one of 4096 does not (the terminator counts).
    for (int length = 4094; length <= 4097; length++) {
        for (int i = 0; i < length; i++) path[i] = i % 2 ? '/' : '.';
        path[length] = 0;
        if (path[length - 1] == '/') path[length - 1] = '/';
        T("path of %d: %s", length, access(path, F_OK) ? errno_name(errno) : "there");
    }
    memset(path, '/', 4500);
    path[4500] = 0;
    SHOWN("4500 slashes", access(path, F_OK));
    // A path that ends at the end of its page, and one that runs on into nothing.
    char *page = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    munmap(page + 4096, 4096);
    memcpy(page + 4096 - 4, "d/e", 4);
    SHOWN("path at the page's end", access(page + 4096 - 4, F_OK));
    memcpy(page + 4096 - 4, "d//e", 4);
    SHOWN("path over the page's end", access(page + 4096 - 4, F_OK));
}
