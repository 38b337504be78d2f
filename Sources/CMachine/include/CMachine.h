/// The machine layer of the kernel: everything that needs C or assembly.
///
/// Two builds share this header. With MARTLET_IMAGE it is the kernel image that lives inside guest
/// processes. Without, it is a host library that lets the kernel's data structures be unit tested:
/// "user memory" is then the test's own memory and there is one thread.
#ifndef CMACHINE_H
#define CMACHINE_H

#include <stdint.h>
#include <stddef.h>
#include <stdbool.h>

#include "layout.h"

// MARTLET_IMAGE is for the C files of the image; its Swift modules see the header with MARTLET_SWIFT_IMAGE.
#if MARTLET_IMAGE || MARTLET_SWIFT_IMAGE
#define ML_IN_IMAGE 1
#endif

#pragma clang diagnostic ignored "-Wnullability-completeness"

/// The guest's registers at kernel entry, in the order of Linux's struct pt_regs. One frame per
/// thread, at a fixed place at the top of its kernel stack.
typedef struct ml_frame {
    uint64_t r15, r14, r13, r12, rbp, rbx, r11, r10, r9, r8;
    uint64_t rax, rcx, rdx, rsi, rdi, orig_rax, rip, cs, rflags, rsp, ss;
    uint64_t reserved; // keeps the frame a multiple of 16 bytes
} ml_frame;

/// Why the thread entered the kernel, for entries through a host signal.
typedef struct ml_trap {
    int32_t signo;
    int32_t code;       // si_code
    uint64_t address;   // si_addr, or the instruction of a SIGSYS
    uint64_t trapno, error;
    uint32_t syscall_arch; // SIGSYS only: AUDIT_ARCH_*
    uint32_t reserved;
} ml_trap;

/// The per-thread control block, directly above the frame at the top of the thread's slot. %gs
/// points to it unless the guest claimed %gs.
typedef struct ml_block {
    struct ml_block *self;
    uint32_t work;         // ML_WORK_*: looked at before each return to the guest; set by any thread
    uint32_t wake_word;    // the futex the thread sleeps on; bumped by each wake
    uint32_t sleep_state;  // 0 running, 1 in (or about to enter) a futex wait, 2 spinning before it
    uint32_t host_tid;
    void *task;            // the Swift Task object, unmanaged
    uint32_t slot;
    uint32_t ready;        // the thread has its own signal stack, so it can be kicked
    uint32_t wake_count;   // wakes deferred until the kernel lock is released
    uint32_t held;         // what the thread holds that others wait for, besides the kernel lock; see ml_hold
    uint32_t wake_list[ML_WAKE_LIST];
    ml_trap trap;
    uint32_t entry_kind;   // ML_ENTRY_*
    uint32_t flags;
    uint64_t last_calls[8]; // ring of the last call numbers, for panic reports
    uint64_t last_call_index;
    uint32_t spin;         // the next sleep may be short: spin before it
    uint32_t waker_cpu;    // processor that the last wake came from
    int32_t guest_pid, guest_tid; // whom the thread runs for, for traces and panic reports
    char guest_name[16];
    uint32_t kicked;       // a SIGURG is on its way that has not been served
} ml_block;

#define ML_WORK_SIGNAL 1u
#define ML_WORK_EXIT   2u
#define ML_WORK_FULL   4u  // the frame was changed: leave through the full restore
#define ML_WORK_TRACE  8u

#define ML_ENTRY_FAST 0u
#define ML_ENTRY_TRAP 1u

/// What boot learned about the machine.
typedef struct ml_machine {
    uint64_t vdso_base, vdso_end, vvar_base;
    uint64_t hwcap, hwcap2, clktck, minsigstksz;
    uint64_t xsave_mask;
    uint32_t xsave_size;
    uint32_t has_fsgsbase;
    uint64_t data_start, data_end; // the image's writable segment
} ml_machine;

ml_machine *_Nonnull ml_machine_info(void);

