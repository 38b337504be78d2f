#!/usr/bin/env python3
"""Makes LineDisciplineCases.swift: runs scripts on real pseudoterminals of this Linux and records what they do.

A case is a line of steps, separated by spaces:
  t=I,O,L,CC   set iflag, oflag, lflag (octal) and characters (index:value pairs joined by +)
  m=HEX        the master writes
  s=HEX/N      the slave writes, N bytes are taken
  r=N/HEX      the slave reads up to N bytes without waiting; ! for EAGAIN
  o=HEX        the master reads everything there is
  q=N          FIONREAD on the slave
  x=LIST       signals that came since the last look
  f            TCFLSH of input          k=N   tcflow(N)
"""
import errno, fcntl, os, random, select, signal, struct, sys, termios, time

ISTRIP, INLCR, IGNCR, ICRNL, IUCLC, IXON, IXANY, IMAXBEL, IUTF8, PARMRK = 0o40, 0o100, 0o200, 0o400, 0o1000, 0o2000, 0o4000, 0o20000, 0o40000, 0o10
OPOST, OLCUC, ONLCR, OCRNL, ONOCR, ONLRET, XTABS = 1, 2, 4, 8, 16, 32, 0o14000
ISIG, ICANON, ECHO, ECHOE, ECHOK, ECHONL, NOFLSH, ECHOCTL, ECHOPRT, ECHOKE, IEXTEN, EXTPROC = 1, 2, 8, 16, 32, 64, 128, 512, 1024, 2048, 0o100000, 0o200000
I = ICRNL | IXON
O = OPOST | ONLCR
L = ISIG | ICANON | ECHO | ECHOE | ECHOK | ECHOCTL | ECHOKE | IEXTEN

seen = []
PAUSE = 0.01

def settings(fd, i, o, l, cc, how=0x5402):
    raw = bytearray(fcntl.ioctl(fd, 0x5401, bytes(60)))
    struct.pack_into("III", raw, 0, i, o, 0o277)
    struct.pack_into("I", raw, 12, l)
    for index, value in cc.items():
        raw[17 + index] = value
    fcntl.ioctl(fd, how, bytes(raw))

def t(i=I, o=O, l=L, **cc):
    names = dict(INTR=0, QUIT=1, ERASE=2, KILL=3, EOF=4, TIME=5, MIN=6, START=8, STOP=9, SUSP=10, EOL=11, REPRINT=12, WERASE=14, LNEXT=15, EOL2=16)
    return ("t", i, o, l, {names[k]: v for k, v in cc.items()})
def b(x): return x if isinstance(x, bytes) else x.encode("latin-1")
def m(x): return ("m", b(x))
def s(x): return ("s", b(x))
def r(n=100): return ("r", n)
o, q, x, f = ("o",), ("q",), ("x",), ("f",)
def k(n): return ("k", n)

def run(steps):
    master, slave = os.openpty()
    pid_r, pid_w = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.setsid()
            fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
            for sig in (signal.SIGINT, signal.SIGQUIT, signal.SIGTSTP, signal.SIGWINCH):
                signal.signal(sig, lambda number, frame: seen.append(number))
            os.set_blocking(master, False)
            os.set_blocking(slave, False)
            settings(slave, I, O, L, {})
            text = " ".join(step(master, slave, *each) for each in steps)
        except BaseException as error:
            text = "ERROR " + repr(error)
        os.write(pid_w, text.encode())
        os._exit(0)
    os.close(pid_w)
    os.close(master); os.close(slave)
    data = b""
    while True:
        piece = os.read(pid_r, 65536)
        if not piece: break
        data += piece
    os.close(pid_r)
    os.waitpid(pid, 0)
    return data.decode()

def step(master, slave, kind, *args):
    if kind == "t":
        i, out, l, cc = args
        settings(slave, i, out, l, cc)
        return "t=%o,%o,%o,%s" % (i, out, l, "+".join("%d:%d" % pair for pair in cc.items()))
    if kind == "m":
        left = args[0]
        while left:
            n = os.write(master, left)
            left = left[n:]
        time.sleep(PAUSE)
        return "m=" + args[0].hex()
    if kind == "s":
        try: n = os.write(slave, args[0])
        except BlockingIOError: n = -1
        time.sleep(PAUSE)
        return "s=%s/%d" % (args[0].hex(), n)
    if kind == "r":
        try: data = os.read(slave, args[0]).hex()
        except BlockingIOError: data = "!"
        time.sleep(PAUSE)
        return "r=%d/%s" % (args[0], data)
    if kind == "o":
        data = b""
        while True:
            try: piece = os.read(master, 65536)
            except BlockingIOError:
                time.sleep(PAUSE)
                try: piece = os.read(master, 65536)
                except BlockingIOError: break
            data += piece
        return "o=" + data.hex()
    if kind == "q":
        return "q=%d" % struct.unpack("i", fcntl.ioctl(slave, 0x541B, b"\0" * 4))[0]
    if kind == "x":
        time.sleep(PAUSE)
        result = ",".join(map(str, seen))
        seen.clear()
        return "x=" + result
    if kind == "f":
        fcntl.ioctl(slave, 0x540B, 0)
        return "f"
    if kind == "k":
        fcntl.ioctl(slave, 0x540A, args[0])
        time.sleep(PAUSE)
        return "k=%d" % args[0]

