import Foundation
import GRDB
import Testing

@testable import Compat

struct HistoryTests {
    let directory = TemporaryDirectory()
    var path: String { directory.path + "/state/compat.sqlite" }

    /// Writes a run. - Returns: Its number.
    @discardableResult
    private func record(_ history: History, _ programs: [ProgramRecord], build: String = "b1", suite: String = "/suite", state: RunState = .complete) throws -> Int64 {
        let recorder = RunRecorder(.example(build: build, suite: suite), history: history)
        for program in programs { recorder.add(program) }
        #expect(try recorder.end(state) == nil)
        return try #require(recorder.id)
    }

    @Test func roundTrip() throws {
        let history = try History(path: path)
        let one = ProgramRecord.example("open_test", ["A.a": "pass/pass", "A.b": "fail/pass", "A.c": "skip/skip", "A.d": "crash/fail"])
        let id = try record(history, [one])
        #expect(try history.programs(of: id) == [one])
        let run = try history.run(named: "latest")
        #expect(run.id == id && run.state == .complete && run.facts == .example() && run.ended != nil)
        #expect(run.count(.passes) == 1 && run.count(.failsHereOnly) == 1 && run.count(.skipped) == 1 && run.count(.failsEverywhere) == 1)
        #expect(run.cases == 4 && run.failures == 1)
        // Another process sees it.
        #expect(try History(path: path, creates: false).runs().map(\.id) == [id])
    }

    /// Parts of one program come together.
    @Test func parts() throws {
        let history = try History(path: path)
        let id = try record(history, [.example("p", ["A.a": "pass"]), .example("p", ["A.b": "fail"])])
        let programs = try history.programs(of: id)
        #expect(programs.count == 1 && programs[0].cases.map(\.name) == ["A.a", "A.b"] && programs[0].nanoseconds == 10_000_000)
    }

    @Test func namesOfRuns() throws {
        let history = try History(path: path)
        let ids = try (0..<3).map { _ in try record(history, [.example("p", ["A.a": "pass"])]) }
        let other = try record(history, [.example("p", ["A.a": "pass"])], suite: "/other")
        try record(history, [.example("p", ["A.a": "pass"])], state: .interrupted)
        #expect(try history.run(named: "latest").id == other && history.run(named: "latest~1").id == ids[2])
        #expect(try history.run(named: "latest", suite: "/suite").id == ids[2] && history.run(named: "\(ids[0])").id == ids[0])
        for bad in ["99", "latest~9", "newest", "latest~x", ""] { #expect(throws: CompatFailure.self) { try history.run(named: bad) } }
    }

    @Test func thereIsNone() {
        #expect(throws: CompatFailure("there is no history \(path) yet: martlet compat run makes one")) { try History(path: path, creates: false) }
    }

    @Test func isNoDatabase() throws {
        let file = try directory.file("text.sqlite", String(repeating: "this is no database\n", count: 100))
        let error = #expect(throws: CompatFailure.self) { try History(path: file) }
        #expect(error?.description.contains("is not a history") == true)
        #expect(try String(contentsOfFile: file, encoding: .utf8).hasPrefix("this is no database"))
    }

    @Test func newerVersion() throws {
        let history = try History(path: path)
        try history.database.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('99: of the future')") }
        let error = #expect(throws: CompatFailure.self) { try History(path: path) }
        #expect(error?.description == "\(path) was written by a newer version of Martlet; use that one, or another file with --db")
    }

    @Test func cannotBeMade() {
        #expect(throws: CompatFailure.self) { try History(path: "/proc/nothing/compat.sqlite") }
    }

    /// Two processes write at the same time; both runs are whole.
    @Test func twoRunsAtOnce() async throws {
        _ = try History(path: path)
        let path = path
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<2 {
                group.addTask {
                    let recorder = RunRecorder(.example(build: "w\(writer)"), history: try History(path: path))
                    for index in 0..<50 { recorder.add(.example("p\(index)", ["A.a": "pass", "A.b": "fail"])) }
                    #expect(try recorder.end(.complete) == nil)
                }
            }
            try await group.waitForAll()
        }
        let runs = try History(path: path).runs()
        #expect(runs.count == 2 && runs.allSatisfy { $0.cases == 100 && $0.state == .complete })
    }

    /// While the disk is full, results wait; when there is room again, they are written.
    @Test func fullDiskForAWhile() throws {
        let history = try History(path: path)
        let recorder = RunRecorder(.example(), history: history)
        recorder.add(.example("p0", ["A.a": "pass"]))
        let pages = try #require(try history.database.write { try Int.fetchOne($0, sql: "PRAGMA page_count") })
        try history.database.write { try $0.execute(sql: "PRAGMA max_page_count = \(pages)") }
        let long = String(repeating: "x", count: 3000)
        for index in 1..<20 {
            recorder.add(ProgramRecord(name: "p\(index)", mode: .gtest, nanoseconds: 1, note: "", cases: [CaseRecord(CaseResult("A.a", .fail, message: long))]))
        }
        #expect(recorder.trouble?.description.contains("the disk is full") == true)
        try history.database.write { try $0.execute(sql: "PRAGMA max_page_count = 1000000") }
        #expect(try recorder.end(.complete) == nil)
        #expect(try history.run(named: "latest").cases == 20)
    }