// --- the current thread ---
#if ML_IN_IMAGE
/// The kernel runs on the stack in the slot of its thread, so the stack pointer tells the block.
static inline ml_block *_Nonnull ml_current(void) {
    uint64_t sp;
    __asm__("mov %%rsp, %0" : "=r"(sp));
    return (ml_block *)((sp | ((1ull << ML_SLOT_SHIFT) - 1)) + 1 - ML_BLOCK_SIZE);
}
#else
ml_block *_Nonnull ml_current(void);
#endif
static inline ml_frame *_Nonnull ml_frame_of(ml_block *_Nonnull block) { return (ml_frame *)((char *)block - ML_FRAME_SIZE); }
ml_block *_Nonnull ml_block_of_slot(uint32_t slot);
uint64_t ml_rdfsbase(void);
void ml_wrfsbase(uint64_t base);
uint64_t ml_rdgsbase(void);
void ml_wrgsbase(uint64_t base);

// --- host calls ---
int64_t ml_gate(int64_t nr, int64_t a0, int64_t a1, int64_t a2, int64_t a3, int64_t a4, int64_t a5);
/// clone(2) of the calling host thread. The child starts at ml_child_start on the given slot's stack
/// and enters the guest with that slot's frame. Returns the host tid or -errno.
int64_t ml_clone(uint64_t flags, uint32_t slot, uint64_t tls);
/// Ends the calling host thread without touching its stack after `*release` has been set to 0.
void ml_exit_thread(uint32_t *release, int32_t status, bool whole_process) __attribute__((noreturn));
/// A kernel thread in init: runs function(argument) on the given slot's stack.
int64_t ml_spawn_kernel_thread(uint32_t slot, void (*function)(uint64_t), uint64_t argument);
void ml_child_setup(ml_block *block);
/// Enters the guest with the current thread's frame. Never returns.
void ml_enter_guest(void) __attribute__((noreturn));
/// Continues at function(argument) on an empty kernel stack. Never returns.
void ml_restart_stack(void (*function)(uint64_t), uint64_t argument) __attribute__((noreturn));

// --- host calls whose arguments are structures ---
void ml_install_filter(void);
/// One instruction of the seccomp filter: struct sock_filter.
typedef struct { uint16_t code; uint8_t if_true, if_false; uint32_t value; } ml_filter_instruction;
#define ML_FILTER_MAX 160
/// Writes the filter for a gate whose `syscall` instruction ends at `gate`. Returns its length.
uint32_t ml_filter(ml_filter_instruction *_Nonnull out, uint64_t gate);
int64_t ml_receive_descriptor(uint32_t *kind, uint32_t *number, int32_t *descriptor);
/// The status of any host child of init that has ended; waits for one if there is none and `block` is set, else
/// returns 0. Called with the kernel lock free.
int64_t ml_wait_child(int32_t *status, bool block);
/// Stops the sandbox: a thread that is no more held what others wait for.
void ml_refuse_killed_holder(void) __attribute__((noreturn));
void ml_futex_wait(uint32_t *word, uint32_t seen, uint64_t deadline_ns);
uint64_t ml_fast_entry(void);
typedef struct { uint64_t user, system; int64_t max_resident, minor, major, voluntary, involuntary; } ml_usage_result;
ml_usage_result ml_usage(int32_t who);

// --- the kernel lock, sleeping and waking ---
#if ML_IN_IMAGE
/// On a cache line of its own. word: 0 free, else the holder's slot + 1, so that whoever holds it is known in any moment in which
/// the host may kill it, and ML_LOCK_SLEEPERS if somebody may sleep on the word. waiters: not 0 if somebody may sleep on the word.
/// tracing: see ml_tracing; it lies here because every entry has this line at hand.
/// starving: not 0 if somebody was woken for the lock several times and always found it taken.
typedef struct { uint32_t word, waiters, tracing, starving; } ml_kernel_lock;
#define ML_LOCK_SLEEPERS 0x80000000u
extern ml_kernel_lock ml_the_lock;
bool ml_lock_contended(uint32_t mine, bool once);
void ml_lock_wake(void);
void ml_wake_deferred(ml_block *_Nonnull me);

static inline void ml_lock(void) {
    uint32_t expected = 0, mine = ml_current()->slot + 1;
    if (!__builtin_expect(__atomic_compare_exchange_n(&ml_the_lock.word, &expected, mine, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED), 1))
        ml_lock_contended(mine, false);
}

