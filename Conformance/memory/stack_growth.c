// The main stack grows down to its limit; MAP_GROWSDOWN mappings; threads' stacks do not grow.
#include "../tasks.h"

static __attribute__((noinline)) int deep(int depth) {
    volatile char block[4096];
    block[0] = (char)depth;
    block[4095] = 1;
    return depth == 0 ? 0 : deep(depth - 1) + block[4095];
}
static void *thread_body(void *argument) {
    SHOW(deep(200));
    return argument;
}

// An address this far below the stack pointer, in a way that a compiler does not see through.
static char *below(long distance) {
    char *pointer;
    __asm__ volatile("mov %%rsp, %0" : "=r"(pointer));
    return pointer - distance;
}

TEST {
    struct mapping before = find_map("[stack]");
    SHOW(deep(1000)); // four megabytes
    struct mapping after = find_map("[stack]");
    CHECK(after.end == before.end && before.start - after.start > 3 << 20);
    T("%s", after.perms);
    IN_CHILD("limit one megabyte", {
        struct rlimit limit = {1 << 20, RLIM_INFINITY};
        setrlimit(RLIMIT_STACK, &limit);
        // What has been used already stays usable.
        SHOW(deep(900));
    });
    IN_CHILD("beyond the limit", {
        struct rlimit limit = {5 << 20, 5 << 20};
        setrlimit(RLIMIT_STACK, &limit);
        deep(2000);
    });
    // A write far below the stack pointer is good as long as the limit allows it.
    IN_CHILD("far below", {
        struct rlimit limit = {16 << 20, RLIM_INFINITY};
        MUST(setrlimit(RLIMIT_STACK, &limit));
        char *low = below(6 << 20);
        POKE(low, 1);
        SHOW(PEEK(low));
    });
    IN_CHILD("too far below", {
        struct rlimit limit = {8 << 20, RLIM_INFINITY};
        MUST(setrlimit(RLIMIT_STACK, &limit));
        POKE(below(12 << 20), 1);
    });
    // A system call's buffer there grows it as well.
    IN_CHILD("by read", {
        struct rlimit limit = {16 << 20, RLIM_INFINITY};
        MUST(setrlimit(RLIMIT_STACK, &limit));
        int fd = (int)MUST(open("/dev/zero", O_RDONLY));
        SHOW(read(fd, below(5 << 20), 100));
    });

    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, 2 << 20);
    pthread_t thread;
    pthread_create(&thread, &attributes, thread_body, NULL);
    pthread_join(thread, NULL);
    IN_CHILD("thread's stack overflows", {
        pthread_attr_setstacksize(&attributes, 128 << 10);
        pthread_create(&thread, &attributes, thread_body, NULL);
        pthread_join(thread, NULL);
    });

    // By hand.
    char *range = free_range(1024);
    char *top = mmap(range + 1000 * PAGE, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_GROWSDOWN | MAP_FIXED, -1, 0);
    CHECK(top == range + 1000 * PAGE);
    POKE(top - 1, 1);
    POKE(top - 3 * PAGE, 1);
    show_maps("grown", range + 990 * PAGE, 12 * PAGE);
    // Another mapping in the way keeps a gap of 256 pages.
    MUST(mmap(range + 500 * PAGE, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED ? -1 : 0);
    POKE(range + 800 * PAGE, 1);
    POKE(range + 757 * PAGE, 1);
    PROBE("inside the gap", range + 755 * PAGE, POKE(range + 755 * PAGE, 1));
    show_maps("grown", range + 490 * PAGE, 512 * PAGE);
    MAPS(mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_GROWSDOWN, -1, 0));
}
