// A defect of the kernel stops the sandbox: the report goes to the monitor, which ends everything.
#include "CMachine.h"
#if MARTLET_IMAGE
#include "internal.h"

// Places in the header that the monitor reads; MonitorProtocol has the same numbers.
#define HEADER_DOORBELL   0x80
#define HEADER_STATE      0x100
#define HEADER_PANIC_LENGTH 0x10C
#define HEADER_STATUS     0x104
#define HEADER_PANIC      0x2000
#define HEADER_PANIC_SIZE 0x2000
#define HEADER_ERRNO      0x108
#define STATE_PANICKED    3
#define STATE_REFUSED     4

static struct { uint8_t *at, *end; } writer;

static void put(const uint8_t *text, uint64_t count) {
    while (count-- && writer.at < writer.end) *writer.at++ = *text++;
}
static void put_string(const char *text) {
    while (*text) put((const uint8_t *)text++, 1);
}
static void put_hex(uint64_t value) {
    put_string("0x");
    int shift = 60;
    while (shift > 0 && !(value >> shift)) shift -= 4;
    for (; shift >= 0; shift -= 4) put((const uint8_t *)&"0123456789abcdef"[(value >> shift) & 15], 1);
}
static void put_decimal(uint64_t value) {
    uint8_t digits[20];
    int count = 0;
    do digits[count++] = (uint8_t)('0' + value % 10); while (value /= 10);
    while (count) put(&digits[--count], 1);
}

/// What, where, who, the last calls, the way there: one line each. The monitor puts names to the numbers of the calls.
static void write_report(const uint8_t *text, uint64_t count, uint64_t detail, ml_block *block) {
    put(text, count);
    put_string(" ");
    put_hex(detail);
    put_string("\ntask ");
    put_decimal((uint32_t)block->guest_tid);
    put_string(" of process ");
    put_decimal((uint32_t)block->guest_pid);
    put_string(" (");
    for (int i = 0; i < 15 && block->guest_name[i]; i++) put((const uint8_t *)&block->guest_name[i], 1);
    put_string("), thread slot ");
    put_decimal(block->slot);
    put_string(", host thread ");
    put_decimal(block->host_tid);
    put_string(", guest at ");
    put_hex(ml_frame_of(block)->rip);
    uint32_t owner = ml_lock_owner();
    put_string(owner == UINT32_MAX ? ", kernel lock free" : owner == block->slot ? ", holds the kernel lock" : ", kernel lock held by slot ");
    if (owner != UINT32_MAX && owner != block->slot) put_decimal(owner);
    put_string("\ncalls");
    uint64_t made = block->last_call_index < 8 ? block->last_call_index : 8;
    for (uint64_t i = made; i >= 1; i--) {
        put_string(" ");
        put_decimal(block->last_calls[(block->last_call_index - i) & 7]);
    }
    // Return addresses into the image, newest first: enough to find the way with a symbol table.
    put_string("\nstack");
    uint64_t *sp = (uint64_t *)__builtin_frame_address(0), *top = (uint64_t *)ml_frame_of(block);
    for (int found = 0; sp < top && found < 24; sp++)
        if (*sp > ML_KERNEL_START && *sp < ML_KERNEL_START + 0x2000000) { put_string(" "); put_hex(*sp); found++; }
}

/// Who reports: slot + 1 of its thread; all ones: the host has refused something.
static uint32_t stopping;

/// Tells the monitor that the text is there, and of which kind it is.
static void report(uint32_t state) {
    *(uint32_t *)(ML_ARENA + HEADER_PANIC_LENGTH) = (uint32_t)((uint64_t)writer.at - (ML_ARENA + HEADER_PANIC));
    *(uint32_t *)(ML_ARENA + HEADER_STATUS) = 125 << 8;
    __atomic_store_n((uint32_t *)(ML_ARENA + HEADER_STATE), state, __ATOMIC_SEQ_CST);
    __atomic_fetch_add((uint32_t *)(ML_ARENA + HEADER_DOORBELL), 1, __ATOMIC_SEQ_CST);
    ml_gate(NR_futex, ML_ARENA + HEADER_DOORBELL, 1, 1000, 0, 0, 0);
}

static void stop(const uint8_t *text, uint64_t count, uint64_t detail) {
    ml_block *block = ml_current();
    uint32_t nobody = 0;
    if (__atomic_compare_exchange_n(&stopping, &nobody, block->slot + 1, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) {
        writer.at = (uint8_t *)(ML_ARENA + HEADER_PANIC);
        writer.end = writer.at + HEADER_PANIC_SIZE - 1;
        write_report(text, count, detail, block);
        report(STATE_PANICKED);
    } else if (nobody == block->slot + 1) {
        // The report itself has failed: what there is of it must do.
        report(STATE_PANICKED);
    } else {
        // One report is enough. Ending this process now could end the thread that writes it.
        struct { int64_t seconds, nanoseconds; } while_reported = { 2, 0 };
        ml_gate(NR_futex, (int64_t)&stopping, 0 /* FUTEX_WAIT */, nobody, (int64_t)&while_reported, 0, 0);
    }
    // The monitor kills every process. This one does not wait for it.
    for (;;) ml_gate(NR_exit_group, 125, 0, 0, 0, 0, 0);
}

static uint64_t length(const char *text) {
    uint64_t n = 0;
    while (text[n]) n++;
    return n;
}

void ml_panic(const char *reason, uint64_t detail) {
    stop((const uint8_t *)reason, length(reason), detail);
    __builtin_unreachable();
}

void ml_refuse(const char *reason, uint32_t error) {
    uint32_t nobody = 0;
    if (__atomic_compare_exchange_n(&stopping, &nobody, UINT32_MAX, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) {
        writer.at = (uint8_t *)(ML_ARENA + HEADER_PANIC);
        writer.end = writer.at + HEADER_PANIC_SIZE - 1;
        put_string(reason);
        *(uint32_t *)(ML_ARENA + HEADER_ERRNO) = error;
        report(STATE_REFUSED);
    }
    for (;;) ml_gate(NR_exit_group, 125, 0, 0, 0, 0, 0);
}

void ml_panic_bytes(const uint8_t *text, uint64_t count) {
    stop(text, count, 0);
    __builtin_unreachable();
}
#endif
