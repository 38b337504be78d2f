import Foundation
import Mustache

extension Report {
    /// One page with everything in it: no network is needed, and none is used.
    public func html() throws -> String {
        let template: MustacheTemplate
        do {
            template = try MustacheTemplate(string: String(decoding: PackageResources.report_html, as: UTF8.self))
        } catch {
            throw CompatFailure("the page's template cannot be read: \(error)")
        }
        let summary = RunSummary(programs: programs, hasBaseline: run?.facts.hasBaseline ?? false), (part, whole) = summary.passing
        let served = (states["implemented"] ?? 0) + (states["partial"] ?? 0)
        let cards: [[String: String]] = [
            ["value": Formatting.percent(part, of: whole), "label": "\(part) of \(whole) pass", "kind": ""],
            ["value": String(summary.counting), "label": summary.hasBaseline ? "fail here only" : "fail", "kind": summary.counting == 0 ? "good" : "bad"],
            ["value": String(summary.cases), "label": "cases of \(programs.count) programs", "kind": ""],
            ["value": diff.map { String($0.broken.count) } ?? "-", "label": "broken since the last run", "kind": diff?.broken.isEmpty == false ? "bad" : "good"],
            ["value": diff.map { String($0.fixed.count) } ?? "-", "label": "fixed since the last run", "kind": ""],
            ["value": String(served), "label": "system calls served", "kind": ""],
        ]
        let subtitle = run.map { "Run \($0.id) of \(Formatting.minute($0.facts.started)) UTC, \($0.state.rawValue): \($0.facts.suite) by \($0.facts.runner), Martlet \($0.facts.version), host kernel \($0.facts.hostKernel)" }
        let context: [String: Any] = [
            "title": "Martlet compatibility, \(Formatting.day(run?.facts.started ?? generated))", "subtitle": subtitle ?? "no run", "cards": cards, "insights": insights,
            "next": next.map { $0.replacing("`", with: "") }, "trend": trendChart(), "bars": bars(), "data": try caseData(),
            "gaps": Self.table(
                ["Call", "State", "Failing", "Weight", "Impact", "Needed by", "Recommendation"], numbers: [2, 3, 4],
                gaps.prefix(100).map { [$0.call, $0.state, String($0.failing), String($0.weight), String($0.impact), $0.neededBy.joined(separator: ", "), $0.recommendation] }),
            "needs": needs.isEmpty ? "<p class=\"soft\">Nothing was audited.</p>" : Self.table(
                ["Program", "Calls", "Served", "Coverage", "In part", "Missing", "Refused"], numbers: [1, 2, 3],
                needs.map {
                    [$0.program + ($0.isUpperBound ? " (upper bound)" : ""), String($0.calls), String($0.served), Formatting.percent($0.served, of: $0.calls),
                     $0.partial.joined(separator: ", "), $0.missing.joined(separator: ", "), $0.refused.joined(separator: ", ")]
                }),
            "calls": Self.table(
                ["Call", "Priority", "State", "Tests", "Failing", "Notes"], numbers: [3, 4],
                calls.map { [$0.name, $0.priority, $0.state, String($0.tests), run == nil ? "-" : String($0.failing), $0.note] }),
            "metrics": Self.table(["Metric", "Now", "Before", "Next goal"], numbers: [], metrics.map { [$0.name, $0.now, $0.before, $0.goal] }),
        ]
        return template.render(context)
    }

    static func escape(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;").replacing("\"", with: "&quot;")
    }

    private static func table(_ titles: [String], numbers: Set<Int>, _ rows: some Sequence<[String]>) -> String {
        func line(_ cells: [String], _ tag: String) -> String {
            "<tr>" + cells.enumerated().map { "<\(tag)\(numbers.contains($0.offset) ? " class=\"n\"" : "")>\(escape($0.element))</\(tag)>" }.joined() + "</tr>"
        }
        return "<table><thead>\(line(titles, "th"))</thead><tbody>\(rows.map { line($0, "td") }.joined())</tbody></table>"
    }

    /// The cases as arrays: program, case, here, native, milliseconds, message, standing. Nothing in it can end the script element.
    private func caseData() throws -> String {
        let all = programs.flatMap { program in program.cases.map { (program: program, one: $0) } }
        // What fails is what one looks for.
        let rows = (all.filter { $0.one.standing.counts } + all.filter { !$0.one.standing.counts }).map { program, one in
            [program.name, one.name, one.verdict.rawValue, one.nativeVerdict?.rawValue ?? "", String(one.nanoseconds / 1_000_000), String(one.message.prefix(1500)), one.standing.rawValue]
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes]
        return String(decoding: try encoder.encode(rows), as: UTF8.self).replacing("<", with: "\\u003c")
    }

    private func bars() -> String {
        let order = files.filter { $0.cases > 0 }.sorted { ($1.failing, $1.cases, $0.program) < ($0.failing, $0.cases, $1.program) }
        return order.prefix(400).map { file in
            let total = Double(max(file.cases, 1))
            let parts = [("p", file.passed), ("f", file.failing), ("o", file.other)].filter { $0.1 > 0 }.map { "<i class=\"\($0.0)\" style=\"width:\(Double(Int(Double($0.1) / total * 1000)) / 10)%\"></i>" }
            return "<span title=\"\(Self.escape(file.program))\">\(Self.escape(file.program))</span><div class=\"bar\">\(parts.joined())</div><span>\(file.passed)/\(file.cases)</span>"
        }.joined()
    }

    private func trendChart() -> String {
        let points = trend.filter { $0.whole > 0 }
        guard points.count > 1 else { return "<p class=\"soft\">One more run of this suite makes a curve.</p>" }
        let width = 800.0, height = 200.0, left = 50.0, bottom = 25.0, top = 10.0
        let shares = points.map { Double($0.passed) / Double($0.whole) * 100 }
        let low = max(0, (shares.min() ?? 0) - 2), high = min(100, (shares.max() ?? 100) + 1), span = max(high - low, 0.5)
        func place(_ index: Int) -> (x: Double, y: Double) {
            (left + Double(index) / Double(points.count - 1) * (width - left - 10), top + (high - shares[index]) / span * (height - top - bottom))
        }
        func number(_ value: Double) -> String { String(Double(Int(value * 10)) / 10) }
        var svg = "<svg viewBox=\"0 0 \(Int(width)) \(Int(height))\" role=\"img\" aria-label=\"Pass rate of the last \(points.count) runs\">"
        for value in [low, (low + high) / 2, high] {
            let y = top + (high - value) / span * (height - top - bottom)
            svg += "<line class=\"axis\" x1=\"\(left)\" x2=\"\(width)\" y1=\"\(number(y))\" y2=\"\(number(y))\"/><text x=\"0\" y=\"\(number(y + 4))\">\(number(value)) %</text>"
        }
        svg += "<polyline class=\"curve\" points=\"\(points.indices.map { "\(number(place($0).x)),\(number(place($0).y))" }.joined(separator: " "))\"/>"
        for index in points.indices {
            let (x, y) = place(index)
            svg += "<circle cx=\"\(number(x))\" cy=\"\(number(y))\" r=\"4\"><title>run \(points[index].run), \(Formatting.minute(points[index].date)): \(points[index].passed) of \(points[index].whole)</title></circle>"
        }
        svg += "<text x=\"\(left)\" y=\"\(height - 5)\">\(Formatting.day(points[0].date))</text><text text-anchor=\"end\" x=\"\(width)\" y=\"\(height - 5)\">\(Formatting.day(points[points.count - 1].date))</text></svg>"
        return svg
    }
}
