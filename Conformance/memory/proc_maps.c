// /proc/self/maps, smaps, statm: the known mappings and their shape.
#include "../tasks.h"

static bool has_line(const char *text, const char *start) {
    for (const char *line = text; line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL)
        if (!strncmp(line, start, strlen(start))) return true;
    return false;
}
static char text[1 << 20];
static ssize_t slurp(const char *path) {
    int fd = open(path, O_RDONLY);
    if (fd < 0) return -1;
    ssize_t used = 0, got;
    while ((got = read(fd, text + used, sizeof text - 1 - (size_t)used)) > 0) used += got;
    close(fd);
    text[used] = 0;
    return used;
}
static int in_data = 5;

TEST {
    free(malloc(1000));
    static struct mapping maps[256];
    int count = read_maps(maps, 256), ordered = 1, here;
    for (int i = 1; i < count; i++) ordered &= maps[i].start >= maps[i - 1].end;
    SHOW(ordered);
    for (int i = 0; i < count; i++) {
        struct mapping *m = &maps[i];
        if (m->start <= (unsigned long)&read_maps && (unsigned long)&read_maps < m->end) T("code: %s, this program: %s", m->perms, strcmp(m->name, conf_self) ? "no" : "yes");
        if (m->start <= (unsigned long)&in_data && (unsigned long)&in_data < m->end) T("data: %s, this program: %s", m->perms, strcmp(m->name, conf_self) ? "no" : "yes");
        if (m->start <= (unsigned long)&here && (unsigned long)&here < m->end) T("local variable: %s %s", m->perms, m->name);
        if (strstr(m->name, "libc.so") && m->perms[2] == 'x') T("C library's code: %s", m->perms);
        if (!strcmp(m->name, "[heap]")) T("heap: %s, offset %lu", m->perms, m->offset);
    }
    // Where it lies among the libraries is a matter of the host's randomization.
    for (int i = 0; i < count; i++)
        if (!strcmp(maps[i].name, "[vdso]")) T("vdso: %s", maps[i].perms);
    CHECK(strlen(conf_self) > 0);
    // Format: columns, the name from column 73 on.
    MUST(slurp("/proc/self/maps"));
    char *line = strstr(text, "[stack]");
    char *begin = line;
    while (begin > text && begin[-1] != '\n') begin--;
    SHOW(line - begin);
    char perms[8], rest[64];
    unsigned long a, b, offset, inode;
    unsigned major, minor;
    SHOW(sscanf(begin, "%lx-%lx %7s %lx %x:%x %lu %63s", &a, &b, perms, &offset, &major, &minor, &inode, rest));
    T("%s %lu %02x:%02x %lu %s", perms, offset, major, minor, inode, rest);

    CHECK(slurp("/proc/self/smaps") > 0);
    static const char *fields[] = {"Size:", "KernelPageSize:", "MMUPageSize:", "Rss:", "Pss:", "Shared_Clean:", "Shared_Dirty:", "Private_Clean:", "Private_Dirty:", "Referenced:", "Anonymous:", "Swap:", "Locked:", "VmFlags:"};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) FACT(fields[i], has_line(text, fields[i]));
    CHECK(slurp("/proc/self/smaps_rollup") > 0);
    FACT("[rollup]", strstr(text, "[rollup]") != NULL);

    // statm: pages in all, resident, shared.
    long total, resident, shared, code;
    MUST(slurp("/proc/self/statm"));
    SHOW(sscanf(text, "%ld %ld %ld %ld", &total, &resident, &shared, &code));
    CHECK(total > resident && resident >= shared && shared > 0 && code > 0);
    char *p = new_pages(1000);
    long total2, resident2;
    MUST(slurp("/proc/self/statm"));
    sscanf(text, "%ld", &total2);
    SHOW(total2 - total);
    memset(p, 1, 1000 * PAGE);
    MUST(slurp("/proc/self/statm"));
    sscanf(text, "%ld %ld", &total2, &resident2);
    CHECK(resident2 - resident >= 900 && resident2 - resident < 1400);
    // A deleted file is marked.
    make_file("gone", "text");
    int fd = (int)MUST(open("gone", O_RDONLY));
    char *map = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
    unlink("gone");
    show_maps("deleted", map, PAGE);
    // Another process's.
    struct gate gate = make_gate();
    pid_t pid = SPAWN({ gate_wait(gate); });
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/maps", pid);
    CHECK(slurp(path) > 0);
    FACT("a child's stack", strstr(text, "[stack]") != NULL);
    gate_open(gate);
    reap("child", pid);
    SHOW(slurp(path));
    // /proc/self/mem reads and writes.
    int mem = (int)MUST(open("/proc/self/mem", O_RDWR));
    strcpy(p, "through mem");
    char copy[12] = "";
    SHOW(pread(mem, copy, 11, (off_t)(uintptr_t)p));
    T("%s", copy);
    SHOW(pwrite(mem, "written", 7, (off_t)(uintptr_t)p));
    T("%s", p);
    SHOW(pread(mem, copy, 1, 8));
    // pagemap may be closed to users, but is there.
    CHECK(access("/proc/self/pagemap", F_OK) == 0);
}
