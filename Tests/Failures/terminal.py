"""Martlet on a terminal, from outside: a pseudoterminal whose other end is ours.

    terminal.py MARTLET        the last line is "N passed, N failed, N skipped"
"""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time

MARTLET = sys.argv[1]
passed = failed = 0


def expect(what, wanted, found):
    global passed, failed
    if wanted == found:
        passed += 1
    else:
        failed += 1
        print(f"FAIL {what}\n    wanted {wanted!r}\n    found  {found!r}")


def modes(fd):
    return termios.tcgetattr(fd)[:4]


class Terminal:
    """A session of its own on a pseudoterminal; runs `martlet run` with these arguments, or a shell that does."""

    def __init__(self, *command):
        self.master, self.slave = pty.openpty()
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
        self.before = modes(self.slave)
        self.text = b""
        self.pid = os.fork()
        if self.pid == 0:
            os.setsid()
            fcntl.ioctl(self.slave, termios.TIOCSCTTY, 0)
            for fd in range(3):
                os.dup2(self.slave, fd)
            os.closerange(3, 64)
            for number in range(1, 65):
                try:
                    signal.signal(number, signal.SIG_DFL)
                except (OSError, ValueError):
                    pass
            os.execv(command[0], command)

    def read(self, seconds):
        if select.select([self.master], [], [], seconds)[0]:
            try:
                self.text += os.read(self.master, 65536)
            except OSError:
                return False
            return True
        return False

    def until(self, pattern, seconds=10.0):
        """Whether this comes, after what was found before."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            match = re.search(pattern, self.text)
            if match:
                self.text = self.text[match.end():]
                return True
            self.read(min(0.1, max(0.01, end - time.monotonic())))
        return False

    def type(self, text):
        os.write(self.master, text)

    def status(self, seconds=10.0, options=0):
        """The exit status; -n for a signal, 1000 + n if stopped; None if it goes on."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            pid, status = os.waitpid(self.pid, os.WNOHANG | options)
            if pid:
                if os.WIFSTOPPED(status):
                    return 1000 + os.WSTOPSIG(status)
                return os.waitstatus_to_exitcode(status)
            self.read(0.02)
        return None

    def is_raw(self):
        return not modes(self.slave)[3] & termios.ICANON

    def wait_raw(self, wanted=True, seconds=5.0):
        end = time.monotonic() + seconds
        while self.is_raw() != wanted and time.monotonic() < end:
            self.read(0.02)
        return self.is_raw() == wanted

    def restored(self):
        return modes(self.slave) == self.before

    def close(self):
        try:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        except (ProcessLookupError, ChildProcessError):
            pass
        os.close(self.master)
        os.close(self.slave)


def run(*arguments):
    return Terminal(MARTLET, "run", *arguments)


def below(pid):
    """Host processes below one."""
    result = []
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            with open(f"/proc/{name}/stat") as file:
                parent = int(file.read().rsplit(")", 1)[1].split()[1])
        except OSError:
            continue
        if parent == pid:
            result += [int(name)] + below(int(name))
    return result


def gone(pids):
    end = time.monotonic() + 3
    while time.monotonic() < end:
        left = []
        for pid in pids:
            try:
                with open(f"/proc/{pid}/stat") as file:
                    if file.read().rsplit(")", 1)[1].split()[0] != "Z":
                        left.append(pid)
            except OSError:
                pass
        if not left:
            return True
        time.sleep(0.02)
    return False


