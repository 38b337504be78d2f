#!/bin/bash
# Python: start-up with many modules of the standard library, and what they compute.
# needs: python3
python3 - <<'PYTHON'
import argparse, array, ast, base64, bisect, bz2, calendar, cmath, codecs, collections, configparser, contextlib, csv, ctypes, curses
import dataclasses, datetime, decimal, difflib, dis, email.message, enum, fractions, functools, gc, getpass, glob, gzip, hashlib, heapq, hmac
import html.parser, http.client, importlib, inspect, io, ipaddress, itertools, json, logging, lzma, math, mimetypes, numbers, operator, os
import pathlib, pickle, platform, pprint, queue, random, re, secrets, select, shelve, shlex, shutil, socket, ssl, stat, statistics, string
import struct, subprocess, sys, tarfile, tempfile, textwrap, threading, time, timeit, traceback, types, typing, unicodedata, unittest, urllib.parse, uuid, weakref, xml.etree.ElementTree, zipfile, zlib
print(len([m for m in sys.modules if not m.startswith("_")]) > 150)
print(hashlib.sha256(json.dumps({"a": [1, 2, 3]}, sort_keys=True).encode()).hexdigest())
print(decimal.Decimal(2).sqrt(), fractions.Fraction(1, 3) + 1, math.factorial(30), statistics.median([3, 1, 2]))
print(re.findall(r"\w+", "some words here"), textwrap.shorten("a b c d e f", 7), datetime.date(2020, 2, 29).isoformat(), struct.pack("<IH", 1, 2))
print(platform.system(), platform.machine(), sys.byteorder, sys.getfilesystemencoding(), os.sep, time.tzname[0])
random.seed(7); print(random.randint(1, 1000000), ctypes.CDLL(None).abs(-5), unicodedata.name("é"), zlib.crc32(b"martlet"))
with tempfile.TemporaryDirectory() as d:
    p = pathlib.Path(d) / "x"; p.write_text("hello\n" * 1000); print(p.stat().st_size, len(gzip.compress(p.read_bytes())) < 100, lzma.decompress(lzma.compress(b"x" * 10000)) == b"x" * 10000)
    with shelve.open(str(pathlib.Path(d) / "s")) as s: s["k"] = [1]
    print(sorted(os.listdir(d))[:1], [e.name for e in os.scandir(d) if e.name == "x"])
    shutil.copytree(d, d + "/../copy-of-it-here", dirs_exist_ok=True); shutil.rmtree(d + "/../copy-of-it-here")
print(os.environ["LANG"], sys.flags.optimize, os.cpu_count() >= 1, len(os.urandom(8)), uuid.UUID(int=5))
PYTHON
