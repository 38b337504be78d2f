import ArgumentParser
import ChildProcesses
import Compat
import Foundation

/// `martlet compat run`.
struct RunSuiteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run a folder of test programs in the sandbox, and natively beside it.",
        discussion: """
            Takes a folder of programs that are already built: GoogleTest programs (gVisor's test suite, for one), programs that speak the \
            Test Anything Protocol, programs of the Linux Test Project, or any that tell by their exit status. When one crashes or hangs, \
            its remaining cases are run one by one. What comes out is kept in the history.

            EXAMPLES:
              martlet compat run --suite ./gvisor/bin --baseline --jobs 4
              martlet compat run --suite ./ltp/bin --mode ltp --baseline --filter 'pipe*'
              martlet compat run --suite ./gvisor/bin --runner 'runsc --network=none do {}'

            EXIT STATUS:
              0 if all cases passed that pass natively (without --baseline: if none failed), 1 if not; 125 if nothing could be run.
            """)

    @Option(help: ArgumentHelp("The folder with the test programs.", valueName: "dir"), completion: .directory)
    var suite: String

    @Option(help: "How the programs tell their results: auto, gtest, tap, ltp or exit.")
    var mode = SuiteMode.auto

    @Flag(help: "Also run each program natively, in the same run, to compare with.")
    var baseline = false

    @Option(name: .customLong("filter"), parsing: .singleValue, help: ArgumentHelp("Only programs whose names match. Repeatable.", valueName: "pattern"))
    var patterns: [String] = []

    @Option(name: .customLong("exclude"), parsing: .singleValue, help: ArgumentHelp("No programs whose names match. Repeatable.", valueName: "pattern"))
    var excluded: [String] = []

    @Option(name: .customLong("case"), parsing: .singleValue, help: ArgumentHelp("Only cases whose names match. Repeatable.", valueName: "pattern"))
    var cases: [String] = []

    @Option(help: ArgumentHelp("What is known of the suite beforehand: gvisor, or a file. What it calls out of reach is not run.", valueName: "name"))
    var catalog: String?

    @Option(help: ArgumentHelp("How many programs run at a time. (default: the number of processors)", valueName: "n"))
    var jobs: Int?

    @Option(help: ArgumentHelp("Run part I of N of all cases: 1/4 to 4/4.", valueName: "i/n"))
    var shard: String?

    @Option(help: ArgumentHelp("Time limit for a program, in seconds.", valueName: "s"))
    var timeout = 300.0

    @Option(help: ArgumentHelp("Time limit for a case, and how long a program may be silent, in seconds.", valueName: "s"))
    var caseTimeout = 45.0

    @Option(help: ArgumentHelp("Run as this user, in the sandbox and natively. (default: you)", valueName: "user"))
    var user: String?

    @Option(help: ArgumentHelp("Measure another sandbox: its command; {} stands for the program with its arguments.", valueName: "command"))
    var runner: String?

    @Option(name: .customLong("martlet-option"), parsing: .singleValue, help: ArgumentHelp("A further option for martlet run, like --memory=1G. Repeatable.", valueName: "option"))
    var martletOptions: [String] = []

    @Option(name: .customLong("env"), parsing: .singleValue, help: ArgumentHelp("Set a variable for the programs. Repeatable.", valueName: "name=value"))
    var environment: [String] = []

    @Flag(help: "Also run what is disabled (DISABLED_), and what is out of reach by design.")
    var all = false

    @Option(help: ArgumentHelp("The martlet to measure. (default: the one beside this)", valueName: "file"), completion: .file())
    var martlet: String?

    @OptionGroup var history: HistoryOptions

    @Flag(help: "Do not keep the run in the history.")
    var noHistory = false

    @Option(help: ArgumentHelp("Also write the results as JSON to a file.", valueName: "file"), completion: .file())
    var json: String?

    @Flag(name: .shortAndLong, help: "Show the summary only.")
    var quiet = false

    func validate() throws {
        if let jobs, !(1...1024).contains(jobs) { throw ValidationError("--jobs must be from 1 to 1024") }
        guard (0.01...86_400).contains(timeout), (0.01...86_400).contains(caseTimeout) else { throw ValidationError("a time limit must be from 0.01 to 86400 seconds") }
        if runner != nil, !martletOptions.isEmpty || martlet != nil { throw ValidationError("--runner does without martlet and its options") }
        if runner != nil, user != nil { throw ValidationError("--user cannot be combined with --runner: say it in the command") }
        for variable in environment where !variable.contains("=") { throw ValidationError("--env: '\(variable)' is not NAME=VALUE") }
        _ = try part()
    }

    private func part() throws -> (index: Int, count: Int) {
        guard let shard else { return (0, 1) }
        let numbers = shard.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
        guard numbers.count == 2, let index = numbers[0], let count = numbers[1], count >= 1, (1...count).contains(index) else {
            throw ValidationError("--shard: '\(shard)' is not like 1/4")
        }
        return (index - 1, count)
    }

    func run() throws {
        let suite = URL(fileURLWithPath: self.suite).standardizedFileURL.resolvingSymlinksInPath().path
        let found = try Discovery(directory: suite, mode: mode, patterns: patterns, excluded: excluded)
        let launcher: Launcher, version: String, build: String
        if let runner {
            launcher = try .command(runner)
            (version, build) = ("", runner)
        } else {
            let facts = try MartletFacts(path: try MartletFacts.locate(martlet, executable: ownExecutable()))
            launcher = .martlet(facts.path, options: martletOptions, user: user)
            (version, build) = (facts.version, facts.build)
        }
        var configuration = RunConfiguration(suite: suite, launcher: launcher)
        configuration.mode = mode
        configuration.casePatterns = cases
        configuration.baseline = baseline ? try .native(user: user) : nil
        configuration.jobs = jobs ?? ProcessInfo.processInfo.activeProcessorCount
        configuration.shard = try part()
        configuration.programLimitNanoseconds = UInt64(timeout * 1e9)
        configuration.caseLimitNanoseconds = UInt64(caseTimeout * 1e9)
        configuration.runsDisabled = all
        configuration.environment = environment
        if let catalog, !all {
            let known = try Catalog.named(catalog)
            configuration.outOfReach = { known.entry(program: $0)?.out }
        }
        let database = noHistory ? nil : try History(path: history.path)
        let facts = RunFacts(
            started: Date(), suite: suite, mode: mode.rawValue, runner: launcher.name, user: user ?? "", version: version, build: build,
            hostKernel: MartletFacts.hostKernel(), hasBaseline: baseline, jobs: configuration.jobs, programs: found.programs.count)
        try perform(configuration, found, facts, database)
    }

    private func perform(_ configuration: RunConfiguration, _ found: Discovery, _ facts: RunFacts, _ database: History?) throws {
        for (name, reason) in found.passedOver where !quiet { Main.complain("\(name) is passed over: \(reason)") }
        let interruption = Interruption()
        let live = LiveProgress(
            recorder: RunRecorder(facts, history: database), expected: database.map { $0.expectedDurations(for: facts) } ?? [:],
            isTerminal: isatty(2) == 1, isQuiet: quiet
        ) { line in
            // At once, also into a pipe.
            FileHandle.standardOutput.write(Data((line + "\n").utf8))
        }
        let isComplete = try SuiteRun(configuration, programs: found.programs, observer: live, interruption: interruption).run()
        live.close()
        var failure: CompatFailure?
        let result = live.withRecorder { recorder -> (id: Int64?, programs: [ProgramRecord], rescue: String?, trouble: CompatFailure?) in
            var rescue: String?
            do { rescue = try recorder.end(isComplete ? .complete : .interrupted) } catch { failure = error as? CompatFailure }
            return (recorder.id, recorder.programs, rescue, recorder.trouble)
        }
        let summary = RunSummary(programs: result.programs, hasBaseline: facts.hasBaseline)
        print(summary.text(most: quiet ? 0 : 50))
        if !isComplete { print("interrupted: what is counted above is what was done until then") }
        if let id = result.id, result.rescue == nil, database != nil { print("this is run \(id) in \(history.path)") }
        if let json { try Formatting.json(result.programs).write(toFile: json, atomically: true, encoding: .utf8) }
        if let rescue = result.rescue {
            Main.complain("\(result.trouble?.description ?? "the history cannot be written"); the results are in \(rescue): martlet compat import \(rescue)")
        }
        if let failure { throw failure }
        if isComplete, !cases.isEmpty, shard == nil, result.programs.allSatisfy(\.cases.isEmpty) {
            throw CompatFailure("no program has a case that --case selects")
        }
        let signal = Interruption.pendingSignal
        interruption.unblock()
        // Only if the signal is ignored, as in a shell's background.
        if let signal { throw ExitCode(128 + signal) }
        if result.rescue != nil { throw ExitCode(125) }
        if summary.counting > 0 { throw ExitCode(1) }
    }
}

extension SuiteMode: ExpressibleByArgument {}
