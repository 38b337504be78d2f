// ioctl PROCMAP_QUERY on /proc/PID/maps.
#include "../common.h"
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>

struct query {
    uint64_t size, flags, address, start, end, vma_flags, page_size, offset, inode;
    uint32_t major, minor, name_size, build_id_size;
    uint64_t name, build_id;
};
#define QUERY _IOWR('f', 17, struct query)

static int fd;
static char name[4096], id[64];

static void ask(const char *label, const void *base, long offset, uint64_t flags, uint32_t name_size) {
    struct query q = {.size = sizeof q, .address = (uintptr_t)base + (uint64_t)offset, .flags = flags, .name_size = name_size, .name = name_size ? (uintptr_t)name : 0};
    memset(name, 0, sizeof name);
    if (ioctl(fd, QUERY, &q) < 0) {
        T("%s: %s", label, errno_name(errno));
        return;
    }
    const char *last = strrchr(name, '/');
    T("%s: from %ld to %ld, flags %llx, page %llu, offset %llx, inode %d, device %d, name %d %s", label, (long)(q.start - (uintptr_t)base), (long)(q.end - (uintptr_t)base),
      (unsigned long long)q.vma_flags, (unsigned long long)q.page_size, (unsigned long long)q.offset, q.inode != 0, q.major || q.minor,
      name[0] && name[0] != '[' ? (int)(strlen(name) + 1 == q.name_size) : (int)q.name_size, last ? last : name);
}

TEST {
    fd = (int)MUST(open("/proc/self/maps", O_RDONLY));
    char *room = mmap(NULL, 16 * 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    // none, then rw shared, then r of a file, a hole, then none.
    MUST(mmap(room + 4096, 2 * 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0));
    int file = (int)MUST(open("a file", O_RDWR | O_CREAT, 0600));
    MUST(ftruncate(file, 4 * 4096));
    MUST(mmap(room + 4 * 4096, 2 * 4096, PROT_READ, MAP_PRIVATE | MAP_FIXED, file, 4096));
    MUST(munmap(room + 6 * 4096, 4096));
    struct query probe = {.size = sizeof probe, .address = (uintptr_t)room};
    if (ioctl(fd, QUERY, &probe) < 0 && errno == ENOTTY) SKIP("this kernel has no PROCMAP_QUERY");
    ask("shared", room, 4096, 0, 4096);
    ask("in the middle", room, 2 * 4096 + 5, 0, 0);
    ask("file", room, 4 * 4096, 0, 4096);
    ask("no room for the name", room, 4 * 4096, 0, 4);
    ask("hole", room, 6 * 4096, 0, 0);
    ask("after the hole", room, 6 * 4096, 0x10, 0);
    ask("writable here", room, 4 * 4096, 2, 0);
    ask("writable, shared", room, 4096, 2 | 8, 0);
    ask("next that is readable", room, 0, 0x10 | 1, 0);
    ask("next with a file", room, 0, 0x20 | 0x10, 4096);
    ask("next private file", room, 3 * 4096, 0x20 | 0x10, 4096);
    ask("unknown flag", room, 4096, 0x40, 0);
    ask("the end", (void *)-4096, 0, 0x10, 0);

    struct query q = {.size = 24, .address = (uintptr_t)room + 4096, .start = 7};
    SHOW(ioctl(fd, QUERY, &q));
    T("start untouched: %d", q.start == 7);
    q.size = 32;
    SHOW(ioctl(fd, QUERY, &q));
    T("start: %d, end untouched: %d", q.start == (uintptr_t)room + 4096, q.end == 0);
    q.size = 23;
    SHOW(ioctl(fd, QUERY, &q));
    q.size = 4097;
    SHOW(ioctl(fd, QUERY, &q));
    union { struct query q; char bytes[512]; } more = {.q = {.size = 300, .address = (uintptr_t)room + 4096}};
    SHOW(ioctl(fd, QUERY, &more));
    more.bytes[299] = 1;
    SHOW(ioctl(fd, QUERY, &more));
    q = (struct query){.size = sizeof q, .address = (uintptr_t)room + 4096, .name_size = 4};
    SHOW(ioctl(fd, QUERY, &q));
    q.name_size = 0, q.build_id = 4;
    SHOW(ioctl(fd, QUERY, &q));
    q.build_id = 0, q.name_size = 4096, q.name = (uintptr_t)BAD;
    SHOW(ioctl(fd, QUERY, &q));
    // A build id: of this program one, of a file that is no program none.
    q = (struct query){.size = sizeof q, .address = (uintptr_t)room + 4 * 4096, .build_id = (uintptr_t)id, .build_id_size = sizeof id};
    SHOW(ioctl(fd, QUERY, &q));
    SHOW(q.build_id_size);
    SHOW(ioctl(fd, QUERY, NULL));
    SHOW(ioctl(fd, QUERY + 1, &q));
    SHOW(ioctl((int)MUST(open("/proc/self/smaps", O_RDONLY)), QUERY, &q));
    pid_t child = fork();
    if (child == 0) {
        pause();
        _exit(0);
    }
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/maps", child);
    fd = (int)MUST(open(path, O_RDONLY));
    ask("a child's", room, 4096, 0, 0);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    ask("when it is gone", room, 4096, 0, 0);
}
