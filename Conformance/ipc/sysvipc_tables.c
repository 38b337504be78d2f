// /proc/sysvipc/sem and msg: the lines of what this program makes.
#include "../common.h"
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>

/// Prints the line of `id`: the columns that are the same on every run, and the width of it.
static void show_line(const char *path, int id, int columns) {
    char line[512];
    FILE *file = fopen(path, "r");
    if (!file) { T("%s: %s", path, errno_name(errno)); return; }
    if (fgets(line, sizeof line, file)) printf("%s", line);
    while (fgets(line, sizeof line, file)) {
        long values[16] = {0};
        int count = 0;
        for (char *word = strtok(line, " \n"); word && count < 16; word = strtok(NULL, " \n")) values[count++] = strtol(word, NULL, 10);
        if (values[1] != id) continue;
        printf("%d columns:", count);
        for (int i = 2; i < columns; i++) printf(" %ld", values[i]);
        printf("\n");
    }
    fclose(file);
}

TEST {
    int set = (int)MUST(semget(IPC_PRIVATE, 3, 0640));
    show_line("/proc/sysvipc/sem", set, 4);
    MUST(semctl(set, 0, IPC_RMID));
    show_line("/proc/sysvipc/sem", set, 4);
    int queue = (int)MUST(msgget(IPC_PRIVATE, 0600));
    struct { long type; char text[8]; } message = {1, "hello"};
    MUST(msgsnd(queue, &message, 5, 0));
    show_line("/proc/sysvipc/msg", queue, 5);
    MUST(msgctl(queue, IPC_RMID, NULL));
    show_line("/proc/sysvipc/msg", queue, 5);
}
