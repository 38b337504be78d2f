#!/bin/bash
# Python multiprocessing: fork, spawn and forkserver; pools, queues, pipes, shared memory, semaphores, managers.
# needs: python3
cat >mp.py <<'PYTHON'
import multiprocessing as mp, os, signal, sys, time
from multiprocessing import shared_memory
def square(x): return x * x
def fill(name, i): s = shared_memory.SharedMemory(name=name); s.buf[i] = i + 1; s.close()
def add(v, n):
    for _ in range(n):
        with v.get_lock(): v.value += 1
def talk(c): c.send(("got", c.recv())); c.close()
def end(how): 
    if how == "exit": sys.exit(3)
    if how == "kill": os.kill(os.getpid(), signal.SIGKILL)
    raise SystemExit(0)
if __name__ == "__main__":
    for method in sys.argv[1:]:
        ctx = mp.get_context(method); print(method)
        with ctx.Pool(4) as p: print(sum(p.map(square, range(200), chunksize=5)), p.apply(square, (9,)))
        v = ctx.Value("i", 0); ps = [ctx.Process(target=add, args=(v, 500)) for _ in range(4)]; [p.start() for p in ps]; [p.join() for p in ps]; print(v.value)
        a, b = ctx.Pipe(); p = ctx.Process(target=talk, args=(b,)); p.start(); a.send([1, {"x": "y" * 100000}][:1]); print(a.recv()); p.join()
        s = shared_memory.SharedMemory(create=True, size=64); ps = [ctx.Process(target=fill, args=(s.name, i)) for i in range(4)]; [p.start() for p in ps]; [p.join() for p in ps]; print(bytes(s.buf[:4])); s.close(); s.unlink()
        codes = []
        for how in ("exit", "kill", "ok"): p = ctx.Process(target=end, args=(how,)); p.start(); p.join(); codes.append(p.exitcode)
        print(codes)
    q = mp.Queue(); ps = [mp.Process(target=lambda i=i: q.put(i)) for i in range(10)]; [p.start() for p in ps]; print(sorted(q.get(timeout=20) for _ in ps)); [p.join() for p in ps]
    with mp.Manager() as m: d = m.dict(); ps = [mp.Process(target=d.__setitem__, args=(i, i * 2)) for i in range(3)]; [p.start() for p in ps]; [p.join() for p in ps]; print(sorted(d.items()))
    p = mp.Process(target=time.sleep, args=(100,)); p.start(); p.terminate(); p.join(20); print(p.exitcode, mp.active_children())
PYTHON
python3 mp.py fork spawn forkserver
