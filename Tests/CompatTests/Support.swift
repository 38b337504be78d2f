import ChildProcesses
import Foundation
import Synchronization
import Testing

@testable import Compat

/// The GoogleTest programs of these tests, built once.
enum Programs {
    static let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")

    /// The directory with the built programs; nil where g++ or GoogleTest are missing.
    static let directory: String? = {
        let sources = root + "/Tests/CompatTests/Programs", target = root + "/.build/compat-test-programs"
        guard FileManager.default.fileExists(atPath: "/usr/include/gtest/gtest.h"), let compiler = ShellWords.find("g++") else { return nil }
        try? FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: true)
        for name in ["mixed_test", "crash_late_test", "here_only_test", "leaving_test"] {
            let source = "\(sources)/\(name).cc", program = "\(target)/\(name)"
            if let built = modified(program), let written = modified(source), built > written { continue }
            let command = [compiler, "-O0", "-o", program + ".new", source, "-lgtest", "-lgtest_main", "-pthread"]
            guard let result = try? ChildProcess(command, environment: ["PATH=/usr/bin:/bin"], limitNanoseconds: 300_000_000_000).run(), result.succeeded else { return nil }
            rename(program + ".new", program)
        }
        return target
    }()

    private static func modified(_ path: String) -> Date? {
        (try? FileManager.default.attributesOfItem(atPath: path))?[.modificationDate] as? Date
    }
}

/// A directory that is gone when the test ends.
final class TemporaryDirectory: Sendable {
    let path: String

    init() {
        var template = Array("/tmp/martlet-compat-test-XXXXXX".utf8CString)
        mkdtemp(&template)
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { Scratch.remove(path) }

    @discardableResult
    func file(_ name: String, _ text: String, executable: Bool = false) throws -> String {
        let full = path + "/" + name
        try FileManager.default.createDirectory(atPath: (full as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try text.write(toFile: full, atomically: false, encoding: .utf8)
        if executable { chmod(full, 0o755) }
        return full
    }
}

/// Keeps what a run tells.
final class Listener: RunObserver {
    struct State: Sendable {
        var parts: [ProgramRecord] = []
        var completed: [String] = []
    }
    let state = Mutex(State())

    func began(programs: Int) {}
    func finished(_ part: ProgramRecord) { state.withLock { $0.parts.append(part) } }
    func completed(program: String) { state.withLock { $0.completed.append(program) } }
    func tick() {}

    /// Cases by `program case`.
    var cases: [String: CaseRecord] {
        state.withLock { state in
            Dictionary(state.parts.flatMap { part in part.cases.map { ("\(part.name) \($0.name)", $0) } }, uniquingKeysWith: { first, _ in first })
        }
    }
}

extension RunFacts {
    static func example(build: String = "b1", suite: String = "/suite", hasBaseline: Bool = true) -> RunFacts {
        RunFacts(
            started: Date(timeIntervalSince1970: 1_763_690_000), suite: suite, mode: "auto", runner: "martlet", user: "", version: "0.1.0", build: build,
            hostKernel: "6.1.0", hasBaseline: hasBaseline, jobs: 2, programs: 1)
    }
}

extension ProgramRecord {
    /// Cases as `name: verdict` or `name: verdict/native verdict`.
    static func example(_ name: String, _ cases: KeyValuePairs<String, String>) -> ProgramRecord {
        ProgramRecord(
            name: name, mode: .gtest, nanoseconds: 5_000_000, nativeNanoseconds: 4_000_000, note: "",
            cases: cases.map { name, verdicts in
                let both = verdicts.split(separator: "/").compactMap { Verdict(rawValue: String($0)) }
                return CaseRecord(
                    CaseResult(name, both[0], nanoseconds: 1000, message: both[0].isFailure ? "why \(name)" : ""),
                    native: both.count > 1 ? CaseResult(name, both[1], nanoseconds: 900) : nil)
            })
    }
}
