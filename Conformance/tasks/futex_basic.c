// FUTEX_WAIT and FUTEX_WAKE: values, counts, time limits, errors.
#include "../tasks.h"

static volatile uint32_t word, woken, waiting;
static volatile sig_atomic_t ticks;
static void third(int number) {
    (void)number;
    if (++ticks == 3) word = 1;
}
static void *waiter(void *argument) {
    __atomic_fetch_add(&waiting, 1, __ATOMIC_SEQ_CST);
    while (futex(&word, (int)(intptr_t)argument, 0, NULL, NULL, 0) < 0 && errno == EINTR) {}
    __atomic_fetch_add(&woken, 1, __ATOMIC_SEQ_CST);
    return NULL;
}

static void wake(int waitOperation, int wakeOperation) {
    pthread_t threads[4];
    woken = waiting = 0;
    for (int i = 0; i < 4; i++) pthread_create(&threads[i], NULL, waiter, (void *)(intptr_t)waitOperation);
    AWAIT(waiting == 4);
    settle();
    SHOW(futex(&word, wakeOperation, 0, NULL, NULL, 0)); // 0 wakes one all the same
    AWAIT(woken == 1);
    settle();
    SHOW(woken);
    SHOW(futex(&word, wakeOperation, 2, NULL, NULL, 0));
    AWAIT(woken == 3);
    SHOW(woken);
    SHOW(futex(&word, wakeOperation, INT_MAX, NULL, NULL, 0));
    SHOW(futex(&word, wakeOperation, INT_MAX, NULL, NULL, 0));
    for (int i = 0; i < 4; i++) pthread_join(threads[i], NULL);
}

TEST {
    struct timespec zero = {0, 0}, little = {0, 20000000}, wrong = {0, 1000000000}, negative = {-1, 0};
    volatile uint32_t *readOnly = (void *)new_pages(1);
    SHOW(futex(&word, FUTEX_WAKE, 1, NULL, NULL, 0));
    SHOW(futex(&word, FUTEX_WAIT, 1, NULL, NULL, 0));
    SHOW(futex(&word, FUTEX_WAIT, 1, &wrong, NULL, 0));
    SHOW(futex(&word, FUTEX_WAIT, 0, &wrong, NULL, 0));
    SHOW(futex(&word, FUTEX_WAIT, 0, &negative, NULL, 0));
    SHOW(futex(&word, FUTEX_WAIT, 0, &zero, NULL, 0));
    long start = now_ms();
    SHOW(futex(&word, FUTEX_WAIT, 0, &little, NULL, 0));
    CHECK(now_ms() - start >= 20);
    SHOW(futex(&word, FUTEX_WAIT, 0, conf_bad, NULL, 0));
    SHOW(futex((void *)((char *)&word + 1), FUTEX_WAIT, 0, NULL, NULL, 0));
    SHOW(futex((void *)((char *)&word + 2), FUTEX_WAKE, 1, NULL, NULL, 0));
    SHOW(futex(conf_null, FUTEX_WAIT, 0, NULL, NULL, 0));
    SHOW(futex(conf_bad, FUTEX_WAIT, 0, NULL, NULL, 0));
    SHOW(futex(conf_bad, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0));
    SHOW(futex(conf_bad, FUTEX_WAKE, 1, NULL, NULL, 0));
    SHOW(futex(conf_bad, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0)); // no one looks there
    SHOW(futex((void *)0x800000000000UL, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0));
    SHOW(futex((void *)-4096L, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0));
    SHOW(futex(&word, 77, 0, NULL, NULL, 0));
    SHOW(futex(&word, FUTEX_FD, 0, NULL, NULL, 0));
    SHOW(futex(&word, FUTEX_WAIT | 512, 1, NULL, NULL, 0));
    SHOW(futex(&word, FUTEX_WAIT | FUTEX_CLOCK_REALTIME, 0, &zero, NULL, 0));
    *readOnly = 3;
    MUST(mprotect((void *)readOnly, PAGE, PROT_READ));
    SHOW(futex(readOnly, FUTEX_WAIT, 3, &zero, NULL, 0)); // private memory has to be writable
    SHOW(futex(readOnly, FUTEX_WAIT_PRIVATE, 3, &zero, NULL, 0));
    SHOW(futex(readOnly, FUTEX_WAKE_PRIVATE, 3, NULL, NULL, 0));
    MUST(mprotect((void *)readOnly, PAGE, PROT_NONE));
    SHOW(futex(readOnly, FUTEX_WAIT_PRIVATE, 3, &zero, NULL, 0));

    wake(FUTEX_WAIT, FUTEX_WAKE);
    wake(FUTEX_WAIT_PRIVATE, FUTEX_WAKE_PRIVATE);

    // A signal ends the wait, or does not.
    count_signal(SIGALRM, 0);
    start_ticks(20);
    SHOW(futex(&word, FUTEX_WAIT, 0, NULL, NULL, 0));
    struct timespec longer = {10, 0};
    struct sigaction action = {.sa_handler = third, .sa_flags = SA_RESTART};
    sigaction(SIGALRM, &action, NULL);
    SHOW(futex(&word, FUTEX_WAIT, 0, &longer, NULL, 0)); // with a time limit never restarted over a handler
    ticks = 0;
    SHOW(futex(&word, FUTEX_WAIT, 0, NULL, NULL, 0)); // the restarted wait finds another value
    SHOW(ticks);
    stop_ticks();
    // A stop and a continue are no interruption: the wait goes on with the rest of its time.
    pid_t pid = SPAWN({
        struct timespec part = {0, 120000000};
        word = 0;
        long begin = now_ms();
        SHOW(futex(&word, FUTEX_WAIT, 0, &part, NULL, 0));
        CHECK(now_ms() - begin >= 119);
    });
    sleep_ms(30);
    kill(pid, SIGSTOP);
    MUST(waitpid(pid, NULL, WUNTRACED));
    sleep_ms(30);
    kill(pid, SIGCONT);
    reap("stopped while waiting", pid);
}
