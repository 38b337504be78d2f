#!/bin/bash
# Node: worker_threads: messages, shared memory with Atomics, termination; the event loop and a Unix server.
# needs: node
cat >main.js <<'JS'
const { Worker, isMainThread, parentPort, workerData } = require('worker_threads')
if (!isMainThread) {
  const a = new Int32Array(workerData.shared)
  for (let i = 0; i < 10000; i++) Atomics.add(a, 0, 1)
  Atomics.wait(a, 1, 0); parentPort.postMessage(workerData.id * 10)
} else (async () => {
  const shared = new SharedArrayBuffer(8), a = new Int32Array(shared)
  const ws = [1, 2, 3, 4].map(id => new Worker(__filename, { workerData: { shared, id } })), results = ws.map(w => new Promise(r => w.on('message', r))), exits = ws.map(w => new Promise(r => w.on('exit', r)))
  while (Atomics.load(a, 0) < 40000) await new Promise(r => setTimeout(r, 5))
  Atomics.store(a, 1, 1); Atomics.notify(a, 1); console.log((await Promise.all(results)).join(), Atomics.load(a, 0))
  await Promise.all(exits)
  const w = new Worker('for(;;);', { eval: true }); setTimeout(() => w.terminate(), 100); console.log('terminated', await new Promise(r => w.on('exit', r)))
  const e = new Worker('throw new Error("in worker")', { eval: true }); const ended = new Promise(r => e.on('exit', r)); e.on('error', x => console.log(x.message)); await ended
  const net = require('net'), s = net.createServer(c => c.pipe(c)).listen('sock'); await new Promise(r => s.on('listening', r))
  const c = net.connect('sock'); c.write('echo'); console.log((await new Promise(r => c.on('data', r))).toString()); c.end(); s.close()
  const crypto = require('crypto'); console.log((await new Promise(r => crypto.pbkdf2('p', 's', 10000, 16, 'sha256', (e, k) => r(k)))).toString('hex'))
  const zlib = require('zlib'); console.log(zlib.gunzipSync(zlib.gzipSync(Buffer.alloc(100000))).length)
  setImmediate(() => console.log('immediate')); process.nextTick(() => console.log('tick')); Promise.resolve().then(() => console.log('microtask'))
})()
JS
node main.js
