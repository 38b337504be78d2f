import ChildProcesses
import Foundation
import Testing

@testable import Compat

struct GoogleTestParsingTests {
    @Test func list() {
        let text = """
            Running main() from gtest_main.cc
            Simple.
              Passes
              DISABLED_Fails
            Few/Numbers.  # TypeParam = x
              IsSmall/0  # GetParam() = 1
              IsSmall/1  # GetParam() = ("a.b", 2)
            A line of the program's own.
              not: a case
            """
        #expect(GoogleTestList.parse(text) == ["Simple.Passes", "Simple.DISABLED_Fails", "Few/Numbers.IsSmall/0", "Few/Numbers.IsSmall/1"])
        #expect(GoogleTestList.isDisabled("Simple.DISABLED_Fails") && GoogleTestList.isDisabled("DISABLED_A.b") && GoogleTestList.isDisabled("X/DISABLED_A.b/0"))
        #expect(!GoogleTestList.isDisabled("Simple.NotDISABLED_"))
        #expect(GoogleTestList.parse("") == [])
    }

    private func stream(_ text: String, step: Int = .max) -> GoogleTestStream {
        var stream = GoogleTestStream()
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            stream.take(rest.prefix(step))
            rest = rest.dropFirst(step)
        }
        stream.close()
        return stream
    }

    @Test(arguments: [1, 7, 10_000]) func streamInPieces(step: Int) {
        let text = """
            [==========] Running 4 tests from 1 test suite.
            [----------] 4 tests from A
            [ RUN      ] A.a
            [       OK ] A.a (3 ms)
            [ RUN      ] A.b
            file.cc:12: Failure
            half a line[  FAILED  ] A.b, where GetParam() = (1, "x (y ms)") (12 ms)
            [ RUN      ] A.c
            [  SKIPPED ] A.c (0 ms)
            [----------] 4 tests from A (15 ms total)
            [==========] 4 tests from 1 test suite ran. (15 ms total)
            [  FAILED  ] A.b
            """
        let result = stream(text, step: step)
        #expect(result.finished.map(\.name) == ["A.a", "A.b", "A.c"])
        #expect(result.finished.map(\.verdict) == [.pass, .fail, .skip])
        #expect(result.finished[1].message == "file.cc:12: Failure\nhalf a line" && result.finished[1].nanoseconds == 12_000_000)
        #expect(result.running == nil && result.isComplete)
    }

    @Test func streamThatStops() {
        let result = stream("[ RUN      ] A.a\n[       OK ] A.a (3 ms)\n[ RUN      ] A.b\nwhat it said last")
        #expect(result.finished.count == 1 && result.running == "A.b" && result.message == "what it said last" && !result.isComplete)
    }

    /// A test that prints for ever, lines without end, or bytes that are no text.
    @Test func streamOfNoise() {
        var result = GoogleTestStream()
        result.take("[ RUN      ] A.a\n".utf8)
        for _ in 0..<200 { result.take([UInt8](repeating: 0x80, count: 5000)) }
        result.take("\n".utf8)
        for index in 0..<5000 { result.take("line \(index) of many, all of them long enough\n".utf8) }
        result.take("[  FAILED  ] A.a (1 ms)\n".utf8)
        #expect(result.finished.first?.verdict == .fail && result.finished[0].message.utf8.count < 20_000)
        #expect(result.finished[0].message.hasSuffix("line 4999 of many, all of them long enough"))
    }

    @Test func json() throws {
        let text = """
            {"tests": 3, "testsuites": [{"name": "A", "testsuite": [
              {"name": "a", "status": "RUN", "result": "COMPLETED", "time": "0.25s", "classname": "A"},
              {"name": "b/0", "value_param": "1", "status": "RUN", "result": "COMPLETED", "time": "0s", "failures": [{"failure": "one", "type": ""}, {"failure": "two"}]},
              {"name": "c", "status": "RUN", "result": "SKIPPED", "time": "0s"},
              {"name": "d", "status": "NOTRUN", "result": "SUPPRESSED", "time": "0s"}]}]}
            """
        let results = try GoogleTestJSON.parse(Data(text.utf8))
        #expect(results.map(\.name) == ["A.a", "A.b/0", "A.c"] && results.map(\.verdict) == [.pass, .fail, .skip])
        #expect(results[0].nanoseconds == 250_000_000 && results[1].message == "one\ntwo")
        for broken in ["", "{", "[]", "{\"testsuites\": 3}", String(text.dropLast(9))] {
            #expect(throws: CompatFailure.self) { try GoogleTestJSON.parse(Data(broken.utf8)) }
        }
    }
}

struct OtherModeTests {
    @Test func tap() {
        let output = """
            TAP version 13
            # a comment
            ok 1 - opens
            # why it failed
            not ok 2 - closes
            ok 3 - forks # SKIP no fork here
            not ok 4 - sings # TODO later
            ok 5
            ok 6 - opens
            1..6
            """
        let results = TestAnythingProtocol.results(Array(output.utf8), ending: .exited(1))
        #expect(results.map(\.name) == ["opens", "closes", "forks", "sings", "5", "opens (2)"])
        #expect(results.map(\.verdict) == [.pass, .fail, .skip, .skip, .pass, .pass])
        #expect(results[1].message == "# why it failed" && results[2].message == "no fork here")
    }

