// The vDSO: found by its symbols, its functions agree with the system calls, also by way of threads and handlers.
#include "../tasks.h"
#include <elf.h>
#include <link.h>
#include <sys/auxv.h>

static void *find(const char *name) {
    unsigned long base = getauxval(AT_SYSINFO_EHDR);
    if (!base) return NULL;
    ElfW(Ehdr) *header = (void *)base;
    ElfW(Phdr) *programs = (void *)(base + header->e_phoff);
    ElfW(Dyn) *dynamic = NULL;
    unsigned long bias = 0;
    for (int i = 0; i < header->e_phnum; i++) {
        if (programs[i].p_type == PT_LOAD) bias = base + programs[i].p_offset - programs[i].p_vaddr;
        if (programs[i].p_type == PT_DYNAMIC) dynamic = (void *)(base + programs[i].p_offset);
    }
    ElfW(Sym) *symbols = NULL;
    const char *strings = NULL;
    for (; dynamic && dynamic->d_tag; dynamic++) {
        if (dynamic->d_tag == DT_SYMTAB) symbols = (void *)(bias + dynamic->d_un.d_ptr);
        if (dynamic->d_tag == DT_STRTAB) strings = (void *)(bias + dynamic->d_un.d_ptr);
    }
    for (int i = 1; symbols && strings && i < 40 && (char *)&symbols[i] < strings; i++)
        if (!strcmp(strings + symbols[i].st_name, name)) return (void *)(bias + symbols[i].st_value);
    return NULL;
}

TEST {
    int (*gettime)(clockid_t, struct timespec *) = find("__vdso_clock_gettime");
    int (*timeofday)(struct timeval *, void *) = find("__vdso_gettimeofday");
    time_t (*time_)(time_t *) = find("__vdso_time");
    long (*cpu)(unsigned *, unsigned *, void *) = find("__vdso_getcpu");
    int (*resolution)(clockid_t, struct timespec *) = find("__vdso_clock_getres");
    FACT("clock_gettime", gettime != NULL);
    FACT("gettimeofday", timeofday != NULL);
    FACT("time", time_ != NULL);
    FACT("getcpu", cpu != NULL);
    FACT("clock_getres", resolution != NULL);
    if (!gettime || !timeofday || !time_ || !cpu || !resolution) return;
    struct timespec a, b, c;
    bool ordered = true;
    for (int i = 0; i < 1000; i++) {
        ordered &= gettime(CLOCK_MONOTONIC, &a) == 0;
        syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &b);
        gettime(CLOCK_MONOTONIC, &c);
        ordered &= compare_times(a, b) <= 0 && compare_times(b, c) <= 0;
    }
    CHECK(ordered);
    struct timeval v;
    SHOW(timeofday(&v, NULL));
    CHECK(labs(v.tv_sec - time(NULL)) <= 1 && labs(time_(NULL) - v.tv_sec) <= 1);
    unsigned number = 9999;
    SHOW(cpu(&number, NULL, NULL));
    CHECK(number < 4096);
    SHOW(resolution(CLOCK_MONOTONIC, &a));
    SHOW(a.tv_nsec);
    // Clocks that it leaves to the system call.
    SHOW(gettime(CLOCK_PROCESS_CPUTIME_ID, &a));
    SHOW(gettime(CLOCK_THREAD_CPUTIME_ID, &a));
    SHOW(gettime(99, &a));
    IN_CHILD("child", SHOW(gettime(CLOCK_REALTIME, &a)));
    PROBE("a bad pointer", conf_bad, gettime(CLOCK_MONOTONIC, conf_bad));
}
