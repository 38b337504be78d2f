// Processes that race for one name: exactly one wins each time.
#include "../common.h"

TEST {
    int results[2];
    MUST(pipe(results));
    make_file("source", "");
    enum { ROUNDS = 30, RACERS = 4 };
    for (int i = 0; i < RACERS; i++) SPAWN({
        char name[32];
        for (int round = 0; round < ROUNDS; round++) {
            snprintf(name, sizeof name, "x%d", round);
            int fd = open(name, O_CREAT | O_EXCL | O_WRONLY, 0644);
            if (fd >= 0) { write(results[1], "f", 1); close(fd); }
            else if (errno != EEXIST) write(results[1], "!", 1);
            snprintf(name, sizeof name, "d%d", round);
            if (mkdir(name, 0755) == 0) write(results[1], "d", 1);
            snprintf(name, sizeof name, "s%d", round);
            if (symlink("t", name) == 0) write(results[1], "s", 1);
            char other[32];
            snprintf(other, sizeof other, "l%d", round);
            if (link("source", other) == 0) write(results[1], "l", 1);
            snprintf(name, sizeof name, "x%d", round);
            snprintf(other, sizeof other, "m%d", round);
            if (rename(name, other) == 0) write(results[1], "r", 1);
        }
    });
    while (wait(NULL) > 0) {}
    char answers[4096];
    fcntl(results[0], F_SETFL, O_NONBLOCK);
    long got = read(results[0], answers, sizeof answers);
    int counts[128] = {0};
    for (long i = 0; i < got; i++) counts[(int)answers[i]]++;
    T("directories %d, symlinks %d, links %d, unexpected %d", counts['d'], counts['s'], counts['l'], counts['!']);
    CHECK(counts['f'] == counts['r']);
    // rename over an existing name never leaves a moment without it
    make_file("target", "0");
    pid_t writer = SPAWN({ for (int i = 0; i < 120; i++) { make_file("new", "1"); MUST(rename("new", "target")); } });
    int missing = 0, rounds = 0;
    while (waitpid(writer, NULL, WNOHANG) == 0) { missing += access("target", F_OK) != 0; rounds++; }
    T("missing: %d", missing);
    // directories that are exchanged under a walker
    MUST(mkdir("A", 0755)); MUST(mkdir("B", 0755));
    make_file("A/f", "a"); make_file("B/f", "b");
    writer = SPAWN({ for (int i = 0; i < 120; i++) renameat2(AT_FDCWD, "A", AT_FDCWD, "B", RENAME_EXCHANGE); });
    missing = 0;
    while (waitpid(writer, NULL, WNOHANG) == 0) missing += access("A/f", F_OK) != 0;
    T("missing: %d", missing);
    show_dir("A");
}
