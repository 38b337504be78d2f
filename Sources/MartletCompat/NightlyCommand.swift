import ArgumentParser
import ChildProcesses
import Compat
import Foundation

/// `martlet compat nightly`.
struct NightlyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "nightly",
        abstract: "The whole cycle unattended: audits, suites, reports, comparison with the last night.",
        discussion: """
            What is done stands in a YAML file; see docs/compat.md. Writes EVALUATION_<date>.md, SYSCALL_ANALYSIS.md, and for each suite a web page and a JUnit \
            file. With --publish an issue or pull request is opened or updated through the gh command, if something changed; else it only says what it would do.

            EXAMPLES:
              martlet compat nightly --config nightly-compat.yml

            EXIT STATUS:
              0 if nothing broke, 1 if something did; 125 if a step could not be done.
            """)

    @Option(help: ArgumentHelp("What to do.", valueName: "file"), completion: .file())
    var config: String

    @Flag(help: "Really open or update the issue or pull request.")
    var publish = false

    @OptionGroup var history: HistoryOptions

    func run() throws {
        let configuration = try NightlyConfiguration(path: config)
        let interruption = Interruption()
        let lines = Lines()
        let nightly = Nightly(configuration, executable: ownExecutable(), databasePath: history.path, interruption: interruption) { lines.add($0) }
        let outcome = try nightly.run(publishes: publish)
        let isQuiet = !outcome.changed && outcome.troubles.isEmpty && !outcome.isInterrupted && !configuration.suites.isEmpty
        if isQuiet {
            print("nothing changed since the last night")
        } else {
            lines.all.forEach { print($0) }
            if !outcome.written.isEmpty { print("written: \(outcome.written.joined(separator: " "))") }
        }
        for trouble in outcome.troubles { Main.complain(trouble) }
        let signal = Interruption.pendingSignal
        interruption.unblock()
        if let signal { throw ExitCode(128 + signal) }
        if !outcome.troubles.isEmpty { throw ExitCode(125) }
        if outcome.broken > 0 { throw ExitCode(1) }
    }
}
