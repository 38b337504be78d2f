import Foundation
import Testing

@testable import Compat

struct SyscallTests {
    static let coverage = try? ConformanceCoverage(directory: Programs.root + "/Conformance")

    @Test func callsInASource() {
        let source = """
            // read(1) in a comment, /* and this */ "close(3)" in a string
            TEST {
                SHOW(open("f", O_RDONLY));   /* write(1) */
                syscall(SYS_gettid); CALL(__NR_futex, 0);
                struct.fork(); pointer->kill(); sigaction(1, 0, 0);
                my_pipe(ends); dup2 (1, 2); waitpid(1, 0, 0); SYS_nonsense;
            }
            """
        #expect(ConformanceCoverage.calls(inSource: Array(source.utf8)) == ["openat", "gettid", "futex", "rt_sigaction", "wait4"])
        #expect(ConformanceCoverage.calls(inSource: Array("a(\"\\\"dup(1)\"); '\\''; dup(1)".utf8)) == ["dup"])
        #expect(ConformanceCoverage.calls(inSource: Array("/* never closed dup(".utf8)) == [])
    }

    /// Every function that the list knows makes a call that exists.
    @Test func libraryCalls() {
        for function in ["open", "fork", "sleep", "tcgetattr", "posix_spawn"] {
            for call in LibraryCalls.calls(of: function) { #expect(CallTable.byName[call] != nil, "\(function): \(call)") }
        }
    }

    /// What the kernel serves has a conformance program, every call.
    @Test func servedCallsHaveTests() throws {
        let table = CallTable(coverage: Self.coverage)
        let untested = table.rows.filter { ($0.state == "implemented" || $0.state == "partial") && $0.tests.isEmpty }.map(\.name)
        #expect(untested.isEmpty, "\(untested)")
    }

    @Test func filters() throws {
        let table = CallTable(coverage: nil)
        #expect(table.rows.count == 383)
        let sockets = try table.filtered(states: [], categories: ["SOCK"])
        #expect(sockets.rows.contains { $0.name == "accept4" } && sockets.rows.allSatisfy { $0.category == "sockets" })
        #expect(try table.filtered(states: ["obsolete"], categories: []).rows.contains { $0.name == "tuxcall" })
        #expect(throws: CompatFailure.self) { try table.filtered(states: ["done"], categories: []) }
        #expect(throws: CompatFailure.self) { try table.filtered(states: [], categories: ["cheese"]) }
        #expect(table.counts.reduce(0) { $0 + $1.count } == 383)
    }
}

struct TableTests {
    let table = TextTable([.init("Name"), .init("Count", isNumber: true), .init("Note")], rows: [["a|b", "5", "x, \"y\""], ["longer", "12", ""]])

    @Test func forms() {
        #expect(table.text() == "Name    Count  Note\na|b         5  x, \"y\"\nlonger     12")
        #expect(table.markdown() == "| Name | Count | Note |\n| --- | --: | --- |\n| a\\|b | 5 | x, \"y\" |\n| longer | 12 |  |")
        #expect(table.csv() == "name,count,note\r\na|b,5,\"x, \"\"y\"\"\"\r\nlonger,12,")
    }

    @Test func numbers() {
        #expect(Formatting.percent(999, of: 1000) == "99.9 %" && Formatting.percent(9999, of: 10000) == "99.9 %" && Formatting.percent(1, of: 100_000) == "0.1 %")
        #expect(Formatting.percent(5, of: 5) == "100.0 %" && Formatting.percent(0, of: 0) == "-")
        #expect(Formatting.duration(nanoseconds: 850_000_000) == "850 ms" && Formatting.duration(nanoseconds: 12_340_000_000) == "12.3 s")
        #expect(Formatting.duration(nanoseconds: 245_000_000_000) == "4 min 05 s" && Formatting.duration(nanoseconds: 7_400_000_000_000) == "2 h 03 min")
    }
}
