/// Works out what the parts of a report say.
struct Analysis {
    let input: Report.Input
    let summary: RunSummary
    let diff: RunDiff?
    /// Failing cases by call, and in which programs.
    private var failing: [String: (cases: Int, programs: Set<String>)] = [:]
    let files: [Report.File]

    init(_ input: Report.Input) {
        self.input = input
        summary = RunSummary(programs: input.programs, hasBaseline: input.run?.facts.hasBaseline ?? false)
        if let run = input.run, let previous = input.previous {
            diff = RunDiff(before: (previous.id, input.previousPrograms), after: (run.id, input.programs), isPartial: run.state != .complete)
        } else {
            diff = nil
        }
        files = input.programs.map { program in
            let entry = input.catalog.entry(program: program.name)
            let passed = program.cases.count { $0.verdict == .pass }, bad = program.cases.count { $0.standing.counts }
            return Report.File(
                program: program.name, priority: entry?.priority.rawValue ?? "", area: entry?.area ?? "", cases: program.cases.count, passed: passed, failing: bad,
                other: program.cases.count - passed - bad, nanoseconds: program.nanoseconds, nativeNanoseconds: program.nativeNanoseconds, note: program.note)
        }
        for file in files where file.failing > 0 {
            for call in calls(of: file.program) {
                failing[call, default: (0, [])].cases += file.failing
                failing[call, default: (0, [])].programs.insert(file.program)
            }
        }
    }

    /// What a program is about: as the catalogue says, else the call that it is named after (`pipe2_01`, `fork_test`).
    private func calls(of program: String) -> [String] {
        if let entry = input.catalog.entry(program: program) { return entry.calls }
        var name = program.split(separator: "/").last.map(String.init) ?? program
        if name.hasSuffix("_test") { name.removeLast(5) }
        while !name.isEmpty {
            if CallTable.byName[name] != nil { return [name] }
            guard let last = name.last, last.isNumber || last == "_" else { return [] }
            name.removeLast()
        }
        return []
    }

    // --- calls ---

    func calls(_ table: CallTable) -> [Report.Call] {
        table.rows.filter { $0.state != "obsolete" }.map { row in
            let needed = input.requirements.programs(calling: row.name)
            let priority = input.catalog.priority(of: row.name) ?? (needed.isEmpty ? .low : .medium)
            return Report.Call(
                name: row.name, priority: priority.rawValue, category: row.category, state: row.state, note: row.note, tests: row.tests.count,
                files: input.catalog.entries(about: row.name).map(\.name), failing: failing[row.name]?.cases ?? 0, neededBy: needed)
        }
    }

    /// What is missing, refused or partial and fails or is needed, and what is served and fails; by impact.
    func gaps(_ table: CallTable) -> [Report.Gap] {
        let hasAudits = !input.requirements.programs.isEmpty
        var gaps: [Report.Gap] = []
        for row in table.rows where row.state != "obsolete" {
            let bad = failing[row.name]?.cases ?? 0, programs = (failing[row.name]?.programs ?? []).sorted()
            let needed = input.requirements.programs.filter { !$0.isUpperBound && $0.calls[row.name] != nil }
            let isServed = row.state == "implemented" || row.state == "partial"
            guard bad > 0 || (!isServed && !needed.isEmpty) || row.state == "missing" else { continue }
            let weight = hasAudits ? needed.reduce(0) { $0 + $1.weight } : 1
            gaps.append(Report.Gap(
                call: row.name, state: row.state, failing: bad, files: programs, neededBy: needed.map(\.name), weight: weight, impact: bad * weight,
                recommendation: recommendation(row, programs: programs, isNeeded: !needed.isEmpty)))
        }
        return gaps.sorted { ($1.impact, $1.failing, $1.weight, $0.call) < ($0.impact, $0.failing, $0.weight, $1.call) }
    }

    private func recommendation(_ row: CallTable.Row, programs: [String], isNeeded: Bool) -> String {
        switch row.state {
        case "missing": return (isNeeded ? "implement it: programs call it" : "implement it when a program needs it") + (row.note.isEmpty ? "" : " (\(row.note))")
        case "refused": return isNeeded ? "programs call it and go on without; see whether they lose by it (\(row.note))" : "leave it refused (\(row.note))"
        case "partial": return "complete it, or look at the failing cases (\(row.note))"
        default:
            let first = summary.failing.first { programs.contains($0.program) }
            return "look at the failing cases" + (first.map { ", first: martlet compat bisect-case \($0.program) \($0.one.name)" } ?? "")
        }
    }

    // --- sentences ---

