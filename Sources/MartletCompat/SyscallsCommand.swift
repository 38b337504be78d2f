import ArgumentParser
import Compat
import Foundation

/// `martlet compat syscalls`.
struct SyscallsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "syscalls",
        abstract: "Print the kernel's table of system calls: number, name, category, state, tests, notes.",
        discussion: """
            The states: implemented; partial (the note says what is left out); refused (answered on purpose with an errno that Linux \
            also gives); missing; obsolete (Linux itself answers ENOSYS). The tests are the conformance programs that make the call.

            EXAMPLES:
              martlet compat syscalls --state missing --state partial
              martlet compat syscalls --category sockets --format markdown
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable { case table, json, markdown, csv }

    @Option(help: "How to print it.")
    var format = Format.table

    @Option(parsing: .singleValue, help: ArgumentHelp("Only calls in this state. Repeatable.", valueName: "state"))
    var state: [String] = []

    @Option(parsing: .singleValue, help: ArgumentHelp("Only calls of this category; its beginning is enough. Repeatable.", valueName: "category"))
    var category: [String] = []

    @Argument(help: ArgumentHelp("Only these calls.", valueName: "name"))
    var names: [String] = []

    @Flag(help: "Write out the names of all tests in the table.")
    var tests = false

    func run() throws {
        let coverage = ConformanceCoverage.find(executable: ownExecutable())
        var table = try CallTable(coverage: coverage).filtered(states: state, categories: category)
        for name in names where !table.rows.contains(where: { $0.name == name }) {
            throw CompatFailure(CallTable.byName[name] == nil ? "there is no system call '\(name)'" : "\(name) is not among the calls selected")
        }
        if !names.isEmpty { table.rows.removeAll { !names.contains($0.name) } }
        switch format {
        case .json: print(try Formatting.json(table.rows))
        case .csv: print(table.table().csv())
        case .markdown: print(table.table().markdown())
        case .table:
            print(tests || !names.isEmpty ? table.textWithTests() : table.table(longest: 0).text())
            print("\n\(table.summary)" + (coverage == nil ? "; the conformance programs are not here, so no tests are shown" : ""))
        }
    }
}

/// The path of this program.
func ownExecutable() -> String { (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0] }
