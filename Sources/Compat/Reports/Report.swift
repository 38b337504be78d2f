import Foundation

/// What there is to say about a run, and about the kernel's calls in the light of it. The forms (Markdown, HTML, JSON) add nothing.
public struct Report: Encodable, Sendable {
    /// A call in the coverage matrix.
    public struct Call: Encodable, Sendable {
        public var name: String
        public var priority: String
        public var category: String
        public var state: String
        public var note: String
        /// Conformance programs.
        public var tests: Int
        /// The suite's files about it.
        public var files: [String]
        public var failing: Int
        public var neededBy: [String]
    }

    public struct Gap: Encodable, Sendable {
        public var call: String
        public var state: String
        /// Failing cases in files about this call.
        public var failing: Int
        public var files: [String]
        public var neededBy: [String]
        public var weight: Int
        /// `failing` x `weight`.
        public var impact: Int
        public var recommendation: String
    }

    public struct Needs: Encodable, Sendable {
        public var program: String
        public var calls: Int
        public var served: Int
        public var partial: [String]
        public var missing: [String]
        public var refused: [String]
        public var isUpperBound: Bool
    }

    public struct File: Encodable, Sendable {
        public var program: String
        public var priority: String
        public var area: String
        public var cases: Int
        public var passed: Int
        public var failing: Int
        public var other: Int
        public var nanoseconds: Int64
        public var nativeNanoseconds: Int64?
        public var note: String
    }

    public struct Point: Encodable, Sendable {
        public var run: Int64
        public var date: Date
        public var passed: Int
        public var whole: Int
    }

    public struct Metric: Encodable, Sendable {
        public var name: String
        public var now: String
        public var before: String
        public var goal: String
    }

    public var generated: Date
    public var version: String
    public var run: RunRecord?
    public var previous: RunRecord?
    public var diff: RunDiff?
    public var states: [String: Int]
    public var calls: [Call]
    public var gaps: [Gap]
    public var needs: [Needs]
    public var files: [File]
    public var catalogued: String
    public var notRun: [String]
    public var insights: [String]
    public var next: [String]
    public var trend: [Point]
    public var metrics: [Metric]
    /// For the table of cases; the JSON has them too.
    public var programs: [ProgramRecord]

    /// What a report is made from.
    public struct Input {
        public var run: RunRecord?
        public var programs: [ProgramRecord] = []
        public var previous: RunRecord?
        public var previousPrograms: [ProgramRecord] = []
        /// Earlier runs of the same suite, for the curve.
        public var earlier: [RunRecord] = []
        public var catalog: Catalog
        public var requirements = Requirements()
        public var coverage: ConformanceCoverage?
        public var generated = Date()

        public init(catalog: Catalog) { self.catalog = catalog }
    }

    public init(_ input: Input) {
        let analysis = Analysis(input)
        generated = input.generated
        version = input.run?.facts.version ?? ""
        run = input.run
        previous = input.previous
        diff = analysis.diff
        let table = CallTable(coverage: input.coverage)
        states = Dictionary(uniqueKeysWithValues: table.counts.map { ($0.state, $0.count) })
        calls = analysis.calls(table)
        gaps = analysis.gaps(table)
        needs = input.requirements.programs.map { program in
            Needs(
                program: program.name, calls: program.calls.count, served: program.coverage.part, partial: program.calls(in: ["partial"]),
                missing: program.calls(in: ["missing"]), refused: program.calls(in: ["refused"]), isUpperBound: program.isUpperBound)
        }
        files = analysis.files
        catalogued = input.catalog.summary
        let present = Set(input.programs.compactMap { input.catalog.entry(program: $0.name)?.name })
        notRun = input.catalog.entries.filter { !$0.isHelper && $0.out == nil && !present.contains($0.name) }.map(\.name)
        insights = analysis.insights(gaps)
        next = analysis.next(gaps)
        trend = (input.earlier.reversed() + (input.run.map { [$0] } ?? [])).map {
            Point(run: $0.id, date: $0.facts.started, passed: $0.count(.passes), whole: $0.count(.passes) + $0.failures + $0.count(.skippedHereOnly))
        }
        metrics = analysis.metrics(states: states, needs: needs)
        programs = input.programs
    }

    /// Gathers all that a report on a run needs from the history.
    /// - Parameter against: The run to compare with; nil for the one before it of the same suite and runner, if there is one.
    public static func input(_ run: RunRecord, against: RunRecord? = nil, history: History, catalog: Catalog) throws -> Input {
        var input = Input(catalog: catalog)
        input.run = run
        input.programs = try history.programs(of: run.id)
        let same = try history.runs().filter {
            $0.id < run.id && $0.state == .complete && $0.facts.suite == run.facts.suite && $0.facts.runner == run.facts.runner && $0.facts.user == run.facts.user
        }
        input.previous = against ?? same.first
        if let previous = input.previous { input.previousPrograms = try history.programs(of: previous.id) }
        input.earlier = Array(same.prefix(60))
        return input
    }
}
