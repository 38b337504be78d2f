// Shared and private memory over forks.
#include "../tasks.h"

TEST {
    char *shared = new_shared(4 * PAGE), *private = new_pages(4);
    strcpy(shared, "before");
    strcpy(private, "before");
    private[PAGE] = 1;
    IN_CHILD("child", {
        T("child reads %s and %s", shared, private);
        strcpy(shared, "child was here");
        strcpy(private, "child was here");
        shared[2 * PAGE] = 5; // a page nobody has touched
        private[2 * PAGE] = 5;
        IN_CHILD("grandchild", {
            T("grandchild reads %s and %s", shared, private);
            shared[3 * PAGE] = 6;
            munmap(shared, PAGE);
        });
        T("child reads %s, %d", shared, shared[3 * PAGE]);
    });
    T("%s and %s; %d %d, %d", shared, private, shared[2 * PAGE], private[2 * PAGE], shared[3 * PAGE]);

    // Private pages: what the parent writes after the fork the child does not see, in any order of writes.
    struct gate go = make_gate(), done = make_gate();
    pid_t pid = SPAWN({
        gate_wait(go);
        T("child: %d %d", private[PAGE], private[3 * PAGE]);
        private[PAGE] = 3;
        gate_open(done);
        gate_wait(go);
    });
    private[PAGE] = 2;
    private[3 * PAGE] = 2;
    gate_open(go);
    gate_wait(done);
    T("parent: %d", private[PAGE]);
    gate_open(go);
    reap("child", pid);

    // Made in the child: not in the parent.
    char *at = free_range(1);
    IN_CHILD("maps", mmap(at, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0); at[0] = 1);
    PROBE("not here", at, PEEK(at));
    // Two shared mappings are different memory.
    char *other = new_shared(PAGE);
    CHECK(other[0] == 0);
    // MADV_DONTFORK and MADV_WIPEONFORK.
    char *kept = new_pages(2);
    memset(kept, 7, 2 * PAGE);
    SHOW(madvise(kept, PAGE, MADV_DONTFORK));
    SHOW(madvise(kept + PAGE, PAGE, MADV_WIPEONFORK));
    SHOW(madvise(shared, PAGE, MADV_WIPEONFORK)); // private anonymous only
    IN_CHILD("advised", {
        PROBE("DONTFORK", kept, PEEK(kept));
        SHOW(kept[PAGE]);
    });
    SHOW(kept[PAGE]);
    SHOW(madvise(kept, PAGE, MADV_DOFORK));
    SHOW(madvise(kept + PAGE, PAGE, MADV_KEEPONFORK));
    IN_CHILD("no longer advised", SHOW(kept[0] + kept[PAGE]));

    // Many forks over a few megabytes: each has its own.
    char *big = new_pages(512);
    for (int i = 0; i < 512; i++) big[i * PAGE] = 1;
    for (int n = 0; n < 4; n++)
        if (fork_child() == 0) {
            int sum = 0;
            for (int i = n; i < 512; i += 4) big[i * PAGE] += (char)n;
            for (int i = 0; i < 512; i++) sum += big[i * PAGE];
            child_exit(sum == 512 + 128 * n ? 0 : 1);
        }
    int status, bad = 0;
    while (wait(&status) > 0) bad += status != 0;
    SHOW(bad);
    SHOW(big[511 * PAGE]);
}
