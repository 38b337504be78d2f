import ArgumentParser
import Glibc
import Monitor

/// `martlet run`.
struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run a program in a sandbox.",
        usage: "martlet run [<options>] [--] <program> [<argument> ...]",
        discussion: """
            By default the program sees the host's root directory: it can read what you can read, and what it writes stays in \
            memory and is gone at the end. It starts in your working directory with a clean environment.

            EXAMPLES:
              martlet run -- bash
                  a shell; everything it changes is forgotten
              martlet run --mount "$PWD:/work:rw" --workdir /work -- make -j4
                  a build that may write to this directory and nowhere else
              martlet run --root ./debian -- /bin/sh -c 'cat /etc/os-release'
                  a program of another root directory
              martlet run --timeout 10s --memory 512M --pids 64 -- ./untrusted
                  with limits
              martlet run --strace -- ls
                  one line per system call on standard error

            EXIT STATUS:
              The program's own; 128+N if signal N ended it; 124 after --timeout; 125 if Martlet itself failed; 126 if \
            the program cannot be executed; 127 if it was not found.
            """)

    @OptionGroup(title: "File options") var files: FileOptions
    @OptionGroup(title: "Process options") var process: ProcessOptions
    @OptionGroup(title: "Limits") var limits: LimitOptions
    @OptionGroup(title: "Diagnostics") var diagnostics: DiagnosticOptions

    @Argument(parsing: .captureForPassthrough, help: ArgumentHelp("The program and its arguments.", valueName: "program"), completion: .file())
    var command: [String] = []

    struct FileOptions: ParsableArguments {
        @Option(help: ArgumentHelp("Host directory to use as the root; writes to it stay in memory.", valueName: "dir"), completion: .directory)
        var root = "/"

        @Option(
            name: .customLong("mount"), parsing: .singleValue,
            help: ArgumentHelp(
                "Share a host directory or file: 'ro' read-only (default), 'rw' writable, 'cow' writable in memory. Repeatable.",
                valueName: "src:dst[:ro|rw|cow]"), completion: .directory)
        var mounts: [String] = []

        @Option(help: ArgumentHelp("Directory in the sandbox to start in. (default: the current one, or / with --root)", valueName: "dir"))
        var workdir: String?
    }

    struct ProcessOptions: ParsableArguments {
        @Option(
            name: .customLong("env"), parsing: .singleValue,
            help: ArgumentHelp("Set a variable; NAME alone passes on yours. Repeatable.", valueName: "name[=value]"))
        var environment: [String] = []

        @Option(
            name: .customLong("env-file"), parsing: .singleValue,
            help: ArgumentHelp("Read variables from a file, one NAME=VALUE per line. Repeatable.", valueName: "file"), completion: .file())
        var environmentFiles: [String] = []

        @Flag(help: "Start from your environment instead of a clean one.")
        var inheritEnv = false

        @Option(help: ArgumentHelp("Run as this user, by name or number. (default: you)", valueName: "user[:group]"))
        var user: String?

        @Option(help: ArgumentHelp("Name of the machine in the sandbox.", valueName: "name"))
        var hostname = "martlet"

        @Flag(inversion: .prefixedNo, help: "Give the program a terminal. (default: if standard input and output are one)")
        var tty: Bool?
    }

    struct LimitOptions: ParsableArguments {
        @Option(help: ArgumentHelp("Stop the program after this time: 30, 500ms, 2m, 1h.", valueName: "duration"))
        var timeout: String?

        @Option(help: ArgumentHelp("Limit the memory of all processes together: 512M, 2G.", valueName: "size"))
        var memory: String?

        @Option(help: ArgumentHelp("Limit the number of processes and threads.", valueName: "n"))
        var pids: UInt32?
    }

    struct DiagnosticOptions: ParsableArguments {
        @Flag(help: "Write a line for each system call.")
        var strace = false

        @Option(help: ArgumentHelp("Show only these calls (implies --strace): names, %classes, /parts of names, !all-but.", valueName: "calls"))
        var straceFilter: String?

        @Option(help: ArgumentHelp("Log messages of this level and above.", valueName: "level"))
        var log = LogVerbosity.warning

        @Option(help: ArgumentHelp("Append trace and log lines to a file instead of standard error.", valueName: "file"), completion: .file())
        var traceFile: String?

        @Option(help: ArgumentHelp("At the end, write a report about the run as JSON.", valueName: "file"), completion: .file())
        var report: String?

        @Option(help: ArgumentHelp("At the end, write what system calls were made as JSON.", valueName: "file"), completion: .file())
        var audit: String?
    }

    var arguments: RunArguments {
        var arguments = RunArguments()
        arguments.root = files.root
        arguments.mounts = files.mounts
        arguments.workdir = files.workdir
        arguments.environment = process.environment
        arguments.environmentFiles = process.environmentFiles
        arguments.inheritEnv = process.inheritEnv
        arguments.user = process.user
        arguments.hostname = process.hostname
        arguments.tty = process.tty
        arguments.timeout = limits.timeout
        arguments.memory = limits.memory
        arguments.pids = limits.pids
        arguments.strace = diagnostics.strace
        arguments.straceFilter = diagnostics.straceFilter
        arguments.log = diagnostics.log
        arguments.traceFile = diagnostics.traceFile
        arguments.report = diagnostics.report
        arguments.audit = diagnostics.audit
        arguments.command = command
        return arguments
    }

    func run() throws {
        // The parser hands everything from the first thing it does not know to the program, and that includes a call for help.
        if command.first == "--help" || command.first == "-h" { throw CleanExit.helpRequest(self) }
        if command.first == "--version" { throw CleanExit.message("martlet \(Martlet.version)") }
        let options: RunOptions
        do {
            options = try arguments.options()
        } catch {
            Complaint.write("\(error)")
            Self.leave(ExitStatus.failure)
        }
        Self.leave(Run(options).execute())
    }

    /// Ends the process at once: pump threads may be in the middle of something.
    private static func leave(_ status: Int32) -> Never {
        fflush(nil)
        _exit(status)
    }
}

extension LogVerbosity: ExpressibleByArgument {}
