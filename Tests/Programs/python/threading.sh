#!/bin/bash
# Python threads: locks, conditions, queues, barriers, thread pools, thread-local data.
# needs: python3
python3 - <<'PYTHON'
import threading, queue, concurrent.futures, time, os, sys
n = 0; lock = threading.Lock()
def add():
    global n
    for _ in range(2000):
        with lock: n += 1
ts = [threading.Thread(target=add) for _ in range(20)]; [t.start() for t in ts]; [t.join() for t in ts]; print(n)
q = queue.Queue(10); out = []
def work():
    while (x := q.get()) is not None: out.append(x * x); q.task_done()
ws = [threading.Thread(target=work) for _ in range(4)]; [w.start() for w in ws]
for i in range(1000): q.put(i)
q.join(); [q.put(None) for _ in ws]; [w.join() for w in ws]; print(sum(out))
b = threading.Barrier(5); order = []
def meet(): b.wait(); order.append(1)
ts = [threading.Thread(target=meet) for _ in range(5)]; [t.start() for t in ts]; [t.join() for t in ts]; print(len(order))
c = threading.Condition(); state = []
def waiter():
    with c: print(c.wait_for(lambda: len(state) == 3, timeout=10))
t = threading.Thread(target=waiter); t.start()
for i in range(3):
    with c: state.append(i); c.notify_all()
    time.sleep(0.01)
t.join(); s = threading.Semaphore(2); print(s.acquire(timeout=1), s.acquire(timeout=1), s.acquire(timeout=0.1))
with concurrent.futures.ThreadPoolExecutor(8) as e: print(sum(e.map(lambda x: x % 7, range(5000))))
local = threading.local(); local.x = 1; r = []; t = threading.Thread(target=lambda: r.append(hasattr(local, "x"))); t.start(); t.join(); print(r)
e = threading.Event(); threading.Timer(0.05, e.set).start(); print(e.wait(10)); print(threading.active_count() <= 2)
print(len(os.listdir("/proc/self/task")) >= 1, threading.get_native_id() == os.getpid())
def crash(): raise ValueError
threading.excepthook = lambda a: print("hook", a.exc_type.__name__); t = threading.Thread(target=crash); t.start(); t.join()
PYTHON