raw = dict(i=0, o=0, l=0)
cases = [
    # lines
    [m("abc\n"), o, q, r(), r()],
    [m("abc"), o, q, r(), m("\n"), q, r()],
    [m("abc\ndef\n"), q, r(), q, r(), r()],
    [m("abcdef\n"), r(2), q, r(2), r(100)],
    [m("abc\r"), o, r()],
    [t(i=I | IGNCR), m("a\rb\n"), o, r()],
    [t(i=I | INLCR), m("a\nb\r"), o, q, r()],
    [t(i=0), m("a\rb\n"), o, r()],
    [t(i=I | ISTRIP), m(b"\xe1\xe2\n"), o, r()],
    [t(i=I | IUCLC), m("ABC\xc4\n"), o, r()],
    [t(i=I | IUCLC, l=L & ~IEXTEN), m("ABC\n"), o, r()],
    [t(i=I | PARMRK), m(b"a\xffb\n"), o, r()],
    # end of file
    [m("\x04"), o, q, r(), r()],
    [m("abc\x04"), o, q, r(), r()],
    [m("abc\x04"), r(3), r()],
    [m("abc\x04"), r(2), r(1), r()],
    [m("abc\x04def\n"), q, r(3), r(), r()],
    [m("abc\x04\x04"), q, r(), q, r(), r()],
    [m("a\n\x04b\n"), q, r(), r(), r()],
    [m("\x04\x04\n"), r(), r(), r()],
    [m("abc\n"), r(3), r(1), r()],
    [m("abc\n"), r(4), r()],
    [m("ab\x16\x04c\n"), o, r()],
    [m("a\0b\n"), o, q, r()],
    [m("x" * 64 + "\x04"), r(64), r()],
    [m("x" * 63 + "\n" + "y\n"), r(64), r(64)],
    [m("x" * 64 + "\n" + "y\n"), r(64), r(64), r()],
    # erasing
    [m("abc\x7f\x7fd\n"), o, r()],
    [m("\x7f\n"), o, r()],
    [m("ab\tc\x7f\x7f\x7fX\n"), o, r()],
    [s("prompt> "), m("ab\tc\x7f\x7fX\n"), o, r()],
    [s("prompt> "), m("\t\t\x7f\x7fX\n"), o, r()],
    [s("p\tq"), m("\x01\t\x7f\x7f\n"), o],
    [m("\x01\x02\x7f\n"), o, r()],
    [t(l=L & ~ECHOCTL), m("\x01\x02a\x7f\x7f\n"), o, r()],
    [t(l=L & ~ECHOE), m("abc\x7f\x7f\n"), o, r()],
    [m("one two_3  \x17X\n"), o, r()],
    [m("one two\x17\x17\x17\n"), o, r()],
    [m("a.b-c\x17\n"), o, r()],
    [m("abc\x15def\n"), o, r()],
    [m("a\tb\x01\x15def\n"), o, r()],
    [t(l=L & ~ECHOKE), m("abc\x15def\n"), o, r()],
    [t(l=L & ~(ECHOKE | ECHOK)), m("abc\x15def\n"), o, r()],
    [t(l=L & ~ECHOK), m("abc\x15def\n"), o, r()],
    [t(l=L & ~ECHO), m("abc\x15de\x7ff\n"), o, r()],
    [t(l=L & ~ECHO | ECHONL), m("abc\n"), o, r()],
    [t(l=L | ECHOPRT), m("abc\x7f\x7fx\x15yz\n"), o, r()],
    [t(l=L | ECHOPRT), m("ab\x7f\x7f\n"), o, r()],
    [t(l=(L | ECHOPRT) & ~ECHOKE), m("ab\x7f\x15c\n"), o, r()],
    [t(i=I | IUTF8, l=L | ECHOPRT), m("a\xc3\xa9\x7f\n".encode("latin-1")), o, r()],
    [t(i=I | IUTF8), m("a\u00e9\u4e16\x7f\x7fb\n".encode()), o, r()],
    [t(i=I | IUTF8), m("\u00e9\t\x7f\n".encode()), o, r()],
    [t(i=I | IUTF8), m(b"\x80\x81\x7f\n"), o, r()],
    [m("\u00e9\x7f\n".encode()), o, r()],
    [t(i=I | IUTF8), m("wort gr\u00fc\u00df\x17x\n".encode()), o, r()],
    [m(b"ab \xe4\xf6\xd7x\x17\n"), o, r()],
    # other editing characters
    [m("ab\x12c\n"), o, r()],
    [m("x\ty\x12\x7f\x7f\n"), o, r()],
    [t(l=L & ~ECHO), m("ab\x12c\n"), o, r()],
    [m("a\x16\x03\x16\x7f\n"), o, x, r()],
    [m("a\x16\nb\n"), o, q, r()],
    [t(l=L & ~ECHOCTL), m("a\x16\x03\n"), o, r()],
    [t(l=L & ~IEXTEN), m("a\x16\x12b\x17\n"), o, r()],
    [t(EOL=ord(";")), m("ab;cd\n"), o, q, r(), r()],
    [t(EOL2=ord(";"), EOL=ord(",")), m("ab;cd,e\n"), o, q, r(), r(), r()],
    [t(EOL2=ord(";"), l=L & ~IEXTEN), m("ab;cd\n"), o, r()],
    [t(ERASE=ord("#"), KILL=ord("@")), m("ab#c@d\n"), o, r()],
    [t(ERASE=0), m("ab\0c\n"), o, r()],
    [t(EOF=ord("z")), m("abz"), o, r()],
    # signals
    [m("abc\x03"), o, x, r()],
    [m("abc"), o, m("\x03"), o, x, r()],
    [m("a\n"), m("\x1c"), o, x, r()],
    [m("a\x1ab\n"), o, x, r()],
    [t(l=L | NOFLSH), m("ab\x03c\n"), o, x, r()],
    [t(l=L & ~ISIG), m("ab\x03c\n"), o, x, r()],
    [t(l=L & ~ECHO), m("\x03"), o, x],
    [s("unread"), m("\x03"), o, x],
    [t(l=L | NOFLSH), s("unread"), m("\x03"), o, x],
    [t(i=0, o=0, l=ISIG), m("ab\x03c"), o, x, q, r()],
    # echo of control characters and output
    [m("\x01\x1b\x7f\x00\xff\n"), o, r()],
    [t(l=L & ~ICANON), m("a\n\rb\x01"), o, q, r()],
    [t(i=0, l=L & ~ICANON), m("a\n\rb\x01"), o, q, r()],
    [t(l=ECHO, i=0), m("a\n\rb\x01\x7f"), o, r()],
    [s("a\nb\r\tc\b\n"), o],
    [t(o=0), s("a\nb\n"), o],
    [t(o=OPOST), s("a\nb\n"), o],
    [t(o=OPOST | OCRNL), s("a\rb\n"), o],
    [t(o=OPOST | ONLCR | OCRNL), s("a\rb\n"), o],
    [t(o=OPOST | ONOCR), s("\ra\r\rb\n\r"), o],
    [t(o=OPOST | ONLRET | ONOCR), s("a\n\rb\r\r"), o],
    [t(o=O | OLCUC), s("abc\xe4 \xdf\xff\n"), o],
    [t(o=O | XTABS), s("a\tb\t\tc\n\t"), o],
    [t(o=O | XTABS), s("12345678\tx\b\b\t|\n"), o],
    [t(o=O | XTABS, i=I | IUTF8), s("\u00e9\tx\n".encode()), o],
    [t(o=O | XTABS), m("a\tb\x7f\x7f\n"), o, r()],
    [t(o=O | XTABS), s("ab"), m("\tc\n"), o, r()],
    # flow control
    [m("\x13"), s("abc"), o, m("\x11"), s("abc"), o],
    [m("\x13"), m("xyz"), o, m("\x11"), o, q],
    [m("\x13ab\n"), o, r(), m("\x11"), o],
    [t(i=I | IXANY), m("\x13"), m("x"), o, s("y"), o],
    [t(i=I | IXANY), m("\x13"), m("\n"), o, s("y"), o, r()],
    [m("\x13"), m("\x03"), o, x, s("z"), o],
    [t(i=ICRNL), m("a\x13\x11\n"), o, r()],
    [m("\x13"), t(i=ICRNL), s("abc"), o],
    [k(0), s("abc"), m("\x11"), s("d"), k(1), s("e"), o],
    [k(2), o, k(3), o],
    [m("\x13\x13\x11"), s("x"), o],
    # without canonical mode
    [t(**raw), m("ab\x03\x04\r\n"), o, x, q, r(3), q, r()],
    [t(**raw), r()],
    [t(MIN=0, **raw), r(), m("ab"), r(), r()],
    [t(MIN=5, **raw), m("abc"), r(), r()],
    [t(i=0, o=0, l=ECHO), m("abc"), o, r(2), r()],
    # changes of mode
    [m("abc"), t(l=L & ~ICANON), q, r()],
    [m("abc\nde"), t(l=L & ~ICANON), q, r()],
    [m("abc\x04de"), t(l=L & ~ICANON), q, r()],
    [t(l=L & ~ICANON), m("abc"), t(), q, r(), r()],
    [t(l=L & ~ICANON), m("ab\ncd"), t(), q, r(), r()],
    [t(l=L & ~ICANON), m("abc"), t(), m("d\n"), q, r(2), r(), r()],
    [m("abc"), t(l=L & ~ECHO), m("d\x7f\n"), o, r()],
    [m("ab\x16"), t(l=L & ~ECHO), m("\x03\n"), x, r()],
    [m("ab\x16"), t(l=L & ~ICANON), m("\x03"), x, q],
    [m("a\nb\n"), t(l=L & ~ICANON), t(), q, r(), r(), r()],
    [m("abc"), f, q, m("d\n"), r()],
    [m("abc\nd"), f, m("\n"), q, r()],
    # EXTPROC
    [t(l=L | EXTPROC), m("ab\x7f\x03\n"), o, x, q, r()],
    [t(l=L | EXTPROC), m("\x04"), q, r(), r()],
    [t(l=L | EXTPROC, i=I | ISTRIP), m(b"a\xe2\n"), o, q, r()],
    # a full buffer
    [t(l=L & ~ECHO), m("x" * 4095 + "\n"), q, ("r", 4), q],
    [t(l=L & ~ECHO), m("x" * 4090 + "abcdefghij\n"), q, ("r", 4089), r()],
    [t(l=L & ~ECHO), m("x" * 5000), q, m("yz\n"), q, ("r", 4092), r()],
    [t(l=L & ~ECHO), m("a\n" + "x" * 5000 + "\n"), q, r(), q, ("r", 4090), r(), r()],
    [t(i=I | IMAXBEL), m("x" * 4100), ("m", b"\x7f\x7fyz"), o, m("\n"), q, ("r", 4090), r()],
    [t(**raw), m("x" * 5000), q, ("r", 4000), q, ("r", 4000), q],
    [t(i=PARMRK, o=0, l=0), m("x" * 4500), q, ("r", 4000), q],
]

