// From the host's exec of the image to the kernel's own boot: map the arena, move the image's data
// into it, learn about the machine, install the handlers and, last, the seccomp filter.
#if MARTLET_IMAGE
#include "internal.h"
#include "protocol.h"
#include <elf.h>

// Places in the header page; MonitorProtocol's Header has the same numbers.
#define HEADER_VERSION 0x08
#define HEADER_LAYOUT  0x28

ML_PROTOCOL_NOTE;

ml_machine ml_info;

ml_machine *ml_machine_info(void) { return &ml_info; }

static void die(int status) {
    for (;;) ml_gate(NR_exit_group, status, 0, 0, 0, 0, 0);
}

static int64_t map(uint64_t address, uint64_t size, int prot, int flags, int fd, uint64_t offset) {
    return ml_gate(NR_mmap, (int64_t)address, (int64_t)size, prot, flags, fd, (int64_t)offset);
}

int (*ml_vdso_clock_gettime)(int32_t, void *);

static bool equal(const char *a, const char *b) {
    while (*a && *a == *b) a++, b++;
    return *a == *b;
}

/// Finds __vdso_clock_gettime by the vDSO's dynamic section, as the C library does.
static void find_clock(const Elf64_Phdr *program, int count) {
    uint64_t base = ml_info.vdso_base;
    const Elf64_Dyn *dynamic = 0;
    for (int i = 0; i < count; i++)
        if (program[i].p_type == PT_DYNAMIC) dynamic = (const Elf64_Dyn *)(base + program[i].p_vaddr);
    if (!dynamic) return;
    const Elf64_Sym *symbols = 0;
    const char *strings = 0;
    uint64_t string_size = 0;
    for (; dynamic->d_tag; dynamic++) {
        if (dynamic->d_tag == DT_SYMTAB) symbols = (const Elf64_Sym *)(base + dynamic->d_un.d_ptr);
        if (dynamic->d_tag == DT_STRTAB) strings = (const char *)(base + dynamic->d_un.d_ptr);
        if (dynamic->d_tag == DT_STRSZ) string_size = dynamic->d_un.d_val;
    }
    if (!symbols || !strings) return;
    // The string table follows the symbol table in every vDSO; it bounds the search.
    for (const Elf64_Sym *symbol = symbols; (const char *)(symbol + 1) <= strings; symbol++)
        if (symbol->st_name < string_size && equal(strings + symbol->st_name, "__vdso_clock_gettime"))
            ml_vdso_clock_gettime = (int (*)(int32_t, void *))(base + symbol->st_value);
}

/// The first part of the vDSO's own ELF header tells how long it is; the vvar pages lie below it.
static void measure_vdso(void) {
    if (!ml_info.vdso_base) return;
    const Elf64_Ehdr *header = (const Elf64_Ehdr *)ml_info.vdso_base;
    const Elf64_Phdr *program = (const Elf64_Phdr *)(ml_info.vdso_base + header->e_phoff);
    uint64_t end = 0;
    for (int i = 0; i < header->e_phnum; i++)
        if (program[i].p_type == PT_LOAD && program[i].p_vaddr + program[i].p_memsz > end)
            end = program[i].p_vaddr + program[i].p_memsz;
    ml_info.vdso_end = (ml_info.vdso_base + end + 4095) & ~4095ull;
    find_clock(program, header->e_phnum);
}

static void measure_xsave(void) {
    uint32_t a, b, c, d;
    __asm__ volatile("cpuid" : "=a"(a), "=b"(b), "=c"(c), "=d"(d) : "a"(1), "c"(0));
    ml_info.xsave_size = 512;
    ml_info.xsave_mask = 3;
    if (!(c & (1u << 27))) return; // no OSXSAVE: only fxsave
    uint32_t low, high;
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    // Dynamically enabled features (AMX tiles, bits 17 and 18) are not on for a process by default.
    ml_info.xsave_mask = ((uint64_t)high << 32 | low) & ~(3ull << 17);
    __asm__ volatile("cpuid" : "=a"(a), "=b"(b), "=c"(c), "=d"(d) : "a"(13), "c"(0));
    ml_info.xsave_size = b;
}

