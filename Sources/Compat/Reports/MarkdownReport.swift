import Foundation

extension Report {
    private static let priorities = [
        ("critical", "Critical: no program or shell does without"), ("high", "High: the interpreters and common tools need it"),
        ("medium", "Medium: some programs do"), ("low", "Low: specialised"),
    ]

    private func cell(_ text: String) -> String { TextTable.markdownCell(text) }

    private var facts: [String] {
        guard let run else { return ["No run is known."] }
        return [
            "- Run \(run.id) of \(Formatting.minute(run.facts.started)) UTC, \(run.state.rawValue): `\(run.facts.suite)` by \(run.facts.runner)"
                + (run.facts.user.isEmpty ? "" : " as \(run.facts.user)") + (run.facts.hasBaseline ? ", with a native baseline" : ", without a baseline"),
            "- Martlet \(run.facts.version), build `\(run.facts.build)`, host kernel \(run.facts.hostKernel)",
            "- \(RunSummary(programs: programs, hasBaseline: run.facts.hasBaseline).text(most: 0).replacing("\n", with: "  \n  "))",
        ]
    }

    /// The evaluation of one run: what ran, what changed, what it means, what is next.
    public func evaluation() -> String {
        var lines = ["# Evaluation of \(Formatting.day(run?.facts.started ?? generated))", ""] + facts + ["", "## Insights", ""] + insights.map { "- \(cell($0))" }
        lines += ["", "## What changed", ""]
        if let diff {
            lines.append(cell(diff.summary) + ".")
            for (title, changes) in [("Broken", diff.broken), ("Fixed", diff.fixed), ("New and failing", diff.newFailures), ("Gone", diff.gone)] where !changes.isEmpty {
                lines += ["", "### \(title)", ""] + changes.prefix(100).map { "- \(cell($0.label))" + ($0.after.map { ": \($0.rawValue)" } ?? "") }
                if changes.count > 100 { lines.append("- and \(changes.count - 100) more") }
            }
        } else {
            lines.append("There is no earlier run to compare with.")
        }
        let summary = RunSummary(programs: programs, hasBaseline: run?.facts.hasBaseline ?? false)
        lines += ["", "## Failing cases", ""]
        if summary.failing.isEmpty { lines.append("None.") } else {
            // A case with many parameters has one line for each verdict.
            var groups: [(entry: RunSummary.Entry, count: Int)] = [], places: [String: Int] = [:]
            for entry in summary.failing {
                let key = "\(entry.program) \(entry.one.unparameterised) \(entry.one.verdict.rawValue)"
                if let place = places[key] {
                    groups[place].count += 1
                } else {
                    places[key] = groups.count
                    groups.append((entry, 1))
                }
            }
            let table = TextTable([.init("Case"), .init("Verdict"), .init("Message")], rows: groups.prefix(500).map { entry, count in
                [entry.label + (count > 1 ? " and \(count - 1) more of it" : ""), entry.one.verdict.rawValue, String(entry.one.brief.prefix(200))]
            })
            lines.append(table.markdown())
            if groups.count > 500 { lines += ["", "and \(groups.count - 500) more."] }
        }
        lines += ["", "## Next steps, by impact", ""] + next.enumerated().map { "\($0.offset + 1). \($0.element)" }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The analysis of the system calls.
    public func analysis() -> String {
        var lines = ["# System call analysis", "", "As of \(Formatting.day(generated)); every number is measured.", "", "## Summary", ""]
        lines += facts
        lines.append("- Calls: " + CallTable.states.compactMap { name in states[name].flatMap { $0 > 0 ? "\($0) \(name)" : nil } }.joined(separator: ", "))
        lines.append("- Catalogue: \(catalogued)")
        lines += ["", "## Coverage by priority", ""]
        for (priority, title) in Self.priorities {
            let rows = calls.filter { $0.priority == priority }
            guard !rows.isEmpty else { continue }
            let served = rows.count { $0.state == "implemented" || $0.state == "partial" }
            lines += ["### \(title)", "", "\(served) of \(rows.count) served.", ""]
            lines.append(TextTable(
                [.init("Call"), .init("State"), .init("Conformance programs", isNumber: true), .init("Test files"), .init("Failing cases", isNumber: true), .init("Needed by"), .init("Notes")],
                rows: rows.map {
                    [$0.name, $0.state, String($0.tests), $0.files.prefix(5).joined(separator: ", ") + ($0.files.count > 5 ? ", ..." : ""),
                     run == nil ? "-" : String($0.failing), $0.neededBy.joined(separator: ", "), $0.note]
                }).markdown())
            lines.append("")
        }
        lines += ["## Implemented calls", ""]
        for category in CallTable.categories {
            let names = calls.filter { $0.category == category && ($0.state == "implemented" || $0.state == "partial") }.map(\.name)
            if !names.isEmpty { lines.append("- \(category) (\(names.count)): \(names.map { "`\($0)`" }.joined(separator: ", "))") }
        }
        lines += ["", "## Gaps", ""]
        lines.append(TextTable(
            [.init("Call"), .init("State"), .init("Failing cases", isNumber: true), .init("Weight", isNumber: true), .init("Impact", isNumber: true), .init("Needed by"), .init("Recommendation")],
            rows: gaps.prefix(100).map { [$0.call, $0.state, String($0.failing), String($0.weight), String($0.impact), $0.neededBy.joined(separator: ", "), $0.recommendation] }
        ).markdown())
        lines += ["", "Impact is the number of failing cases in files about the call, times the weight of the audited programs that make it (1 where nothing was audited)."]
        lines += ["", "## What programs need", ""]
        if needs.isEmpty { lines.append("Nothing was audited: martlet compat audit --interpreters --merge FILE, then --requirements FILE.") } else {
            lines.append(TextTable(
                [.init("Program"), .init("Calls", isNumber: true), .init("Served", isNumber: true), .init("Coverage", isNumber: true), .init("In part"), .init("Missing"), .init("Refused")],
                rows: needs.map {
                    [$0.program + ($0.isUpperBound ? " (upper bound)" : ""), String($0.calls), String($0.served), Formatting.percent($0.served, of: $0.calls),
                     $0.partial.joined(separator: ", "), $0.missing.joined(separator: ", "), $0.refused.joined(separator: ", ")]
                }).markdown())
        }
        lines += ["", "## Test files", ""]
        lines.append(TextTable(
            [.init("Program"), .init("Priority"), .init("Area"), .init("Cases", isNumber: true), .init("Pass", isNumber: true), .init("Fail", isNumber: true), .init("Other", isNumber: true)],
            rows: files.map { [$0.program, $0.priority, $0.area, String($0.cases), String($0.passed), String($0.failing), String($0.other)] }).markdown())
        if !notRun.isEmpty { lines += ["", "In the catalogue, in reach, and not run: \(notRun.joined(separator: ", "))."] }
        lines += ["", "## Metrics and goals", ""]
        lines.append(TextTable([.init("Metric"), .init("Now"), .init("Before"), .init("Next goal")], rows: metrics.map { [$0.name, $0.now, $0.before, $0.goal] }).markdown())
        return lines.joined(separator: "\n") + "\n"
    }
}
