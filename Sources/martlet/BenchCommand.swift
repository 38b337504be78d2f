import ArgumentParser
import Bench
import Glibc
import Monitor

/// `martlet bench`.
struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measure what the sandbox costs, against the host and other sandboxes.",
        discussion: """
            Measures each case natively, in Martlet and under those of bubblewrap, PRoot and runsc that are installed, and \
            prints the times with their ratios to native. A C compiler is needed; the larger cases also use find, git, make \
            and python3. The full run takes some minutes.

            EXAMPLES:
              martlet bench
              martlet bench --quick
              martlet bench --case 'stat-*' --case getppid --peers none
              martlet bench --json figures.json

            EXIT STATUS:
              0 if everything could be measured in Martlet (also when goals are missed), else 1; 125 if nothing could.
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable { case text, markdown, json }

    @Option(name: .customLong("case"), parsing: .singleValue, help: ArgumentHelp("Measure the cases that match a pattern. Repeatable.", valueName: "name"))
    var cases: [String] = []

    @Flag(help: "Show the cases and end.")
    var list = false

    @Option(name: .customLong("repeat"), help: ArgumentHelp("Number of rounds. (default: 5, or 2 with --quick)", valueName: "n"))
    var rounds: Int?

    @Option(help: ArgumentHelp("Which others to compare with, by commas: bwrap, proot, runsc; or 'none'. (default: those installed)", valueName: "names"))
    var peers: String?

    @Flag(help: "Fewer and shorter measurements.")
    var quick = false

    @Option(help: "How to print the result.")
    var format = Format.text

    @Option(help: ArgumentHelp("Also write the result as JSON to a file.", valueName: "file"), completion: .file())
    var json: String?

    @Option(help: ArgumentHelp("The source of the small cases, if it is not found by itself.", valueName: "file"), completion: .file())
    var microSource: String?

    func validate() throws {
        if let rounds, !(1...1000).contains(rounds) { throw ValidationError("--repeat must be from 1 to 1000") }
    }

    func run() throws {
        do {
            try measure()
        } catch let failure as BenchFailure {
            Complaint.write(failure.description)
            throw ExitCode(ExitStatus.failure)
        }
    }

    private func measure() throws {
        let selected = try BenchCase.matching(cases)
        if list {
            let width = selected.map(\.name.utf8.count).max() ?? 0
            for one in selected { print(one.name + String(repeating: " ", count: width - one.name.utf8.count + 2) + one.summary) }
            return
        }
        var session = Session(executable: ImageLocator.executablePath())
        session.cases = selected
        session.rounds = rounds ?? (quick ? 2 : 5)
        session.milliseconds = quick ? 20 : 50
        session.isQuick = quick
        session.microSource = microSource
        session.runners = [Runner(.native), Runner(.martlet, program: session.executable)] + (try others())
        let isTerminal = isatty(2) == 1
        if isTerminal { session.progress = Self.showProgress }
        let report: Report
        do {
            defer { if isTerminal { Self.showProgress("") } }
            report = try session.measure()
        }
        let object = report.json(version: Martlet.version)
        switch format {
        case .text: print(report.text())
        case .markdown: print(report.markdown())
        case .json: print(object)
        }
        if let json { try write(object + "\n", to: json) }
        if report.failures > 0 { throw ExitCode(1) }
    }

    /// Replaces the line on the terminal.
    private static func showProgress(_ text: String) {
        let line = Array("\r\u{1b}[K\(text)".utf8)
        _ = Glibc.write(2, line, line.count)
    }

    private func others() throws -> [Runner] {
        let path = getenv("PATH").map { String(cString: $0) } ?? ""
        guard let peers else {
            return Runner.peers.compactMap { kind in Runner.find(kind.rawValue, path: path).map { Runner(kind, program: $0) } }
        }
        return try peers.split(separator: ",").filter { $0 != "none" }.map { name in
            guard let kind = Runner.Kind(rawValue: String(name)), Runner.peers.contains(kind) else {
                throw BenchFailure("--peers: '\(name)' is not one of bwrap, proot, runsc, none")
            }
            guard let program = Runner.find(kind.rawValue, path: path) else { throw BenchFailure("\(name) is not installed") }
            return Runner(kind, program: program)
        }
    }

    private func write(_ text: String, to path: String) throws {
        guard let file = fopen(path, "we") else { throw BenchFailure("cannot write \(path): \(String(cString: strerror(errno)))") }
        let written = fputs(text, file) >= 0
        guard fclose(file) == 0, written else { throw BenchFailure("cannot write \(path): \(String(cString: strerror(errno)))") }
    }
}
