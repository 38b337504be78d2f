// What the leak tests share: a case is a function that does something once and undoes it.
#ifndef LEAKS_H
#define LEAKS_H
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

typedef struct {
    const char *name;
    void (*once)(long number);
    long quick, full; // how often
    long warm;        // how often before the first look; 0: an eighth of it
    int workers;      // how many processes share the work; 0: it is done by one
} leak_case;

extern const leak_case file_cases[], memory_cases[], ipc_cases[], socket_cases[], task_cases[];

/// Ends the test when a call fails that must not.
#define must(call) ({ __typeof__(call) result_ = (call); if (result_ == (__typeof__(call))-1) failed(#call, __LINE__); result_; })
#define expect(condition) do { if (!(condition)) failed(#condition, __LINE__); } while (0)
void failed(const char *what, int line) __attribute__((noreturn));

/// Waits for one child and wants it to have ended as told.
void reap(pid_t child, int wanted_status);
#endif
