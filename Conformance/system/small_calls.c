// Calls that few programs make: futex2, extended attributes relative to a directory, ustat, sysfs, cachestat.
#include "../tasks.h"
#include <sys/sysmacros.h>
#include <sys/xattr.h>

struct waitv { uint64_t value, address; uint32_t flags, reserved; };
struct xattr_args_ { uint64_t value; uint32_t size, flags; };
static uint32_t words[4] __attribute__((aligned(8)));
static volatile int hits;
static void handler(int number) { (void)number; hits++; }

static void *wait_thread(void *flags) {
    T("thread: %ld", RAW(455, &words[1], 0UL, 1UL, (long)(intptr_t)flags, NULL, 0));
    return NULL;
}

TEST {
    enum { WAKE = 454, WAIT = 455, REQUEUE = 456, U32 = 2, PRIVATE = 128 };
    SHOW(RAW(WAKE, words, 1UL, 1, U32));
    SHOW(RAW(WAKE, words, 0UL, 1, U32));
    SHOW(RAW(WAKE, words, 1UL, 1, 1));
    SHOW(RAW(WAKE, words, 1UL, 1, 0x100 | U32));
    SHOW(RAW(WAKE, words, 1UL << 32, 1, U32));
    SHOW(RAW(WAKE, (char *)words + 1, 1UL, 1, U32));
    SHOW(RAW(WAIT, words, 1UL, 1UL, U32, NULL, 0));
    SHOW(RAW(WAIT, words, 0UL, 0UL, U32, NULL, 0));
    SHOW(RAW(WAIT, BAD, 0UL, 1UL, U32 | PRIVATE, NULL, 0));
    struct timespec past = {1, 0}, wrong = {-1, 0};
    SHOW(RAW(WAIT, words, 0UL, 1UL, U32, &past, CLOCK_MONOTONIC));
    SHOW(RAW(WAIT, words, 0UL, 1UL, U32, &past, CLOCK_REALTIME));
    SHOW(RAW(WAIT, words, 0UL, 1UL, U32, &past, CLOCK_BOOTTIME));
    SHOW(RAW(WAIT, words, 0UL, 1UL, U32, &wrong, CLOCK_MONOTONIC));
    pthread_t thread;
    pthread_create(&thread, NULL, wait_thread, (void *)(intptr_t)(U32 | PRIVATE));
    settle();
    SHOW(RAW(WAKE, &words[1], 2UL, 1, U32 | PRIVATE)); // another bit
    SHOW(RAW(WAKE, &words[1], 1UL, 0, U32 | PRIVATE)); // none means none
    struct waitv pair[2] = {{0, (uint64_t)(uintptr_t)&words[1], U32 | PRIVATE, 0}, {0, (uint64_t)(uintptr_t)&words[2], U32 | PRIVATE, 0}};
    SHOW(RAW(REQUEUE, pair, 1, 0, 1));
    SHOW(RAW(REQUEUE, NULL, 0, 0, 1));
    pair[0].value = 9;
    SHOW(RAW(REQUEUE, pair, 0, 0, 1));
    pair[0].value = 0;
    SHOW(RAW(REQUEUE, pair, 0, 0, 1));
    SHOW(RAW(WAKE, &words[1], 1UL, 1, U32 | PRIVATE));
    MUST(RAW(WAKE, &words[2], 1UL, 1, U32 | PRIVATE));
    pthread_join(thread, NULL);
    struct sigaction action = {.sa_handler = handler};
    sigaction(SIGALRM, &action, NULL);
    start_ticks(20);
    SHOW(RAW(WAIT, words, 0UL, 1UL, U32, NULL, 0));
    stop_ticks();

    // extended attributes
    make_file("f", "");
    symlink("f", "link");
    int here = (int)MUST(open(".", O_RDONLY | O_DIRECTORY)), file = (int)MUST(open("f", O_RDONLY));
    char value[16] = "value";
    struct xattr_args_ args = {(uint64_t)(uintptr_t)value, 5, 0};
    struct { struct xattr_args_ known; uint64_t more; } longer = {args, 0};
    SHOW(RAW(463, here, "f", 0, "user.a", &args, sizeof args));
    SHOW(RAW(463, file, "", AT_EMPTY_PATH, "user.b", &longer, sizeof longer));
    longer.more = 1;
    SHOW(RAW(463, here, "f", 0, "user.c", &longer, sizeof longer));
    SHOW(RAW(463, here, "f", 0, "user.c", &args, 8));
    SHOW(RAW(463, here, "f", 0, "user.c", &args, 8192));
    SHOW(RAW(463, here, "f", AT_REMOVEDIR, "user.c", &args, sizeof args));
    SHOW(RAW(463, here, "", 0, "user.c", &args, sizeof args));
    args.flags = XATTR_CREATE;
    SHOW(RAW(463, here, "f", 0, "user.a", &args, sizeof args));
    args.flags = 0, args.size = sizeof value;
    memset(value, 0, sizeof value);
    SHOW(RAW(464, here, "link", 0, "user.a", &args, sizeof args));
    T("%s", value);
    SHOW(RAW(464, here, "link", AT_SYMLINK_NOFOLLOW, "user.a", &args, sizeof args));
    args.flags = 1;
    SHOW(RAW(464, here, "f", 0, "user.a", &args, sizeof args));
    char list[100] = "";
    SHOW(RAW(465, here, "f", 0, list, sizeof list));
    SHOW(RAW(465, here, "f", 0, list, 3));
    SHOW(RAW(465, 99, "f", 0, list, sizeof list));
    SHOW(RAW(466, here, "f", 0, "user.a"));
    SHOW(RAW(466, here, "f", 0, "user.a"));

    // file systems
    struct stat status;
    struct { int32_t free; uint64_t inodes; char names[12]; } usage = {0};
    MUST(stat(".", &status));
    SHOW(RAW(SYS_ustat, (unsigned)status.st_dev, &usage));
    SHOW(RAW(SYS_ustat, 0xffffff, &usage));
    SHOW(RAW(SYS_ustat, (unsigned)status.st_dev, BAD));
    FILE *known = fopen("/proc/filesystems", "r");
    char line[128], got[64];
    long count = RAW(SYS_sysfs, 3), lines = 0, same = 0;
    while (fgets(line, sizeof line, known)) {
        char *tab = strchr(line, '\t') + 1;
        tab[strlen(tab) - 1] = 0;
        same += RAW(SYS_sysfs, 1, tab) == lines && RAW(SYS_sysfs, 2, lines, got) == 0 && !strcmp(got, tab);
        lines++;
    }
    fclose(known);
    CHECK(count == lines && same == lines);
    SHOW(RAW(SYS_sysfs, 1, "nosuchfs"));
    SHOW(RAW(SYS_sysfs, 2, 9999, got));
    SHOW(RAW(SYS_sysfs, 4));

    // the page cache
    struct { uint64_t offset, length; } range = {0, 0};
    struct { uint64_t cache, dirty, writeback, evicted, recently; } state;
    make_pattern("big", 5 * PAGE + 1);
    int big = (int)MUST(open("big", O_RDWR));
    SHOW(RAW(451, big, &range, &state, 0));
    T("%lu pages", state.cache);
    range.offset = PAGE + 1, range.length = 2 * PAGE;
    SHOW(RAW(451, big, &range, &state, 0));
    T("%lu pages", state.cache);
    range.offset = 100 * PAGE;
    SHOW(RAW(451, big, &range, &state, 0));
    T("%lu pages", state.cache);
    SHOW(RAW(451, big, &range, &state, 1));
    SHOW(RAW(451, big, BAD, &state, 0));
    SHOW(RAW(451, big, &range, BAD, 0));
    SHOW(RAW(451, 99, &range, &state, 0));

    // refused or without effect
    char *page = new_pages(1);
    SHOW(RAW(450, page, PAGE, 0UL, 0UL));
    SHOW(RAW(450, page, 0UL, 0UL, 0UL));
    SHOW(RAW(450, page + 1, PAGE, 0UL, 0UL));
    SHOW(RAW(450, page, PAGE, 99UL, 0UL));
    SHOW(RAW(450, page, PAGE, 0UL, 1UL));
    SHOW(RAW(453, 0, PAGE, 0));
}
