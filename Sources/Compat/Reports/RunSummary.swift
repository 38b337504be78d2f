/// What a run comes to, for the end of `martlet compat run` and the reports.
public struct RunSummary: Sendable {
    public struct Entry: Sendable {
        public var program: String
        public var one: CaseRecord
        public var label: String { one.name == "(program)" ? program : "\(program) \(one.name)" }
    }

    public let programs: Int
    public let cases: Int
    public private(set) var verdicts: [Verdict: Int] = [:]
    public private(set) var standings: [Standing: Int] = [:]
    /// The cases that are to the sandbox's debit.
    public private(set) var failing: [Entry] = []
    public let hasBaseline: Bool

    public init(programs: [ProgramRecord], hasBaseline: Bool) {
        self.programs = programs.count
        self.hasBaseline = hasBaseline
        cases = programs.reduce(0) { $0 + $1.cases.count }
        for program in programs {
            for one in program.cases {
                verdicts[one.verdict, default: 0] += 1
                standings[one.standing, default: 0] += 1
                if one.standing.counts { failing.append(Entry(program: program.name, one: one)) }
            }
        }
    }

    public var counting: Int { failing.count }

    /// Of what passes natively: how many pass here too. Without a baseline: of what was run.
    public var passing: (part: Int, whole: Int) {
        let passed = standings[.passes] ?? 0
        return (passed, passed + counting + (standings[.skippedHereOnly] ?? 0))
    }

    public func text(most: Int) -> String {
        var lines: [String] = []
        for entry in failing.prefix(most) {
            let said = entry.one.brief
            lines.append("\(hasBaseline ? "fails here only" : "fails"): \(entry.label) (\(entry.one.verdict.rawValue))" + (said.isEmpty ? "" : ": \(said.prefix(160))"))
        }
        if failing.count > most && most > 0 { lines.append("and \(failing.count - most) more") }
        let counts = Verdict.allCases.compactMap { verdict in verdicts[verdict].map { "\($0) \(verdict.rawValue)" } }.joined(separator: ", ")
        lines.append("\(Formatting.count(cases, "case")) of \(Formatting.count(programs, "program")): \(counts.isEmpty ? "none" : counts)")
        if hasBaseline {
            let (part, whole) = passing
            lines.append(
                "\(part) of \(whole) that pass natively pass here (\(Formatting.percent(part, of: whole))); \(counting) fail here only, "
                    + "\(standings[.skippedHereOnly] ?? 0) are skipped here only, \(standings[.failsEverywhere] ?? 0) fail everywhere")
        }
        return lines.joined(separator: "\n")
    }
}

extension CaseRecord {
    /// Its name without GoogleTest's parameter: `A/B.C` for `A/B.C/3`.
    var unparameterised: Substring {
        guard let dot = name.firstIndex(of: "."), let slash = name[dot...].firstIndex(of: "/") else { return name[...] }
        return name[..<slash]
    }

    /// What it said, in one line: of the place in its source only the file's name, the rest with semicolons for line ends.
    public var brief: String {
        var lines = message.split(separator: "\n").map { line in line.drop { $0 == " " || $0 == "\t" } }.filter { !$0.isEmpty }
        if let first = lines.first, first.hasPrefix("/"), let colon = first.lastIndex(of: ":") {
            // "/a/b_test.cc:12" and "/a/b_test.cc:12: Failure"
            let place = first.hasSuffix(": Failure") ? first[..<colon] : first
            lines[0] = place[(place[..<colon].lastIndex(of: "/").map { place.index(after: $0) } ?? place.startIndex)...]
        }
        return lines.prefix(6).joined(separator: "; ")
    }
}
