import ChildProcesses
import Foundation
import Testing

@testable import Compat

struct ReportTests {
    private func report(_ programs: [ProgramRecord], before: [ProgramRecord]? = nil, requirements: Requirements = Requirements()) throws -> Report {
        func record(_ id: Int64, _ programs: [ProgramRecord]) -> RunRecord {
            let summary = RunSummary(programs: programs, hasBaseline: true)
            return RunRecord(id: id, ended: nil, state: .complete, facts: .example(), standings: Dictionary(uniqueKeysWithValues: summary.standings.map { ($0.key.rawValue, $0.value) }))
        }
        var input = Report.Input(catalog: try Catalog.named("gvisor"))
        input.run = record(2, programs)
        input.programs = programs
        if let before {
            input.previous = record(1, before)
            input.previousPrograms = before
            input.earlier = [record(1, before)]
        }
        input.requirements = requirements
        input.generated = Date(timeIntervalSince1970: 1_763_690_000)
        return Report(input)
    }

    private let programs: [ProgramRecord] = [
        .example("mq_test", ["A.a": "fail/pass", "A.b": "fail/pass", "A.c": "pass/pass"]), .example("read_test", ["R.a": "pass/pass", "R.b": "crash/pass", "R.c": "skip/pass"]),
        .example("fork_test", ["F.a": "pass/pass", "F.<b>|": "fail/fail"]),
    ]

    @Test func impactIsWeighedByNeed() throws {
        let requirements = Requirements(programs: [
            .init(name: "busy", weight: 5, calls: ["read": 100, "write": 3]), .init(name: "queue", weight: 1, calls: ["mq_open": 1, "read": 2]),
            .init(name: "code", weight: 1000, calls: ["mq_open": 1], isUpperBound: true),
        ])
        let report = try report(programs, requirements: requirements)
        let read = try #require(report.gaps.first)
        #expect(read.call == "read" && read.failing == 1 && read.weight == 6 && read.impact == 6 && read.neededBy == ["busy", "queue"])
        let mq = try #require(report.gaps.first { $0.call == "mq_open" })
        #expect(mq.failing == 2 && mq.weight == 1 && mq.impact == 2)
        #expect(report.insights.contains { $0.hasPrefix("Highest-impact gap: 1 failing case in 1 file needs read, and so do busy, queue") })
        #expect(report.needs.map(\.program) == ["busy", "code", "queue"] || report.needs.count == 3)
        // Without audits every failing case counts the same.
        #expect(try self.report(programs).gaps.first?.impact == 2)
    }

    @Test func evaluation() throws {
        let before: [ProgramRecord] = [.example("read_test", ["R.a": "fail/pass", "R.b": "pass/pass"]), .example("gone_test", ["G.a": "pass/pass"])]
        let text = try report(programs, before: before).evaluation()
        #expect(text.hasPrefix("# Evaluation of 2025-11-21\n"))
        #expect(text.contains("run 1 to run 2: 1 fixed, 1 broken, 6 new, 1 gone"))
        #expect(text.contains("### Broken\n\n- read_test R.b: crash") && text.contains("### Fixed\n\n- read_test R.a: pass"))
        #expect(text.contains("- 1 case broke since run 1: read_test R.b.") && text.contains("1. Mend what broke: read_test R.b."))
        #expect(text.contains("1 of 2 critical files have a failure: read_test."))
        #expect(try report(programs, before: programs).evaluation().contains("Nothing changed since run 1."))
    }

