import ChildProcesses
import Foundation

/// Runs one case natively and in the sandbox with traces of both, and looks for the first difference.
public struct CaseBisection: Sendable {
    public let program: TestProgram
    public let name: String
    public var limitNanoseconds: UInt64 = 60_000_000_000
    /// `NAME=VALUE`, for both sides.
    public var environment: [String] = []

    public struct Side: Sendable {
        public var ending: String
        public var output: String
        public var trace: CallTrace
    }

    public init(program: TestProgram, name: String) {
        self.program = program
        self.name = name
    }

    /// - Parameter keep: A directory for the traces; nil throws them away.
    /// - Throws: ``CompatFailure`` if one of them cannot be traced.
    public func run(martlet: String, keep: String?, interruption: Interruption?) throws -> (native: Side, sandbox: Side, difference: TraceDifference?) {
        guard let strace = ShellWords.find("strace") else { throw CompatFailure("strace is needed for the native side (Debian's package strace)") }
        let scratch = try Scratch()
        defer { Scratch.remove(scratch.path) }
        let traces = keep ?? scratch.directory("traces")
        do {
            try FileManager.default.createDirectory(atPath: traces, withIntermediateDirectories: true)
        } catch {
            throw CompatFailure("cannot make \(traces): \(error.localizedDescription)")
        }
        // How long a case takes would show in the length of what it prints.
        let arguments = [program.path] + (program.mode == .gtest && name != "(program)" ? ["--gtest_filter=\(name)", "--gtest_also_run_disabled_tests", "--gtest_color=no", "--gtest_print_time=0"] : [])
        let nativeTrace = traces + "/native", sandboxTrace = traces + "/sandbox"
        for old in (try? FileManager.default.contentsOfDirectory(atPath: traces)) ?? [] where old.hasPrefix("native.") || old == "sandbox" { unlink(traces + "/" + old) }
        var native = try start([strace, "-ff", "-qq", "-s", "64", "-o", nativeTrace, "--"] + arguments, scratch, interruption)
        native.trace = CallTrace(straceFiles: nativeTrace)
        guard native.trace.tasks.contains(where: { !$0.isEmpty }) else { throw CompatFailure("strace cannot trace here: \(native.output.prefix(300))") }
        let directory = scratch.path + "/tmp"
        var sandbox = try start([martlet, "run", "--inherit-env", "--no-tty", "--workdir", directory, "--strace", "--trace-file", sandboxTrace, "--"] + arguments, scratch, interruption)
        sandbox.trace = CallTrace(martlet: FileManager.default.contents(atPath: sandboxTrace).map { String(decoding: $0, as: UTF8.self) } ?? "")
        guard sandbox.trace.tasks.contains(where: { !$0.isEmpty }) else { throw CompatFailure("martlet wrote no trace: \(sandbox.output.suffix(300))") }
        if program.mode == .gtest {
            // Of a text that is written the sandbox's trace shows 32 bytes.
            let marker = String("[ RUN      ] \(name)".prefix(32))
            native.trace.begin(at: marker)
            sandbox.trace.begin(at: marker)
        }
        return (native, sandbox, TraceDifference.first(native: native.trace, sandbox: sandbox.trace))
    }

    private func start(_ command: [String], _ scratch: Scratch, _ interruption: Interruption?) throws -> Side {
        let temporary = scratch.directory("tmp")
        defer { Scratch.remove(temporary) }
        var child = ChildProcess(command, environment: TestEnvironment.variables(temporary: temporary, told: environment), limitNanoseconds: limitNanoseconds)
        child.graceNanoseconds = 2_000_000_000
        child.mergesErrors = true
        child.directory = temporary
        let result = try child.finished(interruption)
        return Side(ending: ExitStatus.text(result.ending), output: CaseResult.text(result.output), trace: CallTrace(martlet: ""))
    }
}
