import Glibc

/// One thing that is measured.
public struct BenchCase: Sendable {
    public enum Kind: Sendable, Equatable {
        /// A case of `Benchmarks/micro.c`, by its name there; `isStatic` runs the statically linked program.
        case micro(name: String, isStatic: Bool)
        /// Shell commands: `prepare` once, then `command` this often, of which the first `warmUps` do not count.
        /// `$BENCH` is a directory in memory that does not exist yet.
        case shell(prepare: String, command: String, times: Int, warmUps: Int)
        /// The runner itself with `/bin/true`, start to end.
        case start(times: Int)
        /// The runner with a program that waits, and what it costs meanwhile.
        case waiting(WaitingCost)
    }

    public enum WaitingCost: Sendable, Equatable {
        /// Of all processes together, PSS.
        case memory
        /// Time on a processor within so many seconds, and how often a thread was put on one.
        case processor(seconds: Int), turns(seconds: Int)
    }

    /// What a case's figures are.
    public enum Unit: String, Sendable { case nanoseconds, bytes, count }

    var unit: Unit {
        switch kind {
        case .waiting(.memory): .bytes
        case .waiting(.turns): .count
        default: .nanoseconds
        }
    }

    /// What a measurement is judged by.
    public enum Goal: Sendable, Equatable {
        /// At most this much of the native time.
        case ratio(Double)
        /// At most this time, or this many times what another runner needs.
        case time(nanoseconds: Double, orTimes: Double, of: Runner.Kind)
        /// At most so much more than natively, in the case's unit.
        case more(Double)
    }

    public let name: String
    /// What is done, for `--list`.
    public let summary: String
    /// What Martlet is meant to reach, if that is set.
    public let goal: Goal?
    public let kind: Kind

    /// Every case, in the order of the table.
    public static let all: [BenchCase] = small + large

    static let small: [BenchCase] = [
        micro("getppid", "a call that does nothing", goal: .ratio(0.2)),
        micro("getppid-indirect", "the same through syscall(2), whose call site takes any number"),
        micro("stat-hit", "stat of a file", goal: .ratio(0.3)),
        micro("stat-miss", "stat of a name that does not exist", goal: .ratio(0.3)),
        micro("open-close", "open a file read-only and close it", goal: .ratio(0.35)),
        micro("pread-4k", "read 4 KiB of a file", goal: .ratio(0.6)),
        micro("write-null", "write a byte to /dev/null", goal: .ratio(0.3)),
        micro("pipe-self", "write a byte to a pipe and read it, one process", goal: .ratio(0.4)),
        micro("pipe-pingpong", "a byte to another process and back through pipes", goal: .ratio(1.1)),
        micro("socket-pingpong", "the same through a Unix socket pair"),
        micro("mutex-uncontended", "lock and unlock a mutex that nobody else has", goal: .ratio(1.1)),
        micro("futex-wake", "FUTEX_WAKE that wakes nobody"),
        micro("futex-contended", "two threads hand over through mutex and condition variable", goal: .ratio(1.1)),
        micro("epoll-ready", "epoll_wait with something ready"),
        micro("signal-self", "a signal to oneself, with handler"),
        micro("mmap-64k", "map and unmap 64 KiB"),
        micro("thread-join", "create a thread and join it"),
        micro("fork-wait", "fork and wait for the child's exit", goal: .ratio(1.3)),
        micro("exec-true", "vfork, exec of /bin/true, wait", goal: .ratio(1.1)),
        micro("getppid", "as getppid, in a static program", isStatic: true),
        micro("stat-hit", "as stat-hit, in a static program", isStatic: true),
        micro("pread-4k", "as pread-4k, in a static program", isStatic: true),
        micro("fork-wait", "as fork-wait, in a static program", isStatic: true),
    ]

