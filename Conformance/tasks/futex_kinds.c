// FUTEX_PRIVATE_FLAG: waits and wakes with and without it do not meet, on private and on shared memory.
#include "../tasks.h"
#include <linux/futex.h>

static long operate(uint32_t *word, int operation, uint32_t value, struct timespec *time) {
    return syscall(SYS_futex, word, operation, value, time, NULL, 0);
}
static uint32_t *word;
static int operation;
static void *wait_on(void *result) {
    struct timespec time = {0, 120000000};
    *(long *)result = operate(word, operation, 0, &time) < 0 ? errno : 0;
    return NULL;
}

static void try_it(const char *label, int waitFlag, int wakeFlag) {
    long result = -1;
    pthread_t thread;
    operation = FUTEX_WAIT | waitFlag;
    pthread_create(&thread, NULL, wait_on, &result);
    settle();
    long woken = operate(word, FUTEX_WAKE | wakeFlag, 1, NULL);
    pthread_join(thread, NULL);
    T("%s: woken %ld, the wait ended with %s", label, woken, errno_name((int)result));
}

TEST {
    static uint32_t here;
    for (int shared = 0; shared < 2; shared++) {
        word = shared ? mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0) : &here;
        T("%s memory", shared ? "shared" : "private");
        try_it("plain, plain", 0, 0);
        try_it("private, private", FUTEX_PRIVATE_FLAG, FUTEX_PRIVATE_FLAG);
        try_it("plain, private", 0, FUTEX_PRIVATE_FLAG);
        try_it("private, plain", FUTEX_PRIVATE_FLAG, 0);
    }
    // What the kernel wakes at the end of a thread is not private.
    uint32_t zero = 0;
    SHOW(operate(&zero, FUTEX_WAKE, 1, NULL));
}