    /// When there never is, the results go to a file, from which they can be taken in later.
    @Test func fullDiskForEver() throws {
        let history = try History(path: path)
        let recorder = RunRecorder(.example(), history: history)
        let pages = try #require(try history.database.write { try Int.fetchOne($0, sql: "PRAGMA page_count") })
        try history.database.write { try $0.execute(sql: "PRAGMA max_page_count = \(pages)") }
        let long = String(repeating: "x", count: 3000)
        for index in 0..<20 {
            recorder.add(ProgramRecord(name: "p\(index)", mode: .gtest, nanoseconds: 1, note: "", cases: [CaseRecord(CaseResult("A.a", .fail, message: long))]))
        }
        let saved = try #require(try recorder.end(.interrupted))
        try history.database.write { try $0.execute(sql: "PRAGMA max_page_count = 1000000") }
        let id = try RunRecorder.load(saved, into: history)
        let run = try history.run(named: "\(id)")
        #expect(run.cases == 20 && run.state == .interrupted && run.facts == .example())
        #expect(throws: CompatFailure("\(directory.path)/none is not a saved run")) {
            try directory.file("none", "{}")
            _ = try RunRecorder.load(directory.path + "/none", into: history)
        }
    }

    /// A run whose process is gone is not taken for one that goes on.
    @Test func lostRun() throws {
        let history = try History(path: path)
        let recorder = RunRecorder(.example(), history: history)
        recorder.add(.example("p", ["A.a": "pass"]))
        #expect(try history.runs()[0].state == .running)
        try history.database.write { try $0.execute(sql: "UPDATE run SET process = ?", arguments: ["\(ProcessInfo.processInfo.hostName) 1 1"]) }
        #expect(try history.runs()[0].state == .lost && history.runs()[0].cases == 1)
    }

    @Test func remove() throws {
        let history = try History(path: path)
        let id = try record(history, [.example("p", ["A.a": "pass"])])
        #expect(try history.remove([id, 77]) == 1 && history.runs().isEmpty)
        #expect(try history.reading { try Int.fetchOne($0, sql: "SELECT count(*) FROM result") } == 0)
    }

    @Test func defaultPlace() {
        #expect(History.defaultPath(environment: ["HOME": "/home/a"]) == "/home/a/.local/state/martlet/compat.sqlite")
        #expect(History.defaultPath(environment: ["HOME": "/home/a", "XDG_STATE_HOME": "/s"]) == "/s/martlet/compat.sqlite")
    }

    // --- comparing ---

    private func diff(_ before: [ProgramRecord], _ after: [ProgramRecord], isPartial: Bool = false) -> RunDiff {
        RunDiff(before: (1, before), after: (2, after), isPartial: isPartial)
    }

    @Test func differences() {
        let result = diff(
            [.example("p", ["same": "pass", "mended": "fail/pass", "brakes": "pass/pass", "left": "pass", "ill": "fail/fail", "worse": "fail/pass"])],
            [.example("p", ["same": "pass", "mended": "pass/pass", "brakes": "crash/pass", "fresh": "fail/pass", "ill": "fail/fail", "worse": "crash/pass"])])
        #expect(result.fixed.map(\.name) == ["mended"] && result.broken.map(\.name) == ["brakes"] && result.new.map(\.name) == ["fresh"])
        #expect(result.gone.map(\.name) == ["left"] && result.changed.map(\.name) == ["worse"] && result.newFailures.count == 1)
        #expect(result.text().hasSuffix("run 1 to run 2: 1 fixed, 1 broken, 1 new, 1 gone, 1 failing in another way"))
    }

    /// What begins to fail natively too did not break here; what an interrupted run lacks is not gone.
    @Test func whatIsNotOurs() {
        #expect(diff([.example("p", ["a": "pass/pass"])], [.example("p", ["a": "fail/fail"])]).broken.isEmpty)
        #expect(diff([.example("p", ["a": "pass"])], [], isPartial: true).isEmpty)
        let same = diff([.example("p", ["a": "fail"])], [.example("p", ["a": "fail"])])
        #expect(same.isEmpty && same.text() == "nothing changed between run 1 and run 2")
    }

    @Test func flaky() throws {
        let history = try History(path: path)
        for verdict in ["pass/pass", "fail/pass", "pass/pass"] {
            try record(history, [.example("p", ["unsteady": verdict, "steady": "fail/pass", "changed": "pass/pass"])])
        }
        // Another build may differ, and another suite is another thing.
        try record(history, [.example("p", ["unsteady": "pass/pass", "steady": "fail/pass", "changed": "fail/pass"])], build: "b2")
        try record(history, [.example("p", ["unsteady": "pass/pass", "steady": "pass/pass", "changed": "fail/pass"])], suite: "/other")
        let found = try history.flaky(latest: 50)
        #expect(found.map(\.name) == ["unsteady"] && found.first?.verdicts == ["pass": 2, "fail": 1, "native pass": 3] && found.first?.runs == 3)
        #expect(try history.flaky(latest: 1).isEmpty)
    }
}