    func insights(_ gaps: [Report.Gap]) -> [String] {
        guard input.run != nil else { return ["There is no run yet: martlet compat run makes one."] }
        var lines: [String] = []
        if let diff {
            if !diff.broken.isEmpty {
                lines.append("\(Formatting.count(diff.broken.count, "case")) broke since run \(diff.before): \(list(diff.broken.map(\.label))).")
            } else if diff.isEmpty {
                lines.append("Nothing changed since run \(diff.before).")
            } else if !diff.fixed.isEmpty {
                lines.append("\(Formatting.count(diff.fixed.count, "case")) fixed since run \(diff.before), and nothing broke.")
            }
        }
        if let top = gaps.first, top.failing > 0 {
            lines.append("Highest-impact gap: \(Formatting.count(top.failing, "failing case")) in \(Formatting.count(top.files.count, "file")) \(top.failing == 1 ? "needs" : "need") \(top.call)"
                + (top.neededBy.isEmpty ? "." : ", and so do \(list(top.neededBy))."))
        }
        let wild = summary.failing.filter { $0.one.verdict != .fail }
        if !wild.isEmpty {
            let crashes = wild.count { $0.one.verdict == .crash }
            let how = [crashes > 0 ? "\(crashes) crash" : nil, crashes < wild.count ? "\(wild.count - crashes) take too long" : nil].compactMap { $0 }
            lines.append("Of the failing cases \(how.joined(separator: " and ")): \(list(wild.map(\.label))).")
        }
        let critical = files.filter { $0.priority == "critical" }, bad = critical.filter { $0.failing > 0 }
        if !critical.isEmpty {
            lines.append(bad.isEmpty ? "All \(critical.count) critical files that were run are without a failure."
                : "\(bad.count) of \(critical.count) critical files have a failure: \(list(bad.map(\.program))).")
        }
        if let worst = files.max(by: { $0.failing < $1.failing }), worst.failing > 1 {
            lines.append("Most failures in one file: \(worst.program), \(worst.failing) of \(worst.cases).")
        }
        let hidden = summary.standings[.skippedHereOnly] ?? 0
        if hidden > 0 { lines.append("\(Formatting.count(hidden, "case")) \(hidden == 1 ? "is" : "are") skipped here but not natively: a feature is missing that the test asks for.") }
        let slow = files.filter { $0.nanoseconds > 1_000_000_000 && $0.nanoseconds > 5 * ($0.nativeNanoseconds ?? .max / 5) && $0.failing == 0 }
        if !slow.isEmpty { lines.append("More than five times as slow as natively: \(list(slow.map(\.program))).") }
        if let run = input.run, run.state != .complete { lines.append("The run was \(run.state.rawValue): the figures are of what was done until then.") }
        return lines
    }

    func next(_ gaps: [Report.Gap]) -> [String] {
        var steps: [String] = []
        if let broken = diff?.broken, !broken.isEmpty { steps.append("Mend what broke: \(list(broken.map(\.label))).") }
        // Calls that the same files are about are one step.
        var groups: [(calls: [String], gap: Report.Gap)] = []
        for gap in gaps.filter({ $0.failing > 0 || !$0.neededBy.isEmpty }) {
            if let last = groups.last, gap.failing > 0, last.gap.files == gap.files, last.gap.state == gap.state, last.gap.impact == gap.impact, last.gap.recommendation == gap.recommendation {
                groups[groups.count - 1].calls.append(gap.call)
            } else {
                groups.append(([gap.call], gap))
            }
        }
        for (calls, gap) in groups.prefix(10) {
            let names = calls.map { "`\($0)`" }.joined(separator: ", ")
            steps.append("\(names) (\(gap.state), \(gap.failing) failing, impact \(gap.impact)): \(gap.recommendation).")
        }
        if input.requirements.programs.isEmpty { steps.append("Audit the programs that matter (martlet compat audit --merge), so that impact is weighed by need.") }
        return steps
    }

    func metrics(states: [String: Int], needs: [Report.Needs]) -> [Report.Metric] {
        let served = (states["implemented"] ?? 0) + (states["partial"] ?? 0)
        let real = served + (states["missing"] ?? 0) + (states["refused"] ?? 0)
        var metrics = [Report.Metric(name: "Calls served, of those Linux has", now: "\(served) of \(real)", before: "", goal: "\(served + min(10, states["missing"] ?? 0))")]
        if input.run != nil {
            let (part, whole) = summary.passing
            let before = input.previous.map { $0.count(.passes) }, beforeWhole = input.previous.map { $0.count(.passes) + $0.failures + $0.count(.skippedHereOnly) }
            metrics.append(.init(
                name: summary.hasBaseline ? "Cases that pass here, of those that pass natively" : "Cases that pass, of those not skipped",
                now: "\(part) of \(whole), \(Formatting.percent(part, of: whole))",
                before: before.flatMap { a in beforeWhole.map { Formatting.percent(a, of: $0) } } ?? "", goal: Self.goal(part, whole)))
            metrics.append(.init(name: "Failing cases", now: String(summary.counting), before: input.previous.map { String($0.failures) } ?? "", goal: String(summary.counting / 2)))
            let clean = files.count { $0.failing == 0 && $0.passed > 0 }
            metrics.append(.init(name: "Files without a failure", now: "\(clean) of \(files.count)", before: "", goal: Self.goal(clean, files.count)))
        }
        if !needs.isEmpty {
            let whole = needs.count { $0.missing.isEmpty && !$0.isUpperBound }, all = needs.count { !$0.isUpperBound }
            metrics.append(.init(name: "Audited programs without a missing call", now: "\(whole) of \(all)", before: "", goal: "\(all) of \(all)"))
        }
        return metrics
    }

    /// The next round share that is not reached.
    private static func goal(_ part: Int, _ whole: Int) -> String {
        guard whole > 0 else { return "" }
        let share = Double(part) / Double(whole)
        return [0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995].first { $0 > share }.map { "\($0 * 100) %".replacing(".0 %", with: " %") } ?? "100 %"
    }

    private func list(_ names: [String], most: Int = 6) -> String {
        names.count <= most ? names.joined(separator: ", ") : names.prefix(most).joined(separator: ", ") + " and \(names.count - most) more"
    }
}
