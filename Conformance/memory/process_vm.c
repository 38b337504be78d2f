// process_vm_readv and writev, on oneself and a child.
#include "../tasks.h"

TEST {
    char source[100], target[100];
    for (int i = 0; i < 100; i++) source[i] = (char)('a' + i % 26), target[i] = '.';
    struct iovec local[3] = {{target, 10}, {target + 20, 5}, {target + 30, 50}}, remote[2] = {{source, 12}, {source + 50, 8}};
    SHOW(process_vm_readv(getpid(), local, 3, remote, 2, 0));
    show_text("target", target, 60);
    SHOW(process_vm_writev(getpid(), local, 1, remote, 1, 0));
    show_text("source", source, 15);
    SHOW(process_vm_readv(getpid(), local, 0, remote, 2, 0));
    SHOW(process_vm_readv(getpid(), local, 3, remote, 0, 0));
    SHOW(process_vm_readv(getpid(), local, 3, remote, 2, 1));
    SHOW(process_vm_readv(99999999, local, 3, remote, 2, 0));
    SHOW(process_vm_readv(getpid(), local, 1025, remote, 2, 0));
    SHOW(RAW(SYS_process_vm_readv, getpid(), BAD, 1, remote, 1, 0));
    remote[1].iov_base = BAD;
    SHOW(process_vm_readv(getpid(), local, 3, remote, 2, 0)); // partial
    remote[0].iov_base = BAD;
    SHOW(process_vm_readv(getpid(), local, 3, remote, 2, 0));
    char *end = new_pages(2) + PAGE;
    munmap(end, PAGE);
    remote[0] = (struct iovec){end - 5, 10};
    memcpy(end - 5, "12345", 5);
    SHOW(process_vm_readv(getpid(), local, 1, remote, 1, 0)); // up to the page's end
    local[0].iov_base = BAD;
    remote[0] = (struct iovec){source, 10};
    SHOW(process_vm_readv(getpid(), local, 1, remote, 1, 0));

    struct gate ready = make_gate(), go = make_gate();
    char *memory = new_pages(1);
    strcpy(memory, "parent's");
    pid_t pid = SPAWN({
        strcpy(memory, "child's");
        prctl(PR_SET_DUMPABLE, 1);
        gate_open(ready);
        gate_wait(go);
        T("in the child: %s", memory);
    });
    gate_wait(ready);
    char text[20] = "";
    struct iovec mine = {text, 8}, its = {memory, 8};
    SHOW(process_vm_readv(pid, &mine, 1, &its, 1, 0));
    T("%s, here %s", text, memory);
    strcpy(text, "changed");
    SHOW(process_vm_writev(pid, &mine, 1, &its, 1, 0));
    gate_open(go);
    reap("child", pid);
    SHOW(process_vm_readv(pid, &mine, 1, &its, 1, 0));
}