    @Test func analysis() throws {
        let text = try report(programs, requirements: Requirements(programs: [.init(name: "sh", calls: ["read": 1, "rseq": 1, "mq_open": 2])])).analysis()
        for part in ["## Coverage by priority", "### Critical", "## Implemented calls", "## Gaps", "| sh | 3 |", "## Test files", "## Metrics and goals"] {
            #expect(text.contains(part), "\(part)")
        }
        // Rows are whole whatever is in them.
        for line in text.split(separator: "\n") where line.hasPrefix("|") { #expect(line.hasSuffix("|")) }
    }

    @Test func junit() throws {
        let text = try report(programs).junit()
        let parser = XMLCheck(text)
        #expect(parser.isWellFormed && parser.elements["testcase"] == 8 && parser.elements["failure"] == 3 && parser.elements["skipped"] == 2)
        #expect(Report.xml("a<b>&\"\u{1}\u{0}\n") == "a&lt;b&gt;&amp;&quot;&#10;")
    }

    @Test func json() throws {
        let object = try JSONSerialization.jsonObject(with: Data(Formatting.json(report(programs)).utf8)) as? [String: Any]
        #expect((object?["programs"] as? [Any])?.count == 3 && (object?["gaps"] as? [Any])?.isEmpty == false)
    }

    @Test func htmlIsSelfContained() throws {
        var evil = programs
        evil[0].cases[0].message = "</script><script>alert(1)</script> <!-- "
        let text = try report(evil, before: programs).html()
        #expect(!text.contains("</script><script>alert") && text.contains("\\u003c/script>\\u003cscript>alert(1)"))
        #expect(!text.contains("http://") && !text.contains("https://") && !text.contains("src="))
        #expect(text.components(separatedBy: "</script>").count == 3 && text.contains("<svg") && text.contains("prefers-color-scheme: dark"))
        #expect(!text.contains("{{"))
    }

    /// 10,000 cases in less than two seconds, in each form.
    /// What a test said, in one line that is worth reading.
    @Test func briefMessages() {
        func brief(_ message: String) -> String { CaseRecord(CaseResult("a", .fail, message: message)).brief }
        #expect(brief("/a/b/c_test.cc:12: Failure\nValue of: x\n  Actual: 1") == "c_test.cc:12; Value of: x; Actual: 1")
        #expect(brief("/a/b/c_test.cc:12\n\nExpected: 2") == "c_test.cc:12; Expected: 2")
        #expect(brief("it took too long") == "it took too long" && brief("") == "")
        #expect(brief("/bin/sh: not found") == "sh: not found")
    }

    /// The parameters of a case are one line of the evaluation, and calls that the same files are about one step.
    @Test func alikeIsToldOnce() throws {
        let many: [ProgramRecord] = [.example("mq_test", ["A/P.a/0": "fail/pass", "A/P.a/1": "fail/pass", "A/P.a/2": "crash/pass", "A/P.b/0": "fail/pass", "B.c": "pass/fail"])]
        let report = try report(many), text = report.evaluation()
        #expect(text.contains("| mq_test A/P.a/0 and 1 more of it | fail |") && text.contains("| mq_test A/P.a/2 | crash |") && text.contains("| mq_test A/P.b/0 | fail |"))
        #expect(report.next.count { $0.contains("`mq_open`") } == 1 && report.next[0].contains("`mq_"))
        let summary = RunSummary(programs: many, hasBaseline: true)
        #expect(summary.passing == (0, 4) && summary.standings[.passesHereOnly] == 1)
    }

    @Test func manyCases() throws {
        let cases = (0..<100).map { index in CaseRecord(CaseResult("Suite.Case\(index)", index % 10 == 0 ? .fail : .pass, message: index % 10 == 0 ? "message of some length, as tests write them" : ""), native: CaseResult("x", .pass)) }
        let many = (0..<100).map { ProgramRecord(name: "p\($0)_test", mode: .gtest, nanoseconds: 1, nativeNanoseconds: 1, note: "", cases: cases) }
        let report = try report(many)
        for form in [{ try report.html() }, { report.junit() }, { report.evaluation() + report.analysis() }, { try Formatting.json(report) }] as [() throws -> String] {
            let start = ChildProcess.now()
            #expect(try form().utf8.count > 10_000)
            #expect(Double(ChildProcess.now() - start) / 1e9 < 2)
        }
    }
}

/// Counts the elements of an XML text; a small check of form, for Foundation's parser is another library to link.
struct XMLCheck {
    var isWellFormed = true
    var elements: [String: Int] = [:]

