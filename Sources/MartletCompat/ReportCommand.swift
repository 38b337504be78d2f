import ArgumentParser
import Compat
import Foundation

/// `martlet compat report`.
struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "The evaluation of a run and the analysis of the system calls, as Markdown, a web page, JSON or JUnit.",
        discussion: """
            EXAMPLES:
              martlet compat report                                     the last complete run
              martlet compat report --format html --output report.html --requirements needs.json
              martlet compat report --kind analysis --output SYSCALL_ANALYSIS.md
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable { case markdown, html, json, junit }
    enum Kind: String, ExpressibleByArgument, CaseIterable { case evaluation, analysis, both }

    @Option(name: .customLong("run"), help: ArgumentHelp("The run: a number, or latest.", valueName: "run"))
    var runName = "latest"

    @Option(help: ArgumentHelp("The run to compare with. (default: the one before it of the same suite)", valueName: "run"))
    var against: String?

    @Option(help: "How to write it.")
    var format = Format.markdown

    @Option(help: "Which part, of the Markdown: evaluation, analysis or both.")
    var kind = Kind.both

    @Option(help: ArgumentHelp("What programs need, from martlet compat audit --merge.", valueName: "file"), completion: .file())
    var requirements: String?

    @Option(help: ArgumentHelp("The catalogue: gvisor, or a file.", valueName: "name"))
    var catalog = "gvisor"

    @Option(help: ArgumentHelp("Write to a file.", valueName: "file"), completion: .file())
    var output: String?

    @OptionGroup var history: HistoryOptions

    func run() throws {
        let history = try History(path: self.history.path, creates: false)
        let run = try history.run(named: runName)
        var input = try Report.input(run, against: try against.map { try history.run(named: $0) }, history: history, catalog: try Catalog.named(catalog))
        if let requirements { input.requirements = try Requirements(path: requirements) }
        input.coverage = ConformanceCoverage.find(executable: ownExecutable())
        let report = Report(input)
        let text = switch format {
        case .json: try Formatting.json(report) + "\n"
        case .html: try report.html()
        case .junit: report.junit()
        case .markdown: kind == .evaluation ? report.evaluation() : kind == .analysis ? report.analysis() : report.evaluation() + "\n" + report.analysis()
        }
        guard let output else {
            print(text, terminator: "")
            return
        }
        do { try text.write(toFile: output, atomically: true, encoding: .utf8) } catch { throw CompatFailure("cannot write \(output): \(error.localizedDescription)") }
    }
}
