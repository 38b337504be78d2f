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
    if (__atomic_exchange_n(&stopping, 1, __ATOMIC_SEQ_CST) == 0) {
        ml_block *block = ml_current();
        writer.at = (uint8_t *)(ML_ARENA + HEADER_PANIC);
        writer.end = writer.at + HEADER_PANIC_SIZE - 1;
        put(text, count);
        put_string(" ");
        put_hex(detail);
        put_string("; thread slot ");
        put_hex(block->slot);
        put_string(", host tid ");
        put_hex(block->host_tid);
        put_string(", last calls");
        for (int i = 8; i >= 1; i--) {
            put_string(" ");
            put_hex(block->last_calls[(block->last_call_index - (uint64_t)i) & 7]);
        }
        // Return addresses into the image, newest first: enough to find the way with a symbol table.
        put_string("; stack");
        uint64_t *sp = (uint64_t *)__builtin_frame_address(0), *top = (uint64_t *)ml_frame_of(block);
        for (int found = 0; sp < top && found < 24; sp++)
            if (*sp > ML_KERNEL_START && *sp < ML_KERNEL_START + 0x2000000) { put_string(" "); put_hex(*sp); found++; }
        report(STATE_PANICKED);
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
    if (__atomic_exchange_n(&stopping, 1, __ATOMIC_SEQ_CST) == 0) {
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