/// A fork skips the page tables of private mappings that have no page of their own yet, and the child then pays a
/// page fault for each 64 KiB of our code that it runs. One page of their own makes the host copy them.
static void own_a_page(const Elf64_Phdr *segment) {
    uint64_t start = segment->p_vaddr & ~4095ull;
    uint64_t length = ((segment->p_vaddr + segment->p_memsz + 4095) & ~4095ull) - start;
    int64_t usual = (segment->p_flags & PF_X ? 4 : 0) | 1;
    // Where the host forbids it, forks are slower.
    if (ml_gate(NR_mprotect, (int64_t)start, (int64_t)length, 3 | usual, 0, 0, 0) != 0) return;
    volatile uint8_t *byte = (volatile uint8_t *)(start + length - 1);
    *byte = *byte;
    if (ml_gate(NR_mprotect, (int64_t)start, (int64_t)length, usual, 0, 0, 0) != 0) die(125);
}

static void boot_on_slot(void) {
    ml_install_handlers();
    ml_child_setup(ml_current());
    martlet_boot();
    die(125);
}

/// Entered from _martlet_start with the stack the host's exec made.
void ml_boot(uint64_t *stack) {
    uint64_t argc = stack[0];
    uint64_t *environment = stack + 1 + argc + 1;
    while (*environment) environment++;
    uint64_t vdso = 0, hwcap = 0, hwcap2 = 0, minsig = 0, clktck = 100;
    for (uint64_t *auxv = environment + 1; auxv[0]; auxv += 2) {
        switch (auxv[0]) {
        case AT_SYSINFO_EHDR: vdso = auxv[1]; break;
        case AT_HWCAP: hwcap = auxv[1]; break;
        case 26: hwcap2 = auxv[1]; break;
        case 51: minsig = auxv[1]; break;
        case AT_CLKTCK: clktck = auxv[1]; break;
        }
    }
    // MAP_SHARED | MAP_FIXED | MAP_NORESERVE
    if (map(ML_ARENA, ML_ARENA_SIZE, 3, 0x4011, ML_ARENA_FD, 0) != (int64_t)ML_ARENA) die(125);
    if (*(uint32_t *)(ML_ARENA + HEADER_VERSION) != ML_PROTOCOL_VERSION || *(uint64_t *)(ML_ARENA + HEADER_LAYOUT) != ML_PROTOCOL_LAYOUT)
        ml_refuse("the kernel image is of another version than martlet, build both", 8 /* ENOEXEC */);

    // The writable segments of the image become shared by all processes that will be forked.
    const Elf64_Ehdr *header = (const Elf64_Ehdr *)__ehdr_start;
    const Elf64_Phdr *program = (const Elf64_Phdr *)(__ehdr_start + header->e_phoff);
    uint64_t offset = ML_DATA_OFFSET;
    for (int i = 0; i < header->e_phnum; i++) {
        if (program[i].p_type != PT_LOAD) continue;
        if (!(program[i].p_flags & PF_W)) {
            own_a_page(&program[i]);
            continue;
        }
        uint64_t start = program[i].p_vaddr & ~4095ull;
        uint64_t end = (program[i].p_vaddr + program[i].p_memsz + 4095) & ~4095ull;
        if (offset + (end - start) > ML_DATA_OFFSET + ML_DATA_SIZE) die(125);
        // Only the part that is in the file is copied: the rest of the arena reads as zero already.
        ml_copy((void *)(ML_ARENA + offset), (void *)start,
                program[i].p_vaddr + program[i].p_filesz - start);
        if (map(start, end - start, 3, 0x4011, ML_ARENA_FD, offset) != (int64_t)start) die(125);
        offset += end - start;
    }

    ml_info.vdso_base = vdso;
    ml_info.hwcap = hwcap;
    ml_info.hwcap2 = hwcap2;
    ml_info.minsigstksz = minsig;
    ml_info.clktck = clktck;
    ml_info.has_fsgsbase = (hwcap2 >> 1) & 1;
    measure_vdso();
    measure_xsave();
    uint32_t slot = ml_slot_allocate();
    ml_block *block = ml_block_of_slot(slot);
    block->host_tid = (uint32_t)ml_gate(NR_gettid, 0, 0, 0, 0, 0, 0);
    if (!ml_info.has_fsgsbase) ml_refuse("the processor, or a host kernel before Linux 5.9, lacks FSGSBASE", 38 /* ENOSYS */);
    ml_boot_switch((char *)block - ML_FRAME_SIZE, boot_on_slot);
}