def random_case(rng):
    steps = []
    def change():
        i = rng.choice([I, 0, ICRNL]) | sum(rng.choice([0, 0, 0, flag]) for flag in (ISTRIP, INLCR, IGNCR, IUCLC, IXON, IXANY, IUTF8, PARMRK))
        out = rng.choice([O, O, 0, OPOST]) | sum(rng.choice([0, 0, 0, flag]) for flag in (OLCUC, OCRNL, ONOCR, ONLRET, XTABS))
        l = rng.choice([L, L, L & ~ICANON, L & ~ECHO, ECHO | ICANON, 0]) ^ sum(rng.choice([0, 0, 0, flag]) for flag in (ECHOE, ECHOK, ECHOCTL, ECHOKE, IEXTEN, ECHONL, NOFLSH, ECHOPRT))
        cc = rng.choice([{}, {}, {"EOL": ord("e")}, {"EOL2": ord("t")}, {"ERASE": ord("a"), "KILL": 0}])
        return t(i, out, l, **cc)
    steps.append(change())
    keys = list("abcet _.AB\n\n\r\t\t") + ["\x04", "\x7f", "\x7f", "\x7f", "\x15", "\x17", "\x16", "\x12", "\x01", "\x03", "\x13\x11", "\xff", "\xe4", "\u00e9".encode().decode("latin-1"), "\u4e16".encode().decode("latin-1")]
    for _ in range(rng.randint(3, 8)):
        kind = rng.random()
        if kind < 0.6: steps.append(m("".join(rng.choice(keys) for _ in range(rng.randint(1, 12)))))
        elif kind < 0.75: steps.append(s("".join(rng.choice(list("ab\n\r\t\b\xe4")) for _ in range(rng.randint(1, 8)))))
        elif kind < 0.9: steps.append(r(rng.choice([1, 2, 3, 100])))
        elif kind < 0.95: steps.append(change())
        else: steps.append(f)
        if rng.random() < 0.5: steps.append(q)
        if rng.random() < 0.4: steps.append(o)
    return steps + [o, x, q, r(), r(), r()]

rng = random.Random(20)
cases += [random_case(rng) for _ in range(260)]
print("// Made by make-cases.py on Linux %s: what real pseudoterminals do. The form is described there." % os.uname().release.split("-")[0])
print("let lineDisciplineCases: [String] = [")
for case in cases:
    text = run(case)
    if "ERROR" in text: print(text, case, file=sys.stderr)
    # Long runs of one byte are shortened: x{5000} is 5000 times the byte 78.
    import re
    text = re.sub(r"((?:78){65,})", lambda match: "x{%d}" % (len(match.group(1)) // 2), text)
    print('    "%s",' % text)
print("]")
