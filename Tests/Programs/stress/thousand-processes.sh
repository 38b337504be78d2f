#!/bin/bash
# 1,000 processes alive at once, each in touch with the first; and 300 deep.
# needs: python3
python3 - <<'PYTHON'
import os, select, signal, sys
pids, ends = [], []
r, w = os.pipe(); gr, gw = os.pipe()
for i in range(1000):
    pid = os.fork()
    if pid == 0:
        os.close(gw); os.write(w, b"x"); os.read(gr, 1); os._exit(i % 200)
    pids.append(pid)
n = 0
while n < 1000: n += len(os.read(r, 1000))
print("alive", n, sum(os.path.exists(f"/proc/{p}") for p in pids), len(set(pids)))
os.close(gw); print(sum(os.waitstatus_to_exitcode(os.waitpid(p, 0)[1]) for p in pids))
for i in range(300):
    pid = os.fork()
    if pid == 0:
        os.setpgid(0, 0); signal.pause()
    pids.append(pid)
for p in pids[1000:]: os.kill(p, signal.SIGKILL)
print({os.waitstatus_to_exitcode(os.waitpid(p, 0)[1]) for p in pids[1000:]})
def deep(n):
    if n == 0: return 7
    pid = os.fork()
    if pid == 0: os._exit(deep(n - 1))
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
print(deep(300))
try: os.wait()
except ChildProcessError: print("none left")
PYTHON
for i in $(seq 400); do (exit $((i % 5))) & done; wait; echo "shell: all ended"