// ---------------------------------------------------------------------------------------------
// Threads
// ---------------------------------------------------------------------------------------------

/// Per host thread state that clone does not carry over: the signal stack, the parent-death signal,
/// the %gs base.
void ml_child_setup(ml_block *block) {
    block->self = block;
    uint64_t top = (uint64_t)block - ML_FRAME_SIZE;
    struct { uint64_t sp; int32_t flags, pad; uint64_t size; } stack =
        { ((uint64_t)block & ~((1ull << ML_SLOT_SHIFT) - 1)), 0, 0, 0 };
    stack.size = top - stack.sp;
    ml_gate(NR_sigaltstack, (int64_t)&stack, 0, 0, 0, 0, 0);
    // Until now a handler would have run on the signal stack inherited from the parent, over what the parent has
    // there. Work that was posted before is found at the way out.
    block->kicked = 0;
    __atomic_store_n(&block->ready, 1, __ATOMIC_SEQ_CST);
    ml_gate(NR_prctl, 1 /* PR_SET_PDEATHSIG */, 9, 0, 0, 0, 0);
    ml_wrgsbase((uint64_t)block);
}

void ml_child_started_c(ml_frame *frame) {
    ml_block *block = ml_current();
    // The slot's tid is written by the host for the parent (CLONE_PARENT_SETTID) before we run.
    // A read that faults maps 16 pages of the shared data, a write only one; the lock's taking would be a write.
    (void)*(volatile uint32_t *)&ml_the_lock.word;
    ml_child_setup(block);
    martlet_child_started(frame);
}

int64_t ml_clone(uint64_t flags, uint32_t slot, uint64_t tls) {
    ml_block *block = ml_block_of_slot(slot);
    uint64_t *stack = (uint64_t *)ml_frame_of(block);
    *--stack = (uint64_t)ml_child_start; // the gate's `ret` in the child
    // CLONE_PARENT_SETTID 0x100000, CLONE_SETTLS 0x80000
    return ml_gate(NR_clone, (int64_t)(flags | 0x100000), (int64_t)stack,
                   (int64_t)&block->host_tid, 0, (int64_t)tls, 0);
}

struct kernel_thread { void (*function)(uint64_t); uint64_t argument; };

static void kernel_thread_start(void) {
    ml_block *block = ml_current();
    ml_frame *frame = ml_frame_of(block);
    ml_child_setup(block);
    void (*function)(uint64_t) = (void (*)(uint64_t))frame->rip;
    function(frame->rdi);
    die(125);
}

int64_t ml_spawn_kernel_thread(uint32_t slot, void (*function)(uint64_t), uint64_t argument) {
    ml_block *block = ml_block_of_slot(slot);
    ml_frame *frame = ml_frame_of(block);
    frame->rip = (uint64_t)function;
    frame->rdi = argument;
    uint64_t *stack = (uint64_t *)frame;
    *--stack = 0; // alignment as after a call
    *--stack = (uint64_t)kernel_thread_start;
    // VM | FS | FILES | SIGHAND | THREAD | SYSVSEM | PARENT_SETTID
    return ml_gate(NR_clone, 0x100 | 0x200 | 0x400 | 0x800 | 0x10000 | 0x40000 | 0x100000,
                   (int64_t)stack, (int64_t)&block->host_tid, 0, 0, 0);
}
#endif