    @Test(arguments: [
        ("1..0 # SKIP no network", ChildProcess.Ending.exited(0), Verdict.skip), ("1..3\nok 1\n", .exited(0), .fail), ("ok 1\n1..1", .exited(3), .fail),
        ("1..2\nok 1\n", .signaled(11), .crash), ("", .exited(0), .fail), ("1..2\nok 1\n", .timedOut, .timeout), ("1..2\nok 1\nBail out! no disk", .exited(0), .fail),
    ])
    func tapOfTheWholeProgram(output: String, ending: ChildProcess.Ending, verdict: Verdict) {
        let last = TestAnythingProtocol.results(Array(output.utf8), ending: ending).last
        #expect(last?.name == "(program)" && last?.verdict == verdict)
    }

    @Test(arguments: [
        (ChildProcess.Ending.exited(0), "t.c:1: TPASS: good", Verdict.pass), (.exited(1), "t.c:1: TFAIL: bad", .fail), (.exited(2), "t.c:1: TBROK: open failed", .fail),
        (.exited(4), "t.c:1: TWARN: odd", .fail), (.exited(32), "t.c:1: TCONF: no kernel support", .skip), (.exited(33), "t.c:1: TFAIL: x", .fail),
        (.signaled(6), "", .crash), (.timedOut, "", .timeout), (.exited(2), "tst_test.c:1: TBROK: Test killed by SIGSEGV!", .fail),
        (.exited(2), "Test timeouted, sending SIGKILL!\ntst_test.c:1: TBROK: Test timeouted", .timeout), (.exited(99), "", .fail),
    ])
    func ltp(ending: ChildProcess.Ending, output: String, verdict: Verdict) {
        let results = LinuxTestProject.results(Array(output.utf8), ending: ending, nanoseconds: 5)
        #expect(results.count == 1)
        let expected: Verdict = output.contains("killed by SIG") ? .crash : verdict
        #expect(results[0].verdict == expected)
        if expected != .pass, !output.isEmpty { #expect(results[0].message.contains(output.split(separator: "\n").last ?? "")) }
    }

    @Test func exitStatus() {
        let endings: [(ChildProcess.Ending, Verdict)] = [(.exited(0), .pass), (.exited(77), .skip), (.exited(1), .fail), (.signaled(9), .crash), (.timedOut, .timeout)]
        for (ending, verdict) in endings { #expect(ExitStatus.results([], ending: ending, nanoseconds: 0).map(\.verdict) == [verdict]) }
    }

    @Test func shellWords() throws {
        #expect(try ShellWords.split(#"runsc --network=none do '{}' "a b"\ c"#) == ["runsc", "--network=none", "do", "{}", "a b c"])
        #expect(try ShellWords.split("  ") == [] && ShellWords.split("''") == [""])
        #expect(throws: CompatFailure.self) { try ShellWords.split("'open") }
    }

    @Test func verdictsOfBothSides() {
        #expect(Standing(.fail, native: .pass) == .failsHereOnly && Standing(.crash, native: .pass) == .failsHereOnly)
        #expect(Standing(.fail, native: .fail) == .failsEverywhere && Standing(.timeout, native: .skip) == .failsEverywhere)
        #expect(Standing(.fail, native: nil) == .fails && Standing(.pass, native: .fail) == .passesHereOnly)
        #expect(Standing(.skip, native: .pass) == .skippedHereOnly && Standing(.skip, native: .skip) == .skipped && Standing(.notApplicable, native: nil) == .notApplicable)
    }

    @Test func textOfAnything() {
        #expect(CaseResult.text([0x1b, 0x5b, 0x41, 0x0a, 0x00, 0x42, 0x0a]) == "?[A\n?B")
        let long = CaseResult.text([UInt8](repeating: 0x41, count: 100_000))
        #expect(long.utf8.count < 5000 && long.contains("[...]"))
    }
}

struct DiscoveryTests {
    @Test func whatIsNoSuite() throws {
        let directory = TemporaryDirectory()
        #expect(throws: CompatFailure("there is no directory /no/such")) { try Discovery(directory: "/no/such", mode: .auto) }
        #expect(throws: CompatFailure("\(directory.path) holds no executable file")) { try Discovery(directory: directory.path, mode: .auto) }
        let file = try directory.file("text", "not a program")
        #expect(throws: CompatFailure("\(file) is not a directory")) { try Discovery(directory: file, mode: .auto) }
        try directory.file("odd", "not a program", executable: true)
        #expect(throws: CompatFailure("\(directory.path) holds no test program: odd: it is neither a program nor a script")) {
            try Discovery(directory: directory.path, mode: .auto)
        }
    }

    /// A program that is not a test must not be started by asking for its cases.
    @Test func programsThatAreNoTests() throws {
        let directory = TemporaryDirectory()
        try FileManager.default.copyItem(atPath: "/bin/true", toPath: directory.path + "/true")
        let error = #expect(throws: CompatFailure.self) { try Discovery(directory: directory.path, mode: .auto) }
        #expect(error?.description.contains("not a GoogleTest program") == true)
        #expect(try Discovery(directory: directory.path, mode: .exit).programs.map(\.name) == ["true"])
    }

    @Test func patterns() throws {
        let directory = TemporaryDirectory()
        for name in ["a/one", "a/two", "b/one", "three"] { try directory.file(name, "#!/bin/sh\nexit 0", executable: true) }
        func names(_ patterns: [String], _ excluded: [String] = []) throws -> [String] {
            try Discovery(directory: directory.path, mode: .exit, patterns: patterns, excluded: excluded).programs.map(\.name)
        }
        #expect(try names([]) == ["a/one", "a/two", "b/one", "three"])
        #expect(try names(["one"]) == ["a/one", "b/one"] && names(["a/*"]) == ["a/one", "a/two"])
        #expect(try names([], ["*o*"]) == ["three"])
        #expect(throws: CompatFailure.self) { try names(["four"]) }
    }
}
