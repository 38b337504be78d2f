import ArgumentParser
import Compat
import Foundation

/// `martlet compat runs`.
struct RunsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runs",
        abstract: "List the runs in the history.",
        discussion: """
            EXAMPLES:
              martlet compat runs --limit 10
              martlet compat runs --remove 12 --remove 13
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable { case text, json, csv }

    @Option(help: ArgumentHelp("Only the latest.", valueName: "n"))
    var limit = 30

    @Option(help: "How to print it.")
    var format = Format.text

    @Option(parsing: .singleValue, help: ArgumentHelp("Remove a run from the history. Repeatable.", valueName: "run"))
    var remove: [Int64] = []

    @OptionGroup var history: HistoryOptions

    func run() throws {
        let history = try History(path: self.history.path, creates: false)
        if !remove.isEmpty {
            for id in remove { _ = try history.run(named: String(id)) }
            print("removed \(Formatting.count(try history.remove(remove), "run"))")
            return
        }
        let runs = try history.runs(limit: max(0, limit))
        if format == .json {
            print(try Formatting.json(runs))
            return
        }
        let table = TextTable(
            [
                .init("Run", isNumber: true), .init("Started (UTC)"), .init("State"), .init("Version"), .init("Build"), .init("Runner"),
                .init("Cases", isNumber: true), .init("Pass", isNumber: true), .init("Fail", isNumber: true), .init("Here only", isNumber: true), .init("Suite"),
            ],
            rows: runs.map { run in
                [
                    String(run.id), Formatting.minute(run.facts.started), run.state.rawValue, run.facts.version, String(run.facts.build.prefix(8)),
                    run.facts.runner + (run.facts.user.isEmpty ? "" : " as \(run.facts.user)"), String(run.cases), String(run.count(.passes) + run.count(.passesHereOnly)),
                    String(run.failures + run.count(.failsEverywhere)), run.facts.hasBaseline ? String(run.count(.failsHereOnly)) : "-", run.facts.suite,
                ]
            })
        print(format == .csv ? table.csv() : table.text())
    }
}

/// `martlet compat diff`.
struct DiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "What changed between two runs: fixed, broken, new, gone.",
        discussion: """
            A run is given by its number (see martlet compat runs), or as latest, latest~1 and so on, which count complete runs.

            EXAMPLES:
              martlet compat diff                      the last run against the one before it
              martlet compat diff 12 15

            EXIT STATUS:
              0 if nothing broke, 1 if something did; 125 if there is nothing to compare.
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

    @Argument(help: "The earlier run.")
    var before = "latest~1"

    @Argument(help: "The later run.")
    var after = "latest"

    @Option(help: ArgumentHelp("latest counts runs of this suite only.", valueName: "dir"))
    var suite: String?

    @Flag(help: "New cases that fail count as broken.")
    var strict = false

    @Option(help: "How to print it.")
    var format = Format.text

    @OptionGroup var history: HistoryOptions

    func run() throws {
        let history = try History(path: self.history.path, creates: false)
        let earlier = try history.run(named: before, suite: suite), later = try history.run(named: after, suite: suite)
        if earlier.facts.suite != later.facts.suite { Main.complain("the runs are of different suites: \(earlier.facts.suite) and \(later.facts.suite)") }
        let diff = try RunDiff(earlier, later, in: history)
        print(format == .json ? try Formatting.json(diff) : diff.text())
        if !diff.broken.isEmpty || (strict && !diff.newFailures.isEmpty) { throw ExitCode(1) }
    }
}

/// `martlet compat flaky`.
struct FlakyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "flaky",
        abstract: "Cases whose verdict changes from run to run of the same build.",
        discussion: """
            EXAMPLES:
              martlet compat flaky --latest 20
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

    @Option(help: ArgumentHelp("How many runs to look at.", valueName: "n"))
    var latest = 50

    @Option(help: ArgumentHelp("Only runs of this suite.", valueName: "dir"))
    var suite: String?

    @Option(help: "How to print it.")
    var format = Format.text

    @OptionGroup var history: HistoryOptions

    func run() throws {
        let history = try History(path: self.history.path, creates: false)
        let found = try history.flaky(latest: max(1, latest), suite: suite)
        if format == .json {
            print(try Formatting.json(found))
            return
        }
        for one in found {
            let counts = one.verdicts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
            print("\(one.program) \(one.name): \(counts)  (build \(one.build.prefix(8)))")
        }
        print(found.isEmpty ? "no case changed its verdict on the same build" : Formatting.count(found.count, "unsteady case"))
    }
}

/// `martlet compat import`.
struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Take a run into the history that was saved to a file because the history could not be written.",
        discussion: """
            EXAMPLES:
              martlet compat import martlet-compat-run-1763690000.json
            """)

    @Argument(help: ArgumentHelp("The file.", valueName: "file"), completion: .file())
    var file: String

    @OptionGroup var history: HistoryOptions

    func run() throws {
        print("this is run \(try RunRecorder.load(file, into: History(path: history.path)))")
    }
}
