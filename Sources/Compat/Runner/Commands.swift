import ChildProcesses
import Foundation

extension ChildProcess {
    /// Runs it to its end, whatever that is.
    /// - Throws: ``CompatFailure`` if it cannot be started, or if the user interrupts.
    func finished(_ interruption: Interruption? = nil) throws -> Result {
        let result: Result
        do throws(Failure) {
            result = try run(interruption: interruption)
        } catch {
            throw CompatFailure(error.description)
        }
        if result.ending == .interrupted { throw CompatFailure("interrupted") }
        return result
    }
}

/// What test programs find in their environment.
enum TestEnvironment {
    /// - Parameters:
    ///   - temporary: The directory that is theirs.
    ///   - told: `NAME=VALUE` strings, which go before all others.
    static func variables(temporary: String, told: [String] = []) -> [String] {
        var variables = [
            "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=\(temporary)", "LC_ALL=C", "TMPDIR=\(temporary)",
            "TEST_TMPDIR=\(temporary)",
        ]
        for name in ["MARTLET_IMAGE", "USER", "LOGNAME"] {
            if let value = ProcessInfo.processInfo.environment[name] { variables.append("\(name)=\(value)") }
        }
        // Of two variables of one name, getenv(3) finds the first and a shell the last.
        let names = Set(told.map { $0.prefix { $0 != "=" } })
        return variables.filter { !names.contains($0.prefix { $0 != "=" }) } + told
    }
}
