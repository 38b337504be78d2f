// Host calls whose arguments are structures.
#include "CMachine.h"
#if MARTLET_IMAGE
#include "internal.h"

uint64_t ml_fast_entry(void) { return (uint64_t)martlet_entry; }

int64_t ml_receive_descriptor(uint32_t *kind, uint32_t *number, int32_t *descriptor) {
    uint32_t message[2] = {0, 0};
    struct { void *base; uint64_t length; } vector = { message, sizeof message };
    struct { uint64_t length; int32_t level, type; int32_t descriptor; int32_t pad; } control = {0, 0, 0, -1, 0};
    struct {
        void *name; uint32_t name_length, pad0;
        void *vectors; uint64_t vector_count;
        void *control; uint64_t control_length;
        int32_t flags, pad1;
    } header = { 0, 0, 0, &vector, 1, &control, sizeof control, 0, 0 };
    int64_t result;
    do {
        result = ml_gate(NR_recvmsg, ML_SOCKET_FD, (int64_t)&header, 0x40000000 /* MSG_CMSG_CLOEXEC */, 0, 0, 0);
    } while (result == -4);
    if (result < 0) return result;
    if (result == 0) return -104; // the monitor is gone
    *kind = message[0];
    *number = message[1];
    // SOL_SOCKET, SCM_RIGHTS
    *descriptor = header.control_length >= 20 && control.level == 1 && control.type == 1 ? control.descriptor : -1;
    return 0;
}

void ml_refuse_killed_holder(void) {
    ml_refuse("the host has killed a process while it worked in the sandbox's kernel (out of memory, or a forbidden call?)", 12 /* ENOMEM */);
}

int64_t ml_wait_child(int32_t *status, bool block) {
    int64_t pid = ml_gate(61, -1, (int64_t)status, 0x40000000 /* __WALL */ | (block ? 0 : 1 /* WNOHANG */), 0, 0, 0);
    if (pid <= 0 || (*status & 0x7f) == 0) return pid;
    // It was killed. If one of its threads held the kernel lock, nobody will ever release it: the owner's thread is gone.
    uint32_t owner = ml_lock_owner();
    if (owner < ML_SLOT_COUNT) {
        uint32_t thread = ml_block_of_slot(owner)->host_tid;
        if (thread != 0 && ml_gate(NR_tkill, thread, ML_SIGURG, 0, 0, 0, 0) == -3 && ml_lock_owner() == owner)
            ml_refuse_killed_holder();
    }
    return pid;
}

ml_usage_result ml_usage(int32_t who) {
    int64_t raw[18] = {0}; // struct rusage
    ml_gate(98, who, (int64_t)raw, 0, 0, 0, 0);
    ml_usage_result result = {
        (uint64_t)raw[0] * 1000000000u + (uint64_t)raw[1] * 1000u, (uint64_t)raw[2] * 1000000000u + (uint64_t)raw[3] * 1000u,
        raw[4], raw[8], raw[9], raw[16], raw[17],
    };
    return result;
}

void ml_futex_wait(uint32_t *word, uint32_t seen, uint64_t deadline_ns) {
    struct { int64_t seconds, nanoseconds; } until = {
        (int64_t)(deadline_ns / 1000000000u), (int64_t)(deadline_ns % 1000000000u),
    };
    ml_gate(NR_futex, (int64_t)word, 9 /* FUTEX_WAIT_BITSET */, seen, deadline_ns == UINT64_MAX ? 0 : (int64_t)&until, 0, -1);
}
#else
int64_t ml_wait_child(int32_t *status, bool block) { (void)status; (void)block; return -10; }
ml_usage_result ml_usage(int32_t who) { (void)who; ml_usage_result none = {0}; return none; }
uint64_t ml_fast_entry(void) { return 0; }
int64_t ml_receive_descriptor(uint32_t *kind, uint32_t *number, int32_t *descriptor) {
    (void)kind; (void)number; (void)descriptor;
    return -38;
}
void ml_refuse_killed_holder(void) { ml_refuse("killed", 12); }
void ml_futex_wait(uint32_t *word, uint32_t seen, uint64_t deadline_ns) { (void)word; (void)seen; (void)deadline_ns; }
#endif
