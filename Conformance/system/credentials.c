// User and group ids, supplementary groups, capabilities: reads, and the rules for an ordinary user.
#define CONF_AS_USER
#include "../tasks.h"
#include <linux/capability.h>
#include <sys/fsuid.h>

TEST {
    uid_t r, e, s, me = getuid();
    gid_t gr, ge, gs, group = getgid();
    SHOW(getresuid(&r, &e, &s));
    CHECK(r == me && e == me && s == me && geteuid() == me);
    SHOW(getresgid(&gr, &ge, &gs));
    CHECK(gr == group && ge == group && gs == group && getegid() == group);
    SHOW(setuid(me));
    SHOW(setuid(me + 1));
    SHOW(setuid(-1));
    SHOW(seteuid(me));
    SHOW(setreuid(-1, -1));
    SHOW(setreuid(me, me));
    SHOW(setreuid(me + 1, -1));
    SHOW(setresuid(-1, -1, -1));
    SHOW(setresuid(me, me, me));
    SHOW(setresuid(me + 1, -1, -1));
    SHOW(setresuid(-1, -1, me + 1));
    SHOW(setgid(group));
    SHOW(setgid(group + 1));
    SHOW(setregid(-1, group + 1));
    SHOW(setresgid(group, group, group));
    SHOW(setresgid(-1, group + 1, -1));
    CHECK(setfsuid(-1) == (int)me && setfsuid(me) == (int)me);
    CHECK(setfsuid(me + 1) == (int)me && setfsuid(-1) == (int)me); // refused without a word
    CHECK(setfsgid(-1) == (int)group);
    gid_t list[100];
    int count = getgroups(0, NULL);
    CHECK(count >= 0 && getgroups(100, list) == count);
    SHOW(RAW(SYS_getgroups, -1, list));
    SHOW(setgroups(1, list));
    SHOW(setgroups(0, NULL));
    SHOW(RAW(SYS_getresuid, BAD, &e, &s));

    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct data[2];
    SHOW(RAW(SYS_capget, &header, data));
    T("effective %x %x, permitted %x %x, inheritable %x %x", data[0].effective, data[1].effective, data[0].permitted, data[1].permitted, data[0].inheritable, data[1].inheritable);
    SHOW(RAW(SYS_capset, &header, data));
    data[0].effective = data[0].permitted = 1;
    SHOW(RAW(SYS_capset, &header, data));
    header.version = 77;
    SHOW(RAW(SYS_capget, &header, data));
    T("preferred version %#x", header.version);
    header.version = 77;
    SHOW(RAW(SYS_capget, &header, NULL));
    header.version = _LINUX_CAPABILITY_VERSION_1;
    SHOW(RAW(SYS_capget, &header, data));
    header.version = _LINUX_CAPABILITY_VERSION_3;
    header.pid = 99999999;
    SHOW(RAW(SYS_capget, &header, data));
    header.pid = -1;
    SHOW(RAW(SYS_capget, &header, data));
    header.pid = 1;
    SHOW(RAW(SYS_capset, &header, data));
    SHOW(prctl(PR_CAPBSET_READ, 0) >= 0);
    SHOW(prctl(PR_CAPBSET_READ, 63));
    SHOW(prctl(PR_CAPBSET_DROP, 0));
    SHOW(prctl(PR_GET_SECUREBITS) >= 0);
    SHOW(prctl(PR_SET_SECUREBITS, 1));
    SHOW(prctl(PR_GET_KEEPCAPS));
    SHOW(prctl(PR_SET_KEEPCAPS, 1));
    SHOW(prctl(PR_GET_KEEPCAPS));
    SHOW(prctl(PR_SET_KEEPCAPS, 2));
    SHOW(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, 0, 0, 0));
    SHOW(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, 0, 0, 0));
    SHOW(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0));
    SHOW(prctl(PR_CAP_AMBIENT, 9, 0, 0, 0));
    // What only root may.
    SHOW(chroot("/"));
    SHOW(RAW(SYS_mount, "none", "/", "tmpfs", 0, NULL));
    SHOW(RAW(SYS_umount2, "/", 0));
    SHOW(RAW(SYS_pivot_root, ".", "."));
    SHOW(RAW(SYS_reboot, 0, 0, 0, NULL));
    SHOW(RAW(SYS_swapon, "x", 0));
    SHOW(mknod("device", S_IFCHR | 0600, 0x103));
    SHOW(mknod("fifo", S_IFIFO | 0600, 0));
    SHOW(RAW(SYS_syslog, 3, NULL, 0) < 0);
    SHOW(RAW(SYS_vhangup));
    SHOW(setpriority(PRIO_PROCESS, 0, -5));
    SHOW(RAW(SYS_setns, 1, 0));
    SHOW(RAW(SYS_unshare, CLONE_NEWNET));
    SHOW(RAW(SYS_unshare, CLONE_NEWNS));
}
