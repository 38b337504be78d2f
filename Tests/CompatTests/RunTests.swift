import ChildProcesses
import Foundation
import Testing

@testable import Compat

/// Whole runs of little test programs, natively: the sandbox is played by a command that sets a variable.
@Suite(.serialized)
struct RunTests {
    private func configuration(_ suite: String, sandbox: String = "/usr/bin/env SANDBOX=1 {}") throws -> RunConfiguration {
        var configuration = RunConfiguration(suite: suite, launcher: try .command(sandbox))
        configuration.jobs = 2
        configuration.programLimitNanoseconds = 20_000_000_000
        configuration.caseLimitNanoseconds = 1_000_000_000
        return configuration
    }

    private func run(_ configuration: RunConfiguration, mode: SuiteMode = .auto, patterns: [String] = []) throws -> Listener {
        let listener = Listener()
        let found = try Discovery(directory: configuration.suite, mode: mode, patterns: patterns)
        let isComplete = try SuiteRun(configuration, programs: found.programs, observer: listener).run()
        #expect(isComplete)
        #expect(listener.state.withLock { $0.completed.sorted() } == found.programs.map(\.name).sorted())
        return listener
    }

    @Test(.enabled(if: Programs.directory != nil)) func everyVerdict() throws {
        let suite = try #require(Programs.directory)
        var configuration = try configuration(suite)
        configuration.environment = ["WILD=1"]
        configuration.casesPerStart = 100
        let cases = try run(configuration, patterns: ["mixed_test"]).cases.mapValues(\.verdict)
        #expect(cases == [
            "mixed_test Simple.Passes": .pass, "mixed_test Simple.Fails": .fail, "mixed_test Simple.Skips": .skip,
            "mixed_test Simple.PrintsWithoutNewline": .pass, "mixed_test Few/Numbers.IsSmall/0": .pass, "mixed_test Few/Numbers.IsSmall/1": .pass,
            "mixed_test Few/Numbers.IsSmall/2": .fail, "mixed_test Typed/0.HasASize": .pass, "mixed_test Typed/1.HasASize": .pass,
            "mixed_test Wild.Crashes": .crash, "mixed_test Wild.EndsTheProgram": .crash, "mixed_test Wild.Hangs": .timeout,
            "mixed_test Wild.ForksAndTheChildReturns": .pass, "mixed_test Wild.AfterTheOthers": .pass,
        ])
    }

    @Test(.enabled(if: Programs.directory != nil)) func messagesAndTimes() throws {
        let suite = try #require(Programs.directory)
        let cases = try run(configuration(suite), patterns: ["mixed_test"]).cases
        #expect(cases["mixed_test Simple.Fails"]?.message.contains("arithmetic is broken") == true)
        #expect(cases["mixed_test Simple.Skips"]?.message.contains("not on this machine") == true)
        #expect(cases["mixed_test Simple.Passes"]?.message == "")
        #expect((cases["mixed_test Wild.ForksAndTheChildReturns"]?.nanoseconds ?? 0) >= 40_000_000)
    }

    @Test(.enabled(if: Programs.directory != nil)) func disabledCasesOnRequest() throws {
        var configuration = try configuration(try #require(Programs.directory))
        configuration.runsDisabled = true
        configuration.casePatterns = ["Simple.*"]
        let cases = try run(configuration, patterns: ["mixed_test"]).cases
        #expect(cases.count == 5 && cases["mixed_test Simple.DISABLED_IsLeftOut"]?.verdict == .fail)
    }

    /// What crashes only after other cases is a crash, and the cases behind it are not hidden.
    @Test(.enabled(if: Programs.directory != nil)) func crashThatNeedsOthers() throws {
        let cases = try run(configuration(try #require(Programs.directory)), patterns: ["crash_late_test"]).cases
        #expect(cases.mapValues(\.verdict) == ["crash_late_test Order.First": .pass, "crash_late_test Order.Second": .crash, "crash_late_test Order.Third": .pass])
        #expect(cases["crash_late_test Order.Second"]?.message.contains("after other cases; alone it does not") == true)
    }

    /// What a failing case leaves behind is not to the debit of those after it.
    @Test(.enabled(if: Programs.directory != nil)) func failureThatNeedsOthers() throws {
        let cases = try run(configuration(try #require(Programs.directory)), patterns: ["leaving_test"]).cases
        #expect(cases.mapValues(\.verdict) == [
            "leaving_test Leaves.Something": .fail, "leaving_test Trips.OverIt": .pass, "leaving_test Trips.Anyway": .fail, "leaving_test Trips.Never": .pass,
        ])
        #expect(cases["leaving_test Trips.OverIt"]?.message.contains("alone it passes; after a case that failed") == true)
    }

    @Test(.enabled(if: Programs.directory != nil), arguments: [1, 2, 100]) func baseline(casesPerStart: Int) throws {
        var configuration = try configuration(try #require(Programs.directory))
        configuration.baseline = try .native(user: nil)
        configuration.casesPerStart = casesPerStart
        let cases = try run(configuration, patterns: ["here_only_test"]).cases.mapValues(\.standing)
        #expect(cases == [
            "here_only_test Where.Everywhere": .passes, "here_only_test Where.NotInTheSandbox": .failsHereOnly, "here_only_test Where.Nowhere": .failsEverywhere,
            "here_only_test Where.SkippedInTheSandbox": .skippedHereOnly, "here_only_test Where.CrashesInTheSandbox": .failsHereOnly,
        ])
    }

    /// Each case is in exactly one shard.
    @Test(.enabled(if: Programs.directory != nil)) func shards() throws {
        var names: [String] = []
        for index in 0..<3 {
            var configuration = try configuration(try #require(Programs.directory))
            configuration.shard = (index, 3)
            let listener = Listener()
            let programs = try Discovery(directory: configuration.suite, mode: .auto).programs
            #expect(try SuiteRun(configuration, programs: programs, observer: listener).run())
            names += listener.cases.keys
        }
        let whole = try run(configuration(try #require(Programs.directory))).cases.keys
        #expect(names.sorted() == whole.sorted() && names.count == 26)
    }

    @Test func otherModes() throws {
        let directory = TemporaryDirectory()
        try directory.file("pass", "#!/bin/sh\nexit 0", executable: true)
        try directory.file("skip", "#!/bin/sh\nexit 77", executable: true)
        try directory.file("crash", "#!/bin/sh\nkill -SEGV $$", executable: true)
        try directory.file("hang", "#!/bin/sh\nsleep 60", executable: true)
        try directory.file("only-here", "#!/bin/sh\necho in the sandbox: $SANDBOX\ntest -z \"$SANDBOX\"", executable: true)
        var configuration = try configuration(directory.path)
        configuration.programLimitNanoseconds = 500_000_000
        configuration.baseline = try .native(user: nil)
        let cases = try run(configuration, mode: .exit).cases
        #expect(cases.mapValues(\.verdict) == [
            "pass (program)": .pass, "skip (program)": .skip, "crash (program)": .crash, "hang (program)": .timeout, "only-here (program)": .fail,
        ])
        #expect(cases["only-here (program)"]?.standing == .failsHereOnly && cases["only-here (program)"]?.message.contains("in the sandbox: 1") == true)
        #expect(cases["crash (program)"]?.standing == .failsEverywhere)
    }

    /// A case that one side does not come to is not lost.
    @Test func casesOfOneSideOnly() throws {
        let directory = TemporaryDirectory()
        try directory.file("t", "#!/bin/sh\necho 1..2; echo ok 1 - a; test -n \"$SANDBOX\" && exit 1; echo ok 2 - b", executable: true)
        var configuration = try configuration(directory.path)
        configuration.baseline = try .native(user: nil)
        let cases = try run(configuration, mode: .tap).cases.mapValues(\.standing)
        #expect(cases == ["t a": .passes, "t b": .failsHereOnly, "t (program)": .failsHereOnly])
    }

    /// What is told replaces what every program gets.
    @Test func environment() throws {
        let directory = TemporaryDirectory()
        try directory.file("p", "#!/bin/sh\necho \"$PATH $A $LC_ALL\"; /usr/bin/env | /usr/bin/grep -c ^PATH=; exit 1", executable: true)
        var configuration = try configuration(directory.path)
        configuration.environment = ["PATH=/bin:/opt", "A=b"]
        let message = try #require(try run(configuration, mode: .exit).cases["p (program)"]?.message)
        #expect(message.contains("/bin:/opt b C\n1"))
    }

    /// A case that hangs here only is not waited for as long as one may take that is slow on the host too.
    @Test(.enabled(if: Programs.directory != nil)) func patience() throws {
        var configuration = try configuration(try #require(Programs.directory), sandbox: "/usr/bin/env WILD=1 {}")
        configuration.baseline = try .native(user: nil)
        configuration.caseLimitNanoseconds = 20_000_000_000
        configuration.leastPatienceNanoseconds = 200_000_000
        configuration.casePatterns = ["Wild.Hangs"]
        let start = ChildProcess.now()
        let hanging = try #require(try run(configuration, patterns: ["mixed_test"]).cases["mixed_test Wild.Hangs"])
        #expect(hanging.verdict == .timeout && hanging.standing == .failsHereOnly)
        #expect(ChildProcess.now() - start < 10_000_000_000)
    }

    @Test func outOfReachIsNotRun() throws {
        let directory = TemporaryDirectory()
        try directory.file("p", "#!/bin/sh\nexit 1", executable: true)
        var configuration = try configuration(directory.path)
        configuration.outOfReach = { $0 == "p" ? "needs a raw socket" : nil }
        let cases = try run(configuration, mode: .exit).cases
        #expect(cases["p (program)"]?.verdict == .notApplicable && cases["p (program)"]?.message == "needs a raw socket")
    }

    /// Programs may leave files without rights and other odd things; nothing stays behind.
    @Test func leavesNothingBehind() throws {
        let directory = TemporaryDirectory()
        let temporary = directory.path + "/tmp"
        try FileManager.default.createDirectory(atPath: temporary, withIntermediateDirectories: true)
        try directory.file("suite/p", "#!/bin/sh\nmkdir -p $TMPDIR/a/b; echo x >$TMPDIR/a/b/c; chmod 0 $TMPDIR/a/b; echo $TMPDIR; exit 1", executable: true)
        let cases = try run(configuration(directory.path + "/suite"), mode: .exit).cases
        let message = try #require(cases["p (program)"]?.message)
        let path = try #require(message.split(separator: "\n").last { $0.hasPrefix("/") })
        #expect(!FileManager.default.fileExists(atPath: (String(path) as NSString).deletingLastPathComponent))
    }

    @Test func partsFitIntoAnArgument() {
        let names = (0..<1000).map { "Suite/\(String(repeating: "x", count: 500)).Case/\($0)" }
        let parts = SuiteRun.parts(names, most: 5000)
        #expect(parts.flatMap { $0 } == names)
        #expect(parts.allSatisfy { $0.joined(separator: ":").utf8.count < 100_000 })
        #expect(SuiteRun.parts([], most: 10).isEmpty && SuiteRun.parts(["a", "b", "c"], most: 2) == [["a"], ["b", "c"]])
    }

    /// The runner's own cost: what a run of many programs takes beyond starting them.
    @Test func overheadPerProgram() throws {
        let directory = TemporaryDirectory()
        for index in 0..<40 { try FileManager.default.copyItem(atPath: "/bin/true", toPath: "\(directory.path)/p\(index)") }
        var configuration = try configuration(directory.path)
        configuration.jobs = 1
        let start = ChildProcess.now()
        let listener = try run(configuration, mode: .exit)
        let milliseconds = Double(ChildProcess.now() - start) / 1e6 / 40
        #expect(listener.cases.count == 40)
        #expect(milliseconds < 30, "\(milliseconds) ms per program, with its own time")
    }
}
