import ChildProcesses
import Foundation

/// Runs test programs on one side.
struct SideRunner: Sendable {
    let launcher: Launcher
    let configuration: RunConfiguration
    let interruption: Interruption?
    let scratch: Scratch

    /// What one start of a program gave.
    struct Start {
        var ending: ChildProcess.Ending
        var output: [UInt8]
        var nanoseconds: Int64
        /// The sandbox failed, not the program.
        var isOwnFailure: Bool
    }

    struct Interrupted: Error {}

    /// Starts the program once.
    /// - Parameter limit: Nanoseconds.
    /// - Throws: ``Interrupted``.
    func start(
        _ program: TestProgram, _ arguments: [String], token: String, limit: UInt64, silence: UInt64 = 0, results: String? = nil,
        onOutput: (ArraySlice<UInt8>) -> Void = { _ in }
    ) throws(Interrupted) -> Start {
        let temporary = scratch.directory("tmp-\(token)"), writable = results ?? scratch.directory("out-\(token)")
        defer {
            Scratch.remove(temporary)
            if results == nil { Scratch.remove(writable) }
        }
        var child = ChildProcess(
            launcher.command([program.path] + arguments, writable: writable, directory: temporary), environment: TestEnvironment.variables(temporary: temporary, told: configuration.environment),
            limitNanoseconds: limit)
        child.silenceNanoseconds = silence
        child.graceNanoseconds = 2_000_000_000
        child.mergesErrors = true
        child.directory = temporary
        let result: ChildProcess.Result
        do throws(ChildProcess.Failure) {
            result = try child.run(interruption: interruption, onOutput: onOutput)
        } catch {
            return Start(ending: .exited(127), output: Array(error.description.utf8), nanoseconds: 0, isOwnFailure: false)
        }
        if result.ending == .interrupted { throw Interrupted() }
        return Start(
            ending: launcher.ending(result.ending), output: result.output, nanoseconds: Int64(clamping: result.nanoseconds),
            isOwnFailure: launcher.isOwnFailure(result.ending))
    }

    // --- programs of one case, or that list no cases ---

    func runWhole(_ program: TestProgram, token: String) throws(Interrupted) -> [CaseResult] {
        let start = try start(program, [], token: token, limit: configuration.programLimitNanoseconds)
        if start.isOwnFailure { return [CaseResult("(program)", .crash, nanoseconds: start.nanoseconds, message: Self.ownFailure(start))] }
        switch program.mode {
        case .tap: return TestAnythingProtocol.results(start.output, ending: start.ending)
        case .ltp: return LinuxTestProject.results(start.output, ending: start.ending, nanoseconds: start.nanoseconds)
        default: return ExitStatus.results(start.output, ending: start.ending, nanoseconds: start.nanoseconds)
        }
    }

    private static func ownFailure(_ start: Start) -> String { "the sandbox failed: " + CaseResult.text(start.output.suffix(CaseResult.messageLimit)) }

    // --- GoogleTest ---

    /// The cases of a program, or why it does not tell them.
    func list(_ program: TestProgram, token: String) throws(Interrupted) -> Result<[String], CompatFailure> {
        let start = try start(program, ["--gtest_list_tests"], token: token, limit: configuration.caseLimitNanoseconds)
        guard start.ending == .exited(0) else {
            let said = CaseResult.text(start.output.suffix(500))
            return .failure(CompatFailure("asked for its cases, \(ExitStatus.text(start.ending))" + (said.isEmpty ? "" : ": \(said)")))
        }
        let cases = GoogleTestList.parse(String(decoding: start.output, as: UTF8.self))
        return cases.isEmpty ? .failure(CompatFailure("it lists no cases")) : .success(cases)
    }

    /// What is known of the cases after one start.
    private struct Attempt {
        var finished: [String: CaseResult] = [:]
        /// The case that did not end, and what it said.
        var culprit: (name: String, message: String)?
        var start: Start
        /// It told of all it ran, and ended by itself.
        var isWhole = false
    }

