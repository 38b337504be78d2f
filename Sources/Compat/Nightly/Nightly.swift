import ChildProcesses
import Foundation

/// The whole cycle, unattended: audits, suites, reports, comparison, publication. A step that fails does not keep the others from
/// being done; it is told at the end.
public final class Nightly {
    public struct Outcome: Sendable {
        /// Cases that broke, over all suites.
        public var broken = 0
        public var changed = false
        public var isInterrupted = false
        /// Steps that failed, with the reason.
        public var troubles: [String] = []
        /// The files that were written.
        public var written: [String] = []
    }

    private let configuration: NightlyConfiguration
    private let executable: String
    private let interruption: Interruption
    private let databasePath: String
    private let say: @Sendable (String) -> Void
    private var outcome = Outcome()

    /// - Parameters:
    ///   - executable: Of this program, to find martlet beside it.
    ///   - say: Takes lines for people.
    public init(_ configuration: NightlyConfiguration, executable: String, databasePath: String, interruption: Interruption, say: @escaping @Sendable (String) -> Void) {
        self.configuration = configuration
        self.executable = executable
        self.databasePath = configuration.database ?? databasePath
        self.interruption = interruption
        self.say = say
    }

    /// - Parameter publishes: Really opens or updates the issue or pull request; else only says what it would do.
    /// - Throws: ``CompatFailure`` if nothing can be done at all.
    public func run(publishes: Bool, now: Date = Date()) throws -> Outcome {
        let facts = try MartletFacts(path: try MartletFacts.locate(configuration.martlet, executable: executable))
        let history = try History(path: databasePath)
        do {
            try FileManager.default.createDirectory(atPath: configuration.reports, withIntermediateDirectories: true)
        } catch {
            throw CompatFailure("cannot make \(configuration.reports): \(error.localizedDescription)")
        }
        let requirements = audits(martlet: facts.path)
        var evaluations: [String] = [], main: Report?
        for suite in configuration.suites where !outcome.isInterrupted {
            do {
                let report = try runSuite(suite, facts, history, requirements)
                evaluations.append(configuration.suites.count > 1 ? "<!-- suite \(suite.name) -->\n\n" + report.evaluation() : report.evaluation())
                if main == nil { main = report }
                write("compat-\(suite.name).html", try report.html())
                write("junit-\(suite.name).xml", report.junit())
            } catch {
                trouble(suite.name, error)
            }
        }
        if main == nil, configuration.suites.isEmpty {
            var input = Report.Input(catalog: try Catalog.named("gvisor"))
            input.requirements = requirements
            input.coverage = ConformanceCoverage.find(executable: executable)
            main = Report(input)
        }
        if let main { write("SYSCALL_ANALYSIS.md", main.analysis()) }
        if !evaluations.isEmpty { write("EVALUATION_\(Formatting.day(now)).md", evaluations.joined(separator: "\n")) }
        if let plan = configuration.publish, outcome.changed, !outcome.isInterrupted {
            do { try publish(plan, evaluation: "\(configuration.reports)/EVALUATION_\(Formatting.day(now)).md", isDry: !publishes) } catch { trouble("publishing", error) }
        }
        return outcome
    }

    private func trouble(_ step: String, _ error: any Error) {
        outcome.troubles.append("\(step): \((error as? CompatFailure)?.description ?? error.localizedDescription)")
    }

    private func write(_ name: String, _ text: String) {
        let path = configuration.reports + "/" + name
        do {
            try text.write(toFile: path, atomically: true, encoding: .utf8)
            outcome.written.append(path)
        } catch {
            trouble(path, error)
        }
    }

    // --- steps ---

    private func audits(martlet: String) -> Requirements {
        let file = configuration.reports + "/requirements.json"
        var requirements = (try? Requirements(path: file)) ?? Requirements()
        guard let audit = configuration.audit else { return requirements }
        var wanted = (audit.programs ?? []).map { ($0.name, $0.command, $0.weight ?? 1) }
        if audit.interpreters ?? false { wanted += Interpreters.probes.filter { ShellWords.find($0.command[0]) != nil }.map { ($0.name, $0.command, 1) } }
        let auditor = Auditor(martlet: martlet, interruption: interruption)
        for (name, command, weight) in wanted {
            if interruption.isPending {
                outcome.isInterrupted = true
                break
            }
            do { requirements.merge(try auditor.audit(command, name: name, weight: weight)) } catch { trouble("audit of \(name)", error) }
        }
        do { try requirements.write(to: file) } catch { trouble("requirements", error) }
        outcome.written.append(file)
        return requirements
    }

