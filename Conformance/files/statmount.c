// listmount(2) and statmount(2), against /proc/self/mountinfo and statx(2).
#include "../common.h"
#include <sys/vfs.h>
#include <sys/sysmacros.h>

#ifndef SYS_statmount
#define SYS_statmount 457
#define SYS_listmount 458
#endif
#define UNIQUE_ID 0x4000u // STATX_MNT_ID_UNIQUE

struct request { uint32_t size, space; uint64_t id, parameter, space_id; };
struct status {
    uint32_t size, options;
    uint64_t mask;
    uint32_t major, minor;
    uint64_t magic;
    uint32_t flags, type;
    uint64_t id, parent;
    uint32_t old_id, old_parent;
    uint64_t attributes, propagation, peer_group, master, from;
    uint32_t root, point;
    uint64_t space_id;
    uint32_t subtype, source, option_count, option_array, security_count, security_array;
    uint64_t supported;
    uint64_t rest[45];
    char text[4096];
};
_Static_assert(offsetof(struct status, text) == 512, "as Linux has it");

enum { BASIC_FS = 1, BASIC = 2, FROM = 4, ROOT = 8, POINT = 16, TYPE = 32, SPACE = 64, SOURCE = 0x200, SUPPORTED = 0x1000 };

static struct status status;
static long ask(uint64_t id, uint64_t what, size_t room) {
    struct request request = {24, 0, id, what, 0};
    memset(&status, 0xff, sizeof status);
    return syscall(SYS_statmount, &request, &status, room, 0);
}
static long list(uint64_t id, uint64_t after, uint64_t *ids, size_t count, unsigned flags) {
    struct request request = {24, 0, id, after, 0};
    return syscall(SYS_listmount, &request, ids, count, flags);
}
static uint64_t unique(const char *path) {
    struct statx told;
    MUST(statx(AT_FDCWD, path, 0, UNIQUE_ID, &told));
    CHECK(told.stx_mask & UNIQUE_ID);
    return told.stx_mnt_id;
}

