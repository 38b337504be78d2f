import ArgumentParser
import Glibc
import Monitor

/// `martlet doctor`.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Show what this host offers and which layers of isolation a run has here.",
        discussion: """
            EXAMPLES:
              martlet doctor
              martlet doctor --format json

            EXIT STATUS:
              0 if Martlet can run here, else 1.
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

    @Option(help: "How to print it.")
    var format = Format.text

    func run() throws {
        let facts = HostFacts()
        print(format == .json ? facts.json() : facts.text())
        if !facts.canRun { throw ExitCode(1) }
    }
}
