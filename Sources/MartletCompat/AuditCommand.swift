import ArgumentParser
import ChildProcesses
import Compat
import Foundation

/// `martlet compat audit`.
struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Which system calls a program needs, and which of them there are.",
        usage: "martlet compat audit [<options>] [--] <program> [<argument> ...]",
        discussion: """
            Runs the program in the sandbox and tells which calls it made, with which options, and how they were answered. With \
            --static it looks at the code of a file and its libraries instead: an upper bound of what it could call.

            EXAMPLES:
              martlet compat audit -- python3 script.py
              martlet compat audit --merge needs.json --weight 3 -- make check
              martlet compat audit --interpreters --merge needs.json
              martlet compat audit --static /usr/bin/git

            EXIT STATUS:
              0 if the kernel has every call, 1 if one is missing; 125 if there is no audit.
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable { case text, json, markdown }

    @Option(name: .customLong("static"), help: ArgumentHelp("Look at the code of this file.", valueName: "file"), completion: .file())
    var file: String?

    @Option(name: .customLong("from"), parsing: .singleValue, help: ArgumentHelp("Take an audit that martlet run --audit wrote. Repeatable.", valueName: "file"), completion: .file())
    var audits: [String] = []

    @Flag(help: "Audit small scripts of those interpreters that are installed: sh, Bash, Python, Node, Ruby, Perl, Lua, Java.")
    var interpreters = false

    @Option(help: ArgumentHelp("Put the result into a requirements file, which is made if it is not there.", valueName: "file"), completion: .file())
    var merge: String?

    @Option(help: ArgumentHelp("How the program is called in it. (default: its command)", valueName: "name"))
    var name: String?

    @Option(help: ArgumentHelp("How much the program counts.", valueName: "n"))
    var weight = 1

    @Option(help: "How to print it.")
    var format = Format.text

    @Option(help: ArgumentHelp("The martlet to use. (default: the one beside this)", valueName: "file"), completion: .file())
    var martlet: String?

    @Argument(parsing: .captureForPassthrough, help: ArgumentHelp("The program and its arguments.", valueName: "program"))
    var command: [String] = []

    func validate() throws {
        guard (0...1_000_000).contains(weight) else { throw ValidationError("--weight must be from 0 to 1000000") }
        if command.first == "--help" || command.first == "-h" { throw CleanExit.helpRequest(self) }
        let ways = [file != nil, !audits.isEmpty, interpreters, !words.isEmpty].count { $0 }
        guard ways == 1 else { throw ValidationError("give a program, --static, --from or --interpreters: one of them") }
    }

    private var words: [String] { command.first == "--" ? Array(command.dropFirst()) : command }

    func run() throws {
        // First, for an audit may take long.
        var requirements = try merge.map { FileManager.default.fileExists(atPath: $0) ? try Requirements(path: $0) : Requirements() }
        var programs: [Requirements.Program] = []
        if let file {
            let scan = try ExecutableScan(path: file)
            programs.append(.init(name: name ?? file, weight: weight, calls: Dictionary(uniqueKeysWithValues: scan.calls.map { ($0, 1) }), isUpperBound: true))
            for one in scan.files { Main.complain("\(one.path): \(Formatting.count(one.calls.count, "call")), \(Formatting.count(one.unknown, "place")) whose number is not known") }
            for library in scan.missing { Main.complain("\(library) was not found") }
        } else if !audits.isEmpty {
            programs = try audits.map { .init(try AuditFile(path: $0), name: audits.count == 1 ? name : nil, weight: weight) }
        } else {
            let interruption = Interruption()
            let auditor = Auditor(martlet: try MartletFacts.locate(martlet, executable: ownExecutable()), interruption: interruption)
            if interpreters {
                for probe in Interpreters.probes where ShellWords.find(probe.command[0]) != nil {
                    programs.append(try auditor.audit(probe.command, name: probe.name, weight: weight))
                }
            } else {
                programs.append(try auditor.audit(words, name: name, weight: weight))
            }
            interruption.unblock()
        }
        switch format {
        case .json: print(try Formatting.json(programs))
        case .markdown:
            let table = TextTable([.init("Program"), .init("Calls", isNumber: true), .init("Served", isNumber: true), .init("Verdict")], rows: programs.map { [$0.name, String($0.calls.count), String($0.coverage.part), AuditText($0).verdict] })
            print(table.markdown())
        case .text: print(programs.count == 1 ? AuditText(programs[0]).text() : programs.map { "\($0.name): \(AuditText($0).verdict)" }.joined(separator: "\n"))
        }
        if let merge {
            for program in programs { requirements?.merge(program) }
            try requirements?.write(to: merge)
        }
        if programs.contains(where: { !$0.isUpperBound && !$0.gaps.isEmpty }) { throw ExitCode(1) }
    }
}