/// The release is a plain store, with no barrier before the look at `waiters`: half of what a lock costs.
/// See ml_lock_contended about the wake-up that this may lose.
static inline void ml_unlock(void) {
    ml_block *me = ml_current();
    __atomic_store_n(&ml_the_lock.word, 0, __ATOMIC_RELEASE);
    if (__builtin_expect(__atomic_load_n(&ml_the_lock.waiters, __ATOMIC_RELAXED) != 0, 0)) ml_lock_wake();
    if (__builtin_expect(me->wake_count != 0, 0)) ml_wake_deferred(me);
}
#else
void ml_lock(void);
void ml_unlock(void);
#endif
/// Takes the lock unless somebody has it for some milliseconds.
bool ml_lock_if_soon_free(void);
bool ml_lock_held(void);
/// The slot of the thread that holds the lock; UINT32_MAX: none does.
uint32_t ml_lock_owner(void);
/// Sleeps until another thread wakes this slot or the time has come. Called with the lock held; it
/// is dropped meanwhile. deadline_ns is CLOCK_MONOTONIC, UINT64_MAX for none. True if woken.
bool ml_sleep(uint32_t seen_wake_word, uint64_t deadline_ns, uint32_t spin);
void ml_wake(uint32_t slot);
void ml_kick(uint32_t slot);
uint64_t ml_clock_ns(int32_t clock);

/// Counts what the calling thread holds across moments without the kernel lock. If the host kills it meanwhile, what it works at stays
/// as it is, and others would wait for ever.
static inline void ml_hold(void) { ml_current()->held++; }
static inline void ml_let_go(void) { ml_current()->held--; }

// --- user memory: each returns the number of bytes NOT copied, or false on a fault ---
uint64_t ml_copy_user(void *to, const void *from, uint64_t count);
uint64_t ml_clear_user(void *to, uint64_t count);
/// The same for many bytes, with the kernel lock free meanwhile: it is held at the call and after it. What is copied must stay where it is by other means.
uint64_t ml_copy_user_unlocked(void *to, const void *from, uint64_t count);
uint64_t ml_clear_user_unlocked(void *to, uint64_t count);
bool ml_load_user(uint64_t address, uint32_t width, uint64_t *value);
bool ml_store_user(uint64_t address, uint32_t width, uint64_t value);
/// Atomic compare-and-exchange of a 32-bit word in user memory. 0 done or differs (see *seen), -1 fault.
int32_t ml_cmpxchg_user(uint64_t address, uint32_t expected, uint32_t desired, uint32_t *seen);
/// Length of the string at address, at most limit; limit + 1 if not ended; -1 on a fault.
int64_t ml_strnlen_user(uint64_t address, uint64_t limit);
/// Saves or restores the live vector state at a 64-byte aligned user address. False on a fault.
bool ml_xsave_user(uint64_t address);
bool ml_xrstor_user(uint64_t address);
void ml_reset_vector_state(void);
bool ml_user_range(uint64_t address, uint64_t count);

// --- memory of the kernel ---
int posix_memalign(void **result, size_t alignment, size_t size);
void free(void *memory);
uint64_t ml_heap_used(void);
/// The size of a class of blocks, and how many of them are in use. False if there is no class of this index.
bool ml_heap_class(uint32_t index, uint64_t *_Nonnull size, uint64_t *_Nonnull live);
/// Thread slots that have been given out and not been given back.
uint32_t ml_slots_used(void);
uint64_t ml_heap_committed(void);
uint64_t ml_heap_limit(void);
/// Bytes that may be in use; at most what there is room for.
void ml_heap_set_limit(uint64_t bytes);
/// Whether only a reserve is left.
bool ml_heap_is_low(void);
/// Guests can use so many more (or fewer) pages of private memory.
void ml_account_private(int64_t pages);
/// Pages that the sandbox may use: with more, Header.memoryWatch is set.
void ml_account_set_limit(uint64_t pages);
/// Runs of zeroed pages, a power of two long, in the arena; 0 if none is left.
uint64_t ml_pages_allocate(uint32_t order, bool zeroed);
/// Whether the host had no memory yet for the run that was allocated last.
bool ml_pages_fresh(void);
void ml_pages_free(uint64_t address, uint32_t order);
uint64_t ml_pages_used(void);
uint64_t ml_pages_limit(void);
void ml_pages_set_limit(uint64_t pages);
uint32_t ml_slot_allocate(void);
/// The calls of the slot's thread so far are those of one that has ended.
void ml_slot_settle(uint32_t slot);
void ml_slot_free(uint32_t slot);
/// System calls made by threads that have let go of their slots.
uint64_t ml_calls_of_ended(void);

