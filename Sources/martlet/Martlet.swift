import ArgumentParser
import Glibc
import HostBase
import Monitor

/// Where the program starts.
@main
enum Main {
    static func main() {
        do {
            let words = CommandWords(Arguments.ofProgram())
            var command = try Martlet.parseAsRoot(words.options)
            if var run = command as? RunCommand {
                run.command += words.program
                try run.run()
            } else if var compat = command as? CompatCommand {
                compat.arguments += words.program
                try compat.run()
            } else {
                try command.run()
                finishOutput()
            }
        } catch {
            let code = Martlet.exitCode(for: error)
            let message = Martlet.fullMessage(for: error)
            if code.isSuccess {
                print(message)
                finishOutput()
                exit(0)
            }
            if !message.isEmpty { Complaint.write(UsageMessage.line(message)) }
            // The parser's own number for a mistake in the options could be a program's.
            exit(code == .validationFailure ? ExitStatus.failure : code.rawValue)
        }
    }

    /// What was printed must have arrived.
    private static func finishOutput() {
        guard fflush(nil) != 0 else { return }
        Complaint.write("cannot write to standard output: \(String(cString: strerror(errno)))")
        _exit(ExitStatus.failure)
    }
}

/// The command line.
struct Martlet: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "martlet",
        abstract: "Run Linux programs in a sandbox whose system calls never touch the host kernel.",
        discussion: """
            Martlet runs unmodified x86-64 Linux programs. Their system calls are served by a Linux-compatible \
            kernel that lives inside the sandbox; the host sees only a short, filtered list of calls.

            EXAMPLES:
              martlet run -- python3 script.py         run a program; it changes nothing
              martlet run --mount .:/work:rw -- make   let it write to a directory
              martlet doctor                           what this host offers
              martlet bench --quick                    what the sandbox costs here
              martlet compat syscalls                  which system calls there are
            """,
        version: "martlet \(version)",
        subcommands: [RunCommand.self, DoctorCommand.self, BenchCommand.self, CompatCommand.self, VersionCommand.self])

    static let version = "0.1.0"
}

struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "version", abstract: "Show the version.")

    func run() { print("martlet \(Martlet.version)") }
}
