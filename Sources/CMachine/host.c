// The host build, for unit tests: one thread, malloc, and user memory that is the test's own.
#if !MARTLET_IMAGE
#define _GNU_SOURCE
#include "CMachine.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static ml_machine machine = { .clktck = 100, .xsave_size = 576, .xsave_mask = 3, .has_fsgsbase = 1 };
ml_machine *ml_machine_info(void) { return &machine; }

static struct { char space[4096]; ml_frame frame; ml_block block; } thread __attribute__((aligned(64)));
static uint32_t slots = 1;

ml_block *ml_current(void) { thread.block.self = &thread.block; return &thread.block; }
ml_block *ml_block_of_slot(uint32_t slot) { (void)slot; return ml_current(); }
uint64_t ml_rdfsbase(void) { return 0; }
void ml_wrfsbase(uint64_t base) { (void)base; }
uint64_t ml_rdgsbase(void) { return 0; }
void ml_wrgsbase(uint64_t base) { (void)base; }

int64_t ml_gate(int64_t nr, int64_t a0, int64_t a1, int64_t a2, int64_t a3, int64_t a4, int64_t a5) {
    // Calls on descriptors of files are real, so that file systems of the host can be tested.
    switch (nr) {
    case SYS_pread64: case SYS_pwrite64: case SYS_close: case SYS_ftruncate: case SYS_fallocate: case SYS_fsync: case SYS_fdatasync: {
        int64_t result = syscall(nr, a0, a1, a2, a3, a4, a5);
        return result < 0 ? -errno : result;
    }
    }
    return -38;
}
int64_t ml_clone(uint64_t flags, uint32_t slot, uint64_t tls) { (void)flags; (void)slot; (void)tls; return -38; }
void ml_exit_thread(uint32_t *release, int32_t status, bool whole) { (void)release; (void)status; (void)whole; abort(); }
int64_t ml_spawn_kernel_thread(uint32_t slot, void (*function)(uint64_t), uint64_t argument) {
    (void)slot; (void)function; (void)argument; return -38;
}
void ml_install_filter(void) {}
void ml_child_setup(ml_block *block) { (void)block; }
void ml_enter_guest(void) { abort(); }
void ml_restart_stack(void (*function)(uint64_t), uint64_t argument) { (void)function; (void)argument; abort(); }

void ml_lock(void) {}
void ml_unlock(void) {}
bool ml_lock_if_soon_free(void) { ml_lock(); return true; }
bool ml_lock_held(void) { return true; }
uint32_t ml_lock_owner(void) { return 0; }
// Nobody else can wake the only thread: a sleep ends at once, as by its time-out.
bool ml_sleep(uint32_t seen, uint64_t deadline, uint32_t spin) {
    (void)deadline; (void)spin;
    return thread.block.wake_word != seen;
}
void ml_wake(uint32_t slot) { (void)slot; thread.block.wake_word++; }
void ml_kick(uint32_t slot) { (void)slot; }
uint64_t ml_clock_ns(int32_t clock) {
    struct timespec now = {0, 0};
    clock_gettime(clock, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

uint64_t ml_copy_user(void *to, const void *from, uint64_t count) { memmove(to, from, count); return 0; }
uint64_t ml_clear_user(void *to, uint64_t count) { memset(to, 0, count); return 0; }
uint64_t ml_copy_user_unlocked(void *to, const void *from, uint64_t count) { return ml_copy_user(to, from, count); }
uint64_t ml_clear_user_unlocked(void *to, uint64_t count) { return ml_clear_user(to, count); }
bool ml_load_user(uint64_t address, uint32_t width, uint64_t *value) {
    if (address < 4096) return false;
    *value = 0;
    memcpy(value, (void *)address, width);
    return true;
}
bool ml_store_user(uint64_t address, uint32_t width, uint64_t value) {
    if (address < 4096) return false;
    memcpy((void *)address, &value, width);
    return true;
}
int32_t ml_cmpxchg_user(uint64_t address, uint32_t expected, uint32_t desired, uint32_t *seen) {
    if (address < 4096) return -1;
    *seen = __sync_val_compare_and_swap((uint32_t *)address, expected, desired);
    return 0;
}
int64_t ml_strnlen_user(uint64_t address, uint64_t limit) {
    if (address < 4096) return -1;
    size_t n = strnlen((const char *)address, limit);
    return n == limit ? (int64_t)limit + 1 : (int64_t)n;
}
void ml_reset_vector_state(void) {}
bool ml_xsave_user(uint64_t address) { (void)address; return false; }
bool ml_xrstor_user(uint64_t address) { (void)address; return false; }
bool ml_user_range(uint64_t address, uint64_t count) {
    uint64_t end;
    return !__builtin_add_overflow(address, count, &end) && end <= ML_USER_END && address >= 4096;
}

void *ml_roots[ML_ROOTS];
uint8_t *ml_arena(void) {
    static uint8_t *memory;
    if (!memory) memory = calloc(1, ML_PROTOCOL_BYTES);
    return memory;
}

uint64_t ml_heap_used(void) { return 0; }
bool ml_heap_class(uint32_t index, uint64_t *size, uint64_t *live) { return false; }
uint32_t ml_slots_used(void) { return 0; }
uint64_t ml_heap_committed(void) { return 0; }
uint64_t ml_heap_limit(void) { return ML_HEAP_SIZE; }
void ml_heap_set_limit(uint64_t bytes) { (void)bytes; }
bool ml_heap_is_low(void) { return false; }
void ml_account_private(int64_t pages) { (void)pages; }
void ml_account_set_limit(uint64_t pages) { (void)pages; }
static uint64_t pages_used, pages_limit = ML_PAGES_SIZE >> 12;
uint64_t ml_pages_allocate(uint32_t order, bool zeroed) {
    (void)zeroed;
    if (order > 20 || pages_used + (1ull << order) > pages_limit) return 0;
    void *memory = 0;
    if (posix_memalign(&memory, 4096, 4096ull << order) != 0) return 0;
    memset(memory, 0, 4096ull << order);
    pages_used += 1ull << order;
    return (uint64_t)memory;
}
void ml_pages_free(uint64_t address, uint32_t order) { free((void *)address); pages_used -= 1ull << order; }
bool ml_pages_fresh(void) { return false; }
uint64_t ml_pages_used(void) { return pages_used; }
uint64_t ml_pages_limit(void) { return pages_limit; }
void ml_pages_set_limit(uint64_t limit) { pages_limit = limit; }
uint32_t ml_slot_allocate(void) { return slots++; }
void ml_slot_free(uint32_t slot) { (void)slot; }
void ml_slot_settle(uint32_t slot) { (void)slot; }
uint64_t ml_calls_of_ended(void) { return 0; }
static uint32_t tracing;
uint32_t ml_tracing(void) { return tracing; }
void ml_set_tracing(uint32_t flags) { tracing = flags; }

void ml_copy(void *to, const void *from, uint64_t count) { memcpy(to, from, count); }
void ml_zero(void *to, uint64_t count) { memset(to, 0, count); }
void ml_refuse(const char *reason, uint32_t error) { ml_panic(reason, error); }
void ml_panic(const char *reason, uint64_t detail) {
    fprintf(stderr, "panic: %s 0x%llx\n", reason, (unsigned long long)detail);
    abort();
}
void ml_panic_bytes(const uint8_t *text, uint64_t count) { fwrite(text, 1, count, stderr); abort(); }
void ml_debug_bytes(const uint8_t *text, uint64_t count) { fwrite(text, 1, count, stderr); }
#endif
