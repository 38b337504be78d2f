// /proc as a file system: what cannot be made or changed, reading by pieces, writing to comm and oom_score_adj, magic links.
#include "../tasks.h"

static void show_value(const char *path) {
    char text[64] = "";
    int fd = open(path, O_RDONLY);
    ssize_t got = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
    if (got < 0) T("%s: %s", path, errno_name(errno));
    else T("%s: %.*s", path, (int)strcspn(text, "\n"), text);
    close(fd);
}

TEST {
    char text[4096], again[4096], path[64];
    // nothing can be made, removed, renamed; a name that is not there stays unknown
    SHOW(open("/proc/new", O_CREAT | O_RDWR, 0600));
    SHOW(open("/proc/self/new", O_CREAT | O_RDWR, 0600));
    SHOW(open("/proc/sys/new", O_CREAT | O_RDWR, 0600));
    SHOW(mkdir("/proc/new", 0700));
    SHOW(mkdir("/proc/sys/new", 0700));
    SHOW(symlink("a", "/proc/new"));
    SHOW(rename("/proc/self/stat", "/proc/self/new"));
    SHOW(unlink("/proc/self/stat"));
    SHOW(rmdir("/proc/self/task"));
    SHOW(unlink("/proc/self/fd/0"));
    SHOW(chmod("/proc/self/stat", 0600));
    SHOW(chmod("/proc/sys/kernel/ostype", 0600));
    SHOW(open("/proc/sys/kernel/ostype", O_RDWR));
    SHOW(open("/proc/self/fd/999", O_RDONLY));
    SHOW(open("/proc/self/task/0", O_RDONLY));
    SHOW(open("/proc/01/stat", O_RDONLY));

    // one state of a text for a reader in pieces; a new one from the beginning
    int fd = (int)MUST(open("/proc/self/status", O_RDONLY));
    ssize_t whole = MUST(read(fd, text, sizeof text));
    MUST(lseek(fd, 0, SEEK_SET));
    ssize_t used = 0, got;
    while ((got = read(fd, again + used, 7)) > 0) used += got;
    CHECK(used == whole);
    prctl(PR_SET_NAME, "first");
    pread(fd, text, 12, 0);
    show_text("status", text, 12);
    prctl(PR_SET_NAME, "second");
    pread(fd, text, 12, 0);
    show_text("status", text, 12);
    SHOW(lseek(fd, 0, SEEK_END));
    SHOW(lseek(fd, -1, SEEK_SET));
    SHOW(lseek(fd, 1 << 20, SEEK_SET));
    SHOW(read(fd, text, 10));
    SHOW(write(fd, "x", 1));
    struct stat status;
    MUST(fstat(fd, &status));
    T("%o size %ld blocks %ld", status.st_mode, (long)status.st_size, (long)status.st_blocks);

    fd = (int)MUST(open("/proc/self/comm", O_RDWR | O_TRUNC));
    SHOW(write(fd, "more than fifteen bytes\n", 24));
    show_value("/proc/self/comm");
    SHOW(write(fd, "two\nlines", 9));
    show_value("/proc/self/comm");
    pid_t child = SPAWN({ pause(); });
    snprintf(path, sizeof path, "/proc/%d/comm", child);
    int other = (int)MUST(open(path, O_RDWR));
    SHOW(write(other, "no", 2));
    kill(child, SIGKILL);
    reap("child", child);
    SHOW(read(other, text, 10));
    SHOW(pread(other, text, 10, 0));

    fd = (int)MUST(open("/proc/self/oom_score_adj", O_RDWR));
    SHOW(write(fd, "100", 3));
    SHOW(write(fd, "0x1f\n", 5));
    show_value("/proc/self/oom_score_adj");
    SHOW(write(fd, "abc", 3));
    SHOW(write(fd, "1001", 4));
    SHOW(write(fd, "-1001", 5));
    fd = (int)MUST(open("/proc/self/coredump_filter", O_RDWR));
    SHOW(write(fd, "0x7f", 4));
    show_value("/proc/self/coredump_filter");
    fd = (int)MUST(open("/proc/self/timerslack_ns", O_RDWR));
    SHOW(write(fd, "60000", 5));
    show_value("/proc/self/timerslack_ns");
    SHOW(write(fd, "0", 1));
    show_value("/proc/self/timerslack_ns");
    show_value("/proc/self/personality");
    show_value("/proc/self/attr/current");
    show_value("/proc/sys/kernel/ostype");
    show_value("/proc/sys/kernel/cap_last_cap");
    show_value("/proc/sys/fs/nr_open");

    // memory as a file
    static char here[] = "these bytes";
    fd = (int)MUST(open("/proc/self/mem", O_RDWR));
    SHOW(pread(fd, text, 11, (off_t)here));
    show_text("mem", text, 11);
    SHOW(pwrite(fd, "THOSE", 5, (off_t)here));
    show_text("mem", here, 11);
    SHOW(pread(fd, text, 11, 16));
    char *map = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    MUST(munmap(map + 4096, 4096));
    SHOW(pread(fd, text, 100, (off_t)(map + 4090)));
    SHOW(lseek(fd, 0, SEEK_END));
    map[0] = 1;
    fd = (int)MUST(open("/proc/self/pagemap", O_RDONLY));
    unsigned long word = 0;
    SHOW(pread(fd, &word, 8, (off_t)((unsigned long)map / 4096 * 8)));
    FACT("present", word >> 63);
    SHOW(pread(fd, &word, 7, 0));
    SHOW(pread(fd, &word, 8, 1));

    // links lead to objects
    int ends[2];
    MUST(pipe(ends));
    snprintf(path, sizeof path, "/proc/self/fd/%d", ends[0]);
    CHECK(stat(path, &status) == 0 && S_ISFIFO(status.st_mode));
    ino_t inode = status.st_ino;
    CHECK(fstat(ends[1], &status) == 0 && status.st_ino == inode);
    fd = (int)MUST(open("/proc/self/ns/uts", O_RDONLY));
    CHECK(fstat(fd, &status) == 0 && stat("/proc/thread-self/ns/uts", &(struct stat){0}) == 0);
    SHOW(read(fd, text, 1));
    MUST(mkdir("d", 0755));
    MUST(chdir("d"));
    MUST(rmdir("../d"));
    CHECK(stat("/proc/self/cwd", &status) == 0);
    memset(text, 0, sizeof text);
    MUST(readlink("/proc/self/cwd", text, sizeof text));
    FACT("deleted", strstr(text, "/d (deleted)") != NULL);
    SHOW(open("/proc/self/cwd/x", O_CREAT | O_RDWR, 0600));
    SHOW(open("/proc/self/exe", O_RDWR | O_NOFOLLOW));
}