void ml_copy(void *to, const void *from, uint64_t count);
void ml_zero(void *to, uint64_t count);

/// What is traced: bit 0: calls; bits 8 to 15: the level from which on the kernel logs. Set once, at boot.
#if ML_IN_IMAGE
static inline uint32_t ml_tracing(void) { return ml_the_lock.tracing; }
static inline void ml_set_tracing(uint32_t flags) { ml_the_lock.tracing = flags; }
#else
uint32_t ml_tracing(void);
void ml_set_tracing(uint32_t flags);
#endif

// --- the kernel's root objects, one for each module that has one ---
#define ML_ROOTS 32
extern void *ml_roots[ML_ROOTS];
static inline void *_Nonnull ml_root(int64_t index) { return ml_roots[index & (ML_ROOTS - 1)]; }
static inline bool ml_has_root(int64_t index) { return ml_roots[index & (ML_ROOTS - 1)] != 0; }
static inline void ml_set_root(int64_t index, void *_Nonnull object) { ml_roots[index & (ML_ROOTS - 1)] = object; }

// --- the memory shared with the monitor ---
/// The address of the arena's first byte; in the host build, of a small stand-in.
uint8_t *_Nonnull ml_arena(void);
#define ML_PROTOCOL_BYTES 0x1000000

// --- stopping ---
void ml_panic(const char *reason, uint64_t detail) __attribute__((noreturn));
/// The host does not let the sandbox start: no defect of ours. The monitor says the reason and what the errno means.
void ml_refuse(const char *reason, uint32_t error) __attribute__((noreturn));
void ml_panic_bytes(const uint8_t *text, uint64_t count) __attribute__((noreturn));
void ml_debug_bytes(const uint8_t *text, uint64_t count);

static inline uint64_t ml_atomic_exchange64(uint64_t *p, uint64_t v) { return __atomic_exchange_n(p, v, __ATOMIC_SEQ_CST); }
static inline uint32_t ml_atomic_load32(const uint32_t *p) { return __atomic_load_n(p, __ATOMIC_SEQ_CST); }
static inline void ml_atomic_store32(uint32_t *p, uint32_t v) { __atomic_store_n(p, v, __ATOMIC_SEQ_CST); }
static inline uint32_t ml_atomic_or32(uint32_t *p, uint32_t v) { return __atomic_fetch_or(p, v, __ATOMIC_SEQ_CST); }
static inline uint32_t ml_atomic_and32(uint32_t *p, uint32_t v) { return __atomic_fetch_and(p, v, __ATOMIC_SEQ_CST); }
/// The cpuid instruction: eax, ebx, ecx, edx.
static inline void ml_cpuid(uint32_t leaf, uint32_t subleaf, uint32_t *_Nonnull out) {
    __asm__ volatile("cpuid" : "=a"(out[0]), "=b"(out[1]), "=c"(out[2]), "=d"(out[3]) : "a"(leaf), "c"(subleaf));
}
static inline uint64_t ml_rdtsc(void) { return __builtin_ia32_rdtsc(); }
/// Tells the processor that this is a spin loop.
static inline void ml_pause(void) { __builtin_ia32_pause(); }
static inline uint32_t ml_atomic_add32(uint32_t *p, uint32_t v) { return __atomic_fetch_add(p, v, __ATOMIC_SEQ_CST); }

// --- implemented by the kernel above, called from assembly and boot ---
#if MARTLET_IMAGE
void martlet_boot(void);
int64_t martlet_syscall(ml_frame *frame);
void martlet_trap(ml_frame *frame);
void martlet_exit_work(ml_frame *frame);
/// Makes one byte of the guest's memory accessible, if the guest's own access would. Keeps the kernel lock.
bool martlet_user_fault(uint64_t address, bool write);
void martlet_child_started(ml_frame *frame);
#endif

#endif