# The size, the keys, and the terminal afterwards.
t = run("--env", "PS1=@ ", "--", "bash", "--norc", "-i")
expect("a prompt", True, t.until(rb"@ "))
expect("raw while it runs", True, t.is_raw())
t.type(b"stty size; tty\n")
expect("the size", True, t.until(rb"30 100\r\n/dev/(console|pts/\d+|tty\d*)\r\n"))
fcntl.ioctl(t.slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
os.kill(t.pid, signal.SIGWINCH)
t.type(b"sleep 0.1; stty size\n")
expect("a new size", True, t.until(rb"40 120\r\n"))
t.type(b"sleep 100\n")
t.until(rb"sleep 100\r\n")
time.sleep(0.2)
t.type(b"\x03")
expect("control-C interrupts the program, not martlet", True, t.until(rb"\^C\r\n.*@ "))
t.type(b"echo status $?\n")
expect("by SIGINT", True, t.until(rb"status 130\r\n"))
t.type(b"sleep 100\n")
t.until(rb"sleep 100\r\n")
time.sleep(0.2)
t.type(b"\x1a")
expect("control-Z stops the job inside", True, t.until(rb"\[1\]\+ +Stopped +sleep 100"))
t.type(b"jobs; bg; kill %1; wait; echo waited\n")
expect("job control", True, t.until(rb"waited\r\n"))
t.type(b"exit 7\n")
expect("its status", 7, t.status())
expect("restored at the end", True, t.restored())
t.close()

# However it ends, the caller's terminal is as it was.
for what, program, wanted in [
    ("the program is killed", "stty raw -echo; echo ready; kill -KILL $$", 137),
    ("the program crashes", "stty raw -echo; echo ready; kill -SEGV $$", 139),
    ("the program leaves its terminal raw", "stty raw -echo; echo ready", 0),
    ("the program leaves processes", "(trap '' HUP; sleep 100 &); echo ready; exit 4", 4),
]:
    t = run("--", "bash", "-c", program)
    expect(f"{what}: starts", True, t.until(rb"ready"))
    expect(f"{what}: status", wanted, t.status())
    expect(f"{what}: restored", True, t.restored())
    t.close()

t = run("--", "/no/such/program")
expect("a program that is not there", 127, t.status())
expect("a program that is not there: restored", True, t.restored())
t.close()

t = run("--timeout", "500ms", "--", "bash", "-c", "trap '' TERM INT HUP; echo ready; while :; do :; done")
expect("--timeout", 124, t.status())
expect("--timeout: restored", True, t.restored())
t.close()

# Killed itself, martlet cannot put the terminal right; but nothing of it may go on reading from it or writing to it.
t = run("--", "bash", "-c", "echo ready; while :; do echo x; sleep 0.05; done")
t.until(rb"ready")
t.wait_raw()
family = below(t.pid)
expect("there are processes", True, len(family) > 1)
os.kill(t.pid, signal.SIGKILL)
expect("SIGKILL", -signal.SIGKILL, t.status())
expect("SIGKILL: nothing is left", True, gone(family))
while t.read(0.1):
    pass
t.text = b""
t.read(0.3)
expect("SIGKILL: nobody writes any more", b"", t.text)
t.close()

# Signals that ask for the end.
for number in [signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT]:
    t = run("--", "sleep", "100")
    expect(f"{number.name}: starts", True, t.wait_raw())
    time.sleep(0.1)
    os.kill(t.pid, number)
    expect(f"{number.name}: status", 128 + number, t.status())
    expect(f"{number.name}: restored", True, t.restored())
    t.close()

# Stopping and continuing it by signals: the terminal is the caller's meanwhile. Only a session that has a parent to
# continue it may be stopped, so there is a shell between.
t = Terminal("/bin/bash", "--norc", "-ic", f"set -m; {MARTLET} run -- bash -c 'echo ready; read -r line; echo got $line; exit 5' & echo $! >/dev/null; "
             "fg >/dev/null; echo stopped; stty -a | grep -o '.icanon' ; sleep 0.2; fg >/dev/null; echo ended $?")
expect("stop: starts", True, t.until(rb"ready"))
time.sleep(0.2)
runner = [pid for pid in below(t.pid) if os.readlink(f"/proc/{pid}/exe") == os.path.realpath(MARTLET)]
expect("stop: there is martlet", 1, len(runner))
if runner:
    os.kill(runner[0], signal.SIGTSTP)
    expect("stop: the shell notices", True, t.until(rb"stopped"))
    expect("stop: the terminal is the shell's", True, t.until(rb" icanon"))
    expect("stop: raw again", True, t.wait_raw())
    time.sleep(0.3)
    t.type(b"words\n")
    expect("stop: goes on", True, t.until(rb"got words"))
    expect("stop: the status", True, t.until(rb"ended 5"))
t.status()
t.close()

# The terminal goes away.
t = run("--", "bash", "-c", "trap 'exit 0' HUP; echo ready; while :; do sleep 0.05; done")
t.until(rb"ready")
family = below(t.pid)
os.close(t.slave)
os.close(t.master)
end = time.monotonic() + 5
status = None
while status is None and time.monotonic() < end:
    pid, value = os.waitpid(t.pid, os.WNOHANG)
    status = value if pid else None
    time.sleep(0.02)
expect("the terminal goes away: martlet ends", True, status is not None)
if status is None:
    os.kill(t.pid, signal.SIGKILL)
    os.waitpid(t.pid, 0)
expect("the terminal goes away: nothing is left", True, gone(family))

# A waiting sandbox uses no processor time.
t = run("--env", "PS1=@ ", "--", "bash", "--norc", "-i")
t.until(rb"@ ")
time.sleep(0.3)


def used(pids):
    total = 0
    for pid in pids:
        with open(f"/proc/{pid}/stat") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        total += int(fields[11]) + int(fields[12])
    return total


family = [t.pid] + below(t.pid)
start = used(family)
time.sleep(1.0)
expect("idle at a prompt: ticks used in a second", True, used(family) - start <= 1)
t.close()

print(f"{passed} passed, {failed} failed, 0 skipped")
sys.exit(failed != 0)
