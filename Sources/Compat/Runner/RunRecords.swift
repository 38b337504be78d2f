import Foundation

/// Facts about a run, known when it starts.
public struct RunFacts: Codable, Sendable, Equatable {
    public var started: Date
    public var suite: String
    public var mode: String
    /// `martlet`, or the command that was used instead.
    public var runner: String
    /// Empty for the caller.
    public var user: String
    /// Of Martlet.
    public var version: String
    /// Tells builds apart: a fingerprint of the command and the kernel image.
    public var build: String
    public var hostKernel: String
    public var hasBaseline: Bool
    public var jobs: Int
    /// How many programs were found.
    public var programs: Int

    public init(
        started: Date, suite: String, mode: String, runner: String, user: String, version: String, build: String, hostKernel: String,
        hasBaseline: Bool, jobs: Int, programs: Int
    ) {
        self.started = started
        self.suite = suite
        self.mode = mode
        self.runner = runner
        self.user = user
        self.version = version
        self.build = build
        self.hostKernel = hostKernel
        self.hasBaseline = hasBaseline
        self.jobs = jobs
        self.programs = programs
    }
}

/// One case of a run, on both sides.
public struct CaseRecord: Codable, Sendable, Equatable {
    public var name: String
    public var verdict: Verdict
    public var nanoseconds: Int64
    public var message: String
    public var nativeVerdict: Verdict?
    public var nativeNanoseconds: Int64?
    public var nativeMessage: String?

    public init(_ here: CaseResult, native: CaseResult? = nil) {
        name = here.name
        verdict = here.verdict
        nanoseconds = here.nanoseconds
        message = here.message
        nativeVerdict = native?.verdict
        nativeNanoseconds = native?.nanoseconds
        nativeMessage = native.map { $0.verdict == .pass ? "" : $0.message }
    }

    public var standing: Standing { Standing(verdict, native: nativeVerdict) }

    /// Both sides' results by name; the order is that of the first, then what only the second has.
    static func merge(_ here: [CaseResult], native: [CaseResult]?) -> [CaseRecord] {
        guard let native else { return here.map { CaseRecord($0) } }
        let byName = Dictionary(native.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let names = Set(here.map(\.name))
        return here.map { CaseRecord($0, native: byName[$0.name] ?? ($0.name == "(program)" ? CaseResult("(program)", .pass) : nil)) }
            + native.filter { !names.contains($0.name) }.map { one in
                if one.name == "(program)" { return CaseRecord(CaseResult("(program)", .pass), native: one) }
                return CaseRecord(CaseResult(one.name, .crash, message: "it did not come to this case"), native: one)
            }
    }
}

/// One program of a run, or the part of its cases that one job ran.
public struct ProgramRecord: Codable, Sendable, Equatable {
    public var name: String
    public var mode: SuiteMode
    /// On the side that is measured, without waiting for a turn.
    public var nanoseconds: Int64
    public var nativeNanoseconds: Int64?
    /// What is to be said about the program as a whole: that it lists no cases, and why.
    public var note: String
    public var cases: [CaseRecord]
}

/// Told what a run does, from its threads, one call at a time.
public protocol RunObserver: AnyObject, Sendable {
    func began(programs: Int)
    /// Some cases of a program are done; more may come.
    func finished(_ part: ProgramRecord)
    /// All cases of a program are done.
    func completed(program: String)
    /// Called on the main thread, a few times a second, while the run goes on.
    func tick()
}
