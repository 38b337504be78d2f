// System V shared memory: making, attaching, sharing, letting go, removing; what is told about it.
#include "../tasks.h"
#include <sys/ipc.h>
#include <sys/shm.h>

static void show(const char *label, int id) {
    struct shmid_ds d;
    if (shmctl(id, IPC_STAT, &d) < 0) { T("%s: %s", label, errno_name(errno)); return; }
    T("%s: size %zu, mode %o, attached %lu, maker %s, last %s, times %d %d %d, key %s", label, d.shm_segsz, d.shm_perm.mode, d.shm_nattch,
      who(d.shm_cpid), who(d.shm_lpid), d.shm_atime != 0, d.shm_dtime != 0, d.shm_ctime != 0, d.shm_perm.__key ? "set" : "none");
}

static int lines_with(const char *path, const char *text) {
    char line[512];
    int count = 0;
    FILE *file = fopen(path, "r");
    while (file && fgets(line, sizeof line, file)) count += strstr(line, text) != NULL;
    if (file) fclose(file);
    return count;
}

TEST {
    key_t key = 0x4d410000 | (getpid() & 0xffff);
    name_pid(getpid(), "self");
    SHOW(shmget(key, 100, 0600));
    SHOW(shmget(key, 0, IPC_CREAT | 0600));
    int id = (int)MUST(shmget(key, 10000, IPC_CREAT | IPC_EXCL | 0640));
    CHECK(shmget(key, 10000, 0) == id);
    CHECK(shmget(key, 0, 0) == id);
    SHOW(shmget(key, 10001, 0));
    SHOW(shmget(key, 100, IPC_CREAT | IPC_EXCL));
    show("new", id);
    SHOW(shmctl(-1, IPC_STAT, NULL));
    SHOW(shmctl(id, 99, NULL));
    SHOW(RAW(SYS_shmctl, id, IPC_STAT, BAD));
    SHOW(shmctl(id ^ 0x7fff, IPC_RMID, NULL));

    char *a = shmat(id, NULL, 0), *b = shmat(id, NULL, SHM_RDONLY);
    CHECK(a != (char *)-1 && b != (char *)-1 && a != b);
    show("attached twice", id);
    strcpy(a + 9990, "hello");
    T("%s; beyond the end in the last page: %d", b + 9990, a[10001]);
    struct conf_ { int x; } unused; (void)unused;
    SHOW(mprotect(b, PAGE, PROT_READ | PROT_WRITE));
    SHOW(mprotect(a, 3 * PAGE, PROT_READ));
    SHOW(mprotect(a, 3 * PAGE, PROT_READ | PROT_WRITE));
    char name[32];
    snprintf(name, sizeof name, "/SYSV%08x (deleted)", key);
    T("in maps: %d", lines_with("/proc/self/maps", name));

    // places
    SHOW(shmat(id, a + 1, 0) == (void *)-1 ? -1 : 0);
    SHOW(shmat(id, a, 0) == (void *)-1 ? -1 : 0); // taken
    SHOW(shmat(id, NULL, SHM_REMAP) == (void *)-1 ? -1 : 0);
    char *hole = new_pages(8);
    munmap(hole, 8 * PAGE);
    CHECK(shmat(id, hole + 100, SHM_RND) == hole);
    char *other = new_pages(3);
    other[0] = 'o';
    CHECK(shmat(id, other, SHM_REMAP) == other);
    T("%s", other + 9990);
    show("four", id);
    SHOW(shmdt(hole + PAGE));
    SHOW(shmdt(hole));
    SHOW(shmdt(hole));
    SHOW(shmdt(other));
    SHOW(shmdt(NULL));
    show("two", id);

    // children have it, too; exec and exit let it go
    struct gate ready = make_gate(), go = make_gate();
    pid_t pid = SPAWN({ strcpy(a, "by the child"); gate_open(ready); gate_wait(go); });
    gate_wait(ready);
    struct shmid_ds d;
    shmctl(id, IPC_STAT, &d);
    T("with a child: %lu, it wrote \"%s\"", d.shm_nattch, a);
    gate_open(go);
    reap("child", pid);
    shmctl(id, IPC_STAT, &d);
    T("without: %lu", d.shm_nattch);
    CHECK(d.shm_lpid == pid);
    pid = fork_child();
    if (pid == 0) { execl("/bin/true", "true", NULL); child_exit(1); }
    reap("exec", pid);
    shmctl(id, IPC_STAT, &d);
    T("after exec: %lu", d.shm_nattch);

    // a part goes: two pieces; the rest goes with shmdt
    MUST(munmap(a + PAGE, PAGE));
    shmctl(id, IPC_STAT, &d);
    T("in pieces: %lu", d.shm_nattch);
    SHOW(shmdt(a));
    shmctl(id, IPC_STAT, &d);
    T("detached: %lu", d.shm_nattch);

    // IPC_SET, locks
    d.shm_perm.mode = 0606;
    SHOW(shmctl(id, IPC_SET, &d));
    SHOW(shmctl(id, SHM_LOCK, NULL));
    show("locked", id);
    SHOW(shmctl(id, SHM_UNLOCK, NULL));
    struct shm_info info;
    SHOW(shmctl(0, SHM_INFO, (void *)&info) >= 0);
    CHECK(info.used_ids >= 1 && info.shm_tot >= 3);
    struct shminfo limits;
    SHOW(shmctl(0, IPC_INFO, (void *)&limits) >= 0);
    T("limits: %d %d %d", limits.shmmin == 1, limits.shmmni == 4096, limits.shmseg == 4096);
    char number[32];
    snprintf(number, sizeof number, " %d ", id);
    T("in /proc/sysvipc/shm: %d", lines_with("/proc/sysvipc/shm", number));

    // removal waits for the last one
    SHOW(shmctl(id, IPC_RMID, NULL));
    show("to go", id);
    SHOW(shmget(key, 0, 0));
    a = shmat(id, NULL, 0);
    CHECK(a != (char *)-1);
    T("still there: %.12s", a);
    SHOW(shmdt(a));
    SHOW(shmdt(b));
    show("gone", id);
    SHOW(shmat(id, NULL, 0) == (void *)-1 ? -1 : 0);
    SHOW(shmctl(id, IPC_RMID, NULL));

    // private ones have no name; removed at once when nobody has them
    int one = shmget(IPC_PRIVATE, PAGE, 0600), two = shmget(IPC_PRIVATE, PAGE, 0600);
    CHECK(one >= 0 && two >= 0 && one != two);
    SHOW(shmctl(one, IPC_RMID, NULL));
    show("removed", one);
    // other people's
    if (geteuid() == 0) {
        pid = SPAWN({
            MUST(setgid(65534));
            MUST(setuid(65534));
            SHOW(shmat(two, NULL, 0) == (void *)-1 ? -1 : 0);
            SHOW(shmctl(two, IPC_STAT, &d));
            SHOW(shmctl(two, IPC_RMID, NULL));
            SHOW(shmctl(two, SHM_LOCK, NULL));
        });
        reap("another user", pid);
    } else {
        T("shmat(two, NULL, 0) == (void *)-1 ? -1 : 0 = -1 EACCES\nshmctl(two, IPC_STAT, &d) = -1 EACCES\nshmctl(two, IPC_RMID, NULL) = -1 EPERM\nshmctl(two, SHM_LOCK, NULL) = -1 EPERM\nanother user: exited 0");
    }
    SHOW(shmctl(two, IPC_RMID, NULL));
}
