// SIGSEGV and SIGBUS: codes and addresses for every kind of bad access.
#include "../tasks.h"

TEST {
    char *page = new_pages(4);
    volatile char byte = 0;
    MUST(munmap(page + 3 * PAGE, PAGE));
    PROBE("read of nothing", 0, byte = PEEK(conf_null));
    PROBE("read of 8", 8, byte = PEEK(conf_bad));
    PROBE("write to 8", 8, POKE(conf_bad, 1));
    PROBE("read behind the end", page + 3 * PAGE, byte = PEEK(page + 3 * PAGE));
    PROBE("write behind the end", page + 3 * PAGE + 5, POKE(page + 3 * PAGE + 5, 1));
    PROBE("across the end", page + 3 * PAGE, byte += (char)*(volatile long *)(page + 3 * PAGE - 3));
    MUST(mprotect(page, PAGE, PROT_READ));
    PROBE("read of read-only", page, byte = PEEK(page));
    PROBE("write to read-only", page + 7, POKE(page + 7, 1));
    MUST(mprotect(page, PAGE, PROT_NONE));
    PROBE("read of PROT_NONE", page, byte = PEEK(page));
    PROBE("write to PROT_NONE", page, POKE(page, 1));
    MUST(mprotect(page, PAGE, PROT_WRITE));
    PROBE("read of write-only", page, byte = PEEK(page)); // means readable, too
    PROBE("execution of data", page + PAGE, ((void (*)(void))(page + PAGE))());
    PROBE("execution of nothing", 8, ((void (*)(void))conf_bad)());
    MUST(mprotect(page, PAGE, PROT_EXEC));
    PROBE("read of execute-only", page, byte = PEEK(page));
    PROBE("write to execute-only", page, POKE(page, 1));
    PROBE("not canonical", 0, byte = PEEK(0x8000000000000000UL)); // a general protection fault has no address
    PROBE("just beyond user space", 0x7ffffffff000, byte = PEEK(0x7ffffffff000));
    PROBE("first beyond", 0x800000000000, byte = PEEK(0x800000000000));
    PROBE("kernel's half", -4096L, byte = PEEK(-4096L));
    PROBE("write to the kernel's half", -8L, POKE(-8L, 1));
    PROBE("vsyscall page", -10L << 20, byte = PEEK(-10L << 20));

    int fd = (int)MUST(open("file", O_RDWR | O_CREAT, 0600));
    MUST(write(fd, "content", 7));
    char *map = mmap(NULL, 3 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    PROBE("in the file", map, byte = PEEK(map));
    PROBE("behind its end in the last page", map + 100, byte = PEEK(map + 100));
    PROBE("in the page behind its end", map + PAGE, byte = PEEK(map + PAGE));
    PROBE("write there", map + 2 * PAGE + 9, POKE(map + 2 * PAGE + 9, 1));
    MUST(ftruncate(fd, 2 * PAGE));
    PROBE("after growing", map + PAGE, byte = PEEK(map + PAGE));
    MUST(ftruncate(fd, PAGE));
    PROBE("after truncation", map + PAGE, byte = PEEK(map + PAGE));
    char *copy = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    PROBE("private, behind the end", copy + PAGE, byte = PEEK(copy + PAGE));
    PROBE("private, written behind the end", copy + PAGE, POKE(copy + PAGE, 1));
    char *readOnly = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 0);
    PROBE("write to a read-only mapping", readOnly, POKE(readOnly, 1));

    // A system call does not fault but says EFAULT.
    SHOW(write(fd, page + 3 * PAGE, 1));
    SHOW(write(fd, map + PAGE, 1));
    SHOW(read(fd, readOnly, 1));
    SHOW(write(fd, page, 1)); // execute-only
    T("%d", byte & 0);
}
