// Leak tests: memory.
#include "leaks.h"
#include <sys/uio.h>

static void map_unmap(long n) {
    (void)n;
    char *p = must(mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    *p = 1;
    must(munmap(p, 65536));
}

static void map_file(long n) {
    int fd = must(open(n & 1 ? "/etc/passwd" : "mapped", O_RDONLY | (n & 1 ? 0 : O_CREAT), 0600));
    char *p = must(mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, fd, 0));
    if (n & 1) expect(*p);
    close(fd);
    must(munmap(p, 4096));
}

static void map_shared(long n) {
    (void)n;
    char *p = must(mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    p[5000] = 1;
    must(munmap(p, 65536));
}

static void memory_files(long n) {
    int fd = must(memfd_create("leak", MFD_ALLOW_SEALING));
    must(ftruncate(fd, 3 << 16));
    char *p = must(mmap(NULL, 3 << 16, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
    p[n & 0xffff] = 1;
    must(ftruncate(fd, 4096));
    must(munmap(p, 3 << 16));
    close(fd);
}

static void splits(long n) {
    (void)n;
    char *p = must(mmap(NULL, 16 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    for (int i = 0; i < 16; i += 2) must(mprotect(p + i * 4096, 4096, PROT_READ));
    for (int i = 1; i < 16; i += 4) must(munmap(p + i * 4096, 4096));
    must(madvise(p, 4096, MADV_DONTNEED));
    must(munmap(p, 16 * 4096));
}

static void remaps(long n) {
    (void)n;
    char *p = must(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    p = must(mremap(p, 4096, 16 * 4096, MREMAP_MAYMOVE));
    p = must(mremap(p, 16 * 4096, 8192, MREMAP_MAYMOVE));
    must(munmap(p, 8192));
}

static void breaks(long n) {
    (void)n;
    char *old = must((char *)sbrk(1 << 16));
    *old = 1;
    must((char *)sbrk(-(1 << 16)));
}

/// Private pages of a file in memory, changed; and the file is gone before the mapping is.
static void private_copy(long n) {
    (void)n;
    int fd = must(open("private", O_RDWR | O_CREAT, 0600));
    must(ftruncate(fd, 8192));
    must(unlink("private"));
    char *p = must(mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0));
    close(fd);
    p[0] = p[4096] = 1;
    must(munmap(p, 8192));
}

static void map_failures(long n) {
    (void)n;
    expect(mmap(NULL, 0, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED);
    expect(mmap(NULL, 1ul << 60, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED);
    expect(mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, -1, 0) == MAP_FAILED);
    expect(mmap((void *)1, 4096, PROT_READ, MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED);
}

/// Looks into another process, which may end meanwhile.
static void others_memory(long n) {
    static pid_t child;
    static char data[100000];
    if (n % 64 == 0) {
        child = must(fork());
        if (child == 0) {
            for (;;) usleep(n % 3 * 100);
        }
    }
    struct iovec local = { data, sizeof data };
    must(process_vm_readv(child, &local, 1, &local, 1, 0));
    if (n % 64 == 63) {
        kill(child, SIGKILL);
        process_vm_readv(child, &local, 1, &local, 1, 0);
        reap(child, -1);
    }
}

const leak_case memory_cases[] = {
    { "map_unmap", map_unmap, 1000000, 1000000 },
    { "map_file", map_file, 20000, 1000000 },
    { "map_shared", map_shared, 20000, 500000 },
    { "memory_files", memory_files, 10000, 200000 },
    { "splits", splits, 3000, 50000 },
    { "remaps", remaps, 20000, 500000 },
    { "breaks", breaks, 20000, 500000 },
    { "private_copy", private_copy, 10000, 200000 },
    { "map_failures", map_failures, 50000, 500000 },
    { "others_memory", others_memory, 6400, 200000 },
    { 0 },
};