    private func runSuite(_ suite: NightlyConfiguration.Suite, _ martlet: MartletFacts, _ history: History, _ requirements: Requirements) throws -> Report {
        let mode = suite.mode.flatMap(SuiteMode.init) ?? .auto
        let directory = URL(fileURLWithPath: suite.directory).resolvingSymlinksInPath().path
        let found = try Discovery(directory: directory, mode: mode, patterns: suite.filter ?? [], excluded: suite.exclude ?? [])
        var run = RunConfiguration(suite: directory, launcher: .martlet(martlet.path, user: suite.user))
        run.mode = mode
        run.baseline = suite.baseline ?? true ? try .native(user: suite.user) : nil
        run.jobs = max(1, suite.jobs ?? ProcessInfo.processInfo.activeProcessorCount)
        if let limit = suite.timeout, limit > 0, limit < 1e6 { run.programLimitNanoseconds = UInt64(limit * 1e9) }
        if let limit = suite.caseTimeout, limit > 0, limit < 1e6 { run.caseLimitNanoseconds = UInt64(limit * 1e9) }
        run.environment = suite.environment ?? []
        let catalog = try Catalog.named(suite.catalog ?? "gvisor")
        if suite.catalog != nil { run.outOfReach = { catalog.entry(program: $0)?.out } }
        let facts = RunFacts(
            started: Date(), suite: directory, mode: mode.rawValue, runner: "martlet", user: suite.user ?? "", version: martlet.version, build: martlet.build,
            hostKernel: MartletFacts.hostKernel(), hasBaseline: run.baseline != nil, jobs: run.jobs, programs: found.programs.count)
        let live = LiveProgress(recorder: RunRecorder(facts, history: history), expected: history.expectedDurations(for: facts), isTerminal: isatty(2) == 1, isQuiet: true, print: say)
        let isComplete = try SuiteRun(run, programs: found.programs, observer: live, interruption: interruption).run()
        live.close()
        if !isComplete { outcome.isInterrupted = true }
        var failure: CompatFailure?
        let ended = live.withRecorder { recorder -> (id: Int64?, rescue: String?) in
            do { return (recorder.id, try recorder.end(isComplete ? .complete : .interrupted)) } catch {
                failure = error as? CompatFailure
                return (nil, nil)
            }
        }
        if let failure { throw failure }
        guard let id = ended.id, ended.rescue == nil else { throw CompatFailure("the history could not be written; the results are in \(ended.rescue ?? "")") }
        var input = try Report.input(try history.run(named: String(id)), history: history, catalog: catalog)
        input.requirements = requirements
        input.coverage = ConformanceCoverage.find(executable: executable)
        let report = Report(input)
        if let diff = report.diff {
            outcome.broken += diff.broken.count
            if !diff.isEmpty { outcome.changed = true }
            say("\(suite.name): \(diff.summary)")
        } else {
            outcome.changed = true
            say("\(suite.name): run \(id) is the first; \(RunSummary(programs: report.programs, hasBaseline: facts.hasBaseline).text(most: 0).replacing("\n", with: "; "))")
        }
        return report
    }

    // --- publication ---

    private func publish(_ plan: NightlyConfiguration.Publish, evaluation: String, isDry: Bool) throws {
        guard let gh = ShellWords.find("gh") else {
            say("nothing is published: the command gh is not here")
            return
        }
        let repository = plan.repository.map { ["--repo", $0] } ?? []
        switch plan.kind {
        case .issue:
            let number = isDry ? nil : try firstNumber([gh, "issue", "list", "--state", "open", "--search", "\(plan.title) in:title", "--json", "number"] + repository)
            try perform(
                number.map { [gh, "issue", "comment", String($0), "--body-file", evaluation] + repository }
                    ?? [gh, "issue", "create", "--title", plan.title, "--body-file", evaluation] + repository, isDry)
        case .pullRequest:
            guard let git = ShellWords.find("git") else { throw CompatFailure("git is not here") }
            let branch = plan.branch ?? "compat-nightly", at = [git, "-C", configuration.reports]
            try perform(at + ["checkout", "-B", branch], isDry)
            try perform(at + ["add", "--"] + outcome.written.filter { !$0.hasSuffix(".xml") }, isDry)
            try perform(at + ["commit", "-m", plan.title], isDry)
            try perform(at + ["push", "--force", "origin", branch], isDry)
            let number = isDry ? nil : try firstNumber([gh, "pr", "list", "--state", "open", "--head", branch, "--json", "number"] + repository)
            try perform(
                number.map { [gh, "pr", "comment", String($0), "--body-file", evaluation] + repository }
                    ?? [gh, "pr", "create", "--title", plan.title, "--body-file", evaluation, "--head", branch] + repository, isDry)
        }
    }

    private func firstNumber(_ command: [String]) throws -> Int? {
        struct Item: Decodable { var number: Int }
        return try JSONDecoder().decode([Item].self, from: Data(try output(command))).first?.number
    }

    private func perform(_ command: [String], _ isDry: Bool) throws {
        if isDry {
            say("would run: " + command.map { $0.contains(" ") ? "'\($0)'" : $0 }.joined(separator: " "))
        } else {
            _ = try output(command)
        }
    }

    private func output(_ command: [String]) throws -> [UInt8] {
        let child = ChildProcess(command, environment: ProcessInfo.processInfo.environment.map { "\($0.key)=\($0.value)" }, limitNanoseconds: 120_000_000_000)
        let result = try child.finished(interruption)
        guard result.succeeded else { throw CompatFailure("\(command.prefix(3).joined(separator: " ")): \(ExitStatus.text(result.ending)): \(CaseResult.text(result.errors.suffix(300)))") }
        return result.output
    }
}
