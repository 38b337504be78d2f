#!/bin/bash
# Python asyncio: tasks, subprocesses, Unix sockets, time-outs, signals, threads, pipes.
# needs: python3
python3 - <<'PYTHON'
import asyncio, os, signal, sys
async def main():
    r = await asyncio.gather(*(asyncio.sleep(0.01 * (i % 5), i) for i in range(100))); print(sum(r))
    p = await asyncio.create_subprocess_exec("cat", stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE); o, _ = await p.communicate(b"y" * 500000); print(len(o), p.returncode)
    ps = [await asyncio.create_subprocess_shell(f"exit {i}") for i in range(20)]; print(sum([await p.wait() for p in ps]))
    async def serve(rd, wr):
        while line := await rd.readline(): wr.write(line.upper()); await wr.drain()
        wr.close()
    server = await asyncio.start_unix_server(serve, "sock")
    async def client(i):
        rd, wr = await asyncio.open_unix_connection("sock"); wr.write(f"hello {i}\n".encode()); l = await rd.readline(); wr.close(); await wr.wait_closed(); return l.decode().strip()
    print(sorted(await asyncio.gather(*(client(i) for i in range(50))))[:2]); server.close(); await server.wait_closed()
    try: await asyncio.wait_for(asyncio.sleep(10), 0.05)
    except asyncio.TimeoutError: print("timed out")
    got = asyncio.Event(); asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, got.set); os.kill(os.getpid(), signal.SIGUSR1); await asyncio.wait_for(got.wait(), 10); print("signal")
    print(await asyncio.to_thread(lambda: sum(range(1000))), await asyncio.get_running_loop().run_in_executor(None, os.getpid) == os.getpid())
    q = asyncio.Queue(3); done = []
    async def consumer():
        while True: done.append(await q.get()); q.task_done()
    t = asyncio.create_task(consumer()); [await q.put(i) for i in range(30)]; await q.join(); t.cancel(); print(len(done))
    async with asyncio.timeout(5): 
        p = await asyncio.create_subprocess_exec("sleep", "100"); p.kill(); print(await p.wait())
asyncio.run(main())
PYTHON
