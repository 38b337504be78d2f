// What /proc/PID/smaps, smaps_rollup and pagemap tell of another process's pages.
#include "../common.h"

enum { PAGES = 64, PAGE = 4096 };
static volatile char *area;

static bool is_there(int fd, const volatile char *address) {
    uint64_t word = 0;
    MUST(pread(fd, &word, 8, (off_t)((uintptr_t)address / PAGE * 8)));
    return word >> 63;
}

/// A number of kB from a file of fields, of the area that begins at `address` (or the first that has it).
static long field(pid_t pid, const char *file, const volatile char *address, const char *name) {
    char path[64], line[512], start[32];
    snprintf(path, sizeof path, "/proc/%d/%s", pid, file);
    snprintf(start, sizeof start, "%lx-", (unsigned long)address);
    FILE *in = fopen(path, "r");
    if (!in) return -1;
    bool found = address == NULL;
    long value = -2;
    while (fgets(line, sizeof line, in)) {
        if (address && !strncmp(line, start, strlen(start))) found = true;
        if (found && !strncmp(line, name, strlen(name))) { value = atol(line + strlen(name)); break; }
    }
    fclose(in);
    return value;
}

static void look(pid_t pid, const char *label) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/pagemap", pid);
    int fd = (int)MUST(open(path, O_RDONLY));
    T("%s: pages %d%d%d%d, Rss %ld, Anonymous %ld, Size %ld", label, is_there(fd, area), is_there(fd, area + 9 * PAGE), is_there(fd, area + 10 * PAGE),
      is_there(fd, area + (PAGES - 1) * PAGE), field(pid, "smaps", area, "Rss:"), field(pid, "smaps", area, "Anonymous:"), field(pid, "smaps", area, "Size:"));
    CHECK(field(pid, "smaps_rollup", NULL, "Rss:") > 40);
    uint64_t words[4];
    SHOW(pread(fd, words, 5, 0));
    SHOW(pread(fd, words, 16, (off_t)((uintptr_t)area / PAGE * 8)));
    SHOW(pread(fd, words, 8, 0));
    close(fd);
}

static volatile int stop;

TEST {
    int gate[2];
    MUST(pipe(gate));
    area = mmap(NULL, (PAGES + 2) * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    area += PAGE;
    MUST(mprotect((void *)area, PAGES * PAGE, PROT_READ | PROT_WRITE));
    madvise((void *)area, PAGES * PAGE, MADV_NOHUGEPAGE);
    for (int kind = 0; kind < 2; kind++) {
        fflush(stdout);
        pid_t child = fork();
        if (child == 0) {
            for (int i = 0; i < 10; i++) area[i * PAGE] = 1;
            MUST(write(gate[1], "x", 1));
            if (kind == 0) pause();
            for (;;) stop++; // never in a call
        }
        char byte;
        MUST(read(gate[0], &byte, 1));
        look(child, kind ? "running" : "sleeping");
        MUST(kill(child, SIGKILL));
        siginfo_t info;
        MUST(waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT));
        char path[64], text[64];
        snprintf(path, sizeof path, "/proc/%d/smaps", child);
        int fd = open(path, O_RDONLY);
        SHOW(read(fd, text, sizeof text));
        close(fd);
        MUST(waitpid(child, NULL, 0));
    }
}
