#!/bin/bash
# Python signal: handlers, masks, sigwait, itimers, wakeup descriptor, siginfo, alarm during sleep.
# needs: python3
python3 - <<'PYTHON'
import os, select, signal, socket, sys, threading, time
got = []
signal.signal(signal.SIGUSR1, lambda s, f: got.append(s)); os.kill(os.getpid(), signal.SIGUSR1); print(got)
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1]); os.kill(os.getpid(), signal.SIGUSR1); print(signal.SIGUSR1 in signal.sigpending(), len(got)); signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGUSR1]); print(len(got))
signal.signal(signal.SIGALRM, lambda s, f: got.append("alarm")); signal.setitimer(signal.ITIMER_REAL, 0.05, 0.05)
t = time.monotonic()
while got.count("alarm") < 3: signal.pause()
signal.setitimer(signal.ITIMER_REAL, 0); print(0.1 < time.monotonic() - t < 5)
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGRTMIN, signal.SIGTERM]); os.kill(os.getpid(), signal.SIGRTMIN); i = signal.sigwaitinfo([signal.SIGRTMIN]); print(i.si_signo == signal.SIGRTMIN, i.si_pid == os.getpid(), i.si_uid == os.getuid()); print(signal.sigtimedwait([signal.SIGRTMIN], 0.05))
threading.Thread(target=lambda: (time.sleep(0.05), os.kill(os.getpid(), signal.SIGTERM))).start(); print(signal.sigwait([signal.SIGTERM]))
a, b = socket.socketpair(); a.setblocking(False); b.setblocking(False); signal.set_wakeup_fd(b.fileno()); os.kill(os.getpid(), signal.SIGUSR1); print(select.select([a], [], [], 5)[0] == [a], a.recv(10)); signal.set_wakeup_fd(-1)
def boom(s, f): raise KeyboardInterrupt
signal.signal(signal.SIGINT, boom); threading.Timer(0.1, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
try: time.sleep(20)
except KeyboardInterrupt: print("interrupted sleep")
signal.signal(signal.SIGUSR2, lambda s, f: got.append("usr2")); r, w = os.pipe(); threading.Timer(0.1, lambda: (signal.pthread_kill(threading.main_thread().ident, signal.SIGUSR2), time.sleep(0.1), os.write(w, b"x"))).start(); print(os.read(r, 1), "usr2" in got)
pid = os.fork()
if pid == 0: signal.signal(signal.SIGTERM, signal.SIG_DFL); signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGTERM]); time.sleep(60); os._exit(0)
time.sleep(0.05); os.kill(pid, signal.SIGTERM); print(os.WTERMSIG(os.waitpid(pid, 0)[1])); print(signal.strsignal(11), signal.getsignal(signal.SIGPIPE))
try: os.write(os.open("/dev/full", os.O_WRONLY), b"x")
except OSError as e: print(e.errno)
r, w = os.pipe(); os.close(r)
try: os.write(w, b"x")
except BrokenPipeError: print("broken pipe")
PYTHON
