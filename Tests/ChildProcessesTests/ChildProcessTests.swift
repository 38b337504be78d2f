import Glibc
import Testing

@testable import ChildProcesses

struct ChildProcessTests {
    private func shell(_ script: String, milliseconds: UInt64 = 20_000) -> ChildProcess {
        ChildProcess(["/bin/sh", "-c", script], environment: ["PATH=/usr/bin:/bin", "A=err"], limitNanoseconds: milliseconds * 1_000_000)
    }

    @Test func collectsBothStreams() throws {
        let result = try shell("echo out; echo $A >&2; exit 3").run()
        #expect(result.output == Array("out\n".utf8) && result.errors == Array("err\n".utf8))
        #expect(result.ending == .exited(3) && result.nanoseconds > 0)
    }

    @Test func mergesStreamsInTheirOrder() throws {
        var child = shell("echo 1; echo 2 >&2; echo 3")
        child.mergesErrors = true
        #expect(try child.run().output == Array("1\n2\n3\n".utf8))
    }

    @Test func tellsTheSignal() throws {
        #expect(try shell("kill -SEGV $$").run().ending == .signaled(SIGSEGV))
    }

    @Test func isEndedWithItsChildren() throws {
        let start = ChildProcess.now()
        #expect(try shell("sleep 30 & sleep 30", milliseconds: 200).run().ending == .timedOut)
        #expect(ChildProcess.now() - start < 10_000_000_000)
    }

    /// With a grace it may clean up, and what it writes then is kept.
    @Test func isAskedFirst() throws {
        var child = shell("trap 'echo bye; exit 0' TERM; echo ready; while :; do sleep 0.05; done", milliseconds: 300)
        child.graceNanoseconds = 10_000_000_000
        let result = try child.run()
        #expect(result.ending == .timedOut && result.output == Array("ready\nbye\n".utf8))
    }

    /// One who does not listen is killed.
    @Test func isKilledThen() throws {
        var child = shell("trap '' TERM; while :; do sleep 0.05; done", milliseconds: 100)
        child.graceNanoseconds = 100_000_000
        let start = ChildProcess.now()
        #expect(try child.run().ending == .timedOut)
        #expect(ChildProcess.now() - start < 10_000_000_000)
    }

    /// What a command leaves behind neither keeps us waiting nor goes on.
    @Test func leavesNothingBehind() throws {
        let start = ChildProcess.now()
        let result = try shell("sleep 30 & echo $!").run()
        #expect(result.succeeded && ChildProcess.now() - start < 10_000_000_000)
        let pid = try #require(Int32(String(decoding: result.output.dropLast(), as: UTF8.self)))
        for _ in 0..<200 where kill(pid, 0) == 0 { usleep(10_000) }
        #expect(kill(pid, 0) != 0 || isZombie(pid))
    }

    private func isZombie(_ pid: Int32) -> Bool {
        guard let file = fopen("/proc/\(pid)/stat", "r") else { return true }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 256)
        guard fgets(&line, 256, file) != nil else { return true }
        return String(decoding: line.map { UInt8(bitPattern: $0) }, as: UTF8.self).contains(") Z")
    }

    @Test func handsOnWhatIsBeyondTheLimit() throws {
        var child = shell("head -c 300000 /dev/zero")
        child.outputLimit = 1000
        var seen = 0
        let result = try child.run { seen += $0.count }
        #expect(result.output.count == 1000 && seen == 300_000)
    }

    @Test func aFloodIsEndedInTime() throws {
        let start = ChildProcess.now()
        #expect(try shell("exec yes", milliseconds: 200).run().ending == .timedOut)
        #expect(ChildProcess.now() - start < 10_000_000_000)
    }

    /// Blocked and ignored signals of ours are none of its business.
    @Test func startsWithoutOurSignals() throws {
        var blocked = sigset_t(), old = sigset_t()
        sigemptyset(&blocked)
        sigaddset(&blocked, SIGUSR1)
        pthread_sigmask(SIG_BLOCK, &blocked, &old)
        defer { pthread_sigmask(SIG_SETMASK, &old, nil) }
        let status = try shell("exec grep -E '^Sig(Blk|Ign|Cgt)' /proc/self/status").run()
        let fields = String(decoding: status.output, as: UTF8.self).split(separator: "\n").compactMap { $0.split(separator: "\t").last }
        #expect(fields.count == 3 && UInt64(fields[0], radix: 16) == 0 && UInt64(fields[1], radix: 16).map { $0 >> UInt64(SIGPIPE - 1) & 1 } == 0)
    }

    @Test func startsWhereItIsTold() throws {
        var child = shell("pwd; ps -o pgid= -p $$ | grep -qw $$ && echo leads its group")
        child.directory = "/proc/sys"
        #expect(try child.run().output == Array("/proc/sys\nleads its group\n".utf8))
        child.directory = "/no/such"
        #expect(throws: ChildProcess.Failure.self) { try child.run() }
    }

    /// It is killed with whoever started it, even if that could not clean up.
    @Test func asksToBeKilledWithItsStarter() throws {
        guard access("/usr/bin/python3", X_OK) == 0 else { return }
        let script = "import ctypes; n = ctypes.c_int(); ctypes.CDLL(None).prctl(2, ctypes.byref(n)); print(n.value)"
        let child = ChildProcess(["/usr/bin/python3", "-c", script], environment: [], limitNanoseconds: 20_000_000_000)
        #expect(try child.run().output == Array("9\n".utf8))
    }

    @Test func tellsWhatCannotStart() {
        let error = #expect(throws: ChildProcess.Failure.self) {
            try ChildProcess(["/no/such"], environment: [], limitNanoseconds: 1_000_000_000).run()
        }
        #expect(error?.description == "cannot start /no/such: No such file or directory")
    }

    /// Beside the command's own time; see the limit that `martlet compat run` promises.
    @Test func costsLittle() throws {
        let child = ChildProcess(["/bin/true"], environment: [], limitNanoseconds: 10_000_000_000)
        let times = try (0..<20).map { _ in try child.run().nanoseconds }
        #expect(times.min() ?? 0 < 20_000_000)
    }
}