    static let large: [BenchCase] = [
        BenchCase(
            name: "pipe-100m", summary: "100 MiB through a shell pipe", goal: .ratio(0.8),
            kind: .shell(prepare: "", command: "head -c 100M /dev/zero | cat >/dev/null", times: 3, warmUps: 1)),
        BenchCase(
            // find answers 1 when a directory may not be read, as in a user namespace.
            name: "find-newer", summary: "find /usr -newer FILE, second time in one session", goal: .ratio(0.5),
            kind: .shell(prepare: "", command: "find /usr -newer /usr/bin/env >/dev/null 2>&1; [ $? -le 1 ]", times: 2, warmUps: 1)),
        BenchCase(
            name: "python-imports", summary: "start Python and import 50 modules", goal: .ratio(1.1),
            kind: .shell(prepare: "", command: "python3 -c 'import \(pythonModules)'", times: 3, warmUps: 1)),
        BenchCase(
            name: "make-j2", summary: "make -j2 of 60 small C files", goal: .ratio(1.15),
            kind: .shell(prepare: makeProject, command: "make -B -s -j2 -C \"$BENCH\"", times: 1, warmUps: 0)),
        BenchCase(
            name: "git-status", summary: "git status of 5,000 files", goal: .ratio(0.8),
            kind: .shell(prepare: gitProject, command: "git -C \"$BENCH\" status --porcelain >/dev/null", times: 5, warmUps: 1)),
        BenchCase(name: "start", summary: "start a sandbox, run /bin/true, end", goal: .time(nanoseconds: 12e6, orTimes: 3, of: .bwrap), kind: .start(times: 5)),
        BenchCase(
            name: "memory", summary: "memory of all processes while the program sleeps", goal: .more(12 * 1_048_576), kind: .waiting(.memory)),
        BenchCase(
            name: "idle", summary: "time on a processor within 3 s while the program sleeps", goal: .more(0), kind: .waiting(.processor(seconds: 3))),
        BenchCase(
            name: "idle-turns", summary: "how often a thread runs within 3 s while the program sleeps", goal: .more(0),
            kind: .waiting(.turns(seconds: 3))),
    ]

    private static func micro(_ name: String, _ summary: String, goal: Goal? = nil, isStatic: Bool = false) -> BenchCase {
        BenchCase(name: isStatic ? "static-\(name)" : name, summary: summary, goal: goal, kind: .micro(name: name, isStatic: isStatic))
    }

    /// Of the standard library only, so that every machine has them.
    static let pythonModules = [
        "abc", "argparse", "array", "ast", "asyncio", "base64", "bisect", "bz2", "calendar", "codecs", "collections",
        "concurrent.futures", "configparser", "contextlib", "copy", "csv", "ctypes", "dataclasses", "datetime", "decimal", "difflib",
        "email.message", "enum", "fractions", "functools", "glob", "gzip", "hashlib", "heapq", "html", "http.client", "inspect", "io",
        "ipaddress", "itertools", "json", "logging", "multiprocessing", "pathlib", "pickle", "platform", "pprint", "queue", "random", "re",
        "shutil", "socket", "sqlite3", "ssl", "unittest",
    ].joined(separator: ",")

    private static let makeProject = """
        set -e; mkdir -p "$BENCH"; cd "$BENCH"; i=0
        while [ $i -lt 60 ]; do
            echo "#include <stdio.h>" >f$i.c
            echo "#include <stdlib.h>" >>f$i.c
            echo "#include <string.h>" >>f$i.c
            echo "int f$i(int n) { char b[32]; snprintf(b, sizeof b, \\"%d\\", n); return (int)strlen(b) + atoi(b) + $i; }" >>f$i.c
            i=$((i + 1))
        done
        echo "int f0(int); int main(void) { return f0(1) < 0; }" >main.c
        echo "program: main.o $(i=0; while [ $i -lt 60 ]; do echo "f$i.o"; i=$((i + 1)); done | tr "\\n" " ")" >Makefile
        printf "\\tcc -o program *.o\\n%%.o: %%.c\\n\\tcc -O1 -c -o \\$@ \\$<\\n" >>Makefile
        """

    private static let gitProject = """
        set -e; mkdir -p "$BENCH"; cd "$BENCH"; git init -q .; d=0
        while [ $d -lt 50 ]; do
            mkdir d$d; f=0
            while [ $f -lt 100 ]; do echo "$d $f" >d$d/f$f; f=$((f + 1)); done
            d=$((d + 1))
        done
        git add .; git -c user.name=bench -c user.email=bench@localhost commit -q -m files
        """

    /// The cases whose names match one of the shell patterns; all if there are no patterns.
    /// - Throws: ``BenchFailure`` if a pattern matches nothing.
    public static func matching(_ patterns: [String]) throws(BenchFailure) -> [BenchCase] {
        if patterns.isEmpty { return all }
        for pattern in patterns where !all.contains(where: { fnmatch(pattern, $0.name, 0) == 0 }) {
            throw BenchFailure("no case is named '\(pattern)'; see martlet bench --list")
        }
        return all.filter { one in patterns.contains { fnmatch($0, one.name, 0) == 0 } }
    }
}

/// Why a benchmark cannot be run, or a measurement failed; one line for the user.
public struct BenchFailure: Error, Equatable, CustomStringConvertible, Sendable {
    public let description: String
    public init(_ description: String) { self.description = description }
}
