#!/bin/bash
# Python subprocess: pipes, statuses, signals, time-outs, sessions, pass_fds, large output, many children.
# needs: python3
python3 - <<'PYTHON'
import os, signal, subprocess, sys, time
run = subprocess.run
print(run(["echo", "hi"], capture_output=True, text=True).stdout, end="")
print(run("exit 7", shell=True).returncode, run(["sh", "-c", "kill -9 $$"]).returncode)
try: run(["sleep", "10"], timeout=0.2)
except subprocess.TimeoutExpired as e: print("timed out")
try: run(["/no/such"])
except FileNotFoundError as e: print(e.errno)
try: run(["/etc/passwd"])
except PermissionError as e: print(e.errno)
print(len(run(["head", "-c", "5000000", "/dev/zero"], capture_output=True).stdout))
p = subprocess.Popen(["tr", "a-z", "A-Z"], stdin=subprocess.PIPE, stdout=subprocess.PIPE); print(p.communicate(b"x" * 300000)[0][:3], p.returncode)
p = subprocess.Popen([sys.executable, "-c", "import os,sys; print(os.getsid(0) == os.getpid(), os.getpgid(0) == os.getpid()); sys.stdout.flush()"], start_new_session=True); p.wait()
r, w = os.pipe(); run(["sh", "-c", f"echo through {w} >&{w}".replace(f"through {w}", "through")], pass_fds=[w]); os.close(w); print(os.read(r, 100))
p = subprocess.Popen(["sleep", "100"]); p.terminate(); print(p.wait()); 
p = subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, preexec_fn=lambda: os.nice(1)); p.stdin.write(b"line\n"); p.stdin.flush(); print(p.stdout.readline()); p.send_signal(signal.SIGSTOP)
print(os.WIFSTOPPED(os.waitpid(p.pid, os.WUNTRACED)[1])); p.send_signal(signal.SIGCONT); p.stdin.close(); print(p.wait())
children = [subprocess.Popen(["sh", "-c", f"exit {i}"]) for i in range(60)]; print(sum(c.wait() for c in children))
print(run(["env"], env={"A": "1"}, capture_output=True).stdout, run(["pwd"], cwd="/usr", capture_output=True).stdout)
a = subprocess.Popen(["seq", "100000"], stdout=subprocess.PIPE); b = subprocess.Popen(["tail", "-n1"], stdin=a.stdout, stdout=subprocess.PIPE); a.stdout.close(); print(b.communicate()[0], a.wait())
pid = os.fork()
if pid == 0: os._exit(5)
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), os.system("exit 3") >> 8, os.popen("echo popen").read(), end="")
pid = os.posix_spawn("/bin/sh", ["sh", "-c", "exit 9"], os.environ, setpgroup=0, setsigdef=[signal.SIGPIPE]); print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
PYTHON
