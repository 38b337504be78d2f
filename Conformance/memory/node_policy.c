// Memory policies: set_mempolicy, get_mempolicy, mbind, migrate_pages, move_pages, set_mempolicy_home_node, on a machine of one node.
#include "../common.h"
#include <linux/mempolicy.h>

static long set(int mode, unsigned long nodes, unsigned long bits) { return RAW(SYS_set_mempolicy, mode, bits ? &nodes : NULL, bits); }

static void get(const char *label, void *at, unsigned long flags) {
    int mode = -1;
    unsigned long nodes[16] = {~0ul};
    long result = RAW(SYS_get_mempolicy, &mode, nodes, 1024, at, flags);
    if (result < 0) T("%s: %s", label, errno_name(errno));
    else T("%s: %#x of nodes %#lx", label, mode, nodes[0]);
}

TEST {
    if (RAW(SYS_get_mempolicy, NULL, NULL, 0, NULL, 0) < 0 && errno == ENOSYS) SKIP("this kernel has no memory policies");
    if (access("/sys/devices/system/node/node1", F_OK) == 0) SKIP("this machine has several nodes");
    get("at first", NULL, 0);
    get("allowed", NULL, MPOL_F_MEMS_ALLOWED);
    SHOW(set(MPOL_BIND, 1, 64));
    get("bound", NULL, 0);
    get("a node of it", NULL, MPOL_F_NODE);
    SHOW(set(MPOL_INTERLEAVE, 1, 64));
    get("interleaved", NULL, 0);
    get("the next node", NULL, MPOL_F_NODE);
    SHOW(set(MPOL_PREFERRED, 1, 64));
    get("preferred", NULL, 0);
    SHOW(set(MPOL_PREFERRED, 0, 0));
    get("preferred nowhere", NULL, 0);
    SHOW(set(MPOL_LOCAL, 0, 0));
    SHOW(set(MPOL_LOCAL, 1, 64));
    SHOW(set(MPOL_BIND | MPOL_F_STATIC_NODES, 1, 64));
    get("static", NULL, 0);
    SHOW(set(MPOL_BIND | MPOL_F_STATIC_NODES | MPOL_F_RELATIVE_NODES, 1, 64));
    SHOW(set(MPOL_BIND, 0, 64));
    SHOW(set(MPOL_BIND, 2, 64)); // there is no node 1
    SHOW(set(MPOL_DEFAULT, 1, 64));
    SHOW(set(MPOL_DEFAULT, 0, 0));
    SHOW(set(-1, 0, 0));
    SHOW(set(100, 0, 0));
    SHOW(RAW(SYS_set_mempolicy, MPOL_BIND, BAD, 64));
    SHOW(RAW(SYS_set_mempolicy, MPOL_BIND, BAD, 1ul << 40));
    pid_t child = (set(MPOL_BIND, 1, 64), fork());
    if (child == 0) {
        get("inherited", NULL, 0);
        _exit(0);
    }
    waitpid(child, NULL, 0);
    set(MPOL_DEFAULT, 0, 0);

    char *page = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    page[0] = 1;
    get("of a page", page, MPOL_F_ADDR);
    get("its node", page, MPOL_F_ADDR | MPOL_F_NODE);
    get("of nothing", BAD, MPOL_F_ADDR);
    get("an address without the flag", page, 0);
    get("wrong flags", NULL, 16);
    get("allowed of a page", page, MPOL_F_MEMS_ALLOWED | MPOL_F_ADDR);
    SHOW(RAW(SYS_get_mempolicy, BAD, NULL, 0, NULL, 0));
    unsigned long nodes = 1;
    SHOW(RAW(SYS_mbind, page, 4096, MPOL_BIND, &nodes, 64, 0));
    SHOW(RAW(SYS_mbind, page + 1, 4096, MPOL_BIND, &nodes, 64, 0));
    SHOW(RAW(SYS_mbind, page, 4096, MPOL_BIND, &nodes, 64, 99));

    void *pages[3] = {page, BAD, page + 4096};
    int status[3] = {99, 99, 99}, targets[3] = {0, 0, 0};
    SHOW(RAW(SYS_move_pages, 0, 1, pages, NULL, status, 0));
    SHOW(status[0]);
    SHOW(RAW(SYS_move_pages, 0, 1, pages, targets, status, MPOL_MF_MOVE));
    SHOW(status[0]);
    SHOW(RAW(SYS_move_pages, 0, 2, pages, NULL, status, 0));
    SHOW(status[1]);
    SHOW(RAW(SYS_move_pages, 0, 1, pages, NULL, status, 99));
    SHOW(RAW(SYS_move_pages, 0, 1, BAD, NULL, status, 0));
    SHOW(RAW(SYS_move_pages, 99999999, 1, pages, NULL, status, 0));
    targets[0] = 1000;
    SHOW(RAW(SYS_move_pages, 0, 1, pages, targets, status, MPOL_MF_MOVE));

    unsigned long old = 1, new = 1;
    SHOW(RAW(SYS_migrate_pages, 0, 64, &old, &new));
    SHOW(RAW(SYS_migrate_pages, getpid(), 64, &old, &new));
    SHOW(RAW(SYS_migrate_pages, 99999999, 64, &old, &new));
    SHOW(RAW(SYS_migrate_pages, 0, 64, BAD, &new));
    SHOW(RAW(SYS_migrate_pages, 0, 64, &old, BAD));
    new = 0;
    SHOW(RAW(SYS_migrate_pages, 0, 64, &old, &new));
    SHOW(RAW(SYS_set_mempolicy_home_node, page, 4096, 1000, 0));
    SHOW(RAW(SYS_set_mempolicy_home_node, page, 4096, 0, 1));
    SHOW(RAW(SYS_set_mempolicy_home_node, page + 1, 4096, 0, 0));
    SHOW(RAW(SYS_set_mempolicy_home_node, page, 0, 0, 0));
    SHOW(RAW(SYS_set_mempolicy_home_node, page + 4096, 4096, 0, 0)); // has no policy
}
