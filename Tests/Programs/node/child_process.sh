#!/bin/bash
# Node: child_process: exec, spawn, fork with messages, time-outs, many children.
# needs: node
cat >child.js <<'JS'
process.on('message', m => { process.send({ twice: m.n * 2 }); if (m.n === 3) process.exit(4) })
JS
cat >main.js <<'JS'
const { exec, execFileSync, spawn, spawnSync, fork } = require('child_process'), { promisify } = require('util')
;(async () => {
  console.log((await promisify(exec)('echo from exec; exit 0')).stdout.trim())
  await promisify(exec)('exit 5').catch(e => console.log('code', e.code))
  console.log(execFileSync('tr', ['a-z', 'A-Z'], { input: 'sync' }).toString(), spawnSync('sh', ['-c', 'kill -9 $$']).signal)
  const cat = spawn('cat'); let n = 0; cat.stdout.on('data', d => n += d.length); const big = Buffer.alloc(3000000, 'x'); cat.stdin.end(big); await new Promise(r => cat.on('close', r)); console.log('cat gave', n)
  const c = fork('./child.js'); const seen = []; c.on('message', m => { seen.push(m.twice); if (seen.length < 3) c.send({ n: seen.length + 1 }) }); c.send({ n: 1 }); console.log('exit', await new Promise(r => c.on('exit', r)), seen)
  const t = spawn('sleep', ['60'], { timeout: 200 }); console.log(await new Promise(r => t.on('exit', (code, signal) => r([code, signal]))))
  console.log((await Promise.all([...Array(20).keys()].map(i => new Promise(r => spawn('sh', ['-c', 'exit ' + i]).on('exit', r))))).reduce((a, b) => a + b))
  spawn('/no/such').on('error', e => console.log(e.code))
  process.on('SIGUSR2', () => { console.log('signal'); clearInterval(keep) }); const keep = setInterval(() => {}, 1000); process.kill(process.pid, 'SIGUSR2')
})()
JS
node main.js
