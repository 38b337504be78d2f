// Shared mappings, read, write and truncate see each other at once.
#include "../common.h"

#include <setjmp.h>
static sigjmp_buf jump;
static volatile int code;
static void caught(int number, siginfo_t *info, void *context) {
    (void)context;
    code = info->si_code;
    siglongjmp(jump, number);
}
static void touch(const char *label, volatile char *at) {
    int number = sigsetjmp(jump, 1);
    if (number == 0) T("%s: %d", label, *at);
    else T("%s: %s code %d", label, signal_name(number), code);
}

TEST {
    make_pattern("f", 6000);
    struct sigaction action = {.sa_sigaction = caught, .sa_flags = SA_SIGINFO};
    sigaction(SIGBUS, &action, NULL);
    sigaction(SIGSEGV, &action, NULL);
    int fd = (int)MUST(open("f", O_RDWR)), other = (int)MUST(open("f", O_RDWR));
    char *map = mmap(NULL, 3 * 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0), data[16] = "";
    char *private = mmap(NULL, 2 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    CHECK(map != MAP_FAILED && private != MAP_FAILED);
    memcpy(map, "MAPPED", 6);
    show_text("read sees the mapping", data, pread(other, data, 8, 0));
    pwrite(other, "WRITTEN", 7, 4094);
    show_text("mapping sees the write", map + 4092, 10);
    show_text("untouched private page too", private + 4092, 10);
    private[4100] = '!';
    pwrite(other, "again", 5, 4096);
    show_text("a copied private page does not", private + 4096, 5);
    show_text("file keeps", data, pread(fd, data, 8, 4098));
    touch("tail of the last page", map + 8000);
    SHOW(ftruncate(fd, 7000));
    touch("page beyond the end", map + 8192);
    SHOW(ftruncate(fd, 9000));
    touch("after growth", map + 8192);
    map[8192] = 'g';
    SHOW(ftruncate(fd, 100));
    touch("cut page", map + 4096);
    touch("kept page, beyond the end", map + 200);
    touch("kept page", map + 5);
    touch("private page after the cut", private + 4096);
    SHOW(ftruncate(fd, 9000));
    touch("grown again", map + 8192);
    touch("grown again", map + 5);
    IN_CHILD("child", { map[0] = 'C'; private[0] = 'P'; });
    T("%c %c", map[0], private[0]);
    SHOW(msync(map, 4096, MS_SYNC));
    SHOW(msync(map, 4096, MS_ASYNC | MS_SYNC));
    SHOW(msync(map + 1, 4096, MS_SYNC));
    // reading the file into its own mapping, writing it from there
    SHOW(pread(fd, map + 10, 10, 0));
    SHOW(pwrite(fd, map, 10, 30));
    show_text("result", map, 40);
    // the mapping outlives descriptor and name
    close(fd); close(other); unlink("f");
    map[1] = 'L';
    show_text("alive", map, 4);
    munmap(map, 4096);
    touch("unmapped", map);
    touch("second page is still there", map + 8192);
}
