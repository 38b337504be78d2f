#!/bin/bash
# Node: fs promises, streams, watching, many files at once.
# needs: node
cat >main.mjs <<'JS'
import fs from 'fs'; import { mkdir, writeFile, readFile, readdir, stat, rename, rm, open, symlink, readlink, cp, appendFile, truncate, chmod, utimes, access } from 'fs/promises'; import { pipeline } from 'stream/promises'; import path from 'path'; import os from 'os'
await mkdir('d/e/f', { recursive: true }); await Promise.all([...Array(300).keys()].map(i => writeFile(`d/file${i}`, 'x'.repeat(i)))); console.log((await readdir('d')).length, (await stat('d/file299')).size)
const sums = await Promise.all([...Array(300).keys()].map(i => readFile(`d/file${i}`))); console.log(sums.reduce((a, b) => a + b.length, 0))
await rename('d/file1', 'd/e/moved'); await symlink('../file2', 'd/e/link'); console.log(await readlink('d/e/link'), (await readdir('d/e', { withFileTypes: true })).map(x => x.name + (x.isSymbolicLink() ? '@' : '')).sort().join())
await appendFile('log', 'a'); await appendFile('log', 'b'); await truncate('log', 1); await chmod('log', 0o600); await utimes('log', 1, 2); const s = await stat('log'); console.log(s.mode.toString(8), s.mtimeMs, s.size)
const h = await open('h', 'w+'); await h.write('hello'); console.log((await h.read(Buffer.alloc(5), 0, 5, 0)).buffer.toString()); await h.sync(); await h.close()
await access('nothing').catch(e => console.log(e.code)); await cp('d', 'copy', { recursive: true }); console.log((await readdir('copy', { recursive: true })).length)
fs.writeFileSync('big', Buffer.alloc(5000000, 'z')); await pipeline(fs.createReadStream('big'), fs.createWriteStream('big2')); console.log((await stat('big2')).size)
const w = fs.watch('d/e'); const seen = new Promise(r => w.on('change', (t, n) => n === 'fresh' && r(n))); fs.writeFileSync('d/e/fresh', ''); console.log('watched', await seen); w.close(); await rm('copy', { recursive: true }); console.log(fs.existsSync('copy'), os.EOL === '\n', path.resolve('/a', '../b'), fs.realpathSync('/proc/self/cwd') === process.cwd())
JS
node main.mjs
