// FUTEX_REQUEUE, FUTEX_CMP_REQUEUE and FUTEX_WAKE_OP.
#include "../tasks.h"

static volatile uint32_t first, second, woken, waiting;
static void *waiter(void *argument) {
    __atomic_fetch_add(&waiting, 1, __ATOMIC_SEQ_CST);
    futex(argument, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0);
    __atomic_fetch_add(&woken, 1, __ATOMIC_SEQ_CST);
    return NULL;
}
static pthread_t threads[18];
static int count;
static void start(volatile uint32_t *word, int number) {
    for (int i = 0; i < number; i++) pthread_create(&threads[count++], NULL, waiter, (void *)word);
    AWAIT(waiting == (uint32_t)count);
    settle();
}
static void finish(void) {
    SHOW(futex(&first, FUTEX_WAKE_PRIVATE, 100, NULL, NULL, 0));
    SHOW(futex(&second, FUTEX_WAKE_PRIVATE, 100, NULL, NULL, 0));
    for (int i = 0; i < count; i++) pthread_join(threads[i], NULL);
    SHOW(woken);
    count = 0;
    woken = waiting = 0;
}
#define REQUEUE(wake, move) futex(&first, FUTEX_REQUEUE | FUTEX_PRIVATE_FLAG, wake, (void *)(long)(move), &second, 0)
#define CMP_REQUEUE(wake, move, value) futex(&first, FUTEX_CMP_REQUEUE | FUTEX_PRIVATE_FLAG, wake, (void *)(long)(move), &second, value)
#define WAKE_OP(wake, move, op) futex(&first, FUTEX_WAKE_OP | FUTEX_PRIVATE_FLAG, wake, (void *)(long)(move), &second, op)

TEST {
    SHOW(REQUEUE(1, 1));
    start(&first, 4);
    SHOW(REQUEUE(1, 2)); // the moved ones do not count
    AWAIT(woken == 1);
    SHOW(woken);
    finish();

    SHOW(CMP_REQUEUE(1, 1, 5));
    SHOW(CMP_REQUEUE(-1, 1, 0));
    SHOW(CMP_REQUEUE(1, -1, 0));
    start(&first, 4);
    SHOW(CMP_REQUEUE(1, 2, 5));
    SHOW(CMP_REQUEUE(1, 2, 0)); // the moved ones do
    AWAIT(woken == 1);
    finish();
    start(&first, 3);
    SHOW(CMP_REQUEUE(0, INT_MAX, 0));
    finish();
    start(&first, 2);
    SHOW(futex(&first, FUTEX_CMP_REQUEUE | FUTEX_PRIVATE_FLAG, 1, (void *)5L, &first, 0)); // onto itself
    finish();
    SHOW(futex(&first, FUTEX_REQUEUE, 1, (void *)1L, conf_bad, 0));
    SHOW(futex(&first, FUTEX_CMP_REQUEUE, 1, (void *)1L, conf_null, 0));

    start(&first, 2);
    start(&second, 2);
    second = 0;
    SHOW(WAKE_OP(1, 1, FUTEX_OP(FUTEX_OP_SET, 9, FUTEX_OP_CMP_EQ, 0)));
    SHOW(second);
    SHOW(WAKE_OP(1, 1, FUTEX_OP(FUTEX_OP_ADD, 1, FUTEX_OP_CMP_EQ, 0))); // comparison fails: the first one only
    SHOW(second);
    finish();
    static const int values[] = {FUTEX_OP_SET, FUTEX_OP_ADD, FUTEX_OP_OR, FUTEX_OP_ANDN, FUTEX_OP_XOR};
    for (int i = 0; i < 5; i++) {
        second = 6;
        SHOW(WAKE_OP(1, 1, FUTEX_OP(values[i], 3, FUTEX_OP_CMP_NE, 0)));
        T("operation %d: %u", values[i], second);
        second = 6;
        SHOW(WAKE_OP(1, 1, FUTEX_OP((values[i] | FUTEX_OP_OPARG_SHIFT), 3, FUTEX_OP_CMP_LE, 0)));
        T("shifted operation %d: %u", values[i], second);
    }
    SHOW(WAKE_OP(1, 1, FUTEX_OP(5, 3, FUTEX_OP_CMP_LE, 0)));
    SHOW(WAKE_OP(1, 1, FUTEX_OP(FUTEX_OP_SET, 3, 9, 0)));
    second = 0;
    SHOW(WAKE_OP(1, 1, FUTEX_OP(FUTEX_OP_ADD, 0xfff, FUTEX_OP_CMP_LT, 0))); // arguments have a sign
    SHOW((int)second);
    SHOW(futex(&first, FUTEX_WAKE_OP, 1, (void *)1L, conf_bad, 0));

    second = 0;
    start(&second, 18);
    static const int comparisons[] = {FUTEX_OP_CMP_EQ, FUTEX_OP_CMP_NE, FUTEX_OP_CMP_LT, FUTEX_OP_CMP_LE, FUTEX_OP_CMP_GT, FUTEX_OP_CMP_GE};
    for (int i = 0; i < 6; i++)
        for (int old = -1; old <= 1; old++) {
            second = (uint32_t)old;
            long result = WAKE_OP(1, 1, FUTEX_OP(FUTEX_OP_SET, 0, comparisons[i], 0));
            T("comparison %d with %d: %ld", comparisons[i], old, result);
        }
    finish();
}
