#!/bin/bash
# stress-ng with --verify: cpu, vm, fork, pipe, futex, signal, files, small.
# time: 120
# needs: stress-ng
run() { stress-ng --verify --timeout 20s --temp-path . "$@" >log 2>&1; s=$?; echo "$* -> $s"; ((s == 0)) || { cat log >&2; exit 1; }; }
run --cpu 2 --cpu-ops 30
run --vm 1 --vm-bytes 32M --vm-ops 2000 --vm-method incdec
run --mmap 1 --mmap-bytes 8M --mmap-ops 20
run --fork 2 --fork-ops 200
run --vfork 1 --vfork-ops 200
run --clone 1 --clone-ops 100
run --pthread 1 --pthread-ops 100
run --pipe 2 --pipe-ops 20000
run --futex 2 --futex-ops 2000
run --signal 1 --signal-ops 20000
run --sigq 1 --sigq-ops 5000
run --kill 1 --kill-ops 2000
run --timer 1 --timer-ops 1000
run --fault 1 --fault-ops 500
run --hdd 1 --hdd-bytes 4M --hdd-ops 500
run --dentry 1 --dentry-ops 2000
run --rename 1 --rename-ops 2000
run --dir 1 --dir-ops 2000
run --seek 1 --seek-ops 500
run --flock 2 --flock-ops 2000
run --poll 1 --poll-ops 2000
run --epoll 1 --epoll-ops 100 --epoll-domain unix
run --eventfd 1 --eventfd-ops 5000
run --sockpair 1 --sockpair-ops 2000
run --msg 1 --msg-ops 5000
run --switch 1 --switch-ops 5000
run --sigsegv 1 --sigsegv-ops 500
run --mremap 1 --mremap-ops 20 --mremap-bytes 4M
