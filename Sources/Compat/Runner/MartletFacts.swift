import ChildProcesses
import Foundation

/// The Martlet that is measured.
public struct MartletFacts: Sendable {
    public let path: String
    public let version: String
    public let image: String
    public let build: String

    /// Where martlet is: as told, else beside this executable.
    public static func locate(_ told: String?, executable: String) throws -> String {
        if let told = told ?? ProcessInfo.processInfo.environment["MARTLET"] {
            guard let path = ShellWords.find(told) else { throw CompatFailure("there is no command \(told)") }
            return path
        }
        let beside = (executable as NSString).deletingLastPathComponent + "/martlet"
        guard let path = access(beside, X_OK) == 0 ? beside : ShellWords.find("martlet") else {
            throw CompatFailure("cannot find martlet: looked for \(beside) and in PATH (--martlet names another place)")
        }
        return path
    }

    /// Asks it. - Throws: ``CompatFailure`` if it cannot run here.
    public init(path: String) throws {
        self.path = path
        let words = String(decoding: try Self.ask(path, ["version"]), as: UTF8.self).split(whereSeparator: \.isWhitespace)
        guard words.count == 2, words[0] == "martlet" else { throw CompatFailure("\(path) is not martlet") }
        version = String(words[1])
        struct Doctor: Decodable {
            struct Check: Decodable {
                var name: String
                var ok: Bool
                var detail: String
            }
            var canRun: Bool
            var checks: [Check]
        }
        guard let doctor = try? JSONDecoder().decode(Doctor.self, from: Data(try Self.ask(path, ["doctor", "--format", "json"]))) else {
            throw CompatFailure("\(path) doctor does not answer")
        }
        let kernel = doctor.checks.first { $0.name == "kernel image" }
        guard doctor.canRun, let kernel, kernel.ok else {
            throw CompatFailure("martlet cannot run here: " + (doctor.checks.first { !$0.ok }.map { "\($0.name): \($0.detail)" } ?? "see martlet doctor"))
        }
        image = kernel.detail
        build = Fingerprint.files([path, image])
    }

    /// What it writes to standard output.
    private static func ask(_ path: String, _ arguments: [String]) throws -> [UInt8] {
        let environment = ProcessInfo.processInfo.environment.map { "\($0.key)=\($0.value)" }
        let child = ChildProcess([path] + arguments, environment: environment, limitNanoseconds: 20_000_000_000)
        return try child.finished().output
    }

    public static func hostKernel() -> String {
        var name = utsname()
        guard uname(&name) == 0 else { return "" }
        return withUnsafeBytes(of: &name.release) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}
