import Testing

@testable import Bench

struct ReportTests {
    private func sample(_ value: Double, _ median: Double? = nil) -> Sample {
        Sample(minimum: value, median: median ?? value, maximum: (median ?? value) * 2)
    }

    private func row(_ name: String, _ rounds: [Runner.Kind: [Sample]], failures: [Runner.Kind: String] = [:]) throws -> Report.Row {
        var row = Report.Row(case: try #require(BenchCase.all.first { $0.name == name }))
        row.rounds = rounds
        row.failures = failures
        return row
    }

    private func report(_ rows: [Report.Row], _ runners: [Runner.Kind] = [.native, .martlet, .bwrap]) -> Report {
        var report = Report(runners: runners, rounds: 2, host: HostDescription(), loadBefore: 0.5)
        report.results = rows
        return report
    }

    @Test func ratiosAreOfTheMinimums() throws {
        let row = try row("getppid", [.native: [sample(110), sample(100, 120)], .martlet: [sample(20, 60), sample(30, 30)]])
        #expect(row.ratio(.martlet) == 0.2)
        #expect(row.medianRatio(.martlet) == 45.0 / 115)
        #expect(row.isGoalReached == true)
        #expect(row.ratio(.proot) == nil)
    }

    @Test(arguments: [(20.4, true), (20.6, false)])
    func aGoalHasTwoDecimals(_ martlet: Double, _ reached: Bool) throws {
        #expect(try row("getppid", [.native: [sample(100)], .martlet: [sample(martlet)]]).isGoalReached == reached)
    }

    @Test(arguments: [(11.9, 1, true), (20, 7, true), (20, 6, false), (20, nil, false)] as [(Double, Double?, Bool)])
    func theGoalOfAStart(_ martlet: Double, _ bwrap: Double?, _ reached: Bool) throws {
        var rounds: [Runner.Kind: [Sample]] = [.native: [sample(1e6)], .martlet: [sample(martlet * 1e6)]]
        if let bwrap { rounds[.bwrap] = [sample(bwrap * 1e6)] }
        #expect(try row("start", rounds).isGoalReached == reached)
    }

    @Test func aFailureHasNoFigures() throws {
        let failed = try row("getppid", [.native: [sample(100)], .martlet: [sample(20)]], failures: [.martlet: "status 125: no"])
        #expect(failed.sample(.martlet) == nil)
        #expect(failed.isGoalReached == nil)
        let report = report([failed])
        #expect(report.failures == 1)
        #expect(report.text().contains("failed: getppid under martlet: status 125: no"))
    }

    @Test func table() throws {
        let lines = report([
            try row("getppid", [.native: [sample(105.2)], .martlet: [sample(28.6)], .bwrap: [sample(106)]]),
            try row("epoll-ready", [.native: [sample(250)], .martlet: [sample(68.7)]], failures: [.bwrap: "signal 9: x"]),
        ]).text().split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines[0] == "case         native  martlet  ratio  median  goal         bwrap")
        #expect(lines[1] == "getppid      105 ns  28.6 ns   0.27    0.27  0.20  MISS    1.01")
        #expect(lines[2] == "epoll-ready  250 ns  68.7 ns   0.27    0.27              failed")
        #expect(lines.contains("0 of 1 goals reached."))
    }

    @Test func markdown() throws {
        let lines = report([try row("getppid", [.native: [sample(105.2)], .martlet: [sample(20)]])], [.native, .martlet]).markdown().split(separator: "\n")
        #expect(lines[0] == "| case | native | martlet | ratio | median | goal |  |")
        #expect(lines[1] == "|---|--:|--:|--:|--:|--:|--:|")
        #expect(lines[2] == "| getppid | 105 ns | 20.0 ns | 0.19 | 0.19 | 0.20 | ok |")
    }

    @Test func alignment() {
        #expect(Report.aligned([["a", "bb", ""], ["ccc", "d", "e"]]) == ["a    bb", "ccc   d  e"])
        #expect(Report.aligned([]) == [])
    }

    @Test func json() throws {
        let text = report([try row("stat-hit", [.native: [sample(700, 710)], .martlet: [sample(175)]])], [.native, .martlet]).json(version: "9")
        #expect(text.hasPrefix("{\"martlet\":\"9\","))
        #expect(text.contains("\"rounds\":2,\"statistic\":\"minimum\",\"runners\":[\"native\",\"martlet\"],\"cases\":["))
        #expect(text.contains("{\"name\":\"stat-hit\",\"summary\":\"stat of a file\",\"goalRatio\":0.30,\"goalReached\":true,\"results\":["))
        #expect(
            text.contains(
                "{\"runner\":\"native\",\"minimum\":700.0,\"median\":710.0,\"maximum\":1420.0,\"spread\":0.0143,\"ratio\":1.0000,\"medianRatio\":1.0000}"))
        #expect(text.contains("{\"runner\":\"martlet\",\"minimum\":175.0,\"median\":175.0,\"maximum\":350.0,\"spread\":0.0000,\"ratio\":0.2500,\"medianRatio\":0.2465}"))
        #expect(text.hasSuffix("]}]}"))
    }

    @Test func jsonOfAFailure() throws {
        let text = report([try row("getppid", [.native: [sample(1)]], failures: [.martlet: "a \"b\""])], [.native, .martlet]).json(version: "9")
        #expect(text.contains("{\"runner\":\"martlet\",\"failure\":\"a \\\"b\\\"\"}"))
    }
}