    init(_ text: String) {
        var open: [Substring] = []
        for piece in text.split(separator: "<").dropFirst() {
            guard let end = piece.firstIndex(of: ">") else { isWellFormed = false; return }
            let tag = piece[..<end], name = tag.prefix { !$0.isWhitespace && $0 != "/" }
            if tag.hasPrefix("/") {
                if open.popLast() != tag.dropFirst() { isWellFormed = false }
            } else {
                elements[String(name), default: 0] += 1
                if !tag.hasSuffix("/") { open.append(name) }
            }
        }
        if !open.isEmpty { isWellFormed = false }
    }
}

struct AuditTests {
    static let audit = """
        {"format": "martlet-audit", "version": 1, "command": ["ip", "addr"], "status": 1, "lost": 0, "signals": [], "programs": [], "calls": [
          {"number": 0, "name": "read", "category": "core I/O", "count": 3, "results": {"ok": 3}},
          {"number": 16, "name": "ioctl", "category": "core I/O", "count": 2, "results": {"ok": 2}, "shapes": [{"arguments": {"request": "TCGETS"}, "values": {"request": 21505}, "count": 2, "results": {"ok": 2}}]},
          {"number": 999, "name": "frobnicate", "category": "IPC", "count": 1, "results": {"ENOSYS": 1}}],
         "refused": [{"number": 41, "name": "socket", "arguments": {"family": "AF_NETLINK", "type": "SOCK_RAW"}, "values": {}, "error": "EAFNOSUPPORT", "reason": "option", "count": 1, "programs": []},
                     {"number": 999, "name": "frobnicate", "error": "ENOSYS", "reason": "call", "count": 1, "programs": []}]}
        """

    @Test func reading() throws {
        let directory = TemporaryDirectory()
        let program = Requirements.Program(try AuditFile(path: try directory.file("a.json", Self.audit)))
        #expect(program.name == "ip addr" && program.calls == ["read": 3, "ioctl": 2, "frobnicate": 1] && program.shapes == ["ioctl": ["request=TCGETS"]])
        #expect(program.refused.map(\.shape) == ["family=AF_NETLINK type=SOCK_RAW", ""] && program.status == 1 && program.coverage == (2, 3))
        #expect(program.gaps.map(\.call) == ["frobnicate"] && AuditText(program).verdict.contains("frobnicate missing"))
        #expect(AuditText(program).text().contains("request=TCGETS"))
    }

    @Test func mistakes() throws {
        let directory = TemporaryDirectory()
        for (text, what) in [("", "is not an audit"), ("{}", "is not an audit"), (Self.audit.replacing("\"version\": 1", with: "\"version\": 2"), "newer version"), (Self.audit.replacing("martlet-audit", with: "x"), "is not an audit")] {
            let file = try directory.file("a.json", text)
            let error = #expect(throws: CompatFailure.self) { try AuditFile(path: file) }
            #expect(error?.description.contains(what) == true)
            #expect(throws: CompatFailure.self) { try Requirements(path: file) }
        }
    }

    @Test func merging() throws {
        let directory = TemporaryDirectory(), path = directory.path + "/needs.json"
        var requirements = Requirements()
        requirements.merge(.init(name: "b", calls: ["read": 1]))
        requirements.merge(.init(name: "a", weight: 3, calls: ["read": 1, "write": 1]))
        requirements.merge(.init(name: "b", calls: ["write": 1]))
        try requirements.write(to: path)
        let read = try Requirements(path: path)
        #expect(read == requirements && read.programs.map(\.name) == ["a", "b"] && read.weight(of: "write") == 4 && read.programs(calling: "read") == ["a"])
    }

    /// The C library has nearly every call; a program that is none is refused.
    @Test func staticScan() throws {
        let scan = try ExecutableScan(path: "/bin/sh")
        #expect(scan.calls.contains("read") && scan.calls.contains("execve") && scan.calls.count > 100 && scan.missing.isEmpty)
        #expect(scan.files.contains { $0.path.contains("libc.so") && $0.unknown > 0 })
        let directory = TemporaryDirectory()
        #expect(throws: CompatFailure.self) { try ExecutableScan(path: "/etc/passwd") }
        // Any file that begins as an ELF file does, whatever follows.
        var bytes = [UInt8](FileManager.default.contents(atPath: "/bin/true") ?? Data())
        for index in stride(from: 64, to: min(bytes.count, 4096), by: 3) { bytes[index] = 0xff }
        let path = directory.path + "/broken"
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        _ = try ExecutableScan(path: path)
    }
}
