import ArgumentParser
import Compat
import Foundation
import HostBase

/// Where `martlet compat` starts: martlet executes this program.
@main
enum Main {
    static func main() {
        do {
            var command = try CompatCommand.parseAsRoot()
            try command.run()
        } catch let failure as CompatFailure {
            complain(failure.description)
            exit(125)
        } catch {
            let code = CompatCommand.exitCode(for: error)
            let message = CompatCommand.fullMessage(for: error)
            if code.isSuccess {
                print(message)
                exit(0)
            }
            if !message.isEmpty { complain(UsageMessage.line(message)) }
            exit(code == .validationFailure ? 125 : code.rawValue)
        }
    }

    static func complain(_ text: String) { FileHandle.standardError.write(Data("martlet: \(text)\n".utf8)) }
}

struct CompatCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "martlet compat",
        abstract: "Know, by measurement, what works: system calls, test suites, and what changed.",
        discussion: """
            EXAMPLES:
              martlet compat syscalls --state missing
              martlet compat run --suite ./tests --baseline
              martlet compat diff latest~1 latest
            """,
        subcommands: [
            SyscallsCommand.self, CatalogCommand.self, AuditCommand.self, RunSuiteCommand.self, RunsCommand.self, DiffCommand.self, FlakyCommand.self, ReportCommand.self, BisectCommand.self, NightlyCommand.self, ImportCommand.self,
        ])
}

/// Where the history is.
struct HistoryOptions: ParsableArguments {
    @Option(name: .customLong("db"), help: ArgumentHelp("The history. (default: $XDG_STATE_HOME/martlet/compat.sqlite)", valueName: "file"), completion: .file())
    var database: String?

    var path: String {
        let path = database ?? History.defaultPath()
        return path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    }
}
