import ArgumentParser
import ChildProcesses
import Compat
import Foundation

/// `martlet compat bisect-case`.
struct BisectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bisect-case",
        abstract: "Trace one failing case natively and in the sandbox, and show the first difference.",
        discussion: """
            The program is a path, or the name of one in the last run. Natively strace is used. Calls are compared by name and answer, task by task, from where \
            the case begins; those that manage memory are not.

            EXAMPLES:
              martlet compat bisect-case pipe_test Pipes/PipeTest.Streaming/pipe
              martlet compat bisect-case ./ltp/bin/fcntl14 --mode ltp --keep traces

            EXIT STATUS:
              0 if the traces agree, 1 if they differ; 125 if they cannot be had.
            """)

    @Argument(help: "The test program.", completion: .file())
    var program: String

    @Argument(help: "The case; none for a program that is one.")
    var name = "(program)"

    @Option(help: "How the program tells its results.")
    var mode = SuiteMode.auto

    @Option(help: ArgumentHelp("Time limit of each side, in seconds.", valueName: "s"))
    var timeout = 60.0

    @Option(name: .customLong("env"), parsing: .singleValue, help: ArgumentHelp("Set a variable for the program. Repeatable.", valueName: "name=value"))
    var environment: [String] = []

    @Option(help: ArgumentHelp("Keep the traces in this directory.", valueName: "dir"), completion: .directory)
    var keep: String?

    @Option(help: ArgumentHelp("The martlet to use. (default: the one beside this)", valueName: "file"), completion: .file())
    var martlet: String?

    @OptionGroup var history: HistoryOptions

    func validate() throws {
        guard (0.1...86_400).contains(timeout) else { throw ValidationError("--timeout must be from 0.1 to 86400 seconds") }
        for variable in environment where !variable.contains("=") { throw ValidationError("--env: '\(variable)' is not NAME=VALUE") }
    }

    func run() throws {
        var path = program
        if !FileManager.default.fileExists(atPath: path) {
            let history = try History(path: history.path, creates: false)
            guard let run = try history.runs().first(where: { FileManager.default.fileExists(atPath: $0.facts.suite + "/" + program) }) else {
                throw CompatFailure("there is no file \(program), nor such a program in the suites of the history")
            }
            path = run.facts.suite + "/" + program
        }
        path = URL(fileURLWithPath: path).standardizedFileURL.path
        let file = (path as NSString).lastPathComponent
        let found = try Discovery(directory: (path as NSString).deletingLastPathComponent, mode: mode == .auto && name == "(program)" ? .exit : mode, patterns: [file])
        guard let test = found.programs.first(where: { $0.path == path }) else { throw CompatFailure("\(path) is not a test program") }
        var bisection = CaseBisection(program: test, name: name)
        bisection.limitNanoseconds = UInt64(timeout * 1e9)
        bisection.environment = environment
        let interruption = Interruption()
        let result = try bisection.run(
            martlet: try MartletFacts.locate(martlet, executable: ownExecutable()), keep: keep.map { URL(fileURLWithPath: $0).standardizedFileURL.path },
            interruption: interruption)
        interruption.unblock()
        for (title, side) in [("natively", result.native), ("in the sandbox", result.sandbox)] {
            print("\(title), \(side.ending); \(side.trace.tasks.reduce(0) { $0 + $1.count }) calls of \(Formatting.count(side.trace.tasks.count, "task"))")
        }
        print("\nwhat it said in the sandbox:\n" + result.sandbox.output.split(separator: "\n").suffix(25).map { "    \($0)" }.joined(separator: "\n") + "\n")
        guard let difference = result.difference else {
            print("the traces agree, but for calls that are not compared")
            return
        }
        print(difference.text())
        throw ExitCode(1)
    }
}
