// System V semaphores and message queues: what is undone at the end of a process, waits, removal, texts in /proc.
#include "../tasks.h"
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>

static long op(int id, int number, int amount, int flags) {
    struct sembuf buffer = {(unsigned short)number, (short)amount, (short)flags};
    return semop(id, &buffer, 1);
}

static int line_of(const char *path, int id, char *line, size_t size) {
    FILE *file = fopen(path, "r");
    int found = 0;
    while (file && fgets(line, (int)size, file)) {
        long key, number;
        if (sscanf(line, "%ld %ld", &key, &number) == 2 && number == id) { found = 1; break; }
    }
    if (file) fclose(file);
    return found;
}

TEST {
    int id = (int)MUST(semget(IPC_PRIVATE, 3, 0600));
    MUST(semctl(id, 0, SETVAL, 5));
    pid_t pid = SPAWN({
        SHOW(op(id, 0, -2, SEM_UNDO));
        SHOW(op(id, 1, 4, SEM_UNDO));
        SHOW(op(id, 1, -1, SEM_UNDO));
        SHOW(op(id, 2, 7, 0));
        SHOW(semctl(id, 0, GETVAL));
    });
    reap("child", pid);
    T("after it: %d %d %d", semctl(id, 0, GETVAL), semctl(id, 1, GETVAL), semctl(id, 2, GETVAL));
    CHECK(semctl(id, 0, GETPID) == pid);
    // killed as well as exited; others wait for what is undone
    struct gate ready = make_gate();
    pid = SPAWN({ MUST(op(id, 0, -5, SEM_UNDO)); gate_open(ready); pause(); });
    gate_wait(ready);
    SHOW(op(id, 0, -1, IPC_NOWAIT));
    kill(pid, SIGKILL);
    SHOW(op(id, 0, -5, 0));
    reap("killed", pid);
    // exec keeps it, the program's end undoes it
    pid = fork_child();
    if (pid == 0) { MUST(op(id, 0, 3, SEM_UNDO)); execl("/bin/true", "true", NULL); child_exit(1); }
    reap("exec", pid);
    SHOW(semctl(id, 0, GETVAL));
    char line[512];
    FACT("in /proc/sysvipc/sem", line_of("/proc/sysvipc/sem", id, line, sizeof line));
    long key, number, mode, count;
    sscanf(line, "%ld %ld %lo %ld", &key, &number, &mode, &count);
    T("key %ld, mode %lo, %ld semaphores, %zu bytes", key, mode, count, strlen(line));
    pid = SPAWN({ SHOW(op(id, 0, -1, 0)); });
    settle();
    SHOW(semctl(id, 0, GETNCNT));
    MUST(semctl(id, 0, IPC_RMID));
    reap("waiter", pid);

    id = (int)MUST(msgget(IPC_PRIVATE, 0640));
    struct { long type; char text[20]; } message = {3, "three"};
    MUST(msgsnd(id, &message, 6, 0));
    FACT("in /proc/sysvipc/msg", line_of("/proc/sysvipc/msg", id, line, sizeof line));
    long bytes, messages;
    sscanf(line, "%ld %ld %lo %ld %ld", &key, &number, &mode, &bytes, &messages);
    T("mode %lo, %ld bytes, %ld messages, %zu characters", mode, bytes, messages, strlen(line));
    SHOW(msgctl(id, IPC_RMID, NULL));
}