TEST {
    static uint64_t ids[1000], others[1000];
    long count = list(~0ull, 0, ids, 1000, 0);
    if (count < 0 && errno == ENOSYS) SKIP("no listmount here");
    uint64_t root = unique("/"), proc = unique("/proc"), none = (1ull << 31) + 999999999;
    // all mounts, in ascending order, as often as mountinfo has them
    char line[4096];
    FILE *info = fopen("/proc/self/mountinfo", "r");
    long lines = 0, same = 0;
    while (fgets(line, sizeof line, info)) {
        int id, parent, major_, minor_;
        char top[1000], place[1000], type[100], source[1000];
        if (sscanf(line, "%d %d %d:%d %999s %999s", &id, &parent, &major_, &minor_, top, place) != 6) continue;
        char *dash = strstr(line, " - ");
        if (!dash || sscanf(dash, " - %99s %999s", type, source) != 2) continue;
        lines++;
        for (long i = 0; i < count; i++) {
            if (ask(ids[i], 0xffff, sizeof status) < 0 || (int)status.old_id != id) continue;
            same += status.id == ids[i] && (int)status.old_parent == parent && (int)status.major == major_ && (int)status.minor == minor_ &&
                    !strcmp(status.text + status.root, top) && !strcmp(status.text + status.point, place) && !strcmp(status.text + status.type, type) &&
                    !strcmp(status.text + status.source, source);
        }
    }
    fclose(info);
    CHECK(count > 3);
    CHECK(lines == count);
    CHECK(same == count);
    bool ascending = true, has_root = false, has_proc = false;
    for (long i = 0; i < count; i++) {
        ascending &= ids[i] > (i ? ids[i - 1] : 1ull << 31);
        has_root |= ids[i] == root, has_proc |= ids[i] == proc;
    }
    CHECK(ascending);
    CHECK(has_root && has_proc);
    // in pieces, and backwards
    SHOW(list(~0ull, 0, others, 2, 0));
    CHECK(others[0] == ids[0] && others[1] == ids[1]);
    CHECK(list(~0ull, ids[1], others, 1000, 0) == count - 2 && others[0] == ids[2]);
    CHECK(list(~0ull, ids[count - 1], others, 1000, 0) == 0);
    CHECK(list(~0ull, none, others, 1000, 0) == 0);
    CHECK(list(~0ull, 0, others, 1000, 1) == count && others[0] == ids[count - 1] && others[count - 1] == ids[0]);
    CHECK(list(~0ull, ids[1], others, 1000, 1) == 1 && others[0] == ids[0]);
    CHECK(list(root, 0, others, 1000, 0) == count - 1);
    SHOW(list(~0ull, 0, others, 0, 0));
    SHOW(list(~0ull, 5, others, 10, 0));
    SHOW(list(5, 0, others, 10, 0));
    SHOW(list(1ull << 31, 0, others, 10, 0));
    SHOW(list(none, 0, others, 10, 0));
    SHOW(list(~0ull, 0, others, 10, 2));
    SHOW(list(~0ull, 0, others, 1000001, 0));
    SHOW(list(~0ull, 0, BAD, 10, 0));
    SHOW(syscall(SYS_listmount, BAD, others, 10, 0));

    // what is asked for is told
    for (uint64_t what = 1; what <= 0x40; what *= 2) {
        SHOWN("parts", ask(proc, what, sizeof status));
        T("  mask %llx", (unsigned long long)status.mask);
        CHECK(status.size >= 512);
    }
    SHOW(ask(proc, BASIC_FS | BASIC, sizeof status));
    struct statfs fs;
    struct stat file;
    MUST(statfs("/proc", &fs));
    MUST(stat("/proc", &file));
    CHECK(status.magic == (uint64_t)fs.f_type && makedev(status.major, status.minor) == file.st_dev);
    CHECK(status.id == proc && status.parent == root && status.size == 512);
    CHECK(status.attributes == 0 || status.attributes < 0x200000);
    SHOW(ask(proc, TYPE | POINT | ROOT, sizeof status));
    T("%s %s %s, size %u", status.text + status.type, status.text + status.point, status.text + status.root, status.size);
    CHECK(status.text[0] == 0);
    SHOW(ask(proc, SUPPORTED, sizeof status));
    CHECK((status.supported & 0x7f) == 0x7f && status.supported & SOURCE && status.supported & SUPPORTED);
    SHOW(ask(proc, 1ull << 40, sizeof status));
    T("mask %llx", (unsigned long long)status.mask);
    SHOW(ask(proc, 0, sizeof status));
    // rooms
    for (size_t room = 0; room <= 64; room += 16) {
        SHOW(ask(proc, BASIC, room));
        CHECK(room == 0 || (status.size == room && (room < 48 || status.id == proc)));
        CHECK(((char *)&status)[room] == -1);
    }
    SHOW(ask(proc, TYPE, 512));
    SHOW(ask(proc, TYPE, 512 + 6));
    SHOW(ask(proc, TYPE, 512 + 7));
    T("size %u, %s", status.size, status.text + status.type);
    // errors
    SHOW(ask(5, BASIC, 512));
    SHOW(ask(1ull << 31, BASIC, 512));
    SHOW(ask(none, BASIC, 512));
    SHOW(ask(~0ull, BASIC, 512));
    struct request request = {24, 0, proc, BASIC, 0};
    SHOW(syscall(SYS_statmount, &request, &status, 512, 1));
    SHOW(syscall(SYS_statmount, &request, BAD, 512, 0));
    SHOW(syscall(SYS_statmount, BAD, &status, 512, 0));
    request.size = 16;
    SHOW(syscall(SYS_statmount, &request, &status, 512, 0));
    request.size = 5000;
    SHOW(syscall(SYS_statmount, &request, &status, 512, 0));
    request.size = 32;
    SHOW(syscall(SYS_statmount, &request, &status, 512, 0));
    request.space_id = 12345;
    SHOW(syscall(SYS_statmount, &request, &status, 512, 0));
    MUST(ask(proc, SPACE, 512));
    request.space_id = status.space_id;
    SHOW(syscall(SYS_statmount, &request, &status, 512, 0));
}
