// Does things over and over in a sandbox and looks whether its kernel's memory is where it was (/proc/martlet).
//
//   leaks quick|full [case...]
#include "leaks.h"

static const leak_case *const groups[] = { file_cases, memory_cases, ipc_cases, socket_cases, task_cases };
static const char *current = "start";

void failed(const char *what, int line) {
    int error = errno;
    dprintf(2, "%s: line %d: %s: %s\n", current, line, what, strerror(error));
    _exit(99);
}

void reap(pid_t child, int wanted) {
    int status;
    pid_t ended = waitpid(child, &status, 0);
    expect(ended > 0 && (child == -1 || ended == child));
    if (wanted >= 0 && status != wanted) {
        dprintf(2, "%s: a child ended with status 0x%x instead of 0x%x\n", current, status, wanted);
        _exit(99);
    }
}

typedef struct { long heap, reserved, pages, slots, tasks; char text[4096]; } usage;

static long value(const char *text, const char *name) {
    const char *at = strstr(text, name);
    return at ? atol(at + strlen(name)) : -1;
}

static usage measure(void) {
    usage now = {0};
    int fd = must(open("/proc/martlet", O_RDONLY));
    ssize_t n = must(read(fd, now.text, sizeof now.text - 1));
    now.text[n] = 0;
    close(fd);
    now.heap = value(now.text, "heap_used ");
    now.reserved = value(now.text, "heap_reserved ");
    now.pages = value(now.text, "pages_used ");
    now.slots = value(now.text, "slots_used ");
    now.tasks = value(now.text, "\ntasks ");
    expect(now.heap > 0 && now.pages >= 0 && now.slots > 0 && now.tasks > 0);
    return now;
}

// What the caches may have come to hold for other reasons. Any leak in each cycle is far more.
enum { HEAP_SLACK = 48 << 10, PAGES_SLACK = 16, SLOTS_SLACK = 2 };

static bool grown(const usage *before, const usage *after) {
    return after->heap > before->heap + HEAP_SLACK || after->pages > before->pages + PAGES_SLACK ||
           after->slots > before->slots + SLOTS_SLACK || after->tasks > before->tasks;
}

/// Which sizes of blocks there are more of.
static void explain(const usage *before, const usage *after) {
    char copy[4096];
    strcpy(copy, after->text);
    for (char *line = strtok(copy, "\n"); line; line = strtok(NULL, "\n")) {
        char *space = strchr(line, ' ');
        if (strncmp(line, "blocks_", 7) != 0 || !space) continue;
        long count = atol(space + 1);
        space[1] = 0;
        long old = value(before->text, line);
        if (old < 0) old = 0;
        if (count > old && (count > old + 50 || atol(line + 7) >= 4096)) printf("    %s%+ld\n", line, count - old);
    }
}

static double now_s(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

// A slow machine does fewer of what takes long, and says so: the test has to end within its time limit.
enum { QUICK_SECONDS = 240 };

/// Does it `count` times, or as often as the time allows; returns how often it was done.
static long repeat(const leak_case *leak, long first, long count, double seconds) {
    double start = now_s();
    for (long i = 0; i < count; i++) {
        leak->once(first + i);
        if ((i & 1023) == 1023 && now_s() - start > seconds) return i + 1;
    }
    return count;
}

/// `repeat`, with the work shared by the case's workers.
static long repeat_shared(const leak_case *leak, long first, long count, double seconds) {
    int workers = leak->workers ? leak->workers : 1, results[2];
    if (workers == 1) return repeat(leak, first, count, seconds);
    long done = 0;
    must(pipe(results));
    for (int i = 0; i < workers; i++) {
        if (must(fork()) != 0) continue;
        long did = repeat(leak, first, count / workers, seconds);
        _exit(write(results[1], &did, sizeof did) == sizeof did ? 0 : 1);
    }
    for (int i = 0; i < workers; i++) {
        long did;
        reap(-1, 0);
        expect(read(results[0], &did, sizeof did) == sizeof did);
        done += did;
    }
    close(results[0]);
    close(results[1]);
    return done;
}

static bool run(const leak_case *leak, bool full) {
    current = leak->name;
    long count = full ? leak->full : leak->quick, warm = count / 8;
    if (warm > 3000) warm = 3000;
    if (warm < 20) warm = 20;
    if (leak->warm) warm = leak->warm;
    repeat(leak, 0, warm, 1e9);
    usleep(2000);
    usage before = measure(), after;
    double start = now_s();
    long done = repeat_shared(leak, warm, count, full ? 1e9 : QUICK_SECONDS);
    double took = now_s() - start;
    // What ends by itself a little later (threads that are on their way out) may do so.
    for (int tries = 0;; tries++) {
        after = measure();
        if (!grown(&before, &after) || tries == 40) break;
        usleep(25000);
    }
    if (grown(&before, &after)) {
        printf("FAIL %s: %ld times: heap %+ld bytes (%.1f each), pages %+ld, slots %+ld, tasks %+ld\n", leak->name, done,
               after.heap - before.heap, (double)(after.heap - before.heap) / done, after.pages - before.pages,
               after.slots - before.slots, after.tasks - before.tasks);
        explain(&before, &after);
        return false;
    }
    if (done < count) printf("%s: %ld of %ld times, for want of time\n", leak->name, done, count);
    if (getenv("LEAKS_VERBOSE"))
        printf("ok   %-24s %8ld times in %6.2f s: heap %+ld, pages %+ld\n", leak->name, done, took, after.heap - before.heap, after.pages - before.pages);
    return true;
}

int main(int argc, char **argv) {
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (argc < 2) return 2;
    bool full = strcmp(argv[1], "full") == 0;
    if (access("/proc/martlet", R_OK) != 0) { // some cases would harm a host
        fprintf(stderr, "leaks: not in a sandbox\n");
        return 2;
    }
    char place[] = "/tmp/leaks.XXXXXX";
    expect(mkdtemp(place));
    must(chdir(place));
    signal(SIGPIPE, SIG_IGN);
    // The table of numbers grows until they have been used once.
    for (pid_t child = 0; child < 32700;) {
        child = must(vfork());
        if (child == 0) _exit(0);
        must(waitpid(child, NULL, 0));
    }
    int good = 0, bad = 0;
    for (size_t g = 0; g < sizeof groups / sizeof *groups; g++)
        for (const leak_case *leak = groups[g]; leak->name; leak++) {
            bool wanted = argc == 2;
            for (int i = 2; i < argc; i++) wanted |= strcmp(argv[i], leak->name) == 0;
            if (!wanted || (full ? leak->full : leak->quick) == 0) continue;
            // Each in a process of its own: one that goes wrong takes no other along.
            fflush(stdout);
            pid_t child = must(fork());
            if (child == 0) _exit(run(leak, full) ? 0 : 1);
            int status;
            must(waitpid(child, &status, 0));
            if (status == 0) good++;
            else {
                bad++;
                if (status != 0x100) printf("FAIL %s: ended with status 0x%x\n", leak->name, status);
            }
        }
    printf("%d passed, %d failed, 0 skipped\n", good, bad);
    return bad != 0;
}
