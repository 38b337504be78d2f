import ChildProcesses
import Foundation

/// Runs programs in the sandbox with `--audit`.
public struct Auditor: Sendable {
    let martlet: String
    let interruption: Interruption?
    public var limitNanoseconds: UInt64 = 600_000_000_000
    /// Further options of `martlet run`.
    public var options: [String] = []

    public init(martlet: String, interruption: Interruption? = nil) {
        self.martlet = martlet
        self.interruption = interruption
    }

    /// Runs a command to its end, with its output passed over.
    /// - Throws: ``CompatFailure`` if there is no audit of it.
    public func audit(_ command: [String], name: String? = nil, weight: Int = 1) throws -> Requirements.Program {
        let scratch = try Scratch()
        defer { Scratch.remove(scratch.path) }
        let file = scratch.path + "/audit.json"
        var environment = ProcessInfo.processInfo.environment
        environment["MARTLET_AUDIT"] = nil
        let child = ChildProcess(
            [martlet, "run", "--inherit-env", "--no-tty", "--log", "none", "--audit", file] + options + ["--"] + command,
            environment: environment.map { "\($0.key)=\($0.value)" }, limitNanoseconds: limitNanoseconds)
        let result = try child.finished(interruption)
        guard FileManager.default.fileExists(atPath: file) else {
            let said = CaseResult.text(result.errors.suffix(400))
            throw CompatFailure("\(command.first ?? ""): there is no audit: \(ExitStatus.text(result.ending))" + (said.isEmpty ? "" : ": \(said)"))
        }
        let program = Requirements.Program(try AuditFile(path: file), name: name, weight: weight)
        // Whatever starts makes a call.
        guard !program.calls.isEmpty else {
            let said = CaseResult.text(result.errors.suffix(400))
            throw CompatFailure(said.isEmpty ? "\(command.first ?? "") did not start" : said.hasPrefix("martlet: ") ? String(said.dropFirst(9)) : said)
        }
        return program
    }
}

/// An audit, for people.
public struct AuditText {
    let program: Requirements.Program

    public init(_ program: Requirements.Program) { self.program = program }

    /// One line: whether the kernel has what the program asked for.
    public var verdict: String {
        let missing = program.calls(in: ["missing"]), refused = program.calls(in: ["refused"]), partial = program.calls(in: ["partial"])
        if program.isUpperBound {
            return "upper bound: of \(program.calls.count) calls in its code \(program.coverage.part) are served, \(missing.count) missing, \(refused.count) refused"
        }
        var parts: [String] = []
        if !missing.isEmpty { parts.append("\(missing.joined(separator: ", ")) missing") }
        if !refused.isEmpty { parts.append("\(refused.joined(separator: ", ")) refused") }
        let options = program.refused.filter { $0.reason == "option" }
        if !options.isEmpty { parts.append(Formatting.count(options.count, "option") + " answered as if not there") }
        if parts.isEmpty { parts.append(partial.isEmpty ? "everything it asked for is served" : "everything it asked for is served, \(partial.joined(separator: ", ")) in part") }
        return parts.joined(separator: "; ") + (program.status.map { $0 == 0 ? "" : " (status \($0))" } ?? "")
    }

    public func text() -> String {
        var lines = [program.name, ""]
        let total = program.calls.values.reduce(0, +)
        let table = TextTable(
            [.init("Call"), .init("Count", isNumber: true), .init("State"), .init("Notes and options")],
            rows: program.calls.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { name, count in
                let support = CallTable.byName[name]
                var notes = [support.map { "\($0.note)" } ?? "no such call"]
                if let shapes = program.shapes[name] { notes.append(shapes.prefix(6).joined(separator: "; ") + (shapes.count > 6 ? "; and \(shapes.count - 6) more" : "")) }
                return [name, program.isUpperBound ? "" : String(count), support.map { "\($0.state.name)" } ?? "missing", notes.filter { !$0.isEmpty }.joined(separator: ". ")]
            })
        lines.append(table.text())
        if !program.refused.isEmpty {
            lines += ["", "refused (Linux may answer the same; compare with a run there):"]
            for one in program.refused { lines.append("  \(one.call) \(one.shape): \(one.error), \(one.count) times".replacing(" :", with: ":")) }
        }
        lines += ["", (program.isUpperBound ? "" : "\(Formatting.count(program.calls.count, "call")), made \(total) times; ") + verdict]
        return lines.joined(separator: "\n")
    }
}