    /// Runs the given cases; each gets a verdict. When the program crashes, hangs or ends too early, those that are left are run
    /// one by one.
    /// - Parameter native: What came out natively, if that was tried.
    func run(_ program: TestProgram, cases: [String], native: [CaseResult] = [], token: String) throws(Interrupted) -> [CaseResult] {
        let native = Dictionary(native.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        if let only = cases.first, cases.count == 1 { return [try runAlone(program, only, native: native[only], token: token)] }
        let patience = cases.map { limit(native[$0]) }.max() ?? configuration.caseLimitNanoseconds
        let attempt = try attempt(program, cases, token: token, limit: configuration.programLimitNanoseconds, silence: patience)
        var results: [CaseResult] = []
        var silentInARow = 0, hasFailed = false
        for name in cases {
            if var result = attempt.finished[name] {
                if result.verdict == .fail {
                    if hasFailed, native[name]?.verdict ?? .pass == .pass { result = try retry(program, result, native: native[name], token: token) }
                    hasFailed = true
                }
                results.append(result)
                continue
            }
            if silentInARow >= 10 {
                results.append(CaseResult(name, .timeout, message: "not tried: ten cases before it took too long, one after the other"))
                continue
            }
            var result = try runAlone(program, name, native: native[name], token: token)
            silentInARow = result.verdict == .timeout ? silentInARow + 1 : 0
            if let culprit = attempt.culprit, culprit.name == name, result.verdict == .pass || result.verdict == .skip {
                // Alone it does well: what the cases before it left behind is part of what went wrong.
                let (verdict, message) = Self.verdict(onCulprit: attempt.start)
                result = CaseResult(name, verdict, nanoseconds: result.nanoseconds, message: "\(message) after other cases; alone it does not\n\(culprit.message)")
            }
            results.append(result)
        }
        if attempt.isWhole, attempt.start.ending != .exited(0), !results.contains(where: { $0.verdict == .fail }) {
            results.append(CaseResult("(program)", .fail, message: "its cases passed, but \(ExitStatus.text(attempt.start.ending))"))
        }
        return results
    }

    /// A case that failed after another one: that may have left behind what this one tripped over, a child process or a file. So it
    /// gets a second chance alone.
    private func retry(_ program: TestProgram, _ failed: CaseResult, native: CaseResult?, token: String) throws(Interrupted) -> CaseResult {
        var alone = try runAlone(program, failed.name, native: native, token: token)
        guard alone.verdict == .pass else { return failed }
        alone.message = CaseResult.text("alone it passes; after a case that failed it failed too\n\(failed.message)".utf8)
        return alone
    }

    private static func verdict(onCulprit start: Start) -> (Verdict, String) {
        if start.isOwnFailure { return (.crash, ownFailure(start)) }
        return switch start.ending {
        case .timedOut: (.timeout, "it took too long")
        default: (.crash, ExitStatus.text(start.ending))
        }
    }

    /// How long a case may take: what was configured, but not much longer than it takes natively.
    private func limit(_ native: CaseResult?) -> UInt64 {
        guard let native else { return configuration.caseLimitNanoseconds }
        let time = native.verdict == .timeout ? 0 : UInt64(clamping: native.nanoseconds)
        return min(configuration.caseLimitNanoseconds, configuration.leastPatienceNanoseconds + 10 * min(time, configuration.caseLimitNanoseconds))
    }

    private func runAlone(_ program: TestProgram, _ name: String, native: CaseResult?, token: String) throws(Interrupted) -> CaseResult {
        let attempt = try attempt(program, [name], token: token, limit: limit(native), silence: 0)
        if var result = attempt.finished[name] {
            switch attempt.start.ending {
            case .exited(0): break
            case .exited(1) where result.verdict.isFailure: break
            case .exited: if !result.verdict.isFailure { result = CaseResult(name, .fail, message: "it passed, but then \(ExitStatus.text(attempt.start.ending))") }
            default:
                let (verdict, message) = Self.verdict(onCulprit: attempt.start)
                result = CaseResult(name, verdict, nanoseconds: result.nanoseconds, message: "it ended, but then \(message)")
            }
            return result
        }
        let (verdict, message) = Self.verdict(onCulprit: attempt.start)
        let said = attempt.culprit?.message ?? CaseResult.text(attempt.start.output.suffix(CaseResult.messageLimit))
        return CaseResult(name, verdict, nanoseconds: attempt.start.nanoseconds, message: said.isEmpty ? message : "\(message)\n\(said)")
    }

    private func attempt(_ program: TestProgram, _ cases: [String], token: String, limit: UInt64, silence: UInt64) throws(Interrupted) -> Attempt {
        let results = scratch.directory("out-\(token)"), file = results + "/results.json"
        defer { Scratch.remove(results) }
        var arguments = ["--gtest_filter=\(cases.joined(separator: ":"))", "--gtest_color=no", "--gtest_output=json:\(file)"]
        if cases.contains(where: GoogleTestList.isDisabled) { arguments.append("--gtest_also_run_disabled_tests") }
        var stream = GoogleTestStream()
        let start = try start(program, arguments, token: token, limit: limit, silence: silence, results: results) { stream.take($0) }
        stream.close()
        var attempt = Attempt(start: start)
        for result in stream.finished { attempt.finished[result.name] = result }
        attempt.culprit = stream.running.map { ($0, stream.message) }
        switch start.ending {
        case .exited(0), .exited(1): attempt.isWhole = stream.isComplete && stream.running == nil
        default: break
        }
        // The file has exact times and the failures without the noise around them. Where it cannot be had (another file system in
        // there, a crash before it was written) the printed lines have said it all.
        if attempt.isWhole, let data = FileManager.default.contents(atPath: file), data.count < 1 << 28 {
            do {
                for result in try GoogleTestJSON.parse(data) {
                    if let printed = attempt.finished[result.name], printed.verdict != result.verdict || result.message.isEmpty {
                        attempt.finished[result.name]?.nanoseconds = result.nanoseconds
                    } else {
                        attempt.finished[result.name] = result
                    }
                }
            } catch {
                for name in attempt.finished.keys where attempt.finished[name]?.verdict == .fail { attempt.finished[name]?.message += "\n(\(error))" }
            }
        }
        return attempt
    }
}
