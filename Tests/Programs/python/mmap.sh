#!/bin/bash
# Python mmap: files, anonymous shared memory over fork, resize, flush, memfd, sendfile, file locks.
# needs: python3
python3 - <<'PYTHON'
import fcntl, mmap, os
with open("f", "wb") as f: f.write(b"a" * 10000)
with open("f", "r+b") as f:
    m = mmap.mmap(f.fileno(), 0); m[5000:5003] = b"XYZ"; m.flush(); print(len(m), m.find(b"XYZ"), os.pread(f.fileno(), 3, 5000)); os.pwrite(f.fileno(), b"new", 0); print(m[:3]); m.resize(20000); print(m.size(), m[15000], os.fstat(f.fileno()).st_size); m.close()
    c = mmap.mmap(f.fileno(), 4096, access=mmap.ACCESS_COPY); c[0:1] = b"Q"; print(os.pread(f.fileno(), 1, 0)); r = mmap.mmap(f.fileno(), 4096, prot=mmap.PROT_READ)
    try: r[0] = 1
    except TypeError: print("read only")
a = mmap.mmap(-1, 8192); p = mmap.mmap(-1, 8192, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS); p[0:1] = b"p"
if os.fork() == 0: a[0:5] = b"child"; p[0:1] = b"c"; os._exit(0)
os.wait(); print(a[:5], p[:1])
fd = os.memfd_create("m", os.MFD_ALLOW_SEALING); os.ftruncate(fd, 100); fcntl.fcntl(fd, fcntl.F_ADD_SEALS, fcntl.F_SEAL_GROW | fcntl.F_SEAL_SHRINK)
try: os.ftruncate(fd, 200)
except PermissionError as e: print(e.errno)
o = os.open("o", os.O_RDWR | os.O_CREAT); i = os.open("f", os.O_RDONLY); print(os.sendfile(o, i, 0, 9000), os.fstat(o).st_size, os.copy_file_range(i, o, 100, 0, 0)); big = mmap.mmap(-1, 256 << 20); big[100 << 20] = 7; print(big[100 << 20], big[200 << 20]); big.madvise(mmap.MADV_DONTNEED); big.close()
fcntl.flock(o, fcntl.LOCK_EX); o2 = os.open("o", os.O_RDWR)
try: fcntl.flock(o2, fcntl.LOCK_EX | fcntl.LOCK_NB)
except BlockingIOError: print("locked")
fcntl.lockf(o, fcntl.LOCK_EX, 10)
if os.fork() == 0:
    try: fcntl.lockf(o, fcntl.LOCK_EX | fcntl.LOCK_NB, 10); os._exit(0)
    except OSError: os._exit(1)
print(os.WEXITSTATUS(os.wait()[1])); l = [x for x in open("/proc/self/maps") if "[stack]" in x]; print(len(l))
PYTHON
